/* Padded sets and their mask: from [samples, elements, …] to the rows that stand, one after the other. */

#include "data/masked.h"

#include "data/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
fits (const EqsArray *padded, const EqsArray *mask, const char *file, const char *name, GError **error)
{
  g_autofree char *have = NULL, *want = NULL;

  if (mask->n_dims == 2 && padded->n_dims >= 2 && mask->dims[0] == padded->dims[0] && mask->dims[1] == padded->dims[1] && padded->n_values > 0 && mask->n_values <= G_MAXUINT32)
    return TRUE;
  have = eqs_dims_to_string (mask->n_dims, mask->dims);
  want = eqs_dims_to_string (padded->n_dims, padded->dims);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE,
               /* Translators: a file, the name of an array in it, two shapes */
               _("“%s”: the mask “%s” is %s beside %s; it needs a number for each element of each sample."), file, name, have, want);
  return FALSE;
}

EqsArray *
eqs_masked_take (const EqsArray *padded, const EqsArray *mask, const char *file, const char *name, guint32 **offsets, GError **error)
{
  const gsize n = (gsize) padded->dims[0], n_elements = padded->n_dims >= 2 ? (gsize) padded->dims[1] : 0;
  g_autofree guint32 *at = NULL;
  guint64     dims[EQS_MAX_DIMS];
  gsize       row_bytes;
  guint8     *out;

  if (!fits (padded, mask, file, name, error))
    return NULL;
  row_bytes = padded->n_values / (n * n_elements) * eqs_dtype_get_size (padded->dtype);
  at = g_new0 (guint32, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      at[i + 1] = at[i];
      for (gsize e = 0; e < n_elements; e++)
        at[i + 1] += eqs_array_get_double (mask, i * n_elements + e) != 0;
      if (at[i + 1] != at[i])
        continue;
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY,
                   /* Translators: a file, the name of an array in it, a number */
                   _("“%s”: the mask “%s” leaves no element of sample %zu (counted from 0)."), file, name, i);
      return NULL;
    }
  out = g_malloc (at[n] * row_bytes);
  for (gsize i = 0, row = 0; i < n * n_elements; i++)
    if (eqs_array_get_double (mask, i) != 0)
      memcpy (out + row++ * row_bytes, (const guint8 *) padded->data + i * row_bytes, row_bytes);
  memcpy (dims, padded->dims + 1, (padded->n_dims - 1) * sizeof *dims);
  dims[0] = at[n];
  *offsets = g_steal_pointer (&at);
  return eqs_array_new_take (padded->dtype, padded->n_dims - 1, dims, out);
}

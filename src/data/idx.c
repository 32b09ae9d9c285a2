/* IDX: the header is read first, from a peek where the file is compressed; the size it promises bounds the rest. */

#include "data/idx.h"
#include "data/error.h"
#include "data/file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Deflate cannot do better than this: 258 bytes for two bits. */
#define DEFLATE_MAX_RATIO 1032

typedef struct
{
  EqsDtype dtype;
  guint    n_dims;
  guint64  dims[EQS_MAX_DIMS];
  gsize    n_values, n_bytes;     /* of the values */
  gsize    header_length;
} IdxHeader;

static gboolean
idx_read_dtype (guint8 code, EqsDtype *dtype)
{
  static const struct { guint8 code; EqsDtype dtype; } codes[] = {
    { 0x08, EQS_DTYPE_U8 },  { 0x09, EQS_DTYPE_I8 },  { 0x0b, EQS_DTYPE_I16 },
    { 0x0c, EQS_DTYPE_I32 }, { 0x0d, EQS_DTYPE_F32 }, { 0x0e, EQS_DTYPE_F64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].code == code)
      {
        *dtype = codes[i].dtype;
        return TRUE;
      }
  return FALSE;
}

static gboolean
idx_read_header (const guint8 *data, gsize length, IdxHeader *header, const char *name, GError **error)
{
  if (length < 4 || data[0] != 0 || data[1] != 0 || !idx_read_dtype (data[2], &header->dtype))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   _("“%s” is not an IDX file: it does not begin with two zero bytes and a known type code."), name);
      return FALSE;
    }
  header->n_dims = data[3];
  if (header->n_dims == 0 || header->n_dims > EQS_MAX_DIMS)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT,
                   _("“%s” says it has %u dimensions; 1 to %d are read."), name, header->n_dims, EQS_MAX_DIMS);
      return FALSE;
    }
  header->header_length = 4 + 4 * (gsize) header->n_dims;
  if (length < header->header_length)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_TRUNCATED, _("“%s” ends inside its header."), name);
      return FALSE;
    }
  for (guint d = 0; d < header->n_dims; d++)
    {
      guint32 size;

      memcpy (&size, data + 4 + 4 * d, sizeof size);
      header->dims[d] = GUINT32_FROM_BE (size);
    }
  if (!eqs_array_measure (header->dtype, header->n_dims, header->dims, &header->n_values, &header->n_bytes))
    {
      g_autofree char *dims = eqs_dims_to_string (header->n_dims, header->dims);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT,
                   /* Translators: a file, then sizes such as 60000×28×28 */
                   _("“%s” says it holds %s values, more than a file can be."), name, dims);
      return FALSE;
    }
  return TRUE;
}

static gpointer
idx_swap (const guint8 *in, EqsDtype dtype, gsize n)
{
  const gsize size = eqs_dtype_get_size (dtype);
  gpointer out = g_try_malloc (MAX (n * size, 1));

  if (out == NULL)
    return NULL;
  if (n > 0)
    memcpy (out, in, n * size);
  if (size == 2)
    for (gsize i = 0; i < n; i++)
      ((guint16 *) out)[i] = GUINT16_FROM_BE (((guint16 *) out)[i]);
  else if (size == 4)
    for (gsize i = 0; i < n; i++)
      ((guint32 *) out)[i] = GUINT32_FROM_BE (((guint32 *) out)[i]);
  else if (size == 8)
    for (gsize i = 0; i < n; i++)
      ((guint64 *) out)[i] = GUINT64_FROM_BE (((guint64 *) out)[i]);
  return out;
}

/* The bytes after gzip, which cannot be more than the header says. */
static GBytes *
idx_expand (GBytes *bytes, const char *name, GError **error)
{
  guint8 head[4 + 4 * EQS_MAX_DIMS];
  const gsize n = eqs_gzip_peek (bytes, head, sizeof head);
  IdxHeader header;

  /* Too short to hold a header: let the expansion say whether it is damaged or cut. */
  if (n < 4)
    return eqs_gzip_expand (bytes, sizeof head, name, error);
  if (!idx_read_header (head, n, &header, name, error))
    return NULL;
  if (header.n_bytes / DEFLATE_MAX_RATIO > g_bytes_get_size (bytes))
    {
      g_autofree char *dims = eqs_dims_to_string (header.n_dims, header.dims);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT,
                   _("“%s” says it holds %s values, more than its compressed size can hold."), name, dims);
      return NULL;
    }
  return eqs_gzip_expand (bytes, header.header_length + header.n_bytes, name, error);
}

EqsArray *
eqs_idx_parse (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (GBytes) plain = NULL;
  const guint8 *data;
  IdxHeader header;
  gsize length;
  gpointer values;

  plain = eqs_gzip_is (bytes) ? idx_expand (bytes, name, error) : g_bytes_ref (bytes);
  if (plain == NULL)
    return NULL;
  data = g_bytes_get_data (plain, &length);
  if (!idx_read_header (data, length, &header, name, error))
    return NULL;
  if (length - header.header_length != header.n_bytes)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_TRUNCATED,
                   _("“%s” should hold %zu bytes of values and holds %zu."),
                   name, header.n_bytes, length - header.header_length);
      return NULL;
    }
  values = idx_swap (data + header.header_length, header.dtype, header.n_values);
  if (values == NULL)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT, _("There is not enough memory for “%s”."), name);
      return NULL;
    }
  return eqs_array_new_take (header.dtype, header.n_dims, header.dims, values);
}

gboolean
eqs_idx_has_name (const char *file)
{
  static const char *const endings[] = { ".idx", ".idx.gz", "-ubyte", "-ubyte.gz" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (file, endings[i]))
      return TRUE;
  return FALSE;
}

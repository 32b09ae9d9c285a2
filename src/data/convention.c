/* Columns that a file keeps in another program's convention, brought into ours when they are read. */

#include "data/dataset-private.h"

#include "data/error.h"

#include "eqk/convention.h"

#include <glib/gi18n-lib.h>

static const EqkRep *
representation_of (const EqsColumn *column)
{
  const EqkRep *rep = NULL;

  if (column->representation == NULL || eqk_rep_parse (eqk_group_get ("O3"), column->representation, &rep, NULL) != EQK_OK)
    return NULL;
  return (gsize) eqk_rep_get_dim (rep) > 0 && column->dims[column->n_dims - 1] % (guint64) eqk_rep_get_dim (rep) == 0 ? rep : NULL;
}

gboolean
eqs_column_reorder (EqsColumn *column, const char *convention, GError **error)
{
  const EqkConvention studio = EQK_CONVENTION_STUDIO;
  const EqkRep       *rep = representation_of (column);
  EqkConvention       theirs;
  EqkDiag             diag = EQK_DIAG_INIT;
  g_autofree double  *x = NULL, *y = NULL;
  const gsize         n = column->array->n_values;

  if (eqk_convention_parse (convention, &theirs, &diag) != EQK_OK)
    {
      g_autofree char *word = eqs_data_quote (diag.what);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("column “%s”: “convention” has the word “%s”; it takes words such as “yzx”, “ir_mul” and “condon-shortley”."), column->name, word);
      return FALSE;
    }
  if (rep == NULL)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("column “%s” has a “convention”, which needs a “representation” in irreps of space, such as 1x1o or 1x0e + 1x2e."), column->name);
      return FALSE;
    }
  x = g_new (double, n + 1);
  y = g_new (double, n + 1);
  for (gsize i = 0; i < n; i++)
    x[i] = eqs_array_get_double (column->array, i);
  if (eqk_convention_features (rep, &theirs, &studio, FALSE, x, y, n / (gsize) eqk_rep_get_dim (rep)) != EQK_OK)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("column “%s” has a “convention”, which needs a “representation” in irreps of space, such as 1x1o or 1x0e + 1x2e."), column->name);
      return FALSE;
    }
  {
    EqsArray *converted = eqs_array_new_take (EQS_DTYPE_F64, column->array->n_dims, column->array->dims, g_steal_pointer (&y));

    eqs_array_unref (column->array);
    column->array = converted;
  }
  return TRUE;
}

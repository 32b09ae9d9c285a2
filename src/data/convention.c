/* Columns that a file keeps in another program's convention, brought into ours when they are read. A symmetric tensor of space is one that is kept as entries of its matrix. */

#include "data/dataset-private.h"

#include "data/error.h"

#include "eqk/convention.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const EqkRep *
representation_of (const EqsColumn *column)
{
  const EqkRep *rep = NULL;

  if (column->representation == NULL || eqk_rep_parse (eqk_group_get ("O3"), column->representation, &rep, NULL) != EQK_OK)
    return NULL;
  return (gsize) eqk_rep_get_dim (rep) > 0 && column->dims[column->n_dims - 1] % (guint64) eqk_rep_get_dim (rep) == 0 ? rep : NULL;
}

/* ---- symmetric tensors ---- */

/* Row and column of an entry such as "xy"; FALSE for other words. */
static gboolean
read_entry (const char *word, guint *row, guint *column)
{
  if (strlen (word) != 2 || strchr ("xyz", word[0]) == NULL || strchr ("xyz", word[1]) == NULL)
    return FALSE;
  *row = (guint) (word[0] - 'x');
  *column = (guint) (word[1] - 'x');
  return TRUE;
}

/* Where each of the nine entries stands in a row of the file: six or nine words name every entry, an entry of six its mirror too. */
static gboolean
read_entries (char **words, guint n, guint at[9])
{
  guint seen = 0, row, column;

  if (n != 6 && n != 9)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      if (!read_entry (words[i], &row, &column))
        return FALSE;
      for (guint both = 0; both < (n == 6 ? 2 : 1); both++)
        {
          const guint entry = both == 0 ? 3 * row + column : 3 * column + row;

          seen |= 1u << entry;
          at[entry] = i;
        }
    }
  return seen == 0x1ff;
}

gboolean
eqs_convention_names_entries (const char *convention)
{
  g_auto (GStrv) words = g_strsplit_set (convention, " ,", -1);
  guint          at[9];

  return read_entries (words, g_strv_length (words), at);
}

gboolean
eqs_convention_check (const char *column, const char *convention, GError **error)
{
  EqkConvention    theirs;
  EqkDiag          diag = EQK_DIAG_INIT;
  g_autofree char *word = NULL;

  if (eqs_convention_names_entries (convention) || eqk_convention_parse (convention, &theirs, &diag) == EQK_OK)
    return TRUE;
  word = eqs_data_quote (diag.what);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
               _("column “%s”: “convention” has the word “%s”; it takes words such as “yzx”, “ir_mul” and “condon-shortley”, or the six or nine entries of a symmetric tensor, “xx xy xz yy yz zz”."), column, word);
  return FALSE;
}

/* A file that keeps both halves must keep the same in them. */
static gboolean
is_symmetric (const double *m)
{
  double largest = 0, apart = 0;

  for (guint i = 0; i < 9; i++)
    largest = MAX (largest, fabs (m[i]));
  apart = MAX (fabs (m[1] - m[3]), MAX (fabs (m[2] - m[6]), fabs (m[5] - m[7])));
  return apart <= 1e-4 * largest;
}

static gboolean
take_tensor (EqsColumn *column, char **words, GError **error)
{
  const guint       n = g_strv_length (words);
  const gsize       rows = column->n_values == 0 ? 0 : column->array->n_values / column->n_values;
  guint             at[9];
  g_autofree double *irreps = NULL;

  if (!read_entries (words, n, at) || column->n_values != n || column->n_dims != 1 || g_strcmp0 (column->representation, "1x0e + 1x2e") != 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   _("column “%s”: entries of a symmetric tensor are named once each, six as “xx xy xz yy yz zz” or all nine, of a column with as many numbers and the representation “1x0e + 1x2e”."), column->name);
      return FALSE;
    }
  irreps = g_new (double, 6 * rows + 1);
  for (gsize r = 0; r < rows; r++)
    {
      double m[9];

      for (guint i = 0; i < 9; i++)
        m[i] = eqs_array_get_double (column->array, r * n + at[i]);
      if (!is_symmetric (m))
        {
          /* Translators: a column, the number of a row */
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("column “%s”, row %zu: the tensor is not symmetric."), column->name, r);
          return FALSE;
        }
      eqk_stress_to_irreps (m, irreps + 6 * r);
    }
  {
    const guint64 dims[2] = { column->array->dims[0], 6 };
    EqsArray     *converted = eqs_array_new_take (EQS_DTYPE_F64, 2, dims, g_steal_pointer (&irreps));

    eqs_array_unref (column->array);
    column->array = converted;
    column->dims[0] = column->n_values = 6;
  }
  return TRUE;
}

/* ---- irreps ---- */

gboolean
eqs_column_reorder (EqsColumn *column, const char *convention, GError **error)
{
  const EqkConvention studio = EQK_CONVENTION_STUDIO;
  const EqkRep       *rep = representation_of (column);
  EqkConvention       theirs;
  EqkDiag             diag = EQK_DIAG_INIT;
  g_autofree double  *x = NULL, *y = NULL;
  const gsize         n = column->array->n_values;
  g_auto (GStrv)      words = g_strsplit_set (convention, " ,", -1);
  guint               row, entry;

  if (words[0] != NULL && read_entry (words[0], &row, &entry))
    return take_tensor (column, words, error);
  if (!eqs_convention_check (column->name, convention, error) || eqk_convention_parse (convention, &theirs, &diag) != EQK_OK)
    return FALSE;
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

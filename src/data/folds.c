/* Cross-validation: the parts of a data set joined, and cut anew. */

#include "data/folds.h"

#include "data/error.h"

#include <eqk/random.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* ---- joining parts ---- */

static gsize
rows_of (GPtrArray *parts, const char *name)
{
  gsize rows = 0;

  for (guint i = 0; i < parts->len; i++)
    rows += eqs_split_count (parts->pdata[i], eqs_split_find (parts->pdata[i], name), NULL, eqs_split_get_n (parts->pdata[i]));
  return rows;
}

/* Where samples begin in the rows of that kind, part after part. */
static gboolean
join_offsets (GPtrArray *parts, EqsColumnKind kind, EqsSplit *out, GError **error)
{
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 first = 0;

  g_array_append_val (offsets, first);
  for (guint i = 0; i < parts->len; i++)
    {
      const guint          n = eqs_split_get_n (parts->pdata[i]);
      g_autofree guint32  *of = g_new (guint32, n + 1);

      eqs_split_copy_offsets (parts->pdata[i], kind, NULL, n, of);
      for (guint s = 1; s <= n; s++)
        {
          const guint64 at = first + of[s];

          g_array_append_val (offsets, at);
        }
      first += of[n];
    }
  return eqs_split_set_offsets (out, kind, (const guint64 *) (gpointer) offsets->data, offsets->len - 1, error);
}

/* Whether all parts have the column, in the same shape. */
static gboolean
is_in_all (GPtrArray *parts, const EqsColumn *column)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const EqsColumn *other = eqs_split_find (parts->pdata[i], column->name);

      if (other == NULL || other->n_values != column->n_values || other->kind != column->kind)
        return FALSE;
    }
  return TRUE;
}

static gboolean
join_column (GPtrArray *parts, const EqsColumn *column, EqsSplit *out, GError **error)
{
  guint64    dims[EQS_MAX_DIMS];
  const gsize rows = rows_of (parts, column->name);
  double    *values = g_new (double, rows * column->n_values + 1);
  gsize      at = 0;
  guint      classes = 0;
  EqsColumn *joined;

  for (guint i = 0; i < parts->len; i++)
    {
      const EqsColumn *from = eqs_split_find (parts->pdata[i], column->name);
      const guint      n = eqs_split_get_n (parts->pdata[i]);

      eqs_split_copy_double (parts->pdata[i], from, NULL, n, values + at);
      at += eqs_split_count (parts->pdata[i], from, NULL, n) * column->n_values;
      classes = MAX (classes, from->n_classes);
    }
  dims[0] = rows;
  memcpy (dims + 1, column->dims, MIN (column->n_dims, EQS_MAX_DIMS - 1) * sizeof *dims);
  joined = eqs_split_take_column (out, column->name, column->kind,
                                  eqs_array_new_take (EQS_DTYPE_F64, column->n_values == 1 ? 1 : MIN (column->n_dims + 1, EQS_MAX_DIMS), dims, values), error);
  if (joined == NULL)
    return FALSE;
  joined->role = column->role;
  joined->values = column->values;
  joined->representation = g_strdup (column->representation);
  joined->unit = g_strdup (column->unit);
  joined->task = g_strdup (column->task);
  joined->scale = column->scale;
  joined->n_classes = classes;
  joined->class_names = g_strdupv (column->class_names);
  return TRUE;
}

/* All samples, part after part; columns that not all parts have are left out. */
static EqsSplit *
join (GPtrArray *parts, GError **error)
{
  g_autoptr (EqsSplit) out = eqs_split_new ("all");
  gboolean             has_nodes = FALSE, has_edges = FALSE;

  for (guint i = 0; i < eqs_split_get_n_columns (parts->pdata[0]); i++)
    {
      const EqsColumn *column = eqs_split_get_column (parts->pdata[0], i);
      gboolean        *done = column->kind == EQS_COLUMN_PER_NODE ? &has_nodes : &has_edges;

      if (!is_in_all (parts, column))
        continue;
      if (column->kind != EQS_COLUMN_FIXED && !*done && !join_offsets (parts, column->kind, out, error))
        return NULL;
      if (column->kind != EQS_COLUMN_FIXED)
        *done = TRUE;
      if (!join_column (parts, column, out, error))
        return NULL;
    }
  return g_steal_pointer (&out);
}

/* ---- cutting ---- */

typedef struct { guint sample; gint64 class; guint place; } Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;

  return x->class != y->class ? (x->class > y->class) - (x->class < y->class) : (x->place > y->place) - (x->place < y->place);
}

static int
compare_samples (gconstpointer a, gconstpointer b)
{
  const guint x = *(const guint *) a, y = *(const guint *) b;

  return (x > y) - (x < y);
}

/* The class of each sample, or NULL. */
static const EqsColumn *
find_classes (EqsSplit *all)
{
  for (guint i = 0; i < eqs_split_get_n_columns (all); i++)
    {
      const EqsColumn *column = eqs_split_get_column (all, i);

      if (column->role == EQS_ROLE_TARGET && column->kind == EQS_COLUMN_FIXED && column->values == EQS_VALUES_LABEL && column->n_values == 1)
        return column;
    }
  return NULL;
}

static gboolean
is_in (guint piece, guint fold, guint folds, EqsFoldPart part)
{
  const guint from = (piece + folds - fold) % folds;

  return part == EQS_FOLD_TEST ? from == 0 : part == EQS_FOLD_VALID ? from == 1 : from > 1;
}

static EqsSplit *
cut (EqsSplit *all, guint fold, guint folds, EqsFoldPart part, guint64 seed)
{
  static const char *const names[] = { "train", "valid", "test" };
  const guint            n = eqs_split_get_n (all);
  const EqsColumn       *classes = find_classes (all);
  EqkRandom              random = eqk_random (seed, EQK_RANDOM_SPLIT, 0, 0, 0);
  g_autofree guint      *order = g_new (guint, n);
  g_autofree Place      *places = g_new (Place, n);
  g_autoptr (GArray)     chosen = g_array_new (FALSE, FALSE, sizeof (guint));

  eqk_random_permutation (&random, order, n);
  for (guint k = 0; k < n; k++)
    places[k] = (Place) { order[k], classes == NULL ? 0 : eqs_array_get_int (classes->array, order[k]), k };
  qsort (places, n, sizeof *places, compare_places);
  for (guint k = 0; k < n; k++)
    if (is_in (k % folds, fold, folds, part))
      g_array_append_val (chosen, places[k].sample);
  g_array_sort (chosen, compare_samples);
  return eqs_split_new_view (all, names[part], (const guint *) (gpointer) chosen->data, chosen->len);
}

EqsSplit *
eqs_fold_load (EqsDataset *dataset, guint fold, guint folds, EqsFoldPart part, guint64 seed, GError **error)
{
  const char *const     *names = eqs_dataset_get_splits (dataset);
  g_autoptr (GPtrArray)  parts = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_split_unref);
  g_autoptr (EqsSplit)   all = NULL;

  g_return_val_if_fail (folds >= 3 && fold < folds, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    {
      EqsSplit *split = eqs_dataset_load (dataset, names[i], error);

      if (split == NULL)
        return NULL;
      g_ptr_array_add (parts, split);
    }
  all = join (parts, error);
  if (all == NULL)
    return NULL;
  if (eqs_split_get_n (all) >= folds)
    return cut (all, fold, folds, part, seed);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY,
               /* Translators: a data set, how many samples it has, how many parts are wanted */
               _("“%s” has %u samples, which cannot be cut into %u parts."), eqs_dataset_get_name (dataset), eqs_split_get_n (all), folds);
  return NULL;
}

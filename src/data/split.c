/* Samples as a table of columns with views on it. All views of a table share it: a training part, its first N samples
 * and the validation part cut from it cost no more than their lists of rows. */

#include "data/split.h"
#include "data/error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef struct
{
  GPtrArray *columns;                       /* of EqsColumn, owned */
  gsize      n;                             /* samples; known once has_n */
  gboolean   has_n;
  guint64   *offsets[EQS_COLUMN_PER_EDGE + 1];   /* n + 1 each; NULL where there are no such columns */
} EqsTable;

struct _EqsSplit
{
  char     *name;
  EqsTable *table;                          /* shared, counted */
  guint    *rows;                           /* (nullable) of the table; NULL: all in order */
  guint     n;                              /* where rows is set */
};

#define MAX_CLASSES 65536

static void
eqs_column_free (gpointer data)
{
  EqsColumn *self = data;

  g_free (self->name);
  g_free (self->representation);
  g_free (self->unit);
  g_free (self->task);
  g_strfreev (self->class_names);
  g_clear_pointer (&self->array, eqs_array_unref);
  g_clear_pointer (&self->lookup, eqs_array_unref);
  g_free (self);
}

static void
eqs_table_clear (gpointer data)
{
  EqsTable *self = data;

  g_ptr_array_unref (self->columns);
  for (gsize i = 0; i < G_N_ELEMENTS (self->offsets); i++)
    g_free (self->offsets[i]);
}

EqsSplit *
eqs_split_new (const char *name)
{
  EqsSplit *self = g_atomic_rc_box_new0 (EqsSplit);

  self->name = g_strdup (name);
  self->table = g_atomic_rc_box_new0 (EqsTable);
  self->table->columns = g_ptr_array_new_with_free_func (eqs_column_free);
  return self;
}

EqsSplit *
eqs_split_ref (EqsSplit *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
eqs_split_clear (gpointer data)
{
  EqsSplit *self = data;

  g_free (self->name);
  g_free (self->rows);
  g_atomic_rc_box_release_full (self->table, eqs_table_clear);
}

void
eqs_split_unref (EqsSplit *self)
{
  g_atomic_rc_box_release_full (self, eqs_split_clear);
}

EqsSplit *
eqs_split_new_view (EqsSplit *self, const char *name, const guint *samples, guint n)
{
  EqsSplit *view = g_atomic_rc_box_new0 (EqsSplit);

  view->name = g_strdup (name);
  view->table = g_atomic_rc_box_acquire (self->table);
  view->rows = g_new (guint, MAX (n, 1));
  view->n = n;
  for (guint i = 0; i < n; i++)
    view->rows[i] = eqs_split_get_row (self, samples[i]);
  return view;
}

const char *
eqs_split_get_name (const EqsSplit *self)
{
  return self->name;
}

guint
eqs_split_get_n (const EqsSplit *self)
{
  return self->rows != NULL ? self->n : (guint) self->table->n;
}

guint
eqs_split_get_n_columns (const EqsSplit *self)
{
  return self->table->columns->len;
}

const EqsColumn *
eqs_split_get_column (const EqsSplit *self, guint index)
{
  g_return_val_if_fail (index < self->table->columns->len, NULL);
  return self->table->columns->pdata[index];
}

const EqsColumn *
eqs_split_find (const EqsSplit *self, const char *name)
{
  for (guint i = 0; i < self->table->columns->len; i++)
    {
      const EqsColumn *column = self->table->columns->pdata[i];

      if (g_str_equal (column->name, name))
        return column;
    }
  return NULL;
}

const EqsColumn *
eqs_split_require (const EqsSplit *self, const char *name, GError **error)
{
  const EqsColumn *column = eqs_split_find (self, name);
  g_autoptr (GString) known = g_string_new (NULL);

  if (column != NULL)
    return column;
  for (guint i = 0; i < self->table->columns->len; i++)
    g_string_append_printf (known, "%s%s", i == 0 ? "" : ", ", eqs_split_get_column (self, i)->name);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
               /* Translators: a part such as "test", a column, a list of columns */
               _("The part “%s” of the data has no “%s”; it has: %s."), self->name, name, known->str);
  return NULL;
}

const EqsColumn *
eqs_split_find_input (const EqsSplit *self)
{
  for (guint i = 0; i < self->table->columns->len; i++)
    if (eqs_split_get_column (self, i)->role == EQS_ROLE_INPUT)
      return eqs_split_get_column (self, i);
  return NULL;
}

const EqsColumn *
eqs_split_find_rows (const EqsSplit *self, EqsColumnKind kind)
{
  const EqsColumn *places = NULL;

  for (guint i = 0; i < self->table->columns->len; i++)
    {
      const EqsColumn *column = eqs_split_get_column (self, i);

      if (column->role != EQS_ROLE_INPUT || column->kind != kind)
        continue;
      if (column->values == EQS_VALUES_FEATURE)
        return column;
      if (column->values == EQS_VALUES_POSITION && places == NULL)
        places = column;
    }
  return places;
}

const EqsColumn *
eqs_split_find_links (const EqsSplit *self)
{
  for (guint i = 0; i < self->table->columns->len; i++)
    {
      const EqsColumn *column = eqs_split_get_column (self, i);

      if (column->kind == EQS_COLUMN_PER_EDGE && column->values == EQS_VALUES_NODE_INDEX && column->n_values == 2)
        return column;
    }
  return NULL;
}

const EqsColumn *
eqs_split_find_target (const EqsSplit *self, const char *task)
{
  for (guint i = 0; i < self->table->columns->len; i++)
    {
      const EqsColumn *column = eqs_split_get_column (self, i);

      if (column->role == EQS_ROLE_TARGET && (task == NULL || column->task == NULL || g_str_equal (column->task, task)))
        return column;
    }
  return NULL;
}

guint
eqs_split_get_row (const EqsSplit *self, guint sample)
{
  g_return_val_if_fail (sample < eqs_split_get_n (self), 0);
  return self->rows != NULL ? self->rows[sample] : sample;
}

gboolean
eqs_split_is_ragged (const EqsSplit *self)
{
  return self->table->offsets[EQS_COLUMN_PER_NODE] != NULL;
}

/* Rows [*first, *first + return) of a column of that kind belong to the sample. */
static gsize
eqs_split_get_range (const EqsSplit *self, EqsColumnKind kind, guint sample, gsize *first)
{
  const guint row = eqs_split_get_row (self, sample);
  const guint64 *offsets = self->table->offsets[kind];

  if (kind == EQS_COLUMN_FIXED)
    {
      *first = row;
      return 1;
    }
  *first = offsets == NULL ? 0 : (gsize) offsets[row];
  return offsets == NULL ? 0 : (gsize) (offsets[row + 1] - offsets[row]);
}

gsize
eqs_split_get_n_nodes (const EqsSplit *self, guint sample)
{
  gsize first;

  return eqs_split_get_range (self, EQS_COLUMN_PER_NODE, sample, &first);
}

gsize
eqs_split_get_n_edges (const EqsSplit *self, guint sample)
{
  gsize first;

  return eqs_split_get_range (self, EQS_COLUMN_PER_EDGE, sample, &first);
}

gsize
eqs_split_count (const EqsSplit *self, const EqsColumn *column, const guint *samples, gsize n)
{
  gsize count = 0, first;

  for (gsize i = 0; i < n; i++)
    count += eqs_split_get_range (self, column->kind, samples != NULL ? samples[i] : (guint) i, &first);
  return count;
}

void
eqs_split_copy_offsets (const EqsSplit *self, EqsColumnKind kind, const guint *samples, gsize n, guint32 *offsets)
{
  gsize first;

  offsets[0] = 0;
  for (gsize i = 0; i < n; i++)
    offsets[i + 1] = offsets[i] + (guint32) eqs_split_get_range (self, kind, samples != NULL ? samples[i] : (guint) i,
                                                                 &first);
}

typedef void (*CopyRows) (const EqsColumn *column, gsize first, gsize n, gpointer out, gsize at);

static void
copy_rows_float (const EqsColumn *column, gsize first, gsize n, gpointer out, gsize at)
{
  eqs_array_read_float (column->array, first, n, column->scale, (float *) out + at);
}

static void
copy_rows_double (const EqsColumn *column, gsize first, gsize n, gpointer out, gsize at)
{
  for (gsize i = 0; i < n; i++)
    ((double *) out)[at + i] = eqs_array_get_double (column->array, first + i);
}

static void
copy_rows_int (const EqsColumn *column, gsize first, gsize n, gpointer out, gsize at)
{
  for (gsize i = 0; i < n; i++)
    ((gint32 *) out)[at + i] = (gint32) CLAMP (eqs_array_get_int (column->array, first + i), G_MININT32, G_MAXINT32);
}

static void
eqs_split_copy_with (const EqsSplit *self, const EqsColumn *column, const guint *samples, gsize n, CopyRows copy,
                     gpointer out)
{
  const gsize width = column->n_values;
  gsize at = 0;

  for (gsize i = 0; i < n; i++)
    {
      gsize first;
      const gsize rows = eqs_split_get_range (self, column->kind, samples != NULL ? samples[i] : (guint) i, &first);

      if (column->lookup == NULL)
        copy (column, first * width, rows * width, out, at);
      else
        for (gsize r = 0; r < rows; r++)
          copy (column, ((const guint32 *) column->lookup->data)[first + r] * width, width, out, at + r * width);
      at += rows * width;
    }
}

void
eqs_split_copy (const EqsSplit *self, const EqsColumn *column, const guint *samples, gsize n, float *out)
{
  eqs_split_copy_with (self, column, samples, n, copy_rows_float, out);
}

void
eqs_split_copy_double (const EqsSplit *self, const EqsColumn *column, const guint *samples, gsize n, double *out)
{
  eqs_split_copy_with (self, column, samples, n, copy_rows_double, out);
}

void
eqs_split_copy_int (const EqsSplit *self, const EqsColumn *column, const guint *samples, gsize n, gint32 *out)
{
  eqs_split_copy_with (self, column, samples, n, copy_rows_int, out);
}

/* ---- filling ---- */

static gboolean
eqs_table_set_n (EqsTable *self, const char *split, const char *what, gsize n, GError **error)
{
  if (n == 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY,
                   /* Translators: a part such as "train", a column such as "image" */
                   _("The part “%s” of the data has no samples (“%s” is empty)."), split, what);
      return FALSE;
    }
  if (n >= G_MAXINT32)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT,
                   _("The part “%s” of the data has too many samples: %zu."), split, n);
      return FALSE;
    }
  if (self->has_n && self->n != n)
    {
      const char *other = self->columns->len > 0 ? ((EqsColumn *) self->columns->pdata[0])->name : "offsets";

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_COUNT,
                   /* Translators: a part, a column, its number of samples, another column, its number */
                   _("The part “%s” does not agree: “%s” has %zu samples, “%s” has %zu."),
                   split, what, n, other, self->n);
      return FALSE;
    }
  self->n = n;
  self->has_n = TRUE;
  return TRUE;
}

gboolean
eqs_split_set_offsets (EqsSplit *self, EqsColumnKind kind, const guint64 *offsets, gsize n_samples, GError **error)
{
  EqsTable *table = self->table;

  g_return_val_if_fail (self->rows == NULL && kind != EQS_COLUMN_FIXED && table->offsets[kind] == NULL, FALSE);

  if (!eqs_table_set_n (table, self->name, "offsets", n_samples, error))
    return FALSE;
  table->offsets[kind] = g_memdup2 (offsets, (n_samples + 1) * sizeof *offsets);
  return TRUE;
}

static gboolean
eqs_split_check_rows (EqsSplit *self, const char *name, EqsColumnKind kind, gsize rows, GError **error)
{
  EqsTable *table = self->table;

  if (kind == EQS_COLUMN_FIXED)
    return eqs_table_set_n (table, self->name, name, rows, error);

  g_return_val_if_fail (table->offsets[kind] != NULL, FALSE);
  if (table->offsets[kind][table->n] == rows)
    return TRUE;
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_COUNT,
               /* Translators: a part, a column, two numbers */
               _("The part “%s” does not agree: “%s” has %zu rows where %" PRIu64 " belong."),
               self->name, name, rows, table->offsets[kind][table->n]);
  return FALSE;
}

static EqsColumn *
eqs_split_add (EqsSplit *self, const char *name, EqsColumnKind kind)
{
  EqsColumn *column = g_new0 (EqsColumn, 1);

  column->name = g_strdup (name);
  column->kind = kind;
  column->scale = 1.0f;
  g_ptr_array_add (self->table->columns, column);
  return column;
}

EqsColumn *
eqs_split_take_column (EqsSplit *self, const char *name, EqsColumnKind kind, EqsArray *array, GError **error)
{
  g_autoptr (EqsArray) owned = array;
  EqsColumn *column;

  g_return_val_if_fail (self->rows == NULL && array->n_dims > 0, NULL);

  if (!eqs_split_check_rows (self, name, kind, (gsize) array->dims[0], error))
    return NULL;
  if (array->dims[0] > 0 && array->n_values == 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE, _("The samples of “%s” are of size zero."), name);
      return NULL;
    }
  column = eqs_split_add (self, name, kind);
  column->n_dims = MAX (array->n_dims - 1, 1);
  column->dims[0] = 1;
  column->n_values = 1;
  for (guint d = 1; d < array->n_dims; d++)
    {
      column->dims[d - 1] = array->dims[d];
      column->n_values *= (gsize) array->dims[d];
    }
  column->array = g_steal_pointer (&owned);
  return column;
}

EqsColumn *
eqs_split_take_lookup (EqsSplit *self, const char *name, EqsColumnKind kind, EqsArray *lookup, const EqsColumn *base,
                       GError **error)
{
  g_autoptr (EqsArray) owned = lookup;
  EqsColumn *column;

  g_return_val_if_fail (lookup->dtype == EQS_DTYPE_U32 && base->lookup == NULL, NULL);

  if (!eqs_split_check_rows (self, name, kind, lookup->n_values, error))
    return NULL;
  column = eqs_split_add (self, name, kind);
  column->scale = base->scale;
  column->n_dims = base->n_dims;
  memcpy (column->dims, base->dims, sizeof column->dims);
  column->n_values = base->n_values;
  column->array = eqs_array_ref (base->array);
  column->lookup = g_steal_pointer (&owned);
  for (gsize i = 0; i < column->lookup->n_values; i++)
    if (((const guint32 *) column->lookup->data)[i] >= base->array->dims[0])
      {
        g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT,
                     /* Translators: a part, sample number, column, row number, number of rows */
                     _("The part “%s”, sample %zu: “%s” names row %u, but there are %" PRIu64 "."),
                     self->name, eqs_split_find_sample (self, column, i), name,
                     ((const guint32 *) column->lookup->data)[i], base->array->dims[0]);
        g_ptr_array_set_size (self->table->columns, (int) self->table->columns->len - 1);
        return NULL;
      }
  return column;
}

void
eqs_column_convert (EqsColumn *column, double factor)
{
  EqsArray *from = column->array;
  double   *values = g_new (double, MAX (from->n_values, 1));

  for (gsize i = 0; i < from->n_values; i++)
    values[i] = eqs_array_get_double (from, i) * factor;
  column->array = eqs_array_new_take (EQS_DTYPE_F64, from->n_dims, from->dims, values);
  eqs_array_unref (from);
}

gsize
eqs_split_find_sample (const EqsSplit *self, const EqsColumn *column, gsize row)
{
  const guint64 *offsets = self->table->offsets[column->kind];
  gsize low = 0, high = self->table->n;

  if (offsets == NULL)
    return row;
  while (high - low > 1)                      /* offsets[low] <= row < offsets[high] */
    {
      const gsize middle = low + (high - low) / 2;

      if (offsets[middle] <= row)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static gboolean
eqs_split_check_labels (const EqsSplit *self, EqsColumn *column, gboolean missing, GError **error)
{
  const gint64 limit = column->n_classes > 0 ? column->n_classes : MAX_CLASSES;
  gint64 largest = 0;

  for (gsize i = 0; i < column->array->n_values; i++)
    {
      const gint64 label = eqs_array_get_int (column->array, i);

      if ((label == -1 && column->kind == EQS_COLUMN_PER_NODE) || (missing && !isfinite (eqs_array_get_double (column->array, i))))
        continue;                 /* not known in this part, or not there */
      if (label < 0 || label >= limit || eqs_array_get_double (column->array, i) != (double) label)
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LABEL,
                       /* Translators: a part, sample number (from 0), a column, the value, the largest label */
                       _("The part “%s”, sample %zu (counted from 0): “%s” is %g, but labels are whole "
                         "numbers from 0 to %" PRId64 "."),
                       self->name, eqs_split_find_sample (self, column, i / column->n_values), column->name,
                       eqs_array_get_double (column->array, i), limit - 1);
          return FALSE;
        }
      largest = MAX (largest, label);
    }
  if (column->n_classes == 0)
    column->n_classes = (guint) largest + 1;
  return TRUE;
}

gboolean
eqs_split_check_column (const EqsSplit *self, EqsColumn *column, GError **error)
{
  gsize index;

  if (eqs_array_find_not_finite (column->array, &index))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_NAN,
                   /* Translators: a part, sample number (from 0), a column */
                   _("The part “%s”, sample %zu (counted from 0): “%s” holds a value that is not a "
                     "finite number. Remove the sample or mend the value."),
                   self->name, eqs_split_find_sample (self, column, index / column->n_values), column->name);
      return FALSE;
    }
  return column->values != EQS_VALUES_LABEL || eqs_split_check_labels (self, column, FALSE, error);
}

gboolean
eqs_split_check_missing (const EqsSplit *self, EqsColumn *column, GError **error)
{
  return column->values != EQS_VALUES_LABEL || eqs_split_check_labels (self, column, TRUE, error);
}

/* Both ends of an edge are nodes of its sample. */
static gboolean
check_ends (const EqsSplit *self, const EqsColumn *column, guint sample, gsize row, GError **error)
{
  const gsize n = eqs_split_get_n_nodes (self, sample);

  for (gsize k = 0; k < column->n_values; k++)
    {
      const double end = eqs_array_get_double (column->array, row * column->n_values + k);

      if (end >= 0 && end < (double) n && end == floor (end))
        continue;
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   /* Translators: a part, sample and row (from 0), a column, a number, how many nodes there are */
                   _("The part “%s”, sample %u (counted from 0): edge %zu of “%s” ends at %g, which is none of its %zu nodes; they are numbered from 0."),
                   self->name, sample, row, column->name, end, n);
      return FALSE;
    }
  return TRUE;
}

gboolean
eqs_split_check_links (const EqsSplit *self, GError **error)
{
  for (guint i = 0; i < eqs_split_get_n_columns (self); i++)
    {
      const EqsColumn *column = eqs_split_get_column (self, i);
      gsize            row = 0;

      if (column->kind != EQS_COLUMN_PER_EDGE || column->values != EQS_VALUES_NODE_INDEX)
        continue;
      if (!eqs_split_is_ragged (self))
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("“%s” are edges, and no column says how many nodes there are; add one with a row for each node."), column->name);
          return FALSE;
        }
      for (guint sample = 0; sample < eqs_split_get_n (self); sample++)
        for (const gsize end = row + eqs_split_get_n_edges (self, sample); row < end; row++)
          if (!check_ends (self, column, sample, row, error))
            return FALSE;
    }
  return TRUE;
}

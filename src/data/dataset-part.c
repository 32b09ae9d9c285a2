/* The files of one part turned into checked columns. Files that hold several columns are parsed once. */

#include "data/dataset-private.h"
#include "data/csv.h"
#include "data/error.h"
#include "data/file.h"
#include "data/generate.h"
#include "data/idx.h"
#include "data/images.h"
#include "data/masked.h"
#include "data/npy.h"
#include "data/tables.h"
#include "data/tu.h"
#include "data/units.h"
#include "data/xyz.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Files of one part that hold several columns are parsed once. */
typedef struct
{
  EqsDataset *dataset;
  const char *name;               /* of the part, in the files */
  EqsSplit   *split;              /* being filled; borrowed */
  GHashTable *csvs, *npzs, *splits;   /* by file */
  GHashTable *samples;            /* names that tables give samples → their numbers */
  EqsTableRows table;             /* of the table read last */
} PartReader;

static GBytes *
part_read_file (PartReader *self, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (self->dataset->folder, file, NULL);

  return eqs_file_read (path, EQS_DATA_MAX_FILE, error);
}

static EqsCsv *
part_get_csv (PartReader *self, const char *file, GError **error)
{
  EqsCsv *csv = g_hash_table_lookup (self->csvs, file);
  g_autoptr (GBytes) bytes = NULL;

  if (csv != NULL)
    return csv;
  bytes = part_read_file (self, file, error);
  csv = bytes != NULL ? eqs_csv_parse (bytes, file, error) : NULL;
  if (csv != NULL && self->dataset->spec->keeps_missing)
    eqs_csv_keep_missing (csv);
  if (csv != NULL)
    g_hash_table_insert (self->csvs, g_strdup (file), csv);
  return csv;
}

/* What the column that names parts says in the part being read; NULL when rows are not chosen. */
static const char *
part_value (PartReader *self, const EqsColumnSpec *spec)
{
  for (guint i = 0; spec->part_names != NULL && spec->part_names[i] != NULL; i++)
    if (g_str_equal (spec->part_names[i], self->name))
      return spec->part_values[i];
  return spec->part_field == NULL ? NULL : self->name;
}

/* The array of an NPZ file that holds all parts. */
static const char *
member_of (PartReader *self, const EqsColumnSpec *spec)
{
  const char *own = spec->part_names == NULL ? NULL : part_value (self, spec);

  return own != NULL ? own : eqs_column_spec_get_field (spec);
}

/* The array, and in self->table where samples begin in it. */
static EqsArray *
part_read_csv (PartReader *self, const EqsColumnSpec *spec, const char *file, GError **error)
{
  EqsCsv *csv = part_get_csv (self, file, error);
  g_autoptr (EqsArray) array = NULL;

  eqs_table_rows_clear (&self->table);
  if (csv == NULL || !eqs_table_choose (csv, spec, part_value (self, spec), self->samples, file, &self->table, error))
    return NULL;
  array = spec->is_words ? eqs_table_words (csv, spec, &self->table, file, error) : eqs_table_numbers (csv, spec, &self->table, error);
  if (array != NULL && spec->undirected)
    return eqs_table_both_ways (array, &self->table, spec->values == EQS_VALUES_NODE_INDEX, file, error);
  return g_steal_pointer (&array);
}

static EqsArray *
part_read_npz (PartReader *self, const EqsColumnSpec *spec, const char *file, GError **error)
{
  GPtrArray *arrays = g_hash_table_lookup (self->npzs, file);

  if (arrays == NULL)
    {
      g_autoptr (GBytes) bytes = part_read_file (self, file, error);

      arrays = bytes != NULL ? eqs_npz_parse (bytes, file, error) : NULL;
      if (arrays == NULL)
        return NULL;
      g_hash_table_insert (self->npzs, g_strdup (file), arrays);
    }
  for (guint i = 0; i < arrays->len; i++)
    if (g_str_equal (((EqsArray *) arrays->pdata[i])->name, member_of (self, spec)))
      return eqs_array_ref (arrays->pdata[i]);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
               /* Translators: a file, the name of an array in it */
               _("“%s” has no array “%s”."), file, member_of (self, spec));
  return NULL;
}

/* Columns of the training part decide about classes and colour of the others' pictures. */
static EqsSplit *
part_read_pictures (PartReader *self, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (self->dataset->folder, file, NULL);
  const char *const *classes = NULL;
  const EqsColumn *image, *label;
  EqsSplit *train;

  if (g_str_equal (self->name, "train") || !eqs_dataset_spec_has_split (self->dataset->spec, "train"))
    return eqs_images_read_folder (path, self->name, NULL, 0, error);
  train = eqs_dataset_get_table (self->dataset, "train", error);
  if (train == NULL)
    return NULL;
  image = eqs_split_find (train, "image");
  label = eqs_split_find (train, "label");
  if (label != NULL)
    classes = (const char *const *) label->class_names;
  return eqs_images_read_folder (path, self->name, classes, image != NULL ? (guint) image->dims[2] : 0, error);
}

/* "MUTAG_A.txt" stands for all files of MUTAG. */
gboolean
eqs_dataset_file_is_tu (const char *file)
{
  return g_str_has_suffix (file, "_A.txt");
}

static EqsSplit *
part_read_graphs (PartReader *self, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (self->dataset->folder, file, NULL), *folder = g_path_get_dirname (path), *base = g_path_get_basename (path);

  base[strlen (base) - strlen ("_A.txt")] = '\0';
  return eqs_tu_read (folder, base, self->name, error);
}

/* Files that are a table of columns by themselves: extended XYZ, graphs, folders of pictures. */
static EqsSplit *
part_get_table (PartReader *self, const char *file, GError **error)
{
  EqsSplit *table = g_hash_table_lookup (self->splits, file);

  if (table != NULL)
    return table;
  if (g_str_has_suffix (file, "/"))
    table = part_read_pictures (self, file, error);
  else if (eqs_dataset_file_is_tu (file))
    table = part_read_graphs (self, file, error);
  else
    {
      g_autoptr (GBytes) bytes = part_read_file (self, file, error);

      if (bytes != NULL)
        table = self->dataset->spec->keeps_missing ? eqs_xyz_parse_missing (bytes, file, self->name, error) : eqs_xyz_parse (bytes, file, self->name, error);
    }
  if (table != NULL)
    g_hash_table_insert (self->splits, g_strdup (file), table);
  return table;
}

static gboolean
part_has_edges (EqsSplit *split)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    if (eqs_split_get_column (split, i)->kind == EQS_COLUMN_PER_EDGE)
      return TRUE;
  return FALSE;
}

static gboolean
part_set_offsets (PartReader *self, EqsColumnKind kind, gsize n, const guint32 *offsets, GError **error)
{
  g_autofree guint64 *wide = NULL;

  if (kind == EQS_COLUMN_PER_NODE ? eqs_split_is_ragged (self->split) : kind == EQS_COLUMN_FIXED || part_has_edges (self->split))
    return TRUE;
  wide = g_new (guint64, n + 1);
  for (gsize i = 0; i <= n; i++)
    wide[i] = offsets[i];
  return eqs_split_set_offsets (self->split, kind, wide, n, error);
}

static EqsColumn *
part_add_from_table (PartReader *self, const EqsColumnSpec *spec, const char *file, GError **error)
{
  EqsSplit *table = part_get_table (self, file, error);
  const EqsColumn *from;
  g_autofree guint32 *offsets = NULL;
  EqsColumn *column;
  gsize n;

  if (table == NULL)
    return NULL;
  from = eqs_split_require (table, eqs_column_spec_get_field (spec), error);
  if (from == NULL)
    {
      g_prefix_error (error, _("“%s”: "), file);
      return NULL;
    }
  n = eqs_split_get_n (table);
  offsets = g_new (guint32, n + 1);
  eqs_split_copy_offsets (table, from->kind, NULL, n, offsets);
  if (!part_set_offsets (self, from->kind, n, offsets, error))
    return NULL;
  column = eqs_split_take_column (self->split, spec->name, from->kind, eqs_array_ref (from->array), error);
  if (column == NULL)
    return NULL;
  column->scale = from->scale;
  column->values = from->values;
  column->n_classes = from->n_classes;
  column->class_names = g_strdupv (from->class_names);
  column->unit = g_strdup (from->unit);
  return column;
}

static EqsColumn *
part_add_rows (PartReader *self, const EqsColumnSpec *spec, const char *file, GError **error)
{
  EqsCsv *csv = part_get_csv (self, file, error);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree guint32 *offsets = NULL;
  const EqsColumn *base;
  EqsSplit *table;
  guint64 dims[1];
  guint field;
  gsize n;

  if (csv == NULL || !eqs_csv_find (csv, eqs_column_spec_get_field (spec), &field, error))
    return NULL;
  table = eqs_dataset_get_base_table (self->dataset, self->name, error);
  base = table != NULL ? eqs_split_require (table, spec->base_column, error) : NULL;
  if (base == NULL)
    return NULL;
  n = eqs_csv_get_n_rows (csv);
  offsets = g_new0 (guint32, n + 1);
  for (gsize row = 0; row < n; row++)
    {
      if (!eqs_table_read_indices (eqs_csv_get (csv, row, field), rows) || rows->len == offsets[row])
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                       _("“%s”, line %" PRIu64 ": “%s” must list at least one row by its number."),
                       file, eqs_csv_get_line (csv, row), eqs_column_spec_get_field (spec));
          return NULL;
        }
      offsets[row + 1] = rows->len;
    }
  if (!part_set_offsets (self, EQS_COLUMN_PER_NODE, n, offsets, error))
    return NULL;
  dims[0] = rows->len;
  return eqs_split_take_lookup (self->split, spec->name, EQS_COLUMN_PER_NODE,
                                eqs_array_new_take (EQS_DTYPE_U32, 1, dims, g_array_steal (rows, NULL)), base, error);
}

/* [first, end) of the last axis, as a new array. */
static EqsArray *
array_slice (EqsArray *array, guint first, guint end, const char *file, GError **error)
{
  const gsize size = eqs_dtype_get_size (array->dtype), wide = (gsize) array->dims[array->n_dims - 1];
  const gsize width = end - first;
  guint64 dims[EQS_MAX_DIMS];
  guint8 *out;

  if (array->n_dims < 2 || end > wide)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE,
                   /* Translators: a file, two numbers, a number */
                   _("“%s”: values %u to %u are wanted, but its last axis has %zu."),
                   file, first, end, array->n_dims < 2 ? 0 : wide);
      return NULL;
    }
  memcpy (dims, array->dims, sizeof dims);
  dims[array->n_dims - 1] = width;
  out = g_malloc (MAX (array->n_values / wide * width * size, 1));
  for (gsize row = 0; row < array->n_values / wide; row++)
    memcpy (out + row * width * size, (const guint8 *) array->data + (row * wide + first) * size, width * size);
  return eqs_array_new_take (array->dtype, array->n_dims, dims, out);
}

/* The same values under other dims. */
static EqsArray *
array_reshape (EqsArray *array, guint n_dims, const guint64 *dims)
{
  const gsize n_bytes = g_bytes_get_size (array->bytes);

  return eqs_array_new_take (array->dtype, n_dims, dims,
                             n_bytes > 0 ? g_memdup2 (array->data, n_bytes) : g_malloc (1));
}

/* (cos, sin) of angles [n]. */
static EqsArray *
array_directions (const EqsArray *angles)
{
  const guint64 dims[2] = { angles->n_values, 2 };
  double *out = g_new (double, MAX (2 * angles->n_values, 1));

  for (gsize i = 0; i < angles->n_values; i++)
    {
      const double angle = eqs_array_get_double (angles, i);

      out[2 * i] = cos (angle);
      out[2 * i + 1] = sin (angle);
    }
  return eqs_array_new_take (EQS_DTYPE_F64, 2, dims, out);
}

static EqsArray *
part_read_array (PartReader *self, const EqsColumnSpec *spec, const char *file, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (g_str_has_suffix (file, ".csv"))
    return part_read_csv (self, spec, file, error);
  if (g_str_has_suffix (file, ".npz"))
    return part_read_npz (self, spec, file, error);
  if (!g_str_has_suffix (file, ".npy") && !eqs_idx_has_name (file))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED,
                   _("“%s” is of no kind that is read: .idx, .idx.gz, .npy, .npz, .csv, .xyz, _A.txt or a folder of pictures."),
                   file);
      return NULL;
    }
  bytes = part_read_file (self, file, error);
  if (bytes == NULL)
    return NULL;
  return g_str_has_suffix (file, ".npy") ? eqs_npy_parse (bytes, file, error) : eqs_idx_parse (bytes, file, error);
}

/* Rows of all samples one after the other; another array of the file says where each begins. */
static gboolean
part_set_given_offsets (PartReader *self, const EqsColumnSpec *spec, const char *file, const EqsArray *rows, GError **error)
{
  EqsColumnSpec of = { .name = spec->offsets };
  g_autoptr (EqsArray) given = NULL;
  g_autofree guint32 *offsets = NULL;
  gsize n;

  if (!g_str_has_suffix (file, ".npz"))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED, _("“%s”: offsets are read from NPZ files, which hold several arrays."), file);
      return FALSE;
    }
  given = part_read_npz (self, &of, file, error);
  if (given == NULL)
    return FALSE;
  n = given->n_values;
  offsets = g_new (guint32, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      const double value = eqs_array_get_double (given, i), before = i == 0 ? 0 : offsets[i - 1];

      if (!(value >= before) || value > (double) rows->dims[0] || value != floor (value) || (i == 0 && value != 0) || (i + 1 == n && value != (double) rows->dims[0]))
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                       /* Translators: a file, the name of an array in it, two numbers, a number */
                       _("“%s”: “%s”[%zu] is %g; offsets rise from 0 to the number of rows, %" PRIu64 "."), file, spec->offsets, i, value, rows->dims[0]);
          return FALSE;
        }
      offsets[i] = (guint32) value;
    }
  if (n >= 2)
    return part_set_offsets (self, spec->kind, n - 1, offsets, error);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY, _("“%s”: “%s” has no sample; it needs a number more than there are samples."), file, spec->offsets);
  return FALSE;
}

/* The array that says which elements stand: a column of its own, or an array of the same file. */
static EqsArray *
part_read_mask (PartReader *self, const EqsColumnSpec *spec, const char *file, GError **error)
{
  const GPtrArray *columns = self->dataset->spec->columns;
  EqsColumnSpec    of = { .name = spec->mask };

  if (!g_str_has_suffix (file, ".npz"))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED, _("“%s”: masks are read from NPZ files, which hold several arrays."), file);
      return NULL;
    }
  for (guint i = 0; i < columns->len; i++)
    if (g_str_equal (((EqsColumnSpec *) columns->pdata[i])->name, spec->mask))
      return part_read_npz (self, columns->pdata[i], file, error);
  return part_read_npz (self, &of, file, error);
}

/* Padded samples lose what only fills them up. */
static EqsArray *
part_take_masked (PartReader *self, const EqsColumnSpec *spec, const EqsArray *padded, const char *file, GError **error)
{
  g_autofree guint32 *offsets = NULL;
  g_autoptr (EqsArray) mask = part_read_mask (self, spec, file, error);
  g_autoptr (EqsArray) rows = mask == NULL ? NULL : eqs_masked_take (padded, mask, file, spec->mask, &offsets, error);

  if (rows == NULL || !part_set_offsets (self, spec->kind, (gsize) padded->dims[0], offsets, error))
    return NULL;
  return g_steal_pointer (&rows);
}

/* A row of a table is a picture: [rows, columns, channels]. */
static EqsArray *
array_shape (EqsArray *array, const EqsColumnSpec *spec, const char *file, GError **error)
{
  const gsize n = (gsize) array->dims[0], have = n == 0 ? 0 : array->n_values / n;
  guint64     dims[EQS_MAX_DIMS] = { n };
  gsize       want = 1;

  for (guint i = 0; i < spec->n_shape; i++)
    {
      dims[1 + i] = spec->shape[i];
      want *= (gsize) spec->shape[i];
    }
  if (n == 0 || want == have)
    return array_reshape (array, 1 + spec->n_shape, dims);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE, _("“%s”: “%s” has %zu numbers a sample, and its “shape” is for %zu."), file, spec->name, have, want);
  return NULL;
}

/* Takes array. Rows per node of an array [n, nodes, …] are the same number in each sample. */
static EqsColumn *
part_add_array (PartReader *self, const EqsColumnSpec *spec, EqsArray *array, const char *file, GError **error)
{
  g_autoptr (EqsArray) owned = array;

  if (spec->n_shape > 0)
    {
      EqsArray *shaped = array_shape (owned, spec, file, error);

      if (shaped == NULL)
        return NULL;
      eqs_array_unref (owned);
      owned = shaped;
    }
  if (spec->has_slice)
    {
      EqsArray *slice = array_slice (owned, spec->slice[0], spec->slice[1], file, error);

      if (slice == NULL)
        return NULL;
      eqs_array_unref (owned);
      owned = slice;
    }
  if (spec->kind != EQS_COLUMN_FIXED && g_str_has_suffix (file, ".csv"))   /* without names of samples a table of nodes or edges is one graph */
    {
      const guint32  whole[2] = { 0, (guint32) owned->dims[0] };
      const GArray  *offsets = self->table.offsets;
      const guint32 *at = offsets == NULL ? whole : (const guint32 *) (gconstpointer) offsets->data;

      if (!part_set_offsets (self, spec->kind, offsets == NULL ? 1 : offsets->len - 1, at, error))
        return NULL;
    }
  else if (spec->mask != NULL)
    {
      EqsArray *rows = part_take_masked (self, spec, owned, file, error);

      if (rows == NULL)
        return NULL;
      eqs_array_unref (owned);
      owned = rows;
    }
  else if (spec->offsets != NULL)
    {
      if (!part_set_given_offsets (self, spec, file, owned, error))
        return NULL;
    }
  else if (spec->kind != EQS_COLUMN_FIXED)
    {
      const gsize n = (gsize) owned->dims[0];
      g_autofree guint32 *offsets = NULL;
      guint64 dims[EQS_MAX_DIMS];
      EqsArray *flat;

      if (owned->n_dims < 2 || owned->n_values == 0 || owned->dims[0] * owned->dims[1] > G_MAXUINT32)
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE,
                       _("“%s” must have axes for samples and nodes, neither of size zero."), file);
          return NULL;
        }
      offsets = g_new (guint32, n + 1);
      for (gsize i = 0; i <= n; i++)
        offsets[i] = (guint32) (i * owned->dims[1]);
      if (!part_set_offsets (self, spec->kind, n, offsets, error))
        return NULL;
      memcpy (dims, owned->dims + 1, (owned->n_dims - 1) * sizeof *dims);
      dims[0] = owned->dims[0] * owned->dims[1];
      flat = array_reshape (owned, owned->n_dims - 1, dims);
      eqs_array_unref (owned);
      owned = flat;
    }
  return eqs_split_take_column (self->split, spec->name, spec->kind, g_steal_pointer (&owned), error);
}

/* Pictures without a channel axis get one. */
static void
column_add_channel (EqsColumn *column)
{
  if (column->n_dims == 2 && column->kind == EQS_COLUMN_FIXED)
    column->dims[column->n_dims++] = 1;
}

static EqsColumn *
part_add_column (PartReader *self, const EqsColumnSpec *spec, const char *file, GError **error)
{
  const gboolean is_image = g_str_equal (self->dataset->spec->domain, "image") && spec->role == EQS_ROLE_INPUT;
  EqsColumn *column;
  EqsArray *array;

  if (spec->is_rows)
    return part_add_rows (self, spec, file, error);
  if (g_str_has_suffix (file, ".xyz") || g_str_has_suffix (file, "/") || eqs_dataset_file_is_tu (file))
    return part_add_from_table (self, spec, file, error);

  array = part_read_array (self, spec, file, error);
  if (array == NULL)
    return NULL;
  if (spec->is_direction)
    {
      EqsArray *directions;
      gsize index;

      if (array->n_dims != 1 || eqs_array_find_not_finite (array, &index))
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE,
                       _("“%s” must hold one finite angle for each sample."), file);
          eqs_array_unref (array);
          return NULL;
        }
      directions = array_directions (array);
      eqs_array_unref (array);
      array = directions;
    }
  column = part_add_array (self, spec, array, file, error);
  if (column == NULL)
    return NULL;
  if (is_image)
    column_add_channel (column);
  if (is_image && column->array->dtype == EQS_DTYPE_U8)
    column->scale = 1.0f / 255.0f;
  if (spec->values == EQS_VALUES_POSITION && column->array->dtype == EQS_DTYPE_I16)
    column->scale = 1.0f / 32767.0f;
  return column;
}

static guint
dataset_find_n_classes (EqsDataset *self, const EqsColumnSpec *spec, const char *split)
{
  const EqsColumn *column;
  EqsSplit *train;

  if (spec->n_classes > 0 || spec->values != EQS_VALUES_LABEL || g_str_equal (split, "train") ||
      !eqs_dataset_spec_has_split (self->spec, "train"))
    return spec->n_classes;
  train = eqs_dataset_get_table (self, "train", NULL);
  column = train != NULL ? eqs_split_find (train, spec->name) : NULL;
  return column != NULL ? column->n_classes : 0;
}

static gboolean
part_set_unit (PartReader *self, const EqsColumnSpec *spec, EqsColumn *column, GError **error)
{
  EqsUnit     said, written;
  const char *unit;
  double      factor;

  if (column->unit != NULL && spec->unit != NULL && !spec->is_stated && !g_str_equal (column->unit, spec->unit) &&
      !(eqs_unit_parse (column->unit, &written) && eqs_unit_parse (spec->unit, &said) && eqs_unit_is_alike (&written, &said) && fabs (written.factor / said.factor - 1) < 1e-12))
    {
      g_autofree char *in_file = eqs_data_clean (column->unit);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   /* Translators: a part, a column, two units */
                   _("The part “%s”: “%s” is in %s by its own file and in %s by the description of the data. Say which is right: --unit %s=…"),
                   self->name, column->name, in_file, spec->unit, column->name);
      return FALSE;
    }
  unit = eqs_column_spec_get_unit (spec, self->dataset->spec, &factor);
  g_free (column->unit);
  column->unit = g_strdup (unit);
  if (factor != 1)
    eqs_column_convert (column, factor);
  return TRUE;
}

/* What the description says goes before what the file says. */
static gboolean
part_finish_column (PartReader *self, const EqsColumnSpec *spec, EqsColumn *column, GError **error)
{
  column->role = spec->role;
  if (spec->values != EQS_VALUES_FEATURE)
    column->values = spec->values;
  if (spec->scale != 0)
    column->scale = spec->scale;
  column->representation = g_strdup (spec->representation);
  column->task = g_strdup (spec->task);
  if (!part_set_unit (self, spec, column, error))
    return FALSE;
  column->pairs = spec->pair_parts != NULL && g_strv_contains ((const char *const *) spec->pair_parts, self->name);
  if (column->representation == NULL && column->values == EQS_VALUES_FEATURE &&
      g_str_equal (self->dataset->spec->domain, "image"))
    column->representation = g_strdup_printf ("%" PRIu64 "x triv", column->dims[column->n_dims - 1]);
  if (spec->convention != NULL && !eqs_column_reorder (column, spec->convention, error))
    return FALSE;
  if (column->values == EQS_VALUES_LABEL)
    {
      const guint known = dataset_find_n_classes (self->dataset, spec, self->name);

      if (known > 0)
        column->n_classes = known;
      if (spec->renamed && column->class_names != NULL && g_strv_length (column->class_names) != g_strv_length (spec->class_names))
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LABEL, _("“%s” has %u classes, and dataset.json names %u."), spec->name, g_strv_length (column->class_names),
                       g_strv_length (spec->class_names));
          return FALSE;
        }
      if (spec->renamed)
        g_clear_pointer (&column->class_names, g_strfreev);
      if (column->class_names == NULL)
        column->class_names = g_strdupv (spec->class_names);
    }
  return self->dataset->spec->keeps_missing ? eqs_split_check_missing (self->split, column, error) : eqs_split_check_column (self->split, column, error);
}

/* Energies alone along a path, where the frames to learn from have forces too: whoever needs what is not there says so. */
static gboolean
part_lacks (PartReader *self, const EqsColumnSpec *spec, const char *file)
{
  EqsSplit *table = spec->role != EQS_ROLE_INPUT && g_str_has_suffix (file, ".xyz") && !g_str_has_prefix (self->name, "train") ? part_get_table (self, file, NULL) : NULL;

  return table != NULL && eqs_split_find (table, eqs_column_spec_get_field (spec)) == NULL;
}

static gboolean
part_read_column (PartReader *self, const EqsColumnSpec *spec, GError **error)
{
  g_autofree char *file = eqs_dataset_spec_dup_file (self->dataset->spec, spec, self->name);
  g_autofree char *path = g_build_filename (self->dataset->folder, file, NULL);
  EqsColumn *column;

  if (spec->role != EQS_ROLE_INPUT && !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (part_lacks (self, spec, file))
    return TRUE;
  column = part_add_column (self, spec, file, error);
  return column != NULL && part_finish_column (self, spec, column, error);
}

static gboolean
part_fill (PartReader *self, GError **error)
{
  const GPtrArray *columns = self->dataset->spec->columns;

  for (guint i = 0; i < columns->len; i++)
    if (!part_read_column (self, columns->pdata[i], error))
      return FALSE;
  return eqs_split_check_links (self->split, error);
}

/* Meta-data of the description onto columns that a generator made. */
static EqsSplit *
dataset_generate (EqsDataset *self, const char *name, GError **error)
{
  g_autoptr (EqsSplit) split = eqs_generate (self->spec->generator, name, self->spec->seed, error);
  PartReader reader = { .dataset = self, .name = name, .split = split };

  for (guint i = 0; split != NULL && i < self->spec->columns->len; i++)
    {
      const EqsColumnSpec *spec = self->spec->columns->pdata[i];
      EqsColumn *column = (EqsColumn *) eqs_split_require (split, spec->name, error);

      if (column == NULL || !part_finish_column (&reader, spec, column, error))
        return NULL;
    }
  return g_steal_pointer (&split);
}

EqsSplit *
eqs_dataset_read_part (EqsDataset *self, const char *name, GError **error)
{
  g_autoptr (EqsSplit) split = NULL;
  PartReader reader = { .dataset = self, .name = name };
  gboolean fine;

  if (self->spec->generator != NULL)
    return dataset_generate (self, name, error);
  split = eqs_split_new (name);
  reader.split = split;
  reader.csvs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) eqs_csv_free);
  reader.npzs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  reader.splits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) eqs_split_unref);
  reader.samples = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fine = part_fill (&reader, error);
  g_hash_table_unref (reader.csvs);
  g_hash_table_unref (reader.npzs);
  g_hash_table_unref (reader.splits);
  g_hash_table_unref (reader.samples);
  eqs_table_rows_clear (&reader.table);
  return fine ? g_steal_pointer (&split) : NULL;
}

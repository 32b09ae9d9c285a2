/* What a data folder without a description is, by the names of its files. Nothing is read but the head of a CSV, NPY, NPZ or XYZ file, whose columns
 * and shapes only the file itself knows. */

#include "data/dataset-private.h"
#include "data/clouds.h"
#include "data/tables.h"
#include "data/csv.h"
#include "data/error.h"
#include "data/file.h"
#include "data/images.h"
#include "data/npy.h"
#include "data/point-table.h"
#include "data/tu.h"
#include "data/xyz.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static EqsColumnSpec *
add_field (EqsDatasetSpec *spec, const char *name, EqsRole role, EqsValues values, const char *file, const char *field)
{
  EqsColumnSpec *column = eqs_dataset_spec_add (spec, name, role, values, file);

  column->fields = g_new0 (char *, 2);
  column->fields[0] = g_strdup (field);
  return column;
}

/* Whether files "{split}SUFFIX" are there, behind what all of this set begin with; the splits are added. */
static gboolean
find_splits (const char *path, const char *suffix, EqsDatasetSpec *spec)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  gboolean found = FALSE;

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    if (g_str_has_suffix (name, suffix) && g_str_has_prefix (name, spec->prefix) && strlen (name) > strlen (spec->prefix) + strlen (suffix))
      {
        g_autofree char *split = g_strndup (name + strlen (spec->prefix), strlen (name) - strlen (spec->prefix) - strlen (suffix));

        /* "train-images.npy" is no part "train-images". */
        if (!eqs_dataset_name_of_part_is_fine (split) || (*suffix == '.' && strchr (split, '-') != NULL))
          continue;
        eqs_dataset_spec_add_split (spec, split);
        found = TRUE;
      }
  return found;
}

gboolean
eqs_dataset_spec_find_parts (const char *path, const char *stem, EqsDatasetSpec *spec, char **pattern)
{
  static const char *const endings[] = { ".idx.gz", ".idx", ".npy" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *suffix = g_strconcat ("-", stem, endings[i], NULL);

      if (find_splits (path, suffix, spec))
        {
          *pattern = g_strconcat ("{split}", suffix, NULL);
          return TRUE;
        }
    }
  return FALSE;
}

/* "train-images-idx3-ubyte.gz", "t10k-labels.idx1-ubyte": the names under which MNIST and its kin are given away. */
static gboolean
guess_mnist (const char *path, EqsDatasetSpec *spec)
{
  g_autoptr (GRegex) names = g_regex_new ("^(?:.*-)?(train|test|t10k|valid|val)-(images|labels)[-.]idx[13]-ubyte(\\.gz)?$", 0, 0, NULL);
  g_autoptr (GDir)   dir = g_dir_open (path, 0, NULL);
  gboolean           images = FALSE, labels = FALSE;

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autoptr (GMatchInfo) match = NULL;
      g_autofree char       *part = NULL, *what = NULL;
      const char            *split;

      if (!g_utf8_validate (name, -1, NULL) || !g_regex_match (names, name, 0, &match))
        continue;
      part = g_match_info_fetch (match, 1);
      what = g_match_info_fetch (match, 2);
      split = g_str_equal (part, "t10k") ? "test" : g_str_equal (part, "val") ? "valid" : part;
      images = images || g_str_equal (what, "images");
      labels = labels || g_str_equal (what, "labels");
      eqs_dataset_spec_add_split (spec, split);
      g_hash_table_replace (spec->files, g_strconcat (split, g_str_equal (what, "images") ? "/image" : "/label", NULL), g_strdup (name));
    }
  if (!images)
    return FALSE;
  spec->domain = g_strdup ("image");
  spec->task = g_strdup (labels ? "classification" : "");
  eqs_dataset_spec_add (spec, "image", EQS_ROLE_INPUT, EQS_VALUES_FEATURE, "{split}-images-idx3-ubyte");
  if (labels)
    eqs_dataset_spec_add (spec, "label", EQS_ROLE_TARGET, EQS_VALUES_LABEL, "{split}-labels-idx1-ubyte")->task = g_strdup ("classification");
  return TRUE;
}

static gboolean
guess_images (const char *path, EqsDatasetSpec *spec)
{
  g_autofree char *images = NULL;
  g_autofree char *labels = NULL;
  g_autofree char *masks = NULL;
  gboolean has_labels, has_masks, has_angles;

  if (!eqs_dataset_spec_find_parts (path, "images", spec, &images))
    return FALSE;
  spec->domain = g_strdup ("image");
  eqs_dataset_spec_add (spec, "image", EQS_ROLE_INPUT, EQS_VALUES_FEATURE, images);
  has_labels = eqs_dataset_spec_find_parts (path, "labels", spec, &labels);
  has_masks = eqs_dataset_spec_find_parts (path, "classes", spec, &masks);
  has_angles = find_splits (path, "-angles.csv", spec);
  if (has_labels)
    eqs_dataset_spec_add (spec, "label", EQS_ROLE_TARGET, EQS_VALUES_LABEL, labels)->task = g_strdup ("classification");
  if (has_masks)
    eqs_dataset_spec_add (spec, "mask", EQS_ROLE_TARGET, EQS_VALUES_LABEL, masks)->task = g_strdup ("segmentation");
  if (has_angles)
    {
      EqsColumnSpec *column;

      column = add_field (spec, "angle", EQS_ROLE_EXTRA, EQS_VALUES_ANGLE, "{split}-angles.csv", "angle_rad");
      column->unit = g_strdup ("rad");
      column = add_field (spec, "angle_direction", EQS_ROLE_TARGET, EQS_VALUES_FEATURE, "{split}-angles.csv", "angle_rad");
      column->is_direction = TRUE;
      column->task = g_strdup ("pose");
      column->representation = g_strdup ("1x f1");
    }
  spec->task = g_strdup (has_labels ? "classification" : has_masks ? "segmentation" : has_angles ? "pose" : "");
  return TRUE;
}

/* The file of the first part to learn from, "train_300K" where there is no "train", to see what it holds. */
static GBytes *
read_first (const char *path, EqsDatasetSpec *spec, const char *suffix, char **name, GError **error)
{
  g_autofree char *file = NULL;
  const char      *part;

  eqs_dataset_spec_sort_splits (spec);
  part = spec->splits->pdata[0];
  for (guint i = 0; i < spec->splits->len && !g_str_has_prefix (part, "train"); i++)
    if (g_str_has_prefix (spec->splits->pdata[i], "train"))
      part = spec->splits->pdata[i];
  *name = g_strconcat (spec->prefix, part, suffix, NULL);
  file = g_build_filename (path, *name, NULL);
  return eqs_file_read (file, EQS_DATA_MAX_FILE, error);
}

/* Pattern of files behind what all of this set begin with; (transfer full). */
static char *
pattern_of (const EqsDatasetSpec *spec, const char *suffix)
{
  return g_strconcat (spec->prefix, "{split}", suffix, NULL);
}

static gboolean
guess_xyz (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autofree char *name = NULL, *pattern = pattern_of (spec, ".xyz");
  g_autoptr (GBytes) bytes = read_first (path, spec, ".xyz", &name, error);
  g_autoptr (GError)   refusal = NULL;
  g_autoptr (EqsSplit) first = bytes == NULL || spec->keeps_missing ? NULL : eqs_xyz_parse (bytes, name, "first", &refusal);

  /* A number that is none is told when the part is read; what the columns are is known all the same. */
  if (bytes != NULL && (spec->keeps_missing || g_error_matches (refusal, EQS_DATA_ERROR, EQS_DATA_ERROR_NAN)))
    first = eqs_xyz_parse_missing (bytes, name, "first", error);
  else if (refusal != NULL)
    g_propagate_error (error, g_steal_pointer (&refusal));
  if (first == NULL)
    return FALSE;
  spec->domain = g_strdup ("molecule");
  for (guint i = 0; i < eqs_split_get_n_columns (first); i++)
    {
      const EqsColumn *from = eqs_split_get_column (first, i);
      const gboolean input = from->values == EQS_VALUES_SPECIES || from->values == EQS_VALUES_POSITION;
      const char    *quantity = g_str_equal (from->name, "Lattice") && from->n_values == 9 ? "cell" : from->name;
      EqsColumnSpec *column = add_field (spec, quantity, input ? EQS_ROLE_INPUT : EQS_ROLE_EXTRA, from->values,
                                         pattern, from->name);

      column->kind = from->kind;
      column->unit = g_strdup (from->unit);
      if (from->values == EQS_VALUES_POSITION)
        {
          column->representation = g_strdup ("1x1o");
          if (column->unit == NULL)
            column->unit = g_strdup ("Å");          /* XYZ is in Å; of energies it says nothing */
        }
      eqs_column_spec_take_quantity (column, from->n_values);
    }
  spec->task = g_strdup (eqs_split_find (first, "forces") != NULL ? "forces" : "regression");
  return TRUE;
}

/* Bytes are pixels; so are numbers in a square, which sets and points have by chance only, and four axes. */
static const char *
domain_of_array (const EqsArray *array)
{
  const gboolean square = array->n_dims >= 3 && array->dims[1] == array->dims[2] && array->dims[1] > 4;

  if (array->n_dims == 4 || (array->n_dims == 3 && (array->dtype == EQS_DTYPE_U8 || square)))
    return "image";
  return array->n_dims == 3 && array->dims[2] >= 3 ? "points" : "set";
}

static gboolean
guess_npy (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autofree char *name = NULL, *pattern = pattern_of (spec, ".npy");
  g_autoptr (GBytes) bytes = read_first (path, spec, ".npy", &name, error);
  g_autoptr (EqsArray) array = bytes != NULL ? eqs_npy_parse (bytes, name, error) : NULL;

  if (array == NULL)
    return FALSE;
  spec->domain = g_strdup (domain_of_array (array));
  eqs_dataset_spec_add (spec, "x", EQS_ROLE_INPUT, EQS_VALUES_FEATURE, pattern);
  return TRUE;
}

/* Names by which a column is a target, with what it is then. */
gboolean
eqs_dataset_name_is_target (const char *name, EqsValues *values, const char **task)
{
  static const char *const labels[] = { "label", "labels", "class", "y_class", NULL };
  static const char *const numbers[] = { "y", "target", "targets", NULL };

  *values = g_strv_contains (labels, name) ? EQS_VALUES_LABEL : EQS_VALUES_FEATURE;
  *task = *values == EQS_VALUES_LABEL ? "classification" : "regression";
  return *values == EQS_VALUES_LABEL || g_strv_contains (numbers, name);
}

/* "x_train", "test_images", "val_labels": all parts in one file, as programs that collect data write it. */
static gboolean
split_member (const char *name, const char **part, char **rest)
{
  static const struct { const char *word, *part; } words[] = { { "train", "train" }, { "valid", "valid" }, { "val", "valid" }, { "test", "test" } };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *before = g_strconcat (words[i].word, "_", NULL), *after = g_strconcat ("_", words[i].word, NULL);

      *part = words[i].part;
      if (g_str_has_prefix (name, before) && name[strlen (before)] != '\0')
        {
          *rest = g_strdup (name + strlen (before));
          return TRUE;
        }
      if (g_str_has_suffix (name, after) && strlen (name) > strlen (after))
        {
          *rest = g_strndup (name, strlen (name) - strlen (after));
          return TRUE;
        }
    }
  return FALSE;
}

/* The one NPZ file of a folder, of which every array is of a part. */
static gboolean
find_whole_npz (const char *path, EqsDatasetSpec *spec, char **file, GPtrArray **arrays)
{
  g_autofree char    *name = g_strconcat (spec->splits->pdata[0], ".npz", NULL), *full = g_build_filename (path, name, NULL);
  g_autoptr (GBytes)  bytes = spec->splits->len == 1 ? eqs_file_read (full, EQS_DATA_MAX_FILE, NULL) : NULL;
  g_autoptr (GPtrArray) all = bytes == NULL ? NULL : eqs_npz_parse (bytes, name, NULL);

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      g_autofree char *rest = NULL;
      const char      *part;

      if (!split_member (((EqsArray *) all->pdata[i])->name, &part, &rest))
        return FALSE;
    }
  if (all == NULL || all->len == 0)
    return FALSE;
  *file = g_steal_pointer (&name);
  *arrays = g_steal_pointer (&all);
  return TRUE;
}

static void
append_text (char ***list, const char *text)
{
  const guint n = *list == NULL ? 0 : g_strv_length (*list);

  *list = g_renew (char *, *list, n + 2);
  (*list)[n] = g_strdup (text);
  (*list)[n + 1] = NULL;
}

static EqsColumnSpec *
add_array (EqsDatasetSpec *spec, const EqsArray *array, const char *name, const char *file, const char *field)
{
  EqsColumnSpec *column;
  const char    *task;
  EqsValues      values;

  if (!eqs_dataset_name_is_target (name, &values, &task))
    {
      if (spec->domain == NULL)
        spec->domain = g_strdup (domain_of_array (array));
      column = add_field (spec, name, EQS_ROLE_INPUT, EQS_VALUES_FEATURE, file, field);
      if (array->n_dims == 3 && strcmp (spec->domain, "image") != 0)
        column->kind = EQS_COLUMN_PER_NODE;      /* samples, elements, numbers of each */
      return column;
    }
  column = add_field (spec, name, EQS_ROLE_TARGET, values, file, field);
  column->task = g_strdup (task);
  if (spec->task == NULL)
    spec->task = g_strdup (task);
  return column;
}

/* Beside pictures, "y" of whole numbers, one a sample, names classes: what is measured has fractions. */
static void
find_classes (EqsDatasetSpec *spec, const GPtrArray *arrays)
{
  for (guint c = 0; g_strcmp0 (spec->domain, "image") == 0 && c < spec->columns->len; c++)
    {
      EqsColumnSpec *column = spec->columns->pdata[c];

      for (guint i = 0; i < arrays->len && column->role == EQS_ROLE_TARGET && column->values == EQS_VALUES_FEATURE; i++)
        {
          const EqsArray *array = arrays->pdata[i];

          if (!g_str_equal (array->name, column->fields[0]) || eqs_dtype_is_float (array->dtype) || array->dims[0] != array->n_values)
            continue;
          column->values = EQS_VALUES_LABEL;
          g_free (column->task);
          column->task = g_strdup ("classification");
          g_free (spec->task);
          spec->task = g_strdup ("classification");
        }
    }
}

/* The array of the file that fills a column; NULL: none of this name. */
static const EqsArray *
array_of (const GPtrArray *arrays, const EqsColumnSpec *column)
{
  for (guint i = 0; i < arrays->len; i++)
    if (g_str_equal (((EqsArray *) arrays->pdata[i])->name, column->fields == NULL ? column->name : column->fields[0]))
      return arrays->pdata[i];
  return NULL;
}

/* Padded sets: what has the axes of "mask", samples and elements, is of each element that stands. */
static void
find_masked (EqsDatasetSpec *spec, const GPtrArray *arrays)
{
  EqsColumnSpec  *mask = NULL;
  const EqsArray *which;

  for (guint i = 0; i < spec->columns->len; i++)
    if (g_str_equal (((EqsColumnSpec *) spec->columns->pdata[i])->name, "mask"))
      mask = spec->columns->pdata[i];
  which = mask == NULL ? NULL : array_of (arrays, mask);
  if (which == NULL || which->n_dims != 2 || g_strcmp0 (spec->domain, "image") == 0)
    return;
  for (guint i = 0; i < spec->columns->len; i++)
    {
      EqsColumnSpec  *column = spec->columns->pdata[i];
      const EqsArray *array = column == mask ? NULL : array_of (arrays, column);

      if (array == NULL || array->n_dims < 2 || array->dims[0] != which->dims[0] || array->dims[1] != which->dims[1])
        continue;
      column->kind = EQS_COLUMN_PER_NODE;
      column->mask = g_strdup (mask->name);
      mask->role = EQS_ROLE_EXTRA;
    }
  if (mask->role != EQS_ROLE_EXTRA)
    return;
  g_free (spec->domain);
  spec->domain = g_strdup ("set");
  if (spec->group == NULL)
    spec->group = g_strdup ("Sn");
}

static void
guess_whole_npz (EqsDatasetSpec *spec, const char *file, const GPtrArray *arrays)
{
  g_ptr_array_set_size (spec->splits, 0);
  for (guint i = 0; i < arrays->len; i++)
    {
      const EqsArray  *array = arrays->pdata[i];
      g_autofree char *name = NULL;
      EqsColumnSpec   *column = NULL;
      const char      *part;

      split_member (array->name, &part, &name);
      eqs_dataset_spec_add_split (spec, part);
      for (guint c = 0; c < spec->columns->len && column == NULL; c++)
        if (g_str_equal (((EqsColumnSpec *) spec->columns->pdata[c])->name, name))
          column = spec->columns->pdata[c];
      if (column == NULL)
        column = add_array (spec, array, name, file, array->name);
      append_text (&column->part_names, part);
      append_text (&column->part_values, array->name);
    }
  find_classes (spec, arrays);
  find_masked (spec, arrays);
}

static gboolean
guess_npz (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autofree char *name = NULL, *pattern = pattern_of (spec, ".npz");
  g_autoptr (GPtrArray) whole = NULL, arrays = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (find_whole_npz (path, spec, &name, &whole))
    {
      guess_whole_npz (spec, name, whole);
      return TRUE;
    }
  bytes = read_first (path, spec, ".npz", &name, error);
  arrays = bytes != NULL ? eqs_npz_parse (bytes, name, error) : NULL;
  if (arrays == NULL)
    return FALSE;
  for (guint i = 0; i < arrays->len; i++)
    {
      const EqsArray *array = arrays->pdata[i];

      add_array (spec, array, array->name, pattern, array->name);
    }
  find_classes (spec, arrays);
  find_masked (spec, arrays);
  return TRUE;
}

/* "1x1" … "28x28", row by row; or "pixel0" … of as many as make a square. */
static gboolean
find_picture (const GPtrArray *fields, guint64 *shape)
{
  g_autoptr (GRegex) numbered = g_regex_new ("^(?:pixel|pix|px)[-_ ]?([0-9]{1,7})$", G_REGEX_CASELESS, 0, NULL);
  const guint        n = fields->len;
  guint              rows = 0, columns = 0, first_row = 0, first_column = 0, side = 1;
  int                length = 0;
  gulong             first = 0;
  gboolean           crossed;

  crossed = n > 1 && sscanf (fields->pdata[0], "%5ux%5u%n", &first_row, &first_column, &length) == 2 && ((char *) fields->pdata[0])[length] == '\0' &&
            sscanf (fields->pdata[n - 1], "%5ux%5u", &rows, &columns) == 2 && first_row == first_column && first_row <= 1;
  if (crossed)
    {
      rows += 1 - first_row;
      columns += 1 - first_column;
      for (guint i = 0; i < n && crossed; i++)
        {
          g_autofree char *want = columns == 0 ? NULL : g_strdup_printf ("%ux%u", i / columns + first_row, i % columns + first_row);

          crossed = g_strcmp0 (want, fields->pdata[i]) == 0;
        }
      shape[0] = rows;
      shape[1] = columns;
      return crossed && (guint64) rows * columns == n;
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GMatchInfo) match = NULL;
      g_autofree char       *number = NULL;
      gulong                 value;

      if (!g_regex_match (numbered, fields->pdata[i], 0, &match))
        return FALSE;
      number = g_match_info_fetch (match, 1);
      value = strtoul (number, NULL, 10);
      first = i == 0 ? value : first;
      if (first > 1 || value != first + i)
        return FALSE;
    }
  for (; side * side < n; side++)
    ;
  shape[0] = shape[1] = side;
  return n >= 4 && side * side == n;
}

/* Whole numbers from 0 to 255, not of 0 and 1 alone. */
static gboolean
are_bytes (const EqsCsv *csv, const GPtrArray *fields)
{
  gboolean more = FALSE;

  for (guint i = 0; i < fields->len; i++)
    {
      guint at;

      if (!eqs_csv_find (csv, fields->pdata[i], &at, NULL))
        return FALSE;
      for (gsize row = 0; row < eqs_csv_get_n_rows (csv); row++)
        {
          double value;

          if (!eqs_csv_get_number (csv, row, at, &value, NULL) || !(value >= 0 && value <= 255) || value != floor (value))
            return FALSE;
          more = more || value > 1;
        }
    }
  return more;
}

static gboolean
guess_csv (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autofree char *name = NULL, *pattern = pattern_of (spec, ".csv");
  g_autoptr (GBytes) bytes = read_first (path, spec, ".csv", &name, error);
  g_autoptr (EqsCsv) csv = bytes != NULL ? eqs_csv_parse (bytes, name, error) : NULL;
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  EqsColumnSpec *column;

  if (csv == NULL)
    return FALSE;
  spec->domain = g_strdup ("set");
  for (guint i = 0; i < eqs_csv_get_n_columns (csv); i++)
    {
      const char *title = eqs_csv_get_title (csv, i), *task;
      EqsValues values;

      if (!eqs_dataset_name_is_target (title, &values, &task))
        {
          if (eqs_csv_is_number (csv, i))
            g_ptr_array_add (fields, g_strdup (title));
          continue;
        }
      column = add_field (spec, title, EQS_ROLE_TARGET, values, pattern, title);
      column->task = g_strdup (task);
      if (values == EQS_VALUES_LABEL)
        eqs_table_take_classes (column, csv, i);
      if (spec->task == NULL)
        spec->task = g_strdup (task);
    }
  if (fields->len == 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("“%s” has no column of numbers to learn from."), name);
      return FALSE;
    }
  column = eqs_dataset_spec_add (spec, "x", EQS_ROLE_INPUT, EQS_VALUES_FEATURE, pattern);
  column->is_bytes = are_bytes (csv, fields);
  if (find_picture (fields, column->shape))
    {
      column->n_shape = 2;
      g_free (spec->domain);
      spec->domain = g_strdup ("image");
    }
  g_ptr_array_add (fields, NULL);
  column->fields = (char **) g_ptr_array_steal (fields, NULL);
  return TRUE;
}

static gboolean
guess_pictures (const char *path, EqsDatasetSpec *spec)
{
  static const char *const parts[] = { "train", "valid", "test" };
  const char    *pattern = "{split}/";
  g_auto (GStrv) names = NULL;       /* of the training part's folders: its classes, known before a picture is read */
  EqsColumnSpec *label;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *folder = g_build_filename (path, parts[i], NULL);
      g_auto (GStrv) classes = eqs_images_list_classes (folder);

      if (*classes == NULL)
        continue;
      eqs_dataset_spec_add_split (spec, parts[i]);
      if (i == 0)
        names = g_steal_pointer (&classes);
    }
  if (spec->splits->len == 0)
    {
      g_auto (GStrv) classes = eqs_images_list_classes (path);

      if (*classes == NULL)
        return FALSE;
      eqs_dataset_spec_add_split (spec, "train");
      pattern = "./";
      names = g_steal_pointer (&classes);
    }
  spec->domain = g_strdup ("image");
  spec->task = g_strdup ("classification");
  add_field (spec, "image", EQS_ROLE_INPUT, EQS_VALUES_FEATURE, pattern, "image");
  label = add_field (spec, "label", EQS_ROLE_TARGET, EQS_VALUES_LABEL, pattern, "label");
  label->task = g_strdup ("classification");
  label->class_names = g_steal_pointer (&names);
  return TRUE;
}

/* The beginning of the one file "NAME_A.txt"; (transfer full) */
static char *
find_graphs (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    if (g_str_has_suffix (name, "_A.txt") && strlen (name) > strlen ("_A.txt"))
      return g_strndup (name, strlen (name) - strlen ("_A.txt"));
  return NULL;
}

static gboolean
guess_graphs (const char *path, const char *name, EqsDatasetSpec *spec, GError **error)
{
  static const struct { const char *name; EqsRole role; EqsColumnKind kind; EqsValues values; const char *task; } known[] = {
    { "nodes", EQS_ROLE_INPUT, EQS_COLUMN_PER_NODE, EQS_VALUES_FEATURE, NULL }, { "edges", EQS_ROLE_INPUT, EQS_COLUMN_PER_EDGE, EQS_VALUES_NODE_INDEX, NULL },
    { "edge_features", EQS_ROLE_INPUT, EQS_COLUMN_PER_EDGE, EQS_VALUES_FEATURE, NULL }, { "label", EQS_ROLE_TARGET, EQS_COLUMN_FIXED, EQS_VALUES_LABEL, "classification" },
    { "attributes", EQS_ROLE_TARGET, EQS_COLUMN_FIXED, EQS_VALUES_FEATURE, "regression" },
  };
  g_autofree char      *file = g_strconcat (name, "_A.txt", NULL);
  g_auto (GStrv)        parts = eqs_tu_list_parts (path, name, error);
  g_autoptr (EqsSplit)  first = parts == NULL ? NULL : eqs_tu_read (path, name, parts[0], error);

  if (first == NULL)
    return FALSE;
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (!eqs_dataset_name_of_part_is_fine (parts[i]))
        {
          g_autofree char *shown = eqs_data_quote (parts[i]);

          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s_split.txt” names a part “%s”; parts are named by letters, digits, “_” and “-”."), name, shown);
          return FALSE;
        }
      eqs_dataset_spec_add_split (spec, parts[i]);
    }
  eqs_dataset_spec_sort_splits (spec);
  spec->domain = g_strdup ("graph");
  spec->group = g_strdup ("Sn");
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (eqs_split_find (first, known[i].name) != NULL)
      {
        EqsColumnSpec *column = add_field (spec, known[i].name, known[i].role, known[i].values, file, known[i].name);

        column->kind = known[i].kind;
        column->task = g_strdup (known[i].task);
        if (known[i].task != NULL && spec->task == NULL)
          spec->task = g_strdup (known[i].task);
      }
  return TRUE;
}

gboolean
eqs_dataset_spec_guess (EqsDatasetSpec *spec, const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path), *graphs = find_graphs (path);
  gboolean         tables = FALSE;

  if (graphs != NULL)
    return guess_graphs (path, graphs, spec, error);
  if (!eqs_tables_guess (path, spec, &tables, error))
    return FALSE;
  if (!tables && !eqs_point_table_guess (path, spec, &tables, error))
    return FALSE;
  if (tables)
    return TRUE;
  if (eqs_clouds_guess (path, spec) || guess_images (path, spec) || guess_mnist (path, spec) || guess_pictures (path, spec))
    return TRUE;
  if (find_splits (path, ".xyz", spec))
    return guess_xyz (path, spec, error);
  if (find_splits (path, ".npz", spec))
    return guess_npz (path, spec, error);
  if (find_splits (path, ".npy", spec))
    return guess_npy (path, spec, error);
  if (find_splits (path, ".csv", spec))
    return guess_csv (path, spec, error);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
               _("“%s” holds no data set: neither dataset.json nor files such as train-images.idx.gz, train-points.npy, train.xyz, "
                 "train.npz, train.csv or folders of pictures."), shown);
  return FALSE;
}

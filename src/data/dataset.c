/* Data sets: finding them, and turning the files of a part into checked columns. A part is read once and kept; the
 * validation part and limits are views on it. */

#include "data/dataset.h"
#include "data/dataset-private.h"
#include "data/error.h"
#include "data/generate.h"
#include "data/meaning.h"
#include "data/units.h"

#include <eqk/random.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (EqsDataset, eqs_dataset, G_TYPE_OBJECT)

static void
eqs_dataset_finalize (GObject *object)
{
  EqsDataset *self = EQS_DATASET (object);

  g_free (self->path);
  g_free (self->folder);
  g_free (self->name);
  g_clear_pointer (&self->spec, eqs_dataset_spec_free);
  g_strfreev (self->splits);
  g_ptr_array_unref (self->said);
  g_hash_table_unref (self->tables);
  g_clear_object (&self->base);
  g_rec_mutex_clear (&self->lock);

  G_OBJECT_CLASS (eqs_dataset_parent_class)->finalize (object);
}

static void
eqs_dataset_class_init (EqsDatasetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eqs_dataset_finalize;
}

static void
eqs_dataset_init (EqsDataset *self)
{
  g_rec_mutex_init (&self->lock);
  self->said = eqs_meanings_new ();
  self->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) eqs_split_unref);
}

/* ---- finding ---- */

/* Folders with shipped data sets, in the order of the search; some may not exist. */
static char **
dup_search_folders (void)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();
  const char *own = g_getenv ("EQUISTUDIO_DATADIR");

  if (own != NULL && *own != '\0')
    {
      g_ptr_array_add (folders, g_build_filename (own, "datasets", NULL));
      g_ptr_array_add (folders, g_strdup (own));
    }
  g_ptr_array_add (folders, g_strdup (EQS_SOURCE_DATASETS));
  g_ptr_array_add (folders, g_strdup (EQS_INSTALLED_DATASETS));
  g_ptr_array_add (folders, NULL);
  return (char **) g_ptr_array_steal (folders, NULL);
}

static char *
find_shipped (const char *name)
{
  g_auto (GStrv) folders = dup_search_folders ();

  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folders[i], name, NULL);
      g_autofree char *json = g_build_filename (path, "dataset.json", NULL);

      if (g_file_test (json, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  return NULL;
}

gboolean
eqs_dataset_spec_has_split (const EqsDatasetSpec *spec, const char *name)
{
  for (guint i = 0; i < spec->splits->len; i++)
    if (g_str_equal (spec->splits->pdata[i], name))
      return TRUE;
  return FALSE;
}

static char **
dup_split_names (const EqsDatasetSpec *spec)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < spec->splits->len; i++)
    {
      const char *name = spec->splits->pdata[i];

      g_ptr_array_add (names, g_strdup (name));
      if (g_str_equal (name, "train") && !eqs_dataset_spec_has_split (spec, "valid"))
        g_ptr_array_add (names, g_strdup ("valid"));
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static EqsDataset *
open_path (const char *path, gboolean keep_missing, GError **error)
{
  g_autoptr (EqsDataset) self = NULL;
  g_autoptr (EqsDatasetSpec) spec = NULL;
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autofree char *base = g_path_get_basename (full), *prefix = NULL;

  spec = eqs_dataset_spec_read (full, keep_missing, error);
  if (spec == NULL)
    return NULL;
  if (spec->generator != NULL && eqs_generator_get_version (spec->generator) == 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
                   _("There is no generator “%s” in this version of the program."), spec->generator);
      return NULL;
    }
  self = g_object_new (EQS_TYPE_DATASET, NULL);
  self->folder = eqs_dataset_find_folder (full, &prefix);
  self->path = g_steal_pointer (&full);
  self->name = g_filename_display_name (base);
  self->spec = g_steal_pointer (&spec);
  self->splits = dup_split_names (self->spec);
  return g_steal_pointer (&self);
}

static void
set_unknown_error (GError **error, const char *name)
{
  g_autoptr (GPtrArray) shipped = eqs_dataset_list_shipped ();
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *shown = g_filename_display_name (name);

  for (guint i = 0; i < shipped->len; i++)
    g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ", eqs_dataset_get_name (shipped->pdata[i]));
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
               /* Translators: what was asked for, then a list of names */
               _("There is no data set “%s”, and no folder of that name. Shipped ones: %s."), shown, names->str);
}

EqsDataset *
eqs_dataset_open (const char *name_or_path, GError **error)
{
  g_autofree char *shipped = NULL, *folder = NULL, *prefix = NULL, *full = NULL;

  g_return_val_if_fail (name_or_path != NULL, NULL);

  if (*name_or_path != '\0' && *name_or_path != '.' && strchr (name_or_path, '/') == NULL)
    shipped = find_shipped (name_or_path);
  if (shipped != NULL)
    return open_path (shipped, FALSE, error);
  full = g_canonicalize_filename (name_or_path, NULL);
  folder = *name_or_path != '\0' ? eqs_dataset_find_folder (full, &prefix) : NULL;
  if (folder != NULL)
    return open_path (name_or_path, FALSE, error);
  set_unknown_error (error, name_or_path);
  return NULL;
}

EqsDataset *
eqs_dataset_open_missing (EqsDataset *self, GError **error)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), NULL);
  g_autoptr (EqsDataset) other = open_path (self->path, TRUE, error);

  return other != NULL && (self->said->len == 0 || eqs_dataset_say (other, self->said, error)) ? g_steal_pointer (&other) : NULL;
}

static int
compare_datasets (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(EqsDataset *const *) a)->name, (*(EqsDataset *const *) b)->name);
}

GPtrArray *
eqs_dataset_list_shipped (void)
{
  g_auto (GStrv) folders = dup_search_folders ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autoptr (GDir) dir = g_dir_open (folders[i], 0, NULL);

      for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
        {
          g_autofree char *path = g_build_filename (folders[i], name, NULL);
          g_autofree char *json = g_build_filename (path, "dataset.json", NULL);
          EqsDataset *dataset = NULL;

          if (!g_hash_table_contains (seen, name) && g_file_test (json, G_FILE_TEST_IS_REGULAR))
            dataset = open_path (path, FALSE, NULL);
          if (dataset == NULL)
            continue;
          g_hash_table_add (seen, g_strdup (name));
          g_ptr_array_add (list, dataset);
        }
    }
  g_ptr_array_sort (list, compare_datasets);
  return list;
}

/* ---- parts, kept ---- */

/* The part of the base data set that a part of this one indexes. */
EqsSplit *
eqs_dataset_get_base_table (EqsDataset *self, const char *name, GError **error)
{
  const char *base_name = g_hash_table_lookup (self->spec->base_splits, name);

  if (self->base == NULL)
    {
      g_autofree char *parent = g_path_get_dirname (self->path);
      g_autofree char *sibling = g_build_filename (parent, self->spec->base, NULL);
      const char *where = g_file_test (sibling, G_FILE_TEST_IS_DIR) ? sibling : self->spec->base;
      g_autoptr (EqsDataset) base = eqs_dataset_open (where, error);

      if (base == NULL)
        return NULL;
      if (base->spec->base != NULL)
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED,
                       _("“%s” uses rows of “%s”, which uses rows of another data set itself."), self->name, base->name);
          return NULL;
        }
      self->base = g_steal_pointer (&base);
    }
  return eqs_dataset_get_table (self->base, base_name != NULL ? base_name : name, error);
}

/* Parts that were read so far agree in the shapes of their columns: whoever sized a batch by one may fill it from
 * another. */
static gboolean
dataset_check_shapes (EqsDataset *self, const EqsSplit *table, GError **error)
{
  GHashTableIter iter;
  gpointer other;

  g_hash_table_iter_init (&iter, self->tables);
  while (g_hash_table_iter_next (&iter, NULL, &other))
    for (guint i = 0; i < eqs_split_get_n_columns (table); i++)
      {
        const EqsColumn *a = eqs_split_get_column (table, i), *b = eqs_split_find (other, a->name);
        g_autofree char *dims_a = NULL;
        g_autofree char *dims_b = NULL;

        if (b == NULL || (a->n_dims == b->n_dims && memcmp (a->dims, b->dims, a->n_dims * sizeof *a->dims) == 0))
          continue;
        dims_a = eqs_dims_to_string (a->n_dims, a->dims);
        dims_b = eqs_dims_to_string (b->n_dims, b->dims);
        g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE,
                     /* Translators: a column, a part, a shape such as 28×28×1, another part, its shape */
                     _("“%s” of the part “%s” is %s, but that of “%s” is %s."), a->name, eqs_split_get_name (table),
                     dims_a, eqs_split_get_name (other), dims_b);
        return FALSE;
      }
  return TRUE;
}

/* (transfer none); locks itself. */
EqsSplit *
eqs_dataset_get_table (EqsDataset *self, const char *name, GError **error)
{
  EqsSplit *table;

  g_rec_mutex_lock (&self->lock);
  table = g_hash_table_lookup (self->tables, name);
  if (table == NULL && !eqs_dataset_spec_has_split (self->spec, name))
    {
      g_autofree char *known = g_strjoinv (", ", self->splits), *sets = g_str_equal (name, "train") ? eqs_dataset_list_prefixes (self->folder) : NULL;

      if (sets != NULL)
        g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
                     /* Translators: a folder, names of data sets, the folder */
                     _("“%s” holds several data sets: %s. Name one behind the folder, such as “%s/%.*s”."), self->name, sets, self->name, (int) strcspn (sets, ","), sets);
      else
        g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
                     /* Translators: a data set, a part such as "test", a list of parts */
                     _("The data set “%s” has no part “%s”; it has: %s."), self->name, name, known);
    }
  else if (table == NULL)
    {
      table = eqs_dataset_read_part (self, name, error);
      if (table != NULL && !dataset_check_shapes (self, table, error))
        g_clear_pointer (&table, eqs_split_unref);
      if (table != NULL)
        g_hash_table_insert (self->tables, g_strdup (name), table);
    }
  g_rec_mutex_unlock (&self->lock);
  return table;
}

static int
compare_uints (gconstpointer a, gconstpointer b)
{
  const guint x = *(const guint *) a, y = *(const guint *) b;

  return (x > y) - (x < y);
}

/* A column of the table says to which part a node belongs. */
static gboolean
names_parts (const EqsDatasetSpec *spec)
{
  for (guint i = 0; i < spec->columns->len; i++)
    if (((const EqsColumnSpec *) spec->columns->pdata[i])->part_field != NULL)
      return TRUE;
  return FALSE;
}

/* cut_from: (nullable) the part that is cut in two, of which "valid" is the smaller. */
static EqsSplit *
load_rows (EqsDataset *self, const char *split, const char *cut_from, guint64 seed, guint limit, GError **error)
{
  const gboolean cut = cut_from != NULL;
  g_autofree guint *rows = NULL;
  EqkRandom random;
  EqsSplit *table;
  guint n, n_valid = 0, first = 0, count;

  table = eqs_dataset_get_table (self, cut ? cut_from : split, error);
  if (table == NULL)
    return NULL;
  n = eqs_split_get_n (table);
  if (!cut && (limit == 0 || limit >= n))
    return eqs_split_ref (table);
  if (cut && n < 2)
    {
      const gboolean is_graph = g_strcmp0 (self->spec->task, "node") == 0;

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY, is_graph && names_parts (self->spec)
                   ? _("No node of the graph “%s” stands in the part “valid”, on which the best network is chosen. Mark some nodes as valid.")
                   : is_graph
                   ? _("The data set “%s” is one graph and does not say which of its nodes are to be learned from. Add a column “split” to the table of nodes, with train, valid and test.")
                   : _("The data set “%s” has one training sample: too few to hold some back for validation."), self->name);
      return NULL;
    }

  rows = g_new (guint, n);
  random = eqk_random (seed, EQK_RANDOM_SPLIT, 0, 0, 0);
  eqk_random_permutation (&random, rows, n);
  if (cut)
    n_valid = MAX (n / 10, 1);
  if (cut && g_str_equal (split, "valid"))
    {
      first = n - n_valid;
      count = n_valid;
    }
  else
    count = n - n_valid;
  if (limit > 0)
    count = MIN (count, limit);
  qsort (rows + first, count, sizeof *rows, compare_uints);
  return eqs_split_new_view (table, split, rows + first, count);
}

EqsSplit *
eqs_dataset_load_seeded (EqsDataset *self, const char *split, guint64 seed, guint limit, GError **error)
{
  const gboolean cut = (g_str_equal (split, "train") || g_str_equal (split, "valid")) &&
                       !eqs_dataset_spec_has_split (self->spec, "valid");

  g_return_val_if_fail (EQS_IS_DATASET (self) && split != NULL, NULL);

  return load_rows (self, split, cut ? "train" : NULL, seed, limit, error);
}

EqsSplit *
eqs_dataset_load_training (EqsDataset *self, const char *split, gboolean held_back, guint64 seed, guint limit, GError **error)
{
  g_return_val_if_fail (EQS_IS_DATASET (self) && split != NULL, NULL);

  if (g_str_equal (split, "train"))
    return eqs_dataset_load_seeded (self, held_back ? "valid" : "train", seed, limit, error);
  return load_rows (self, held_back ? "valid" : split, split, seed, limit, error);
}

EqsSplit *
eqs_dataset_load (EqsDataset *self, const char *split, GError **error)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), NULL);
  return eqs_dataset_load_seeded (self, split, 0, 0, error);
}

/* ---- facts ---- */

const char *eqs_dataset_get_name        (EqsDataset *self) { return self->name; }
const char *eqs_dataset_get_path        (EqsDataset *self) { return self->path; }
const char *eqs_dataset_get_title       (EqsDataset *self) { return self->spec->title; }
const char *eqs_dataset_get_description (EqsDataset *self) { return self->spec->description; }
const char *eqs_dataset_get_domain      (EqsDataset *self) { return self->spec->domain; }
const char *eqs_dataset_get_task        (EqsDataset *self) { return self->spec->task; }
const char *eqs_dataset_get_group       (EqsDataset *self) { return self->spec->group; }
const char *eqs_dataset_get_licence     (EqsDataset *self) { return self->spec->licence; }
const char *eqs_dataset_get_origin      (EqsDataset *self) { return self->spec->origin; }

gboolean
eqs_dataset_is_generated (EqsDataset *self)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), FALSE);
  return self->spec->generator != NULL;
}

const char *const *
eqs_dataset_get_splits (EqsDataset *self)
{
  return (const char *const *) self->splits;
}

gboolean
eqs_dataset_has_split (EqsDataset *self, const char *split)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), FALSE);
  return g_strv_contains ((const char *const *) self->splits, split);
}

guint
eqs_dataset_get_n_columns (EqsDataset *self)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), 0);
  return self->spec->columns->len;
}

EqsColumnInfo
eqs_dataset_get_column (EqsDataset *self, guint index)
{
  const EqsColumnSpec *spec;
  const char          *unit;
  double               factor;

  g_return_val_if_fail (index < self->spec->columns->len, (EqsColumnInfo) { 0 });

  spec = self->spec->columns->pdata[index];
  unit = eqs_column_spec_get_unit (spec, self->spec, &factor);
  return (EqsColumnInfo) { .name = spec->name, .role = spec->role, .kind = spec->kind, .values = spec->values, .representation = spec->representation,
                           .unit = unit, .task = spec->task, .class_names = (const char *const *) spec->class_names, .stated_unit = spec->unit,
                           .factor = factor, .field = eqs_column_spec_get_field (spec), .both_ways = spec->undirected,
                           .fields = (const char *const *) spec->fields,
                           .field_to = spec->values == EQS_VALUES_NODE_INDEX && spec->fields != NULL && spec->fields[0] != NULL ? spec->fields[1] : NULL };
}

/* ---- how a file is to be read ---- */

/* What was read under another reading is forgotten; views that others hold keep it. */
static void
dataset_forget (EqsDataset *self)
{
  g_rec_mutex_lock (&self->lock);
  g_hash_table_remove_all (self->tables);
  g_rec_mutex_unlock (&self->lock);
}

gboolean
eqs_dataset_say (EqsDataset *self, const GPtrArray *list, GError **error)
{
  g_return_val_if_fail (EQS_IS_DATASET (self) && list != NULL, FALSE);

  dataset_forget (self);
  if (!eqs_dataset_spec_say (self->spec, list, self->path, error))
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    eqs_meanings_add (self->said, list->pdata[i]);
  return TRUE;
}

const GPtrArray *
eqs_dataset_get_said (EqsDataset *self)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), NULL);

  return self->said;
}

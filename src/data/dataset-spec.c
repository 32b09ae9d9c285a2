/* What a data folder is: from dataset.json, or by the names of its files (dataset-guess.c). */

#include "data/dataset-private.h"
#include "data/error.h"
#include "data/file.h"
#include "data/tables.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static void
column_spec_free (gpointer data)
{
  EqsColumnSpec *self = data;

  g_free (self->name);
  g_free (self->representation);
  g_free (self->unit);
  g_free (self->convention);
  g_free (self->task);
  g_free (self->file);
  g_strfreev (self->fields);
  g_free (self->base_column);
  g_free (self->part_field);
  g_free (self->sample_field);
  g_free (self->offsets);
  g_free (self->mask);
  g_strfreev (self->part_names);
  g_strfreev (self->part_values);
  g_strfreev (self->class_names);
  g_strfreev (self->pair_parts);
  g_free (self);
}

void
eqs_dataset_spec_free (EqsDatasetSpec *self)
{
  g_free (self->title);
  g_free (self->description);
  g_free (self->domain);
  g_free (self->task);
  g_free (self->group);
  g_free (self->licence);
  g_free (self->origin);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->splits);
  g_hash_table_unref (self->files);
  g_hash_table_unref (self->base_splits);
  g_free (self->base);
  g_free (self->generator);
  g_free (self->prefix);
  g_free (self);
}

static EqsDatasetSpec *
dataset_spec_new (void)
{
  EqsDatasetSpec *self = g_new0 (EqsDatasetSpec, 1);

  self->columns = g_ptr_array_new_with_free_func (column_spec_free);
  self->splits = g_ptr_array_new_with_free_func (g_free);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->base_splits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

char *
eqs_dataset_spec_dup_file (const EqsDatasetSpec *self, const EqsColumnSpec *column, const char *split)
{
  g_autofree char *key = g_strconcat (split, "/", column->name, NULL);
  const char *own = g_hash_table_lookup (self->files, key);
  g_auto (GStrv) parts = NULL;

  if (own != NULL)
    return g_strdup (own);
  parts = g_strsplit (column->file, "{split}", -1);
  return g_strjoinv (split, parts);
}

/* ---- columns and parts ---- */

EqsColumnSpec *
eqs_dataset_spec_add (EqsDatasetSpec *spec, const char *name, EqsRole role, EqsValues values, const char *file)
{
  EqsColumnSpec *column = g_new0 (EqsColumnSpec, 1);

  column->name = g_strdup (name);
  column->role = role;
  column->values = values;
  column->file = g_strdup (file);
  g_ptr_array_add (spec->columns, column);
  return column;
}

void
eqs_dataset_spec_add_split (EqsDatasetSpec *spec, const char *name)
{
  for (guint i = 0; i < spec->splits->len; i++)
    if (g_str_equal (spec->splits->pdata[i], name))
      return;
  g_ptr_array_add (spec->splits, g_strdup (name));
}

static int
compare_splits (gconstpointer a, gconstpointer b)
{
  static const char *const order[] = { "train", "valid", "test" };
  const char *x = *(const char *const *) a, *y = *(const char *const *) b;

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (g_str_equal (x, order[i]) || g_str_equal (y, order[i]))
      return g_str_equal (x, y) ? 0 : g_str_equal (x, order[i]) ? -1 : 1;
  return strcmp (x, y);
}

void
eqs_dataset_spec_sort_splits (EqsDatasetSpec *spec)
{
  g_ptr_array_sort (spec->splits, compare_splits);
}

gboolean
eqs_dataset_name_of_part_is_fine (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("_-.+", *p) == NULL)
      return FALSE;
  return g_ascii_isalnum (*name);
}

/* ---- dataset.json ---- */

static gboolean
json_dup_string (const cJSON *object, const char *key, char **out, const char *path, GError **error)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  if (item == NULL)
    return TRUE;
  if (!cJSON_IsString (item) || !g_utf8_validate (item->valuestring, -1, NULL))
    return eqs_data_refuse (error, path, _("“%s” must be text."), key);
  g_free (*out);
  *out = g_strdup (item->valuestring);
  return TRUE;
}

/* One of the names, into *out; names ends with NULL. */
static gboolean
json_read_choice (const cJSON *object, const char *key, const char *const *names, guint *out, const char *path,
                  GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *all = NULL;

  if (!json_dup_string (object, key, &text, path, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], text))
      {
        *out = i;
        return TRUE;
      }
  all = g_strjoinv (", ", (char **) names);
  return eqs_data_refuse (error, path, _("“%s” is “%.40s”, but must be one of %s."), key, text, all);
}

static gboolean
json_dup_strings (const cJSON *object, const char *key, char ***out, const char *path, GError **error)
{
  const cJSON *list = cJSON_GetObjectItemCaseSensitive (object, key), *item;
  g_autoptr (GPtrArray) strings = NULL;

  if (list == NULL)
    return TRUE;
  strings = g_ptr_array_new_with_free_func (g_free);
  cJSON_ArrayForEach (item, list)
    {
      if (!cJSON_IsString (item) || !g_utf8_validate (item->valuestring, -1, NULL))
        return eqs_data_refuse (error, path, _("“%s” must be a list of texts."), key);
      g_ptr_array_add (strings, g_strdup (item->valuestring));
    }
  if (!cJSON_IsArray (list) || strings->len == 0)
    return eqs_data_refuse (error, path, _("“%s” must be a list of texts."), key);
  g_ptr_array_add (strings, NULL);
  g_strfreev (*out);
  *out = (char **) g_ptr_array_steal (strings, NULL);
  return TRUE;
}

static gboolean
json_read_uint (const cJSON *item, guint limit, guint *out)
{
  if (!cJSON_IsNumber (item) || !(item->valuedouble >= 0 && item->valuedouble <= limit) ||
      item->valuedouble != floor (item->valuedouble))
    return FALSE;
  *out = (guint) item->valuedouble;
  return TRUE;
}

/* A description must not read files outside its folder. */
static gboolean
file_is_inside (const char *file)
{
  g_auto (GStrv) parts = g_strsplit (file, "/", -1);

  return *file != '\0' && !g_path_is_absolute (file) && !g_strv_contains ((const char *const *) parts, "..");
}

static gboolean
json_read_numbers (const cJSON *json, EqsColumnSpec *column, const char *path, GError **error)
{
  const cJSON *scale = cJSON_GetObjectItemCaseSensitive (json, "scale");
  const cJSON *slice = cJSON_GetObjectItemCaseSensitive (json, "slice");
  const cJSON *classes = cJSON_GetObjectItemCaseSensitive (json, "n_classes");

  if (scale != NULL)
    {
      if (!cJSON_IsNumber (scale) || !isfinite ((float) scale->valuedouble) || (float) scale->valuedouble == 0)
        return eqs_data_refuse (error, path, _("column “%s”: “scale” must be a number other than 0."), column->name);
      column->scale = (float) scale->valuedouble;
    }
  if (slice != NULL)
    {
      column->has_slice = TRUE;
      if (cJSON_GetArraySize (slice) != 2 ||
          !json_read_uint (cJSON_GetArrayItem (slice, 0), G_MAXINT32, &column->slice[0]) ||
          !json_read_uint (cJSON_GetArrayItem (slice, 1), G_MAXINT32, &column->slice[1]) ||
          column->slice[0] >= column->slice[1])
        return eqs_data_refuse (error, path, _("column “%s”: “slice” must be two numbers, the first below the second."),
                          column->name);
    }
  if (classes != NULL && (!json_read_uint (classes, 65536, &column->n_classes) || column->n_classes == 0))
    return eqs_data_refuse (error, path, _("column “%s”: “n_classes” must be a number from 1 to 65536."), column->name);
  return TRUE;
}

/* Rows, columns and channels of each sample: an array of one to three whole numbers. */
static gboolean
json_read_shape (const cJSON *json, EqsColumnSpec *column, const char *path, GError **error)
{
  const cJSON *shape = cJSON_GetObjectItemCaseSensitive (json, "shape");
  const int    n = cJSON_GetArraySize (shape);

  if (shape == NULL)
    return TRUE;
  for (int i = 0; i < n && n <= 3; i++)
    {
      guint size = 0;

      if (!json_read_uint (cJSON_GetArrayItem (shape, i), 65536, &size) || size == 0)
        return eqs_data_refuse (error, path, _("column “%s”: “shape” must be one to three whole numbers from 1 to 65536."), column->name);
      column->shape[column->n_shape++] = size;
    }
  if (column->n_shape == 0)
    return eqs_data_refuse (error, path, _("column “%s”: “shape” must be one to three whole numbers from 1 to 65536."), column->name);
  return TRUE;
}

static gboolean
json_read_part (const cJSON *json, EqsColumnSpec *column, const char *path, GError **error)
{
  const cJSON *values = cJSON_GetObjectItemCaseSensitive (json, "part_values"), *undirected = cJSON_GetObjectItemCaseSensitive (json, "undirected"), *item;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free), texts = g_ptr_array_new_with_free_func (g_free);

  if (!json_dup_string (json, "part_field", &column->part_field, path, error))
    return FALSE;
  if (undirected != NULL && !cJSON_IsBool (undirected))
    return eqs_data_refuse (error, path, _("column “%s”: “undirected” must be true or false."), column->name);
  column->undirected = cJSON_IsTrue (undirected);
  if (values == NULL)
    return TRUE;
  cJSON_ArrayForEach (item, values)
    {
      if (!cJSON_IsString (item) || item->string == NULL || !g_utf8_validate (item->valuestring, -1, NULL))
        return eqs_data_refuse (error, path, _("column “%s”: “part_values” must map parts to texts."), column->name);
      g_ptr_array_add (names, g_strdup (item->string));
      g_ptr_array_add (texts, g_strdup (item->valuestring));
    }
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (texts, NULL);
  column->part_names = (char **) g_ptr_array_steal (names, NULL);
  column->part_values = (char **) g_ptr_array_steal (texts, NULL);
  return TRUE;
}

static gboolean
json_read_source (const cJSON *json, EqsColumnSpec *column, const char *path, GError **error)
{
  static const char *const transforms[] = { "none", "direction", "words", NULL };
  const cJSON *rows = cJSON_GetObjectItemCaseSensitive (json, "rows_of");
  g_autofree char *field = NULL;
  guint transform = 0;

  if (!json_dup_string (json, "file", &column->file, path, error) ||
      !json_dup_string (json, "field", &field, path, error) ||
      !json_dup_strings (json, "fields", &column->fields, path, error) ||
      !json_dup_string (json, "sample_field", &column->sample_field, path, error) ||
      !json_dup_string (json, "offsets", &column->offsets, path, error) ||
      !json_dup_string (json, "mask", &column->mask, path, error) ||
      !json_read_choice (json, "transform", transforms, &transform, path, error))
    return FALSE;
  column->is_direction = transform == 1;
  column->is_words = transform == 2;
  if (field != NULL && column->fields == NULL)
    {
      column->fields = g_new0 (char *, 2);
      column->fields[0] = g_steal_pointer (&field);
    }
  if (rows != NULL)
    {
      if (!json_dup_string (json, "rows_of", &column->base_column, path, error))
        return FALSE;
      column->is_rows = TRUE;
    }
  return TRUE;
}

static gboolean
json_read_column (const cJSON *json, EqsDatasetSpec *spec, const char *path, GError **error)
{
  static const char *const roles[] = { "input", "target", "extra", NULL };
  static const char *const kinds[] = { "sample", "node", "edge", NULL };
  static const char *const values[] = { "feature", "position", "label", "species", "angle", "node index", NULL };
  EqsColumnSpec *column = g_new0 (EqsColumnSpec, 1);
  guint role = EQS_ROLE_EXTRA, kind = EQS_COLUMN_FIXED, meaning = EQS_VALUES_FEATURE;

  g_ptr_array_add (spec->columns, column);
  if (!json_dup_string (json, "name", &column->name, path, error))
    return FALSE;
  if (column->name == NULL || *column->name == '\0' || strchr (column->name, '/') != NULL)
    return eqs_data_refuse (error, path, _("every column needs a “name” without a slash."));
  for (guint i = 0; i + 1 < spec->columns->len; i++)
    if (g_str_equal (((EqsColumnSpec *) spec->columns->pdata[i])->name, column->name))
      return eqs_data_refuse (error, path, _("two columns are named “%s”."), column->name);
  if (!json_read_choice (json, "role", roles, &role, path, error) ||
      !json_read_choice (json, "per", kinds, &kind, path, error) ||
      !json_read_choice (json, "values", values, &meaning, path, error) ||
      !json_dup_string (json, "representation", &column->representation, path, error) ||
      !json_dup_string (json, "unit", &column->unit, path, error) ||
      !json_dup_string (json, "convention", &column->convention, path, error) ||
      !json_dup_string (json, "task", &column->task, path, error) ||
      !json_dup_strings (json, "classes", &column->class_names, path, error) || !json_dup_strings (json, "pairs", &column->pair_parts, path, error) ||
      !json_read_numbers (json, column, path, error) || !json_read_shape (json, column, path, error) || !json_read_source (json, column, path, error) || !json_read_part (json, column, path, error))
    return FALSE;
  column->role = (EqsRole) role;
  column->kind = (EqsColumnKind) kind;
  column->values = (EqsValues) meaning;
  if (column->class_names != NULL)
    column->n_classes = g_strv_length (column->class_names);
  if (spec->generator == NULL && (column->file == NULL || !file_is_inside (column->file)))
    return eqs_data_refuse (error, path, _("column “%s” needs a “file” inside its folder."), column->name);
  if (column->is_rows && spec->base == NULL)
    return eqs_data_refuse (error, path, _("column “%s” has “rows_of”, but there is no “base”."), column->name);
  return TRUE;
}

static gboolean
json_read_split (const cJSON *json, EqsDatasetSpec *spec, const char *path, GError **error)
{
  const char *name = json->string != NULL ? json->string : cJSON_GetStringValue (json);
  const cJSON *item;

  if (name == NULL || !eqs_dataset_name_of_part_is_fine (name))
    return eqs_data_refuse (error, path, _("“splits” must name parts by letters, digits, “_” and “-”."));
  for (guint i = 0; i < spec->splits->len; i++)
    if (g_str_equal (spec->splits->pdata[i], name))
      return eqs_data_refuse (error, path, _("the part “%s” is there twice."), name);
  g_ptr_array_add (spec->splits, g_strdup (name));
  if (json->string == NULL)
    return TRUE;
  cJSON_ArrayForEach (item, json)
    {
      if (!cJSON_IsString (item) || item->string == NULL || !file_is_inside (item->valuestring))
        return eqs_data_refuse (error, path, _("the part “%s” must map columns to files inside its folder."), name);
      g_hash_table_replace (spec->files, g_strconcat (name, "/", item->string, NULL), g_strdup (item->valuestring));
    }
  return TRUE;
}

static gboolean
json_read_base (const cJSON *json, EqsDatasetSpec *spec, const char *path, GError **error)
{
  const cJSON *splits = cJSON_GetObjectItemCaseSensitive (json, "base_splits"), *item;

  if (!json_dup_string (json, "base", &spec->base, path, error))
    return FALSE;
  if (spec->base != NULL && !eqs_dataset_name_of_part_is_fine (spec->base))
    return eqs_data_refuse (error, path, _("“base” must be the name of a data set."));
  cJSON_ArrayForEach (item, splits)
    {
      if (!cJSON_IsString (item) || item->string == NULL)
        return eqs_data_refuse (error, path, _("“base_splits” must map parts to parts."));
      g_hash_table_replace (spec->base_splits, g_strdup (item->string), g_strdup (item->valuestring));
    }
  return TRUE;
}

static gboolean
json_read_lists (const cJSON *json, EqsDatasetSpec *spec, const char *path, GError **error)
{
  const cJSON *columns = cJSON_GetObjectItemCaseSensitive (json, "columns");
  const cJSON *splits = cJSON_GetObjectItemCaseSensitive (json, "splits");
  const cJSON *item;

  if (!cJSON_IsArray (columns) || cJSON_GetArraySize (columns) == 0)
    return eqs_data_refuse (error, path, _("“columns” must be a list of at least one column."));
  cJSON_ArrayForEach (item, columns)
    if (!json_read_column (item, spec, path, error))
      return FALSE;
  if ((!cJSON_IsArray (splits) && !cJSON_IsObject (splits)) || splits->child == NULL)
    return eqs_data_refuse (error, path, _("“splits” must name at least one part."));
  cJSON_ArrayForEach (item, splits)
    if (!json_read_split (item, spec, path, error))
      return FALSE;
  return TRUE;
}

static gboolean
json_read_spec (const cJSON *json, EqsDatasetSpec *spec, const char *path, GError **error)
{
  const cJSON *version = cJSON_GetObjectItemCaseSensitive (json, "version");
  const cJSON *seed = cJSON_GetObjectItemCaseSensitive (json, "seed");
  guint number = 0;

  if (!cJSON_IsObject (json))
    return eqs_data_refuse (error, path, _("this must be a JSON object."));
  if (!json_read_uint (version, G_MAXINT32, &number) || number == 0)
    return eqs_data_refuse (error, path, _("“version” must be 1."));
  if (number > 1)
    return eqs_data_refuse (error, path, _("this is version %u of the format; this program reads version 1."), number);
  if (!json_dup_string (json, "title", &spec->title, path, error) ||
      !json_dup_string (json, "description", &spec->description, path, error) ||
      !json_dup_string (json, "domain", &spec->domain, path, error) ||
      !json_dup_string (json, "task", &spec->task, path, error) ||
      !json_dup_string (json, "group", &spec->group, path, error) ||
      !json_dup_string (json, "licence", &spec->licence, path, error) ||
      !json_dup_string (json, "origin", &spec->origin, path, error) ||
      !json_dup_string (json, "generator", &spec->generator, path, error) ||
      !json_read_base (json, spec, path, error))
    return FALSE;
  if (seed != NULL)
    {
      if (!json_read_uint (seed, G_MAXINT32, &number))
        return eqs_data_refuse (error, path, _("“seed” must be a whole number from 0."));
      spec->seed = number;
    }
  return json_read_lists (json, spec, path, error);
}

static gboolean
read_json (const char *file, EqsDatasetSpec *spec, GError **error)
{
  g_autoptr (GBytes) bytes = eqs_file_read (file, 4 << 20, error);
  const char *data, *end = NULL;
  gsize length;
  cJSON *json;
  gboolean fine;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  json = cJSON_ParseWithLengthOpts (data, length, &end, FALSE);
  if (json == NULL)
    {
      guint line = 1;

      for (const char *p = data; end != NULL && p < end && p < data + length; p++)
        line += *p == '\n';
      return eqs_data_refuse (error, file, _("line %u is not JSON."), line);
    }
  fine = json_read_spec (json, spec, file, error);
  cJSON_Delete (json);
  return fine;
}

/* ---- all ---- */

static void
set_default (char **text, const char *value)
{
  if (*text == NULL)
    *text = g_strdup (value);
}

EqsDatasetSpec *
eqs_dataset_spec_read (const char *path, gboolean keep_missing, GError **error)
{
  g_autoptr (EqsDatasetSpec) self = dataset_spec_new ();
  g_autofree char *folder = eqs_dataset_find_folder (path, &self->prefix);
  g_autofree char *json = g_build_filename (path, "dataset.json", NULL);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *title = g_filename_display_name (name);
  g_autoptr (EqsValue) map = NULL;

  self->keeps_missing = keep_missing;
  if (g_file_test (json, G_FILE_TEST_EXISTS) && !eqs_dataset_map_read (json, &map, error))
    return NULL;
  if (map != NULL ? !eqs_dataset_spec_guess (self, folder, error) || !eqs_dataset_map_apply (self, map, json, error)
                  : g_file_test (json, G_FILE_TEST_EXISTS) ? !read_json (json, self, error) : !eqs_dataset_spec_guess (self, folder, error))
    return NULL;
  eqs_dataset_spec_find_training (self);
  for (guint i = 0; i < self->columns->len; i++)
    {
      EqsColumnSpec *column = self->columns->pdata[i];

      if (column->is_bytes && column->scale == 0 && column->n_shape > 0)
        column->scale = 1.0f / 255.0f;
    }
  eqs_dataset_spec_sort_splits (self);
  set_default (&self->title, title);
  set_default (&self->description, "");
  set_default (&self->domain, "set");
  set_default (&self->task, "");
  set_default (&self->group, "");
  set_default (&self->licence, "");
  set_default (&self->origin, "");
  return g_steal_pointer (&self);
}

const char *
eqs_column_spec_get_field (const EqsColumnSpec *spec)
{
  return spec->fields != NULL ? spec->fields[0] : spec->name;
}

/* What a data folder is: from dataset.json, or guessed from the names of its files. Nothing but descriptions is read
 * here, except the head of a CSV, NPZ or XYZ file whose columns only the file itself knows. */

#include "data/dataset-private.h"
#include "data/clouds.h"
#include "data/tables.h"
#include "data/csv.h"
#include "data/error.h"
#include "data/file.h"
#include "data/images.h"
#include "data/npy.h"
#include "data/tu.h"
#include "data/xyz.h"

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

/* ---- dataset.json ---- */

static gboolean G_GNUC_PRINTF (3, 4)
json_fail (const char *path, GError **error, const char *format, ...)
{
  g_autofree char *raw = NULL;
  g_autofree char *what = NULL;
  g_autofree char *shown = g_filename_display_name (path);
  va_list args;

  va_start (args, format);
  raw = g_strdup_vprintf (format, args);
  va_end (args);
  what = eqs_data_clean (raw);
  /* Translators: the path of a dataset.json, then a sentence about what is wrong in it */
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s”: %s"), shown, what);
  return FALSE;
}

static gboolean
json_dup_string (const cJSON *object, const char *key, char **out, const char *path, GError **error)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  if (item == NULL)
    return TRUE;
  if (!cJSON_IsString (item) || !g_utf8_validate (item->valuestring, -1, NULL))
    return json_fail (path, error, _("“%s” must be text."), key);
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
  return json_fail (path, error, _("“%s” is “%.40s”, but must be one of %s."), key, text, all);
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
        return json_fail (path, error, _("“%s” must be a list of texts."), key);
      g_ptr_array_add (strings, g_strdup (item->valuestring));
    }
  if (!cJSON_IsArray (list) || strings->len == 0)
    return json_fail (path, error, _("“%s” must be a list of texts."), key);
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
        return json_fail (path, error, _("column “%s”: “scale” must be a number other than 0."), column->name);
      column->scale = (float) scale->valuedouble;
    }
  if (slice != NULL)
    {
      column->has_slice = TRUE;
      if (cJSON_GetArraySize (slice) != 2 ||
          !json_read_uint (cJSON_GetArrayItem (slice, 0), G_MAXINT32, &column->slice[0]) ||
          !json_read_uint (cJSON_GetArrayItem (slice, 1), G_MAXINT32, &column->slice[1]) ||
          column->slice[0] >= column->slice[1])
        return json_fail (path, error, _("column “%s”: “slice” must be two numbers, the first below the second."),
                          column->name);
    }
  if (classes != NULL && (!json_read_uint (classes, 65536, &column->n_classes) || column->n_classes == 0))
    return json_fail (path, error, _("column “%s”: “n_classes” must be a number from 1 to 65536."), column->name);
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
    return json_fail (path, error, _("column “%s”: “undirected” must be true or false."), column->name);
  column->undirected = cJSON_IsTrue (undirected);
  if (values == NULL)
    return TRUE;
  cJSON_ArrayForEach (item, values)
    {
      if (!cJSON_IsString (item) || item->string == NULL || !g_utf8_validate (item->valuestring, -1, NULL))
        return json_fail (path, error, _("column “%s”: “part_values” must map parts to texts."), column->name);
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
    return json_fail (path, error, _("every column needs a “name” without a slash."));
  for (guint i = 0; i + 1 < spec->columns->len; i++)
    if (g_str_equal (((EqsColumnSpec *) spec->columns->pdata[i])->name, column->name))
      return json_fail (path, error, _("two columns are named “%s”."), column->name);
  if (!json_read_choice (json, "role", roles, &role, path, error) ||
      !json_read_choice (json, "per", kinds, &kind, path, error) ||
      !json_read_choice (json, "values", values, &meaning, path, error) ||
      !json_dup_string (json, "representation", &column->representation, path, error) ||
      !json_dup_string (json, "unit", &column->unit, path, error) ||
      !json_dup_string (json, "convention", &column->convention, path, error) ||
      !json_dup_string (json, "task", &column->task, path, error) ||
      !json_dup_strings (json, "classes", &column->class_names, path, error) || !json_dup_strings (json, "pairs", &column->pair_parts, path, error) ||
      !json_read_numbers (json, column, path, error) || !json_read_source (json, column, path, error) || !json_read_part (json, column, path, error))
    return FALSE;
  column->role = (EqsRole) role;
  column->kind = (EqsColumnKind) kind;
  column->values = (EqsValues) meaning;
  if (column->class_names != NULL)
    column->n_classes = g_strv_length (column->class_names);
  if (spec->generator == NULL && (column->file == NULL || !file_is_inside (column->file)))
    return json_fail (path, error, _("column “%s” needs a “file” inside its folder."), column->name);
  if (column->is_rows && spec->base == NULL)
    return json_fail (path, error, _("column “%s” has “rows_of”, but there is no “base”."), column->name);
  return TRUE;
}

static gboolean
split_name_is_fine (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("_-.+", *p) == NULL)
      return FALSE;
  return g_ascii_isalnum (*name);
}

static gboolean
json_read_split (const cJSON *json, EqsDatasetSpec *spec, const char *path, GError **error)
{
  const char *name = json->string != NULL ? json->string : cJSON_GetStringValue (json);
  const cJSON *item;

  if (name == NULL || !split_name_is_fine (name))
    return json_fail (path, error, _("“splits” must name parts by letters, digits, “_” and “-”."));
  for (guint i = 0; i < spec->splits->len; i++)
    if (g_str_equal (spec->splits->pdata[i], name))
      return json_fail (path, error, _("the part “%s” is there twice."), name);
  g_ptr_array_add (spec->splits, g_strdup (name));
  if (json->string == NULL)
    return TRUE;
  cJSON_ArrayForEach (item, json)
    {
      if (!cJSON_IsString (item) || item->string == NULL || !file_is_inside (item->valuestring))
        return json_fail (path, error, _("the part “%s” must map columns to files inside its folder."), name);
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
  if (spec->base != NULL && !split_name_is_fine (spec->base))
    return json_fail (path, error, _("“base” must be the name of a data set."));
  cJSON_ArrayForEach (item, splits)
    {
      if (!cJSON_IsString (item) || item->string == NULL)
        return json_fail (path, error, _("“base_splits” must map parts to parts."));
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
    return json_fail (path, error, _("“columns” must be a list of at least one column."));
  cJSON_ArrayForEach (item, columns)
    if (!json_read_column (item, spec, path, error))
      return FALSE;
  if ((!cJSON_IsArray (splits) && !cJSON_IsObject (splits)) || splits->child == NULL)
    return json_fail (path, error, _("“splits” must name at least one part."));
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
    return json_fail (path, error, _("this must be a JSON object."));
  if (!json_read_uint (version, G_MAXINT32, &number) || number == 0)
    return json_fail (path, error, _("“version” must be 1."));
  if (number > 1)
    return json_fail (path, error, _("this is version %u of the format; this program reads version 1."), number);
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
        return json_fail (path, error, _("“seed” must be a whole number from 0."));
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
      return json_fail (file, error, _("line %u is not JSON."), line);
    }
  fine = json_read_spec (json, spec, file, error);
  cJSON_Delete (json);
  return fine;
}

/* ---- by file names ---- */

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

static EqsColumnSpec *
add_field (EqsDatasetSpec *spec, const char *name, EqsRole role, EqsValues values, const char *file, const char *field)
{
  EqsColumnSpec *column = eqs_dataset_spec_add (spec, name, role, values, file);

  column->fields = g_new0 (char *, 2);
  column->fields[0] = g_strdup (field);
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

/* Whether files "{split}SUFFIX" are there; the splits are added. */
static gboolean
find_splits (const char *path, const char *suffix, EqsDatasetSpec *spec)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  gboolean found = FALSE;

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    if (g_str_has_suffix (name, suffix) && strlen (name) > strlen (suffix))
      {
        g_autofree char *split = g_strndup (name, strlen (name) - strlen (suffix));

        /* "train-images.npy" is no part "train-images". */
        if (!split_name_is_fine (split) || (*suffix == '.' && strchr (split, '-') != NULL))
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

/* The file of the first part, to see what it holds. */
static GBytes *
read_first (const char *path, EqsDatasetSpec *spec, const char *suffix, char **name, GError **error)
{
  g_autofree char *file = NULL;

  g_ptr_array_sort (spec->splits, compare_splits);
  *name = g_strconcat (spec->splits->pdata[0], suffix, NULL);
  file = g_build_filename (path, *name, NULL);
  return eqs_file_read (file, EQS_DATA_MAX_FILE, error);
}

static gboolean
guess_xyz (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = read_first (path, spec, ".xyz", &name, error);
  g_autoptr (EqsSplit) first = bytes != NULL ? eqs_xyz_parse (bytes, name, "first", error) : NULL;

  if (first == NULL)
    return FALSE;
  spec->domain = g_strdup ("molecule");
  for (guint i = 0; i < eqs_split_get_n_columns (first); i++)
    {
      const EqsColumn *from = eqs_split_get_column (first, i);
      const gboolean input = from->values == EQS_VALUES_SPECIES || from->values == EQS_VALUES_POSITION;
      const char    *quantity = g_str_equal (from->name, "Lattice") && from->n_values == 9 ? "cell" : from->name;
      EqsColumnSpec *column = add_field (spec, quantity, input ? EQS_ROLE_INPUT : EQS_ROLE_EXTRA, from->values,
                                         "{split}.xyz", from->name);

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

static const char *
domain_of_array (const EqsArray *array)
{
  return array->n_dims == 4 ? "image" : array->n_dims == 3 && array->dims[2] >= 3 ? "points" : "set";
}

static gboolean
guess_npy (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = read_first (path, spec, ".npy", &name, error);
  g_autoptr (EqsArray) array = bytes != NULL ? eqs_npy_parse (bytes, name, error) : NULL;

  if (array == NULL)
    return FALSE;
  spec->domain = g_strdup (domain_of_array (array));
  eqs_dataset_spec_add (spec, "x", EQS_ROLE_INPUT, EQS_VALUES_FEATURE, "{split}.npy");
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

static gboolean
guess_npz (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = read_first (path, spec, ".npz", &name, error);
  g_autoptr (GPtrArray) arrays = bytes != NULL ? eqs_npz_parse (bytes, name, error) : NULL;

  if (arrays == NULL)
    return FALSE;
  for (guint i = 0; i < arrays->len; i++)
    {
      const EqsArray *array = arrays->pdata[i];
      const char *task;
      EqsValues values;

      if (eqs_dataset_name_is_target (array->name, &values, &task))
        {
          add_field (spec, array->name, EQS_ROLE_TARGET, values, "{split}.npz", array->name)->task = g_strdup (task);
          if (spec->task == NULL)
            spec->task = g_strdup (task);
          continue;
        }
      add_field (spec, array->name, EQS_ROLE_INPUT, EQS_VALUES_FEATURE, "{split}.npz", array->name);
      if (spec->domain == NULL)
        spec->domain = g_strdup (domain_of_array (array));
    }
  return TRUE;
}

static gboolean
guess_csv (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = read_first (path, spec, ".csv", &name, error);
  g_autoptr (EqsCsv) csv = bytes != NULL ? eqs_csv_parse (bytes, name, error) : NULL;
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);

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
      add_field (spec, title, EQS_ROLE_TARGET, values, "{split}.csv", title)->task = g_strdup (task);
      if (spec->task == NULL)
        spec->task = g_strdup (task);
    }
  if (fields->len == 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("“%s” has no column of numbers to learn from."), name);
      return FALSE;
    }
  g_ptr_array_add (fields, NULL);
  eqs_dataset_spec_add (spec, "x", EQS_ROLE_INPUT, EQS_VALUES_FEATURE, "{split}.csv")->fields =
    (char **) g_ptr_array_steal (fields, NULL);
  return TRUE;
}

static gboolean
guess_pictures (const char *path, EqsDatasetSpec *spec)
{
  static const char *const parts[] = { "train", "valid", "test" };
  const char *pattern = "{split}/";

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *folder = g_build_filename (path, parts[i], NULL);
      g_auto (GStrv) classes = eqs_images_list_classes (folder);

      if (*classes != NULL)
        eqs_dataset_spec_add_split (spec, parts[i]);
    }
  if (spec->splits->len == 0)
    {
      g_auto (GStrv) classes = eqs_images_list_classes (path);

      if (*classes == NULL)
        return FALSE;
      eqs_dataset_spec_add_split (spec, "train");
      pattern = "./";
    }
  spec->domain = g_strdup ("image");
  spec->task = g_strdup ("classification");
  add_field (spec, "image", EQS_ROLE_INPUT, EQS_VALUES_FEATURE, pattern, "image");
  add_field (spec, "label", EQS_ROLE_TARGET, EQS_VALUES_LABEL, pattern, "label")->task = g_strdup ("classification");
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
      if (!split_name_is_fine (parts[i]))
        {
          g_autofree char *shown = eqs_data_quote (parts[i]);

          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s_split.txt” names a part “%s”; parts are named by letters, digits, “_” and “-”."), name, shown);
          return FALSE;
        }
      eqs_dataset_spec_add_split (spec, parts[i]);
    }
  g_ptr_array_sort (spec->splits, compare_splits);
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

static gboolean
guess_spec (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path), *graphs = find_graphs (path);
  gboolean         tables = FALSE;

  if (graphs != NULL)
    return guess_graphs (path, graphs, spec, error);
  if (!eqs_tables_guess (path, spec, &tables, error))
    return FALSE;
  if (tables)
    return TRUE;
  if (eqs_clouds_guess (path, spec) || guess_images (path, spec) || guess_pictures (path, spec))
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

static void
set_default (char **text, const char *value)
{
  if (*text == NULL)
    *text = g_strdup (value);
}

EqsDatasetSpec *
eqs_dataset_spec_read (const char *path, GError **error)
{
  g_autoptr (EqsDatasetSpec) self = dataset_spec_new ();
  g_autofree char *json = g_build_filename (path, "dataset.json", NULL);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *title = g_filename_display_name (name);
  g_autoptr (EqsValue) map = NULL;

  if (g_file_test (json, G_FILE_TEST_EXISTS) && !eqs_dataset_map_read (json, &map, error))
    return NULL;
  if (map != NULL ? !guess_spec (path, self, error) || !eqs_dataset_map_apply (self, map, json, error)
                  : g_file_test (json, G_FILE_TEST_EXISTS) ? !read_json (json, self, error) : !guess_spec (path, self, error))
    return NULL;
  g_ptr_array_sort (self->splits, compare_splits);
  set_default (&self->title, title);
  set_default (&self->description, "");
  set_default (&self->domain, "set");
  set_default (&self->task, "");
  set_default (&self->group, "");
  set_default (&self->licence, "");
  set_default (&self->origin, "");
  return g_steal_pointer (&self);
}

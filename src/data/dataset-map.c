/* The map is read over what the names of files say; see dataset-map.h. */

#include "data/dataset-map.h"

#include "data/dataset-private.h"
#include "data/error.h"
#include "data/file.h"
#include "data/tables.h"
#include "model/atomic.h"
#include "model/json.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const roles[] = { [EQS_ROLE_INPUT] = "input", [EQS_ROLE_TARGET] = "target", [EQS_ROLE_EXTRA] = "extra" };

void
eqs_mapped_free (EqsMapped *self)
{
  g_free (self->name);
  g_strfreev (self->classes);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *path, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (GError **error, const char *path, const char *format, ...)
{
  g_autofree char *raw = NULL, *shown = g_filename_display_name (path), *clean = NULL;
  va_list args;

  va_start (args, format);
  raw = g_strdup_vprintf (format, args);
  va_end (args);
  clean = eqs_data_clean (raw);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s”: %s"), shown, clean);
  return FALSE;
}

/* ---- reading ---- */

gboolean
eqs_dataset_map_read (const char *path, EqsValue **map, GError **error)
{
  g_autoptr (GBytes)   bytes = eqs_file_read (path, 4 << 20, error);
  g_autoptr (EqsValue) value = NULL;
  gsize                length;
  const char          *text = bytes == NULL ? NULL : g_bytes_get_data (bytes, &length);

  *map = NULL;
  if (bytes == NULL)
    return FALSE;
  /* What is no JSON is for the reader of whole descriptions to refuse, by its line. */
  value = eqs_json_parse (text, length, NULL);
  if (value != NULL && eqs_value_get_map (value) != NULL && eqs_map_get (eqs_value_get_map (value), "map") != NULL && eqs_map_get (eqs_value_get_map (value), "columns") == NULL)
    *map = g_steal_pointer (&value);
  return TRUE;
}

static EqsColumnSpec *
find_column (EqsDatasetSpec *spec, const char *name)
{
  for (guint i = 0; i < spec->columns->len; i++)
    if (strcmp (((EqsColumnSpec *) spec->columns->pdata[i])->name, name) == 0)
      return spec->columns->pdata[i];
  return NULL;
}

/* A column of several fields; where `name` stands among them. */
static EqsColumnSpec *
find_field (EqsDatasetSpec *spec, const char *name, guint *at)
{
  for (guint i = 0; i < spec->columns->len; i++)
    {
      EqsColumnSpec *column = spec->columns->pdata[i];

      for (guint k = 0; column->fields != NULL && g_strv_length (column->fields) > 1 && column->fields[k] != NULL; k++)
        if (strcmp (column->fields[k], name) == 0)
          {
            *at = k;
            return column;
          }
    }
  return NULL;
}

/* One of several fields becomes a column of its own. */
static EqsColumnSpec *
take_field (EqsDatasetSpec *spec, EqsColumnSpec *from, guint at)
{
  EqsColumnSpec *own = eqs_dataset_spec_add (spec, from->fields[at], from->role, from->values, from->file);
  const guint    n = g_strv_length (from->fields);

  own->fields = g_new0 (char *, 2);
  own->fields[0] = from->fields[at];
  memmove (from->fields + at, from->fields + at + 1, (n - at) * sizeof *from->fields);
  return own;
}

static gboolean
read_classes (EqsColumnSpec *column, const EqsValue *list, const char *path, GError **error)
{
  const guint n = list == NULL ? 0 : eqs_value_get_length (list);

  if (n == 0 || n > 100000)
    return refuse (error, path, _("“classes” of “%s” must list their names."), column->name);
  g_strfreev (column->class_names);
  column->class_names = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const char *name = eqs_value_get_string (eqs_value_get_item (list, i));

      if (name == NULL || name[0] == '\0')
        return refuse (error, path, _("“classes” of “%s” must list their names."), column->name);
      column->class_names[i] = g_strdup (name);
    }
  column->renamed = TRUE;
  return TRUE;
}

static gboolean
apply_one (EqsDatasetSpec *spec, const char *name, const EqsMap *said, const char *path, GError **error)
{
  const char    *role = eqs_map_get_string (said, "role", NULL), *values = eqs_map_get_string (said, "values", NULL);
  EqsColumnSpec *column = find_column (spec, name), *from;
  guint          at = 0, r = 0;

  while (role != NULL && r < G_N_ELEMENTS (roles) && strcmp (roles[r], role) != 0)
    r++;
  if (role == NULL || r == G_N_ELEMENTS (roles))
    return refuse (error, path, _("“role” of “%s” must be input, target or extra."), name);
  if (values != NULL && strcmp (values, "label") != 0 && strcmp (values, "feature") != 0)
    return refuse (error, path, _("“values” of “%s” must be label or feature."), name);
  if (column == NULL)
    {
      from = find_field (spec, name, &at);
      if (from == NULL)
        return refuse (error, path, _("there is no column “%s” in the files."), name);
      /* A field that goes in stays with the others. */
      if (r == EQS_ROLE_INPUT && from->role == EQS_ROLE_INPUT)
        return TRUE;
      column = take_field (spec, from, at);
    }
  column->role = (EqsRole) r;
  if (values != NULL)
    column->values = strcmp (values, "label") == 0 ? EQS_VALUES_LABEL : EQS_VALUES_FEATURE;
  if (column->role == EQS_ROLE_TARGET)
    {
      g_free (column->task);
      column->task = g_strdup (column->values == EQS_VALUES_LABEL ? "classification" : "regression");
    }
  return eqs_map_get (said, "classes") == NULL || read_classes (column, eqs_map_get (said, "classes"), path, error);
}

gboolean
eqs_dataset_map_apply (EqsDatasetSpec *spec, const EqsValue *json, const char *path, GError **error)
{
  const EqsMap *map = eqs_value_get_map (eqs_map_get (eqs_value_get_map (json), "map"));
  const char   *title = eqs_map_get_string (eqs_value_get_map (json), "title", NULL);
  gboolean      input = FALSE;

  if (map == NULL)
    return refuse (error, path, _("“map” must be an object of columns."));
  for (guint i = 0; i < eqs_map_get_size (map); i++)
    {
      const EqsMap *said = eqs_value_get_map (eqs_map_get_value (map, i));

      if (said == NULL)
        return refuse (error, path, _("“%s” in “map” must be an object."), eqs_map_get_key (map, i));
      if (!apply_one (spec, eqs_map_get_key (map, i), said, path, error))
        return FALSE;
    }
  g_clear_pointer (&spec->task, g_free);
  for (guint i = 0; i < spec->columns->len; i++)
    {
      const EqsColumnSpec *column = spec->columns->pdata[i];

      input = input || column->role == EQS_ROLE_INPUT;
      if (column->role == EQS_ROLE_TARGET && spec->task == NULL)
        spec->task = g_strdup (column->task);
    }
  if (!input)
    return refuse (error, path, _("no column goes in: one must have the role input."));
  if (title != NULL)
    {
      g_free (spec->title);
      spec->title = g_strdup (title);
    }
  return TRUE;
}

/* ---- listing and writing ---- */

static EqsMapped *
new_mapped (const EqsColumnSpec *column, const char *name)
{
  EqsMapped *self = g_new0 (EqsMapped, 1);

  self->name = g_strdup (name);
  self->role = column->role;
  self->is_class = column->values == EQS_VALUES_LABEL;
  self->classes = g_strdupv (column->class_names);
  return self;
}

GPtrArray *
eqs_dataset_list_mapped (EqsDataset *self)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), NULL);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_mapped_free);
  g_autofree char      *path = g_build_filename (eqs_dataset_get_path (self), "dataset.json", NULL);
  g_autoptr (EqsDatasetSpec) spec = NULL;
  g_autoptr (EqsValue)  map = NULL;

  if (eqs_dataset_is_generated (self) || (g_file_test (path, G_FILE_TEST_EXISTS) && (!eqs_dataset_map_read (path, &map, NULL) || map == NULL)))
    return g_steal_pointer (&list);
  spec = eqs_dataset_spec_read (eqs_dataset_get_path (self), NULL);
  for (guint i = 0; spec != NULL && i < spec->columns->len; i++)
    {
      const EqsColumnSpec *column = spec->columns->pdata[i];

      if (column->fields == NULL || g_strv_length (column->fields) < 2)
        g_ptr_array_add (list, new_mapped (column, column->name));
      else
        for (guint k = 0; column->fields[k] != NULL; k++)
          g_ptr_array_add (list, new_mapped (column, column->fields[k]));
    }
  return g_steal_pointer (&list);
}

static EqsValue *
mapped_value (const EqsMapped *mapped)
{
  EqsMap *said = eqs_map_new ();

  eqs_map_set (said, "role", eqs_value_new_string (roles[mapped->role]));
  if (mapped->role == EQS_ROLE_TARGET)
    eqs_map_set (said, "values", eqs_value_new_string (mapped->is_class ? "label" : "feature"));
  if (mapped->role == EQS_ROLE_TARGET && mapped->is_class && mapped->classes != NULL)
    eqs_map_set (said, "classes", eqs_value_new_strings ((const char *const *) mapped->classes));
  return eqs_value_new_object (said);
}

gboolean
eqs_dataset_write_map (EqsDataset *self, GPtrArray *mapped, GError **error)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), FALSE);

  g_autofree char *path = g_build_filename (eqs_dataset_get_path (self), "dataset.json", NULL), *text = NULL;
  EqsMap          *top = eqs_map_new (), *map = eqs_map_new ();
  g_autoptr (EqsValue) whole = NULL;
  gboolean         used[G_N_ELEMENTS (roles)] = { FALSE };

  for (guint i = 0; i < mapped->len; i++)
    {
      const EqsMapped *one = g_ptr_array_index (mapped, i);

      used[one->role] = TRUE;
      eqs_map_set (map, one->name, mapped_value (one));
    }
  eqs_map_set (top, "version", eqs_value_new_number (1));
  eqs_map_set (top, "title", eqs_value_new_string (eqs_dataset_get_title (self)));
  eqs_map_set (top, "map", eqs_value_new_object (map));
  whole = eqs_value_new_object (top);
  if (!used[EQS_ROLE_INPUT] || !used[EQS_ROLE_TARGET])
    {
      g_set_error_literal (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, used[EQS_ROLE_INPUT] ? _("Choose what is to be told: no column is a target.") : _("Choose what goes in: no column is an input."));
      return FALSE;
    }
  text = eqs_value_to_text (whole);
  return eqs_file_write_atomic (path, text, -1, error);
}

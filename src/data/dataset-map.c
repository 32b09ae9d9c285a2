/* dataset.json that only says what the columns of a folder mean ("map"): read over what the names of files say, listed for a person, written. */

#include "data/meaning.h"

#include "data/dataset-private.h"
#include "data/error.h"
#include "data/file.h"
#include "model/atomic.h"
#include "model/json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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

gboolean
eqs_dataset_map_apply (EqsDatasetSpec *spec, const EqsValue *json, const char *path, GError **error)
{
  static const char *const domains[] = { "image", "sphere", "points", "molecule", "set", "graph", NULL };
  const char           *title = eqs_map_get_string (eqs_value_get_map (json), "title", NULL), *domain = eqs_map_get_string (eqs_value_get_map (json), "domain", NULL);
  g_autoptr (GPtrArray) list = eqs_meanings_new ();

  if (!eqs_meanings_read (list, eqs_value_get_map (eqs_map_get (eqs_value_get_map (json), "map")), path, error) || !eqs_dataset_spec_say (spec, list, path, error))
    return FALSE;
  if (domain != NULL && !g_strv_contains (domains, domain))
    {
      g_autofree char *shown = g_filename_display_name (path), *all = g_strjoinv (", ", (char **) domains), *word = eqs_data_quote (domain);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s”: “domain” is “%s”, but must be one of %s."), shown, word, all);
      return FALSE;
    }
  if (domain != NULL)
    {
      g_free (spec->domain);
      spec->domain = g_strdup (domain);
      for (guint i = 0; strcmp (domain, "image") == 0 && i < spec->columns->len; i++)      /* what looked like elements is rows of pixels */
        {
          EqsColumnSpec *column = spec->columns->pdata[i];

          if (column->mask == NULL && column->offsets == NULL && column->sample_field == NULL)
            column->kind = EQS_COLUMN_FIXED;
        }
    }
  if (title != NULL)
    {
      g_free (spec->title);
      spec->title = g_strdup (title);
    }
  return TRUE;
}

/* ---- listing and writing ---- */

static void
list_column (GPtrArray *list, const EqsColumnSpec *column, const char *name)
{
  EqsMeaning *self = eqs_meanings_get (list, name);

  self->has_role = TRUE;
  self->role = column->role;
  self->has_values = column->values == EQS_VALUES_LABEL || column->values == EQS_VALUES_FEATURE;
  self->values = column->values;
  self->classes = g_strdupv (column->class_names);
  self->field = column->is_renamed ? g_strdup (column->fields[0]) : NULL;
  self->unit = column->is_stated ? g_strdup (column->unit) : NULL;
  self->convention = g_strdup (column->convention);
  if (column->is_shaped)
    {
      self->n_shape = column->n_shape;
      memcpy (self->shape, column->shape, sizeof self->shape);
    }
}

GPtrArray *
eqs_dataset_list_meanings (EqsDataset *self)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), NULL);
  g_autoptr (GPtrArray) list = eqs_meanings_new ();
  g_autofree char      *path = g_build_filename (eqs_dataset_get_path (self), "dataset.json", NULL);
  g_autoptr (EqsDatasetSpec) spec = NULL;
  g_autoptr (EqsValue)  map = NULL;

  if (eqs_dataset_is_generated (self) || (g_file_test (path, G_FILE_TEST_EXISTS) && (!eqs_dataset_map_read (path, &map, NULL) || map == NULL)))
    return g_steal_pointer (&list);
  spec = eqs_dataset_spec_read (eqs_dataset_get_path (self), FALSE, NULL);
  for (guint i = 0; spec != NULL && i < spec->columns->len; i++)
    {
      const EqsColumnSpec *column = spec->columns->pdata[i];

      if (!eqs_column_spec_is_table (column))
        list_column (list, column, column->name);
      else
        for (guint k = 0; column->fields[k] != NULL; k++)
          list_column (list, column, column->fields[k]);
    }
  return g_steal_pointer (&list);
}

/* A domain that a person wrote into the file stays there. */
static gboolean
is_domain_said (const char *path)
{
  g_autoptr (EqsValue) had = NULL;

  return g_file_test (path, G_FILE_TEST_EXISTS) && eqs_dataset_map_read (path, &had, NULL) && had != NULL && eqs_map_get (eqs_value_get_map (had), "domain") != NULL;
}

gboolean
eqs_dataset_keep_meanings (EqsDataset *self, const GPtrArray *list, GError **error)
{
  g_return_val_if_fail (EQS_IS_DATASET (self), FALSE);

  g_autofree char *path = g_build_filename (eqs_dataset_get_path (self), "dataset.json", NULL), *text = NULL;
  gboolean         input = FALSE, target = FALSE;
  g_autoptr (EqsValue) whole = NULL;
  EqsMap          *top;

  for (guint i = 0; i < list->len; i++)
    {
      const EqsMeaning *one = g_ptr_array_index (list, i);

      input = input || (one->has_role && one->role == EQS_ROLE_INPUT);
      target = target || (one->has_role && one->role == EQS_ROLE_TARGET);
    }
  if (*self->spec->prefix != '\0')
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED,
                   _("The files of “%s” lie beside those of others: move them into a folder of their own, as train.xyz and test.xyz, to keep what is said of them there."), self->name);
      return FALSE;
    }
  if (!input || !target)
    {
      g_set_error_literal (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, input ? _("Choose what is to be told: no column is a target.") : _("Choose what goes in: no column is an input."));
      return FALSE;
    }
  top = eqs_map_new ();
  eqs_map_set (top, "version", eqs_value_new_number (1));
  eqs_map_set (top, "title", eqs_value_new_string (eqs_dataset_get_title (self)));
  if (is_domain_said (path))
    eqs_map_set (top, "domain", eqs_value_new_string (eqs_dataset_get_domain (self)));
  eqs_map_set (top, "map", eqs_value_new_object (eqs_meanings_to_map (list)));
  whole = eqs_value_new_object (top);
  text = eqs_value_to_text (whole);
  return eqs_file_write_atomic (path, text, -1, error);
}

/* A snapshot is the text of a file, read back as a value: files stay JSON throughout. */

#include "model/snapshots.h"

#include "model/file.h"
#include "model/json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FIELD "snapshots"

static void
snapshot_free (gpointer data)
{
  EqsSnapshot *self = data;

  g_free (self->name);
  g_free (self->time);
  g_object_unref (self->document);
  g_free (self);
}

/* Objects of the field. (transfer none) */
static const EqsMap *
nth (EqsDocument *document, guint index)
{
  const EqsValue *list = eqs_document_get_field (document, FIELD);

  return list == NULL || eqs_value_get_kind (list) != EQS_VALUE_LIST || index >= eqs_value_get_length (list) ? NULL : eqs_value_get_map (eqs_value_get_item (list, index));
}

static guint
count (EqsDocument *document)
{
  const EqsValue *list = eqs_document_get_field (document, FIELD);

  return list == NULL || eqs_value_get_kind (list) != EQS_VALUE_LIST ? 0 : eqs_value_get_length (list);
}

static EqsSnapshot *
snapshot_of (const EqsMap *map)
{
  const EqsValue  *design = map == NULL ? NULL : eqs_map_get (map, "design");
  const char      *name = map == NULL ? NULL : eqs_map_get_string (map, "name", NULL);
  g_autofree char *text = design == NULL || name == NULL ? NULL : eqs_value_to_text (design);
  EqsDocument     *document = text == NULL ? NULL : eqs_file_parse (text, -1, NULL);
  EqsSnapshot     *self;

  if (document == NULL)
    return NULL;
  self = g_new0 (EqsSnapshot, 1);
  self->name = g_strdup (name);
  self->time = g_strdup (eqs_map_get_string (map, "time", ""));
  self->document = document;
  return self;
}

GPtrArray *
eqs_snapshots_list (EqsDocument *document)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  GPtrArray *list = g_ptr_array_new_with_free_func (snapshot_free);

  for (guint i = 0; i < count (document); i++)
    {
      EqsSnapshot *one = snapshot_of (nth (document, i));

      if (one != NULL)
        g_ptr_array_add (list, one);
    }
  return list;
}

/* ---- changing ---- */

static gboolean
perform (EqsDocument *document, gpointer data, GError **error)
{
  return eqs_document_set_field (document, FIELD, data, error);
}

static void
value_free (gpointer data)
{
  if (data != NULL)
    eqs_value_unref (data);
}

/* All but the one of this name, and then another. @param one (transfer full) (nullable) */
static EqsCommand *
command_with (EqsDocument *document, const char *without, EqsValue *one, const char *label)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < count (document); i++)
    {
      EqsValue *item = eqs_value_get_item (eqs_document_get_field (document, FIELD), i);

      if (nth (document, i) == NULL || g_strcmp0 (eqs_map_get_string (nth (document, i), "name", NULL), without) != 0)
        g_ptr_array_add (items, eqs_value_ref (item));
    }
  if (one != NULL)
    g_ptr_array_add (items, one);
  return eqs_command_new (label, perform, items->len == 0 ? NULL : eqs_value_new_list ((EqsValue *const *) items->pdata, items->len), value_free);
}

EqsCommand *
eqs_command_new_snapshot (EqsDocument *document, const char *name, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  g_autoptr (EqsDocument) copy = eqs_document_dup (document);
  g_autoptr (GDateTime)   now = g_date_time_new_now_local ();
  g_autofree char        *text = NULL, *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");
  gsize                   length;
  EqsValue               *design;
  EqsMap                 *map;

  if (name == NULL || name[0] == '\0' || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("A snapshot needs a name."));
      return NULL;
    }
  if (count (document) >= EQS_MOST_SNAPSHOTS)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("A design keeps at most %d snapshots; remove one first."), EQS_MOST_SNAPSHOTS);
      return NULL;
    }
  if (!eqs_document_set_field (copy, FIELD, NULL, error))
    return NULL;
  text = eqs_file_to_text (copy, &length);
  design = eqs_json_parse (text, length, error);
  if (design == NULL)
    return NULL;
  map = eqs_map_new ();
  eqs_map_set (map, "name", eqs_value_new_string (name));
  eqs_map_set (map, "time", eqs_value_new_string (time));
  eqs_map_set (map, "design", design);
  return command_with (document, name, eqs_value_new_object (map), _("Take a snapshot"));
}

EqsCommand *
eqs_command_new_drop_snapshot (EqsDocument *document, const char *name)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);
  return command_with (document, name, NULL, _("Remove a snapshot"));
}

/* A snapshot is the text of a file, read back as a value: files stay JSON throughout. */

#include "model/snapshots.h"

#include "model/document-private.h"
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

/* ---- going back ---- */

static gboolean
clear (EqsDocument *document, GError **error)
{
  EqsGraph *graph = eqs_document_get_graph (document, "");
  guint     before;

  while (eqs_graph_get_n_nodes (graph) > 0)
    if (!eqs_document_remove_node (document, eqs_node_get_id (eqs_graph_get_node (graph, 0)), FALSE, error))
      return FALSE;
  for (EqsItemKind kind = 0; kind < EQS_N_ITEM_KINDS; kind++)
    while (eqs_document_get_n_items (document, kind) > 0)
      if (!eqs_document_remove_item (document, kind, eqs_map_get_string (eqs_document_get_item (document, kind, 0), "id", ""), error))
        return FALSE;
  /* Those that others use go after them. */
  do
    {
      before = eqs_document_get_n_definitions (document);
      for (guint i = before; i > 0; i--)
        eqs_document_remove_definition (document, eqs_node_get_id (eqs_graph_get_node (document->definitions, i - 1)), NULL);
    }
  while (eqs_document_get_n_definitions (document) < before);
  return TRUE;
}

static gboolean
take_graph (EqsDocument *document, EqsDocument *from, GError **error)
{
  EqsGraph *graph = eqs_document_get_graph (from, "");

  for (guint i = 0; i < eqs_document_get_n_definitions (from); i++)
    {
      g_autoptr (EqsNode) copy = eqs_node_dup (eqs_graph_get_node (from->definitions, i), NULL);

      if (!eqs_document_add_definition (document, copy, error))
        return FALSE;
    }
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      g_autoptr (EqsNode) copy = eqs_node_dup (eqs_graph_get_node (graph, i), NULL);

      if (!eqs_document_add_node (document, "", copy, -1, error))
        return FALSE;
    }
  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink   *link = eqs_graph_get_link (graph, i);
      g_autofree char *start = g_strconcat (link->from_node, ".", link->from_port, NULL), *end = g_strconcat (link->to_node, ".", link->to_port, NULL);

      if (!eqs_document_connect (document, "", start, end, -1, FALSE, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_items (EqsDocument *document, EqsDocument *from, GError **error)
{
  for (EqsItemKind kind = 0; kind < EQS_N_ITEM_KINDS; kind++)
    for (guint i = 0; i < eqs_document_get_n_items (from, kind); i++)
      if (!eqs_document_add_item (document, kind, eqs_document_get_item (from, kind, i), error))
        return FALSE;
  return TRUE;
}

/* Fields at the top that this version gives no meaning to, such as bends of wires; the others are refused here and taken elsewhere. */
static void
take_fields (EqsDocument *document, EqsDocument *from)
{
  const EqsMap     *new = from->graph->fields;
  g_autoptr (EqsMap) old = eqs_map_copy (document->graph->fields);      /* its keys go while they are walked */

  for (guint i = 0; i < eqs_map_get_size (old); i++)
    if (strcmp (eqs_map_get_key (old, i), FIELD) != 0 && eqs_map_get (new, eqs_map_get_key (old, i)) == NULL)
      eqs_document_set_field (document, eqs_map_get_key (old, i), NULL, NULL);
  for (guint i = 0; i < eqs_map_get_size (new); i++)
    eqs_document_set_field (document, eqs_map_get_key (new, i), eqs_map_get_value (new, i), NULL);
}

static gboolean
go_back (EqsDocument *document, gpointer data, GError **error)
{
  EqsDocument *from = data;

  if (!clear (document, error) || !eqs_document_set_name (document, eqs_document_get_name (from), error) || !take_graph (document, from, error) || !take_items (document, from, error))
    return FALSE;
  for (EqsSection i = 0; i < EQS_N_SECTIONS; i++)
    if (!eqs_document_set_section (document, i, eqs_document_get_section (from, i), error))
      return FALSE;
  take_fields (document, from);
  return TRUE;
}

EqsCommand *
eqs_command_new_go_back (const EqsSnapshot *snapshot)
{
  g_return_val_if_fail (snapshot != NULL, NULL);
  return eqs_command_new (_("Go back to a snapshot"), go_back, eqs_document_dup (snapshot->document), g_object_unref);
}

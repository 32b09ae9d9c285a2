/* Changes of nodes: added, taken out, renamed with all that names them, set. Checked first, then made through the journal. */

#include "model/document.h"
#include "model/document-private.h"
#include "model/journal.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Places that name nodes: `preview` ("node.param") and members of frames */

/*
 * Where a name leads to that node or through it ("block.n", "block/lin.k"), the name with another id for it, or "" for new_id NULL; else
 * NULL. A node of a definition has as many paths as the definition has uses, so each beginning is looked up.
 */
static char *
renamed (EqsDocument *self, const char *name, const EqsNode *node, const char *new_id)
{
  for (gsize n = 1; name[0] != 0 && n <= strlen (name); n++)
    {
      g_autofree char *path = NULL;
      const char      *slash;

      if (name[n] != 0 && name[n] != '.' && name[n] != '/')
        continue;
      path = g_strndup (name, n);
      if (eqs_document_find_node (self, path) != node)
        continue;
      if (new_id == NULL)
        return g_strdup ("");
      slash = strrchr (path, '/');
      path[slash == NULL ? path[0] == '#' : (gsize) (slash - path) + 1] = 0;
      return g_strconcat (path, new_id, name + n, NULL);
    }
  return NULL;
}

static void
rename_in_preview (EqsDocument *self, const EqsNode *node, const char *new_id)
{
  const EqsMap *old = eqs_document_get_section (self, EQS_SECTION_PREVIEW);
  g_autoptr (EqsMap) map = eqs_map_new ();
  g_autoptr (EqsValue) value = NULL;

  if (old == NULL)
    return;
  for (guint i = 0; i < eqs_map_get_size (old); i++)
    {
      g_autofree char *name = renamed (self, eqs_map_get_key (old, i), node, new_id);

      if (name == NULL)
        name = g_strdup (eqs_map_get_key (old, i));
      if (name[0] != 0)
        eqs_map_set (map, name, eqs_value_ref (eqs_map_get_value (old, i)));
    }
  value = eqs_value_new_object (g_steal_pointer (&map));
  eqs_journal_set_field (self, EQS_CHANGED_PREVIEW, NULL, self->graph->fields, eqs_document_keys, "preview", value);
}

static void
rename_in_frames (EqsDocument *self, const EqsNode *node, const char *new_id)
{
  for (guint i = 0; i < self->items[EQS_ITEM_FRAME]->len; i++)
    {
      EqsMap *frame = self->items[EQS_ITEM_FRAME]->pdata[i];
      const EqsValue *members = eqs_map_get (frame, "members");
      g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
      g_autoptr (EqsValue) value = NULL;

      if (members == NULL || !eqs_value_is_strings (members))
        continue;
      for (guint k = 0; k < eqs_value_get_length (members); k++)
        {
          EqsValue *member = eqs_value_get_item (members, k);
          g_autofree char *name = renamed (self, eqs_value_get_string (member), node, new_id);

          if (name == NULL)
            g_ptr_array_add (list, eqs_value_ref (member));
          else if (name[0] != 0)
            g_ptr_array_add (list, eqs_value_new_string (name));
        }
      value = eqs_value_new_list ((EqsValue *const *) list->pdata, list->len);
      eqs_journal_set_field (self, EQS_CHANGED_NOTES, NULL, frame, NULL, "members", value);
    }
}

/* Nodes */

static guint
nesting_of (const EqsGraph *graph)
{
  guint depth = 0;

  for (; graph != NULL && graph->owner != NULL; graph = graph->owner->parent)
    depth++;
  return depth;
}

static guint
depth_below (const EqsNode *node)
{
  guint depth = 0;

  for (guint i = 0; node->body != NULL && i < node->body->nodes->len; i++)
    depth = MAX (depth, depth_below (node->body->nodes->pdata[i]));
  return node->body == NULL ? 0 : depth + 1;
}

gboolean
eqs_document_check_room (EqsDocument *self, const EqsGraph *graph, const EqsNode *node, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  const guint n = 1 + (node->body == NULL ? 0 : eqs_graph_count_nodes (node->body));

  if (eqs_document_count_nodes (self) + n > EQS_MAX_NODES)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("A design holds at most %d nodes."), EQS_MAX_NODES);
  else if (nesting_of (graph) + depth_below (node) > EQS_MAX_NESTING)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("Blocks can be nested at most %d deep."), EQS_MAX_NESTING);
  else
    return TRUE;
  return FALSE;
}

gboolean
eqs_document_add_node (EqsDocument *self, const char *scope, EqsNode *node, int index, GError **error)
{
  GError *local = NULL;
  EqsGraph *graph = eqs_document_require_graph (self, scope, &local);

  g_return_val_if_fail (node->parent == NULL, FALSE);
  if (graph == NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  if (!eqs_document_check_new_id (graph, eqs_node_get_id (node), error) || !eqs_document_check_room (self, graph, node, error)
      || !eqs_document_check_no_circle (self, graph, node, error))
    return FALSE;
  if (index < 0 || (guint) index > graph->nodes->len)
    index = (int) graph->nodes->len;
  eqs_journal_insert_node (self, graph, (guint) index, node);
  return TRUE;
}

EqsLink *
eqs_link_with (const EqsLink *old, const char *from_node, const char *from_port, const char *to_node, const char *to_port)
{
  EqsMap *fields = eqs_map_copy (eqs_link_get_fields (old));
  g_autofree char *from = g_strconcat (from_node, ".", from_port, NULL);
  g_autofree char *to = g_strconcat (to_node, ".", to_port, NULL);

  eqs_map_set (fields, "from", eqs_value_new_string (from));
  eqs_map_set (fields, "to", eqs_value_new_string (to));
  return eqs_link_new (from_node, from_port, to_node, to_port, fields, eqs_link_get_line (old));
}

void
eqs_document_replace_link (EqsDocument *self, EqsGraph *graph, guint index, EqsLink *link)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));
  eqs_journal_remove_link (self, graph, index);
  eqs_journal_insert_link (self, graph, index, link);
}

/* What fed `id` feeds what `id` fed, each at its old place among the links. */
static void
rejoin_around (EqsDocument *self, EqsGraph *graph, const char *id)
{
  const int in = eqs_graph_find_link (graph, NULL, NULL, id, NULL);
  g_autofree char *node = NULL;
  g_autofree char *port = NULL;

  if (in < 0)
    return;
  node = g_strdup (eqs_graph_get_link (graph, (guint) in)->from_node);
  port = g_strdup (eqs_graph_get_link (graph, (guint) in)->from_port);
  if (strcmp (node, id) == 0)
    return;
  for (guint i = 0; i < graph->links->len; i++)
    {
      const EqsLink *link = graph->links->pdata[i];

      if (strcmp (link->from_node, id) == 0 && strcmp (link->to_node, id) != 0)
        eqs_document_replace_link (self, graph, i, eqs_link_with (link, node, port, link->to_node, link->to_port));
    }
}

gboolean
eqs_document_remove_node (EqsDocument *self, const char *path, gboolean rejoin, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  EqsNode *node = eqs_document_require_node (self, path, error);
  EqsGraph *graph;
  const char *id;

  if (node == NULL)
    return FALSE;
  if (node->parent == self->definitions)
    return eqs_document_remove_definition (self, eqs_node_get_id (node), error);

  graph = node->parent;
  id = eqs_node_get_id (node);
  eqs_document_hold (self);
  if (rejoin)
    rejoin_around (self, graph, id);
  for (guint i = graph->links->len; i-- > 0;)
    {
      const EqsLink *link = graph->links->pdata[i];

      if (strcmp (link->from_node, id) == 0 || strcmp (link->to_node, id) == 0)
        eqs_journal_remove_link (self, graph, i);
    }
  rename_in_preview (self, node, NULL);
  rename_in_frames (self, node, NULL);
  eqs_journal_remove_node (self, graph, node);
  eqs_document_release (self);
  return TRUE;
}

static void
rename_in_links (EqsDocument *self, EqsGraph *graph, const char *id, const char *new_id)
{
  for (guint i = 0; i < graph->links->len; i++)
    {
      const EqsLink *link = graph->links->pdata[i];
      const gboolean from = strcmp (link->from_node, id) == 0;
      const gboolean to = strcmp (link->to_node, id) == 0;

      if (from || to)
        eqs_document_replace_link (self, graph, i, eqs_link_with (link, from ? new_id : link->from_node, link->from_port,
                                                 to ? new_id : link->to_node, link->to_port));
    }
}

static void
rename_uses (EqsDocument *self, EqsGraph *graph, const char *id, EqsValue *new_id)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      EqsNode *node = graph->nodes->pdata[i];
      const EqsValue *block = eqs_node_get_param (node, "block");

      if (node->body != NULL)
        rename_uses (self, node->body, id, new_id);
      else if (block != NULL && g_strcmp0 (eqs_value_get_string (block), id) == 0)
        {
          EqsMap *params = eqs_map_copy (eqs_node_get_params (node));
          g_autoptr (EqsValue) value = eqs_value_new_object (params);

          eqs_map_set (params, "block", eqs_value_ref (new_id));
          eqs_journal_set_field (self, EQS_CHANGED_SETTINGS, node, node->fields, eqs_node_keys, "params", value);
        }
    }
}

gboolean
eqs_document_rename_node (EqsDocument *self, const char *path, const char *id, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  EqsNode *node = eqs_document_require_node (self, path, error);
  g_autofree char *old = NULL;
  g_autoptr (EqsValue) value = NULL;

  if (node == NULL)
    return FALSE;
  if (strcmp (eqs_node_get_id (node), id) == 0)
    return TRUE;
  if (!eqs_document_check_new_id (node->parent, id, error))
    return FALSE;

  old = g_strdup (eqs_node_get_id (node));
  value = eqs_value_new_string (id);
  eqs_document_hold (self);
  rename_in_preview (self, node, id);      /* found by the old id */
  rename_in_frames (self, node, id);
  eqs_journal_set_field (self, EQS_CHANGED_NODES, node, node->fields, NULL, "id", value);
  rename_in_links (self, node->parent, old, id);
  if (node->parent == self->definitions)
    {
      rename_uses (self, self->graph, old, value);
      rename_uses (self, self->definitions, old, value);
    }
  eqs_document_release (self);
  return TRUE;
}

static gboolean
set_node_field (EqsDocument *self, guint what, const char *path, const char *key, EqsValue *value, GError **error)
{
  EqsNode *node = eqs_document_require_node (self, path, error);

  if (node == NULL)
    return FALSE;
  eqs_journal_set_field (self, what, node, node->fields, eqs_node_keys, key, value);
  return TRUE;
}

gboolean
eqs_document_set_param (EqsDocument *self, const char *path, const char *name, EqsValue *value, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  EqsNode *node = eqs_document_require_node (self, path, error);
  const EqsMap *old;
  EqsMap *params;
  g_autoptr (EqsValue) object = NULL;

  if (node == NULL || !eqs_document_check_key (name, error))
    return FALSE;
  old = eqs_node_get_params (node);
  if (value == NULL && eqs_map_find (old, name) < 0)
    return TRUE;

  params = old == NULL ? eqs_map_new () : eqs_map_copy (old);
  object = eqs_value_new_object (params);
  if (value != NULL)
    eqs_map_set (params, name, eqs_value_ref (value));
  else
    eqs_map_remove (params, name);
  return set_node_field (self, EQS_CHANGED_SETTINGS, path, "params", object, error);
}

gboolean
eqs_document_set_layer (EqsDocument *self, const char *path, const char *layer, const EqsMap *params, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  EqsNode *node = eqs_document_require_node (self, path, error);
  g_autoptr (EqsValue) name = NULL;
  g_autoptr (EqsValue) object = NULL;
  gboolean stale;

  if (node == NULL || !eqs_document_check_key (layer, error))
    return FALSE;
  stale = eqs_node_title_says_layer (node) && strcmp (layer, eqs_node_get_layer (node)) != 0;
  name = eqs_value_new_string (layer);
  object = params == NULL ? NULL : eqs_value_new_object (eqs_map_copy (params));
  eqs_document_hold (self);
  set_node_field (self, EQS_CHANGED_SETTINGS, path, "layer", name, NULL);
  set_node_field (self, EQS_CHANGED_SETTINGS, path, "params", object, NULL);
  if (stale)
    set_node_field (self, EQS_CHANGED_LOOK, path, "title", NULL, NULL);
  eqs_document_release (self);
  return TRUE;
}

gboolean
eqs_document_set_title (EqsDocument *self, const char *path, const char *title, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_autoptr (EqsValue) value = NULL;

  if (!eqs_document_check_text (title, error))
    return FALSE;
  value = title == NULL || title[0] == 0 ? NULL : eqs_value_new_string (title);
  return set_node_field (self, EQS_CHANGED_LOOK, path, "title", value, error);
}

gboolean
eqs_document_set_bypass (EqsDocument *self, const char *path, gboolean bypass, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_autoptr (EqsValue) value = bypass ? eqs_value_new_bool (TRUE) : NULL;

  return set_node_field (self, EQS_CHANGED_SETTINGS, path, "bypass", value, error);
}

gboolean
eqs_document_move_node (EqsDocument *self, const char *path, double x, double y, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_autoptr (EqsValue) new_x = NULL;
  g_autoptr (EqsValue) new_y = NULL;

  if (eqs_document_require_node (self, path, error) == NULL)
    return FALSE;
  if (!isfinite (x) || !isfinite (y))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("A position must be a finite number."));
      return FALSE;
    }
  new_x = eqs_value_new_number (x);
  new_y = eqs_value_new_number (y);
  eqs_document_hold (self);
  set_node_field (self, EQS_CHANGED_LOOK, path, "x", new_x, NULL);
  set_node_field (self, EQS_CHANGED_LOOK, path, "y", new_y, NULL);
  eqs_document_release (self);
  return TRUE;
}

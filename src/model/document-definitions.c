/* Definitions: graphs with a name, that several nodes of a design use by their setting `block`. */

#include "model/document.h"
#include "model/document-private.h"
#include "model/journal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Reading */

EqsNode *
eqs_document_get_definition (EqsDocument *self, guint index)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self) && index < self->definitions->nodes->len, NULL);
  return self->definitions->nodes->pdata[index];
}

/* The id that a node without a body of its own names; NULL: none. */
static const char *
used_id (const EqsNode *node)
{
  const EqsValue *block = node->body != NULL ? NULL : eqs_node_get_param (node, "block");

  return block == NULL ? NULL : eqs_value_get_string (block);
}

EqsNode *
eqs_document_get_definition_of (EqsDocument *self, const EqsNode *node)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

  const char *id = used_id (node);

  return id == NULL ? NULL : eqs_graph_find_node (self->definitions, id);
}

static guint
count_uses (const EqsGraph *graph, const char *id)
{
  guint n = 0;

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const EqsNode *node = graph->nodes->pdata[i];

      n += node->body != NULL ? count_uses (node->body, id) : g_strcmp0 (used_id (node), id) == 0;
    }
  return n;
}

guint
eqs_document_count_uses (EqsDocument *self, const char *id)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), 0);
  return count_uses (self->graph, id) + count_uses (self->definitions, id);
}

const char *
eqs_document_get_shown_title (EqsDocument *self, const EqsNode *node)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

  const EqsNode *definition = eqs_document_get_definition_of (self, node);

  return eqs_node_get_shown_title (eqs_node_get_title (node) == NULL && definition != NULL ? definition : node);
}

GPtrArray *
eqs_document_list_border (EqsDocument *self, const EqsNode *node, gboolean output)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

  GPtrArray      *ports = g_ptr_array_new ();
  const EqsGraph *body = eqs_document_get_body (self, node);

  for (guint i = 0; body != NULL && i < body->links->len; i++)
    {
      const EqsLink *link = body->links->pdata[i];

      if ((output ? link->to_node : link->from_node)[0] == '\0' &&
          !g_ptr_array_find_with_equal_func (ports, output ? link->to_port : link->from_port, g_str_equal, NULL))
        g_ptr_array_add (ports, (gpointer) (output ? link->to_port : link->from_port));
    }
  return ports;
}

/* Checks */

/* Whether a graph holds a use of `target`, itself or by the definitions that it uses. `seen`: those that were looked into. */
static gboolean
leads_to (EqsDocument *self, const EqsGraph *graph, const EqsNode *target, GHashTable *seen)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const EqsNode *node = graph->nodes->pdata[i], *definition = eqs_document_get_definition_of (self, node);

      if (definition == target)
        return TRUE;
      if (node->body != NULL && leads_to (self, node->body, target, seen))
        return TRUE;
      if (definition != NULL && g_hash_table_add (seen, (gpointer) definition) && leads_to (self, definition->body, target, seen))
        return TRUE;
    }
  return FALSE;
}

gboolean
eqs_document_check_no_circle (EqsDocument *self, const EqsGraph *graph, const EqsNode *node, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  const EqsNode *inside = graph->owner, *definition = eqs_document_get_definition_of (self, node);

  while (inside != NULL && inside->parent != NULL && inside->parent->owner != NULL)
    inside = inside->parent->owner;
  if (inside == NULL || inside->parent != self->definitions)
    return TRUE;
  if (definition != inside && (definition == NULL || !leads_to (self, definition->body, inside, seen))
      && (node->body == NULL || !leads_to (self, node->body, inside, seen)))
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The block “%s” cannot be used inside of itself: it would never end."), eqs_node_get_shown_title (inside));
  return FALSE;
}

/* Changes */

gboolean
eqs_document_add_definition (EqsDocument *self, EqsNode *node, GError **error)
{
  g_return_val_if_fail (node->parent == NULL && node->body != NULL, FALSE);
  if (!eqs_document_check_writable (self, error) || !eqs_document_check_new_id (self->definitions, eqs_node_get_id (node), error)
      || !eqs_document_check_room (self, self->definitions, node, error))
    return FALSE;
  eqs_journal_insert_node (self, self->definitions, self->definitions->nodes->len, node);
  return TRUE;
}

static const EqsNode *
find_use (const EqsGraph *graph, const char *id)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const EqsNode *node = graph->nodes->pdata[i];
      const EqsNode *use = node->body != NULL ? find_use (node->body, id) : NULL;

      if (use == NULL && g_strcmp0 (used_id (node), id) == 0)
        use = node;
      if (use != NULL)
        return use;
    }
  return NULL;
}

gboolean
eqs_document_remove_definition (EqsDocument *self, const char *id, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  EqsNode *node = eqs_graph_find_node (self->definitions, id);
  const EqsNode *use;

  if (!eqs_document_check_writable (self, error))
    return FALSE;
  if (node == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no block “%s”."), id);
      return FALSE;
    }
  use = find_use (self->graph, id);
  if (use == NULL)
    use = find_use (self->definitions, id);
  if (use != NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
                   _("The block “%s” is used by “%s”; remove that node first."), id, eqs_node_get_id (use));
      return FALSE;
    }
  eqs_journal_remove_node (self, self->definitions, node);
  return TRUE;
}

/* Another node in the place of one with the same id: what names it by that stays. */
static void
replace_node (EqsDocument *self, EqsNode *old, EqsNode *node)
{
  EqsGraph   *graph = old->parent;
  const guint index = (guint) eqs_graph_index_of (graph, old);

  eqs_journal_remove_node (self, graph, old);
  eqs_journal_insert_node (self, graph, index, node);
}

gboolean
eqs_document_define_block (EqsDocument *self, const char *path, const char *id, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  EqsNode *node = eqs_document_require_node (self, path, error);
  g_autoptr (EqsNode) held = NULL, definition = NULL, use = NULL;

  if (node == NULL)
    return FALSE;
  if (node->body == NULL || node->parent == self->definitions)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” has no inside of its own that could be used elsewhere."), eqs_node_get_id (node));
      return FALSE;
    }
  if (!eqs_document_check_new_id (self->definitions, id, error))
    return FALSE;
  held = eqs_node_ref (node);
  definition = eqs_node_new (id, "definition");
  eqs_node_set_title (definition, eqs_node_get_title (node));
  eqs_graph_copy_into (node->body, eqs_node_ensure_body (definition));
  use = eqs_node_new_from_fields (eqs_map_copy (node->fields), node->line);
  eqs_map_remove (use->fields, "body");
  eqs_map_remove (use->fields, "title");     /* it is that of the definition now */
  eqs_node_set_param (use, "block", eqs_value_new_string (id));
  eqs_document_hold (self);
  eqs_journal_insert_node (self, self->definitions, self->definitions->nodes->len, definition);
  replace_node (self, node, use);
  eqs_document_release (self);
  return TRUE;
}

gboolean
eqs_document_detach_use (EqsDocument *self, const char *path, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  EqsNode *node = eqs_document_require_node (self, path, error), *definition = node == NULL ? NULL : eqs_document_get_definition_of (self, node);
  g_autoptr (EqsNode)  held = NULL, own = NULL;
  g_autoptr (EqsMap)   params = NULL;

  if (node == NULL)
    return FALSE;
  if (definition == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” is no use of a block."), eqs_node_get_id (node));
      return FALSE;
    }
  held = eqs_node_ref (node);
  own = eqs_node_new_from_fields (eqs_map_copy (node->fields), node->line);
  eqs_graph_copy_into (definition->body, eqs_node_ensure_body (own));
  if (!eqs_document_check_room (self, node->parent, own, error))
    return FALSE;
  params = eqs_map_copy (eqs_node_get_params (node));
  eqs_map_remove (params, "block");
  if (eqs_map_get_size (params) == 0)
    eqs_map_remove (own->fields, "params");
  else
    eqs_map_set (own->fields, "params", eqs_value_new_object (g_steal_pointer (&params)));
  if (eqs_node_get_title (node) == NULL)
    eqs_node_set_title (own, eqs_node_get_title (definition));
  replace_node (self, node, own);
  return TRUE;
}

static gboolean
detach_below (EqsDocument *self, const char *scope, EqsGraph *graph, guint depth, GError **error)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const EqsNode   *node = graph->nodes->pdata[i];
      g_autofree char *path = g_strconcat (scope, eqs_node_get_id (node), NULL), *inside = g_strconcat (path, "/", NULL);

      if (depth > EQS_MAX_NESTING)
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("Blocks can be nested at most %d deep."), EQS_MAX_NESTING);
          return FALSE;
        }
      if (eqs_document_get_definition_of (self, node) != NULL && !eqs_document_detach_use (self, path, error))
        return FALSE;
      node = graph->nodes->pdata[i];
      if (node->body != NULL && !detach_below (self, inside, node->body, depth + 1, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
eqs_document_detach_all (EqsDocument *self, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  return detach_below (self, "", self->graph, 0, error);
}

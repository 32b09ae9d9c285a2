/* Layers into a block and out of it: the nodes move between graphs, the wires that cross become ports. */

#include "studio/editing-private.h"

#include <glib/gi18n-lib.h>

typedef struct { char *scope, *id; char **ids; } Block;

static void
block_free (gpointer data)
{
  Block *block = data;

  g_free (block->scope);
  g_free (block->id);
  g_strfreev (block->ids);
  g_free (block);
}

/* A port of a block for what crosses its border: one for each end inside or outside, called x, x2 … or y, y2 … */
static char *
border_port (GHashTable *ports, const char *end, const char *base)
{
  char *port = g_hash_table_lookup (ports, end);

  if (port == NULL)
    {
      port = g_hash_table_size (ports) == 0 ? g_strdup (base) : g_strdup_printf ("%s%u", base, g_hash_table_size (ports) + 1);
      g_hash_table_insert (ports, g_strdup (end), port);
    }
  return port;
}

static gboolean
is_inside (const Block *block, const char *id)
{
  return id[0] != '\0' && g_strv_contains ((const char *const *) block->ids, id);
}

static gboolean
group_cb (EqsDocument *document, gpointer data, GError **error)
{
  const Block *block = data;
  EqsGraph    *graph = eqs_document_get_graph (document, block->scope), *body;
  g_autoptr (EqsNode)    node = eqs_node_new (block->id, "subgraph");
  g_autoptr (GHashTable) inputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), outputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray)  outside = g_ptr_array_new_with_free_func (eqs_wire_ends_free);
  g_autoptr (GHashTable) made = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  double x = 0, y = 0;
  guint  n = 0;

  body = eqs_node_ensure_body (node);
  for (guint i = 0; block->ids[i] != NULL; i++)
    {
      EqsNode *inner = eqs_graph_find_node (graph, block->ids[i]);

      if (!eqs_graph_add_node (body, eqs_node_dup (inner, NULL), error))
        return FALSE;
      x += eqs_node_get_x (inner);
      y += eqs_node_get_y (inner);
      n++;
    }
  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink   *link = eqs_graph_get_link (graph, i);
      const gboolean   from_in = is_inside (block, link->from_node), to_in = is_inside (block, link->to_node);
      g_autofree char *from = end_text (link->from_node, link->from_port), *to = end_text (link->to_node, link->to_port), *inner = NULL;
      EqsWireEnds     *wire;

      if (from_in && to_in && !eqs_graph_connect (body, from, to, error))
        return FALSE;
      if (from_in == to_in)
        continue;
      wire = g_new0 (EqsWireEnds, 1);
      wire->index = i;
      if (to_in)
        {
          inner = end_text ("", border_port (inputs, from, "x"));
          wire->from = g_strdup (from);
          wire->to = end_text (block->id, inner + 1);
          if (!eqs_graph_connect (body, inner, to, error))
            {
              eqs_wire_ends_free (wire);
              return FALSE;
            }
        }
      else
        {
          inner = end_text ("", border_port (outputs, from, "y"));
          wire->from = end_text (block->id, inner + 1);
          wire->to = g_strdup (to);
          if (g_hash_table_add (made, g_strdup (inner)) && !eqs_graph_connect (body, from, inner, error))
            {
              eqs_wire_ends_free (wire);
              return FALSE;
            }
        }
      g_ptr_array_add (outside, wire);
    }
  eqs_node_set_position (node, x / MAX (n, 1), y / MAX (n, 1));
  for (guint i = 0; block->ids[i] != NULL; i++)
    {
      g_autofree char *path = join (block->scope, block->ids[i]);

      if (!eqs_document_remove_node (document, path, FALSE, error))
        return FALSE;
    }
  if (!eqs_document_add_node (document, block->scope, node, -1, error))
    return FALSE;
  for (guint i = 0; i < outside->len; i++)
    {
      const EqsWireEnds *wire = g_ptr_array_index (outside, i);

      /* Several wires from one place to different nodes inside are one wire now. */
      if (eqs_graph_find_link (graph, NULL, NULL, block->id, strchr (wire->to, '.') + 1) >= 0 && g_str_has_prefix (wire->to, block->id) && wire->to[strlen (block->id)] == '.')
        continue;
      if (!eqs_document_connect (document, block->scope, wire->from, wire->to, (int) MIN (wire->index, eqs_graph_get_n_links (graph)), FALSE, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
eqs_session_group (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  const char *const *paths = eqs_session_get_selection (self);
  Block           *block;
  GPtrArray       *ids;
  g_autofree char *path = NULL;

  if (paths[0] == NULL)
    {
      eqs_session_message (self, "%s", _("Select the layers that should become a block."));
      return FALSE;
    }
  ids = g_ptr_array_new ();
  for (guint i = 0; paths[i] != NULL; i++)
    g_ptr_array_add (ids, g_strdup (id_of (paths[i])));
  g_ptr_array_add (ids, NULL);
  block = g_new0 (Block, 1);
  block->scope = g_strdup (eqs_session_get_scope (self));
  block->id = eqs_document_unique_id (eqs_session_get_document (self), block->scope, "block");
  block->ids = (char **) g_ptr_array_free (ids, FALSE);
  path = join (block->scope, block->id);
  eqs_history_seal (eqs_session_get_history (self));
  if (!eqs_session_do (self, eqs_command_new (_("Group into a block"), group_cb, block, block_free)))
    return FALSE;
  eqs_session_select_one (self, path);
  return TRUE;
}

typedef struct { char *scope, *id; GPtrArray *paths; } Unblock;     /* paths: borrowed, gets those of the nodes that come out */

static void
unblock_free (gpointer data)
{
  Unblock *unblock = data;

  g_free (unblock->scope);
  g_free (unblock->id);
  g_ptr_array_unref (unblock->paths);
  g_free (unblock);
}

/* Ends inside with the ids that their nodes are given outside. (transfer full) NULL: the border of the block */
static char *
outer_end (GHashTable *given, const char *node, const char *port)
{
  return node[0] == '\0' ? NULL : end_text (g_hash_table_lookup (given, node), port);
}

static gboolean
ungroup_cb (EqsDocument *document, gpointer data, GError **error)
{
  Unblock  *unblock = data;
  EqsGraph *graph = eqs_document_get_graph (document, unblock->scope);
  g_autofree char *path = join (unblock->scope, unblock->id);
  g_autoptr (EqsNode)   node = eqs_node_ref (eqs_document_find_node (document, path));
  EqsGraph *body = eqs_node_get_body (node);
  g_autoptr (GPtrArray)  in = eqs_wires_of (graph, unblock->id, FALSE), out = eqs_wires_of (graph, unblock->id, TRUE);
  g_autoptr (GHashTable) given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  double dx = eqs_node_get_x (node), dy = eqs_node_get_y (node), x = 0, y = 0;
  const guint n = eqs_graph_get_n_nodes (body);

  for (guint i = 0; i < n; i++)
    {
      x += eqs_node_get_x (eqs_graph_get_node (body, i)) / n;
      y += eqs_node_get_y (eqs_graph_get_node (body, i)) / n;
    }
  if (!eqs_document_remove_node (document, path, FALSE, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const EqsNode   *inner = eqs_graph_get_node (body, i);
      char            *id = eqs_document_unique_id (document, unblock->scope, eqs_node_get_id (inner));
      g_autoptr (EqsNode) copy = eqs_node_dup (inner, id);

      eqs_node_set_position (copy, eqs_node_get_x (inner) - x + dx, eqs_node_get_y (inner) - y + dy);
      g_hash_table_insert (given, g_strdup (eqs_node_get_id (inner)), id);
      g_ptr_array_add (unblock->paths, join (unblock->scope, id));
      if (!eqs_document_add_node (document, unblock->scope, copy, -1, error))
        return FALSE;
    }
  for (guint i = 0; i < eqs_graph_get_n_links (body); i++)
    {
      const EqsLink   *link = eqs_graph_get_link (body, i);
      g_autofree char *from = outer_end (given, link->from_node, link->from_port), *to = outer_end (given, link->to_node, link->to_port);
      g_autofree char *border_in = end_text (unblock->id, link->from_port), *border_out = end_text (unblock->id, link->to_port);

      if (from != NULL && to != NULL && !eqs_document_connect (document, unblock->scope, from, to, -1, FALSE, error))
        return FALSE;
      for (guint k = 0; from == NULL && to != NULL && k < in->len; k++)
        {
          const EqsWireEnds *wire = g_ptr_array_index (in, k);

          if (strcmp (wire->to, border_in) == 0 && !eqs_document_connect (document, unblock->scope, wire->from, to, -1, FALSE, error))
            return FALSE;
        }
      for (guint k = 0; to == NULL && from != NULL && k < out->len; k++)
        {
          const EqsWireEnds *wire = g_ptr_array_index (out, k);

          if (strcmp (wire->from, border_out) == 0 && !eqs_document_connect (document, unblock->scope, from, wire->to, (int) MIN (wire->index, eqs_graph_get_n_links (graph)), FALSE, error))
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
eqs_session_ungroup (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  EqsDocument *document = eqs_session_get_document (self);
  const char  *path = eqs_session_get_n_selected (self) == 1 ? eqs_session_get_selection (self)[0] : NULL;
  EqsNode     *node = path == NULL ? NULL : eqs_document_find_node (document, path);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  Unblock *unblock;

  if (node != NULL && eqs_document_get_definition_of (document, node) != NULL)
    {
      eqs_session_message (self, "%s", _("This block is a use of a definition: detach it first, then take it apart."));
      return FALSE;
    }
  if (node == NULL || eqs_node_get_body (node) == NULL || eqs_map_get_number (eqs_node_get_params (node), "n", 1) != 1)
    {
      eqs_session_message (self, "%s", node != NULL && eqs_node_get_body (node) != NULL ? _("A block that repeats cannot be taken apart: set its copies to 1 first.")
                                                                                        : _("Select the block that should be taken apart."));
      return FALSE;
    }
  unblock = g_new0 (Unblock, 1);
  unblock->scope = g_strdup (eqs_session_get_scope (self));
  unblock->id = g_strdup (eqs_node_get_id (node));
  unblock->paths = g_ptr_array_ref (paths);
  eqs_history_seal (eqs_session_get_history (self));
  if (!eqs_session_do (self, eqs_command_new (_("Take the block apart"), ungroup_cb, unblock, unblock_free)))
    return FALSE;
  g_ptr_array_add (paths, NULL);
  eqs_session_select (self, (const char *const *) paths->pdata);
  return TRUE;
}

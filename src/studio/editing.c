/* Each change is a command whose function speaks to the document; what cannot be done is found out before. */

#include "studio/editing.h"

#include "eqk/layer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static char *
scope_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? g_strdup ("") : g_strndup (path, (gsize) (slash - path));
}

static const char *
id_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? path : slash + 1;
}

static char *
join (const char *scope, const char *id)
{
  return scope[0] == '\0' ? g_strdup (id) : g_strconcat (scope, "/", id, NULL);
}

static char *
end_text (const char *node, const char *port)
{
  return g_strconcat (node, ".", port, NULL);
}

static gboolean
is_variadic (EqsGraph *graph, const char *id, const char *name)
{
  EqsNode            *node = eqs_graph_find_node (graph, id);
  const EqkLayerType *layer = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));

  for (const EqkPort *port = layer == NULL ? NULL : layer->inputs; port != NULL && port->name != NULL; port++)
    if (strcmp (port->name, name) == 0)
      return port->variadic;
  return FALSE;
}

/* ---- changing places in the flow ---- */

/* A copy of a wire's ends, since wires go while they are moved. */
typedef struct { char *from, *to; guint index; } Wire;

static void
wire_free (gpointer data)
{
  Wire *wire = data;

  g_free (wire->from);
  g_free (wire->to);
  g_free (wire);
}

/* Wires into (or out of) a node. (transfer full) */
static GPtrArray *
wires_of (EqsGraph *graph, const char *id, gboolean output)
{
  GPtrArray *wires = g_ptr_array_new_with_free_func (wire_free);

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);
      Wire          *wire;

      if (strcmp (output ? link->from_node : link->to_node, id) != 0)
        continue;
      wire = g_new0 (Wire, 1);
      wire->from = end_text (link->from_node, link->from_port);
      wire->to = end_text (link->to_node, link->to_port);
      wire->index = i;
      g_ptr_array_add (wires, wire);
    }
  return wires;
}

/* The node that the only wire into `id` comes from, when it feeds nothing else; NULL. */
static EqsNode *
sole_source (EqsGraph *graph, const char *id)
{
  g_autoptr (GPtrArray) in = wires_of (graph, id, FALSE), out = NULL;
  EqsNode *source;
  char    *dot;
  g_autofree char *from = NULL;

  if (in->len != 1)
    return NULL;
  from = g_strdup (((Wire *) g_ptr_array_index (in, 0))->from);
  dot = strchr (from, '.');
  *dot = '\0';
  source = from[0] == '\0' ? NULL : eqs_graph_find_node (graph, from);
  if (source == NULL)
    return NULL;
  out = wires_of (graph, from, TRUE);
  return out->len == 1 ? source : NULL;
}

/* The node that the only wire out of `id` goes to, when nothing else feeds it; NULL. */
static EqsNode *
sole_consumer (EqsGraph *graph, const char *id)
{
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      EqsNode *node = eqs_graph_get_node (graph, i), *source = sole_source (graph, eqs_node_get_id (node));

      if (source != NULL && strcmp (eqs_node_get_id (source), id) == 0)
        return node;
    }
  return NULL;
}

typedef struct { char *scope, *first, *second; } Swap;     /* ids: first feeds second */

static void
swap_free (gpointer data)
{
  Swap *swap = data;

  g_free (swap->scope);
  g_free (swap->first);
  g_free (swap->second);
  g_free (swap);
}

/* Frames hold on to places, so the two change them there as well. */
static gboolean
swap_in_frames (EqsDocument *document, const Swap *swap, GError **error)
{
  if (swap->scope[0] != '\0')
    return TRUE;
  for (guint i = 0; i < eqs_document_get_n_items (document, EQS_ITEM_FRAME); i++)
    {
      const EqsMap   *frame = eqs_document_get_item (document, EQS_ITEM_FRAME, i);
      const EqsValue *members = eqs_map_get (frame, "members");
      g_autoptr (GPtrArray) ids = g_ptr_array_new ();
      g_autoptr (EqsValue)  value = NULL;

      for (guint k = 0; members != NULL && k < eqs_value_get_length (members); k++)
        {
          const char *id = eqs_value_get_string (eqs_value_get_item (members, k));

          g_ptr_array_add (ids, (gpointer) (g_strcmp0 (id, swap->first) == 0 ? swap->second : g_strcmp0 (id, swap->second) == 0 ? swap->first : id));
        }
      g_ptr_array_add (ids, NULL);
      if (ids->len < 2)
        continue;
      value = eqs_value_new_strings ((const char *const *) ids->pdata);
      if (!eqs_document_set_item_field (document, EQS_ITEM_FRAME, eqs_map_get_string (frame, "id", ""), "members", value, error))
        return FALSE;
    }
  return TRUE;
}

static char *
port_of (const char *end)
{
  return g_strdup (strchr (end, '.') + 1);
}

/* before > first > second > after becomes before > second > first > after. */
static gboolean
swap_cb (EqsDocument *document, gpointer data, GError **error)
{
  const Swap *swap = data;
  EqsGraph   *graph = eqs_document_get_graph (document, swap->scope);
  g_autoptr (GPtrArray) into = wires_of (graph, swap->first, FALSE), between = wires_of (graph, swap->second, FALSE), out = wires_of (graph, swap->second, TRUE);
  const Wire *in = into->len == 0 ? NULL : g_ptr_array_index (into, 0), *middle = g_ptr_array_index (between, 0);
  g_autofree char *first_in = in == NULL ? NULL : port_of (in->to), *first_out = port_of (middle->from), *second_in = port_of (middle->to);
  g_autofree char *first_path = join (swap->scope, swap->first), *second_path = join (swap->scope, swap->second);
  g_autofree char *first_end = end_text (swap->first, first_out), *second_end = end_text (swap->second, second_in);
  const EqsNode *first = eqs_document_find_node (document, first_path), *second = eqs_document_find_node (document, second_path);
  const double x[2] = { eqs_node_get_x (first), eqs_node_get_x (second) }, y[2] = { eqs_node_get_y (first), eqs_node_get_y (second) };

  for (guint i = 0; i < out->len; i++)
    {
      const Wire *wire = g_ptr_array_index (out, i);

      if (!eqs_document_disconnect (document, swap->scope, wire->from, wire->to, error))
        return FALSE;
    }
  if (!eqs_document_disconnect (document, swap->scope, middle->from, middle->to, error) || !eqs_document_disconnect (document, swap->scope, in->from, in->to, error) ||
      !eqs_document_connect (document, swap->scope, in->from, second_end, -1, FALSE, error))
    return FALSE;
  for (guint i = 0; i < out->len; i++)
    {
      const Wire *wire = g_ptr_array_index (out, i);

      if (i == 0)
        {
          g_autofree char *from = g_strdup (wire->from), *to = end_text (swap->first, first_in);

          if (!eqs_document_connect (document, swap->scope, from, to, -1, FALSE, error))
            return FALSE;
        }
      if (!eqs_document_connect (document, swap->scope, first_end, wire->to, (int) wire->index, FALSE, error))
        return FALSE;
    }
  return eqs_document_move_node (document, first_path, x[1], y[1], error) && eqs_document_move_node (document, second_path, x[0], y[0], error) &&
         swap_in_frames (document, swap, error);
}

gboolean
eqs_session_move_in_flow (EqsSession *self, const char *path, int step)
{
  g_autofree char *scope = scope_of (path);
  EqsGraph        *graph = eqs_document_get_graph (eqs_session_get_document (self), scope);
  EqsNode         *node = eqs_document_find_node (eqs_session_get_document (self), path), *first, *second;
  g_autoptr (GPtrArray) into = NULL, out = NULL;
  Swap *swap;

  if (node == NULL)
    return FALSE;
  first = step < 0 ? sole_source (graph, eqs_node_get_id (node)) : node;
  second = step < 0 ? node : sole_consumer (graph, eqs_node_get_id (node));
  if (first != NULL && second != NULL)
    {
      into = wires_of (graph, eqs_node_get_id (first), FALSE);
      out = wires_of (graph, eqs_node_get_id (second), TRUE);
    }
  if (into == NULL || into->len != 1 || out->len == 0)
    {
      eqs_session_message (self, "%s", _("Only two layers in a row, each with one way in and one way out, can change places."));
      return FALSE;
    }
  for (guint i = 1; i < out->len; i++)
    if (strcmp (((Wire *) g_ptr_array_index (out, i))->from, ((Wire *) g_ptr_array_index (out, 0))->from) != 0)
      return FALSE;
  swap = g_new0 (Swap, 1);
  swap->scope = g_strdup (scope);
  swap->first = g_strdup (eqs_node_get_id (first));
  swap->second = g_strdup (eqs_node_get_id (second));
  return eqs_session_do (self, eqs_command_new (step < 0 ? _("Move earlier") : _("Move later"), swap_cb, swap, swap_free));
}

/* ---- wires ---- */

typedef struct { char *scope, *from, *to; int index; } Move;

static void
move_free (gpointer data)
{
  Move *move = data;

  g_free (move->scope);
  g_free (move->from);
  g_free (move->to);
  g_free (move);
}

static gboolean
move_wire_cb (EqsDocument *document, gpointer data, GError **error)
{
  const Move *move = data;

  return eqs_document_disconnect (document, move->scope, move->from, move->to, error) &&
         eqs_document_connect (document, move->scope, move->from, move->to, move->index, FALSE, error);
}

gboolean
eqs_session_move_wire (EqsSession *self, const char *path, const char *port, guint place, int step)
{
  g_autofree char *scope = scope_of (path), *to = end_text (id_of (path), port);
  EqsGraph        *graph = eqs_document_get_graph (eqs_session_get_document (self), scope);
  g_autoptr (GPtrArray) wires = graph == NULL ? NULL : wires_of (graph, id_of (path), FALSE);
  Move *move;

  for (guint i = wires == NULL ? 0 : wires->len; i-- > 0; )
    if (strcmp (((Wire *) g_ptr_array_index (wires, i))->to, to) != 0)
      g_ptr_array_remove_index (wires, i);
  if (wires == NULL || place >= wires->len || (step < 0 && place == 0) || (step > 0 && place + 1 >= wires->len))
    return FALSE;
  move = g_new0 (Move, 1);
  move->scope = g_strdup (scope);
  move->from = g_strdup (((Wire *) g_ptr_array_index (wires, place))->from);
  move->to = g_strdup (to);
  move->index = (int) ((Wire *) g_ptr_array_index (wires, (guint) ((int) place + step)))->index;
  return eqs_session_do (self, eqs_command_new (_("Change the order of wires"), move_wire_cb, move, move_free));
}

gboolean
eqs_session_cut_wire (EqsSession *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  g_autofree char *scope = scope_of (to), *start = end_text (id_of (from), from_port), *end = end_text (id_of (to), to_port);

  return eqs_session_do (self, eqs_command_new_disconnect (scope, start, end));
}

gboolean
eqs_session_join (EqsSession *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  g_autofree char *scope = scope_of (to), *start = end_text (id_of (from), from_port), *end = end_text (id_of (to), to_port);
  EqsGraph        *graph = eqs_document_get_graph (eqs_session_get_document (self), scope);

  return eqs_session_do (self, eqs_command_new_connect (scope, start, end, !is_variadic (graph, id_of (to), to_port)));
}

/* ---- blocks ---- */

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
  g_autoptr (GPtrArray)  outside = g_ptr_array_new_with_free_func (wire_free);
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
      Wire            *wire;

      if (from_in && to_in && !eqs_graph_connect (body, from, to, error))
        return FALSE;
      if (from_in == to_in)
        continue;
      wire = g_new0 (Wire, 1);
      wire->index = i;
      if (to_in)
        {
          inner = end_text ("", border_port (inputs, from, "x"));
          wire->from = g_strdup (from);
          wire->to = end_text (block->id, inner + 1);
          if (!eqs_graph_connect (body, inner, to, error))
            {
              wire_free (wire);
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
              wire_free (wire);
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
      const Wire *wire = g_ptr_array_index (outside, i);

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
  g_autoptr (GPtrArray)  in = wires_of (graph, unblock->id, FALSE), out = wires_of (graph, unblock->id, TRUE);
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
          const Wire *wire = g_ptr_array_index (in, k);

          if (strcmp (wire->to, border_in) == 0 && !eqs_document_connect (document, unblock->scope, wire->from, to, -1, FALSE, error))
            return FALSE;
        }
      for (guint k = 0; to == NULL && from != NULL && k < out->len; k++)
        {
          const Wire *wire = g_ptr_array_index (out, k);

          if (strcmp (wire->from, border_out) == 0 && !eqs_document_connect (document, unblock->scope, from, wire->to, (int) MIN (wire->index, eqs_graph_get_n_links (graph)), FALSE, error))
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
eqs_session_ungroup (EqsSession *self)
{
  EqsDocument *document = eqs_session_get_document (self);
  const char  *path = eqs_session_get_n_selected (self) == 1 ? eqs_session_get_selection (self)[0] : NULL;
  EqsNode     *node = path == NULL ? NULL : eqs_document_find_node (document, path);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  Unblock *unblock;

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

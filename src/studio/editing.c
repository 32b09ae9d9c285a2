/* Each change is a command whose function speaks to the document; what cannot be done is found out before. */

#include "studio/editing-private.h"

#include "eqk/layer.h"

#include <glib/gi18n-lib.h>

static char *
scope_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? g_strdup ("") : g_strndup (path, (gsize) (slash - path));
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

void
eqs_wire_ends_free (gpointer data)
{
  EqsWireEnds *wire = data;

  g_free (wire->from);
  g_free (wire->to);
  g_free (wire);
}

GPtrArray *
eqs_wires_of (EqsGraph *graph, const char *id, gboolean output)
{
  GPtrArray *wires = g_ptr_array_new_with_free_func (eqs_wire_ends_free);

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);
      EqsWireEnds   *wire;

      if (strcmp (output ? link->from_node : link->to_node, id) != 0)
        continue;
      wire = g_new0 (EqsWireEnds, 1);
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
  g_autoptr (GPtrArray) in = eqs_wires_of (graph, id, FALSE), out = NULL;
  EqsNode *source;
  char    *dot;
  g_autofree char *from = NULL;

  if (in->len != 1)
    return NULL;
  from = g_strdup (((EqsWireEnds *) g_ptr_array_index (in, 0))->from);
  dot = strchr (from, '.');
  *dot = '\0';
  source = from[0] == '\0' ? NULL : eqs_graph_find_node (graph, from);
  if (source == NULL)
    return NULL;
  out = eqs_wires_of (graph, from, TRUE);
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
  g_autoptr (GPtrArray) into = eqs_wires_of (graph, swap->first, FALSE), between = eqs_wires_of (graph, swap->second, FALSE), out = eqs_wires_of (graph, swap->second, TRUE);
  const EqsWireEnds *in = into->len == 0 ? NULL : g_ptr_array_index (into, 0), *middle = g_ptr_array_index (between, 0);
  g_autofree char *first_in = in == NULL ? NULL : port_of (in->to), *first_out = port_of (middle->from), *second_in = port_of (middle->to);
  g_autofree char *first_path = join (swap->scope, swap->first), *second_path = join (swap->scope, swap->second);
  g_autofree char *first_end = end_text (swap->first, first_out), *second_end = end_text (swap->second, second_in);
  const EqsNode *first = eqs_document_find_node (document, first_path), *second = eqs_document_find_node (document, second_path);
  const double x[2] = { eqs_node_get_x (first), eqs_node_get_x (second) }, y[2] = { eqs_node_get_y (first), eqs_node_get_y (second) };

  for (guint i = 0; i < out->len; i++)
    {
      const EqsWireEnds *wire = g_ptr_array_index (out, i);

      if (!eqs_document_disconnect (document, swap->scope, wire->from, wire->to, error))
        return FALSE;
    }
  if (!eqs_document_disconnect (document, swap->scope, middle->from, middle->to, error) || !eqs_document_disconnect (document, swap->scope, in->from, in->to, error) ||
      !eqs_document_connect (document, swap->scope, in->from, second_end, -1, FALSE, error))
    return FALSE;
  for (guint i = 0; i < out->len; i++)
    {
      const EqsWireEnds *wire = g_ptr_array_index (out, i);

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
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

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
      into = eqs_wires_of (graph, eqs_node_get_id (first), FALSE);
      out = eqs_wires_of (graph, eqs_node_get_id (second), TRUE);
    }
  if (into == NULL || into->len != 1 || out->len == 0)
    {
      eqs_session_message (self, "%s", _("Only two layers in a row, each with one way in and one way out, can change places."));
      return FALSE;
    }
  for (guint i = 1; i < out->len; i++)
    if (strcmp (((EqsWireEnds *) g_ptr_array_index (out, i))->from, ((EqsWireEnds *) g_ptr_array_index (out, 0))->from) != 0)
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
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  g_autofree char *scope = scope_of (path), *to = end_text (id_of (path), port);
  EqsGraph        *graph = eqs_document_get_graph (eqs_session_get_document (self), scope);
  g_autoptr (GPtrArray) wires = graph == NULL ? NULL : eqs_wires_of (graph, id_of (path), FALSE);
  Move *move;

  for (guint i = wires == NULL ? 0 : wires->len; i-- > 0; )
    if (strcmp (((EqsWireEnds *) g_ptr_array_index (wires, i))->to, to) != 0)
      g_ptr_array_remove_index (wires, i);
  if (wires == NULL || place >= wires->len || (step < 0 && place == 0) || (step > 0 && place + 1 >= wires->len))
    return FALSE;
  move = g_new0 (Move, 1);
  move->scope = g_strdup (scope);
  move->from = g_strdup (((EqsWireEnds *) g_ptr_array_index (wires, place))->from);
  move->to = g_strdup (to);
  move->index = (int) ((EqsWireEnds *) g_ptr_array_index (wires, (guint) ((int) place + step)))->index;
  return eqs_session_do (self, eqs_command_new (_("Change the order of wires"), move_wire_cb, move, move_free));
}

gboolean
eqs_session_cut_wire (EqsSession *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  g_autofree char *scope = scope_of (to), *start = end_text (id_of (from), from_port), *end = end_text (id_of (to), to_port);

  return eqs_session_do (self, eqs_command_new_disconnect (scope, start, end));
}

gboolean
eqs_session_join (EqsSession *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  g_autofree char *scope = scope_of (to), *start = end_text (id_of (from), from_port), *end = end_text (id_of (to), to_port);
  EqsGraph        *graph = eqs_document_get_graph (eqs_session_get_document (self), scope);

  return eqs_session_do (self, eqs_command_new_connect (scope, start, end, !is_variadic (graph, id_of (to), to_port)));
}

/* Rows are made from the document and the newest check; nothing is kept between two looks but what the caller holds. */

#include "studio/outline.h"

#include "studio/items.h"

#include "eqk/layer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
row_free (gpointer data)
{
  EqsOutlineRow *row = data;

  g_free (row->key);
  g_free (row->path);
  g_free (row->port);
  g_free (row->other);
  g_free (row->other_port);
  g_free (row->title);
  g_free (row->problem);
  g_free (row);
}

const char *
eqs_outline_path_title (EqsDocument *document, const char *path)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  const EqsNode *node = path == NULL ? NULL : eqs_document_find_node (document, path);

  return node == NULL ? path : eqs_document_get_shown_title (document, node);
}

/* Again and again the first node, in the order of the file, of which all sources are there; a circle is cut at its first node. */
GPtrArray *
eqs_outline_order (EqsGraph *graph)
{
  const guint           n = eqs_graph_get_n_nodes (graph), n_links = eqs_graph_get_n_links (graph);
  GPtrArray            *order = g_ptr_array_sized_new (n);
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree guint     *open = g_new0 (guint, n + 1);
  g_autofree gboolean  *done = g_new0 (gboolean, n + 1);

  for (guint i = 0; i < n; i++)
    g_hash_table_insert (index, (gpointer) eqs_node_get_id (eqs_graph_get_node (graph, i)), GUINT_TO_POINTER (i + 1));
  for (guint k = 0; k < n_links; k++)
    if (g_hash_table_contains (index, eqs_graph_get_link (graph, k)->from_node))
      open[GPOINTER_TO_UINT (g_hash_table_lookup (index, eqs_graph_get_link (graph, k)->to_node))]++;
  while (order->len < n)
    {
      guint next = n;

      for (guint i = 0; i < n && next == n; i++)
        if (!done[i] && open[i + 1] == 0)
          next = i;
      for (guint i = 0; i < n && next == n; i++)
        if (!done[i])
          next = i;
      done[next] = TRUE;
      g_ptr_array_add (order, eqs_graph_get_node (graph, next));
      for (guint k = 0; k < n_links; k++)
        if (strcmp (eqs_graph_get_link (graph, k)->from_node, eqs_node_get_id (g_ptr_array_index (order, order->len - 1))) == 0)
          {
            guint *to = &open[GPOINTER_TO_UINT (g_hash_table_lookup (index, eqs_graph_get_link (graph, k)->to_node))];

            *to -= *to > 0;
          }
    }
  return order;
}

/* ---- rows ---- */

typedef struct
{
  EqsSession *session;
  GHashTable *expanded;
  GPtrArray  *rows;
} Look;

static void
take_problem (Look *look, EqsOutlineRow *row)
{
  const EqsProblem *problem = eqs_session_get_problem (look->session, row->path, row->port);

  row->severity = problem == NULL ? -1 : (int) problem->severity;
  row->problem = problem == NULL ? NULL : g_strdup (problem->titled);
}

static char *
join (const char *scope, const char *id)
{
  return scope[0] == '\0' ? g_strdup (id) : g_strconcat (scope, "/", id, NULL);
}

/* What stands at the other end, as people call it. */
static const char *
end_title (EqsDocument *document, EqsGraph *graph, const char *id)
{
  EqsNode *node = id[0] == '\0' ? NULL : eqs_graph_find_node (graph, id);

  return id[0] == '\0' ? _("the block’s border") : node == NULL ? id : eqs_document_get_shown_title (document, node);
}

/* @param link (nullable) */
static void
add_end (Look *look, EqsGraph *graph, const char *scope, const EqsNode *node, const char *port, gboolean output, const EqsLink *link, guint place,
         gboolean variadic, int depth)
{
  EqsOutlineRow *row = g_new0 (EqsOutlineRow, 1);
  const char    *other = link == NULL ? NULL : output ? link->to_node : link->from_node;
  const char    *other_port = link == NULL ? NULL : output ? link->to_port : link->from_port;

  row->kind = output ? EQS_OUTLINE_OUTPUT : EQS_OUTLINE_INPUT;
  row->depth = depth;
  row->path = join (scope, eqs_node_get_id (node));
  row->port = g_strdup (port);
  row->other = other == NULL || other[0] == '\0' ? NULL : join (scope, other);
  row->other_port = g_strdup (other_port);
  row->place = place;
  row->variadic = variadic;
  row->key = g_strdup_printf ("%s%s%s#%s.%s#%u", row->path, output ? ">" : "<", port, other == NULL ? "" : other, other_port == NULL ? "" : other_port, place);
  if (link == NULL)
    /* Translators: the name of a port. */
    row->title = g_strdup_printf (output ? _("Output %s, not used") : _("Input %s, open"), port);
  else
    /* Translators: the name of a port, then of a layer. */
    row->title = g_strdup_printf (output ? _("Output %s, to %s") : _("Input %s, from %s"), port, end_title (eqs_session_get_document (look->session), graph, other));
  if (output)
    row->type = eqs_session_get_type_at (look->session, row->path, port);
  else if (row->other != NULL)
    row->type = eqs_session_get_type_at (look->session, row->other, other_port);
  take_problem (look, row);
  g_ptr_array_add (look->rows, row);
}

static void
add_port (Look *look, EqsGraph *graph, const char *scope, const EqsNode *node, const char *port, gboolean output, gboolean variadic, int depth)
{
  guint n = 0;

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);

      if (strcmp (output ? link->from_node : link->to_node, eqs_node_get_id (node)) == 0 && strcmp (output ? link->from_port : link->to_port, port) == 0)
        add_end (look, graph, scope, node, port, output, link, n++, variadic, depth);
    }
  if (n == 0)
    add_end (look, graph, scope, node, port, output, NULL, 0, variadic, depth);
}

/* Ports of the layer or of the block, then those that only wires know of (layers unknown here). */
static void
add_ports (Look *look, EqsGraph *graph, const char *scope, const EqsNode *node, gboolean output, int depth)
{
  const EqkLayerType   *layer = eqk_layer_find (eqs_node_get_layer (node));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) border = eqs_document_list_border (eqs_session_get_document (look->session), node, output);

  for (const EqkPort *port = layer == NULL ? NULL : output ? layer->outputs : layer->inputs; port != NULL && port->name != NULL; port++)
    {
      g_hash_table_add (seen, (gpointer) port->name);
      add_port (look, graph, scope, node, port->name, output, port->variadic, depth);
    }
  for (guint i = 0; i < border->len; i++)
    if (g_hash_table_add (seen, border->pdata[i]))
      add_port (look, graph, scope, node, border->pdata[i], output, FALSE, depth);
  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);
      const char    *port = output ? link->from_port : link->to_port;

      if (strcmp (output ? link->from_node : link->to_node, eqs_node_get_id (node)) == 0 && g_hash_table_add (seen, (gpointer) port))
        add_port (look, graph, scope, node, port, output, FALSE, depth);
    }
}

static void
add_nodes (Look *look, EqsGraph *graph, const char *scope, int depth)
{
  g_autoptr (GPtrArray) order = eqs_outline_order (graph);

  for (guint i = 0; i < order->len; i++)
    {
      const EqsNode *node = g_ptr_array_index (order, i);
      EqsOutlineRow *row = g_new0 (EqsOutlineRow, 1);
      EqsGraph      *body = eqs_document_get_body (eqs_session_get_document (look->session), node);

      row->kind = EQS_OUTLINE_NODE;
      row->depth = depth;
      row->path = join (scope, eqs_node_get_id (node));
      row->key = g_strdup (row->path);
      row->title = g_strdup (eqs_document_get_shown_title (eqs_session_get_document (look->session), node));
      row->type = eqs_session_get_type_at (look->session, row->path, NULL);
      row->bypassed = eqs_node_is_bypassed (node);
      row->expanded = g_hash_table_contains (look->expanded, row->path);
      row->selected = eqs_session_is_selected (look->session, row->path);
      take_problem (look, row);
      g_ptr_array_add (look->rows, row);
      if (!row->expanded)
        continue;
      add_ports (look, graph, scope, node, FALSE, depth + 1);
      add_ports (look, graph, scope, node, TRUE, depth + 1);
      if (body != NULL && depth < EQS_MAX_NESTING)
        add_nodes (look, body, row->path, depth + 1);
    }
}

static void
add_items (Look *look, EqsItemKind kind)
{
  EqsDocument *document = eqs_session_get_document (look->session);

  for (guint i = 0; i < eqs_document_get_n_items (document, kind); i++)
    {
      const EqsMap  *item = eqs_document_get_item (document, kind, i);
      EqsOutlineRow *row = g_new0 (EqsOutlineRow, 1);
      g_autofree char *text = g_strdup (eqs_item_get_text (item, kind));

      g_strdelimit (text, "*\n\t", ' ');
      row->kind = kind == EQS_ITEM_FRAME ? EQS_OUTLINE_FRAME : EQS_OUTLINE_NOTE;
      row->path = g_strdup (eqs_map_get_string (item, "id", ""));
      row->key = g_strdup_printf ("%s:%s", kind == EQS_ITEM_FRAME ? "frame" : "note", row->path);
      /* Translators: the title of a frame; the text of a note. */
      row->title = g_strdup_printf (kind == EQS_ITEM_FRAME ? _("Frame: %s") : _("Note: %s"), g_strstrip (text));
      row->severity = -1;
      g_ptr_array_add (look->rows, row);
    }
}

GPtrArray *
eqs_outline_new (EqsSession *session, GHashTable *expanded)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  Look look = { session, expanded, g_ptr_array_new_with_free_func (row_free) };

  add_nodes (&look, eqs_document_get_graph (eqs_session_get_document (session), NULL), "", 0);
  add_items (&look, EQS_ITEM_FRAME);
  add_items (&look, EQS_ITEM_NOTE);
  return look.rows;
}

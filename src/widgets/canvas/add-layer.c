/*
 * The list of layers to add, as a popover where the pointer or the selection is: typed words narrow it, Enter takes the first. When it
 * was asked for from a wire's end, only layers with a port for that end are listed, and the new one is joined.
 */

#include "widgets/canvas/canvas-private.h"

#include "studio/catalogue.h"
#include "studio/editing.h"
#include "widgets/parts.h"

#include "eqk/layer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  EqsCanvas *canvas;            /* borrowed: the popover is its child */
  GtkWidget *popover, *entry, *list;
  double     x, y;              /* in the design */
  char      *node, *port;       /* owned (nullable): the end of a wire, node as an id in the scope */
  gboolean   from_output;
  gboolean   in_flow;           /* behind the selected layer, before what it feeds, where that can be */
  char      *link_from, *link_to;   /* owned (nullable): the wire to go into */
} Ask;

static void
ask_free (Ask *ask)
{
  g_free (ask->node);
  g_free (ask->port);
  g_free (ask->link_from);
  g_free (ask->link_to);
  g_free (ask);
}

static gboolean
has_ports (const EqkPort *ports)
{
  return ports != NULL && ports[0].name != NULL;
}

/* A layer can be offered here: it suits the symmetry and the data, and has the ports that are asked for. */
static gboolean
is_offered (Ask *ask, const EqsCatalogueRow *row)
{
  const EqkLayerType *layer = row->layer;

  if (!row->may_add)
    return FALSE;
  if (ask->link_from != NULL)
    return has_ports (layer->inputs) && has_ports (layer->outputs);
  return ask->node == NULL || has_ports (ask->from_output ? layer->inputs : layer->outputs);
}

/* Where a block meets what is outside: its first input, or output. NULL: it has none. */
static const char *
border_of (EqsGraph *body, gboolean output)
{
  for (guint i = 0; i < eqs_graph_get_n_links (body); i++)
    {
      const EqsLink *link = eqs_graph_get_link (body, i);

      if (output ? link->to_node[0] == '\0' : link->from_node[0] == '\0')
        return output ? link->to_port : link->from_port;
    }
  return NULL;
}

static EqsNode *
new_node (Ask *ask, const char *id, const EqkLayerType *layer, const char *block)
{
  EqsNode *node = block != NULL ? eqs_session_new_use (ask->canvas->session, id, block) : eqs_node_new (id, layer->id);

  eqs_node_set_position (node, EQS_GRID * (double) (int) (ask->x / EQS_GRID), EQS_GRID * (double) (int) (ask->y / EQS_GRID));
  return node;
}

/* A layer, or a reusable block of the design; in and out are the ports that it is joined by. */
static void
place (Ask *ask, const EqkLayerType *layer, const char *block, const char *in, const char *out)
{
  EqsCanvas       *self = ask->canvas;
  EqsDocument     *document = eqs_session_get_document (self->session);
  const char      *scope = eqs_session_get_scope (self->session);
  g_autofree char *id = eqs_document_unique_id (document, scope, block != NULL ? block : layer->id);
  g_autofree char *path = scope[0] == '\0' ? g_strdup (id) : g_strconcat (scope, "/", id, NULL);
  g_autofree char *held = ask->node == NULL ? NULL : g_strdup_printf ("%s.%s", ask->node, ask->port);
  EqsNode         *node;
  EqsCommand      *command;

  if (ask->link_from == NULL)
    eqs_document_find_free_place (document, scope, &ask->x, &ask->y);
  node = new_node (ask, id, layer, block);
  if (ask->link_from != NULL)
    command = eqs_command_new_insert_on_link (scope, ask->link_from, ask->link_to, node, in, out);
  else if (held != NULL)
    {
      g_autofree char *own = g_strdup_printf ("%s.%s", id, ask->from_output ? in : out);

      command = ask->from_output ? eqs_command_new_add_connected (scope, node, held, own) : eqs_command_new_add_connected (scope, node, own, held);
    }
  else
    command = eqs_command_new_add_node (scope, node);
  if (eqs_session_do (self->session, command))
    {
      eqs_session_select_one (self->session, path);
      eqs_session_reveal (self->session, path);
    }
}

static void
add (Ask *ask, const EqkLayerType *layer)
{
  if (ask->in_flow && eqs_catalogue_insert (ask->canvas->session, layer->id))
    eqs_session_reveal (ask->canvas->session, eqs_session_get_selection (ask->canvas->session)[0]);
  else
    place (ask, layer, NULL, has_ports (layer->inputs) ? layer->inputs[0].name : NULL, has_ports (layer->outputs) ? layer->outputs[0].name : NULL);
}

void
eqs_canvas_add_layer (EqsCanvas *self, const EqkLayerType *layer, double design_x, double design_y, const EqsLink *on_link)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  Ask ask = { .canvas = self, .x = design_x, .y = design_y };

  if (on_link != NULL && has_ports (layer->inputs) && has_ports (layer->outputs))
    {
      ask.link_from = g_strdup_printf ("%s.%s", on_link->from_node, on_link->from_port);
      ask.link_to = g_strdup_printf ("%s.%s", on_link->to_node, on_link->to_port);
    }
  add (&ask, layer);
  g_free (ask.link_from);
  g_free (ask.link_to);
}

static EqsGraph *
body_of (Ask *ask, const char *block)
{
  g_autofree char *scope = g_strconcat ("#", block, NULL);

  return eqs_document_get_graph (eqs_session_get_document (ask->canvas->session), scope);
}

/* On the one wire out of the end that was asked for, where the block leads on. */
static void
take_way_on (Ask *ask)
{
  EqsGraph *graph = eqs_document_get_graph (eqs_session_get_document (ask->canvas->session), eqs_session_get_scope (ask->canvas->session));
  const int at = eqs_graph_find_link (graph, ask->node, ask->port, NULL, NULL);
  guint     n = 0;

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    n += strcmp (eqs_graph_get_link (graph, i)->from_node, ask->node) == 0 && strcmp (eqs_graph_get_link (graph, i)->from_port, ask->port) == 0;
  if (n != 1)
    return;
  ask->link_from = g_strdup_printf ("%s.%s", ask->node, ask->port);
  ask->link_to = g_strdup_printf ("%s.%s", eqs_graph_get_link (graph, (guint) at)->to_node, eqs_graph_get_link (graph, (guint) at)->to_port);
}

static void
add_block (Ask *ask, const char *block)
{
  EqsGraph        *body = body_of (ask, block);
  g_autofree char *in = g_strdup (border_of (body, FALSE)), *out = g_strdup (border_of (body, TRUE));

  if (ask->in_flow && ask->from_output && ask->node != NULL && ask->link_from == NULL && in != NULL && out != NULL)
    take_way_on (ask);
  place (ask, NULL, block, in, out);
}

/* A reusable block has the ports that are asked for, and does not stand in itself. */
static gboolean
is_block_offered (Ask *ask, const char *block)
{
  EqsGraph      *body = body_of (ask, block);
  const gboolean in = border_of (body, FALSE) != NULL, out = border_of (body, TRUE) != NULL;

  if (!eqs_session_can_use_block (ask->canvas->session, block))
    return FALSE;
  if (ask->link_from != NULL)
    return in && out;
  return ask->node == NULL || (ask->from_output ? in : out);
}

static gboolean
row_matches (GtkListBoxRow *row, gpointer data)
{
  Ask *ask = data;

  return eqs_text_has_words (g_object_get_data (G_OBJECT (row), "text"), gtk_editable_get_text (GTK_EDITABLE (ask->entry)));
}

static void
search_cb (GtkSearchEntry *entry, Ask *ask)
{
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (ask->list));
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, Ask *ask)
{
  const EqkLayerType *layer = g_object_get_data (G_OBJECT (row), "layer");
  const char         *block = g_object_get_data (G_OBJECT (row), "block");

  g_object_ref (ask->popover);
  if (block != NULL)
    add_block (ask, block);
  else
    add (ask, layer);
  gtk_popover_popdown (GTK_POPOVER (ask->popover));
  g_object_unref (ask->popover);
}

static void
activate_cb (GtkSearchEntry *entry, Ask *ask)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (ask->list), i)) != NULL; i++)
    if (row_matches (row, ask))
      {
        row_activated_cb (GTK_LIST_BOX (ask->list), row, ask);
        return;
      }
}

static void
stop_cb (GtkSearchEntry *entry, Ask *ask)
{
  gtk_popover_popdown (GTK_POPOVER (ask->popover));
}

static void
add_row_of (Ask *ask, const char *name, const char *words, const char *beside, const char *plain, const EqkLayerType *layer, const char *block)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *title = gtk_label_new (name), *kind = gtk_label_new (beside);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (kind, "eq-second");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), kind);
  gtk_widget_set_size_request (box, -1, 26);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "layer", (gpointer) layer);
  g_object_set_data_full (G_OBJECT (row), "block", g_strdup (block), g_free);
  g_object_set_data_full (G_OBJECT (row), "text", g_strdup (words), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, plain, -1);
  gtk_widget_set_tooltip_text (row, plain);
  gtk_list_box_append (GTK_LIST_BOX (ask->list), row);
}

/* @param why  (nullable) what is to be said of it here */
static void
add_row (Ask *ask, const EqkLayerType *layer, const char *why)
{
  g_autofree char *sentence = eqs_layer_dup_plain (layer), *plain = why == NULL ? g_strdup (sentence) : g_strdup_printf ("%s\n%s", sentence, why);
  g_autofree char *words = g_strdup_printf ("%s %s %s", _(layer->title), layer->id, _(layer->category));

  add_row_of (ask, _(layer->title), words, why == NULL ? _(layer->category) : _("can break the symmetry"), plain, layer, NULL);
}

/* The design's own blocks come first. */
static void
add_blocks (Ask *ask)
{
  EqsDocument *document = eqs_session_get_document (ask->canvas->session);

  for (guint i = 0; i < eqs_document_get_n_definitions (document); i++)
    {
      const char *id = eqs_node_get_id (eqs_document_get_definition (document, i));

      if (is_block_offered (ask, id))
        add_row_of (ask, id, id, _("Reusable block"), _("A block of this design. What is changed in it changes wherever it stands."), NULL, id);
    }
}

void
eqs_canvas_ask_layer (EqsCanvas *self, double design_x, double design_y, const EqsAddEnd *end)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  Ask        *ask = g_new0 (Ask, 1);
  GtkWidget  *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *scroll = gtk_scrolled_window_new ();
  const char *slash = end->path == NULL ? NULL : strrchr (end->path, '/');
  double      x, y;
  g_autoptr (GPtrArray) rows = eqs_catalogue_new (eqs_session_get_document (self->session));

  ask->canvas = self;
  ask->x = design_x;
  ask->y = design_y;
  ask->node = g_strdup (slash == NULL ? end->path : slash + 1);
  ask->port = g_strdup (end->port);
  ask->from_output = end->from_output;
  ask->in_flow = end->in_flow;
  if (end->link != NULL)
    {
      ask->link_from = g_strdup_printf ("%s.%s", end->link->from_node, end->link->from_port);
      ask->link_to = g_strdup_printf ("%s.%s", end->link->to_node, end->link->to_port);
    }
  ask->popover = gtk_popover_new ();
  ask->entry = gtk_search_entry_new ();
  ask->list = gtk_list_box_new ();
  g_object_set (ask->entry, "placeholder-text", _("Add a layer"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (ask->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Add a layer"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (ask->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Layers that fit"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (ask->popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Add a layer"), -1);
  add_blocks (ask);
  for (int breaks = 0; breaks < 2; breaks++)      /* what can break the symmetry comes last, and says so */
    for (guint i = 0; i < rows->len; i++)
      {
        const EqsCatalogueRow *row = g_ptr_array_index (rows, i);

        if ((row->why != NULL) == breaks && is_offered (ask, row))
          add_row (ask, row->layer, row->why);
      }
  gtk_list_box_set_filter_func (GTK_LIST_BOX (ask->list), row_matches, ask, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scroll), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Layers"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), ask->list);
  gtk_widget_set_size_request (scroll, 320, 280);
  gtk_box_append (GTK_BOX (box), ask->entry);
  gtk_box_append (GTK_BOX (box), scroll);
  gtk_popover_set_child (GTK_POPOVER (ask->popover), box);
  g_object_set_data_full (G_OBJECT (ask->popover), "ask", ask, (GDestroyNotify) ask_free);
  g_signal_connect (ask->entry, "search-changed", G_CALLBACK (search_cb), ask);
  g_signal_connect (ask->entry, "activate", G_CALLBACK (activate_cb), ask);
  g_signal_connect (ask->entry, "stop-search", G_CALLBACK (stop_cb), ask);
  g_signal_connect (ask->list, "row-activated", G_CALLBACK (row_activated_cb), ask);
  eqs_canvas_from_design (self, design_x, design_y + EQS_PORT_TOP, &x, &y);
  eqs_canvas_place_popover (self, ask->popover, CLAMP (x, 8, gtk_widget_get_width (GTK_WIDGET (self)) - 8), CLAMP (y, 8, gtk_widget_get_height (GTK_WIDGET (self)) - 8));
  gtk_widget_grab_focus (ask->entry);
}

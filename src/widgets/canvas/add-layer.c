/*
 * The list of layers to add, as a popover where the pointer or the selection is: typed words narrow it, Enter takes the first. When it
 * was asked for from a wire's end, only layers with a port for that end are listed, and the new one is joined.
 */

#include "widgets/canvas/canvas-private.h"

#include "studio/catalogue.h"
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

static void
add (Ask *ask, const EqkLayerType *layer)
{
  EqsCanvas       *self = ask->canvas;
  const char      *scope = eqs_session_get_scope (self->session);
  g_autofree char *id = eqs_document_unique_id (eqs_session_get_document (self->session), scope, layer->id);
  g_autofree char *path = scope[0] == '\0' ? g_strdup (id) : g_strconcat (scope, "/", id, NULL);
  g_autofree char *held = ask->node == NULL ? NULL : g_strdup_printf ("%s.%s", ask->node, ask->port);
  EqsNode         *node;
  EqsCommand      *command;

  if (ask->in_flow && eqs_catalogue_insert (self->session, layer->id))
    {
      eqs_session_reveal (self->session, path);
      return;
    }
  node = eqs_node_new (id, layer->id);
  if (ask->link_from == NULL)
    eqs_document_find_free_place (eqs_session_get_document (self->session), scope, &ask->x, &ask->y);
  eqs_node_set_position (node, EQS_GRID * (double) (int) (ask->x / EQS_GRID), EQS_GRID * (double) (int) (ask->y / EQS_GRID));
  if (ask->link_from != NULL)
    command = eqs_command_new_insert_on_link (scope, ask->link_from, ask->link_to, node, layer->inputs[0].name, layer->outputs[0].name);
  else if (held != NULL)
    {
      g_autofree char *own = g_strdup_printf ("%s.%s", id, ask->from_output ? layer->inputs[0].name : layer->outputs[0].name);

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

  g_object_ref (ask->popover);
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

/* @param why  (nullable) what is to be said of it here */
static void
add_row (Ask *ask, const EqkLayerType *layer, const char *why)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *title = gtk_label_new (_(layer->title));
  GtkWidget *kind = gtk_label_new (why == NULL ? _(layer->category) : _("can break the symmetry"));
  g_autofree char *sentence = eqs_layer_dup_plain (layer), *plain = why == NULL ? g_strdup (sentence) : g_strdup_printf ("%s\n%s", sentence, why);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (kind, "eq-second");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), kind);
  gtk_widget_set_size_request (box, -1, 26);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "layer", (gpointer) layer);
  g_object_set_data_full (G_OBJECT (row), "text", g_strdup_printf ("%s %s %s", _(layer->title), layer->id, _(layer->category)), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(layer->title), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, plain, -1);
  gtk_widget_set_tooltip_text (row, plain);
  gtk_list_box_append (GTK_LIST_BOX (ask->list), row);
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

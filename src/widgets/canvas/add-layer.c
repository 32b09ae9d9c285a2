/*
 * The list of layers to add, as a popover where the pointer or the selection is: typed words narrow it, Enter takes the first. When it
 * was asked for from a wire's end, only layers with a port for that end are listed, and the new one is joined.
 */

#include "widgets/canvas/canvas-private.h"

#include "studio/catalogue.h"
#include "studio/definitions.h"
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

/* What is added: a layer, or a use of a definition. */
typedef struct
{
  const char *layer;            /* borrowed: the registry's */
  char       *block;            /* owned (nullable): the definition */
  char       *in, *out;         /* owned (nullable): its first ports */
} Kind;

static Kind *
kind_new (const EqkLayerType *layer)
{
  Kind *kind = g_new0 (Kind, 1);

  kind->layer = layer->id;
  kind->in = layer->inputs == NULL ? NULL : g_strdup (layer->inputs[0].name);
  kind->out = layer->outputs == NULL ? NULL : g_strdup (layer->outputs[0].name);
  return kind;
}

static Kind *
kind_new_use (EqsDocument *document, const EqsNode *definition)
{
  g_autoptr (GPtrArray) in = eqs_document_list_border (document, definition, FALSE), out = eqs_document_list_border (document, definition, TRUE);
  Kind *kind = g_new0 (Kind, 1);

  kind->layer = "subgraph";
  kind->block = g_strdup (eqs_node_get_id (definition));
  kind->in = in->len == 0 ? NULL : g_strdup (in->pdata[0]);
  kind->out = out->len == 0 ? NULL : g_strdup (out->pdata[0]);
  return kind;
}

static void
kind_free (gpointer data)
{
  Kind *kind = data;

  g_free (kind->block);
  g_free (kind->in);
  g_free (kind->out);
  g_free (kind);
}

static void
ask_free (Ask *ask)
{
  g_free (ask->node);
  g_free (ask->port);
  g_free (ask->link_from);
  g_free (ask->link_to);
  g_free (ask);
}

/* It has the ports that are asked for. */
static gboolean
is_offered (Ask *ask, const Kind *kind)
{
  if (ask->link_from != NULL)
    return kind->in != NULL && kind->out != NULL;
  return ask->node == NULL || (ask->from_output ? kind->in : kind->out) != NULL;
}

/* Behind the selected node, before what that feeds. */
static gboolean
insert_in_flow (Ask *ask, const Kind *kind)
{
  EqsSession *session = ask->canvas->session;

  return ask->in_flow && (kind->block != NULL ? eqs_session_insert_use (session, kind->block) : eqs_catalogue_insert (session, kind->layer));
}

static EqsNode *
node_new (Ask *ask, const Kind *kind, const char *id)
{
  return kind->block == NULL ? eqs_node_new (id, kind->layer) : eqs_definition_new_use (eqs_session_get_document (ask->canvas->session), kind->block, id);
}

static void
add (Ask *ask, const Kind *kind)
{
  EqsCanvas       *self = ask->canvas;
  const char      *scope = eqs_session_get_scope (self->session);
  g_autofree char *id = eqs_document_unique_id (eqs_session_get_document (self->session), scope, kind->block == NULL ? kind->layer : kind->block);
  g_autofree char *path = scope[0] == '\0' ? g_strdup (id) : g_strconcat (scope, "/", id, NULL);
  g_autofree char *held = ask->node == NULL ? NULL : g_strdup_printf ("%s.%s", ask->node, ask->port);
  EqsNode         *node;
  EqsCommand      *command;

  if (insert_in_flow (ask, kind))
    {
      eqs_session_reveal (self->session, eqs_session_get_selection (self->session)[0]);
      return;
    }
  node = node_new (ask, kind, id);
  if (ask->link_from == NULL)
    eqs_document_find_free_place (eqs_session_get_document (self->session), scope, &ask->x, &ask->y);
  eqs_node_set_position (node, EQS_GRID * (double) (int) (ask->x / EQS_GRID), EQS_GRID * (double) (int) (ask->y / EQS_GRID));
  if (ask->link_from != NULL)
    command = eqs_command_new_insert_on_link (scope, ask->link_from, ask->link_to, node, kind->in, kind->out);
  else if (held != NULL)
    {
      g_autofree char *own = g_strdup_printf ("%s.%s", id, ask->from_output ? kind->in : kind->out);

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

  Ask   ask = { .canvas = self, .x = design_x, .y = design_y };
  Kind *kind = kind_new (layer);

  if (on_link != NULL && kind->in != NULL && kind->out != NULL)
    {
      ask.link_from = g_strdup_printf ("%s.%s", on_link->from_node, on_link->from_port);
      ask.link_to = g_strdup_printf ("%s.%s", on_link->to_node, on_link->to_port);
    }
  add (&ask, kind);
  kind_free (kind);
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
  g_object_ref (ask->popover);
  add (ask, g_object_get_data (G_OBJECT (row), "kind"));
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

/* @param kind (transfer full)  @param category what stands at the end  @param words what else it is found by */
static void
add_row (Ask *ask, Kind *kind, const char *called, const char *category, const char *words, const char *plain)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *title = gtk_label_new (called), *end = gtk_label_new (category);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (end, "eq-second");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), end);
  gtk_widget_set_size_request (box, -1, 26);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "kind", kind, kind_free);
  g_object_set_data_full (G_OBJECT (row), "text", g_strdup_printf ("%s %s", called, words), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, called, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, plain, -1);
  gtk_widget_set_tooltip_text (row, plain);
  gtk_list_box_append (GTK_LIST_BOX (ask->list), row);
}

/* @param why  (nullable) what is to be said of it here */
static void
add_layer_row (Ask *ask, const EqkLayerType *layer, const char *why)
{
  g_autofree char *sentence = eqs_layer_dup_plain (layer), *plain = why == NULL ? g_strdup (sentence) : g_strdup_printf ("%s\n%s", sentence, why);
  g_autofree char *words = g_strdup_printf ("%s %s", layer->id, _(layer->category));
  Kind            *kind = kind_new (layer);

  if (is_offered (ask, kind))
    add_row (ask, kind, _(layer->title), why == NULL ? _(layer->category) : _("can break the symmetry"), words, plain);
  else
    kind_free (kind);
}

/* The design's own definitions come first; one cannot be used inside of itself. */
static void
add_definitions (Ask *ask)
{
  EqsDocument *document = eqs_session_get_document (ask->canvas->session);

  for (guint i = 0; i < eqs_document_get_n_definitions (document); i++)
    {
      const EqsNode   *definition = eqs_document_get_definition (document, i);
      const char      *id = eqs_node_get_id (definition);
      const guint      n = eqs_document_count_uses (document, id);
      g_autofree char *plain = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "A block of this design, used %u time. An edit inside of it changes all uses.",
                                                             "A block of this design, used %u times. An edit inside of it changes all uses.", n), n);
      Kind            *kind = kind_new_use (document, definition);

      if (is_offered (ask, kind) && eqs_definition_fits (document, eqs_session_get_scope (ask->canvas->session), id))
        add_row (ask, kind, eqs_document_get_shown_title (document, definition), _("Block of this design"), id, plain);
      else
        kind_free (kind);
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
  add_definitions (ask);
  for (int breaks = 0; breaks < 2; breaks++)      /* what can break the symmetry comes last, and says so */
    for (guint i = 0; i < rows->len; i++)
      {
        const EqsCatalogueRow *row = g_ptr_array_index (rows, i);

        if ((row->why != NULL) == breaks && row->may_add)
          add_layer_row (ask, row->layer, row->why);
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

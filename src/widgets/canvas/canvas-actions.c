/* What can be done on the canvas by key, menu and command search. Each is an action; the table beside them has the keys. */

#include "widgets/canvas/canvas-private.h"

#include "model/clipboard.h"
#include "studio/definitions.h"
#include "studio/editing.h"
#include "widgets/canvas/minimap.h"
#include "widgets/outline/end-popovers.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const EqsActionRow eqs_canvas_actions[] = {
  { "canvas.add-layer", N_("Add a layer"), N_("Canvas"), { "<Shift>a" } },
  { "canvas.connect", N_("Connect the selected layer"), N_("Canvas"), { "c" } },
  { "canvas.duplicate", N_("Duplicate"), N_("Canvas"), { "<Control>d", "<Shift>d" } },
  { "canvas.copy", N_("Copy"), N_("Canvas"), { "<Control>c" } },
  { "canvas.cut", N_("Cut"), N_("Canvas"), { "<Control>x" } },
  { "canvas.paste", N_("Paste"), N_("Canvas"), { "<Control>v" } },
  { "canvas.paste-linked", N_("Paste with incoming wires"), N_("Canvas"), { "<Control><Shift>v" } },
  { "canvas.delete", N_("Delete"), N_("Canvas"), { "Delete" } },
  { "canvas.delete-rejoin", N_("Delete and rejoin the wires"), N_("Canvas"), { "<Control>Delete" } },
  { "canvas.bypass", N_("Bypass"), N_("Canvas"), { "b", "m" } },
  { "canvas.frame", N_("Frame the selection"), N_("Canvas"), { "<Control><Shift>f" } },
  { "canvas.select-all", N_("Select all"), N_("Canvas"), { "<Control>a" } },
  { "canvas.select-none", N_("Select nothing"), N_("Canvas"), { "<Control><Shift>a" } },
  { "canvas.select-linked", N_("Select everything linked"), N_("Canvas"), { "l" } },
  { "canvas.note", N_("Add a note"), N_("Canvas"), { "n" } },
  { "canvas.bend", N_("Lead the wire over a point"), N_("Canvas"), { "r" } },
  { "canvas.straighten", N_("Straighten the wires"), N_("Canvas"), { "<Shift>r" } },
  { "canvas.align-left", N_("Align left edges"), N_("Arranging"), { "<Control><Alt>Left" } },
  { "canvas.align-centre", N_("Align centres"), N_("Arranging"), { "<Control><Alt>c" } },
  { "canvas.align-right", N_("Align right edges"), N_("Arranging"), { "<Control><Alt>Right" } },
  { "canvas.align-top", N_("Align top edges"), N_("Arranging"), { "<Control><Alt>Up" } },
  { "canvas.align-middle", N_("Align middles"), N_("Arranging"), { "<Control><Alt>m" } },
  { "canvas.align-bottom", N_("Align bottom edges"), N_("Arranging"), { "<Control><Alt>Down" } },
  { "canvas.distribute-row", N_("Distribute from left to right"), N_("Arranging"), { "<Control><Alt>h" } },
  { "canvas.distribute-column", N_("Distribute from top to bottom"), N_("Arranging"), { "<Control><Alt>v" } },
  { "canvas.tidy", N_("Tidy the layout"), N_("Canvas"), { "<Control>l" } },
  { "canvas.group", N_("Group into a block"), N_("Canvas"), { "<Control>g" } },
  { "canvas.ungroup", N_("Take the block apart"), N_("Canvas"), { "<Control><Shift>g" } },
  { "canvas.define", N_("Make the block usable elsewhere"), N_("Canvas"), { "<Control><Alt>g" } },
  { "canvas.detach", N_("Detach from the definition"), N_("Canvas"), { "<Control><Alt>u" } },
  { "canvas.enter", N_("Go into the block"), N_("Canvas"), { "Return" } },
  { "canvas.leave", N_("Leave the block"), N_("Canvas"), { "BackSpace", "<Alt>Up" } },
  { "canvas.problems", N_("Problems of the selected layer"), N_("Canvas"), { "<Control>period" } },
  { "canvas.fit", N_("Show everything"), N_("Canvas"), { "Home" } },
  { "canvas.fit-selection", N_("Show the selection"), N_("Canvas"), { "period" } },
  { "canvas.zoom-in", N_("Zoom in"), N_("Canvas"), { "<Control>plus", "<Control>equal" } },
  { "canvas.zoom-out", N_("Zoom out"), N_("Canvas"), { "<Control>minus" } },
  { "canvas.minimap", N_("Show or hide the map"), N_("Canvas"), { "<Alt>m" } },
  { "canvas.menu", N_("What can be done here"), N_("Canvas"), { "Menu", "<Shift>F10" } },
  { "canvas.zoom-100", N_("Zoom to 100 %"), N_("Canvas"), { "<Control>0" } },
  { NULL, NULL, NULL, { NULL } }
};

/* Ids of the selected nodes; (transfer container) */
static GPtrArray *
selected_ids (EqsCanvas *self)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (const char *const *path = eqs_session_get_selection (self->session); *path != NULL; path++)
    {
      const char *slash = strrchr (*path, '/');

      g_ptr_array_add (ids, (gpointer) (slash == NULL ? *path : slash + 1));
    }
  g_ptr_array_add (ids, NULL);
  return ids;
}

static void
middle (EqsCanvas *self, double *x, double *y)
{
  eqs_canvas_to_design (self, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0, gtk_widget_get_height (GTK_WIDGET (self)) / 2.0, x, y);
  *x -= EQS_CARD_WIDTH / 2;
  *y -= EQS_CARD_HEIGHT / 2;
}

/* The selected card of a plan; NULL unless exactly one is. */
static const EqsPlanCard *
only_card (EqsCanvas *self)
{
  const char *path = eqs_session_get_n_selected (self->session) == 1 ? eqs_session_get_selection (self->session)[0] : NULL;
  const char *slash = path == NULL ? NULL : strrchr (path, '/');
  const int   at = path == NULL ? -1 : eqs_plan_find (self->plan, slash == NULL ? path : slash + 1);

  return at < 0 ? NULL : &self->plan->cards[at];
}

/* Behind the selected card, in its flow; or in the middle. */
static void
add_layer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas *self = EQS_CANVAS (widget);
  const EqsPlanCard *card = only_card (self);
  double x, y;

  if (card != NULL && card->outputs->len > 0)
    {
      const EqsAddEnd end = { .path = card->path, .port = card->outputs->pdata[0], .from_output = TRUE, .in_flow = TRUE };

      eqs_canvas_ask_layer (self, card->x + EQS_COLUMN_PITCH, card->y, &end);
    }
  else
    {
      middle (self, &x, &y);
      eqs_canvas_ask_layer (self, x, y, &(EqsAddEnd){ 0 });
    }
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas *self = EQS_CANVAS (widget);

  if (eqs_session_get_n_selected (self->session) > 0)
    eqs_session_do (self->session, eqs_command_new_remove_nodes (eqs_session_get_selection (self->session), strcmp (name, "canvas.delete-rejoin") == 0));
}

static char *
copy_text (EqsCanvas *self)
{
  g_autoptr (GPtrArray) ids = selected_ids (self);

  return eqs_clipboard_copy (eqs_session_get_document (self->session), eqs_session_get_scope (self->session), (const char *const *) ids->pdata);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas       *self = EQS_CANVAS (widget);
  g_autofree char *text = NULL;

  if (eqs_session_get_n_selected (self->session) == 0)
    return;
  text = copy_text (self);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  if (strcmp (name, "canvas.cut") == 0)
    eqs_session_do (self->session, eqs_command_new_remove_nodes (eqs_session_get_selection (self->session), FALSE));
}

static void
paste_text (EqsCanvas *self, const char *text, double dx, double dy, gboolean incoming)
{
  g_autoptr (GPtrArray) pasted = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError)    error = NULL;
  EqsCommand *command;

  eqs_clipboard_find_place (text, eqs_session_get_document (self->session), eqs_session_get_scope (self->session), EQS_GRID, &dx, &dy);
  command = eqs_command_new_paste (text, eqs_session_get_scope (self->session), dx, dy, incoming, pasted, &error);

  if (command == NULL)
    {
      eqs_session_message (self->session, "%s", error->message);
      return;
    }
  if (eqs_session_do (self->session, command))
    {
      g_ptr_array_add (pasted, NULL);
      eqs_session_select (self->session, (const char *const *) pasted->pdata);
      if (pasted->len > 1)
        eqs_session_reveal (self->session, pasted->pdata[0]);
    }
}

static void
duplicate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas       *self = EQS_CANVAS (widget);
  g_autofree char *text = NULL;

  if (eqs_session_get_n_selected (self->session) == 0)
    return;
  text = copy_text (self);
  paste_text (self, text, 3 * EQS_GRID, 13 * EQS_GRID, TRUE);
}

typedef struct { EqsCanvas *canvas; gboolean incoming; } Paste;

static void
clipboard_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Paste           *paste = data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  if (paste->canvas->session != NULL)
    {
      if (text != NULL && eqs_clipboard_can_paste (text))
        paste_text (paste->canvas, text, 3 * EQS_GRID, 3 * EQS_GRID, paste->incoming);
      else
        eqs_session_message (paste->canvas->session, _("What was copied is not part of a design."));
    }
  g_object_unref (paste->canvas);
  g_free (paste);
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  Paste *paste = g_new0 (Paste, 1);

  paste->canvas = g_object_ref (EQS_CANVAS (widget));
  paste->incoming = strcmp (name, "canvas.paste-linked") == 0;
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, clipboard_cb, paste);
}

static void
bypass_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas *self = EQS_CANVAS (widget);
  const char *const *paths = eqs_session_get_selection (self->session);
  EqsNode   *first = paths[0] == NULL ? NULL : eqs_document_find_node (eqs_session_get_document (self->session), paths[0]);

  if (first != NULL)
    eqs_session_do (self->session, eqs_command_new_set_bypass (paths, !eqs_node_is_bypassed (first)));
}

static void
select_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas *self = EQS_CANVAS (widget);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  for (guint i = 0; strcmp (name, "canvas.select-all") == 0 && i < self->plan->n_cards; i++)
    g_ptr_array_add (paths, self->plan->cards[i].path);
  g_ptr_array_add (paths, NULL);
  eqs_session_select (self->session, (const char *const *) paths->pdata);
}

/* Everything that can be reached along wires, in either direction. */
static void
select_linked_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas *self = EQS_CANVAS (widget);
  g_autofree gboolean  *seen = g_new0 (gboolean, self->plan->n_cards + 1);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  gboolean grew = TRUE;

  for (guint i = 0; i < self->plan->n_cards; i++)
    seen[i] = eqs_session_is_selected (self->session, self->plan->cards[i].path);
  while (grew)
    {
      grew = FALSE;
      for (guint i = 0; i < self->plan->n_wires; i++)
        if (seen[self->plan->wires[i].from] != seen[self->plan->wires[i].to])
          grew = seen[self->plan->wires[i].from] = seen[self->plan->wires[i].to] = TRUE;
    }
  for (guint i = 0; i < self->plan->n_cards; i++)
    if (seen[i])
      g_ptr_array_add (paths, self->plan->cards[i].path);
  g_ptr_array_add (paths, NULL);
  eqs_session_select (self->session, (const char *const *) paths->pdata);
}

/* ---- blocks ---- */

static void
group_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas *self = EQS_CANVAS (widget);

  if (strcmp (name, "canvas.group") == 0 ? eqs_session_group (self->session) : eqs_session_ungroup (self->session))
    eqs_canvas_focus_node (self, eqs_session_get_selection (self->session)[0]);
}

static void
definition_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas *self = EQS_CANVAS (widget);

  if (strcmp (name, "canvas.define") == 0 ? eqs_session_define (self->session) : eqs_session_detach (self->session))
    eqs_canvas_focus_node (self, eqs_session_get_selection (self->session)[0]);
}

static void
enter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas         *self = EQS_CANVAS (widget);
  const EqsPlanCard *card = only_card (self);

  if (card != NULL && card->body != NULL)
    eqs_session_set_scope (self->session, card->path);
}

static void
leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas       *self = EQS_CANVAS (widget);
  g_autofree char *from = g_strdup (eqs_session_get_scope (self->session));
  char            *slash = strrchr (from, '/');
  g_autofree char *outer = slash == NULL ? g_strdup ("") : g_strndup (from, (gsize) (slash - from));

  if (from[0] == '\0')
    return;
  eqs_session_set_scope (self->session, outer);
  if (from[0] != '#' || slash != NULL)      /* a definition that was opened by its name has no card */
    eqs_session_select_one (self->session, from);
}

/* ---- wires by keyboard ---- */

/* From the first output of the selected layer to every input there is, those that fit first. */
static void
connect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas         *self = EQS_CANVAS (widget);
  const EqsPlanCard *card = only_card (self);
  GtkWidget *popover;
  double     x, y;

  if (card == NULL || card->outputs->len == 0)
    {
      eqs_session_message (self->session, _("Select the layer whose output should go somewhere."));
      return;
    }
  popover = eqs_connect_popover_new (self->session, card->path, card->outputs->pdata[0], TRUE);
  eqs_canvas_from_design (self, card->x + EQS_CARD_WIDTH, card->y + EQS_PORT_TOP, &x, &y);
  if (popover != NULL)
    eqs_canvas_place_popover (self, popover, x, y);
}

static void
problems_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas         *self = EQS_CANVAS (widget);
  const EqsPlanCard *card = only_card (self);

  if (card != NULL && card->worst >= 0)
    eqs_canvas_show_problems (self, (int) (card - self->plan->cards));
}

/* ---- view ---- */

static void
view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas   *self = EQS_CANVAS (widget);
  const double x = gtk_widget_get_width (widget) / 2.0, y = gtk_widget_get_height (widget) / 2.0;

  if (strcmp (name, "canvas.fit") == 0)
    eqs_canvas_fit (self, FALSE);
  else if (strcmp (name, "canvas.fit-selection") == 0)
    eqs_canvas_fit (self, TRUE);
  else
    {
      const double zoom = strcmp (name, "canvas.zoom-in") == 0 ? self->zoom * 1.25 : strcmp (name, "canvas.zoom-out") == 0 ? self->zoom / 1.25 : 1;
      double at_x, at_y;

      eqs_canvas_to_design (self, x, y, &at_x, &at_y);
      eqs_canvas_animate_to (self, CLAMP (zoom, 0.05, 4), x - CLAMP (zoom, 0.05, 4) * at_x, y - CLAMP (zoom, 0.05, 4) * at_y);
    }
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsCanvas         *self = EQS_CANVAS (widget);
  const EqsPlanCard *card = only_card (self);
  double             x = gtk_widget_get_width (widget) / 2.0, y = gtk_widget_get_height (widget) / 2.0;

  if (card != NULL)
    eqs_canvas_from_design (self, card->x + 24, card->y + card->height, &x, &y);
  eqs_canvas_show_menu (self, CLAMP (x, 8, gtk_widget_get_width (widget) - 8), CLAMP (y, 8, gtk_widget_get_height (widget) - 8));
}

/* The map stands on the canvas, beside it in the tree. */
static void
minimap_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  for (GtkWidget *child = gtk_widget_get_first_child (gtk_widget_get_parent (widget)); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (EQS_IS_MINIMAP (child))
      eqs_minimap_toggle (EQS_MINIMAP (child));
}

static void
bind_keys (GtkWidgetClass *widget_class)
{
  for (const EqsActionRow *row = eqs_canvas_actions; row->action != NULL; row++)
    for (guint k = 0; k < G_N_ELEMENTS (row->keys) && row->keys[k] != NULL; k++)
      {
        guint           key = 0;
        GdkModifierType modifiers = 0;

        gtk_accelerator_parse (row->keys[k], &key, &modifiers);
        gtk_widget_class_add_binding_action (widget_class, key, modifiers, row->action, NULL);
      }
}

void
eqs_canvas_class_install_actions (GtkWidgetClass *widget_class)
{
  static const struct { const char *name; void (*activate) (GtkWidget *, const char *, GVariant *); } actions[] = {
    { "canvas.add-layer", add_layer_action }, { "canvas.connect", connect_action }, { "canvas.duplicate", duplicate_action },
    { "canvas.copy", copy_action }, { "canvas.cut", copy_action }, { "canvas.paste", paste_action }, { "canvas.paste-linked", paste_action },
    { "canvas.delete", delete_action }, { "canvas.delete-rejoin", delete_action }, { "canvas.bypass", bypass_action },
    { "canvas.select-all", select_action }, { "canvas.select-none", select_action }, { "canvas.select-linked", select_linked_action },
    { "canvas.group", group_action }, { "canvas.ungroup", group_action }, { "canvas.define", definition_action }, { "canvas.detach", definition_action }, { "canvas.enter", enter_action }, { "canvas.leave", leave_action }, { "canvas.problems", problems_action },
    { "canvas.fit", view_action }, { "canvas.fit-selection", view_action }, { "canvas.zoom-in", view_action }, { "canvas.zoom-out", view_action },
    { "canvas.zoom-100", view_action }, { "canvas.menu", menu_action }, { "canvas.minimap", minimap_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
  bind_keys (widget_class);
}

/* What can be done in the outline: each by key and from the menu, on the row that has the keyboard. */

#include "widgets/outline/outline-private.h"

#include "studio/editing.h"
#include "studio/items.h"
#include "widgets/canvas/canvas.h"
#include "widgets/outline/end-popovers.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const EqsActionRow eqs_outline_actions[] = {
  { "outline.settings", N_("Go to the settings"), N_("Outline"), { "Return" } },
  { "outline.rename", N_("Rename"), N_("Outline"), { "F2" } },
  { "outline.add-after", N_("Add a layer after"), N_("Outline"), { "<Shift>a" } },
  { "outline.connect", N_("Connect"), N_("Outline"), { "c" } },
  { "outline.delete", N_("Delete the layer or the wire"), N_("Outline"), { "Delete" } },
  { "outline.earlier", N_("Move earlier"), N_("Outline"), { "<Alt>Up" } },
  { "outline.later", N_("Move later"), N_("Outline"), { "<Alt>Down" } },
  { "outline.menu", N_("What can be done here"), N_("Outline"), { "Menu", "<Shift>F10" } },
  { NULL, NULL, NULL, { NULL } }
};

/* Actions of the canvas that act on the selection wherever the keyboard is. */
static const char *const of_canvas[] = {
  "canvas.duplicate", "canvas.copy", "canvas.cut", "canvas.paste", "canvas.paste-linked", "canvas.delete-rejoin", "canvas.bypass", "canvas.frame",
  "canvas.group", "canvas.ungroup", "canvas.define", "canvas.detach", "canvas.note", "canvas.bend", "canvas.straighten", "canvas.select-linked", "canvas.tidy", NULL
};

/* ---- rows ---- */

gboolean
eqs_outline_is_item (const EqsOutlineRow *row)
{
  return row->kind == EQS_OUTLINE_FRAME || row->kind == EQS_OUTLINE_NOTE;
}

char *
eqs_outline_dup_scope (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? g_strdup ("") : g_strndup (path, (gsize) (slash - path));
}

/* The row that has the keyboard, else the first that is chosen. */
const EqsOutlineRow *
eqs_outline_row_at_hand (EqsOutline *self)
{
  g_return_val_if_fail (EQS_IS_OUTLINE (self), NULL);

  GtkWidget *focus = gtk_widget_get_focus_child (self->list);
  GList     *chosen = gtk_list_box_get_selected_rows (GTK_LIST_BOX (self->list));
  GtkListBoxRow *row = GTK_IS_LIST_BOX_ROW (focus) ? GTK_LIST_BOX_ROW (focus) : chosen == NULL ? NULL : chosen->data;

  g_list_free (chosen);
  return eqs_outline_row_of (self, row);
}

/* ---- what can be done ---- */

static void
show_popover (EqsOutline *self, GtkWidget *popover)
{
  const EqsOutlineRow *row = eqs_outline_row_at_hand (self);
  GtkWidget           *widget = row == NULL ? NULL : eqs_outline_find_row (self, row->path, row->port);
  GdkRectangle         at = { 24, 8, 1, 1 };
  double               x, y;

  if (popover == NULL)
    return;
  if (widget != NULL && gtk_widget_translate_coordinates (widget, GTK_WIDGET (self), 40, gtk_widget_get_height (widget), &x, &y))
    {
      at.x = (int) x;
      at.y = (int) y;
    }
  eqs_end_popover_show (popover, GTK_WIDGET (self), &at);
}

static void
settings_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const EqsOutlineRow *row = eqs_outline_row_at_hand (EQS_OUTLINE (widget));

  if (row != NULL && eqs_outline_is_item (row))
    gtk_widget_activate_action (widget, "win.edit-item", "(ss)", row->kind == EQS_OUTLINE_FRAME ? "frame" : "note", row->path);
  else
    gtk_widget_activate_action (widget, "win.inspect", NULL);
}

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, EqsOutline *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "outline.settings", NULL);
}

static void
rename_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const EqsOutlineRow *row = eqs_outline_row_at_hand (EQS_OUTLINE (widget));

  if (row != NULL && eqs_outline_is_item (row))
    settings_action (widget, name, NULL);
  else if (row != NULL)
    show_popover (EQS_OUTLINE (widget), eqs_title_popover_new (EQS_OUTLINE (widget)->session, row->path));
}

static void
add_after_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_popover (EQS_OUTLINE (widget), eqs_layer_popover_new (EQS_OUTLINE (widget)->session));
}

static void
connect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsOutline          *self = EQS_OUTLINE (widget);
  const EqsOutlineRow *row = eqs_outline_row_at_hand (self);

  if (row != NULL && !eqs_outline_is_item (row))
    show_popover (self, eqs_connect_popover_new (self->session, row->path, row->port, row->kind != EQS_OUTLINE_INPUT));
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsOutline          *self = EQS_OUTLINE (widget);
  const EqsOutlineRow *row = eqs_outline_row_at_hand (self);

  if (row == NULL)
    return;
  if (eqs_outline_is_item (row))
    eqs_session_remove_item (self->session, row->kind == EQS_OUTLINE_FRAME ? EQS_ITEM_FRAME : EQS_ITEM_NOTE, row->path);
  else if (row->kind == EQS_OUTLINE_NODE)
    eqs_session_do (self->session, eqs_command_new_remove_nodes (eqs_session_get_selection (self->session), FALSE));
  else if (row->other != NULL && row->kind == EQS_OUTLINE_INPUT)
    eqs_session_cut_wire (self->session, row->other, row->other_port, row->path, row->port);
  else if (row->other != NULL)
    eqs_session_cut_wire (self->session, row->path, row->port, row->other, row->other_port);
}

/* A layer changes places with its neighbour; a wire of a port that takes several with the one beside it. */
static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsOutline          *self = EQS_OUTLINE (widget);
  const EqsOutlineRow *row = eqs_outline_row_at_hand (self);
  const int            step = strcmp (name, "outline.earlier") == 0 ? -1 : 1;

  if (row != NULL && row->kind == EQS_OUTLINE_INPUT && row->variadic)
    eqs_session_move_wire (self->session, row->path, row->port, row->place, step);
  else if (row != NULL && !eqs_outline_is_item (row))
    {
      g_autofree char *path = g_strdup (row->path);

      eqs_session_move_in_flow (self->session, path, step);
    }
}

static const char *
canvas_title (const char *action)
{
  for (const EqsActionRow *row = eqs_canvas_actions; row->action != NULL; row++)
    if (strcmp (row->action, action) == 0)
      return row->title;
  return action;
}

/* What would do nothing with this row is not offered. */
static gboolean
is_of_use (EqsOutline *self, const EqsOutlineRow *row, const char *action)
{
  const EqsNode *node = eqs_outline_is_item (row) ? NULL : eqs_document_find_node (eqs_session_get_document (self->session), row->path);

  if (strcmp (action, "outline.menu") == 0)
    return FALSE;
  if (eqs_outline_is_item (row))
    return strcmp (action, "outline.settings") == 0 || strcmp (action, "outline.delete") == 0 || strcmp (action, "canvas.note") == 0;
  if (strcmp (action, "outline.delete") == 0)
    return row->kind == EQS_OUTLINE_NODE || row->other != NULL;
  if (strcmp (action, "canvas.ungroup") == 0)
    return node != NULL && eqs_node_get_body (node) != NULL;
  if (strcmp (action, "canvas.define") == 0)
    return node != NULL && eqs_node_get_body (node) != NULL;
  if (strcmp (action, "canvas.detach") == 0)
    return node != NULL && eqs_document_get_definition_of (eqs_session_get_document (self->session), node) != NULL;
  if (strcmp (action, "canvas.straighten") == 0)
    return eqs_document_get_field (eqs_session_get_document (self->session), "bends") != NULL;
  return TRUE;
}

static GMenu *
menu_for (EqsOutline *self, const EqsOutlineRow *row)
{
  g_autoptr (GMenu) own = g_menu_new (), canvas = g_menu_new ();
  GMenu *menu = g_menu_new ();

  for (const EqsActionRow *action = eqs_outline_actions; action->action != NULL; action++)
    if (is_of_use (self, row, action->action))
      g_menu_append (own, _(action->title), action->action);
  for (guint i = 0; of_canvas[i] != NULL; i++)
    {
      g_autofree char *action = g_strdup_printf ("win.canvas::%s", of_canvas[i]);

      if (is_of_use (self, row, of_canvas[i]))
        g_menu_append (canvas, _(canvas_title (of_canvas[i])), action);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (own));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (canvas));
  return menu;
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsOutline          *self = EQS_OUTLINE (widget);
  const EqsOutlineRow *row = eqs_outline_row_at_hand (self);
  GtkWidget           *row_widget = row == NULL ? NULL : eqs_outline_find_row (self, row->path, row->port);
  g_autoptr (GMenu)    menu = NULL;
  double               x = 24, y = 24;

  if (row_widget == NULL || !gtk_widget_translate_coordinates (row_widget, widget, 60, gtk_widget_get_height (row_widget), &x, &y))
    return;
  menu = menu_for (self, row);
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), G_MENU_MODEL (menu));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, EqsOutline *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_y (GTK_LIST_BOX (self->list), (int) y);

  if (row == NULL)
    return;
  if (!gtk_list_box_row_is_selected (row))
    {
      gtk_list_box_unselect_all (GTK_LIST_BOX (self->list));
      gtk_list_box_select_row (GTK_LIST_BOX (self->list), row);
    }
  gtk_widget_grab_focus (GTK_WIDGET (row));
  gtk_widget_activate_action (GTK_WIDGET (self), "outline.menu", NULL);
}

/* Right opens a node and then goes into it, left closes it or goes up to it. */
static gboolean
key_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, EqsOutline *self)
{
  const EqsOutlineRow *row = eqs_outline_row_at_hand (self);
  GtkWidget           *up;

  if (row == NULL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)) != 0 || (key != GDK_KEY_Right && key != GDK_KEY_Left))
    return FALSE;
  if (key == GDK_KEY_Right && row->kind == EQS_OUTLINE_NODE)
    {
      if (row->expanded)
        gtk_widget_child_focus (self->list, GTK_DIR_DOWN);
      else
        eqs_outline_set_open (self, row->path, TRUE);
    }
  else if (key == GDK_KEY_Left && row->kind == EQS_OUTLINE_NODE && row->expanded)
    eqs_outline_set_open (self, row->path, FALSE);
  else if (key == GDK_KEY_Left)
    {
      g_autofree char *owner = row->kind == EQS_OUTLINE_NODE ? eqs_outline_dup_scope (row->path) : g_strdup (row->path);

      up = eqs_outline_find_row (self, owner, NULL);
      if (up != NULL)
        {
          gtk_list_box_unselect_all (GTK_LIST_BOX (self->list));
          gtk_list_box_select_row (GTK_LIST_BOX (self->list), GTK_LIST_BOX_ROW (up));
          gtk_widget_grab_focus (up);
        }
    }
  return TRUE;
}

/* ---- setting it up ---- */

void
eqs_outline_add_menu (EqsOutline *self)
{
  g_return_if_fail (EQS_IS_OUTLINE (self));

  GtkWidget          *popover = gtk_popover_menu_new_from_model (NULL);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture         *click = gtk_gesture_click_new ();

  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  eqs_set_name (popover, _("What can be done here"));
  self->menu = popover;
  gtk_widget_set_parent (popover, GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->list, keys);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (self->list, GTK_EVENT_CONTROLLER (click));
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);
}

static void
bind_key (GtkWidgetClass *widget_class, const char *accelerator, const char *action, const char *target)
{
  guint           key = 0;
  GdkModifierType modifiers = 0;

  gtk_accelerator_parse (accelerator, &key, &modifiers);
  gtk_widget_class_add_binding_action (widget_class, key, modifiers, action, target == NULL ? NULL : "s", target);
}

void
eqs_outline_class_install_actions (GtkWidgetClass *widget_class)
{
  static const struct { const char *name; void (*activate) (GtkWidget *, const char *, GVariant *); } actions[] = {
    { "outline.settings", settings_action }, { "outline.rename", rename_action }, { "outline.add-after", add_after_action }, { "outline.connect", connect_action },
    { "outline.delete", delete_action }, { "outline.earlier", move_action }, { "outline.later", move_action }, { "outline.menu", menu_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
  for (const EqsActionRow *row = eqs_outline_actions; row->action != NULL; row++)
    for (guint k = 0; row->keys[k] != NULL; k++)
      if (strcmp (row->keys[k], "Return") != 0)      /* the list activates its row */
        bind_key (widget_class, row->keys[k], row->action, NULL);
  for (const EqsActionRow *row = eqs_canvas_actions; row->action != NULL; row++)
    for (guint k = 0; g_strv_contains (of_canvas, row->action) && row->keys[k] != NULL; k++)
      bind_key (widget_class, row->keys[k], "win.canvas", row->action);
}

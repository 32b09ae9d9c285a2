/*
 * A list box with the role of a tree. Rows are kept by what they stand for, and only those that read differently are made anew, so
 * that the keyboard stays where it is while the design changes. While the outline is not shown it makes no rows.
 */

#include "widgets/outline/outline.h"

#include "draw/type-style.h"
#include "studio/editing.h"
#include "studio/items.h"
#include "studio/outline.h"
#include "widgets/canvas/canvas.h"
#include "widgets/outline/end-popovers.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _EqsOutline
{
  GtkWidget   parent_instance;

  EqsSession *session;         /* owned */
  GPtrArray  *rows;            /* owned: of EqsOutlineRow, as listed */
  GHashTable *open;            /* owned: paths of opened nodes */
  gboolean    stale, filling;  /* filling: the list changes, not a person */

  GtkWidget  *box, *list, *menu;     /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsOutline, eqs_outline, GTK_TYPE_WIDGET)

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
  "canvas.group", "canvas.ungroup", "canvas.note", "canvas.bend", "canvas.straighten", "canvas.select-linked", "canvas.tidy", NULL
};

/* ---- rows ---- */

static const EqsOutlineRow *
row_of (EqsOutline *self, GtkListBoxRow *row)
{
  const int at = row == NULL ? -1 : gtk_list_box_row_get_index (row);

  return at < 0 || (guint) at >= self->rows->len ? NULL : g_ptr_array_index (self->rows, at);
}

/* The row that has the keyboard, else the first that is chosen. */
static const EqsOutlineRow *
row_at_hand (EqsOutline *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (self->list);
  GList     *chosen = gtk_list_box_get_selected_rows (GTK_LIST_BOX (self->list));
  GtkListBoxRow *row = GTK_IS_LIST_BOX_ROW (focus) ? GTK_LIST_BOX_ROW (focus) : chosen == NULL ? NULL : chosen->data;

  g_list_free (chosen);
  return row_of (self, row);
}

static void
toggle_cb (GtkButton *button, EqsOutline *self)
{
  const EqsOutlineRow *row = row_of (self, GTK_LIST_BOX_ROW (gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW)));

  if (row != NULL)
    eqs_outline_set_open (self, row->path, !row->expanded);
}

static gboolean
is_item (const EqsOutlineRow *row)
{
  return row->kind == EQS_OUTLINE_FRAME || row->kind == EQS_OUTLINE_NOTE;
}

static const char *
severity_icon (const EqsOutlineRow *row)
{
  return row->severity == EQK_SEVERITY_ERROR ? "dialog-error-symbolic" : row->severity == EQK_SEVERITY_WARNING ? "dialog-warning-symbolic" : NULL;
}

/* All that a row shows; equal texts need no new row. */
static char *
dup_signature (const EqsOutlineRow *row, const char *detail)
{
  return g_strdup_printf ("%d\n%s\n%s\n%d\n%s\n%d%d", row->depth, row->title, detail, row->severity, row->problem == NULL ? "" : row->problem, row->bypassed, row->expanded);
}

static void
describe (GtkWidget *widget, const EqsOutlineRow *row, const char *detail)
{
  GString *text = g_string_new (detail);

  if (row->bypassed)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _("bypassed"));
  if (row->problem != NULL)
    g_string_append_printf (text, "%s%s: %s", text->len > 0 ? ". " : "", row->severity == EQK_SEVERITY_ERROR ? _("Problem") : _("Note"), row->problem);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, row->title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str,
                                  GTK_ACCESSIBLE_PROPERTY_LEVEL, row->depth + 1, -1);
  if (row->kind == EQS_OUTLINE_NODE)
    gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_EXPANDED, row->expanded, -1);
  gtk_widget_set_tooltip_text (widget, text->len > 0 ? text->str : NULL);
  g_string_free (text, TRUE);
}

static void
fill_row (EqsOutline *self, GtkWidget *widget, const EqsOutlineRow *row)
{
  g_autofree char *detail = row->type == NULL ? g_strdup ("") : eqs_type_dup_text (row->type, FALSE), *signature = dup_signature (row, detail);
  GtkWidget *box, *title, *second;

  if (g_strcmp0 (signature, g_object_get_data (G_OBJECT (widget), "signature")) == 0)
    return;
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_margin_start (box, 16 * row->depth + (row->kind == EQS_OUTLINE_NODE ? 0 : is_item (row) ? 4 : 6));
  if (row->kind == EQS_OUTLINE_NODE)
    {
      GtkWidget *button = eqs_icon_button_new (row->expanded ? "pan-down-symbolic" : "pan-end-symbolic", row->expanded ? _("Hide the wires") : _("Show the wires"));

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "eq-opener");
      gtk_widget_set_can_focus (button, FALSE);
      g_signal_connect (button, "clicked", G_CALLBACK (toggle_cb), self);
      gtk_box_append (GTK_BOX (box), button);
    }
  if (is_item (row))
    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (row->kind == EQS_OUTLINE_FRAME ? "view-grid-symbolic" : "document-edit-symbolic"));
  else
    gtk_box_append (GTK_BOX (box), eqs_socket_new (row->type));
  title = eqs_line_new (row->title, row->kind == EQS_OUTLINE_NODE ? NULL : "eq-second");
  gtk_widget_set_hexpand (title, TRUE);
  if (row->bypassed)
    gtk_widget_add_css_class (title, "eq-bypassed");
  second = eqs_line_new (detail, "eq-caption");
  gtk_label_set_xalign (GTK_LABEL (second), 1);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), second);
  if (row->kind == EQS_OUTLINE_NODE && severity_icon (row) != NULL)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name (severity_icon (row));

      gtk_widget_add_css_class (icon, row->severity == EQK_SEVERITY_ERROR ? "eq-bad" : "eq-warn");
      gtk_box_append (GTK_BOX (box), icon);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (widget), box);
  describe (widget, row, detail);
  g_object_set_data_full (G_OBJECT (widget), "signature", g_steal_pointer (&signature), g_free);
}

static const char *
key_of (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "key");
}

/* The list holds the rows, in their order; what stays keeps its widget. */
static void
place_rows (EqsOutline *self)
{
  g_autoptr (GHashTable) old = g_hash_table_new (g_str_hash, g_str_equal), wanted = g_hash_table_new (g_str_hash, g_str_equal);
  GtkListBoxRow *at;

  for (guint i = 0; i < self->rows->len; i++)
    g_hash_table_add (wanted, ((EqsOutlineRow *) g_ptr_array_index (self->rows, i))->key);
  for (int i = 0; (at = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), i)) != NULL; )
    if (g_hash_table_contains (wanted, key_of (at)))
      {
        g_hash_table_insert (old, (gpointer) key_of (at), at);
        i++;
      }
    else
      gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (at));
  for (guint i = 0; i < self->rows->len; i++)
    {
      const EqsOutlineRow *row = g_ptr_array_index (self->rows, i);
      GtkWidget           *widget = g_hash_table_lookup (old, row->key);

      at = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), (int) i);
      if (widget == NULL)
        {
          widget = g_object_new (GTK_TYPE_LIST_BOX_ROW, "accessible-role", GTK_ACCESSIBLE_ROLE_TREE_ITEM, NULL);
          g_object_set_data_full (G_OBJECT (widget), "key", g_strdup (row->key), g_free);
          gtk_list_box_insert (GTK_LIST_BOX (self->list), widget, (int) i);
        }
      else if (GTK_WIDGET (at) != widget)
        {
          g_object_ref (widget);
          gtk_list_box_remove (GTK_LIST_BOX (self->list), widget);
          gtk_list_box_insert (GTK_LIST_BOX (self->list), widget, (int) i);
          g_object_unref (widget);
        }
      fill_row (self, widget, row);
    }
}

/* The chosen rows are the selected nodes, but a chosen end of a wire stays while its node is selected. */
static void
show_selection (EqsOutline *self)
{
  const gboolean was = self->filling;
  const char    *only = NULL;
  guint          n = 0;

  self->filling = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      const EqsOutlineRow *row = g_ptr_array_index (self->rows, i);
      GtkListBoxRow       *widget = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), (int) i);

      if (is_item (row) && gtk_list_box_row_is_selected (widget) && eqs_session_get_n_selected (self->session) == 0)
        only = row->key;
      if (row->kind != EQS_OUTLINE_NODE && gtk_list_box_row_is_selected (widget) && eqs_session_get_n_selected (self->session) == 1 && eqs_session_is_selected (self->session, row->path))
        only = row->key;
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      const EqsOutlineRow *row = g_ptr_array_index (self->rows, i);
      GtkListBoxRow       *widget = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), (int) i);
      const gboolean       chosen = only != NULL ? strcmp (row->key, only) == 0 : row->kind == EQS_OUTLINE_NODE && eqs_session_is_selected (self->session, row->path);

      if (chosen && !gtk_list_box_row_is_selected (widget))
        gtk_list_box_select_row (GTK_LIST_BOX (self->list), widget);
      else if (!chosen && gtk_list_box_row_is_selected (widget))
        gtk_list_box_unselect_row (GTK_LIST_BOX (self->list), widget);
      n += chosen;
    }
  self->filling = was;
}

/* The keyboard goes back to what it was on, or to the row that stands there now. */
static void
update (EqsOutline *self)
{
  GtkWidget       *focus;
  g_autofree char *focused = NULL;
  int              place = -1;

  if (self->box == NULL)
    return;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->stale = TRUE;
      return;
    }
  self->stale = FALSE;
  self->filling = TRUE;
  focus = gtk_widget_get_focus_child (self->list);
  if (GTK_IS_LIST_BOX_ROW (focus))
    {
      focused = g_strdup (key_of (GTK_LIST_BOX_ROW (focus)));
      place = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (focus));
    }
  g_ptr_array_unref (self->rows);
  self->rows = eqs_outline_new (self->session, self->open);
  place_rows (self);
  self->filling = FALSE;
  show_selection (self);
  if (focused != NULL && gtk_widget_get_focus_child (self->list) == NULL)
    {
      int at = MIN (place, (int) self->rows->len - 1);

      for (guint i = 0; i < self->rows->len; i++)
        if (strcmp (((EqsOutlineRow *) g_ptr_array_index (self->rows, i))->key, focused) == 0)
          at = (int) i;
      if (at >= 0)
        gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), at)));
    }
}

void
eqs_outline_set_open (EqsOutline *self, const char *path, gboolean open)
{
  if (open == g_hash_table_contains (self->open, path))
    return;
  if (open)
    g_hash_table_add (self->open, g_strdup (path));
  else
    g_hash_table_remove (self->open, path);
  update (self);
}

GtkWidget *
eqs_outline_find_row (EqsOutline *self, const char *path, const char *port)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const EqsOutlineRow *row = g_ptr_array_index (self->rows, i);

      if (strcmp (row->path, path) == 0 && g_strcmp0 (row->port, port) == 0)
        return GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), (int) i));
    }
  return NULL;
}

/* ---- choosing ---- */

static char *
dup_scope (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? g_strdup ("") : g_strndup (path, (gsize) (slash - path));
}

/* The nodes of all chosen rows that are of one graph with the first of them. */
static void
selected_cb (GtkListBox *list, EqsOutline *self)
{
  GList *chosen;
  g_autoptr (GPtrArray) paths = NULL;
  g_autofree char *scope = NULL;

  if (self->filling)
    return;
  chosen = gtk_list_box_get_selected_rows (list);
  paths = g_ptr_array_new_with_free_func (g_free);
  for (GList *at = chosen; at != NULL; at = at->next)
    {
      const EqsOutlineRow *row = row_of (self, at->data);
      g_autofree char     *own = row == NULL ? NULL : dup_scope (row->path);

      if (own == NULL || is_item (row) || (scope != NULL && strcmp (own, scope) != 0))
        continue;
      if (scope == NULL)
        scope = g_steal_pointer (&own);
      if (!g_ptr_array_find_with_equal_func (paths, row->path, g_str_equal, NULL))
        g_ptr_array_add (paths, g_strdup (row->path));
    }
  g_list_free (chosen);
  g_ptr_array_add (paths, NULL);
  self->filling = TRUE;
  if (scope != NULL)
    eqs_session_set_scope (self->session, scope);
  eqs_session_select (self->session, (const char *const *) paths->pdata);
  self->filling = FALSE;
  if (paths->len == 2)
    eqs_session_look_at (self->session, g_ptr_array_index (paths, 0));
}

static void
selection_changed_cb (EqsSession *session, EqsOutline *self)
{
  if (!self->filling && !self->stale)
    show_selection (self);
}

static void
document_changed_cb (EqsDocument *document, guint what, const char *const *paths, EqsOutline *self)
{
  if (what & (EQS_CHANGED_NODES | EQS_CHANGED_LINKS | EQS_CHANGED_SETTINGS | EQS_CHANGED_LOOK | EQS_CHANGED_NOTES))
    update (self);
}

static void
checked_cb (EqsSession *session, EqsOutline *self)
{
  update (self);
}

static void
eqs_outline_map (GtkWidget *widget)
{
  EqsOutline *self = EQS_OUTLINE (widget);

  GTK_WIDGET_CLASS (eqs_outline_parent_class)->map (widget);
  if (self->stale)
    update (self);
}

/* ---- what can be done ---- */

static void
show_popover (EqsOutline *self, GtkWidget *popover)
{
  const EqsOutlineRow *row = row_at_hand (self);
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
  const EqsOutlineRow *row = row_at_hand (EQS_OUTLINE (widget));

  if (row != NULL && is_item (row))
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
  const EqsOutlineRow *row = row_at_hand (EQS_OUTLINE (widget));

  if (row != NULL && is_item (row))
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
  const EqsOutlineRow *row = row_at_hand (self);

  if (row != NULL && !is_item (row))
    show_popover (self, eqs_connect_popover_new (self->session, row->path, row->port, row->kind != EQS_OUTLINE_INPUT));
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsOutline          *self = EQS_OUTLINE (widget);
  const EqsOutlineRow *row = row_at_hand (self);

  if (row == NULL)
    return;
  if (is_item (row))
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
  const EqsOutlineRow *row = row_at_hand (self);
  const int            step = strcmp (name, "outline.earlier") == 0 ? -1 : 1;

  if (row != NULL && row->kind == EQS_OUTLINE_INPUT && row->variadic)
    eqs_session_move_wire (self->session, row->path, row->port, row->place, step);
  else if (row != NULL && !is_item (row))
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
  const EqsNode *node = is_item (row) ? NULL : eqs_document_find_node (eqs_session_get_document (self->session), row->path);

  if (strcmp (action, "outline.menu") == 0)
    return FALSE;
  if (is_item (row))
    return strcmp (action, "outline.settings") == 0 || strcmp (action, "outline.delete") == 0 || strcmp (action, "canvas.note") == 0;
  if (strcmp (action, "outline.delete") == 0)
    return row->kind == EQS_OUTLINE_NODE || row->other != NULL;
  if (strcmp (action, "canvas.ungroup") == 0)
    return node != NULL && eqs_node_get_body (node) != NULL;
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
  const EqsOutlineRow *row = row_at_hand (self);
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
  const EqsOutlineRow *row = row_at_hand (self);
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
      g_autofree char *owner = row->kind == EQS_OUTLINE_NODE ? dup_scope (row->path) : g_strdup (row->path);

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

/* ---- making it ---- */

static GtkWidget *
make_menu (void)
{
  GtkWidget *popover = gtk_popover_menu_new_from_model (NULL);

  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  eqs_set_name (popover, _("What can be done here"));
  return popover;
}

static void
eqs_outline_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  EqsOutline *self = EQS_OUTLINE (widget);

  gtk_widget_allocate (self->box, width, height, baseline, NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child))
      gtk_popover_present (GTK_POPOVER (child));
}

static void
eqs_outline_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (EQS_OUTLINE (widget)->box, orientation, for_size, minimum, natural, minimum_baseline, natural_baseline);
}

static void
eqs_outline_dispose (GObject *object)
{
  EqsOutline *self = EQS_OUTLINE (object);
  GtkWidget  *child;

  self->box = NULL;
  self->filling = TRUE;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_outline_parent_class)->dispose (object);
}

static void
eqs_outline_finalize (GObject *object)
{
  EqsOutline *self = EQS_OUTLINE (object);

  g_ptr_array_unref (self->rows);
  g_hash_table_unref (self->open);

  G_OBJECT_CLASS (eqs_outline_parent_class)->finalize (object);
}

static void
bind_key (GtkWidgetClass *widget_class, const char *accelerator, const char *action, const char *target)
{
  guint           key = 0;
  GdkModifierType modifiers = 0;

  gtk_accelerator_parse (accelerator, &key, &modifiers);
  gtk_widget_class_add_binding_action (widget_class, key, modifiers, action, target == NULL ? NULL : "s", target);
}

static void
eqs_outline_class_init (EqsOutlineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const struct { const char *name; void (*activate) (GtkWidget *, const char *, GVariant *); } actions[] = {
    { "outline.settings", settings_action }, { "outline.rename", rename_action }, { "outline.add-after", add_after_action }, { "outline.connect", connect_action },
    { "outline.delete", delete_action }, { "outline.earlier", move_action }, { "outline.later", move_action }, { "outline.menu", menu_action },
  };

  G_OBJECT_CLASS (klass)->dispose = eqs_outline_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_outline_finalize;
  widget_class->map = eqs_outline_map;
  widget_class->measure = eqs_outline_measure;
  widget_class->size_allocate = eqs_outline_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
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

static void
eqs_outline_init (EqsOutline *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture         *click = gtk_gesture_click_new ();

  self->rows = g_ptr_array_new ();
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->stale = TRUE;
  self->list = g_object_new (GTK_TYPE_LIST_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_TREE, "selection-mode", GTK_SELECTION_MULTIPLE, "activate-on-single-click", FALSE, NULL);
  gtk_widget_add_css_class (self->list, "eq-palette-list");
  gtk_widget_add_css_class (self->list, "eq-outline");
  eqs_set_name (self->list, _("Outline"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_MULTI_SELECTABLE, TRUE, -1);
  g_signal_connect (self->list, "selected-rows-changed", G_CALLBACK (selected_cb), self);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->list, keys);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (self->list, GTK_EVENT_CONTROLLER (click));
  self->box = eqs_scrolled_new (self->list, _("Outline"));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->menu = make_menu ();
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  eqs_set_name (GTK_WIDGET (self), _("Outline of the design"));
}

GtkWidget *
eqs_outline_widget_new (EqsSession *session)
{
  EqsOutline *self = g_object_new (EQS_TYPE_OUTLINE, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (document_changed_cb), self, 0);
  g_signal_connect_object (session, "checked", G_CALLBACK (checked_cb), self, 0);
  g_signal_connect_object (session, "selection-changed", G_CALLBACK (selection_changed_cb), self, 0);
  return GTK_WIDGET (self);
}

/*
 * A list box with the role of a tree. Rows are kept by what they stand for, and only those that read differently are made anew, so
 * that the keyboard stays where it is while the design changes. While the outline is not shown it makes no rows.
 */

#include "widgets/outline/outline-private.h"

#include "draw/type-style.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (EqsOutline, eqs_outline, GTK_TYPE_WIDGET)

/* ---- rows ---- */

const EqsOutlineRow *
eqs_outline_row_of (EqsOutline *self, GtkListBoxRow *row)
{
  g_return_val_if_fail (EQS_IS_OUTLINE (self), NULL);

  const int at = row == NULL ? -1 : gtk_list_box_row_get_index (row);

  return at < 0 || (guint) at >= self->rows->len ? NULL : g_ptr_array_index (self->rows, at);
}

static void
toggle_cb (GtkButton *button, EqsOutline *self)
{
  const EqsOutlineRow *row = eqs_outline_row_of (self, GTK_LIST_BOX_ROW (gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW)));

  if (row != NULL)
    eqs_outline_set_open (self, row->path, !row->expanded);
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
  gtk_widget_set_margin_start (box, 16 * row->depth + (row->kind == EQS_OUTLINE_NODE ? 0 : eqs_outline_is_item (row) ? 4 : 6));
  if (row->kind == EQS_OUTLINE_NODE)
    {
      GtkWidget *button = eqs_icon_button_new (row->expanded ? "pan-down-symbolic" : "pan-end-symbolic", row->expanded ? _("Hide the wires") : _("Show the wires"));

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "eq-opener");
      gtk_widget_set_can_focus (button, FALSE);
      g_signal_connect (button, "clicked", G_CALLBACK (toggle_cb), self);
      gtk_box_append (GTK_BOX (box), button);
    }
  if (eqs_outline_is_item (row))
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

  self->filling = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      const EqsOutlineRow *row = g_ptr_array_index (self->rows, i);
      GtkListBoxRow       *widget = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), (int) i);

      if (eqs_outline_is_item (row) && gtk_list_box_row_is_selected (widget) && eqs_session_get_n_selected (self->session) == 0)
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
  g_return_if_fail (EQS_IS_OUTLINE (self));
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
  g_return_val_if_fail (EQS_IS_OUTLINE (self), NULL);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const EqsOutlineRow *row = g_ptr_array_index (self->rows, i);

      if (strcmp (row->path, path) == 0 && g_strcmp0 (row->port, port) == 0)
        return GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), (int) i));
    }
  return NULL;
}

/* ---- choosing ---- */

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
      const EqsOutlineRow *row = eqs_outline_row_of (self, at->data);
      g_autofree char     *own = row == NULL ? NULL : eqs_outline_dup_scope (row->path);

      if (own == NULL || eqs_outline_is_item (row) || (scope != NULL && strcmp (own, scope) != 0))
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

/* ---- making it ---- */

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
eqs_outline_class_init (EqsOutlineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eqs_outline_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_outline_finalize;
  widget_class->map = eqs_outline_map;
  widget_class->measure = eqs_outline_measure;
  widget_class->size_allocate = eqs_outline_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  eqs_outline_class_install_actions (widget_class);
}

static void
eqs_outline_init (EqsOutline *self)
{
  self->rows = g_ptr_array_new ();
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->stale = TRUE;
  self->list = g_object_new (GTK_TYPE_LIST_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_TREE, "selection-mode", GTK_SELECTION_MULTIPLE, "activate-on-single-click", FALSE, NULL);
  gtk_widget_add_css_class (self->list, "eq-palette-list");
  gtk_widget_add_css_class (self->list, "eq-outline");
  eqs_set_name (self->list, _("Outline"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_MULTI_SELECTABLE, TRUE, -1);
  g_signal_connect (self->list, "selected-rows-changed", G_CALLBACK (selected_cb), self);
  self->box = eqs_scrolled_new (self->list, _("Outline"));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  eqs_outline_add_menu (self);
  eqs_set_name (GTK_WIDGET (self), _("Outline of the design"));
}

GtkWidget *
eqs_outline_widget_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsOutline *self = g_object_new (EQS_TYPE_OUTLINE, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (document_changed_cb), self, 0);
  g_signal_connect_object (session, "checked", G_CALLBACK (checked_cb), self, 0);
  g_signal_connect_object (session, "selection-changed", G_CALLBACK (selection_changed_cb), self, 0);
  return GTK_WIDGET (self);
}

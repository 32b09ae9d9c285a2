/* Pieces of panels. */

#include "widgets/parts.h"

#include <string.h>

#include "draw/type-style.h"

void
eqs_label_set_number (GtkWidget *label)
{
  gtk_widget_add_css_class (label, "eq-number");
  gtk_label_set_xalign (GTK_LABEL (label), gtk_widget_get_direction (label) == GTK_TEXT_DIR_RTL ? 0 : 1);
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
}

void
eqs_set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
eqs_close_on_escape (GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
}

/* The button of a drop-down and what shows its choice are spoken of by the same name. */
static void
name_all (GtkWidget *widget, const char *name)
{
  if (!GTK_IS_LABEL (widget))
    eqs_set_name (widget, name);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    name_all (child, name);
}

static void
set_up_choice_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, eqs_line_new ("", NULL));
}

/* Short words stay whole. */
static void
bind_choice_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
  gtk_label_set_width_chars (GTK_LABEL (gtk_list_item_get_child (item)), (int) MIN (g_utf8_strlen (text, -1), 6));
}

/* The longest of all choices is not the least width: what is chosen is cut with dots where there is no room; the list that opens shows all of each. */
static void
let_shrink (GtkDropDown *down)
{
  GtkListItemFactory *factory;

  if (gtk_drop_down_get_list_factory (down) != NULL)
    return;
  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (set_up_choice_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_choice_cb), NULL);
  gtk_drop_down_set_list_factory (down, gtk_drop_down_get_factory (down));
  gtk_drop_down_set_factory (down, factory);
  g_object_unref (factory);
}

void
eqs_drop_down_set_name (GtkWidget *down, const char *name)
{
  eqs_set_name (down, name);
  let_shrink (GTK_DROP_DOWN (down));
  if (gtk_widget_get_first_child (down) != NULL)
    name_all (gtk_widget_get_first_child (down), name);
}

GtkWidget *
eqs_text_new (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

GtkWidget *
eqs_line_new (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

GtkWidget *
eqs_heading_new (const char *text)
{
  GtkWidget *label = eqs_text_new (text, "eq-heading");

  gtk_widget_set_margin_top (label, 10);
  return label;
}

GtkWidget *
eqs_boxed_list_new (const char *name)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_add_css_class (list, "eq-rows");
  eqs_set_name (list, name);
  return list;
}

GtkWidget *
eqs_row_append (GtkWidget *list, const char *title, GtkWidget *end)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *label = eqs_text_new (title, NULL);

  /* Words are not broken for want of room beside a long end. */
  gtk_label_set_width_chars (GTK_LABEL (label), (int) MIN (g_utf8_strlen (title, -1), 10));
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  if (end != NULL)
    {
      gtk_widget_set_valign (end, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (box), end);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  eqs_set_name (row, title);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  return row;
}

GtkWidget *
eqs_row_append_text (GtkWidget *list, const char *title, const char *text)
{
  GtkWidget       *label = gtk_label_new (text), *row;
  g_autofree char *name = NULL;

  /* The whole of a short text; a long one is cut and shown by the pointer. */
  gtk_label_set_ellipsize (GTK_LABEL (label), g_utf8_strlen (text, -1) > 16 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_label_set_width_chars (GTK_LABEL (label), (int) MIN (g_utf8_strlen (text, -1), 16));
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_add_css_class (label, "eq-name");
  gtk_widget_add_css_class (label, "eq-number");
  row = eqs_row_append (list, title, label);
  name = g_strdup_printf ("%s: %s", title, text);
  eqs_set_name (row, name);
  return row;
}

GtkWidget *
eqs_wrapping_button_new (const char *label)
{
  GtkWidget *button = gtk_button_new (), *text = eqs_text_new (label, NULL);

  gtk_label_set_justify (GTK_LABEL (text), GTK_JUSTIFY_CENTER);
  gtk_label_set_xalign (GTK_LABEL (text), 0.5);
  gtk_button_set_child (GTK_BUTTON (button), text);
  eqs_set_name (button, label);
  return button;
}

GtkWidget *
eqs_icon_button_new (const char *icon, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, name);
  eqs_set_name (button, name);
  return button;
}

GtkWidget *
eqs_pill_new (const char *text, const char *style)
{
  GtkWidget *pill = gtk_label_new (text);

  gtk_widget_add_css_class (pill, "eq-pill");
  if (style != NULL)
    gtk_widget_add_css_class (pill, style);
  gtk_widget_set_valign (pill, GTK_ALIGN_CENTER);
  return pill;
}

void
eqs_pill_set (GtkWidget *pill, const char *text, const char *style)
{
  static const char *const styles[] = { "eq-good", "eq-warn", "eq-bad", "eq-second" };

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (pill, styles[i]);
  gtk_widget_add_css_class (pill, style);
  gtk_label_set_label (GTK_LABEL (pill), text);
}

static void
draw_socket_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsTypeStyle style = *(EqsTypeStyle *) data;

  eqs_draw_socket (cr, &style, width / 2.0, height / 2.0);
}

GtkWidget *
eqs_socket_new (const EqkPortType *type)
{
  GtkWidget    *area = gtk_drawing_area_new ();
  EqsTypeStyle *style = g_new (EqsTypeStyle, 1);

  *style = eqs_type_style (type);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), 16);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), 16);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_socket_cb, style, g_free);
  gtk_widget_set_valign (area, GTK_ALIGN_CENTER);
  return area;
}

GtkWidget *
eqs_row_append_plain (GtkWidget *list, GtkWidget *child, const char *name)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), child);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  eqs_set_name (row, name);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  return row;
}

GtkWidget *
eqs_scrolled_new (GtkWidget *child, const char *name)
{
  GtkWidget *scroll = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), child);
  eqs_set_name (scroll, name);
  return scroll;
}

GtkWidget *
eqs_line_scrolled_new (GtkWidget *child, const char *name)
{
  GtkWidget *scroll = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroll), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), child);
  eqs_set_name (scroll, name);
  return scroll;
}

void
eqs_box_clear (GtkWidget *box)
{
  GtkListBoxRow *row;
  GtkWidget     *child;

  /* The placeholder of a list is a child too, and stays. */
  if (GTK_IS_LIST_BOX (box))
    while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (box), 0)) != NULL)
      gtk_list_box_remove (GTK_LIST_BOX (box), GTK_WIDGET (row));
  else
    while ((child = gtk_widget_get_first_child (box)) != NULL)
      gtk_box_remove (GTK_BOX (box), child);
}

gboolean
eqs_text_has_words (const char *text, const char *sought)
{
  g_autofree char *folded = g_utf8_casefold (text, -1), *wanted = g_utf8_casefold (sought, -1);
  g_auto (GStrv)   words = g_strsplit (wanted, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

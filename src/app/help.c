/* A window with the list of pages at the left and the page at the right. Pages of layers are written from the registry. */

#include "app/help.h"

#include "app/help-topics.h"
#include "services/counterpart.h"
#include "widgets/inspector/param-row.h"
#include "widgets/parts.h"

#include "eqk/layer.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- pages ---- */

static void
append (GString *page, const char *format, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append_printf (page, format, escaped);
}

static void
append_ports (GString *page, const char *heading, const EqkPort *ports)
{
  if (ports == NULL || ports[0].name == NULL)
    return;
  append (page, "\n\n<b>%s</b>", heading);
  for (; ports->name != NULL; ports++)
    {
      append (page, "\n• <tt>%s</tt>", ports->name);
      if (ports->doc != NULL)
        append (page, "  %s", _(ports->doc));
      if (ports->variadic)
        append (page, " (%s)", _("any number of wires"));
      else if (ports->optional)
        append (page, " (%s)", _("may be left open"));
    }
}

static void
append_params (GString *page, const EqkParam *params)
{
  if (params == NULL || params[0].name == NULL)
    return;
  append (page, "\n\n<b>%s</b>", _("Settings"));
  for (; params->name != NULL; params++)
    {
      g_autofree char *range = eqs_param_dup_range (params);

      append (page, "\n• %s", params->title == NULL ? params->name : _(params->title));
      append (page, " <tt>%s</tt>", params->name);
      if (params->doc != NULL)
        append (page, ": %s", _(params->doc));
      if (range != NULL)
        append (page, " (%s)", range);
      if (params->fallback != NULL && params->fallback[0] != '\0')
        {
          const gboolean   word = eqs_param_least (params) != NULL && g_ascii_strtod (params->fallback, NULL) == params->min;
          g_autofree char *usual = g_strdup_printf (_("usually %s"), word ? _(params->choices) : params->fallback);

          append (page, ", %s", usual);
        }
    }
}

static char *
layer_page (const EqkLayerType *layer)
{
  GString         *page = g_string_new (NULL);
  g_autofree char *counterpart = eqs_counterpart_dup_all (layer);

  append (page, "<span size='x-large' weight='bold'>%s</span>", _(layer->title));
  if (layer->category != NULL)
    append (page, "\n<small>%s</small>", _(layer->category));
  append (page, "\n\n%s", _(layer->doc));
  append_ports (page, _("What comes in"), layer->inputs);
  append_ports (page, _("What goes out"), layer->outputs);
  append_params (page, layer->params);
  append (page, "\n\n<b>%s</b>", _("In files and libraries"));
  append (page, "\n<tt>%s</tt>", layer->id);
  if (counterpart != NULL)
    append (page, " · <tt>%s</tt>", counterpart);
  return g_string_free (page, FALSE);
}

static char *
topic_page (const EqsHelpTopic *topic)
{
  GString *page = g_string_new (NULL);

  append (page, "<span size='x-large' weight='bold'>%s</span>", _(topic->title));
  for (guint i = 0; topic->paragraphs[i] != NULL; i++)
    g_string_append_printf (page, "\n\n%s", _(topic->paragraphs[i]));
  return g_string_free (page, FALSE);
}

char *
eqs_help_dup_page (const char *page)
{
  const EqkLayerType *layer = eqk_layer_find (page);

  for (const EqsHelpTopic *topic = eqs_help_topics; topic->id != NULL; topic++)
    if (strcmp (topic->id, page) == 0)
      return topic_page (topic);
  return layer == NULL ? NULL : layer_page (layer);
}

/* ---- the window ---- */

typedef struct
{
  GtkWidget *window, *list, *entry, *label, *scroll;
} Help;

static void
selected_cb (GtkListBox *list, GtkListBoxRow *row, Help *help)
{
  g_autofree char *text = row == NULL ? NULL : eqs_help_dup_page (g_object_get_data (G_OBJECT (row), "page"));

  if (text == NULL)
    return;
  gtk_label_set_markup (GTK_LABEL (help->label), text);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (help->scroll)), 0);
}

static gboolean
row_matches (GtkListBoxRow *row, gpointer data)
{
  Help *help = data;
  return eqs_text_has_words (g_object_get_data (G_OBJECT (row), "title"), gtk_editable_get_text (GTK_EDITABLE (help->entry)));
}

static void
search_cb (GtkSearchEntry *entry, Help *help)
{
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (help->list));
}

static GtkWidget *
add_row (Help *help, const char *page, const char *title)
{
  GtkWidget *row = gtk_list_box_row_new (), *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_margin_start (label, 8);
  gtk_widget_set_margin_end (label, 8);
  gtk_widget_set_size_request (label, -1, 26);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  g_object_set_data (G_OBJECT (row), "page", (gpointer) page);
  g_object_set_data (G_OBJECT (row), "title", (gpointer) title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_list_box_append (GTK_LIST_BOX (help->list), row);
  return row;
}

static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const gboolean layer = eqk_layer_find (g_object_get_data (G_OBJECT (row), "page")) != NULL;
  const gboolean same = before != NULL && (eqk_layer_find (g_object_get_data (G_OBJECT (before), "page")) != NULL) == layer;
  GtkWidget     *label = same ? NULL : gtk_label_new (layer ? _("Layers") : _("Topics"));

  if (label != NULL)
    {
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "eq-second");
      gtk_widget_set_margin_start (label, 8);
      gtk_widget_set_margin_top (label, 8);
    }
  gtk_list_box_row_set_header (row, label);
}

static void
fill (Help *help, const char *page)
{
  int n;
  const EqkLayerType *const *layers = eqk_layers (&n);
  GtkWidget *shown = NULL;

  for (const EqsHelpTopic *topic = eqs_help_topics; topic->id != NULL; topic++)
    {
      GtkWidget *row = add_row (help, topic->id, _(topic->title));

      if (shown == NULL || g_strcmp0 (page, topic->id) == 0)
        shown = row;
    }
  for (int i = 0; i < n; i++)
    {
      GtkWidget *row = add_row (help, layers[i]->id, _(layers[i]->title));

      if (g_strcmp0 (page, layers[i]->id) == 0)
        shown = row;
    }
  gtk_list_box_select_row (GTK_LIST_BOX (help->list), GTK_LIST_BOX_ROW (shown));
}

static GtkWidget *
make_side (Help *help)
{
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *scroll = gtk_scrolled_window_new ();

  help->entry = gtk_search_entry_new ();
  help->list = gtk_list_box_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (help->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search the help"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (help->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pages"), -1);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (help->list), row_matches, help, NULL);
  gtk_list_box_set_header_func (GTK_LIST_BOX (help->list), header_cb, NULL, NULL);
  gtk_widget_add_css_class (help->list, "navigation-sidebar");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), help->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroll, TRUE);
  gtk_widget_set_size_request (side, 220, -1);
  gtk_widget_set_margin_top (help->entry, 8);
  gtk_widget_set_margin_start (help->entry, 8);
  gtk_widget_set_margin_end (help->entry, 8);
  gtk_box_append (GTK_BOX (side), help->entry);
  gtk_box_append (GTK_BOX (side), scroll);
  gtk_widget_add_css_class (side, "eq-side");
  return side;
}

void
eqs_help_show (GtkWindow *parent, const char *page)
{
  Help      *help = g_new0 (Help, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  help->window = g_object_new (GTK_TYPE_WINDOW, "title", _("Help"), "transient-for", parent, "destroy-with-parent", TRUE, "default-width", 860,
                               "default-height", 600, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (help->window), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Help"), -1);
  help->label = gtk_label_new ("");
  help->scroll = gtk_scrolled_window_new ();
  gtk_label_set_wrap (GTK_LABEL (help->label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (help->label), 30);
  gtk_label_set_max_width_chars (GTK_LABEL (help->label), 72);
  gtk_label_set_selectable (GTK_LABEL (help->label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (help->label), 0);
  gtk_label_set_yalign (GTK_LABEL (help->label), 0);
  gtk_widget_set_halign (help->label, GTK_ALIGN_START);
  gtk_widget_set_margin_start (help->label, 24);
  gtk_widget_set_margin_end (help->label, 24);
  gtk_widget_set_margin_top (help->label, 16);
  gtk_widget_set_margin_bottom (help->label, 24);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (help->scroll), help->label);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (help->scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_hexpand (help->scroll, TRUE);
  gtk_box_append (GTK_BOX (box), make_side (help));
  gtk_box_append (GTK_BOX (box), help->scroll);
  gtk_window_set_child (GTK_WINDOW (help->window), box);
  gtk_window_set_titlebar (GTK_WINDOW (help->window), adw_header_bar_new ());
  g_object_set_data_full (G_OBJECT (help->window), "help", help, g_free);
  g_signal_connect (help->list, "row-selected", G_CALLBACK (selected_cb), help);
  g_signal_connect (help->entry, "search-changed", G_CALLBACK (search_cb), help);
  fill (help, page);
  gtk_widget_grab_focus (help->entry);
  eqs_close_on_escape (help->window);
  g_signal_connect_swapped (help->entry, "stop-search", G_CALLBACK (gtk_window_close), help->window);
  gtk_window_present (GTK_WINDOW (help->window));
}

static gboolean
help_cb (GtkWidget *window, GVariant *arguments, gpointer page)
{
  eqs_help_show (GTK_WINDOW (window), page);
  return TRUE;
}

GtkWidget *
eqs_help_on_f1 (GtkWidget *window, const char *page)
{
  g_return_val_if_fail (GTK_IS_WINDOW (window), window);

  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutAction  *action = gtk_callback_action_new (help_cb, g_strdup (page), g_free);

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_F1, 0), action));
  gtk_widget_add_controller (window, keys);
  return window;
}

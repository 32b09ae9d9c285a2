/* A small window with a search entry over a list box; each row runs something and closes it. */

#include "app/command-search.h"

#include "app/actions.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  EqsWindow *window;       /* borrowed: the list is its child window */
  GtkWidget *dialog, *list, *entry;
} Chooser;

static gboolean
row_matches (GtkListBoxRow *row, gpointer data)
{
  Chooser *chooser = data;

  return eqs_text_has_words (g_object_get_data (G_OBJECT (row), "text"), gtk_editable_get_text (GTK_EDITABLE (chooser->entry)));
}

static void
search_cb (GtkSearchEntry *entry, Chooser *chooser)
{
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (chooser->list));
}

static GtkListBoxRow *
first_match (Chooser *chooser)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (chooser->list), i)) != NULL; i++)
    if (row_matches (row, chooser))
      return row;
  return NULL;
}

static void
run_row (Chooser *chooser, GtkListBoxRow *row)
{
  EqsWindow  *window = chooser->window;
  const char *action = g_object_get_data (G_OBJECT (row), "action");
  g_autofree char *name = g_strdup (action);
  const guint step = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "step"));

  gtk_window_destroy (GTK_WINDOW (chooser->dialog));      /* frees chooser */
  if (name == NULL)
    eqs_history_go_to (eqs_session_get_history (eqs_window_get_session (window)), step);
  else
    eqs_window_run_action (window, name);
}

static void
activate_cb (GtkSearchEntry *entry, Chooser *chooser)
{
  GtkListBoxRow *row = first_match (chooser);

  if (row != NULL)
    run_row (chooser, row);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, Chooser *chooser)
{
  run_row (chooser, row);
}

static void
stop_cb (GtkSearchEntry *entry, Chooser *chooser)
{
  gtk_window_destroy (GTK_WINDOW (chooser->dialog));
}

static GtkWidget *
add_row (Chooser *chooser, const char *title, const char *keys)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  if (keys != NULL)
    {
      guint           key = 0;
      GdkModifierType modifiers = 0;
      g_autofree char *text = NULL;
      GtkWidget *hint;

      gtk_accelerator_parse (keys, &key, &modifiers);
      text = gtk_accelerator_get_label (key, modifiers);
      hint = gtk_label_new (text);
      gtk_widget_add_css_class (hint, "eq-second");
      gtk_box_append (GTK_BOX (box), hint);
    }
  gtk_widget_set_margin_start (box, 8);
  gtk_widget_set_margin_end (box, 8);
  gtk_widget_set_size_request (box, -1, 28);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "text", g_strdup (title), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_list_box_append (GTK_LIST_BOX (chooser->list), row);
  return row;
}

static Chooser *
new_chooser (EqsWindow *window, const char *title, const char *hint)
{
  Chooser   *chooser = g_new0 (Chooser, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *scroll = gtk_scrolled_window_new ();

  chooser->window = window;
  chooser->dialog = g_object_new (GTK_TYPE_WINDOW, "title", title, "modal", TRUE, "transient-for", window, "destroy-with-parent", TRUE,
                                  "default-width", 480, "default-height", 420, NULL);
  chooser->entry = gtk_search_entry_new ();
  chooser->list = gtk_list_box_new ();
  g_object_set (chooser->entry, "placeholder-text", hint, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chooser->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, hint, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chooser->list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (chooser->list), row_matches, chooser, NULL);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (chooser->list), GTK_SELECTION_BROWSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), chooser->list);
  gtk_widget_set_vexpand (scroll, TRUE);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_box_append (GTK_BOX (box), chooser->entry);
  gtk_box_append (GTK_BOX (box), scroll);
  gtk_window_set_child (GTK_WINDOW (chooser->dialog), box);
  g_signal_connect (chooser->entry, "search-changed", G_CALLBACK (search_cb), chooser);
  g_signal_connect (chooser->entry, "activate", G_CALLBACK (activate_cb), chooser);
  g_signal_connect (chooser->entry, "stop-search", G_CALLBACK (stop_cb), chooser);
  g_signal_connect (chooser->list, "row-activated", G_CALLBACK (row_activated_cb), chooser);
  g_object_set_data_full (G_OBJECT (chooser->dialog), "chooser", chooser, g_free);
  return chooser;
}

void
eqs_command_search_show (EqsWindow *window)
{
  g_return_if_fail (EQS_IS_WINDOW (window));

  Chooser *chooser = new_chooser (window, _("All commands"), _("Search commands"));
  const EqsActionRow *const *tables = eqs_actions_tables ();

  for (guint t = 0; tables[t] != NULL; t++)
    for (const EqsActionRow *row = tables[t]; row->action != NULL; row++)
      if (strcmp (row->action, "win.commands") != 0)
        g_object_set_data (G_OBJECT (add_row (chooser, _(row->title), row->keys[0])), "action", (gpointer) row->action);
  gtk_window_present (GTK_WINDOW (chooser->dialog));
}

void
eqs_history_list_show (EqsWindow *window)
{
  g_return_if_fail (EQS_IS_WINDOW (window));

  EqsHistory *history = eqs_session_get_history (eqs_window_get_session (window));
  Chooser    *chooser = new_chooser (window, _("History of changes"), _("Search changes"));
  const guint position = eqs_history_get_position (history);

  for (guint i = eqs_history_get_n_steps (history) + 1; i-- > 0; )
    {
      const char *label = i == 0 ? _("As it was opened") : eqs_history_get_label (history, i - 1);
      GtkWidget  *row = add_row (chooser, label, NULL);

      g_object_set_data (G_OBJECT (row), "step", GUINT_TO_POINTER (i));
      if (i > position)
        gtk_widget_add_css_class (row, "dim-label");
      if (i == position)
        gtk_list_box_select_row (GTK_LIST_BOX (chooser->list), GTK_LIST_BOX_ROW (row));
    }
  gtk_window_present (GTK_WINDOW (chooser->dialog));
}

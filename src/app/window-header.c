/* The window's header bar: its buttons, and what it says of the design, its symmetry and its problems. */

#include "app/window-private.h"

#include "widgets/parts.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/* ---- what it says ---- */

void
eqs_window_update_title (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  g_autofree char *title = self->session == NULL ? g_strdup (_("Equistudio")) : eqs_session_dup_title (self->session);
  g_autofree char *full = NULL;
  EqsHistory *history = self->session == NULL ? NULL : eqs_session_get_history (self->session);

  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_widget_set_visible (self->state, history != NULL);
  gtk_widget_set_visible (self->chip, history != NULL);
  /* Translators: name of the design, then of the program. */
  full = history == NULL ? g_strdup (title) : g_strdup_printf (_("%s – Equistudio"), title);
  gtk_window_set_title (GTK_WINDOW (self), full);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, full, -1);
  if (history == NULL)
    return;
  gtk_label_set_label (GTK_LABEL (self->state), eqs_document_is_read_only (eqs_session_get_document (self->session)) ? _("read-only") :
                       eqs_history_is_modified (history) ? _("edited") : eqs_session_get_path (self->session) != NULL ? _("saved") : _("new"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", eqs_history_can_undo (history));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo", eqs_history_can_redo (history));
  if (eqs_history_can_undo (history))
    {
      g_autofree char *tip = g_strdup_printf (_("Undo: %s"), eqs_history_get_undo_label (history));

      gtk_widget_set_tooltip_text (self->undo, tip);
    }
  if (eqs_history_can_redo (history))
    {
      g_autofree char *tip = g_strdup_printf (_("Redo: %s"), eqs_history_get_redo_label (history));

      gtk_widget_set_tooltip_text (self->redo, tip);
    }
}

void
eqs_window_update_chip (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  EqkSymmetry symmetry;
  const char *id = eqs_document_get_group (eqs_session_get_document (self->session));
  g_autofree char *name = NULL, *label = NULL;

  if (eqs_session_get_symmetry (self->session, &symmetry))
    {
      g_autofree char *title = eqs_symmetry_dup_title (&symmetry), *notation = eqs_symmetry_dup_notation (&symmetry);

      /* Translators: what a group is, then its symbol. */
      label = g_strdup_printf (_("%s, %s"), title, notation);
    }
  else
    label = g_strdup (id);
  gtk_label_set_label (GTK_LABEL (self->chip_label), label);
  name = g_strdup_printf (_("Symmetry group: %s"), id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->chip), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static guint
count_errors (EqsWindow *self)
{
  return self->session == NULL ? 0 : eqs_session_count_problems (self->session, EQK_SEVERITY_ERROR);
}

/* Train, Stop, or the number of problems: one button, of one width. */
void
eqs_window_update_train (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  const guint errors = count_errors (self), warnings = eqs_session_count_problems (self->session, EQK_SEVERITY_WARNING);
  const gboolean training = eqs_session_is_training (self->session);
  g_autofree char *label = NULL, *count = NULL, *name = NULL;
  GtkWidget *content = gtk_button_get_child (GTK_BUTTON (self->train));

  if (training)
    label = g_strdup (_("Stop"));
  else if (errors > 0)
    label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u problem", "%u problems", errors), errors);
  else
    label = g_strdup (_("Train"));
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), training ? "media-playback-stop-symbolic" : errors > 0 ? "dialog-error-symbolic" : "media-playback-start-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->train), training ? "win.stop" : errors > 0 ? "win.problems" : "win.train");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->train), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (training || errors > 0)
    gtk_widget_remove_css_class (self->train, "suggested-action");
  else
    gtk_widget_add_css_class (self->train, "suggested-action");
  count = g_strdup_printf ("%u", errors + warnings);
  content = gtk_button_get_child (GTK_BUTTON (self->problems));
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), count);
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), errors > 0 ? "dialog-error-symbolic" : warnings > 0 ? "dialog-warning-symbolic" : "object-select-symbolic");
  name = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Show %u problem or warning", "Show %u problems and warnings", errors + warnings), errors + warnings);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->problems), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (self->problems, name);
}

/* A narrow header has no room for the word beside the sign. */
void
eqs_window_fit_header (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  adw_button_content_set_label (ADW_BUTTON_CONTENT (gtk_button_get_child (GTK_BUTTON (self->export))), self->narrow ? "" : _("Export"));
  gtk_widget_set_tooltip_text (self->export, self->narrow ? _("Export") : NULL);
}

/* ---- its parts ---- */

static GtkWidget *
icon_button (const char *icon, const char *name, const char *action)
{
  GtkWidget *button = eqs_icon_button_new (icon, name);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}
static GtkWidget *
content_button (const char *icon, const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new (), *content = adw_button_content_new ();

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), icon);
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
make_title (EqsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  self->title = gtk_label_new ("");
  gtk_widget_add_css_class (self->title, "eq-window-title");
  gtk_label_set_ellipsize (GTK_LABEL (self->title), PANGO_ELLIPSIZE_END);
  self->state = gtk_label_new ("");
  gtk_widget_add_css_class (self->state, "eq-second");
  gtk_widget_set_halign (line, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), self->title);
  gtk_box_append (GTK_BOX (line), self->state);
  self->chip = gtk_button_new ();
  self->chip_label = gtk_label_new ("");
  gtk_label_set_ellipsize (GTK_LABEL (self->chip_label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (chip), self->chip_label);
  gtk_button_set_child (GTK_BUTTON (self->chip), chip);
  gtk_widget_add_css_class (self->chip, "eq-group-chip");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->chip), "win.group");
  gtk_widget_set_halign (self->chip, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->chip);
  return box;
}

static GtkWidget *
make_menu (EqsWindow *self)
{
  GMenu *menu = g_menu_new (), *file = g_menu_new (), *help = g_menu_new ();

  g_menu_append (file, _("New window"), "app.new-window");
  g_menu_append (file, _("Save as…"), "win.save-as");
  g_menu_append (file, _("Save a picture of the design…"), "win.save-picture");
  g_menu_append (help, _("Preferences"), "app.preferences");
  g_menu_append (help, _("Search all commands"), "win.commands");
  g_menu_append (help, _("Help"), "win.help");
  g_menu_append (help, _("Keyboard shortcuts"), "win.shortcuts");
  g_menu_append (help, _("About Equistudio"), "app.about");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (file));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (help));
  self->menu_button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->menu_button), "open-menu-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->menu_button), G_MENU_MODEL (menu));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Main menu"), -1);
  g_object_unref (file);
  g_object_unref (help);
  g_object_unref (menu);
  return self->menu_button;
}

/* A widget of the header that is there only while a design is. */
static GtkWidget *
for_design (EqsWindow *self, GtkWidget *widget)
{
  gtk_widget_set_visible (widget, FALSE);
  g_ptr_array_add (self->design_widgets, widget);
  return widget;
}

GtkWidget *
eqs_window_make_header (EqsWindow *self)
{
  g_return_val_if_fail (EQS_IS_WINDOW (self), NULL);

  GtkWidget *bar = adw_header_bar_new ();
  AdwHeaderBar *header = ADW_HEADER_BAR (bar);

  adw_header_bar_pack_start (header, for_design (self, icon_button ("sidebar-show-symbolic", _("Left panel"), "win.toggle-left")));
  adw_header_bar_pack_start (header, for_design (self, icon_button ("document-new-symbolic", _("New design"), "app.new")));
  adw_header_bar_pack_start (header, icon_button ("document-open-symbolic", _("Open"), "win.open"));
  adw_header_bar_pack_start (header, self->undo = for_design (self, icon_button ("edit-undo-symbolic", _("Undo"), "win.undo")));
  adw_header_bar_pack_start (header, self->redo = for_design (self, icon_button ("edit-redo-symbolic", _("Redo"), "win.redo")));
  adw_header_bar_set_title_widget (header, make_title (self));
  adw_header_bar_pack_end (header, make_menu (self));
  adw_header_bar_pack_end (header, for_design (self, icon_button ("sidebar-show-right-symbolic", _("Inspector panel"), "win.toggle-right")));
  adw_header_bar_pack_end (header, self->export = for_design (self, content_button ("document-send-symbolic", _("Export"), "win.export")));
  adw_header_bar_pack_end (header, self->train = for_design (self, content_button ("media-playback-start-symbolic", _("Train"), "win.train")));
  gtk_widget_add_css_class (self->train, "eq-train");
  adw_header_bar_pack_end (header, self->problems = for_design (self, content_button ("object-select-symbolic", "0", "win.problems")));
  gtk_widget_add_css_class (self->problems, "flat");
  return bar;
}

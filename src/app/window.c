/* A window: the start page, or one design with its panels. Its header, panels, actions and files have files of their own. */

#include "app/window-private.h"

#include "app/preferences.h"
#include "widgets/canvas/canvas.h"
#include "widgets/start/start-page.h"
#include "widgets/theme.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (EqsWindow, eqs_window, GTK_TYPE_APPLICATION_WINDOW)

/* ---- what the session tells ---- */

static void
checked_cb (EqsSession *session, EqsWindow *self)
{
  eqs_window_update_chip (self);
  eqs_window_update_train (self);
}

static void
file_changed_cb (EqsSession *session, EqsWindow *self)
{
  eqs_window_update_title (self);
}

static void
message_cb (EqsSession *session, const char *text, EqsWindow *self)
{
  eqs_window_toast (self, text, NULL, NULL);
}

static void
runs_changed_cb (EqsSession *session, EqsWindow *self)
{
  g_signal_group_set_target (self->run_signals, eqs_session_get_run (session));
  eqs_window_update_train (self);
}

static void
run_finished_cb (EqsTraining *run, EqsWindow *self)
{
  eqs_window_update_train (self);
}

void
eqs_window_toast_stay (EqsWindow *self, const char *text)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_timeout (toast, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), toast);
}

/* All that a toast of several lines has to say. */
static void
show_all_cb (AdwToast *toast, EqsWindow *self)
{
  const char      *text = g_object_get_data (G_OBJECT (toast), "text"), *end = strchr (text, '\n');
  g_autofree char *heading = g_strndup (text, (gsize) (end - text));
  GtkWidget       *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, end + 1);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  gtk_window_present (GTK_WINDOW (dialog));
}

static AdwToast *
add_toast (EqsWindow *self, const char *text, const char *action, const char *button)
{
  const char      *end = strchr (text, '\n');
  g_autofree char *line = end == NULL ? g_strdup (text) : g_strndup (text, (gsize) (end - text));
  g_autofree char *escaped = g_markup_escape_text (line, -1);
  AdwToast        *toast = adw_toast_new (escaped);

  if (action != NULL)
    {
      adw_toast_set_detailed_action_name (toast, action);
      adw_toast_set_button_label (toast, button);
    }
  else if (end != NULL)
    {
      adw_toast_set_button_label (toast, _("Show all"));
      g_object_set_data_full (G_OBJECT (toast), "text", g_strdup (text), g_free);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (show_all_cb), self, 0);
    }
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), toast);
  return toast;
}

void
eqs_window_toast (EqsWindow *self, const char *text, const char *action, const char *button)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  add_toast (self, text, action, button);
}

/* ---- taking back ---- */

/* Steps that change much at once, before which other programs would have asked. */
static gboolean
is_large (const char *label)
{
  const char *const large[] = { g_dngettext (GETTEXT_PACKAGE, "Delete layer", "Delete layers", 1), g_dngettext (GETTEXT_PACKAGE, "Delete layer", "Delete layers", 2),
                                _("Change symmetry"), _("Tidy the layout"), _("Take the block apart"), _("Remove the frame"), _("Delete the note"), NULL };

  return g_strv_contains (large, label);
}

/* The offer goes with the next step: what it would take back then is another one. */
static void
history_changed_cb (EqsHistory *history, EqsWindow *self)
{
  const guint position = eqs_history_get_position (history), before = self->n_steps;
  AdwToast   *offer = self->undo_offer;

  if (position == before)
    return;
  self->n_steps = position;
  g_clear_weak_pointer (&self->undo_offer);
  if (offer != NULL)
    adw_toast_dismiss (offer);
  if (position == before + 1 && is_large (eqs_history_get_label (history, before)))
    g_set_weak_pointer (&self->undo_offer, add_toast (self, eqs_history_get_label (history, before), "win.undo", _("Undo")));
}

/* ---- the session ---- */

EqsSession *
eqs_window_get_session (EqsWindow *self)
{
  g_return_val_if_fail (EQS_IS_WINDOW (self), NULL);
  return self->session;
}

/* Changes of the design that is left have been saved or given up by now. */
static void
forget_draft (EqsWindow *self)
{
  if (self->draft != NULL)
    eqs_draft_discard (self->draft);
  g_clear_object (&self->draft);
}

void
eqs_window_set_session (EqsWindow *self, EqsSession *session)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  eqs_window_set_session_with_draft (self, session, NULL);
}

void
eqs_window_set_session_with_draft (EqsWindow *self, EqsSession *session, const char *draft_id)
{
  g_return_if_fail (EQS_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;
  forget_draft (self);
  self->draft = eqs_draft_new (session, draft_id);
  if (self->studio != NULL)
    gtk_stack_remove (GTK_STACK (self->pages), self->studio);
  else
    gtk_stack_remove (GTK_STACK (self->pages), gtk_stack_get_child_by_name (GTK_STACK (self->pages), "start"));
  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->history_signals, eqs_session_get_history (session));
  self->n_steps = eqs_history_get_position (eqs_session_get_history (session));
  self->recalled_zoom = 0;
  self->studio = eqs_window_make_studio (self);
  eqs_window_recall_state (self);
  gtk_stack_add_named (GTK_STACK (self->pages), self->studio, "studio");
  gtk_stack_set_visible_child (GTK_STACK (self->pages), self->studio);
  gtk_widget_grab_focus (self->canvas);
  for (guint i = 0; i < self->design_widgets->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->design_widgets, i), TRUE);
  eqs_window_update_title (self);
  eqs_window_update_chip (self);
  eqs_window_update_train (self);
  runs_changed_cb (session, self);
}

/* ---- making it ---- */

/* The start page. */
static void
template_cb (EqsWindow *self, const char *id)
{
  eqs_window_new_from_template (self, id);
}

static void
questions_cb (EqsWindow *self)
{
  eqs_window_ask_questions (self);
}

static GtkWidget *
make_start (EqsWindow *self)
{
  GtkWidget *page = eqs_start_page_new ();

  g_signal_connect_object (page, "template", G_CALLBACK (template_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "file", G_CALLBACK (eqs_window_open), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "questions", G_CALLBACK (questions_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "data", G_CALLBACK (eqs_window_choose_data), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "empty", G_CALLBACK (eqs_window_new_design), self, G_CONNECT_SWAPPED);
  return page;
}

static void
remember_size (EqsWindow *self)
{
  GSettings *settings = eqs_preferences_get ();
  int width, height;

  if (settings == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set (settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
}

static void
recall_size (EqsWindow *self)
{
  GSettings *settings = eqs_preferences_get ();
  int width = 1440, height = 900;

  if (settings != NULL)
    g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), MAX (width, 640), MAX (height, 480));
  if (settings != NULL && g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static gboolean
fit_cb (gpointer data)
{
  EqsWindow *self = data;

  self->fit_idle = 0;
  if (self->narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "eq-narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "eq-narrow");
  eqs_window_fit_header (self);
  eqs_window_fit_panels (self);
  return G_SOURCE_REMOVE;
}

/* What is shown may not change while sizes are given out. */
static void
eqs_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  EqsWindow     *self = EQS_WINDOW (widget);
  const gboolean narrow = width < EQS_NARROW * eqs_theme_text_scale (widget);

  GTK_WIDGET_CLASS (eqs_window_parent_class)->size_allocate (widget, width, height, baseline);
  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  if (self->fit_idle == 0)
    self->fit_idle = g_idle_add (fit_cb, self);
}

static gboolean
eqs_window_close_request (GtkWindow *window)
{
  EqsWindow *self = EQS_WINDOW (window);

  if (!eqs_window_may_close (self))
    return TRUE;
  eqs_window_stop_runs (self);
  remember_size (self);
  eqs_window_remember_state (self);
  return GTK_WINDOW_CLASS (eqs_window_parent_class)->close_request (window);
}

static void
eqs_window_dispose (GObject *object)
{
  EqsWindow *self = EQS_WINDOW (object);

  g_clear_handle_id (&self->fit_idle, g_source_remove);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->history_signals);
  g_clear_weak_pointer (&self->undo_offer);
  g_clear_object (&self->run_signals);
  if (self->studio != NULL)
    {
      gtk_stack_remove (GTK_STACK (self->pages), self->studio);
      self->studio = self->right = NULL;
    }
  g_clear_pointer (&self->design_widgets, g_ptr_array_unref);
  forget_draft (self);
  if (self->session != NULL)
    g_object_run_dispose (G_OBJECT (self->session));
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_window_parent_class)->dispose (object);
}

static void
eqs_window_class_init (EqsWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_window_dispose;
  GTK_WIDGET_CLASS (klass)->size_allocate = eqs_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = eqs_window_close_request;
  eqs_window_install_actions (GTK_WIDGET_CLASS (klass));
}

static void
eqs_window_init (EqsWindow *self)
{
  GtkWidget *header;

  self->design_widgets = g_ptr_array_new ();
  self->session_signals = g_signal_group_new (EQS_TYPE_SESSION);
  g_signal_group_connect (self->session_signals, "checked", G_CALLBACK (checked_cb), self);
  g_signal_group_connect (self->session_signals, "file-changed", G_CALLBACK (file_changed_cb), self);
  g_signal_group_connect (self->session_signals, "message", G_CALLBACK (message_cb), self);
  g_signal_group_connect (self->session_signals, "runs-changed", G_CALLBACK (runs_changed_cb), self);
  self->history_signals = g_signal_group_new (EQS_TYPE_HISTORY);
  g_signal_group_connect (self->history_signals, "changed", G_CALLBACK (history_changed_cb), self);
  self->run_signals = g_signal_group_new (EQS_TYPE_TRAINING);
  g_signal_group_connect (self->run_signals, "finished", G_CALLBACK (run_finished_cb), self);

  header = eqs_window_make_header (self);
  gtk_window_set_titlebar (GTK_WINDOW (self), header);
  self->toasts = adw_toast_overlay_new ();
  self->pages = gtk_stack_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), self->pages);
  gtk_stack_add_named (GTK_STACK (self->pages), make_start (self), "start");
  gtk_window_set_child (GTK_WINDOW (self), self->toasts);
  recall_size (self);
  eqs_window_update_title (self);
}

EqsWindow *
eqs_window_new (GtkApplication *application)
{
  return g_object_new (EQS_TYPE_WINDOW, "application", application, NULL);
}

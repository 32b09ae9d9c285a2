/* Training on data that the design does not take cannot begin; what would have to change is told, and done on a word. */

#include "app/window-private.h"

#include "studio/fit.h"
#include "services/ways.h"
#include "studio/three-ways.h"
#include "widgets/weak-task.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

static void
response_cb (AdwMessageDialog *dialog, const char *response, EqsWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (response, "fit") || self->session == NULL)
    return;
  if (!eqs_session_make_fit (self->session, &error))
    eqs_window_toast (self, error->message, NULL, NULL);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), g_object_get_data (G_OBJECT (dialog), "action"), NULL);
}

static void
ask (EqsWindow *self, GPtrArray *changes, gboolean ways)
{
  g_autofree char *list = NULL;
  GtkWidget       *dialog;

  g_ptr_array_add (changes, NULL);
  list = g_strjoinv ("\n", (char **) changes->pdata);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("The design does not take its data"), list);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "fit", _("Change it and train"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "fit", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "fit");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data (G_OBJECT (dialog), "action", (gpointer) (ways ? "win.train-ways" : "win.train"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

typedef struct
{
  EqsSession  *session;
  EqsDocument *document;
  EqsDataset  *dataset;
  gboolean     ways;
  char       **there, *why_not;      /* owned: the ways that the design has, and what the others lack */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_object_unref (look->session);
  g_object_unref (look->document);
  g_clear_object (&look->dataset);
  g_strfreev (look->there);
  g_free (look->why_not);
  g_free (look);
}

static void
look_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;

  if (look->ways)
    look->there = eqs_ways_list (look->document, &look->why_not);
  g_task_return_pointer (task, eqs_misfits_list (look->document, look->dataset), (GDestroyNotify) g_ptr_array_unref);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsWindow  *self = EQS_WINDOW (source);
  const Look *look = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) changes = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GError)    error = NULL;

  self->fitting = FALSE;
  if (self->session == NULL || self->session != look->session || eqs_session_is_training (self->session))
    return;
  if (changes != NULL)
    {
      ask (self, changes, look->ways);
      return;
    }
  eqs_window_show_panel (self, "training");
  if (look->ways && look->why_not != NULL)
    eqs_window_toast (self, look->why_not, NULL, NULL);
  if (look->ways && g_strv_length (look->there) < 2)
    return;
  if ((look->ways ? eqs_three_ways_train (self->session, (const char *const *) look->there, &error) : eqs_session_train (self->session, NULL, &error)) == NULL)
    eqs_window_toast (self, error->message, NULL, NULL);
  eqs_window_update_train (self);
}

void
eqs_window_train (EqsWindow *self, gboolean ways)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  g_autoptr (GTask) task = NULL;
  Look *look;

  if (self->session == NULL || self->fitting || eqs_session_is_training (self->session))
    return;
  look = g_new0 (Look, 1);
  look->ways = ways;
  look->session = g_object_ref (self->session);
  look->document = eqs_document_dup (eqs_session_get_document (self->session));
  look->dataset = eqs_session_get_dataset (self->session) == NULL ? NULL : g_object_ref (eqs_session_get_dataset (self->session));
  self->fitting = TRUE;
  task = eqs_weak_task_new (self, NULL, looked_cb, NULL, NULL);
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_worker);
}

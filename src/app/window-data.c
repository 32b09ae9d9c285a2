/* Starting from data: a folder is looked at in a worker, the questions begin with what it says of itself, and the design that follows is shown the data. */

#include "app/window-private.h"

#include "data/dataset.h"
#include "widgets/chooser.h"
#include "widgets/data/data-panel.h"
#include "widgets/questions/questions.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>

static void
open_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError     *error = NULL;
  EqsDataset *dataset = eqs_dataset_open (data, &error);

  if (dataset == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, dataset, g_object_unref);
}

static void
create_cb (EqsQuestions *questions, EqsDocument *document, EqsWindow *self)
{
  g_autoptr (EqsSession) session = NULL;
  const char *title = g_object_get_data (G_OBJECT (questions), "title");

  eqs_document_set_name (document, title, NULL);
  session = eqs_session_new (document, NULL);
  eqs_window_set_session (self, session);
  gtk_stack_set_visible_child_name (GTK_STACK (self->left_stack), "data");
  eqs_data_panel_look (EQS_DATA_PANEL (gtk_stack_get_child_by_name (GTK_STACK (self->left_stack), "data")), g_object_get_data (G_OBJECT (questions), "folder"));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsWindow *self = EQS_WINDOW (source);
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = g_task_propagate_pointer (G_TASK (result), &error);
  GtkWidget *questions;

  /* The window may have been closed meanwhile. */
  if (gtk_widget_in_destruction (GTK_WIDGET (self)) || self->toasts == NULL)
    return;
  if (dataset == NULL)
    {
      eqs_window_toast (self, error->message, NULL, NULL);
      return;
    }
  questions = eqs_questions_new_for_data (dataset);
  g_object_set_data_full (G_OBJECT (questions), "folder", g_strdup (eqs_dataset_get_path (dataset)), g_free);
  g_object_set_data_full (G_OBJECT (questions), "title", g_strdup (eqs_dataset_get_title (dataset)), g_free);
  g_signal_connect_object (questions, "create", G_CALLBACK (create_cb), self, 0);
  gtk_window_set_transient_for (GTK_WINDOW (questions), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (questions));
}

void
eqs_window_start_from_data (EqsWindow *self, const char *folder)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  g_autoptr (GTask) task = eqs_weak_task_new (self, NULL, opened_cb, NULL, NULL);

  g_task_set_task_data (task, g_strdup (folder), g_free);
  g_task_run_in_thread (task, open_worker);
}

static void
response_cb (GtkNativeDialog *dialog, int response, EqsWindow *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  gtk_native_dialog_destroy (dialog);
  if (file != NULL && g_file_peek_path (file) != NULL)
    eqs_window_start_from_data (self, g_file_peek_path (file));
  g_object_unref (dialog);
}

void
eqs_window_choose_data (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  GtkFileChooserNative *chooser = eqs_chooser_new (_("A folder with your data"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Open"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* Opening, saving and closing: everything that reads or writes a design does so in a worker, and says in the window what failed. */

#include "app/window-private.h"

#include "model/file.h"
#include "widgets/chooser.h"
#include "widgets/weak-task.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char        *name;         /* owned: a path or a template */
  gboolean     is_template;
  EqsDocument *document;     /* owned (nullable): the result */
  GPtrArray   *changes;      /* owned (nullable) */
} Load;

static void
load_free (Load *load)
{
  g_free (load->name);
  g_clear_object (&load->document);
  g_clear_pointer (&load->changes, g_ptr_array_unref);
  g_free (load);
}

static void
load_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Load   *load = data;
  GError *error = NULL;

  load->document = load->is_template ? eqs_document_new_from_template (load->name, &load->changes, &error) : eqs_file_load (load->name, &error);
  if (load->document == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
load_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsWindow *self = EQS_WINDOW (source);
  Load      *load = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsSession) session = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      eqs_window_toast (self, error->message, NULL, NULL);
      return;
    }
  session = eqs_session_new (load->document, load->is_template ? NULL : load->name);
  eqs_window_set_session (self, session);
  if (eqs_document_is_read_only (load->document))
    eqs_window_toast (self, _("This file was made by a newer version and can only be looked at."), NULL, NULL);
  if (load->changes != NULL)
    eqs_session_tell_changes (session, load->changes);
  if (!load->is_template)
    {
      g_autofree char *uri = g_filename_to_uri (load->name, NULL, NULL);

      if (uri != NULL)
        gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
    }
}

static void
load (EqsWindow *self, const char *name, gboolean is_template)
{
  g_autoptr (GTask) task = eqs_weak_task_new (self, NULL, load_done_cb, NULL, NULL);
  Load *work = g_new0 (Load, 1);

  work->name = g_strdup (name);
  work->is_template = is_template;
  g_task_set_task_data (task, work, (GDestroyNotify) load_free);
  g_task_run_in_thread (task, load_worker);
}

void
eqs_window_open (EqsWindow *self, GFile *file)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  const char *path = g_file_peek_path (file);

  if (path == NULL)
    eqs_window_toast (self, _("Only files on this computer can be opened."), NULL, NULL);
  else
    load (self, path, FALSE);
}

void
eqs_window_new_from_template (EqsWindow *self, const char *name)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  load (self, name, TRUE);
}

void
eqs_window_new_design (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  g_autoptr (EqsDocument) document = eqs_document_new ();
  g_autoptr (EqsSession)  session = NULL;

  eqs_document_set_symmetry (document, "triv", TRUE, NULL, NULL);
  session = eqs_session_new (document, NULL);
  eqs_window_set_session (self, session);
  /* What the design is to respect is a person's own choice; Escape leaves it without. */
  eqs_window_choose_group (self);
}

void
eqs_window_recover (EqsWindow *self, EqsLeftDraft *left)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  g_autoptr (EqsSession) session = eqs_session_new (left->document, left->path);

  eqs_history_mark_unsaved (eqs_session_get_history (session));
  eqs_window_set_session_with_draft (self, session, left->id);
  eqs_window_toast_stay (self, _("The studio ended unexpectedly. This is the design with the changes that were not saved."));
}

/* ---- choosing files ---- */

static void
open_response_cb (GtkNativeDialog *dialog, int response, EqsWindow *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  gtk_native_dialog_destroy (dialog);
  if (file != NULL)
    g_application_open (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), &file, 1, "");
  g_object_unref (dialog);
}

static GtkFileChooserNative *
new_chooser (EqsWindow *self, const char *title, GtkFileChooserAction action, const char *accept)
{
  GtkFileChooserNative *chooser = eqs_chooser_new (title, GTK_WINDOW (self), action, accept);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Designs (*.equi)"));
  gtk_file_filter_add_pattern (filter, "*.equi");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  return chooser;
}

void
eqs_window_choose_file (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  GtkFileChooserNative *chooser = new_chooser (self, _("Open a design"), GTK_FILE_CHOOSER_ACTION_OPEN, _("Open"));

  g_signal_connect_object (chooser, "response", G_CALLBACK (open_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* Writing a design of the largest size takes milliseconds; it is done at once, so that the answer can be relied on. */
static gboolean
save_to (EqsWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *uri = NULL;

  if (!eqs_session_save (eqs_window_get_session (self), path, &error))
    {
      eqs_window_toast (self, error->message, "win.save-as", _("Save elsewhere"));
      return FALSE;
    }
  uri = g_filename_to_uri (eqs_session_get_path (eqs_window_get_session (self)), NULL, NULL);
  if (uri != NULL)
    gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
  return TRUE;
}

static void
save_response_cb (GtkNativeDialog *dialog, int response, EqsWindow *self)
{
  void (*then) (EqsWindow *) = (void (*) (EqsWindow *)) g_object_get_data (G_OBJECT (dialog), "then");
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char  *path = file == NULL ? NULL : g_file_get_path (file), *chosen = NULL;

  gtk_native_dialog_destroy (dialog);
  if (path != NULL)
    {
      /* The chooser offers "name.equi" with the name selected: who types "other.equi" over it means that, not "other.equi.equi". */
      while (g_str_has_suffix (path, ".equi"))
        path[strlen (path) - strlen (".equi")] = '\0';
      g_free (chosen);
      chosen = g_strconcat (path, ".equi", NULL);
    }
  if (chosen != NULL && save_to (self, chosen) && then != NULL)
    then (self);
  g_object_unref (dialog);
}

void
eqs_window_save (EqsWindow *self, gboolean elsewhere, void (*then) (EqsWindow *self))
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  EqsSession *session = eqs_window_get_session (self);
  GtkFileChooserNative *chooser;
  g_autofree char *title = NULL, *name = NULL;

  if (!elsewhere && eqs_session_get_path (session) != NULL)
    {
      if (save_to (self, NULL) && then != NULL)
        then (self);
      return;
    }
  chooser = new_chooser (self, _("Save the design"), GTK_FILE_CHOOSER_ACTION_SAVE, _("Save"));
  title = eqs_session_dup_title (session);
  name = g_str_has_suffix (title, ".equi") ? g_strdup (title) : g_strconcat (title, ".equi", NULL);
  g_strdelimit (name, "/", '-');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_object_set_data (G_OBJECT (chooser), "then", (gpointer) then);
  g_signal_connect_object (chooser, "response", G_CALLBACK (save_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- closing ---- */

static void
close_response_cb (AdwMessageDialog *dialog, const char *response, EqsWindow *self)
{
  if (g_str_equal (response, "save"))
    eqs_window_save (self, FALSE, (void (*) (EqsWindow *)) gtk_window_destroy);
  else if (g_str_equal (response, "discard"))
    gtk_window_destroy (GTK_WINDOW (self));
}

gboolean
eqs_window_may_close (EqsWindow *self)
{
  g_return_val_if_fail (EQS_IS_WINDOW (self), FALSE);

  EqsSession *session = eqs_window_get_session (self);
  g_autofree char *title = NULL, *heading = NULL;
  GtkWidget *dialog;

  if (session == NULL || !eqs_history_is_modified (eqs_session_get_history (session)))
    return TRUE;
  title = eqs_session_dup_title (session);
  /* Translators: the name of a design. */
  heading = g_strdup_printf (_("Save the changes to “%s”?"), title);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, _("What is not saved is lost when the window closes."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "discard", _("Discard"), "save", _("Save"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (close_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return FALSE;
}

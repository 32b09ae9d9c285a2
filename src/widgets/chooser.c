#include "widgets/chooser.h"

/* The folder chosen last; the main thread's. */
static GFile *last_folder = NULL;

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (file == NULL)
    return;
  g_clear_object (&last_folder);
  last_folder = gtk_file_chooser_get_action (GTK_FILE_CHOOSER (dialog)) == GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER ? g_object_ref (file) : g_file_get_parent (file);
}

GtkFileChooserNative *
eqs_chooser_new (const char *title, GtkWindow *parent, GtkFileChooserAction action, const char *accept)
{
  GtkFileChooserNative *self = gtk_file_chooser_native_new (title, parent, action, accept, NULL);
  const char           *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  g_autoptr (GFile)     folder = NULL;

  if (last_folder != NULL)
    folder = g_object_ref (last_folder);
  else
    folder = g_file_new_for_path (documents != NULL && g_file_test (documents, G_FILE_TEST_IS_DIR) ? documents : g_get_home_dir ());
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self), folder, NULL);
  g_signal_connect (self, "response", G_CALLBACK (response_cb), NULL);
  return self;
}

/* Training on data that the design does not take cannot begin; what would have to change is told, and done on a word. */

#include "app/window-private.h"

#include "studio/fit.h"

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
    gtk_widget_activate_action (GTK_WIDGET (self), "win.train", NULL);
}

gboolean
eqs_window_ask_to_fit (EqsWindow *self)
{
  g_return_val_if_fail (EQS_IS_WINDOW (self), FALSE);
  g_autoptr (GPtrArray) changes = eqs_session_list_misfits (self->session);
  g_autofree char      *list = NULL;
  GtkWidget            *dialog;

  if (changes == NULL)
    return FALSE;
  g_ptr_array_add (changes, NULL);
  list = g_strjoinv ("\n", (char **) changes->pdata);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("The design does not take its data"), list);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Cancel"), "fit", _("Change it and train"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "fit", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "fit");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

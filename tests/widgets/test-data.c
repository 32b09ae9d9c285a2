/* The data panel: other data are bound as one undo step; data that do not fit change nothing and say why. */

#include "widgets/data/data-panel.h"
#include "widgets/theme.h"
#include "wait-for.h"

static void
message_cb (EqsSession *session, const char *text, char **last)
{
  g_free (*last);
  *last = g_strdup (text);
}

static const char *
bound (EqsSession *session)
{
  return eqs_map_get_string (eqs_document_get_section (eqs_session_get_document (session), EQS_SECTION_DATA), "name", "");
}

static void
test_bind (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autofree char *told = NULL;
  GtkWidget    *window = gtk_window_new ();
  EqsDataPanel *panel;

  eqs_theme_load ();
  eqs_session_settle (session);
  panel = EQS_DATA_PANEL (eqs_data_panel_new (session));
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (panel));
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (session, "message", G_CALLBACK (message_cb), &told);
  g_assert_cmpstr (bound (session), ==, "mnist_rot");
  eqs_data_panel_use (panel, "digits8");
  WAIT_FOR (g_strcmp0 (bound (session), "digits8") == 0);
  g_assert_nonnull (told);       /* 28 × 28 became 8 × 8 */
  eqs_session_settle (session);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_cmpstr (bound (session), ==, "mnist_rot");

  g_clear_pointer (&told, g_free);
  eqs_data_panel_use (panel, "/no/such/folder");
  WAIT_FOR (told != NULL);
  g_assert_cmpstr (bound (session), ==, "mnist_rot");
  g_clear_pointer (&told, g_free);
  eqs_data_panel_use (panel, "ethanol_xtb");
  WAIT_FOR (told != NULL);
  g_assert_cmpstr (bound (session), ==, "mnist_rot");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/bind", test_bind);
  return g_test_run ();
}

/* The audit panel: a measured verdict reaches the session, an edit makes it stale, an audit that is stopped leaves nothing. */

#include "widgets/audit/audit-panel.h"
#include "widgets/theme.h"
#include "wait-for.h"

static void
test_audit (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget     *window = gtk_window_new ();
  EqsAuditPanel *panel;

  eqs_theme_load ();
  eqs_session_settle (session);
  panel = EQS_AUDIT_PANEL (eqs_audit_panel_new (session));
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (panel));
  gtk_window_present (GTK_WINDOW (window));
  g_assert_null (eqs_session_get_audit (session));
  eqs_audit_panel_start (panel);
  g_assert_true (eqs_audit_panel_is_running (panel));
  WAIT_FOR (!eqs_audit_panel_is_running (panel));
  g_assert_nonnull (eqs_session_get_audit (session));
  g_assert_cmpstr (eqs_map_get_string (eqs_session_get_audit (session), "verdict", ""), ==, "exact");
  g_assert_cmpfloat (eqs_map_get_number (eqs_session_get_audit (session), "worst", 1), <, 1e-4);
  g_assert_false (eqs_session_is_audit_stale (session));

  g_assert_true (eqs_session_do (session, eqs_command_new_set_symmetry ("D4", -1, NULL)));
  g_assert_true (eqs_session_is_audit_stale (session));
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_false (eqs_session_is_audit_stale (session));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A window that closes meanwhile: the worker ends by itself and touches nothing. */
static void
test_gone (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget     *window = gtk_window_new ();
  EqsAuditPanel *panel;

  eqs_session_settle (session);
  panel = g_object_ref (EQS_AUDIT_PANEL (eqs_audit_panel_new (session)));
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (panel));
  eqs_audit_panel_start (panel);
  gtk_window_destroy (GTK_WINDOW (window));
  WAIT_FOR (!eqs_audit_panel_is_running (panel));
  g_assert_null (eqs_session_get_audit (session));
  g_object_unref (panel);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit/measured", test_audit);
  g_test_add_func ("/audit/gone", test_gone);
  return g_test_run ();
}

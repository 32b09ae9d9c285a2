/* The audit panel: a measured verdict reaches the session, an edit makes it stale, an audit that is stopped leaves nothing. */

#include "services/audit-report.h"
#include "services/colouring.h"
#include "widgets/audit/audit-panel.h"
#include "widgets/theme.h"
#include "bound.h"
#include "wait-for.h"

#include <string.h>

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

/* Audited before and after training: the findings hold both, and the page says so. An audit of the same weights is compared with nothing. */
static void
test_drift (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T13", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autoptr (EqsTraining) run = NULL;
  EqsTrainOptions  options = EQS_TRAIN_OPTIONS_INIT;
  GtkWidget       *window = gtk_window_new ();
  EqsAuditPanel   *panel;
  const EqsMap    *audit, *before;
  g_autofree char *page = NULL;

  eqs_session_settle (session);
  panel = EQS_AUDIT_PANEL (eqs_audit_panel_new (session));
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (panel));
  gtk_window_present (GTK_WINDOW (window));
  for (int i = 0; i < 2; i++)
    {
      eqs_audit_panel_start (panel);
      WAIT_FOR (!eqs_audit_panel_is_running (panel));
      g_assert_null (eqs_map_get (eqs_session_get_audit (session), "before"));
    }
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  options.epochs = 1;
  run = g_object_ref (eqs_session_train (session, &options, NULL));
  WAIT_FOR (!eqs_training_is_active (run));
  WAIT_FOR (find_text (GTK_WIDGET (panel), "The network was trained since this was measured. Audit again to see whether it drifts.") != NULL);
  eqs_audit_panel_start (panel);
  WAIT_FOR (!eqs_audit_panel_is_running (panel));
  audit = eqs_session_get_audit (session);
  before = eqs_value_get_map (eqs_map_get (audit, "before"));
  g_assert_cmpstr (eqs_map_get_string (before, "verdict", ""), ==, eqs_map_get_string (audit, "verdict", "?"));
  g_assert_cmpfloat_with_epsilon (eqs_map_get_number (before, "ratio", 0), eqs_map_get_number (audit, "worst", 0) / eqs_map_get_number (before, "worst", 0), 1e-9);
  page = eqs_audit_to_markdown (audit, "A | B", NULL, "best weights");
  g_assert_true (g_str_has_prefix (page, "# "));
  g_assert_nonnull (strstr (page, "best weights"));
  for (guint i = 0; i < eqs_value_get_length (eqs_map_get (audit, "nodes")); i++)
    g_assert_nonnull (strstr (page, eqs_map_get_string (eqs_value_get_map (eqs_value_get_item (eqs_map_get (audit, "nodes"), i)), "id", "?")));
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_run_dispose (G_OBJECT (session));
}

/* Graphs that message passing cannot tell apart: the page says why no weights could, and so does what is saved; pairs of nodes are not limited so. */
static void
test_limit (void)
{
  static const char *const templates[] = { "T20", "T23" };

  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      g_autoptr (EqsSession) session = session_bound (templates[i], "wl_pairs");
      GtkWidget       *window = gtk_window_new ();
      EqsAuditPanel   *panel = EQS_AUDIT_PANEL (eqs_audit_panel_new (session));
      g_autofree char *page = NULL, *text = NULL;
      EqsColourLimit   limit = { 200, 200, 0.555 };

      gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (panel));
      gtk_window_present (GTK_WINDOW (window));
      WAIT_FOR (eqs_session_get_dataset (session) != NULL);
      eqs_audit_panel_start (panel);
      WAIT_FOR (!eqs_audit_panel_is_running (panel));
      page = eqs_audit_to_markdown (eqs_session_get_audit (session), "A", NULL, "initial weights");
      text = eqs_colour_limit_dup_text (&limit);
      g_assert_true ((find_text (GTK_WIDGET (panel), text) != NULL) == (i == 0));
      g_assert_true ((strstr (page, "Message passing cannot tell 200 of these 200") != NULL) == (i == 0));
      gtk_window_destroy (GTK_WINDOW (window));
      g_object_run_dispose (G_OBJECT (session));
    }
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
  g_test_add_func ("/audit/drift", test_drift);
  g_test_add_func ("/audit/limit", test_limit);
  g_test_add_func ("/audit/gone", test_gone);
  return g_test_run ();
}

/* The window's frame in process: a template becomes a design, actions do what they say, problems stand on the Train button. */

#include "app/actions.h"
#include "app/application.h"
#include "app/help.h"
#include "app/status-strip.h"
#include "app/window.h"
#include "draw/plan.h"

#include "eqk/layer.h"
#include "wait-for.h"

static EqsApplication *application;

static EqsWindow *
window_with_template (const char *name)
{
  EqsWindow *window = eqs_window_new (GTK_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  eqs_window_new_from_template (window, name);
  WAIT_FOR (eqs_window_get_session (window) != NULL && eqs_session_is_checked (eqs_window_get_session (window)));
  return window;
}

static void
test_template (void)
{
  EqsWindow *window = window_with_template ("T01");

  g_assert_cmpint (eqs_session_get_check (eqs_window_get_session (window))->parameters, ==, 113802);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Turned digits – Equistudio");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What the strip says of the symmetry: foretold until there are findings of this very design, then their word and figure. */
static void
test_verdict (void)
{
  static const struct { const char *verdict, *text; } cases[] = {
    { "exact", "Equivariance exact" }, { "within_limit", "Equivariance within limit" }, { "broken", "Equivariance broken" }, { "inconclusive", "Equivariance inconclusive" },
  };
  EqsWindow  *window = window_with_template ("T01");
  EqsSession *session = eqs_window_get_session (window);
  g_autofree char *hash = eqs_document_dup_hash (eqs_session_get_document (session));

  g_assert_nonnull (find_text (GTK_WIDGET (window), "foretold, not measured"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EqsMap) audit = eqs_map_new ();

      eqs_map_set (audit, "verdict", eqs_value_new_string (cases[i].verdict));
      eqs_map_set (audit, "worst", eqs_value_new_number (2e-3));
      eqs_session_set_audit (session, audit, hash);
      g_assert_nonnull (find_text (GTK_WIDGET (window), cases[i].text));
      g_assert_nonnull (find_text (GTK_WIDGET (window), "worst 0.002"));
      g_assert_null (find_text (GTK_WIDGET (window), "foretold, not measured"));
    }
  eqs_session_set_audit (session, eqs_session_get_audit (session), "another design");
  g_assert_nonnull (find_text (GTK_WIDGET (window), "foretold, not measured"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_undo (void)
{
  EqsWindow  *window = window_with_template ("T01");
  EqsSession *session = eqs_window_get_session (window);

  g_assert_true (eqs_session_do (session, eqs_command_new_set_symmetry ("D4", -1, NULL)));
  g_assert_cmpstr (eqs_document_get_group (eqs_session_get_document (session)), ==, "D4");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_cmpstr (eqs_document_get_group (eqs_session_get_document (session)), ==, "C4");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.redo", NULL);
  g_assert_cmpstr (eqs_document_get_group (eqs_session_get_document (session)), ==, "D4");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* F8 goes to the node that has the problem. */
static void
test_next_problem (void)
{
  EqsWindow  *window = window_with_template ("T01");
  EqsSession *session = eqs_window_get_session (window);
  g_autoptr (EqsValue) even = eqs_value_new_string ("16x f1");

  g_assert_true (eqs_session_do (session, eqs_command_new_set_param ("conv1", "out", g_steal_pointer (&even))));
  WAIT_FOR (eqs_session_is_checked (session));
  g_assert_cmpuint (eqs_session_count_problems (session, EQK_SEVERITY_ERROR), >, 0);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.next-problem", NULL);
  g_assert_cmpuint (eqs_session_get_n_selected (session), ==, 1);
  g_assert_nonnull (eqs_session_get_problem (session, eqs_session_get_selection (session)[0], NULL));
  eqs_history_undo (eqs_session_get_history (session));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_numbers (void)
{
  static const struct { gint64 count; const char *text; } counts[] = { { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 113802, "113,802" }, { -1234567, "-1,234,567" } };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *text = eqs_count_dup_text (counts[i].count);

      g_assert_cmpstr (text, ==, counts[i].text);
    }
}

/* Every topic and every layer has a page that is markup GTK can show. */
static void
test_help (void)
{
  int n;
  const EqkLayerType *const *layers = eqk_layers (&n);

  g_assert_null (eqs_help_dup_page ("no such page"));
  for (int i = -1; i < n; i++)
    {
      g_autofree char   *page = eqs_help_dup_page (i < 0 ? "first-steps" : layers[i]->id);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (page);
      g_assert_true (pango_parse_markup (page, -1, 0, NULL, NULL, NULL, &error));
      g_assert_no_error (error);
    }
}

/* Keys stand in one table each, and no two actions share one. */
static void
test_action_table (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const EqsActionRow *const *tables = eqs_actions_tables ();

  for (guint t = 0; tables[t] != NULL; t++)
    for (const EqsActionRow *row = tables[t]; row->action != NULL; row++)
      for (guint k = 0; k < G_N_ELEMENTS (row->keys) && row->keys[k] != NULL; k++)
        {
          guint           key = 0;
          GdkModifierType modifiers = 0;

          g_assert_true (gtk_accelerator_parse (row->keys[k], &key, &modifiers));
          if (!g_str_has_prefix (row->action, "win.") && !g_str_has_prefix (row->action, "app."))
            continue;
          g_test_message ("%s %s", row->keys[k], row->action);
          g_assert_true (g_hash_table_add (seen, (gpointer) row->keys[k]));
        }
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  application = eqs_application_new (G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_test_add_func ("/window/template", test_template);
  g_test_add_func ("/window/verdict", test_verdict);
  g_test_add_func ("/window/undo", test_undo);
  g_test_add_func ("/window/next-problem", test_next_problem);
  g_test_add_func ("/window/numbers", test_numbers);
  g_test_add_func ("/window/help", test_help);
  g_test_add_func ("/window/action-table", test_action_table);
  status = g_test_run ();
  g_object_unref (application);
  return status;
}

/* The problems list: empty says so, a row leads to its node, a fix mends, training anyway is offered only where the network runs. */

#include "widgets/problems/problems.h"

#include "session-fixture.h"
#include "widgets/theme.h"

#include <adwaita.h>

typedef SessionFixture Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  session_fixture_set_up (self, "T01", eqs_problems_new, 800, 300);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  session_fixture_tear_down (self);
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (eqs_session_get_check (self->session)->problems->len, ==, 0);
  g_assert_true (gtk_widget_get_child_visible (find_text (self->widget, "The design has no problems.")));
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (find_named (self->widget, "Problems")), 0));
}

static void
test_fix (Fixture *self, gconstpointer data)
{
  GtkWidget        *list = find_named (self->widget, "Problems"), *fix;
  const EqsProblem *worst;
  GtkListBoxRow    *row;
  guint             n;

  g_assert_true (eqs_session_do (self->session, eqs_command_new_set_param ("conv1", "out", eqs_value_new_string ("16x f1"))));
  eqs_session_settle (self->session);
  n = eqs_session_get_check (self->session)->problems->len;
  g_assert_cmpuint (n, >, 0);
  row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), (int) n - 1);
  g_assert_nonnull (row);
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), (int) n));
  row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0);
  g_signal_emit_by_name (list, "row-activated", row);
  g_assert_cmpuint (eqs_session_get_n_selected (self->session), ==, 1);
  worst = eqs_session_get_problem (self->session, eqs_session_get_selection (self->session)[0], NULL);
  g_assert_nonnull (worst);
  g_assert_cmpint (worst->severity, ==, EQK_SEVERITY_ERROR);
  g_assert_cmpuint (worst->fixes->len, >, 0);
  fix = find_named (GTK_WIDGET (row), ((EqsFix *) g_ptr_array_index (worst->fixes, 0))->label);
  g_assert_nonnull (fix);
  g_signal_emit_by_name (fix, "clicked");
  g_assert_cmpuint (eqs_history_get_n_steps (eqs_session_get_history (self->session)), ==, 2);

  /* Back to the design that had none. */
  eqs_history_go_to (eqs_session_get_history (self->session), 0);
  eqs_session_settle (self->session);
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0));
}

/* Batch norm of channels runs on poses; it is the promise that it breaks. An open input does not run. */
static void
test_anyway (Fixture *self, gconstpointer data)
{
  GtkWidget *button = NULL;
  const char *const act2[] = { "act2", NULL };
  GPtrArray *edits = eqs_edits_new ();

  g_ptr_array_add (edits, eqs_edit_new_set_layer ("norm2", "batchnorm_plain", NULL));
  g_assert_true (eqs_session_do (self->session, eqs_command_new_edits ("norm", edits)));
  eqs_session_settle (self->session);
  g_assert_cmpint (eqs_session_get_check (self->session)->blocks, ==, EQK_BLOCKS_PROMISE);
  button = gtk_widget_get_parent (find_text (self->widget, "Train anyway"));
  g_assert_true (GTK_IS_BUTTON (button) && gtk_widget_get_visible (button));
  g_assert_true (eqs_session_do (self->session, eqs_command_new_remove_nodes (act2, FALSE)));
  eqs_session_settle (self->session);
  g_assert_cmpint (eqs_session_get_check (self->session)->blocks, ==, EQK_BLOCKS_RUN);
  g_assert_false (gtk_widget_get_visible (button));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  eqs_theme_load ();
  g_test_add ("/problems/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/problems/fix", Fixture, NULL, set_up, test_fix, tear_down);
  g_test_add ("/problems/anyway", Fixture, NULL, set_up, test_anyway, tear_down);
  return g_test_run ();
}

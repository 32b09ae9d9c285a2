/* The symmetry view: steps through the group, exact on the grid, and told so; without the promise between pixels. */

#include "widgets/graph/refine-window.h"
#include "widgets/symmetry/symmetry-view.h"
#include "widgets/theme.h"
#include "wait-for.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double
residual (EqsSymmetryView *view)
{
  const char *text = eqs_symmetry_view_get_residual (view);

  return g_str_has_prefix (text, "Residual ") ? g_ascii_strtod (text + strlen ("Residual "), NULL) : -1;
}

static void
test_view (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget       *window = gtk_window_new ();
  EqsSymmetryView *view;

  eqs_theme_load ();
  eqs_session_settle (session);
  view = EQS_SYMMETRY_VIEW (eqs_symmetry_view_new (session));
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 600);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));
  eqs_session_set_probe (session, "act1", "y");
  eqs_symmetry_view_step (view, 1);
  g_assert_cmpfloat_with_epsilon (eqs_session_get_angle (session), G_PI / 2, 1e-9);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);

  /* One channel a quarter turn cannot be moved on by half of one: there is no residual. The answer has one, and it is no rounding any more. */
  eqs_session_set_element (session, G_PI / 4, FALSE);
  WAIT_FOR (strcmp (eqs_symmetry_view_get_residual (view), "Residual –") == 0);
  eqs_session_set_probe (session, "digit", "y");
  WAIT_FOR (residual (view) > 1e-3);
  eqs_session_set_probe (session, "act1", "y");
  eqs_symmetry_view_step (view, 1);
  g_assert_cmpfloat_with_epsilon (eqs_session_get_angle (session), G_PI / 2, 1e-9);
  eqs_symmetry_view_step (view, -1);
  g_assert_cmpfloat_with_epsilon (eqs_session_get_angle (session), 0, 1e-9);
  WAIT_FOR (residual (view) == 0);
  eqs_symmetry_view_play (view);
  WAIT_FOR (eqs_session_get_angle (session) > 0.05);
  eqs_symmetry_view_play (view);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Molecules turn in space: by steps, at play; every look that is shown is put back within its limit. */
static void
test_space (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T13", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget       *window = gtk_window_new ();
  EqsSymmetryView *view;

  eqs_session_settle (session);
  view = EQS_SYMMETRY_VIEW (eqs_symmetry_view_new (session));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 500);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (residual (view) == 0);
  eqs_symmetry_view_step (view, 1);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);
  eqs_session_set_probe (session, "shape", NULL);
  eqs_symmetry_view_step (view, 1);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);
  eqs_symmetry_view_step (view, -1);
  eqs_symmetry_view_step (view, -1);
  WAIT_FOR (residual (view) == 0);
  /* Inverted, one score changes its sign: put back, it has not. */
  eqs_symmetry_view_set_turn (view, (const double[4]){ 0.5, 0.5, -0.5, 0.5 }, TRUE);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);
  eqs_symmetry_view_set_turn (view, (const double[4]){ 1, 0, 0, 0 }, FALSE);
  WAIT_FOR (residual (view) == 0);
  eqs_symmetry_view_play (view);
  WAIT_FOR (residual (view) > 0);
  eqs_symmetry_view_play (view);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Nodes of a graph change places by swaps, cycles say which; two graphs are compared by rounds of messages. */
static void
test_orders (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T23", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autoptr (EqsSplit)    split = NULL;
  GtkWidget       *window = gtk_window_new (), *refine;
  EqsSymmetryView *view;

  eqs_session_settle (session);
  view = EQS_SYMMETRY_VIEW (eqs_symmetry_view_new (session));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 500);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (residual (view) == 0);
  eqs_session_set_probe (session, NULL, NULL);
  eqs_symmetry_view_step (view, 1);
  eqs_symmetry_view_step (view, 1);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);
  eqs_symmetry_view_step (view, -1);
  eqs_symmetry_view_step (view, -1);
  WAIT_FOR (residual (view) == 0);

  split = eqs_dataset_load (eqs_session_get_dataset (session), "valid", NULL);
  refine = eqs_refine_window_open (GTK_WIDGET (view), split, 0);
  /* One ring or two, of as many nodes: the colours never differ. */
  for (guint i = 0; i + 1 < eqs_split_get_n (split) && i < 6; i++)
    if (eqs_split_get_n_nodes (split, i) == eqs_split_get_n_nodes (split, i + 1))
      g_assert_true (g_str_has_prefix (eqs_refine_window_set (refine, i, i + 1, 3), "However many rounds"));
    else
      g_assert_true (g_str_has_prefix (eqs_refine_window_set (refine, i, i + 1, 3), "They differ before"));
  gtk_window_destroy (GTK_WINDOW (refine));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/symmetry/view", test_view);
  g_test_add_func ("/symmetry/space", test_space);
  g_test_add_func ("/symmetry/orders", test_orders);
  return g_test_run ();
}

/* The training panel: what it says before, while and after a run, and that a twin is trained beside it. */

#include "widgets/theme.h"
#include "widgets/training/training-panel.h"
#include "wait-for.h"

#include <glib/gstdio.h>
#include <string.h>

/* A visible label or button whose text begins so. */
static GtkWidget *
find_start (GtkWidget *widget, const char *start)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_label (GTK_LABEL (widget)) : NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (text != NULL && g_str_has_prefix (text, start))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_start (child, start);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
button_of (GtkWidget *label)
{
  g_assert_nonnull (label);
  return gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON);
}

static void
test_panel (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = NULL;
  g_autoptr (EqsTraining) run = NULL;
  EqsTrainOptions  options = EQS_TRAIN_OPTIONS_INIT;
  GtkWidget *window = gtk_window_new (), *panel;

  eqs_theme_load ();
  session = eqs_session_new (document, NULL);
  eqs_session_settle (session);
  panel = eqs_training_panel_new (session);
  gtk_window_set_default_size (GTK_WINDOW (window), 1300, 440);
  gtk_window_set_child (GTK_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (find_start (panel, "Not trained yet.") != NULL);

  options.epochs = 2;
  options.limit = 256;
  run = g_object_ref (eqs_session_train (session, &options, NULL));
  eqs_training_pause (run);
  WAIT_FOR (find_start (panel, "Resume") != NULL && find_start (panel, "One batch") != NULL);
  g_assert_null (find_start (panel, "Test accuracy"));
  g_signal_emit_by_name (button_of (find_start (panel, "Resume")), "clicked");
  WAIT_FOR (find_start (panel, "Validation accuracy") != NULL);
  WAIT_FOR (find_start (panel, "Test accuracy") != NULL && eqs_training_get_state (run) == EQS_TRAINING_DONE);
  g_assert_nonnull (find_start (panel, "Epoch 2 of 2"));
  g_assert_nonnull (find_start (panel, "113,802"));
  {
    guint n;

    g_assert_nonnull (eqs_training_get_confusion (run, &n));
    g_assert_cmpuint (n, ==, 10);
  }

  /* The twin runs beside it, and the run that was shown stays. */
  g_signal_emit_by_name (button_of (find_start (panel, "Compare with")), "clicked");
  WAIT_FOR (find_start (panel, "Ordinary twin") != NULL);
  g_assert_true (eqs_session_get_run (session) == run);
  g_assert_cmpuint (g_list_model_get_n_items (eqs_session_get_runs (session)), ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_run_dispose (G_OBJECT (session));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/panel", test_panel);
  return g_test_run ();
}

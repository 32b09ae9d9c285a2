/* The training panel: what it says before, while and after a run, and that a twin is trained beside it. */

#include "studio/seeds.h"
#include "studio/three-ways.h"
#include "widgets/plots/plot-view.h"
#include "widgets/theme.h"
#include "widgets/training/run-list.h"
#include "widgets/training/training-curves.h"
#include "widgets/training/training-panel.h"
#include "widgets/training/ways-button.h"
#include "bound.h"
#include "wait-for.h"

#include <glib/gstdio.h>
#include <math.h>
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
page (GtkWidget *panel, const char *title)
{
  GtkWidget *label = find_text (panel, title);

  g_assert_nonnull (label);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (gtk_widget_get_ancestor (label, GTK_TYPE_TOGGLE_BUTTON)), TRUE);
}

/* The worst samples are measured when they are looked at. */
static void
test_worst (GtkWidget *panel)
{
  GtkWidget *flow;
  guint      n = 0;

  page (panel, "Worst samples");
  flow = find_named (panel, "Samples answered worst");
  WAIT_FOR (gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (flow), 0) != NULL);
  while (gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (flow), (int) n) != NULL)
    n++;
  g_assert_cmpuint (n, ==, 24);
  g_assert_nonnull (find_start (panel, "told ") != NULL ? find_start (panel, "told ") : find_start (panel, "sample "));
}

/* Answers against truth are for numbers; of classes it says so. */
static void
test_answers (GtkWidget *panel)
{
  page (panel, "Answers");
  WAIT_FOR (find_start (panel, "The answers are classes") != NULL);
}

/* Settings of the plan are changes of the design, each taken back by undo; those without effect are hidden. */
static void
test_plan (GtkWidget *panel, EqsSession *session)
{
  EqsHistory *history = eqs_session_get_history (session);
  GtkWidget  *epochs, *optimiser, *momentum;

  page (panel, "Plan");
  epochs = find_named (panel, "Epochs");
  optimiser = find_named (panel, "Optimiser");
  momentum = find_named (panel, "Momentum");
  g_assert_false (gtk_widget_get_mapped (momentum));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (epochs), 7);
  g_assert_cmpfloat (eqs_map_get_number (eqs_document_get_section (eqs_session_get_document (session), EQS_SECTION_TRAINING), "epochs", 0), ==, 7);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (optimiser), 2);
  g_assert_cmpstr (eqs_map_get_string (eqs_document_get_section (eqs_session_get_document (session), EQS_SECTION_TRAINING), "optimizer", ""), ==, "sgd");
  WAIT_FOR (gtk_widget_get_mapped (momentum));
  g_assert_true (eqs_history_undo (history));
  g_assert_true (eqs_history_undo (history));
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (epochs)), ==, 15);
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (optimiser)), ==, 0);
  /* The preview shows what is fed: T01 turns by any angle. */
  WAIT_FOR (find_start (panel, "Turn them again") != NULL);
}

/* A run that was kept is opened from its folder and followed while another program writes there; a name stays with the folder. */
static void
test_kept (GtkWidget *panel, EqsSession *session, EqsTraining *run)
{
  g_autoptr (EqsKeptRun) kept = NULL, named = NULL;
  g_autofree char *copy = g_dir_make_tmp ("equi-kept-XXXXXX", NULL), *lines = NULL, *path = NULL, *more = NULL;
  static const char *const files[] = { "design.equi", "metrics.jsonl", "best.safetensors" };
  EqsTraining     *opened;

  eqs_training_set_name (run, "Quick try");
  kept = eqs_kept_run_read (eqs_training_get_folder (run), NULL);
  g_assert_nonnull (kept);
  g_assert_cmpstr (kept->name, ==, "Quick try");
  g_assert_cmpuint (kept->points->len, ==, 2);
  g_assert_cmpstr (kept->metric, ==, "accuracy");
  g_assert_cmpfloat (g_array_index (kept->points, EqsTrainingPoint, 1).metric, ==, g_array_index (eqs_training_get_points (run), EqsTrainingPoint, 1).metric);
  g_assert_nonnull (kept->dataset);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = g_build_filename (eqs_training_get_folder (run), files[i], NULL), *to = g_build_filename (copy, files[i], NULL), *text = NULL;
      gsize            length;

      g_assert_true (g_file_get_contents (from, &text, &length, NULL));
      g_assert_true (g_file_set_contents (to, text, (gssize) length, NULL));
    }
  page (panel, "Runs");
  eqs_run_list_open (EQS_RUN_LIST (gtk_widget_get_ancestor (find_named (panel, "Runs of this window"), EQS_TYPE_RUN_LIST)), copy);
  WAIT_FOR (g_list_model_get_n_items (eqs_session_get_runs (session)) == 2);
  opened = eqs_session_get_run (session);
  g_assert_cmpint (eqs_training_get_state (opened), ==, EQS_TRAINING_KEPT);
  g_assert_cmpuint (eqs_training_get_points (opened)->len, ==, 2);
  path = g_build_filename (copy, "metrics.jsonl", NULL);
  g_assert_true (g_file_get_contents (path, &lines, NULL, NULL));
  more = g_strconcat (lines, "{\"epoch\":3,\"seconds\":9,\"train\":{\"loss\":0.5},\"valid\":{\"loss\":0.25,\"accuracy\":0.75}}\n", NULL);
  g_assert_true (g_file_set_contents (path, more, -1, NULL));
  WAIT_FOR (eqs_training_get_points (opened)->len == 3);
  g_assert_cmpfloat (g_array_index (eqs_training_get_points (opened), EqsTrainingPoint, 2).metric, ==, 0.75);
  /* Beside each other: both curves, and what differs. */
  eqs_training_set_compared (opened, TRUE);
  eqs_session_show_run (session, run);
  page (panel, "Curves");
  WAIT_FOR (find_start (panel, "Differs in") != NULL);
  eqs_training_set_compared (opened, FALSE);
  g_assert_nonnull (eqs_kept_run_read ("/no/such/folder", NULL) == NULL ? panel : NULL);
}

static void
test_smoothing (void)
{
  const double y[] = { 1, 3, NAN, 5 };
  double       out[4];

  eqs_curve_smooth (y, 4, 0, out);
  g_assert_cmpfloat (out[0], ==, 1);
  g_assert_cmpfloat (out[3], ==, 5);
  g_assert_true (isnan (out[2]));
  eqs_curve_smooth (y, 4, 0.5, out);
  g_assert_cmpfloat_with_epsilon (out[0], 1, 1e-12);      /* no pull towards 0 */
  g_assert_cmpfloat_with_epsilon (out[1], (0.5 * 0.5 * 1 + 0.5 * 3) / 0.75, 1e-12);
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
  /* Figures are of the network that was trained: another one on the canvas is told, and taking it back is, too. */
  g_assert_null (find_start (panel, "The design was changed since."));
  g_assert_nonnull (find_start (panel, "This design"));
  g_assert_true (eqs_session_do (session, eqs_command_new_set_param ("conv1", "k", eqs_value_new_number (7))));
  g_assert_nonnull (find_start (panel, "The design was changed since."));
  g_assert_null (find_start (panel, "This design"));
  g_assert_nonnull (find_start (panel, "Before the change"));
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_null (find_start (panel, "The design was changed since."));
  g_assert_nonnull (find_start (panel, "Epoch 2 of 2"));
  g_assert_nonnull (find_start (panel, "113,802"));
  {
    guint n;

    g_assert_nonnull (eqs_training_get_confusion (run, &n));
    g_assert_cmpuint (n, ==, 10);
  }

  test_worst (panel);
  test_answers (panel);
  test_plan (panel, session);
  test_kept (panel, session, run);

  /* The twin runs beside it, and the run that was shown stays. */
  g_signal_emit_by_name (button_of (find_start (panel, "Compare with")), "clicked");
  WAIT_FOR (find_start (panel, "Ordinary twin") != NULL);
  g_assert_true (eqs_session_get_run (session) == run);
  g_assert_cmpuint (g_list_model_get_n_items (eqs_session_get_runs (session)), ==, 3);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_run_dispose (G_OBJECT (session));
}

/* What such a network cannot learn is said where its test result is, above the samples it answers worst too. */
static void
test_limit (void)
{
  g_autoptr (EqsSession)  session = session_bound ("T20", "wl_pairs");
  g_autoptr (EqsTraining) run = NULL;
  EqsTrainOptions  options = EQS_TRAIN_OPTIONS_INIT;
  GtkWidget       *window = gtk_window_new (), *panel = eqs_training_panel_new (session);

  gtk_window_set_default_size (GTK_WINDOW (window), 1300, 440);
  gtk_window_set_child (GTK_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  options.epochs = 1;
  options.limit = 64;
  run = g_object_ref (eqs_session_train (session, &options, NULL));
  g_assert_null (find_start (panel, "Message passing cannot tell"));
  WAIT_FOR (eqs_training_get_state (run) == EQS_TRAINING_DONE && find_start (panel, "Test accuracy") != NULL);
  g_assert_nonnull (find_start (panel, "Message passing cannot tell 200 of these 200"));
  WAIT_FOR (find_start (panel, "Test, best") != NULL);
  g_assert_null (find_start (panel, "Test, turned"));      /* no graph is turned */
  page (panel, "Worst samples");
  WAIT_FOR (strstr (gtk_label_get_label (GTK_LABEL (gtk_widget_get_first_child (gtk_widget_get_parent (find_named (panel, "Measuring"))))), "\nMessage passing cannot tell") != NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_run_dispose (G_OBJECT (session));
}

static double metric_of (const EqsTrainingPoint *point) { return point->metric; }
static double loss_of (const EqsTrainingPoint *point)   { return point->train_loss; }

/* Two more seeds: one after the other, runs like any other, drawn as a band; what has not begun is stopped with what goes on. */
static void
test_seeds (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T13", NULL, NULL);
  g_autoptr (EqsSession)  session = NULL;
  g_autoptr (EqsTraining) run = NULL;
  g_autoptr (GPtrArray)   family = NULL;
  EqsTrainOptions  options = EQS_TRAIN_OPTIONS_INIT;
  GtkWidget       *window = gtk_window_new (), *panel;
  double           x[8], mean[8], low[8], high[8], sum = 0;
  EqsSpread        test;

  session = eqs_session_new (document, NULL);
  eqs_session_settle (session);
  panel = eqs_training_panel_new (session);
  gtk_window_set_default_size (GTK_WINDOW (window), 1300, 440);
  gtk_window_set_child (GTK_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  options.epochs = 2;
  run = g_object_ref (eqs_session_train (session, &options, NULL));
  eqs_seeds_train (session, run, 2);
  family = eqs_seeds_family (session, run);
  g_assert_cmpuint (family->len, ==, 3);
  g_assert_true (eqs_session_get_run (session) == run);
  g_assert_cmpint (eqs_training_get_state (family->pdata[2]), ==, EQS_TRAINING_WAITING);
  g_assert_cmpint (eqs_seeds_get (family->pdata[1]), ==, eqs_seeds_get (run) + 1);
  g_assert_cmpint (eqs_seeds_get (family->pdata[2]), ==, eqs_seeds_get (run) + 2);
  WAIT_FOR (eqs_training_get_state (family->pdata[2]) == EQS_TRAINING_DONE);
  WAIT_FOR (find_start (panel, "Mean of 3 seeds") != NULL);
  g_assert_cmpuint (eqs_seeds_band (family, loss_of, x, mean, low, high), ==, 2);
  for (guint i = 0; i < 3; i++)
    sum += g_array_index (eqs_training_get_points (family->pdata[i]), EqsTrainingPoint, 1).train_loss;
  g_assert_cmpfloat_with_epsilon (mean[1], sum / 3, 1e-12);
  g_assert_cmpfloat (low[1], <, mean[1]);      /* other seeds, other weights */
  g_assert_cmpfloat (high[1], >, mean[1]);
  g_assert_cmpfloat (x[1], ==, 2);
  test = eqs_seeds_test (family, eqs_training_get_metric_name (run));
  g_assert_cmpuint (test.n, ==, 3);
  g_assert_cmpuint (eqs_seeds_last (family, metric_of).n, ==, 3);

  /* More, and all of them stopped before they begin. */
  eqs_seeds_train (session, family->pdata[1], 2);
  g_ptr_array_unref (family);
  family = eqs_seeds_family (session, run);
  g_assert_cmpuint (family->len, ==, 5);
  eqs_training_stop (family->pdata[4]);
  g_assert_cmpint (eqs_training_get_state (family->pdata[4]), ==, EQS_TRAINING_STOPPED);
  eqs_training_stop (family->pdata[3]);
  WAIT_FOR (!eqs_training_is_active (family->pdata[3]));
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_run_dispose (G_OBJECT (session));
}

/* Arrows come in and out, which an ordinary network does not turn: the third way is not offered, and the tooltip says why. */
static void
test_ways_there (void)
{
  g_autoptr (EqsSession) session = session_bound ("T24", "flow2d");
  GtkWidget  *window = gtk_window_new (), *button = eqs_ways_button_new (session);

  gtk_window_set_child (GTK_WINDOW (window), button);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  eqs_ways_button_update (button);
  WAIT_FOR (gtk_widget_get_mapped (button));
  g_assert_nonnull (find_start (button, "Exact and relaxed"));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (button), "arrows come in or out"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Exact, relaxed and augmented: one after the other, each with its own parameters, judged upright and turned, and drawn beside each other. */
static void
test_ways (void)
{
  g_autoptr (EqsSession) session = session_bound ("T01", "digits8");
  GListModel  *runs = eqs_session_get_runs (session);
  GtkWidget   *window = gtk_window_new (), *panel = eqs_training_panel_new (session);
  EqsTraining *first, *others[2];

  gtk_window_set_default_size (GTK_WINDOW (window), 1300, 640);
  gtk_window_set_child (GTK_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  g_assert_true (eqs_three_ways_are_there (session));
  page (panel, "Plan");
  g_assert_nonnull (find_named (panel, "Symmetry is kept"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_named (panel, "Epochs")), 1);
  page (panel, "Curves");
  first = eqs_three_ways_train (session, (const char *const[]) { "exact", "relaxed", "augmented", NULL }, NULL);
  g_assert_nonnull (first);
  g_assert_null (find_start (panel, "Exact, relaxed, augmented"));      /* not while they run */
  g_assert_cmpuint (g_list_model_get_n_items (runs), ==, 3);
  for (guint i = 0; i < 2; i++)
    {
      others[i] = g_list_model_get_item (runs, i + 1);
      g_object_unref (others[i]);      /* the session holds it */
      g_assert_cmpint (eqs_training_get_state (others[i]), ==, EQS_TRAINING_WAITING);
      g_assert_cmpstr (eqs_training_get_way (others[i]), ==, i == 0 ? "relaxed" : "augmented");
    }
  WAIT_FOR (eqs_training_get_state (first) == EQS_TRAINING_DONE);
  WAIT_FOR (eqs_training_get_state (others[0]) == EQS_TRAINING_DONE);
  WAIT_FOR (eqs_training_get_state (others[1]) == EQS_TRAINING_DONE);
  g_assert_cmpint (eqs_training_get_parameters (others[0]), >, eqs_training_get_parameters (first));
  g_assert_cmpfloat (g_array_index (eqs_training_get_points (others[0]), EqsTrainingPoint, 0).symmetry_error, >, 1e-3);
  g_assert_cmpfloat (g_array_index (eqs_training_get_points (others[1]), EqsTrainingPoint, 0).symmetry_error, >, 1e-3);
  g_assert_cmpfloat (g_array_index (eqs_training_get_points (first), EqsTrainingPoint, 0).symmetry_error, <, 1e-4);
  for (guint i = 0; i < 2; i++)
    g_assert_nonnull (eqs_training_get_turned (others[i]));
  WAIT_FOR (find_start (panel, "Test, turned") != NULL && find_start (panel, "promise augmented") != NULL);
  WAIT_FOR (find_start (panel, "Exact, relaxed, augmented") != NULL);
  /* What the views run is the relaxed network itself; an ordinary one is not the design. */
  eqs_session_show_run (session, others[0]);
  {
    EqsModelSource *source = eqs_session_dup_model_source (session);

    g_assert_cmpstr (source->checkpoint, ==, eqs_training_get_checkpoint (others[0]));
    eqs_model_source_unref (source);
    eqs_session_show_run (session, others[1]);
    source = eqs_session_dup_model_source (session);
    g_assert_null (source->checkpoint);
    eqs_model_source_unref (source);
  }
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_run_dispose (G_OBJECT (session));
}

/* Before the first epoch ends, the loss of its batches is drawn, and the time left is told. */
static void
test_first_epoch (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autoptr (EqsTraining) run = NULL;
  EqsTrainOptions  options = EQS_TRAIN_OPTIONS_INIT;
  GtkWidget       *window = gtk_window_new (), *panel, *loss;

  eqs_theme_load ();
  eqs_session_settle (session);
  panel = eqs_training_panel_new (session);
  gtk_window_set_child (GTK_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  options.epochs = 3;
  options.batch = 8;
  run = g_object_ref (eqs_session_train (session, &options, NULL));
  loss = find_named (panel, "Loss");
  g_assert_nonnull (loss);
  WAIT_FOR (eqs_training_get_steps (run)->len >= 5);
  WAIT_FOR (eqs_plot_view_get_n_lines (EQS_PLOT_VIEW (loss)) == 1);
  g_assert_cmpuint (eqs_training_get_points (run)->len, ==, 0);
  g_assert_cmpfloat (eqs_training_get_now (run).left, >, 0);
  for (guint i = 0; i < eqs_training_get_steps (run)->len; i++)
    {
      const EqsTrainingStep step = g_array_index (eqs_training_get_steps (run), EqsTrainingStep, i);

      g_assert_cmpfloat (step.at, >, 0);
      g_assert_cmpfloat (step.at, <, 1);
      g_assert_cmpfloat (step.loss, >, 0);
    }
  eqs_training_stop (run);
  WAIT_FOR (!eqs_training_is_active (run));
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_run_dispose (G_OBJECT (session));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/smoothing", test_smoothing);
  g_test_add_func ("/training/seeds", test_seeds);
  g_test_add_func ("/training/limit", test_limit);
  g_test_add_func ("/training/ways", test_ways);
  g_test_add_func ("/training/ways-there", test_ways_there);
  g_test_add_func ("/training/panel", test_panel);
  g_test_add_func ("/training/first-epoch", test_first_epoch);
  return g_test_run ();
}

/* The session without any widget: checks follow edits, the selection follows deletions, a run trains and brings weights. */

#include "model/file.h"
#include "studio/kept-run.h"
#include "studio/seeds.h"
#include "studio/session.h"

#include "new-session.h"

#include <glib/gstdio.h>

static void
test_check (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autoptr (EqsValue)   even = eqs_value_new_number (4);

  eqs_session_settle (session);
  g_assert_cmpint (eqs_session_get_check (session)->parameters, ==, 113802);
  g_assert_cmpuint (eqs_session_count_problems (session, EQK_SEVERITY_ERROR), ==, 0);
  g_assert_nonnull (eqs_session_get_type_at (session, eqs_node_get_id (eqs_graph_get_node (eqs_document_get_graph (eqs_session_get_document (session), ""), 1)), NULL));

  g_assert_true (eqs_session_do (session, eqs_command_new_set_symmetry ("D4", -1, NULL)));
  g_assert_false (eqs_session_is_checked (session));
  eqs_session_settle (session);
  g_assert_cmpint (eqs_session_get_check (session)->parameters, !=, 113802);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  eqs_session_settle (session);
  g_assert_cmpint (eqs_session_get_check (session)->parameters, ==, 113802);
}

static void
count_cb (EqsSession *session, guint *n)
{
  (*n)++;
}

static void
message_cb (EqsSession *session, const char *text, char **out)
{
  g_free (*out);
  *out = g_strdup (text);
}

static const EqsProblem *
problem_of_poses (EqsSession *session)
{
  const GPtrArray *problems = eqs_session_get_check (session)->problems;

  for (guint i = 0; i < problems->len; i++)
    if (g_strcmp0 (((const EqsProblem *) g_ptr_array_index (problems, i))->code, "W-POSE-DEGENERATE") == 0)
      return g_ptr_array_index (problems, i);
  return NULL;
}

/* Two arrows made of one are parallel whatever the weights: told some time after the data have come, with a fix that ends it. */
static void
test_parallel_arrows (void)
{
  static const char text[] = "{\"format\":\"equistudio.design\",\"version\":1,\"symmetry\":{\"group\":\"SE3\"},\"data\":{\"name\":\"mesh_pose\"},\"nodes\":[{\"id\":\"in\",\"layer\":\"input_points\"},"
                             "{\"id\":\"c\",\"layer\":\"center_coords\"},{\"id\":\"v\",\"layer\":\"norm_pool\"},{\"id\":\"m\",\"layer\":\"multiply_by_scalar\"},"
                             "{\"id\":\"l\",\"layer\":\"irreps_linear\",\"params\":{\"out\":\"2x1\"}},{\"id\":\"p\",\"layer\":\"global_pool\",\"params\":{\"pool\":\"mean\"}},"
                             "{\"id\":\"out\",\"layer\":\"pose_rot6d\"}],\"links\":[{\"from\":\"in.positions\",\"to\":\"c.positions\"},{\"from\":\"c.y\",\"to\":\"v.x\"},"
                             "{\"from\":\"c.y\",\"to\":\"m.x\"},{\"from\":\"v.y\",\"to\":\"m.scalar\"},{\"from\":\"m.y\",\"to\":\"l.x\"},"
                             "{\"from\":\"l.y\",\"to\":\"p.x\"},{\"from\":\"p.y\",\"to\":\"out.x\"}]}";
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_file_parse (text, -1, &error);
  g_autoptr (EqsSession)  session = NULL;
  const EqsProblem       *problem;

  g_assert_no_error (error);
  session = eqs_session_new (document, NULL);
  eqs_session_settle (session);
  for (const gint64 end = g_get_monotonic_time () + 120 * G_TIME_SPAN_SECOND; (problem = problem_of_poses (session)) == NULL && g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_nonnull (problem);
  g_test_message ("%s: %s", problem->node, problem->why);
  g_assert_cmpstr (problem->node, ==, "out");
  g_assert_cmpuint (problem->fixes->len, ==, 1);
  g_assert_true (eqs_session_apply_fix (session, g_ptr_array_index (problem->fixes, 0)));
  eqs_session_settle (session);
  g_assert_null (problem_of_poses (session));
}

static void
test_selection (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  EqsGraph   *graph = eqs_document_get_graph (eqs_session_get_document (session), "");
  const char *first = eqs_node_get_id (eqs_graph_get_node (graph, 0)), *second = eqs_node_get_id (eqs_graph_get_node (graph, 1));
  const char *const both[] = { first, second, NULL }, *const none_such[] = { "nowhere", NULL };
  g_autofree char *gone = g_strdup (second);
  const char *const remove[] = { gone, NULL };
  guint n = 0;

  g_signal_connect (session, "selection-changed", G_CALLBACK (count_cb), &n);
  eqs_session_select (session, both);
  eqs_session_select (session, both);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (eqs_session_get_n_selected (session), ==, 2);
  g_assert_true (eqs_session_is_selected (session, second));
  g_assert_true (eqs_session_do (session, eqs_command_new_remove_nodes (remove, TRUE)));
  g_assert_cmpuint (eqs_session_get_n_selected (session), ==, 1);
  g_assert_cmpuint (n, ==, 2);
  eqs_session_select (session, none_such);
  g_assert_cmpuint (eqs_session_get_n_selected (session), ==, 0);
}

static void
test_refusal (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autofree char *told = NULL;

  g_signal_connect (session, "message", G_CALLBACK (message_cb), &told);
  g_assert_false (eqs_session_do (session, eqs_command_new_connect ("", "nowhere.y", "nowhere.x", FALSE)));
  g_assert_nonnull (told);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static const EqsProblem *
find_problem (EqsSession *session, const char *code)
{
  const GPtrArray *problems;

  eqs_session_settle (session);
  problems = eqs_session_get_check (session)->problems;
  for (guint i = 0; i < problems->len; i++)
    if (strcmp (((const EqsProblem *) problems->pdata[i])->code, code) == 0)
      return problems->pdata[i];
  return NULL;
}

/* An audit is of one version of the design. */
static void
test_audit_of_another_version (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autofree char *hash = eqs_document_dup_hash (eqs_session_get_document (session));
  g_autoptr (EqsMap) audit = eqs_map_new ();

  g_assert_null (find_problem (session, "W-NOT-VERIFIED"));
  eqs_session_set_audit (session, audit, hash);
  g_assert_null (find_problem (session, "W-NOT-VERIFIED"));
  g_assert_true (eqs_session_do (session, eqs_command_new_set_symmetry ("D4", -1, NULL)));
  g_assert_nonnull (find_problem (session, "W-NOT-VERIFIED"));
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_null (find_problem (session, "W-NOT-VERIFIED"));
}

/* A folder of pictures whose class is where they lie: quarter turns change it. */
static char *
make_data (const char *home)
{
  g_autofree char *folder = g_build_filename (home, "lying", NULL), *pictures = g_build_filename (folder, "train-images.idx", NULL),
                  *labels = g_build_filename (folder, "train-labels.idx", NULL);
  enum { N = 600, SIDE = 28 };
  g_autofree guint8 *x = g_malloc0 (16 + N * SIDE * SIDE), *y = g_malloc0 (8 + N);
  const guint8 image_head[16] = { 0, 0, 8, 3, 0, 0, N >> 8, N & 255, 0, 0, 0, SIDE, 0, 0, 0, SIDE }, label_head[8] = { 0, 0, 8, 1, 0, 0, N >> 8, N & 255 };

  memcpy (x, image_head, 16);
  memcpy (y, label_head, 8);
  for (int k = 0; k < N; k++)
    {
      y[8 + k] = k % 2;
      for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
          x[16 + (k * SIDE + i) * SIDE + j] = ((k % 2 ? i : j) + k * 7 / 3) % 6 < 3 ? 255 : 0;
    }
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (pictures, (char *) x, 16 + N * SIDE * SIDE, NULL));
  g_assert_true (g_file_set_contents (labels, (char *) y, 8 + N, NULL));
  return g_steal_pointer (&folder);
}

static void
keep_message_cb (EqsSession *session, const char *text, GString *all)
{
  g_string_append_printf (all, "%s\n", text);
}

/* Molecules without units: a warning with fixes; the fix is one step, reads the data anew and tells what is converted. */
static void
test_units (void)
{
  g_autofree char *home = g_dir_make_tmp ("equi-session-XXXXXX", NULL), *file = g_build_filename (home, "train.xyz", NULL);
  g_autoptr (EqsSession) session = new_session ("T09");
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (GString)    text = g_string_new (NULL), told = g_string_new (NULL);
  g_autoptr (EqsSplit)   train = NULL;
  const EqsProblem      *problem;
  const guint            first = 0;
  double                 energy;

  for (int s = 0; s < 12; s++)
    g_string_append_printf (text, "2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-1 forces_unit=eV/Å\nH 0 0 0 0 0 %d\nH 0 0 0.%d 0 0 -%d\n", s, 70 + s, s);
  g_assert_true (g_file_set_contents (file, text->str, -1, NULL));
  dataset = eqs_dataset_open (home, NULL);
  g_assert_nonnull (dataset);
  g_assert_null (find_problem (session, "W-UNITS-MISSING"));
  g_assert_true (eqs_session_bind (session, dataset, NULL, NULL));
  while (eqs_session_is_loading (session))
    g_main_context_iteration (NULL, TRUE);
  problem = find_problem (session, "W-UNITS-MISSING");
  g_assert_nonnull (problem);
  g_assert_nonnull (strstr (problem->message, "energy"));
  g_signal_connect (session, "message", G_CALLBACK (keep_message_cb), told);
  g_assert_true (eqs_session_do (session, eqs_command_new_edits ("unit", g_ptr_array_ref (((EqsFix *) g_ptr_array_index (problem->fixes, 3))->edits))));
  while (eqs_session_is_loading (session))
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (find_problem (session, "W-UNITS-MISSING"));
  g_assert_nonnull (strstr (told->str, "Hartree"));
  train = eqs_dataset_load (eqs_session_get_dataset (session), "train", NULL);
  eqs_split_copy_double (train, eqs_split_find (train, "energy"), &first, 1, &energy);
  g_assert_cmpfloat_with_epsilon (energy, -27.211386245988, 1e-9);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  while (eqs_session_is_loading (session))
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (find_problem (session, "W-UNITS-MISSING"));
  remove_tree (home);
}

/* The data are asked whether they have the symmetry; what they contradict is a problem with a fix. */
static void
test_data_test (void)
{
  g_autofree char *home = g_dir_make_tmp ("equi-session-XXXXXX", NULL), *folder = make_data (home);
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (folder, NULL);
  EqsDataTest *test = eqs_session_get_data_test (session);
  const EqsProblem *problem;

  g_assert_nonnull (dataset);
  g_assert_null (find_problem (session, "W-DATA-ASYMMETRIC"));
  eqs_data_test_start (test, dataset);
  g_assert_true (eqs_data_test_is_running (test));
  while (eqs_data_test_is_running (test))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (eqs_data_test_get_error (test), ==, NULL);
  g_assert_nonnull (eqs_data_test_get_findings (test));
  problem = find_problem (session, "W-DATA-ASYMMETRIC");
  g_assert_nonnull (problem);
  g_assert_cmpuint (problem->fixes->len, ==, 1);
  g_assert_true (eqs_session_do (session, eqs_command_new_set_symmetry ("C2", -1, NULL)));
  g_assert_null (find_problem (session, "W-DATA-ASYMMETRIC"));

  /* Forgotten while it runs: nothing comes of it. */
  eqs_data_test_start (test, dataset);
  eqs_data_test_reset (test);
  g_assert_false (eqs_data_test_is_running (test));
  g_assert_null (eqs_data_test_get_findings (test));
  remove_tree (home);
}

/* The figures of a run that lost its symmetry, put there by hand. */
static void
expect_drift (EqsSession *session, EqsTraining *run)
{
  EqsTrainingPoint *points = (EqsTrainingPoint *) eqs_training_get_points (run)->data;
  const guint last = eqs_training_get_points (run)->len - 1;
  const double measured = points[last].symmetry_error;

  g_assert_cmpfloat (measured, <, 1e-5);
  g_assert_null (find_problem (session, "W-SYMMETRY-DRIFT"));
  points[last].symmetry_error = 0.03;
  eqs_session_set_audit (session, NULL, NULL);      /* makes the findings anew */
  g_assert_nonnull (find_problem (session, "W-SYMMETRY-DRIFT"));
  g_assert_false (eqs_session_get_check (session)->ok);
  points[last].symmetry_error = measured;
  eqs_session_set_audit (session, NULL, NULL);
  g_assert_null (find_problem (session, "W-SYMMETRY-DRIFT"));
}

static void
test_training (void)
{
  g_autofree char *home = g_dir_make_tmp ("equi-session-XXXXXX", NULL), *folder = g_build_filename (home, "run", NULL);
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autoptr (EqsModelSource) source = NULL;
  g_autoptr (EqsModel) model = NULL;
  g_autoptr (EqsTraining) run = NULL;
  g_autoptr (GError) error = NULL;
  EqsTrainOptions options = EQS_TRAIN_OPTIONS_INIT;
  guint finished = 0;

  eqs_session_settle (session);
  g_assert_nonnull (eqs_session_get_dataset (session));
  options.epochs = 2;
  options.limit = 256;
  run = eqs_training_new ("Run", eqs_session_get_document (session), eqs_session_get_dataset (session), &options, folder);
  g_signal_connect (run, "finished", G_CALLBACK (count_cb), &finished);
  eqs_session_add_run (session, run);
  eqs_training_start (run);
  eqs_training_pause (run);
  g_assert_cmpint (eqs_training_get_state (run), ==, EQS_TRAINING_PAUSED);
  eqs_training_step (run);
  eqs_training_resume (run);
  while (finished == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (eqs_training_get_error (run), ==, NULL);
  g_assert_cmpint (eqs_training_get_state (run), ==, EQS_TRAINING_DONE);
  g_assert_cmpuint (eqs_training_get_points (run)->len, ==, 2);
  g_assert_cmpstr (eqs_training_get_metric_name (run), ==, "accuracy");
  g_assert_nonnull (eqs_training_get_test (run));
  source = eqs_session_dup_model_source (session);
  g_assert_nonnull (source->checkpoint);
  model = eqs_model_source_open (source, &error);
  g_assert_no_error (error);
  g_assert_true (model->trained);

  expect_drift (session, run);

  /* The same network under another plan keeps its weights. */
  g_assert_true (eqs_session_do (session, eqs_command_new_set_entry (EQS_SECTION_TRAINING, "lr", eqs_value_new_number (0.25))));
  eqs_model_source_unref (g_steal_pointer (&source));
  source = eqs_session_dup_model_source (session);
  g_assert_nonnull (source->checkpoint);

  /* Another network: the trained weights are not its own. */
  g_assert_true (eqs_session_do (session, eqs_command_new_set_symmetry ("D4", -1, NULL)));
  eqs_model_source_unref (g_steal_pointer (&source));
  source = eqs_session_dup_model_source (session);
  g_assert_null (source->checkpoint);
  remove_tree (home);
}

static void
test_stop (void)
{
  g_autofree char *home = g_dir_make_tmp ("equi-session-XXXXXX", NULL), *folder = g_build_filename (home, "run", NULL);
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autoptr (EqsTraining) run = NULL;

  eqs_session_settle (session);
  run = eqs_training_new ("Run", eqs_session_get_document (session), eqs_session_get_dataset (session), NULL, folder);
  eqs_session_add_run (session, run);
  eqs_training_start (run);
  while (eqs_training_get_now (run).step == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (eqs_session_is_training (session));
  eqs_training_stop (run);
  g_assert_cmpint (eqs_training_get_state (run), ==, EQS_TRAINING_STOPPING);
  eqs_training_join (run);
  g_assert_cmpint (eqs_training_get_state (run), ==, EQS_TRAINING_STOPPED);
  g_assert_false (eqs_session_is_training (session));
  remove_tree (home);
}

static EqsTraining *
train_in (EqsSession *session, const char *folder, gboolean interrupted)
{
  EqsTrainOptions options = EQS_TRAIN_OPTIONS_INIT;
  EqsTraining    *run;

  options.epochs = 2;
  options.limit = 192;
  options.threads = 1;
  run = eqs_training_new ("Run", eqs_session_get_document (session), eqs_session_get_dataset (session), &options, folder);
  eqs_session_add_run (session, run);
  g_assert_false (eqs_training_can_go_on (run));
  eqs_training_start (run);
  while (interrupted && eqs_training_get_now (run).step == 0)
    g_main_context_iteration (NULL, TRUE);
  if (interrupted)
    {
      eqs_training_stop (run);
      while (eqs_training_is_active (run))
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (eqs_training_get_state (run), ==, EQS_TRAINING_STOPPED);
      g_assert_true (eqs_training_can_go_on (run));
      eqs_session_go_on (session, run);
      g_assert_true (eqs_session_is_training (session));
    }
  while (eqs_training_is_active (run))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (eqs_training_get_state (run), ==, EQS_TRAINING_DONE);
  g_assert_cmpuint (eqs_training_get_points (run)->len, ==, 2);
  g_assert_false (eqs_training_can_go_on (run));
  return run;
}

/* A run that was stopped goes on to the same weights. */
static void
test_go_on (void)
{
  g_autofree char        *home = g_dir_make_tmp ("equi-session-XXXXXX", NULL), *whole = g_build_filename (home, "whole", NULL), *parted = g_build_filename (home, "parted", NULL);
  g_autoptr (EqsSession)  session = new_session ("T01");
  g_autoptr (EqsTraining) a = NULL, b = NULL;

  eqs_session_settle (session);
  a = train_in (session, whole, FALSE);
  b = train_in (session, parted, TRUE);
  g_assert_cmpfloat (g_array_index (eqs_training_get_points (a), EqsTrainingPoint, 1).train_loss, ==, g_array_index (eqs_training_get_points (b), EqsTrainingPoint, 1).train_loss);
  g_assert_cmpfloat (g_array_index (eqs_training_get_points (a), EqsTrainingPoint, 1).valid_loss, ==, g_array_index (eqs_training_get_points (b), EqsTrainingPoint, 1).valid_loss);
  remove_tree (home);
}

static EqsTraining *
keep_run (EqsSession *session, const char *folder, int seed)
{
  g_autoptr (EqsDocument) document = eqs_document_dup (eqs_session_get_document (session));
  g_autoptr (EqsValue)    value = eqs_value_new_number (seed);
  g_autoptr (GError)      error = NULL;
  g_autofree char *design = g_build_filename (folder, "design.equi", NULL), *metrics = g_build_filename (folder, "metrics.jsonl", NULL);
  EqsKeptRun      *kept;
  EqsTraining     *run;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_TRAINING, "seed", value, NULL));
  g_assert_true (eqs_file_save (document, design, &error));
  g_assert_true (g_file_set_contents (metrics, "{\"epoch\":1,\"train\":{\"loss\":1},\"valid\":{\"loss\":1,\"accuracy\":0.5},\"symmetry_error\":1e-6,\"seconds\":1}\n", -1, NULL));
  kept = eqs_kept_run_read (folder, &error);
  g_assert_no_error (error);
  run = eqs_training_new_kept (kept);
  eqs_kept_run_free (kept);
  return run;
}

/* Runs of several seeds are a family again when their folders are read, in whatever order; another run of the same folder above is not of it. */
static void
test_family_from_disk (void)
{
  static const char *const names[] = { "run-1-seed-12", "run-1", "run-1-seed-2", "run-2" };
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autofree char *top = g_dir_make_tmp ("equi-family-XXXXXX", NULL), *first = g_build_filename (top, "run-1", NULL);
  g_autoptr (GPtrArray) family = NULL, other = NULL, folders = NULL;
  EqsTraining *runs[G_N_ELEMENTS (names)];

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folder = g_build_filename (top, names[i], NULL);

      runs[i] = keep_run (session, folder, (int) i);
      eqs_seeds_join (session, runs[i]);
      eqs_session_add_run (session, runs[i]);
    }
  family = eqs_seeds_family (session, runs[2]);
  g_assert_cmpuint (family->len, ==, 3);
  g_assert_true (eqs_training_get_seed_of (runs[0]) == runs[1] && eqs_training_get_seed_of (runs[1]) == NULL);
  other = eqs_seeds_family (session, runs[3]);
  g_assert_cmpuint (other->len, ==, 1);
  folders = eqs_seeds_list_folders (first);
  g_assert_cmpuint (folders->len, ==, 2);
  g_assert_true (g_str_has_suffix (folders->pdata[0], "run-1-seed-2"));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_object_unref (runs[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/check", test_check);
  g_test_add_func ("/session/parallel-arrows", test_parallel_arrows);
  g_test_add_func ("/session/selection", test_selection);
  g_test_add_func ("/session/refusal", test_refusal);
  g_test_add_func ("/session/training", test_training);
  g_test_add_func ("/session/audit-of-another-version", test_audit_of_another_version);
  g_test_add_func ("/session/data-test", test_data_test);
  g_test_add_func ("/session/units", test_units);
  g_test_add_func ("/session/family-from-disk", test_family_from_disk);
  g_test_add_func ("/session/stop", test_stop);
  g_test_add_func ("/session/go-on", test_go_on);
  return g_test_run ();
}

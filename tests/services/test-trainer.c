/* Training through the whole spine: from a written design and shipped data to weights, forces included. */

#include "model/compile.h"
#include "model/edits.h"
#include "model/file.h"
#include "model/history.h"
#include "services/bind.h"
#include "services/checkpoint.h"
#include "services/template.h"
#include "services/estimate.h"
#include "services/trainer.h"
#include "services/turn.h"
#include "../sanitized.h"
#include "excerpt.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static double
metric (GArray *metrics, const char *name)
{
  for (guint i = 0; i < metrics->len; i++)
    if (strcmp (g_array_index (metrics, EqsMetric, i).name, name) == 0)
      return g_array_index (metrics, EqsMetric, i).value;
  g_error ("no metric %s", name);
}

static char *
design_path (void)
{
  return g_test_build_filename (G_TEST_DIST, "..", "golden", "designs", "ethanol.equi", NULL);
}

static gboolean
train (const char *data, EqsTrainOptions options, EqsTrainResult *result, GError **error)
{
  g_autofree char *path = design_path ();
  g_autoptr (EqsDocument) document = eqs_file_load (path, NULL);
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (data, error);

  g_assert_nonnull (document);
  g_assert_nonnull (dataset);
  return eqs_train (document, dataset, &options, NULL, NULL, NULL, result, error);
}

static char *
scratch (const char *name)
{
  g_autofree char *top = g_dir_make_tmp ("equi-trainer-XXXXXX", NULL);

  return g_build_filename (top, name, NULL);
}

/* Under a sanitizer fewer frames and epochs: what is learnt is asked without. */
static void
test_forces_are_learnt (void)
{
  EqsTrainOptions options = EQS_TRAIN_OPTIONS_INIT;
  EqsTrainResult  result;
  g_autofree char *folder = scratch ("run"), *data = SANITIZED ? excerpt ("ethanol_xtb", 40) : g_strdup ("ethanol_xtb");
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsModel) model = NULL;
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (data, NULL);
  g_autoptr (EqsSplit) test = eqs_dataset_load (dataset, "test", NULL);
  g_autoptr (GArray) metrics = NULL;

  options.epochs = SANITIZED ? 2 : 12;
  options.limit = 300;
  options.folder = folder;
  g_assert_true (train (data, options, &result, &error));
  g_assert_no_error (error);
  model = eqs_model_open (result.checkpoint, &error);
  g_assert_no_error (error);
  metrics = eqs_evaluate (model, test, EQS_TRANSFORM_NONE, 0, 2, &error);
  g_assert_no_error (error);
  g_test_message ("%u epochs, %.1f s: test force MAE %.3f eV/Å (zero forces: 0.909), energy MAE %.3f eV (mean: 0.102)", result.epochs, result.seconds,
                  metric (metrics, "force_mae"), metric (metrics, "energy_mae"));
  g_assert_cmpfloat (metric (metrics, "force_mae"), <, SANITIZED ? 2 : 0.5);
  g_test_message ("symmetry error while training %.1e", result.symmetry_error);
  g_assert_cmpfloat (result.symmetry_error, >, 0);
  g_assert_cmpfloat (result.symmetry_error, <, 1e-4);
  eqs_train_result_clear (&result);
}

static double
symmetry_error_of (const char *template, const char *data, const char *broken, const char *layer, const char *names)
{
  EqsTrainOptions options = EQS_TRAIN_OPTIONS_INIT;
  EqsTrainResult  result;
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new (template, &error);
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (data, &error);
  g_autoptr (GPtrArray) changes = NULL;
  double found;

  g_assert_no_error (error);
  if (broken != NULL)
    {
      g_autoptr (EqsHistory) history = eqs_history_new (document);
      GPtrArray *edits = eqs_edits_new ();

      g_ptr_array_add (edits, eqs_edit_new_set_layer (broken, layer, eqs_map_from_settings_text ("")));
      g_assert_true (eqs_history_do (history, eqs_command_new_edits ("x", edits), &error));
    }
  g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
  if (names != NULL)
    {
      g_autoptr (EqsValue) value = eqs_value_new_string (names);

      g_assert_true (eqs_document_set_param (document, "graph", "names", value, &error));
    }
  options.epochs = 1;
  options.limit = 24;
  options.threads = 1;
  g_assert_true (eqs_train (document, dataset, &options, NULL, NULL, NULL, &result, &error));
  g_assert_no_error (error);
  found = result.symmetry_error;
  g_test_message ("%s on %s%s%s: symmetry error %.1e", template, data, broken == NULL ? "" : " with ", broken == NULL ? "" : layer, found);
  eqs_train_result_clear (&result);
  return found;
}

/* Points, sets and graphs have a symmetry error while they are trained, and a network that bends arrows has a large one. */
static void
test_symmetry_error (void)
{
  g_autofree char *ethanol = excerpt ("ethanol_xtb", 40);
  static const char *const kept[][2] = { { "T20", "molgraph" }, { "T12", "polar_xtb" }, { "T18", "mnist_sum" }, { "T21", "karate" } };

  for (guint i = 0; i < (SANITIZED ? 1 : G_N_ELEMENTS (kept)); i++)
    {
      const double error = symmetry_error_of (kept[i][0], kept[i][1], NULL, NULL, NULL);

      g_assert_cmpfloat (error, >=, 0);
      g_assert_cmpfloat (error, <, 1e-4);
    }
  g_assert_cmpfloat (symmetry_error_of ("T09", ethanol, "gate1", "tanh_pw", NULL), >, 1e-3);
  /* A column that says where a node stands does not move with it. */
  g_assert_cmpfloat (symmetry_error_of ("T20", "molgraph", NULL, NULL, "index,b,c,d,e,f,g,h,i,j,k,l,m"), >, 1e-3);
}

/* The best checkpoint of an epoch on digits with this many samples for the statistics. */
static char *
digits_with (const char *data, int norm_samples, double average)
{
  EqsTrainOptions  options = EQS_TRAIN_OPTIONS_INIT;
  EqsTrainResult   result;
  g_autofree char *name = g_strdup_printf ("norms-%d-%g", norm_samples, average);
  g_autofree char *folder = scratch (name);
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new ("T01", &error);
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (data, &error);
  g_autoptr (EqsValue) samples = eqs_value_new_number (norm_samples), decay = eqs_value_new_number (average);

  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_TRAINING, "norm_samples", samples, &error));
  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_TRAINING, "average", decay, &error));
  options.epochs = 1;
  options.batch = 32;
  options.folder = folder;
  options.force = TRUE;
  g_assert_true (eqs_train (document, dataset, &options, NULL, NULL, NULL, &result, &error));
  g_assert_no_error (error);
  eqs_train_result_clear (&result);
  return g_build_filename (folder, "best.safetensors", NULL);
}

/* Statistics measured anew change what is judged, not what is learnt; of averaged weights they are others than of the weights. */
static void
test_statistics (void)
{
  g_autofree char *data = excerpt ("mnist_rot", 107);      /* 96 and 11 to judge by */
  g_autofree char *running = digits_with (data, 0, 0), *anew = digits_with (data, 64, 0), *average = digits_with (data, 64, 0.5), *lagging = digits_with (data, 0, 0.5);
  g_autoptr (EqsModel) a = eqs_model_open (running, NULL), b = eqs_model_open (anew, NULL), c = eqs_model_open (average, NULL), d = eqs_model_open (lagging, NULL);
  const gsize n_states = eqk_store_n_state (a->store) * sizeof (float), bytes = eqk_store_n_weights (a->store) * sizeof (float);

  g_assert_cmpmem (eqk_store_weights (a->store), bytes, eqk_store_weights (b->store), bytes);
  g_assert_cmpint (memcmp (eqk_store_state (a->store), eqk_store_state (b->store), n_states), !=, 0);
  g_assert_cmpmem (eqk_store_weights (c->store), bytes, eqk_store_weights (d->store), bytes);
  g_assert_cmpint (memcmp (eqk_store_state (b->store), eqk_store_state (c->store), n_states), !=, 0);
  g_assert_cmpmem (eqk_store_state (a->store), n_states, eqk_store_state (d->store), n_states);   /* without: those of the weights */
}

/* Accuracy and loss of the validation part of each epoch, from the lines of a run. */
static GArray *
judged (const char *folder)
{
  GArray           *found = g_array_new (FALSE, FALSE, 2 * sizeof (double));
  g_autofree char  *path = g_build_filename (folder, "metrics.jsonl", NULL), *text = NULL;
  g_auto (GStrv)    lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      const char *valid = strstr (*line, "\"valid\""), *accuracy = valid == NULL ? NULL : strstr (valid, "\"accuracy\": "), *loss = valid == NULL ? NULL : strstr (valid, "\"loss\": ");
      double      both[2];

      if (accuracy == NULL || loss == NULL)
        continue;
      both[0] = g_ascii_strtod (accuracy + strlen ("\"accuracy\": "), NULL);
      both[1] = g_ascii_strtod (loss + strlen ("\"loss\": "), NULL);
      g_array_append_val (found, both);
    }
  return found;
}

/* Eleven samples to judge by give the same accuracy in several epochs: the best of these is the one with the lowest loss, not the first. */
static void
test_equal_scores (void)
{
  EqsTrainOptions   options = EQS_TRAIN_OPTIONS_INIT;
  EqsTrainResult    result;
  g_autofree char  *data = excerpt ("mnist_rot", 107), *folder = scratch ("equal");
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new ("T01", &error);
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (data, &error);
  g_autoptr (GArray) epochs = NULL;
  guint             first = 0, best = 0;

  g_assert_no_error (error);
  options.epochs = 6;
  options.batch = 32;
  options.folder = folder;
  g_assert_true (eqs_train (document, dataset, &options, NULL, NULL, NULL, &result, &error));
  g_assert_no_error (error);
  epochs = judged (folder);
  g_assert_cmpuint (epochs->len, ==, 6);
  for (guint i = 1; i < epochs->len; i++)
    {
      const double *now = (double *) (gpointer) epochs->data + 2 * i, *then = (double *) (gpointer) epochs->data + 2 * best;

      first = now[0] > ((double *) (gpointer) epochs->data)[2 * first] ? i : first;
      best = now[0] > then[0] || (now[0] == then[0] && now[1] < then[1]) ? i : best;
    }
  g_assert_cmpuint (best, !=, first);      /* else this shows nothing: take another seed */
  g_assert_cmpuint (result.best_epoch, ==, best + 1);
  eqs_train_result_clear (&result);
}

static void
same_weights (const char *a, const char *b)
{
  g_autoptr (EqsModel) x = eqs_model_open (a, NULL), y = eqs_model_open (b, NULL);
  const gsize bytes = eqk_store_n_weights (x->store) * sizeof (float);

  g_assert_cmpmem (eqk_store_weights (x->store), bytes, eqk_store_weights (y->store), bytes);
  g_assert_cmpmem (eqk_store_state (x->store), eqk_store_n_state (x->store) * sizeof (float), eqk_store_state (y->store), eqk_store_n_state (x->store) * sizeof (float));
}

static int stop;

/* Stops after the last batch of an epoch, when statistics and validation are to be measured. */
static void
stop_before_judgement (const EqsTrainProgress *progress, gpointer unused)
{
  if (!progress->epoch_done && progress->step == progress->steps)
    g_atomic_int_set (&stop, 1);
}

static gboolean
train_digits (const char *data, const char *folder, gboolean resume, EqsTrainFunc func, EqsTrainResult *result)
{
  EqsTrainOptions options = EQS_TRAIN_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new ("T01", &error);
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (data, &error);
  gboolean ok;

  options.epochs = 2;
  options.batch = 32;
  options.folder = folder;
  options.resume = resume;
  options.force = !resume;
  stop = 0;
  ok = eqs_train (document, dataset, &options, &stop, func, NULL, result, &error);
  g_assert_no_error (error);
  return ok;
}

/* Stopped where an epoch is judged, training does not wait for the judgement, and going on gives what an undisturbed run gives. */
static void
test_stopped_before_judgement (void)
{
  EqsTrainResult   result;
  g_autofree char *whole = scratch ("judged"), *parts = scratch ("unjudged"), *data = excerpt ("mnist_rot", SANITIZED ? 72 : 107);
  g_autofree char *a = g_build_filename (whole, "last.safetensors", NULL), *b = g_build_filename (parts, "last.safetensors", NULL), *log = g_build_filename (parts, "metrics.jsonl", NULL);

  g_assert_true (train_digits (data, whole, FALSE, NULL, &result));
  eqs_train_result_clear (&result);
  g_assert_true (train_digits (data, parts, FALSE, stop_before_judgement, &result));
  g_assert_true (result.cancelled);
  g_assert_cmpuint (result.epochs, ==, 0);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  eqs_train_result_clear (&result);
  g_assert_true (train_digits (data, parts, TRUE, NULL, &result));
  g_assert_cmpuint (result.epochs, ==, 2);
  eqs_train_result_clear (&result);
  same_weights (a, b);
}

static void
test_resume_and_threads (void)
{
  EqsTrainOptions  options = EQS_TRAIN_OPTIONS_INIT;
  EqsTrainResult   result;
  g_autofree char *whole = scratch ("whole"), *parts = scratch ("parts"), *data = excerpt ("ethanol_xtb", SANITIZED ? 30 : 67), *a = NULL, *b = NULL;
  g_autoptr (GError) error = NULL;

  options.epochs = 2;
  options.threads = 1;
  options.folder = whole;
  g_assert_true (train (data, options, &result, &error));
  eqs_train_result_clear (&result);
  a = g_build_filename (whole, "last.safetensors", NULL);
  for (int threads = 2; threads <= 3; threads++)
    {
      options.threads = threads;
      options.folder = parts;
      options.force = TRUE;
      g_assert_true (train (data, options, &result, &error));
      eqs_train_result_clear (&result);
      g_clear_pointer (&b, g_free);
      b = g_build_filename (parts, "last.safetensors", NULL);
      same_weights (a, b);
    }
  /* A folder that exists is refused, and stays. */
  options.force = FALSE;
  g_assert_false (train (data, options, &result, &error));
  g_assert_nonnull (strstr (error->message, "--resume"));
  g_assert_true (g_file_test (b, G_FILE_TEST_EXISTS));
}

/* ---- small moves of pictures ---- */

enum { SIDE = 28 };

/* Where the ink is: its mean row and column, and how much there is. */
static void
middle_of (const float *picture, double *row, double *column, double *ink)
{
  *row = *column = *ink = 0;
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++)
      {
        *row += i * (double) picture[i * SIDE + j];
        *column += j * (double) picture[i * SIDE + j];
        *ink += (double) picture[i * SIDE + j];
      }
  *row /= *ink;
  *column /= *ink;
}

/* A square in the middle moves by at most two pixels and keeps its ink within the change of size; every picture moves otherwise, and the same anew. */
static void
test_small_moves (void)
{
  float  from[SIDE * SIDE] = { 0 }, to[SIDE * SIDE], again[SIDE * SIDE];
  double row, column, ink, farthest = 0, least = 1e9, most = 0;

  for (int i = 9; i < 19; i++)
    for (int j = 9; j < 19; j++)
      from[i * SIDE + j] = 1;
  for (guint32 k = 0; k < 200; k++)
    {
      eqs_jitter_image (3, 5, 7, k, from, to, SIDE, SIDE, 1);
      eqs_jitter_image (3, 5, 7, k, from, again, SIDE, SIDE, 1);
      g_assert_cmpmem (to, sizeof to, again, sizeof again);
      eqs_jitter_image (3, 5, 7, k + 1, from, again, SIDE, SIDE, 1);
      g_assert_cmpint (memcmp (to, again, sizeof to), !=, 0);
      middle_of (to, &row, &column, &ink);
      farthest = MAX (farthest, MAX (fabs (row - 13.5), fabs (column - 13.5)));
      least = MIN (least, ink);
      most = MAX (most, ink);
    }
  g_assert_cmpfloat (farthest, >, 1.5);
  g_assert_cmpfloat (farthest, <, 2.3);      /* 2 pixels, and the change of size of the way */
  g_assert_cmpfloat (least, >, 100 * 0.79);
  g_assert_cmpfloat (most, <, 100 * 1.23);
  g_assert_cmpfloat (most - least, >, 20);
}

static EqsDocument *
design_for (const char *template, const char *data)
{
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (data, NULL);
  g_autoptr (EqsDocument) document = eqs_template_new (template, NULL);
  g_autoptr (GPtrArray)   changes = NULL;
  g_autoptr (GError)      error = NULL;

  g_assert_nonnull (document);
  eqs_bind (document, dataset, NULL, &changes, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&document);
}

static double
loss_with (EqsDocument *document, const char *data, const char *augment, int threads, GError **error)
{
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (data, NULL);
  EqsTrainOptions        options = EQS_TRAIN_OPTIONS_INIT;
  EqsTrainResult         result;
  double                 loss;

  options.epochs = 1;
  options.limit = 64;
  options.threads = threads;
  options.augment = augment;
  if (!eqs_train (document, dataset, &options, NULL, NULL, NULL, &result, error))
    return NAN;
  loss = metric (result.train, "loss");
  eqs_train_result_clear (&result);
  return loss;
}

/* Elements of sets are moved too, the same for any number of threads; what has no pictures is refused. */
static void
test_jitter (void)
{
  g_autoptr (EqsDocument) sums = design_for ("T18", "mnist_sum"), rings = design_for ("T20", "molgraph"), scenes = design_for ("T03", "digit_scene");
  g_autoptr (GError)      error = NULL, none = NULL, pixels = NULL;
  const double            still = loss_with (sums, "mnist_sum", "none", 1, &error), moved = loss_with (sums, "mnist_sum", "jitter", 1, &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (still, !=, moved);
  g_assert_cmpfloat (moved, ==, loss_with (sums, "mnist_sum", "jitter", 3, &error));
  g_assert_true (isnan (loss_with (rings, "molgraph", "jitter", 1, &none)));
  g_assert_error (none, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  g_assert_nonnull (strstr (none->message, "jitter"));
  g_assert_true (isnan (loss_with (scenes, "digit_scene", "jitter", 1, &pixels)));
  g_assert_error (pixels, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
}

/* What is foretold has its ends in order, counts the batches of the plan, leaves the design alone, and can be stopped; data of another kind are refused. */
static void
test_times (void)
{
  static const double     seconds[2] = { 0.0112, 0.0131 }, long_ones[2] = { 100, 400 }, same[2] = { 3.0, 3.0 };
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new ("T13", &error);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open ("tetris", NULL), other = eqs_dataset_open ("karate", NULL);
  g_autofree char        *before = NULL, *after = NULL, *text = eqs_seconds_dup_range (seconds), *minutes = eqs_seconds_dup_range (long_ones), *one = eqs_seconds_dup_range (same);
  int                     cancel = 1;
  EqsTimes                times;

  g_assert_no_error (error);
  before = eqs_document_dup_hash (document);
  g_assert_true (eqs_times_measure (document, dataset, 1, NULL, &times, &error));
  g_assert_no_error (error);
  after = eqs_document_dup_hash (document);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpfloat (times.answer_s[0], >, 0);
  g_assert_cmpfloat (times.answer_s[1], >, times.answer_s[0]);
  g_assert_cmpfloat (times.epoch_s[0], >=, times.answer_s[0]);
  g_assert_cmpfloat (times.epoch_s[1], >, times.epoch_s[0]);
  g_assert_cmpuint (times.steps, >, 0);
  g_assert_cmpint (times.threads, ==, 1);
  g_assert_false (eqs_times_measure (document, dataset, 1, &cancel, &times, &error));
  g_assert_cmpstr (error->message, ==, "Measuring was stopped.");
  g_clear_error (&error);
  g_assert_false (eqs_times_measure (document, other, 1, NULL, &times, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (text, ==, "11–14 ms");
  g_assert_cmpstr (minutes, ==, "1.6–6.7 min");
  g_assert_cmpstr (one, ==, "3.0 s");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trainer/forces-are-learnt", test_forces_are_learnt);
  g_test_add_func ("/trainer/symmetry-error", test_symmetry_error);
  g_test_add_func ("/trainer/statistics", test_statistics);
  g_test_add_func ("/trainer/equal-scores", test_equal_scores);
  g_test_add_func ("/trainer/stopped-before-judgement", test_stopped_before_judgement);
  g_test_add_func ("/trainer/resume-and-threads", test_resume_and_threads);
  g_test_add_func ("/trainer/small-moves", test_small_moves);
  g_test_add_func ("/trainer/jitter", test_jitter);
  g_test_add_func ("/trainer/times", test_times);
  return g_test_run ();
}

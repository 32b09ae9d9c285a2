/*
 * equi train. The options become part of the design's training plan before anything starts, so that design.equi and the checkpoints
 * in the run folder say what was done, and --resume needs none of them again.
 */

#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/run.h"

#include "data/folds.h"
#include "services/bind.h"

#include "eqk/group.h"
#include "eqk/train.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_SEED (G_GINT64_CONSTANT (1) << 53)

typedef struct
{
  /* as given */
  char    *data, *epochs, *max_seconds, *seed, *seeds, *threads, *batch, *limit, *optimizer, *lr, *schedule, *augment, *precision, *init, *folder, *split, *folds;
  char   **sets;
  gboolean preview, resume, force, json;

  EqsTrainOptions options;
  GArray         *seed_list;     /* of gint64 (nullable) */
  EqsDocument    *document;
  EqsDataset     *dataset;
  int             cancel;
} Train;

static gboolean
read_seeds (Train *self)
{
  g_auto (GStrv) parts = self->seeds == NULL ? NULL : g_strsplit (self->seeds, ",", -1);

  if (parts == NULL)
    return TRUE;
  self->seed_list = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; parts[i] != NULL; i++)
    {
      gint64 seed = 0;

      if (!eqs_cli_read_whole ("seeds", g_strstrip (parts[i]), 0, MAX_SEED, &seed))
        return FALSE;
      for (guint k = 0; k < self->seed_list->len; k++)
        if (g_array_index (self->seed_list, gint64, k) == seed)
          {
            eqs_cli_fail (EQS_EXIT_USAGE, _("--seeds names %" PRId64 " twice."), seed);
            return FALSE;
          }
      g_array_append_val (self->seed_list, seed);
    }
  return TRUE;
}

static gboolean
read_augment (const char *name)
{
  if (name == NULL || strcmp (name, "none") == 0 || strcmp (name, "group") == 0 || strcmp (name, "jitter") == 0 || eqk_group_get (name) != NULL)
    return TRUE;
  eqs_cli_fail (EQS_EXIT_USAGE, _("--augment is “%s”; it takes none, group, jitter, or a group such as C4 or SO2."), name);
  return FALSE;
}

static gboolean
read_options (Train *self)
{
  static const char *const optimizers[] = { "sgd", "adam", "adamw", NULL }, *const schedules[] = { "constant", "step", "cosine", "plateau", NULL };
  static const char *const precisions[] = { "f32", "f64", NULL };
  gint64 epochs = -1, threads = 0, batch = -1, limit = 0, folds = 0;
  int    precision = 0;

  self->options = (EqsTrainOptions) EQS_TRAIN_OPTIONS_INIT;
  if (!eqs_cli_read_whole ("epochs", self->epochs, 1, 100000, &epochs) || !eqs_cli_read_number ("max-seconds", self->max_seconds, 0, 1e7, &self->options.max_seconds) ||
      !eqs_cli_read_whole ("seed", self->seed, 0, MAX_SEED, &self->options.seed) || !eqs_cli_read_whole ("threads", self->threads, 1, 256, &threads) ||
      !eqs_cli_read_whole ("batch", self->batch, 1, 4096, &batch) || !eqs_cli_read_whole ("limit", self->limit, 1, G_MAXINT32, &limit) ||
      !eqs_cli_read_whole ("folds", self->folds, 3, 100, &folds) ||
      !eqs_cli_read_number ("lr", self->lr, 0, 1e38, &self->options.lr) || !eqs_cli_read_choice ("optimizer", self->optimizer, optimizers, NULL) ||
      !eqs_cli_read_choice ("schedule", self->schedule, schedules, NULL) || !eqs_cli_read_choice ("precision", self->precision, precisions, &precision) ||
      !read_augment (self->augment) || !read_seeds (self))
    return FALSE;
  if (self->folder == NULL)
    {
      eqs_cli_fail (EQS_EXIT_USAGE, _("-o DIR says where the run goes."));
      return FALSE;
    }
  if ((self->resume && (self->force || self->init != NULL || self->seeds != NULL)) || (self->seed != NULL && self->seeds != NULL))
    {
      eqs_cli_fail (EQS_EXIT_USAGE, self->resume ? _("--resume goes on with a run; it excludes --force, --init and --seeds.") : _("--seed and --seeds exclude each other."));
      return FALSE;
    }
  if (folds > 0 && (self->resume || self->seeds != NULL || self->limit != NULL || self->split != NULL))
    {
      eqs_cli_fail (EQS_EXIT_USAGE, _("--folds cuts all samples anew; it excludes --resume, --seeds, --limit and --train-split."));
      return FALSE;
    }
  self->options.folds = (int) folds;
  self->options.epochs = (int) epochs;
  self->options.threads = (int) threads;
  self->options.batch = (int) batch;
  self->options.limit = (int) limit;
  self->options.f64 = precision == 1;
  self->options.init = self->init;
  self->options.folder = self->folder;
  self->options.resume = self->resume;
  self->options.force = self->force;
  return TRUE;
}

/* What was said on the command line becomes the design's plan. */
static void
plan_number (EqsDocument *document, const char *key, double number)
{
  g_autoptr (EqsValue) value = eqs_value_new_number (number);

  eqs_document_set_entry (document, EQS_SECTION_TRAINING, key, value, NULL);
}

static void
plan_text (EqsDocument *document, const char *key, const char *text)
{
  g_autoptr (EqsValue) value = text == NULL ? NULL : eqs_value_new_string (text);

  if (value != NULL)
    eqs_document_set_entry (document, EQS_SECTION_TRAINING, key, value, NULL);
}

static void
write_plan (Train *self)
{
  if (self->options.epochs > 0)
    plan_number (self->document, "epochs", self->options.epochs);
  if (self->options.batch > 0)
    plan_number (self->document, "batch", self->options.batch);
  if (self->options.lr >= 0)
    plan_number (self->document, "lr", self->options.lr);
  if (self->options.seed >= 0)
    plan_number (self->document, "seed", (double) self->options.seed);
  plan_text (self->document, "optimizer", self->optimizer);
  plan_text (self->document, "schedule", self->schedule);
  plan_text (self->document, "augment", self->augment);
  plan_text (self->document, "split", self->split);
}

/* The first node of one document that the other has not, or not like this; (nullable) */
static const char *
differing_node (EqsDocument *a, EqsDocument *b)
{
  EqsGraph *x = eqs_document_get_graph (a, NULL), *y = eqs_document_get_graph (b, NULL);

  for (guint i = 0; i < eqs_graph_get_n_nodes (x); i++)
    {
      const EqsNode *node = eqs_graph_get_node (x, i), *other = eqs_graph_find_node (y, eqs_node_get_id (node));
      g_autoptr (EqsValue) p = NULL, q = NULL;

      if (other == NULL || strcmp (eqs_node_get_layer (node), eqs_node_get_layer (other)) != 0)
        return eqs_node_get_id (node);
      p = eqs_value_new_object (eqs_node_get_params (node) == NULL ? eqs_map_new () : eqs_map_copy (eqs_node_get_params (node)));
      q = eqs_value_new_object (eqs_node_get_params (other) == NULL ? eqs_map_new () : eqs_map_copy (eqs_node_get_params (other)));
      if (!eqs_value_equal (p, q))
        return eqs_node_get_id (node);
    }
  return NULL;
}

/* The plan of the run that is gone on with; what the command line says goes before. */
static gboolean
take_run (Train *self, int *status)
{
  g_autofree char *path = g_build_filename (self->folder, "last.safetensors", NULL), *here = NULL, *there = NULL;
  g_autoptr (EqsCheckpoint) checkpoint = NULL;
  const EqsMap    *run;
  EqsDocument     *document;
  GError          *error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      *status = eqs_cli_fail (EQS_EXIT_FILE, _("there is no %s to go on from; without --resume, or with --force, training begins anew."), path);
      return FALSE;
    }
  checkpoint = eqs_checkpoint_open (path, &error);
  if (checkpoint == NULL)
    {
      *status = eqs_cli_fail_error (error);
      return FALSE;
    }
  document = eqs_checkpoint_get_document (checkpoint);
  run = eqs_checkpoint_get_run (checkpoint);
  here = eqs_document_dup_network_hash (self->document);
  there = eqs_document_dup_network_hash (document);
  if (strcmp (here, there) != 0)
    {
      const char *node = differing_node (self->document, document);

      node = node != NULL ? node : differing_node (document, self->document);
      *status = eqs_cli_fail (EQS_EXIT_NOT_FINE, _("the run in %s is of another design%s%s. Give the design it was begun with, or another folder."), self->folder,
                              node == NULL ? "" : _(": they differ at node "), node == NULL ? "" : node);
      return FALSE;
    }
  g_object_unref (self->document);
  self->document = g_object_ref (document);
  if (self->options.limit <= 0)
    self->options.limit = (int) eqs_map_get_count (run, "limit", G_MAXINT, 0);
  if (self->options.max_seconds <= 0)
    self->options.max_seconds = eqs_map_get_number (run, "max_seconds", 0);
  if (self->precision == NULL)
    self->options.f64 = strcmp (eqs_map_get_string (run, "precision", "f32"), "f64") == 0;
  return TRUE;
}

/* Extents are never adapted silently. What cannot be reconciled at all is for the trainer to refuse: it knows which column is at fault. */
static gboolean
fits_data (Train *self)
{
  g_autoptr (EqsDocument) bound = eqs_document_dup (self->document);
  g_autoptr (GPtrArray) changes = NULL, items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  g_autofree char *before = eqs_document_dup_network_hash (bound), *after = NULL;
  EqsMap          *map;

  if (!eqs_bind (bound, self->dataset, NULL, &changes, NULL))
    return TRUE;
  after = eqs_document_dup_network_hash (bound);
  if (strcmp (before, after) == 0)
    return TRUE;
  eqs_cli_fail (EQS_EXIT_NOT_FINE, _("the design does not fit “%s”; “equi bind” would make these changes:"), eqs_dataset_get_name (self->dataset));
  for (guint i = 0; i < changes->len; i++)
    {
      fprintf (stderr, "  %s\n", (const char *) g_ptr_array_index (changes, i));
      g_ptr_array_add (items, eqs_value_new_string (g_ptr_array_index (changes, i)));
    }
  if (self->json)
    {
      map = eqs_map_new ();
      eqs_cli_set_bool (map, "ok", FALSE);
      eqs_cli_set_value (map, "changes", eqs_cli_list (items));
      eqs_cli_print_json (map);
    }
  return FALSE;
}

static double
metric_of (const GArray *metrics, const char *name)
{
  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    if (strcmp (g_array_index (metrics, EqsMetric, i).name, name) == 0)
      return g_array_index (metrics, EqsMetric, i).value;
  return NAN;
}

static EqsMap *
result_map (Train *self, const EqsTrainResult *result)
{
  EqsMap *map = eqs_map_new ();

  eqs_cli_set_number (map, "epochs", result->epochs);
  eqs_cli_set_number (map, "seconds", result->seconds);
  eqs_cli_set_number (map, "cpu_seconds", result->cpu_seconds);
  eqs_cli_set_map (map, "train", eqs_cli_metrics (result->train));
  eqs_cli_set_map (map, "valid", eqs_cli_metrics (result->valid));
  eqs_cli_set_map (map, "units", eqs_cli_units (result->valid));
  eqs_cli_set_number (map, "best_epoch", result->best_epoch);
  if (result->symmetry_error >= 0)
    eqs_cli_set_number (map, "symmetry_error", result->symmetry_error);
  eqs_cli_set_string (map, "checkpoint", result->checkpoint);
  eqs_cli_set_bool (map, "reproducible", result->reproducible);
  eqs_cli_set_bool (map, "cancelled", result->cancelled);
  return map;
}

static void
print_result (Train *self, const EqsTrainResult *result)
{
  g_autofree char *valid = eqs_cli_metrics_text (result->valid), *best = result->best == NULL ? NULL : eqs_cli_metrics_text (result->best);

  printf (g_dngettext (GETTEXT_PACKAGE, "%u epoch in %.1f s (%.1f s of processor time)\n", "%u epochs in %.1f s (%.1f s of processor time)\n", result->epochs), result->epochs, result->seconds, result->cpu_seconds);
  if (result->valid != NULL && result->valid->len > 0)
    printf (_("validation after the last epoch: %s\n"), valid);
  if (best != NULL)
    printf (_("best, after epoch %u: %s\n"), result->best_epoch, best);
  if (result->checkpoint != NULL)
    printf (_("best weights: %s\n"), result->checkpoint);
}

/* One run. The status is what the program would end with. */
static int
train_once (Train *self, const char *folder, EqsTrainResult *result)
{
  EqsCliProgress progress;
  GError        *error = NULL;
  gboolean       ok;

  self->options.folder = folder;
  eqs_cli_progress_init (&progress);
  ok = eqs_train (self->document, self->dataset, &self->options, &self->cancel, eqs_cli_progress_tell, &progress, result, &error);
  eqs_cli_progress_end (&progress);
  if (!ok)
    return eqs_cli_fail_error (error);
  if (result->cancelled)
    fprintf (stderr, g_dngettext (GETTEXT_PACKAGE, "equi: stopped after %u epoch; the same command with --resume instead of --force goes on from %s/last.safetensors.\n",
                                  "equi: stopped after %u epochs; the same command with --resume instead of --force goes on from %s/last.safetensors.\n", result->epochs), result->epochs, folder);
  return result->cancelled && result->epochs == 0 ? EQS_EXIT_NOT_FINE : EQS_EXIT_OK;
}

static int
train_one (Train *self)
{
  EqsTrainResult result;
  const int      status = train_once (self, self->folder, &result);

  if (status != EQS_EXIT_OK && !result.cancelled)
    return status;
  if (self->json)
    eqs_cli_print_json (result_map (self, &result));
  else
    print_result (self, &result);
  eqs_train_result_clear (&result);
  return status;
}

/* ---- several runs: seeds, or the folds of a cross-validation ---- */

typedef enum { OF_TRAIN, OF_VALID, OF_TEST, N_OF } Of;

typedef struct
{
  GArray    *results;     /* of EqsTrainResult */
  GPtrArray *tests;       /* of folds: GArray of EqsMetric, one a run */
  double     seconds, cpu_seconds;
} Series;

static const GArray *
metrics_of (const Series *series, guint i, Of of)
{
  const EqsTrainResult *result = &g_array_index (series->results, EqsTrainResult, i);

  return of == OF_VALID ? result->valid : of == OF_TRAIN ? result->train : i < series->tests->len ? series->tests->pdata[i] : NULL;
}

/* Mean and sample standard deviation over runs of each metric. */
static void
mean_and_spread (const Series *series, Of of, GArray *means, EqsMap *spread)
{
  const GArray *first = metrics_of (series, 0, of);
  const guint   n = series->results->len;

  for (guint m = 0; first != NULL && m < first->len; m++)
    {
      EqsMetric metric = g_array_index (first, EqsMetric, m);
      double    sum = 0, squares = 0;

      for (guint i = 0; i < n; i++)
        sum += metric_of (metrics_of (series, i, of), metric.name);
      metric.value = sum / n;
      for (guint i = 0; i < n; i++)
        squares += pow (metric_of (metrics_of (series, i, of), metric.name) - metric.value, 2);
      g_array_append_val (means, metric);
      eqs_cli_set_number (spread, metric.name, n > 1 ? sqrt (squares / (n - 1)) : 0);
    }
}

static guint
best_of (const Series *series)
{
  guint best = 0;

  for (guint i = 1; i < series->results->len; i++)
    if (g_array_index (series->results, EqsTrainResult, i).best_score > g_array_index (series->results, EqsTrainResult, best).best_score)
      best = i;
  return best;
}

/* "accuracy 88.1 % ± 4.2 %" for each metric. */
static void
print_means (const GArray *means, const EqsMap *spread)
{
  for (guint i = 0; i < means->len; i++)
    {
      EqsMetric        metric = g_array_index (means, EqsMetric, i), width = metric;
      g_autofree char *mean = NULL, *deviation = NULL;

      width.value = eqs_map_get_number (spread, metric.name, 0);
      mean = eqs_cli_metric_text (&metric);
      deviation = eqs_cli_metric_text (&width);
      printf ("%s ± %s\n", mean, deviation + strlen (metric.name) + 1);
    }
}

/* What each run found, with what it differs by from the others. */
static EqsValue *
list_runs (Train *self, const Series *series)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < series->results->len; i++)
    {
      EqsMap *run = result_map (self, &g_array_index (series->results, EqsTrainResult, i));

      if (self->seed_list != NULL)
        eqs_cli_set_number (run, "seed", (double) g_array_index (self->seed_list, gint64, i));
      else
        {
          eqs_cli_set_number (run, "fold", i + 1);
          eqs_cli_set_map (run, "test", eqs_cli_metrics (metrics_of (series, i, OF_TEST)));
        }
      g_ptr_array_add (runs, eqs_value_new_object (run));
    }
  return eqs_cli_list (runs);
}

static void
print_series (Train *self, const Series *series)
{
  static const char *const names[N_OF] = { "train", "valid", "test" };
  const EqsTrainResult *best = &g_array_index (series->results, EqsTrainResult, best_of (series));
  const gboolean        folds = self->seed_list == NULL;
  EqsMap               *map = eqs_map_new (), *spread = eqs_map_new ();

  eqs_cli_set_number (map, "epochs", best->epochs);
  eqs_cli_set_number (map, "seconds", series->seconds);
  eqs_cli_set_number (map, "cpu_seconds", series->cpu_seconds);
  for (Of of = OF_TRAIN; of < (folds ? N_OF : OF_TEST); of++)
    {
      g_autoptr (GArray) means = g_array_new (FALSE, FALSE, sizeof (EqsMetric));
      EqsMap            *width = eqs_map_new ();

      mean_and_spread (series, of, means, width);
      if (!self->json && of == (folds ? OF_TEST : OF_VALID))
        print_means (means, width);
      eqs_cli_set_map (map, names[of], eqs_cli_metrics (means));
      if (of == OF_VALID)
        eqs_cli_set_map (map, "units", eqs_cli_units (means));
      eqs_cli_set_map (spread, names[of], width);
    }
  if (!self->json && folds)
    printf (_("%u folds tested in %.1f s; the mean and the spread of a fold are above\n"), series->results->len, series->seconds);
  else if (!self->json)
    printf (_("%u seeds in %.1f s; best: %s\n"), series->results->len, series->seconds, best->checkpoint);
  eqs_cli_set_map (map, "spread", spread);
  if (!folds)
    eqs_cli_set_string (map, "checkpoint", best->checkpoint);
  eqs_cli_set_bool (map, "reproducible", best->reproducible);
  eqs_cli_set_value (map, "runs", list_runs (self, series));
  if (self->json)
    eqs_cli_print_json (map);
  else
    eqs_map_unref (map);
}

/* The weights that validation chose, on the piece that no step and no choice saw. */
static int
test_fold (Train *self, const EqsTrainResult *result, GPtrArray *tests)
{
  const guint64        seed = eqs_map_get_count (eqs_document_get_section (self->document, EQS_SECTION_DATA), "seed", G_MAXUINT64, 0);
  GError              *error = NULL;
  g_autoptr (EqsSplit) split = eqs_fold_load (self->dataset, (guint) self->options.fold, (guint) self->options.folds, EQS_FOLD_TEST, seed, &error);
  EqsModel            *model = split == NULL ? NULL : eqs_model_open (result->checkpoint, &error);
  GArray              *metrics = model == NULL ? NULL : eqs_evaluate (model, split, EQS_TRANSFORM_NONE, 0, self->options.threads, &error);

  if (model != NULL)
    eqs_model_free (model);
  if (metrics == NULL)
    return eqs_cli_fail_error (error);
  g_ptr_array_add (tests, metrics);
  return EQS_EXIT_OK;
}

/* Run i of the series, in a folder of its own. */
static int
train_member (Train *self, Series *series, guint i, guint n)
{
  const gint64     seed = self->seed_list == NULL ? 0 : g_array_index (self->seed_list, gint64, i);
  g_autofree char *name = self->seed_list == NULL ? g_strdup_printf ("fold-%u", i + 1) : g_strdup_printf ("seed-%" PRId64, seed);
  g_autofree char *folder = g_build_filename (self->folder, name, NULL);
  EqsTrainResult   result;
  int              status;

  if (self->seed_list == NULL)
    {
      fprintf (stderr, _("fold %u of %u\n"), i + 1, n);
      self->options.fold = (int) i;
    }
  else
    {
      fprintf (stderr, _("seed %" PRId64 " (%u of %u)\n"), seed, i + 1, n);
      self->options.seed = seed;
      plan_number (self->document, "seed", (double) seed);
    }
  status = train_once (self, folder, &result);
  if (status != EQS_EXIT_OK && !result.cancelled)
    return status;
  if (self->seed_list == NULL && (result.cancelled || (status = test_fold (self, &result, series->tests)) != EQS_EXIT_OK))   /* a fold cut short tells nothing */
    {
      eqs_train_result_clear (&result);
      return status;
    }
  series->seconds += result.seconds;
  series->cpu_seconds += result.cpu_seconds;
  g_array_append_val (series->results, result);
  return status;
}

static int
train_series (Train *self)
{
  Series      series = { g_array_new (FALSE, TRUE, sizeof (EqsTrainResult)), g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref), 0, 0 };
  const guint n = self->seed_list == NULL ? (guint) self->options.folds : self->seed_list->len;
  int         status = EQS_EXIT_OK;

  g_array_set_clear_func (series.results, (GDestroyNotify) eqs_train_result_clear);
  for (guint i = 0; status == EQS_EXIT_OK && i < n && !self->cancel; i++)
    status = train_member (self, &series, i, n);
  if (series.results->len > 0 && (status == EQS_EXIT_OK || self->cancel))
    print_series (self, &series);
  g_array_unref (series.results);
  g_ptr_array_unref (series.tests);
  return status;
}

/* ---- */

static int
run (Train *self, const char *path)
{
  int status = EQS_EXIT_OK;

  if (!read_options (self))
    return EQS_EXIT_USAGE;
  self->document = eqs_cli_load_design (path, self->preview, self->sets, &status);
  if (self->document == NULL || (self->resume && !take_run (self, &status)))
    return status;
  self->dataset = eqs_cli_open_data (self->data, self->document, &status);
  if (self->dataset == NULL)
    return status;
  if (!self->resume && !fits_data (self))
    return EQS_EXIT_NOT_FINE;
  write_plan (self);
  eqs_cli_warn_promise (self->document);
  eqs_cli_catch_interrupt (&self->cancel);
  return self->seed_list != NULL || self->options.folds > 0 ? train_series (self) : train_one (self);
}

static void
clear (Train *self)
{
  char *const texts[] = { self->data, self->epochs, self->max_seconds, self->seed, self->seeds, self->threads, self->batch, self->limit, self->optimizer,
                          self->lr, self->schedule, self->augment, self->precision, self->init, self->folder, self->split, self->folds };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_strfreev (self->sets);
  g_clear_pointer (&self->seed_list, g_array_unref);
  g_clear_object (&self->document);
  g_clear_object (&self->dataset);
}

int
eqs_cmd_train (int argc, char **argv)
{
  static Train self;      /* the signal handler keeps a pointer into it */
  const GOptionEntry entries[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &self.data, N_("Shipped data set or folder (default: what the design is bound to)"), N_("NAME|PATH") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self.folder, N_("Run folder to write"), N_("DIR") },
    { "preview", 0, 0, G_OPTION_ARG_NONE, &self.preview, N_("Apply the design's preview block: a smaller network for a quick run"), NULL },
    { "epochs", 0, 0, G_OPTION_ARG_STRING, &self.epochs, N_("Passes over the training data, 1 to 100000"), "N" },
    { "max-seconds", 0, 0, G_OPTION_ARG_STRING, &self.max_seconds, N_("Train for this long instead; the result then depends on the machine"), "S" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &self.seed, N_("Seed of weights, order and augmentation, 0 to 2^53"), "S" },
    { "seeds", 0, 0, G_OPTION_ARG_STRING, &self.seeds, N_("Several runs, DIR/seed-S each; prints mean and spread"), "S,S,…" },
    { "folds", 0, 0, G_OPTION_ARG_STRING, &self.folds, N_("Cross-validation, DIR/fold-K each, 3 to 100: all samples are cut anew; prints mean and spread of the tests"), "K" },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &self.threads, N_("Threads, 1 to 256 (default: one a core); the result does not depend on them"), "T" },
    { "batch", 0, 0, G_OPTION_ARG_STRING, &self.batch, N_("Samples a step, 1 to 4096"), "B" },
    { "limit", 0, 0, G_OPTION_ARG_STRING, &self.limit, N_("Use the first N training samples after the seeded shuffle"), "N" },
    { "optimizer", 0, 0, G_OPTION_ARG_STRING, &self.optimizer, "sgd, adam, adamw", "O" },
    { "lr", 0, 0, G_OPTION_ARG_STRING, &self.lr, N_("Learning rate, above 0"), "L" },
    { "schedule", 0, 0, G_OPTION_ARG_STRING, &self.schedule, "constant, step, cosine, plateau", "K" },
    { "augment", 0, 0, G_OPTION_ARG_STRING, &self.augment, N_("Transform training samples: none, group (the design's), a group such as SO2, or jitter (small moves of pictures)"), "A" },
    { "train-split", 0, 0, G_OPTION_ARG_STRING, &self.split, N_("Part of the data to train on, such as train_upright (default: train)"), N_("PART") },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &self.precision, "f32, f64", "P" },
    { "init", 0, 0, G_OPTION_ARG_FILENAME, &self.init, N_("Start from the weights of a checkpoint that fit"), N_("CHECKPOINT") },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.sets, N_("Change a setting of the design for this run; may be given several times"), "NODE.PARAM=VALUE" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &self.resume, N_("Go on with the run in DIR: the same weights as without the interruption"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &self.force, N_("Write over the run in DIR"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  int status;

  if (eqs_cli_parse (entries, "train", "FILE -o DIR [OPTION…]",
                     _("Trains a design on data and writes a run folder: design.equi, metrics.jsonl, last.safetensors, best.safetensors.\n"
                       "What is not given comes from the design's training plan. Ctrl-C saves, says how to resume and ends with status 0,\n"
                       "or 1 before the first epoch is done."),
                     &argc, &argv, 1, 1, &status))
    status = run (&self, argv[1]);
  clear (&self);
  return status;
}

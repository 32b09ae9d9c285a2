/*
 * A run in a thread. Everything the thread tells is copied into `shared` under one lock; the main thread looks at it from a
 * timeout of 100 ms while the run lasts and publishes it, so that no batch ever costs the window a callback. Pausing is the
 * thread waiting in its own progress function: the trainer needs no notion of it.
 */

#include "studio/training.h"

#include "model/compile.h"
#include "model/training-plan.h"
#include "services/colouring.h"
#include "services/ways.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LOOK_MS    100
#define MOST_STEPS 512       /* even */

/* What thread and window exchange; behind the lock. */
typedef struct
{
  EqsTrainingNow now;
  GArray        *points;         /* of EqsTrainingPoint, not yet picked up */
  GArray        *steps;          /* of EqsTrainingStep: each n_each-th batch */
  guint          n_each, n_skipped;
  char           metric[32], unit[24];
  guint          best_epoch;
  gint64         parameters;     /* 0: those that were told */
  gboolean       testing;
} Shared;

struct _EqsTraining
{
  GObject          parent_instance;

  char            *name, *folder;
  char            *network_hash; /* owned (nullable): once it was asked for */
  EqsTraining     *twin_of, *seed_of;   /* owned (nullable) */
  gint64           parameters;
  EqsDocument     *document;     /* owned: a copy */
  EqsDataset      *dataset;      /* owned */
  EqsTrainOptions  options;
  char            *init, *optimizer, *schedule, *augment;   /* owned: of options */

  GThread         *thread;
  guint            timeout;
  int              cancel;       /* atomic */
  int              ended;        /* atomic: the thread has nothing more to say */

  GMutex           lock;
  GCond            wake;
  gboolean         hold;         /* behind the lock: the thread waits after the batch at hand */
  guint            grants;       /* behind the lock: batches it may do while it is held */
  gboolean         testing;      /* of the thread: no pause while the test part is measured */
  Shared           shared;

  /* The thread's result, read after it has ended. */
  GError          *error;
  GError          *test_error;   /* the training itself went well */
  GArray          *test_found;   /* owned */
  GArray          *turned_found; /* owned (nullable) */
  char            *limit_found;  /* owned (nullable) */
  guint64         *confusion;    /* owned (nullable) */
  guint            n_classes;
  gboolean         cancelled;

  /* As the main thread knows it. */
  EqsTrainingState state;
  EqsTrainingNow   now;
  GArray          *points, *steps;
  char             metric[32], unit[24];
  guint            best_epoch;
  GArray          *test, *turned;   /* owned (nullable) */
  char            *limit;        /* owned (nullable) */
  char            *message;      /* owned (nullable) */
  char            *checkpoint;   /* owned (nullable) */
  gint64           told;         /* monotonic time of the last "changed" */
  gboolean         compared;
  guint64          stamp;        /* of a kept run: what its folder was when it was read */
  gboolean         reading;
};

G_DEFINE_FINAL_TYPE (EqsTraining, eqs_training, G_TYPE_OBJECT)

enum { CHANGED, FINISHED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
eqs_training_dispose (GObject *object)
{
  EqsTraining *self = EQS_TRAINING (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->document);
  g_clear_object (&self->dataset);
  g_clear_object (&self->twin_of);
  g_clear_object (&self->seed_of);

  G_OBJECT_CLASS (eqs_training_parent_class)->dispose (object);
}

static void
eqs_training_finalize (GObject *object)
{
  EqsTraining *self = EQS_TRAINING (object);

  g_assert (self->thread == NULL);
  g_free (self->name);
  g_free (self->folder);
  g_free (self->network_hash);
  g_free (self->init);
  g_free (self->optimizer);
  g_free (self->schedule);
  g_free (self->augment);
  g_free (self->message);
  g_free (self->checkpoint);
  g_free (self->confusion);
  g_clear_error (&self->error);
  g_clear_error (&self->test_error);
  g_clear_pointer (&self->test_found, g_array_unref);
  g_clear_pointer (&self->test, g_array_unref);
  g_clear_pointer (&self->turned_found, g_array_unref);
  g_clear_pointer (&self->turned, g_array_unref);
  g_clear_pointer (&self->limit_found, g_free);
  g_clear_pointer (&self->limit, g_free);
  g_array_unref (self->points);
  g_array_unref (self->shared.points);
  g_array_unref (self->steps);
  g_array_unref (self->shared.steps);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);

  G_OBJECT_CLASS (eqs_training_parent_class)->finalize (object);
}

static void
eqs_training_class_init (EqsTrainingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_training_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_training_finalize;

  signals[CHANGED] = g_signal_new ("changed", EQS_TYPE_TRAINING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", EQS_TYPE_TRAINING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
eqs_training_init (EqsTraining *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  self->points = g_array_new (FALSE, TRUE, sizeof (EqsTrainingPoint));
  self->shared.points = g_array_new (FALSE, TRUE, sizeof (EqsTrainingPoint));
  self->steps = g_array_new (FALSE, TRUE, sizeof (EqsTrainingStep));
  self->shared.steps = g_array_new (FALSE, TRUE, sizeof (EqsTrainingStep));
  self->shared.n_each = 1;
  self->shared.now.left = -1;
  self->now.left = -1;
}

EqsTraining *
eqs_training_new (const char *name, EqsDocument *document, EqsDataset *dataset, const EqsTrainOptions *options, const char *folder)
{
  EqsTraining *self = g_object_new (EQS_TYPE_TRAINING, NULL);

  g_return_val_if_fail (folder != NULL, NULL);
  self->name = g_strdup (name);
  self->folder = g_strdup (folder);
  self->document = eqs_document_dup (document);
  self->dataset = g_object_ref (dataset);
  self->options = options == NULL ? (EqsTrainOptions) EQS_TRAIN_OPTIONS_INIT : *options;
  self->options.init = self->init = g_strdup (self->options.init);
  self->options.optimizer = self->optimizer = g_strdup (self->options.optimizer);
  self->options.schedule = self->schedule = g_strdup (self->options.schedule);
  self->options.augment = self->augment = g_strdup (self->options.augment);
  self->options.folder = self->folder;
  return self;
}

/* ---- the thread ---- */

static double
find_metric (const GArray *metrics, const char *name)
{
  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    if (strcmp (g_array_index (metrics, EqsMetric, i).name, name) == 0)
      return g_array_index (metrics, EqsMetric, i).value;
  return NAN;
}

/* The metric that models are chosen by (eqs_tally_score): the first of these that is there. */
static const EqsMetric *
leading_metric (const GArray *metrics)
{
  static const char *const order[] = { "miou", "accuracy", "force_mae", "energy_mae", "mae", "rmse", "loss" };

  for (guint k = 0; metrics != NULL && k < G_N_ELEMENTS (order); k++)
    for (guint i = 0; i < metrics->len; i++)
      if (strcmp (g_array_index (metrics, EqsMetric, i).name, order[k]) == 0)
        return &g_array_index (metrics, EqsMetric, i);
  return NULL;
}

/* Waits while held. */
static void
wait_while_held (EqsTraining *self)
{
  while (self->hold && self->grants == 0 && !g_atomic_int_get (&self->cancel))
    g_cond_wait (&self->wake, &self->lock);
  if (self->hold && self->grants > 0)
    self->grants--;
}

/* Of a long run every second one goes when there are too many, and from then on only every second one comes. */
static void
keep_step (Shared *shared, const EqsTrainProgress *progress)
{
  const EqsTrainingStep step = { progress->epoch - 1 + (double) progress->step / MAX (progress->steps, 1), progress->step_loss };

  if (!isfinite (step.loss) || ++shared->n_skipped < shared->n_each)
    return;
  shared->n_skipped = 0;
  g_array_append_val (shared->steps, step);
  if (shared->steps->len < MOST_STEPS)
    return;
  for (guint i = 0; i < MOST_STEPS / 2; i++)
    g_array_index (shared->steps, EqsTrainingStep, i) = g_array_index (shared->steps, EqsTrainingStep, 2 * i + 1);
  g_array_set_size (shared->steps, MOST_STEPS / 2);
  shared->n_each *= 2;
}

static void
progress_cb (const EqsTrainProgress *progress, gpointer data)
{
  EqsTraining     *self = data;
  const EqsMetric *lead = leading_metric (progress->valid);
  EqsTrainingPoint point = { progress->epoch, NAN, NAN, NAN, progress->symmetry_error, progress->elapsed };

  g_mutex_lock (&self->lock);
  self->shared.now = (EqsTrainingNow) { progress->epoch, progress->epochs, progress->step, progress->steps, progress->elapsed, progress->left,
                                        progress->rate, progress->loss };
  if (!progress->epoch_done)
    keep_step (&self->shared, progress);
  else
    {
      point.train_loss = find_metric (progress->train, "loss");
      point.valid_loss = find_metric (progress->valid, "loss");
      if (lead != NULL)
        {
          point.metric = lead->value;
          g_strlcpy (self->shared.metric, lead->name, sizeof self->shared.metric);
          g_strlcpy (self->shared.unit, lead->unit, sizeof self->shared.unit);
        }
      g_array_append_val (self->shared.points, point);
    }
  wait_while_held (self);
  g_mutex_unlock (&self->lock);
}

static gboolean
measure_test (EqsTraining *self, const char *checkpoint, GError **error)
{
  g_autoptr (EqsModel) model = NULL;
  EqsColourLimit limit;
  const EqkGroup *group;
  EqsSplit *split;

  if (checkpoint == NULL || !eqs_dataset_has_split (self->dataset, "test"))
    return TRUE;
  g_mutex_lock (&self->lock);
  self->shared.testing = TRUE;
  g_mutex_unlock (&self->lock);
  model = eqs_model_open (checkpoint, error);
  split = model == NULL ? NULL : eqs_dataset_load (self->dataset, "test", error);
  if (split == NULL)
    return FALSE;
  self->limit_found = eqs_colour_limit (model->program, split, &limit) ? eqs_colour_limit_dup_text (&limit) : NULL;
  self->test_found = eqs_evaluate_counts (model, split, EQS_TRANSFORM_NONE, 0, self->options.threads, &self->confusion, &self->n_classes, error);
  group = eqs_probe_group (model->typed, eqs_document_get_section (model->document, EQS_SECTION_TRAINING));
  if (self->test_found != NULL && eqk_group_get_space_dim (group) == 2 && eqk_group_get_order (group) != 1)      /* pictures */
    self->turned_found = eqs_evaluate (model, split, EQS_TRANSFORM_GROUP, 1, self->options.threads, NULL);
  eqs_split_unref (split);
  return self->test_found != NULL;
}

/* By its plan another network may be trained than the design has. */
static EqsDocument *
make_way (EqsTraining *self)
{
  EqsDocument *made = eqs_way_new (self->document, &self->error);
  g_autoptr (EqsCheck) check = made == NULL ? NULL : eqs_check_new (made, NULL);

  g_mutex_lock (&self->lock);
  self->shared.parameters = check == NULL ? 0 : check->parameters;
  g_mutex_unlock (&self->lock);
  return made;
}

static gpointer
training_worker (gpointer data)
{
  EqsTraining   *self = data;
  EqsTrainResult result = { 0 };
  g_autoptr (EqsDocument) made = make_way (self);

  if (made != NULL && eqs_train (made, self->dataset, &self->options, &self->cancel, progress_cb, self, &result, &self->error))
    {
      self->cancelled = result.cancelled;
      g_mutex_lock (&self->lock);
      self->shared.best_epoch = result.best_epoch;
      self->hold = FALSE;
      g_mutex_unlock (&self->lock);
      if (!result.cancelled)
        measure_test (self, result.checkpoint, &self->test_error);
    }
  eqs_train_result_clear (&result);
  g_atomic_int_set (&self->ended, 1);
  return NULL;
}

/* ---- the main thread ---- */

static void
find_checkpoint (EqsTraining *self)
{
  g_autofree char *best = g_build_filename (self->folder, "best.safetensors", NULL);

  if (self->checkpoint == NULL && g_file_test (best, G_FILE_TEST_EXISTS))
    self->checkpoint = g_steal_pointer (&best);
}

/* Takes over what the thread left. @return an epoch ended */
static gboolean
pick_up (EqsTraining *self)
{
  gboolean fresh;

  g_mutex_lock (&self->lock);
  fresh = self->shared.points->len > 0;
  self->now = self->shared.now;
  if (fresh)
    {
      g_array_append_vals (self->points, self->shared.points->data, self->shared.points->len);
      g_array_set_size (self->shared.points, 0);
      memcpy (self->metric, self->shared.metric, sizeof self->metric);
      memcpy (self->unit, self->shared.unit, sizeof self->unit);
    }
  g_array_set_size (self->steps, 0);
  g_array_append_vals (self->steps, self->shared.steps->data, self->shared.steps->len);
  self->best_epoch = self->shared.best_epoch;
  if (self->shared.parameters > 0)
    self->parameters = self->shared.parameters;
  if (self->shared.testing && (self->state == EQS_TRAINING_RUNNING || self->state == EQS_TRAINING_PAUSED))
    self->state = EQS_TRAINING_TESTING;
  g_mutex_unlock (&self->lock);
  if (fresh)
    find_checkpoint (self);
  return fresh;
}

static void
finish (EqsTraining *self)
{
  g_clear_pointer (&self->thread, g_thread_join);
  pick_up (self);
  find_checkpoint (self);
  self->test = g_steal_pointer (&self->test_found);
  self->turned = g_steal_pointer (&self->turned_found);
  self->limit = g_steal_pointer (&self->limit_found);
  if (self->error != NULL)
    self->message = g_strdup (self->error->message);
  else if (self->test_error != NULL)
    /* Translators: the reason follows. */
    self->message = g_strdup_printf (_("Trained and saved, but the test part could not be measured: %s"), self->test_error->message);
  self->state = self->error != NULL ? EQS_TRAINING_FAILED : self->cancelled ? EQS_TRAINING_STOPPED : EQS_TRAINING_DONE;
  g_signal_emit (self, signals[CHANGED], 0);
  g_signal_emit (self, signals[FINISHED], 0);
}

static gboolean
look_cb (gpointer data)
{
  g_autoptr (EqsTraining) self = g_object_ref (data);
  const gint64     now = g_get_monotonic_time ();
  EqsTrainingState before = self->state;

  if (g_atomic_int_get (&self->ended))
    {
      self->timeout = 0;
      finish (self);
      g_object_unref (self);      /* the reference of the thread */
      return G_SOURCE_REMOVE;
    }
  if (pick_up (self) || self->state != before || now - self->told >= G_USEC_PER_SEC / 4)
    {
      self->told = now;
      g_signal_emit (self, signals[CHANGED], 0);
    }
  return G_SOURCE_CONTINUE;
}

void
eqs_training_start (EqsTraining *self)
{
  g_return_if_fail (self->state == EQS_TRAINING_WAITING);

  self->state = EQS_TRAINING_RUNNING;
  g_object_ref (self);
  self->thread = g_thread_new ("training", training_worker, self);
  self->timeout = g_timeout_add (LOOK_MS, look_cb, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
start_after_cb (EqsTraining *before, EqsTraining *next)
{
  if (next->state != EQS_TRAINING_WAITING)
    return;
  if (before->state == EQS_TRAINING_DONE)
    eqs_training_start (next);
  else
    eqs_training_stop (next);
}

void
eqs_training_start_after (EqsTraining *self, EqsTraining *before)
{
  g_return_if_fail (EQS_IS_TRAINING (self) && EQS_IS_TRAINING (before));
  g_signal_connect_object (before, "finished", G_CALLBACK (start_after_cb), self, 0);
}

static void
set_state (EqsTraining *self, EqsTrainingState state)
{
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
hold (EqsTraining *self, gboolean on, guint grants)
{
  g_mutex_lock (&self->lock);
  self->hold = on;
  self->grants = grants;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

void
eqs_training_pause (EqsTraining *self)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  if (self->state != EQS_TRAINING_RUNNING)
    return;
  hold (self, TRUE, 0);
  set_state (self, EQS_TRAINING_PAUSED);
}

void
eqs_training_resume (EqsTraining *self)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  if (self->state != EQS_TRAINING_PAUSED)
    return;
  hold (self, FALSE, 0);
  set_state (self, EQS_TRAINING_RUNNING);
}

void
eqs_training_step (EqsTraining *self)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  if (self->state == EQS_TRAINING_PAUSED)
    hold (self, TRUE, 1);
}

void
eqs_training_stop (EqsTraining *self)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  if (!eqs_training_is_active (self))
    return;
  if (self->state == EQS_TRAINING_WAITING)
    {
      set_state (self, EQS_TRAINING_STOPPED);
      g_signal_emit (self, signals[FINISHED], 0);
      return;
    }
  g_atomic_int_set (&self->cancel, 1);
  hold (self, FALSE, 0);
  if (self->state != EQS_TRAINING_STOPPING)
    set_state (self, EQS_TRAINING_STOPPING);
}

gboolean
eqs_training_can_go_on (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), FALSE);

  g_autofree char *last = g_build_filename (self->folder, "last.safetensors", NULL);

  return self->state == EQS_TRAINING_STOPPED && self->thread == NULL && g_file_test (last, G_FILE_TEST_EXISTS);
}

void
eqs_training_go_on (EqsTraining *self)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  if (!eqs_training_can_go_on (self))
    return;
  self->options.resume = TRUE;
  self->cancelled = FALSE;
  g_atomic_int_set (&self->cancel, 0);
  g_atomic_int_set (&self->ended, 0);
  self->state = EQS_TRAINING_WAITING;
  eqs_training_start (self);
}

void
eqs_training_join (EqsTraining *self)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  if (self->thread == NULL)
    return;
  g_atomic_int_set (&self->cancel, 1);
  hold (self, FALSE, 0);
  g_clear_handle_id (&self->timeout, g_source_remove);
  finish (self);
  g_object_unref (self);
}

/* ---- kept runs ---- */

static void
take_kept (EqsTraining *self, const EqsKeptRun *kept)
{
  g_array_set_size (self->points, 0);
  g_array_append_vals (self->points, kept->points->data, kept->points->len);
  memcpy (self->metric, kept->metric, sizeof self->metric);
  memcpy (self->unit, kept->unit, sizeof self->unit);
  self->best_epoch = kept->best_epoch;
  self->parameters = kept->parameters;
  self->now.epochs = MAX (kept->epochs, kept->points->len);
  self->now.epoch = kept->points->len;
  self->now.step = self->now.steps = 1;
  g_free (self->checkpoint);
  self->checkpoint = g_strdup (kept->checkpoint);
}

static void
reread_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError     *error = NULL;
  EqsKeptRun *kept = eqs_kept_run_read (data, &error);

  if (kept == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, kept, (GDestroyNotify) eqs_kept_run_free);
}

static void
reread_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsTraining           *self = EQS_TRAINING (source);
  g_autoptr (EqsKeptRun) kept = g_task_propagate_pointer (G_TASK (result), NULL);

  self->reading = FALSE;
  if (kept == NULL || self->document == NULL)
    return;
  take_kept (self, kept);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
watch_cb (gpointer data)
{
  EqsTraining  *self = data;
  const guint64 stamp = eqs_kept_run_stamp (self->folder);
  g_autoptr (GTask) task = NULL;

  if (stamp == self->stamp || self->reading)
    return G_SOURCE_CONTINUE;
  self->stamp = stamp;
  self->reading = TRUE;
  task = g_task_new (self, NULL, reread_cb, NULL);
  g_task_set_task_data (task, g_strdup (self->folder), g_free);
  g_task_run_in_thread (task, reread_worker);
  return G_SOURCE_CONTINUE;
}

EqsTraining *
eqs_training_new_kept (const EqsKeptRun *kept)
{
  EqsTraining *self = g_object_new (EQS_TYPE_TRAINING, NULL);

  self->name = g_strdup (kept->name);
  self->folder = g_strdup (kept->folder);
  self->document = eqs_document_dup (kept->document);
  self->dataset = kept->dataset == NULL ? NULL : g_object_ref (kept->dataset);
  self->options = (EqsTrainOptions) EQS_TRAIN_OPTIONS_INIT;
  self->state = EQS_TRAINING_KEPT;
  self->stamp = eqs_kept_run_stamp (self->folder);
  take_kept (self, kept);
  self->timeout = g_timeout_add (1000, watch_cb, self);
  return self;
}

void
eqs_training_set_name (EqsTraining *self, const char *name)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  if (name[0] == '\0' || strcmp (self->name, name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (name);
  eqs_kept_run_write_name (self->folder, name, NULL);      /* a folder that cannot be written keeps the old name */
  g_signal_emit (self, signals[CHANGED], 0);
}

void
eqs_training_set_compared (EqsTraining *self, gboolean compared)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  if (self->compared == compared)
    return;
  self->compared = compared;
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
eqs_training_is_compared (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), FALSE);
  return self->compared;
}

/* ---- questions ---- */

const char *
eqs_training_get_name (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->name;
}

void
eqs_training_set_twin_of (EqsTraining *self, EqsTraining *of)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  g_set_object (&self->twin_of, of);
}

EqsTraining *
eqs_training_get_twin_of (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->twin_of;
}

void
eqs_training_set_seed_of (EqsTraining *self, EqsTraining *of)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  g_set_object (&self->seed_of, of);
}

EqsTraining *
eqs_training_get_seed_of (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->seed_of;
}

void
eqs_training_set_parameters (EqsTraining *self, gint64 parameters)
{
  g_return_if_fail (EQS_IS_TRAINING (self));
  self->parameters = parameters;
}

gint64
eqs_training_get_parameters (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), 0);
  return self->parameters;
}

const EqsTrainOptions *
eqs_training_get_options (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return &self->options;
}

const char *
eqs_training_get_folder (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->folder;
}

EqsDocument *
eqs_training_get_document (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->document;
}

const char *
eqs_training_get_network_hash (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  if (self->network_hash == NULL)
    self->network_hash = eqs_document_dup_network_hash (self->document);
  return self->network_hash;
}

EqsDataset *
eqs_training_get_dataset (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->dataset;
}

EqsTrainingState
eqs_training_get_state (EqsTraining *self)
{
  return self->state;
}

gboolean
eqs_training_is_active (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), FALSE);
  return self->state < EQS_TRAINING_DONE;
}

const char *
eqs_training_get_error (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->message;
}

EqsTrainingNow
eqs_training_get_now (EqsTraining *self)
{
  return self->now;
}

const GArray *
eqs_training_get_steps (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->steps;
}

const GArray *
eqs_training_get_points (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->points;
}

const char *
eqs_training_get_metric_name (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->metric[0] == '\0' ? NULL : self->metric;
}

const char *
eqs_training_get_metric_unit (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->unit;
}

const GArray *
eqs_training_get_test (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->test;
}

const GArray *
eqs_training_get_turned (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->turned;
}

const char *
eqs_training_get_way (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return eqs_training_get_string (eqs_document_get_section (self->document, EQS_SECTION_TRAINING), "promise");
}

const char *
eqs_training_get_limit (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->limit;
}

const guint64 *
eqs_training_get_confusion (EqsTraining *self, guint *n_classes)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  *n_classes = self->n_classes;
  return self->test == NULL ? NULL : self->confusion;
}

const char *
eqs_training_get_checkpoint (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), NULL);
  return self->checkpoint;
}

guint
eqs_training_get_best_epoch (EqsTraining *self)
{
  g_return_val_if_fail (EQS_IS_TRAINING (self), 0);
  return self->best_epoch;
}

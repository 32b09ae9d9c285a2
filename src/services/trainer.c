/*
 * The training loop. The order of samples depends on (seed, epoch), everything random on (seed, step, sample): a run that was
 * interrupted and resumed gives the same weights as one that was not.
 */

#include "services/trainer-private.h"
#include "services/ways.h"

#include "eqk/random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <time.h>

static void
collect (const char *name, double value, const char *unit, gpointer data)
{
  EqsMetric metric = { .value = value };

  g_strlcpy (metric.name, name, sizeof metric.name);
  g_strlcpy (metric.unit, unit == NULL ? "" : unit, sizeof metric.unit);
  g_array_append_val ((GArray *) data, metric);
}

static GArray *
metrics_of (EqsTally *tally, EqsFeeder *feeder)
{
  GArray *metrics = g_array_new (FALSE, TRUE, sizeof (EqsMetric));

  eqs_tally_report (tally, feeder, collect, metrics);
  return metrics;
}

void
eqs_train_result_clear (EqsTrainResult *self)
{
  g_clear_pointer (&self->train, g_array_unref);
  g_clear_pointer (&self->valid, g_array_unref);
  g_clear_pointer (&self->best, g_array_unref);
  g_clear_pointer (&self->checkpoint, g_free);
}

static double
cpu_seconds (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

double
eqs_trainer_elapsed (const EqsTrainer *self)
{
  return self->elapsed_before + (double) (g_get_monotonic_time () - self->started) / 1e6;
}

/* Part of the training that is done: by steps, or by time where time is the limit. */
static double
progress (const EqsTrainer *self)
{
  if (self->options->max_seconds > 0)
    return MIN (1, eqs_trainer_elapsed (self) / self->options->max_seconds);
  return ((double) self->epoch * self->steps_per_epoch + self->step) / ((double) self->epochs * self->steps_per_epoch);
}

/* Batches after which the time that is left can be told: the first of all warms caches up. */
#define FORESEEN 3

static void
tell (EqsTrainer *self, gboolean epoch_done)
{
  const double     done = progress (self), elapsed = eqs_trainer_elapsed (self);
  const double     batches = (double) eqk_optimizer_steps (self->optimizer);
  const guint64    steps = (guint64) self->epoch * self->steps_per_epoch + self->step;
  EqsTrainProgress p = { .epoch = self->epoch + (epoch_done ? 0 : 1), .epochs = self->options->max_seconds > 0 ? 0 : self->epochs, .step = self->step,
                         .steps = self->steps_per_epoch, .elapsed = elapsed, .left = done > 0 && (done > 0.001 || steps >= FORESEEN) ? elapsed * (1 - done) / done : -1,
                         .loss = epoch_done ? self->epoch_loss : self->step > 0 ? self->loss_sum / self->step : 0, .step_loss = steps > 0 ? self->step_loss : NAN, .symmetry_error = self->symmetry_error, .epoch_done = epoch_done,
                         .train = self->result->train, .valid = self->result->valid };

  p.rate = elapsed > 0 ? batches * self->batch / elapsed : 0;
  if (self->func != NULL)
    self->func (&p, self->func_data);
}

/* The node to which the first value belongs that is not finite. The run must have been fed again: it is run step by step. */
static const char *
find_culprit (EqkRun *run)
{
  const EqkProgram *program = eqk_run_program (run);
  const int         value = eqk_run_find_nan (run), node = value < 0 ? -1 : eqk_program_value (program, value)->node;

  return node < 0 ? NULL : eqk_graph_node_id (eqk_typed_graph (eqk_program_typed (program)), node);
}

static void
name_nan (EqsTrainer *self, const guint *samples, guint n, GError **error)
{
  const char *node = NULL;

  if (eqs_feeder_fill (self->train_feeder, self->train_run, samples, n, self->augment, self->augment_group, self->seed, self->epoch, NULL))
    node = find_culprit (self->train_run);
  if (node == NULL)
    node = _("the gradients");
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
               _("Training stopped: “%s” became infinite or not a number in epoch %u, batch %u. The checkpoints saved before are as they were. Lower the learning rate or set clip."),
               node, self->epoch + 1, self->step + 1);
}

gboolean
eqs_trainer_batch (EqsTrainer *self, const guint *samples, guint n, GError **error)
{
  const double factor = eqk_schedule_factor (&self->schedule, progress (self), self->reductions);
  double       loss, norm;

  if (!eqs_feeder_fill (self->train_feeder, self->train_run, samples, n, self->augment, self->augment_group, self->seed, self->epoch, error))
    return FALSE;
  eqk_run_set_step (self->train_run, self->seed, (guint32) eqk_optimizer_steps (self->optimizer));
  eqk_run_forward (self->train_run, EQK_PASS_TRAIN, NULL);
  loss = eqs_tally_add (self->tally, self->train_feeder, self->train_run, TRUE);
  eqk_run_backward (self->train_run, NULL);
  norm = isfinite (loss) ? eqk_optimizer_step (self->optimizer, self->store, eqk_run_weight_grads (self->train_run), factor, self->pool) : NAN;
  if (!isfinite (loss) || !isfinite (norm))
    {
      name_nan (self, samples, n, error);
      return FALSE;
    }
  eqk_run_commit (self->train_run);
  self->loss_sum += loss;
  self->step_loss = loss;
  return TRUE;
}

static gboolean
out_of_time (const EqsTrainer *self)
{
  return self->options->max_seconds > 0 && eqs_trainer_elapsed (self) >= self->options->max_seconds;
}

/* A long epoch is saved on the way, so that a crash or a power cut costs a minute. */
static gboolean
save_on_the_way (EqsTrainer *self, GError **error)
{
  if (g_get_monotonic_time () - self->saved < 60 * G_USEC_PER_SEC)
    return TRUE;
  self->saved = g_get_monotonic_time ();
  return eqs_trainer_save (self, "last.safetensors", error);
}

static gboolean
is_cancelled (const EqsTrainer *self)
{
  return self->cancel != NULL && g_atomic_int_get (self->cancel) != 0;
}

/* One epoch from where it stands. FALSE without error: cancelled or out of time. */
static gboolean
train_epoch (EqsTrainer *self, GError **error)
{
  const guint        n = eqs_split_get_n (self->train);
  g_autofree guint32 *order = g_new (guint32, n);
  EqkRandom          random = eqk_random (self->seed, EQK_RANDOM_SHUFFLE, self->epoch, 0, 0);

  eqk_random_permutation (&random, order, n);
  while (self->step < self->steps_per_epoch)
    {
      const guint first = self->step * self->batch, count = MIN (self->batch, n - first);

      if (is_cancelled (self) || out_of_time (self))
        return FALSE;
      if (!save_on_the_way (self, error) || !eqs_trainer_batch (self, order + first, count, error))
        return FALSE;
      self->step++;
      tell (self, FALSE);
    }
  return TRUE;
}

/* FALSE without error: cancelled. @param cancel (nullable) */
static gboolean
evaluate_split (EqkRun *run, EqsFeeder *feeder, EqsSplit *split, guint batch, EqsTransform transform, const EqkGroup *group, guint64 seed,
                EqsTally *tally, const int *cancel, GError **error)
{
  const guint n = eqs_split_get_n (split);

  for (guint first = 0; first < n; first += batch)
    {
      const guint       count = MIN (batch, n - first);
      g_autofree guint *samples = g_new (guint, count);

      for (guint k = 0; k < count; k++)
        samples[k] = first + k;
      if (cancel != NULL && g_atomic_int_get (cancel) != 0)
        return FALSE;
      if (!eqs_feeder_fill (feeder, run, samples, count, transform, group, seed, 0, error))
        return FALSE;
      eqk_run_forward (run, EQK_PASS_INFER, NULL);
      if (!isfinite (eqs_tally_add (tally, feeder, run, FALSE)))
        {
          const char *node = eqs_feeder_fill (feeder, run, samples, count, transform, group, seed, 0, NULL) ? find_culprit (run) : NULL;

          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
                       _("“%s” became infinite or not a number on samples %u to %u of “%s”. The checkpoints saved before are as they were."),
                       node == NULL ? _("the loss") : node, first, first + count - 1, eqs_split_get_name (split));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_finite (const EqkValue *value, EqkPrecision precision, const void *buffer)
{
  gsize n = 1;

  for (int d = 0; d < value->n_dims; d++)
    n *= (gsize) value->shape[d];
  for (gsize i = value->offset; i < value->offset + n; i++)
    if (!isfinite (precision == EQK_F32 ? (double) ((const float *) buffer)[i] : ((const double *) buffer)[i]))
      return FALSE;
  return TRUE;
}

/* An infinite variance makes every answer 0, and the loss stays finite: such a network would be judged and kept. */
static gboolean
statistics_are_finite (EqsTrainer *self, GError **error)
{
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    {
      const EqkValue *value = eqk_program_value (self->program, v);

      if (value->kind == EQK_VALUE_STATE && !is_finite (value, self->precision, eqk_store_state (self->store)))
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
                       _("Training stopped: “%s” became infinite or not a number in epoch %u. The checkpoints saved before are as they were. Lower the learning rate or set clip."),
                       value->name, self->epoch);   /* already counted */
          return FALSE;
        }
    }
  return TRUE;
}

/*
 * Running statistics lag behind weights that move: at a constant rate evaluation then jumps by points from epoch to epoch. So the
 * statistics of the batch norms are measured anew, with the weights at rest, from samples of the training part.
 */
static gboolean
measure_statistics (EqsTrainer *self, GError **error)
{
  const guint          n = eqs_split_get_n (self->train), batch = MIN (self->batch, n), batches = MIN (self->norm_samples, n) / batch;
  g_autofree guint32  *order = NULL;
  EqkRandom            random = eqk_random (self->seed, EQK_RANDOM_SHUFFLE, self->epoch, 0, 0);

  if (batches == 0 || !eqk_run_has_states (self->train_run))
    return statistics_are_finite (self, error);
  order = g_new (guint32, n);
  eqk_random_permutation (&random, order, n);
  eqk_run_set_step (self->train_run, self->seed, (guint32) eqk_optimizer_steps (self->optimizer));
  for (guint k = 0; k < batches; k++)
    {
      if (is_cancelled (self) ||
          !eqs_feeder_fill (self->train_feeder, self->train_run, order + k * batch, batch, self->augment, self->augment_group, self->seed, self->epoch, error))
        return FALSE;
      eqk_run_forward (self->train_run, EQK_PASS_TRAIN, NULL);
      eqk_run_commit_mean (self->train_run, (int) k + 1);
    }
  return statistics_are_finite (self, error);
}

/* What is judged and kept as best: the weights or, where the plan asks for it, their moving average, each with statistics of its own. */
static gboolean
prepare_eval_store (EqsTrainer *self, GError **error)
{
  const gsize bytes = eqk_program_n_weights (self->program) * (gsize) self->precision / 8;
  EqkStore   *kept;
  gboolean    ok;

  if (!measure_statistics (self, error))
    return FALSE;
  if (self->eval_store == self->store)
    return TRUE;
  kept = eqk_store_new (self->program, self->precision, self->seed);
  if (kept == NULL)
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("There is not enough memory for the averaged weights."));
      return FALSE;
    }
  eqk_store_copy (kept, self->store);
  memcpy (eqk_store_weights (self->store), eqk_optimizer_state (self->optimizer, 2), bytes);
  eqk_store_touch (self->store);
  ok = measure_statistics (self, error);
  eqk_store_copy (self->eval_store, self->store);
  eqk_store_copy (self->store, kept);
  eqk_store_unref (kept);
  return ok;
}

static double
loss_of (const GArray *metrics)
{
  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    if (strcmp (g_array_index (metrics, EqsMetric, i).name, "loss") == 0)
      return g_array_index (metrics, EqsMetric, i).value;
  return G_MAXDOUBLE;
}

/* Of epochs with equal scores, which a small validation part has many of, the one with the lower loss: the first of them is only the luckiest. */
static gboolean
is_best (const EqsTrainer *self, double score)
{
  return self->best_epoch == 0 || score > self->best_score || (score == self->best_score && loss_of (self->result->valid) < loss_of (self->result->best));
}

static gboolean
validate (EqsTrainer *self, GError **error)
{
  EqsTally *tally = eqs_tally_new (self->valid_feeder);
  gboolean  ok = evaluate_split (self->eval_run, self->valid_feeder, self->valid, self->batch, EQS_TRANSFORM_NONE, NULL, 0, tally, self->cancel, error);
  double    score = eqs_tally_score (tally, self->valid_feeder);

  if (ok)
    {
      g_clear_pointer (&self->result->valid, g_array_unref);
      self->result->valid = metrics_of (tally, self->valid_feeder);
      if (is_best (self, score))
        {
          self->best_score = score;
          self->best_epoch = self->epoch;
          g_clear_pointer (&self->result->best, g_array_unref);
          self->result->best = g_array_ref (self->result->valid);
          self->since_best = 0;
          ok = eqs_trainer_save (self, "best.safetensors", error);
        }
      else if (++self->since_best > (guint) self->schedule.patience)
        {
          self->reductions++;
          self->since_best = 0;
        }
    }
  eqs_tally_free (tally, self->valid_feeder);
  return ok;
}

/* Statistics, symmetry and validation. FALSE without error: cancelled. */
static gboolean
judge (EqsTrainer *self, GError **error)
{
  if (!prepare_eval_store (self, error))
    return FALSE;
  self->symmetry_error = eqs_trainer_probe (self);      /* before the best is saved: the figure goes with it */
  return validate (self, error);
}

/* After an epoch: metrics, judgement, files. FALSE without error: cancelled, and all is as after the last batch, so that going on repeats the judgement. */
static gboolean
finish_epoch (EqsTrainer *self, GError **error)
{
  const gsize         bytes = eqk_store_n_state (self->store) * (gsize) self->precision / 8;
  g_autofree gpointer states = g_memdup2 (eqk_store_state (self->store), bytes);
  EqsTally           *tally = self->tally;
  const guint         step = self->step;
  const double        symmetry_error = self->symmetry_error;

  g_clear_pointer (&self->result->train, g_array_unref);
  self->result->train = metrics_of (tally, self->train_feeder);
  self->tally = eqs_tally_new (self->train_feeder);
  self->epoch++;
  self->epoch_loss = step > 0 ? self->loss_sum / step : 0;
  self->step = 0;
  if (!judge (self, error))
    {
      eqs_tally_free (self->tally, self->train_feeder);
      self->tally = tally;
      self->epoch--;
      self->step = step;
      self->symmetry_error = symmetry_error;
      if (bytes > 0)
        memcpy (eqk_store_state (self->store), states, bytes);
      eqk_store_touch (self->store);
      return FALSE;
    }
  eqs_tally_free (tally, self->train_feeder);
  tell (self, TRUE);
  self->loss_sum = 0;
  self->saved = g_get_monotonic_time ();
  return eqs_trainer_log_epoch (self, error) && eqs_trainer_save (self, "last.safetensors", error);
}

static gboolean
is_finished (const EqsTrainer *self)
{
  if (self->early_stop > 0 && self->best_epoch > 0 && self->epoch >= self->best_epoch + self->early_stop)
    return TRUE;
  return self->options->max_seconds > 0 ? out_of_time (self) : self->epoch >= self->epochs;
}

static gboolean
run_epochs (EqsTrainer *self, GError **error)
{
  while (!is_finished (self))
    {
      GError        *local = NULL;
      const gboolean whole = train_epoch (self, &local);

      /* Out of time in mid-epoch: what was learnt is judged and kept. */
      if ((whole || (local == NULL && !is_cancelled (self))) && finish_epoch (self, &local))
        {
          if (!whole)
            return TRUE;
          continue;
        }
      if (local != NULL)
        {
          g_propagate_error (error, local);
          return FALSE;
        }
      self->result->cancelled = TRUE;
      return eqs_trainer_save (self, "last.safetensors", error);
    }
  return TRUE;
}

gboolean
eqs_train (EqsDocument *document, EqsDataset *dataset, const EqsTrainOptions *options, int *cancel, EqsTrainFunc func, gpointer data,
           EqsTrainResult *result, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  g_autoptr (EqsDocument) made = eqs_way_new (document, error);
  EqsTrainer   self = { .document = made, .dataset = dataset, .options = options, .cancel = cancel, .func = func, .func_data = data,
                        .result = result, .symmetry_error = -1, .best_score = -G_MAXDOUBLE };
  const double cpu = cpu_seconds ();
  gboolean     ok;

  memset (result, 0, sizeof *result);
  ok = made != NULL && eqs_trainer_set_up (&self, error);
  self.started = self.saved = g_get_monotonic_time ();
  ok = ok && (!options->resume || eqs_trainer_resume (&self, error)) && eqs_trainer_open_folder (&self, error) && run_epochs (&self, error);
  result->epochs = self.epoch;
  result->seconds = eqs_trainer_elapsed (&self);
  result->cpu_seconds = cpu_seconds () - cpu;
  result->best_score = self.best_score;
  result->best_epoch = self.best_epoch;
  result->symmetry_error = self.symmetry_error;
  result->reproducible = options->max_seconds <= 0;
  if (ok && options->folder != NULL && self.best_epoch > 0)
    result->checkpoint = g_build_filename (options->folder, "best.safetensors", NULL);
  eqs_trainer_tear_down (&self);
  if (!ok)
    eqs_train_result_clear (result);
  return ok;
}

GArray *
eqs_evaluate (EqsModel *model, EqsSplit *split, EqsTransform transform, guint64 seed, int threads, GError **error)
{
  return eqs_evaluate_counts (model, split, transform, seed, threads, NULL, NULL, error);
}

/* The first output that is a class for each sample. */
static void
copy_confusion (const EqsTally *tally, EqsFeeder *feeder, guint64 **confusion, guint *n_classes)
{
  *confusion = NULL;
  *n_classes = 0;
  for (guint i = 0; i < eqs_feeder_get_n_targets (feeder) && *confusion == NULL; i++)
    if (tally[i].confusion != NULL && !tally[i].per_pixel)
      {
        *n_classes = tally[i].n_classes;
        *confusion = g_memdup2 (tally[i].confusion, sizeof (guint64) * tally[i].n_classes * tally[i].n_classes);
      }
}

/* Answers are numbers of classes: they mean something only where the classes are those of the training, in their order. */
static gboolean
has_same_classes (EqsModel *model, EqsFeeder *feeder, EqsSplit *split, GError **error)
{
  EqsValue *trained = model->run == NULL ? NULL : eqs_map_get (model->run, "classes");

  for (guint i = 0; trained != NULL && i < eqs_feeder_get_n_targets (feeder); i++)
    {
      const EqsTarget *target = eqs_feeder_get_target (feeder, i);
      const guint      n = target->class_names == NULL ? 0 : g_strv_length ((char **) target->class_names);

      for (guint k = 0; k < n; k++)
        {
          const char *name = k < eqs_value_get_length (trained) ? eqs_value_get_string (eqs_value_get_item (trained, k)) : NULL;

          if (g_strcmp0 (name, target->class_names[k]) == 0)
            continue;
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The classes of “%s” are not those of the training: number %u is “%s”, it was “%s”. Name the folders or classes as they were."),
                       eqs_split_get_name (split), k + 1, target->class_names[k], name == NULL ? _("none") : name);
          return FALSE;
        }
    }
  return TRUE;
}

GArray *
eqs_evaluate_counts (EqsModel *model, EqsSplit *split, EqsTransform transform, guint64 seed, int threads, guint64 **confusion, guint *n_classes,
                     GError **error)
{
  g_autoptr (EqsFeeder) feeder = eqs_feeder_new (model->program, split, TRUE, error);
  const EqkGroup *group = eqs_probe_group (model->typed, eqs_document_get_section (model->document, EQS_SECTION_TRAINING));
  const guint     batch = MIN (64, eqs_split_get_n (split));
  EqkRunOptions   options = { .precision = eqk_store_precision (model->store) };
  EqkDiag         diag = EQK_DIAG_INIT;
  EqkRun         *run = NULL;
  EqsTally       *tally;
  GArray         *metrics = NULL;

  if (feeder == NULL || !eqs_feeder_take_species (feeder, model->run, error) || !has_same_classes (model, feeder, split, error))
    return NULL;
  eqs_feeder_read_losses (feeder, eqs_document_get_section (model->document, EQS_SECTION_TRAINING));
  options.capacity = eqs_feeder_get_capacity (feeder, batch);
  options.pool = eqk_pool_new (threads > 0 ? threads : (int) g_get_num_processors ());
  tally = eqs_tally_new (feeder);
  if (eqk_run_new (model->program, model->store, &options, &run, &diag) != EQK_OK)
    eqs_compile_set_error (error, diag.status, &diag);
  else if (evaluate_split (run, feeder, split, batch, transform, group, seed, tally, NULL, error))
    metrics = metrics_of (tally, feeder);
  if (confusion != NULL)
    copy_confusion (tally, feeder, confusion, n_classes);
  eqs_tally_free (tally, feeder);
  eqk_run_free (run);
  eqk_pool_free (options.pool);
  return metrics;
}

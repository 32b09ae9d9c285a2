/*
 * The training loop. The order of samples depends on (seed, epoch), everything random on (seed, step, sample): a run that was
 * interrupted and resumed gives the same weights as one that was not.
 */

#include "services/trainer-private.h"

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

static void
tell (EqsTrainer *self, gboolean epoch_done)
{
  const double     done = progress (self), elapsed = eqs_trainer_elapsed (self), here = elapsed - self->elapsed_before;
  const double     batches = (double) eqk_optimizer_steps (self->optimizer);
  EqsTrainProgress p = { .epoch = self->epoch + (epoch_done ? 0 : 1), .epochs = self->options->max_seconds > 0 ? 0 : self->epochs, .step = self->step,
                         .steps = self->steps_per_epoch, .elapsed = elapsed, .left = done > 0.001 ? elapsed * (1 - done) / done : -1,
                         .loss = self->step > 0 ? self->loss_sum / self->step : 0, .symmetry_error = self->symmetry_error, .epoch_done = epoch_done,
                         .train = self->result->train, .valid = self->result->valid };

  p.rate = elapsed > 0 ? batches * self->batch / elapsed : 0;
  (void) here;
  if (self->func != NULL)
    self->func (&p, self->func_data);
}

/* The first value that is not finite, by the node it belongs to; batches are fed again and run step by step. */
static void
name_nan (EqsTrainer *self, const guint *samples, guint n, GError **error)
{
  int         value;
  const char *node = _("the gradients");

  if (eqs_feeder_fill (self->train_feeder, self->train_run, samples, n, self->augment, self->augment_group, self->seed, self->epoch, NULL) &&
      (value = eqk_run_find_nan (self->train_run)) >= 0)
    node = eqk_graph_node_id (eqk_typed_graph (self->check->typed), eqk_program_value (self->program, value)->node);
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
               _("Training stopped: “%s” became infinite or not a number in epoch %u, batch %u. The checkpoints saved before are as they were. Lower the learning rate or set clip."),
               node, self->epoch + 1, self->step + 1);
}

static gboolean
train_batch (EqsTrainer *self, const guint *samples, guint n, GError **error)
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
  return TRUE;
}

static gboolean
out_of_time (const EqsTrainer *self)
{
  return self->options->max_seconds > 0 && eqs_trainer_elapsed (self) >= self->options->max_seconds;
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
  for (; self->step < self->steps_per_epoch; self->step++)
    {
      const guint first = self->step * self->batch, count = MIN (self->batch, n - first);

      if (is_cancelled (self) || out_of_time (self))
        return FALSE;
      if (!train_batch (self, order + first, count, error))
        return FALSE;
      tell (self, FALSE);
    }
  return TRUE;
}

static gboolean
evaluate_split (EqkRun *run, EqsFeeder *feeder, EqsSplit *split, guint batch, EqsTransform transform, const EqkGroup *group, guint64 seed,
                EqsTally *tally, GError **error)
{
  const guint n = eqs_split_get_n (split);

  for (guint first = 0; first < n; first += batch)
    {
      const guint       count = MIN (batch, n - first);
      g_autofree guint *samples = g_new (guint, count);

      for (guint k = 0; k < count; k++)
        samples[k] = first + k;
      if (!eqs_feeder_fill (feeder, run, samples, count, transform, group, seed, 0, error))
        return FALSE;
      eqk_run_forward (run, EQK_PASS_INFER, NULL);
      eqs_tally_add (tally, feeder, run, FALSE);
    }
  return TRUE;
}

static gboolean
validate (EqsTrainer *self, GError **error)
{
  EqsTally *tally = eqs_tally_new (self->valid_feeder);
  gboolean  ok = evaluate_split (self->eval_run, self->valid_feeder, self->valid, self->batch, EQS_TRANSFORM_NONE, NULL, 0, tally, error);
  double    score = eqs_tally_score (tally, self->valid_feeder);

  if (ok)
    {
      g_clear_pointer (&self->result->valid, g_array_unref);
      self->result->valid = metrics_of (tally, self->valid_feeder);
      if (score > self->best_score || self->best_epoch == 0)
        {
          self->best_score = score;
          self->best_epoch = self->epoch;
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

/* After an epoch: metrics, validation, symmetry, files. */
static gboolean
finish_epoch (EqsTrainer *self, GError **error)
{
  g_clear_pointer (&self->result->train, g_array_unref);
  self->result->train = metrics_of (self->tally, self->train_feeder);
  eqs_tally_free (self->tally, self->train_feeder);
  self->tally = eqs_tally_new (self->train_feeder);
  self->epoch++;
  self->step = 0;
  self->symmetry_error = eqs_trainer_probe (self);
  if (!validate (self, error))
    return FALSE;
  tell (self, TRUE);
  self->loss_sum = 0;
  return eqs_trainer_log_epoch (self, error) && eqs_trainer_save (self, "last.safetensors", error);
}

static gboolean
run_epochs (EqsTrainer *self, GError **error)
{
  while (self->options->max_seconds > 0 ? !out_of_time (self) : self->epoch < self->epochs)
    {
      GError *local = NULL;

      if (!train_epoch (self, &local))
        {
          if (local != NULL)
            {
              g_propagate_error (error, local);
              return FALSE;
            }
          if (is_cancelled (self))
            {
              self->result->cancelled = TRUE;
              return eqs_trainer_save (self, "last.safetensors", error);
            }
          return finish_epoch (self, error);   /* out of time: what was learnt is judged and kept */
        }
      if (!finish_epoch (self, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
eqs_train (EqsDocument *document, EqsDataset *dataset, const EqsTrainOptions *options, int *cancel, EqsTrainFunc func, gpointer data,
           EqsTrainResult *result, GError **error)
{
  EqsTrainer   self = { .document = document, .dataset = dataset, .options = options, .cancel = cancel, .func = func, .func_data = data,
                        .result = result, .symmetry_error = -1, .best_score = -G_MAXDOUBLE };
  const double cpu = cpu_seconds ();
  gboolean     ok;

  memset (result, 0, sizeof *result);
  ok = eqs_trainer_set_up (&self, error);
  self.started = g_get_monotonic_time ();
  ok = ok && eqs_trainer_open_folder (&self, error) && (!options->resume || eqs_trainer_resume (&self, error)) && run_epochs (&self, error);
  result->epochs = self.epoch;
  result->seconds = eqs_trainer_elapsed (&self);
  result->cpu_seconds = cpu_seconds () - cpu;
  result->best_score = self.best_score;
  result->best_epoch = self.best_epoch;
  result->symmetry_error = self.symmetry_error;
  result->reproducible = options->max_seconds <= 0;
  if (ok && options->folder != NULL)
    result->checkpoint = g_build_filename (options->folder, "best.safetensors", NULL);
  eqs_trainer_tear_down (&self);
  if (!ok)
    eqs_train_result_clear (result);
  return ok;
}

GArray *
eqs_evaluate (const EqkProgram *program, EqkStore *store, EqsSplit *split, EqsTransform transform, const EqkGroup *group, guint64 seed,
              int threads, GError **error)
{
  g_autoptr (EqsFeeder) feeder = eqs_feeder_new (program, split, TRUE, error);
  const guint   batch = MIN (64, eqs_split_get_n (split));
  EqkRunOptions options = { .precision = eqk_store_precision (store) };
  EqkDiag       diag = EQK_DIAG_INIT;
  EqkRun       *run = NULL;
  EqsTally     *tally;
  GArray       *metrics = NULL;

  if (feeder == NULL)
    return NULL;
  options.capacity = eqs_feeder_get_capacity (feeder, batch);
  options.pool = eqk_pool_new (threads > 0 ? threads : (int) g_get_num_processors ());
  tally = eqs_tally_new (feeder);
  if (eqk_run_new (program, store, &options, &run, &diag) != EQK_OK)
    eqs_compile_set_error (error, diag.status, &diag);
  else if (evaluate_split (run, feeder, split, batch, transform, group, seed, tally, error))
    metrics = metrics_of (tally, feeder);
  eqs_tally_free (tally, feeder);
  eqk_run_free (run);
  eqk_pool_free (options.pool);
  return metrics;
}

/* From options, design and data to a trainer that is ready to run; the probe of its symmetry. */

#include "data/folds.h"
#include "model/training-plan.h"
#include "services/statistics.h"
#include "services/trainer-private.h"
#include "services/moves.h"

#include "eqk/op.h"
#include "eqk/random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

/* ---- the plan ---- */

static void
say_number (EqsMap *plan, const char *name, double number)
{
  eqs_map_set (plan, name, eqs_value_new_number (number));
}

static void
say_text (EqsMap *plan, const char *name, const char *text)
{
  if (text != NULL)
    eqs_map_set (plan, name, eqs_value_new_string (text));
}

/* The design's plan with what was asked for this run in its place. */
static void
make_plan (EqsTrainer *self)
{
  const EqsTrainOptions *options = self->options;
  const EqsMap          *said = eqs_document_get_section (self->document, EQS_SECTION_TRAINING);

  self->plan = said == NULL ? eqs_map_new () : eqs_map_copy (said);
  if (options->epochs >= 0)
    say_number (self->plan, "epochs", options->epochs);
  if (options->batch >= 0)
    say_number (self->plan, "batch", options->batch);
  if (options->lr >= 0)
    say_number (self->plan, "lr", options->lr);
  if (options->seed >= 0)
    say_number (self->plan, "seed", (double) options->seed);
  say_text (self->plan, "optimizer", options->optimizer);
  say_text (self->plan, "schedule", options->schedule);
  say_text (self->plan, "augment", options->augment);
  say_text (self->plan, "split", options->split);
}

static double
number (EqsTrainer *self, const char *name)
{
  return eqs_training_get_number (self->plan, name);
}

static void
read_schedule (EqsTrainer *self)
{
  self->schedule = (EqkSchedule) EQK_SCHEDULE_DEFAULTS;
  eqk_schedule_find (eqs_training_get_string (self->plan, "schedule"), &self->schedule.kind);
  self->schedule.warm_up = number (self, "warm_up");
  self->schedule.step_every = number (self, "step_every");
  self->schedule.factor = number (self, "factor");
  self->schedule.patience = (int) number (self, "patience");
  self->schedule.floor = number (self, "floor");
}

static gboolean
make_optimizer (EqsTrainer *self, GError **error)
{
  EqkOptimizerOptions options = EQK_OPTIMIZER_DEFAULTS;

  eqk_optimizer_find (eqs_training_get_string (self->plan, "optimizer"), &options.kind);
  options.lr = number (self, "lr");
  options.momentum = number (self, "momentum");
  options.weight_decay = number (self, "weight_decay");
  options.clip = number (self, "clip");
  options.average = self->average = number (self, "average");
  self->optimizer = eqk_optimizer_new (&options, self->precision, eqk_program_n_weights (self->program));
  self->eval_store = self->average > 0 ? eqk_store_new (self->program, self->precision, self->seed) : eqk_store_ref (self->store);
  if (self->optimizer != NULL && self->eval_store != NULL)
    return TRUE;
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("There is not enough memory for the optimiser."));
  return FALSE;
}

/* "none", "group" (the design's), the id of a group: rotations by any angle are SO2, with mirrors O2; or "jitter": small moves of pictures. */
static gboolean
read_augment (EqsTrainer *self, GError **error)
{
  const char *name = eqs_training_get_string (self->plan, "augment");

  if (strcmp (name, "none") == 0)
    return TRUE;
  if (strcmp (name, "jitter") == 0)
    {
      self->augment = EQS_TRANSFORM_JITTER;
      if (eqs_feeder_can_jitter (self->train_feeder))
        return TRUE;
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("augment is “jitter”, small moves of pictures; this design reads none, or answers for each pixel. Set it to none."));
      return FALSE;
    }
  self->augment = EQS_TRANSFORM_GROUP;
  self->augment_group = strcmp (name, "group") == 0 ? eqk_graph_get_symmetry (eqk_typed_graph (self->check->typed))->group : eqk_group_get (name);
  return TRUE;
}

static gboolean
read_plan (EqsTrainer *self, GError **error)
{
  make_plan (self);
  if (!eqs_training_check (self->plan, error))
    return FALSE;
  self->norm_samples = (guint) number (self, "norm_samples");
  self->early_stop = (guint) number (self, "early_stop");
  self->epochs = (guint) number (self, "epochs");
  self->batch = (guint) number (self, "batch");
  self->seed = (guint64) number (self, "seed");
  self->threads = self->options->threads > 0 ? (guint) self->options->threads : g_get_num_processors ();
  self->precision = self->options->f64 ? EQK_F64 : EQK_F32;
  read_schedule (self);
  return TRUE;
}

static gboolean
compile (EqsTrainer *self, GError **error)
{
  self->check = eqs_check_new (self->document, error);
  if (self->check == NULL)
    return FALSE;
  self->program = self->check->program;
  if (self->program != NULL)
    return TRUE;
  for (guint i = 0; i < self->check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (self->check->problems, i);

      if (problem->blocks != EQK_BLOCKS_RUN)
        continue;
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design cannot run: %s%s%s (%s)"), problem->node == NULL ? "" : problem->node,
                   problem->node == NULL ? "" : ": ", problem->message, problem->code);
      return FALSE;
    }
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design cannot run."));
  return FALSE;
}

static gboolean
load_data (EqsTrainer *self, GError **error)
{
  const guint64 data_seed = eqs_map_get_count (eqs_document_get_section (self->document, EQS_SECTION_DATA), "seed", G_MAXUINT64, 0);
  const char   *split = eqs_training_get_string (self->plan, "split");
  g_autoptr (EqsMap) species = eqs_map_new ();

  if (self->options->folds > 0)
    {
      self->train = eqs_fold_load (self->dataset, (guint) self->options->fold, (guint) self->options->folds, EQS_FOLD_TRAIN, data_seed, error);
      self->valid = self->train == NULL ? NULL : eqs_fold_load (self->dataset, (guint) self->options->fold, (guint) self->options->folds, EQS_FOLD_VALID, data_seed, error);
    }
  else
    {
      self->train = eqs_dataset_load_training (self->dataset, split, FALSE, data_seed, self->options->limit > 0 ? (guint) self->options->limit : 0, error);
      self->valid = self->train == NULL ? NULL : eqs_dataset_load_training (self->dataset, split, TRUE, data_seed, 0, error);
    }
  self->train_feeder = self->valid == NULL ? NULL : eqs_feeder_new (self->program, self->train, TRUE, error);
  self->valid_feeder = self->train_feeder == NULL ? NULL : eqs_feeder_new (self->program, self->valid, TRUE, error);
  if (self->valid_feeder == NULL)
    return FALSE;
  eqs_feeder_put_species (self->train_feeder, species);
  self->data_hash = eqs_feeder_take_species (self->valid_feeder, species, error) ? eqs_dataset_dup_hash (self->dataset, error) : NULL;
  if (self->data_hash == NULL)
    return FALSE;
  self->batch = MIN (self->batch, eqs_split_get_n (self->train));
  self->steps_per_epoch = (eqs_split_get_n (self->train) + self->batch - 1) / self->batch;
  /* A last batch of a few samples has no statistics of its own worth the name: it is left out. */
  if (self->steps_per_epoch > 1 && eqs_split_get_n (self->train) % self->batch != 0 && eqs_split_get_n (self->train) % self->batch < 8)
    self->steps_per_epoch--;
  return TRUE;
}

static gboolean
make_runs (EqsTrainer *self, GError **error)
{
  EqkRunOptions options = { .precision = self->precision, .train = true, .pool = self->pool };
  EqkDiag       diag = EQK_DIAG_INIT;

  options.capacity = eqs_feeder_get_capacity (self->train_feeder, self->batch);
  if (eqk_run_new (self->program, self->store, &options, &self->train_run, &diag) == EQK_OK)
    {
      EqkSizes valid = eqs_feeder_get_capacity (self->valid_feeder, self->batch);

      options.train = false;
      options.capacity.nodes = MAX (options.capacity.nodes, valid.nodes);
      options.capacity.edges = MAX (options.capacity.edges, valid.edges);
      options.capacity.pairs = MAX (options.capacity.pairs, valid.pairs);
      if (eqk_run_new (self->program, self->eval_store, &options, &self->eval_run, &diag) == EQK_OK)
        return TRUE;
    }
  eqs_compile_set_error (error, diag.status, &diag);
  return FALSE;
}

static gboolean
take_initial (EqsTrainer *self, GError **error)
{
  g_autoptr (EqsCheckpoint) checkpoint = NULL;
  guint taken = 0;

  if (self->options->init == NULL)
    return TRUE;
  checkpoint = eqs_checkpoint_open (self->options->init, error);
  if (checkpoint == NULL || !eqs_checkpoint_restore (checkpoint, self->program, self->store, NULL, TRUE, &taken, error))
    return FALSE;
  if (taken > 0)
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("%s has no tensor that fits this design."), self->options->init);
  return FALSE;
}

gboolean
eqs_trainer_set_up (EqsTrainer *self, GError **error)
{
  if (!compile (self, error) || !read_plan (self, error) || !load_data (self, error) || !read_augment (self, error))
    return FALSE;
  self->pool = eqk_pool_new ((int) self->threads);
  self->store = eqk_store_new (self->program, self->precision, self->seed);
  if (self->store == NULL)
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("There is not enough memory for the weights."));
      return FALSE;
    }
  eqs_statistics_set_energies (self->program, self->store, self->train, eqs_feeder_get_species_map (self->train_feeder));
  if (!make_optimizer (self, error) || !take_initial (self, error) || !make_runs (self, error))
    return FALSE;
  eqs_feeder_read_losses (self->train_feeder, self->plan);
  eqs_feeder_read_losses (self->valid_feeder, self->plan);
  self->tally = eqs_tally_new (self->train_feeder);
  return TRUE;
}

void
eqs_trainer_tear_down (EqsTrainer *self)
{
  if (self->folder_lock > 0)
    close (self->folder_lock - 1);
  if (self->train_feeder != NULL)
    eqs_tally_free (self->tally, self->train_feeder);
  eqk_run_free (self->train_run);
  eqk_run_free (self->eval_run);
  eqk_optimizer_free (self->optimizer);
  eqk_store_unref (self->store);
  eqk_store_unref (self->eval_store);
  eqk_pool_free (self->pool);
  g_clear_pointer (&self->train_feeder, eqs_feeder_free);
  g_clear_pointer (&self->valid_feeder, eqs_feeder_free);
  g_clear_pointer (&self->train, eqs_split_unref);
  g_clear_pointer (&self->valid, eqs_split_unref);
  g_clear_pointer (&self->check, eqs_check_unref);
  g_clear_pointer (&self->plan, eqs_map_unref);
  g_free (self->data_hash);
}

/* ---- the probe ---- */

/* Sum of squares of a - b and of b. */
static void
compare (const EqkRun *run, const void *a, const void *b, gsize n, double *difference, double *size)
{
  for (gsize i = 0; i < n; i++)
    {
      const double x = run->precision == EQK_F32 ? ((const float *) a)[i] : ((const double *) a)[i];
      const double y = run->precision == EQK_F32 ? ((const float *) b)[i] : ((const double *) b)[i];

      *difference += (x - y) * (x - y);
      *size += y * y;
    }
}

/* Nodes in another order within each sample. (transfer full) */
static gint32 *
shuffle_nodes (const EqkStructure *s, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  gint32           *order = g_new (gint32, s->n_nodes + 1);

  for (gsize i = 0; i < s->n_nodes; i++)
    order[i] = (gint32) i;
  for (int k = 0; k < s->n_samples; k++)
    for (gint32 i = s->node_offset[k + 1] - 1; i > s->node_offset[k]; i--)
      {
        const gint32 with = g_rand_int_range (rand, s->node_offset[k], i + 1), was = order[i];

        order[i] = order[with];
        order[with] = was;
      }
  return order;
}

/* Largest relative error over the results of a run after a move, put back. @param before  what they were, by output */
static double
worst_after (EqsTrainer *self, EqsMoves *moves, const EqkAction *action, void *const *before)
{
  double worst = -1;

  for (int i = 0; i < eqk_program_n_outputs (self->program); i++)
    {
      const EqkProgramOutput *output = eqk_program_output (self->program, i);
      const gsize             count = eqk_run_rows (self->eval_run, output->value) * (gsize) eqk_rep_get_dim (output->type.rep);
      g_autofree void        *back = g_malloc (count * (gsize) self->precision / 8 + 1);
      double                  difference = 0, size = 0;

      if (eqs_moves_back (moves, self->eval_run, action, &output->type, eqk_run_value (self->eval_run, output->value), back) != EQK_OK)
        continue;
      compare (self->eval_run, back, before[i], count, &difference, &size);
      worst = MAX (worst, sqrt (difference / MAX (size, 1e-30)));
    }
  return worst;
}

/* Of points, sets and graphs: the batch turned (and inverted where the group has that), shifted and in another order, all by what the design
 * promises; every result is put back and compared. */
static double
probe_moved (EqsTrainer *self, const guint *samples, guint n)
{
  const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (self->check->typed));
  static const double shift[3] = { 1.7, -2.3, 0.9 };
  g_autoptr (EqsMoves)  moves = eqs_moves_new (self->program);
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_free);
  g_autofree gint32    *order = NULL;
  EqkAction             action = { .group = symmetry->group, .g = eqk_group_sample (symmetry->group, 1, self->epoch) };

  if (!eqs_feeder_fill (self->valid_feeder, self->eval_run, samples, n, EQS_TRANSFORM_NONE, NULL, 0, 0, NULL) ||
      eqs_moves_keep (moves, self->eval_run) != EQK_OK || eqk_run_forward (self->eval_run, EQK_PASS_INFER, NULL) != EQK_OK)
    return -1;
  for (int i = 0; i < eqk_program_n_outputs (self->program); i++)
    {
      const EqkProgramOutput *output = eqk_program_output (self->program, i);

      g_ptr_array_add (before, g_memdup2 (eqk_run_value (self->eval_run, output->value),
                                          eqk_run_rows (self->eval_run, output->value) * (gsize) eqk_rep_get_dim (output->type.rep) * (gsize) self->precision / 8));
    }
  if (symmetry->translations && eqk_group_get_space_dim (symmetry->group) == 3)
    action.shift = shift;
  if (symmetry->permutations != EQK_PERMUTE_NONE && eqs_moves_get_structure (moves, 0)->n_nodes > 0)
    action.moves = order = shuffle_nodes (eqs_moves_get_structure (moves, 0), 1 + self->epoch);
  if (eqs_moves_feed (moves, self->eval_run, &action, NULL) != EQK_OK || eqk_run_forward (self->eval_run, EQK_PASS_INFER, NULL) != EQK_OK)
    return -1;
  return worst_after (self, moves, &action, before->pdata);
}

const EqkGroup *
eqs_probe_group (const EqkTyped *typed, const EqsMap *plan)
{
  const char     *name = eqs_training_get_string (plan, "probe");
  const EqkGroup *group = strcmp (name, "group") == 0 ? NULL : eqk_group_get (name);

  return group != NULL ? group : eqk_graph_get_symmetry (eqk_typed_graph (typed))->group;
}

/* The first samples of the validation part, turned by the elements that are exact on the grid; outputs that should not change are compared. */
double
eqs_trainer_probe (EqsTrainer *self)
{
  const EqkGroup *group = eqs_probe_group (self->check->typed, self->plan);
  const guint     n = MIN (8, MIN (self->batch, eqs_split_get_n (self->valid)));
  guint           samples[8];
  double          worst = -1;

  for (guint k = 0; k < n; k++)
    samples[k] = k;
  if (eqk_group_get_space_dim (group) == 3 || eqk_graph_get_symmetry (eqk_typed_graph (self->check->typed))->permutations != EQK_PERMUTE_NONE)
    return probe_moved (self, samples, n);
  if (eqk_group_get_space_dim (group) != 2 || eqk_group_get_order (group) == 1)
    return -1;
  for (int i = 0; i < eqk_program_n_outputs (self->program); i++)
    {
      const EqkProgramOutput *output = eqk_program_output (self->program, i);
      gsize                   count;
      g_autofree void        *still = NULL;

      if (output->type.space.kind != EQK_SPACE_SAMPLE || !eqk_rep_is_trivial (output->type.rep))
        continue;
      if (!eqs_feeder_fill (self->valid_feeder, self->eval_run, samples, n, EQS_TRANSFORM_NONE, NULL, 0, 0, NULL))
        return worst;
      eqk_run_forward (self->eval_run, EQK_PASS_INFER, NULL);
      count = eqk_run_rows (self->eval_run, output->value) * (gsize) eqk_rep_get_dim (output->type.rep);
      still = g_memdup2 (eqk_run_value (self->eval_run, output->value), count * (gsize) self->precision / 8);
      if (eqs_feeder_fill (self->valid_feeder, self->eval_run, samples, n, EQS_TRANSFORM_GROUP, group, 1, 0, NULL))
        {
          double difference = 0, size = 0;

          eqk_run_forward (self->eval_run, EQK_PASS_INFER, NULL);
          compare (self->eval_run, eqk_run_value (self->eval_run, output->value), still, count, &difference, &size);
          worst = MAX (worst, sqrt (difference / MAX (size, 1e-30)));
        }
    }
  return worst;
}

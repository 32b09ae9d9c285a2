/* The targets beside the answers are those that training compares: found by the feeder, in the data's units. */

#include "studio/parity.h"

#include "model/compile.h"
#include "services/batch.h"

#include "eqk/op.h"

#include <math.h>
#include <string.h>

enum { BATCH = 64 };

typedef struct
{
  GArray *truth, *told;       /* of float, all of them */
} Pairs;

void
eqs_parity_free (EqsParity *self)
{
  g_free (self->name);
  g_free (self->unit);
  g_free (self->truth);
  g_free (self->told);
  g_free (self);
}

static gboolean
has_numbers (EqsFeeder *feeder, guint output)
{
  const EqsTarget *target = eqs_feeder_get_target (feeder, output);

  return target->n_classes == 0 && target->loss != EQK_LOSS_CROSS_ENTROPY && eqs_feeder_get_values (feeder, output) != NULL;
}

static void
add_batch (EqkRun *run, EqsFeeder *feeder, Pairs *pairs)
{
  for (guint o = 0; o < eqs_feeder_get_n_targets (feeder); o++)
    {
      const EqkProgramOutput *output = eqk_program_output (run->program, (int) o);
      const gsize             n = eqk_run_rows (run, output->value) * (gsize) eqk_program_value (run->program, output->value)->width;

      if (!has_numbers (feeder, o))
        continue;
      g_array_append_vals (pairs[o].truth, eqs_feeder_get_values (feeder, o), (guint) n);
      g_array_append_vals (pairs[o].told, eqk_run_value (run, output->value), (guint) n);
    }
}

static gboolean
run_all (EqkRun *run, EqsFeeder *feeder, guint n, Pairs *pairs, GError **error)
{
  guint samples[BATCH];

  for (guint first = 0; first < n; first += BATCH)
    {
      const guint count = MIN (BATCH, n - first);

      for (guint k = 0; k < count; k++)
        samples[k] = first + k;
      if (!eqs_feeder_fill (feeder, run, samples, count, EQS_TRANSFORM_NONE, NULL, 0, 0, error))
        return FALSE;
      eqk_run_forward (run, EQK_PASS_INFER, NULL);
      add_batch (run, feeder, pairs);
    }
  return TRUE;
}

static EqsParity *
make_parity (const EqsTarget *target, const Pairs *pairs, gsize most)
{
  EqsParity *self = g_new0 (EqsParity, 1);
  double     absolute = 0, squared = 0, sum = 0, sum_squared = 0;

  self->name = g_strdup (target->name);
  self->unit = g_strdup (target->unit);
  self->n_all = pairs->truth->len;
  self->n = MIN (self->n_all, most);
  self->truth = g_new (double, self->n + 1);
  self->told = g_new (double, self->n + 1);
  for (gsize i = 0; i < self->n_all; i++)
    {
      const double truth = (double) g_array_index (pairs->truth, float, i), off = (double) g_array_index (pairs->told, float, i) - truth;

      absolute += fabs (off);
      squared += off * off;
      sum += truth;
      sum_squared += truth * truth;
    }
  for (gsize i = 0; i < self->n; i++)
    {
      const gsize at = i * self->n_all / self->n;

      self->truth[i] = (double) g_array_index (pairs->truth, float, at);
      self->told[i] = (double) g_array_index (pairs->told, float, at);
    }
  self->mae = absolute / (double) self->n_all;
  self->rmse = sqrt (squared / (double) self->n_all);
  self->spread = sqrt (MAX (sum_squared / (double) self->n_all - pow (sum / (double) self->n_all, 2), 0));
  return self;
}

GPtrArray *
eqs_parity_measure (EqsModel *model, EqsSplit *split, gsize most, int threads, GError **error)
{
  g_autoptr (EqsFeeder) feeder = eqs_feeder_new (model->program, split, TRUE, error);
  EqkRunOptions options = { .precision = EQK_F32 };
  EqkDiag       diag = EQK_DIAG_INIT;
  EqkRun       *run = NULL;
  GPtrArray    *found = NULL;
  Pairs        *pairs;
  guint         n_targets;

  if (feeder == NULL || !eqs_feeder_take_species (feeder, model->run, error))
    return NULL;
  n_targets = eqs_feeder_get_n_targets (feeder);
  pairs = g_new (Pairs, n_targets + 1);
  for (guint o = 0; o < n_targets; o++)
    pairs[o] = (Pairs){ g_array_new (FALSE, FALSE, sizeof (float)), g_array_new (FALSE, FALSE, sizeof (float)) };
  options.capacity = eqs_feeder_get_capacity (feeder, MIN (BATCH, eqs_split_get_n (split)));
  options.pool = eqk_pool_new (threads);
  if (eqk_run_new (model->program, model->store, &options, &run, &diag) != EQK_OK)
    eqs_compile_set_error (error, diag.status, &diag);
  else if (run_all (run, feeder, eqs_split_get_n (split), pairs, error))
    {
      found = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_parity_free);
      for (guint o = 0; o < n_targets; o++)
        if (pairs[o].truth->len > 0)
          g_ptr_array_add (found, make_parity (eqs_feeder_get_target (feeder, o), &pairs[o], most));
    }
  for (guint o = 0; o < n_targets; o++)
    {
      g_array_unref (pairs[o].truth);
      g_array_unref (pairs[o].told);
    }
  g_free (pairs);
  eqk_run_free (run);
  eqk_pool_free (options.pool);
  return found;
}

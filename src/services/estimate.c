/*
 * The trainer is set up as for a run without a folder. The first batch of each kind is not counted: tables and caches are filled then. What a batch takes is
 * given by the quarters of what was seen, with a tenth more on the slow side: a longer run warms the machine and shares it.
 */

#include "services/estimate.h"

#include "services/trainer-private.h"
#include "services/ways.h"

#include "eqk/random.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

enum { STEPS, FORWARDS, VALIDATIONS, ANSWERS, N_KINDS };

#define MOST 4096

static const double budget_s[N_KINDS] = { 0.25, 0.05, 0.1, 0.1 };

typedef struct
{
  EqsTrainer trainer;
  guint32   *order;            /* owned: of the training samples */
  EqkRun    *answer;           /* owned (nullable) */
} Estimate;

static int
by_size (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Batch number k of a kind. */
static gboolean
do_one (Estimate *self, int kind, guint k, GError **error)
{
  EqsTrainer *t = &self->trainer;
  const guint n = eqs_split_get_n (t->train), batch = MIN (t->batch, n), n_valid = eqs_split_get_n (t->valid), valid = kind == ANSWERS ? 1 : MIN (t->batch, n_valid);
  const guint at = n / batch < 2 ? 0 : k % (n / batch);
  g_autofree guint *samples = NULL;

  if (kind == STEPS)
    return eqs_trainer_batch (t, self->order + at * batch, batch, error);
  if (kind == FORWARDS)
    {
      if (!eqs_feeder_fill (t->train_feeder, t->train_run, self->order + at * batch, batch, t->augment, t->augment_group, t->seed, t->epoch, error))
        return FALSE;
      eqk_run_forward (t->train_run, EQK_PASS_TRAIN, NULL);
      return TRUE;
    }
  samples = g_new (guint, valid);
  for (guint i = 0; i < valid; i++)
    samples[i] = (guint) (((guint64) k * valid + i) % n_valid);
  if (!eqs_feeder_fill (t->valid_feeder, kind == ANSWERS ? self->answer : t->eval_run, samples, valid, EQS_TRANSFORM_NONE, NULL, 0, 0, error))
    return FALSE;
  eqk_run_forward (kind == ANSWERS ? self->answer : t->eval_run, EQK_PASS_INFER, NULL);
  return TRUE;
}

/* [0] and [1]: what one takes, at best and at worst. */
static gboolean
measure (Estimate *self, int kind, const int *cancel, double seconds[2], GError **error)
{
  const gint64       begun = g_get_monotonic_time ();
  g_autofree double *seen = g_new (double, MOST);
  guint              n = 0;

  for (guint k = 0; n < MOST && (n < 3 || (double) (g_get_monotonic_time () - begun) < budget_s[kind] * G_USEC_PER_SEC); k++)
    {
      const gint64 start = g_get_monotonic_time ();

      if (cancel != NULL && g_atomic_int_get (cancel) != 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Measuring was stopped."));
          return FALSE;
        }
      if (!do_one (self, kind, k, error))
        return FALSE;
      if (k > 0)
        seen[n++] = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    }
  qsort (seen, n, sizeof *seen, by_size);
  seconds[0] = seen[n / 4];
  seconds[1] = 1.1 * seen[n - 1 - n / 4];
  return TRUE;
}

static gboolean
make_answer_run (Estimate *self, GError **error)
{
  EqsTrainer   *t = &self->trainer;
  EqkRunOptions options = { .precision = t->precision, .train = false, .pool = t->pool, .capacity = eqs_feeder_get_capacity (t->valid_feeder, 1) };
  EqkDiag       diag = EQK_DIAG_INIT;

  if (eqk_run_new (t->program, t->eval_store, &options, &self->answer, &diag) == EQK_OK)
    return TRUE;
  eqs_compile_set_error (error, diag.status, &diag);
  return FALSE;
}

/* Statistics of norms are measured for the weights, and for their average too where the plan keeps one. */
static double
batches_of_statistics (const EqsTrainer *t)
{
  const guint n = eqs_split_get_n (t->train), batch = MIN (t->batch, n);

  return !eqk_run_has_states (t->train_run) ? 0 : (double) (MIN (t->norm_samples, n) / batch) * (t->eval_store == t->store ? 1 : 2);
}

static gboolean
measure_all (Estimate *self, const int *cancel, EqsTimes *out, GError **error)
{
  EqsTrainer  *t = &self->trainer;
  const guint  n_valid = eqs_split_get_n (t->valid);
  double       one[N_KINDS][2], probe;
  EqkRandom    random = eqk_random (t->seed, EQK_RANDOM_SHUFFLE, 0, 0, 0);
  gint64       start;

  self->order = g_new (guint32, eqs_split_get_n (t->train));
  eqk_random_permutation (&random, self->order, eqs_split_get_n (t->train));
  for (int kind = 0; kind < N_KINDS; kind++)
    if ((kind == ANSWERS && !make_answer_run (self, error)) || !measure (self, kind, cancel, one[kind], error))
      return FALSE;
  start = g_get_monotonic_time ();
  eqs_trainer_probe (t);
  probe = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  *out = (EqsTimes) { .steps = t->steps_per_epoch, .threads = (int) t->threads };
  for (int end = 0; end < 2; end++)
    {
      out->answer_s[end] = one[ANSWERS][end];
      out->epoch_s[end] = t->steps_per_epoch * one[STEPS][end] + batches_of_statistics (t) * one[FORWARDS][end] +
                          (n_valid + t->batch - 1) / t->batch * one[VALIDATIONS][end] + probe;
    }
  return TRUE;
}

gboolean
eqs_times_measure (EqsDocument *document, EqsDataset *dataset, int threads, const int *cancel, EqsTimes *out, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);
  g_return_val_if_fail (EQS_IS_DATASET (dataset), FALSE);
  EqsTrainOptions         options = EQS_TRAIN_OPTIONS_INIT;
  EqsTrainResult          result = { 0 };
  g_autoptr (EqsDocument) made = eqs_way_new (document, error);
  Estimate                self = { .trainer = { .document = made, .dataset = dataset, .options = &options, .result = &result, .symmetry_error = -1 } };
  gboolean                ok;

  options.threads = threads;
  ok = made != NULL && eqs_trainer_set_up (&self.trainer, error);
  self.trainer.started = self.trainer.saved = g_get_monotonic_time ();
  ok = ok && measure_all (&self, cancel, out, error);
  eqk_run_free (self.answer);
  g_free (self.order);
  eqs_trainer_tear_down (&self.trainer);
  eqs_train_result_clear (&result);
  return ok;
}

char *
eqs_seconds_dup_range (const double seconds[2])
{
  /* Translators: units of time */
  static const struct { double from, unit; const char *name; } units[] = { { 5400, 3600, N_("h") }, { 90, 60, N_("min") }, { 0.95, 1, N_("s") }, { 0.00095, 1e-3, N_("ms") }, { 0, 1e-6, N_("µs") } };
  guint            u = 0;
  g_autofree char *low = NULL, *high = NULL;
  double           ends[2];

  while (seconds[1] < units[u].from)
    u++;
  for (int end = 0; end < 2; end++)
    {
      const double x = seconds[end] / units[u].unit, step = x > 0 ? pow (10, floor (log10 (x)) - 1) : 1;      /* two digits */

      ends[end] = (end == 0 ? floor (x / step) : ceil (x / step)) * step;
    }
  low = g_strdup_printf ("%.*f", ends[0] < 10 ? 1 : 0, ends[0]);
  high = g_strdup_printf ("%.*f", ends[1] < 10 ? 1 : 0, ends[1]);
  return g_str_equal (low, high) ? g_strdup_printf ("%s %s", low, _(units[u].name)) : g_strdup_printf ("%s–%s %s", low, high, _(units[u].name));
}

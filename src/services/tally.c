/* Losses of outputs over batches, and the metrics that come of them. */

#include "services/batch.h"

#include "eqk/op.h"

#include <math.h>
#include <string.h>

EqsTally *
eqs_tally_new (EqsFeeder *feeder)
{
  const guint n = eqs_feeder_get_n_targets (feeder);
  EqsTally   *self = g_new0 (EqsTally, n + 1);

  for (guint i = 0; i < n; i++)
    {
      const EqsTarget *target = eqs_feeder_get_target (feeder, i);

      self[i].n_classes = target->n_classes;
      self[i].per_pixel = target->per_pixel;
      if (target->n_classes > 0)
        self[i].confusion = g_new0 (guint64, (gsize) target->n_classes * target->n_classes);
    }
  return self;
}

void
eqs_tally_free (EqsTally *self, EqsFeeder *feeder)
{
  for (guint i = 0; self != NULL && i < eqs_feeder_get_n_targets (feeder); i++)
    g_free (self[i].confusion);
  g_free (self);
}

/* The sums of one output, in a fixed order, with what is done to each. */
static void
visit (EqsTally *t, void (*func) (double *number, gpointer data), gpointer data)
{
  double whole[3] = { (double) t->hits, (double) t->counted, (double) t->samples };
  double *const reals[] = { &t->loss, &t->loss_count, &t->absolute, &t->squared, &t->numbers, &t->energy_atoms };

  for (guint i = 0; i < G_N_ELEMENTS (reals); i++)
    func (reals[i], data);
  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    func (&whole[i], data);
  t->hits = (gsize) whole[0];
  t->counted = (gsize) whole[1];
  t->samples = (gsize) whole[2];
  for (guint i = 0; i < t->n_classes * t->n_classes; i++)
    {
      double count = (double) t->confusion[i];

      func (&count, data);
      t->confusion[i] = (guint64) count;
    }
}

static void
append_number (double *number, gpointer data)
{
  g_array_append_vals (data, number, 1);
}

typedef struct
{
  const GArray *numbers;
  guint         at;
} Reader;

static void
read_number (double *number, gpointer data)
{
  Reader *reader = data;

  *number = g_array_index (reader->numbers, double, reader->at++);
}

static void
count_number (double *number, gpointer data)
{
  ++*(guint *) data;
}

void
eqs_tally_write (EqsTally *self, EqsFeeder *feeder, GArray *numbers)
{
  for (guint i = 0; i < eqs_feeder_get_n_targets (feeder); i++)
    visit (&self[i], append_number, numbers);
}

void
eqs_tally_read (EqsTally *self, EqsFeeder *feeder, const GArray *numbers)
{
  Reader reader = { numbers, 0 };
  guint  wanted = 0;

  for (guint i = 0; i < eqs_feeder_get_n_targets (feeder); i++)
    visit (&self[i], count_number, &wanted);
  for (guint i = 0; wanted == numbers->len && i < eqs_feeder_get_n_targets (feeder); i++)
    visit (&self[i], read_number, &reader);
}

static double
number (EqkPrecision precision, const void *data, gsize i)
{
  return precision == EQK_F32 ? ((const float *) data)[i] : ((const double *) data)[i];
}

static void
add_confusion (EqsTally *tally, EqkPrecision precision, const void *logits, const gint32 *labels, gsize rows)
{
  const guint k = tally->n_classes;

  for (gsize r = 0; r < rows; r++)
    {
      guint best = 0;

      for (guint c = 1; c < k; c++)
        if (number (precision, logits, r * k + c) > number (precision, logits, r * k + best))
          best = c;
      if (labels[r] >= 0 && (guint) labels[r] < k)
        tally->confusion[(gsize) labels[r] * k + best]++;
    }
}

static double
add_labels (EqsTally *tally, EqsFeeder *feeder, EqkRun *run, guint i, const void *y, void *seed)
{
  const EqsTarget *target = eqs_feeder_get_target (feeder, i);
  const gsize      rows = eqk_run_rows (run, eqk_program_output (run->program, (int) i)->value);
  size_t           hits, counted;
  const double     sum = eqk_loss_cross_entropy (run->precision, run->pool, y, eqs_feeder_get_values (feeder, i), NULL, rows, (int) target->n_classes,
                                                 target->weight, seed, &hits, &counted);

  tally->loss += sum;
  tally->loss_count += (double) counted;
  tally->hits += hits;
  tally->counted += counted;
  add_confusion (tally, run->precision, y, eqs_feeder_get_values (feeder, i), rows);
  return counted > 0 ? target->weight * sum / (double) counted : 0;
}

static double
add_numbers (EqsTally *tally, EqsFeeder *feeder, EqkRun *run, guint i, const void *y, void *seed)
{
  const EqsTarget *target = eqs_feeder_get_target (feeder, i);
  const int        value = eqk_program_output (run->program, (int) i)->value;
  const gsize      rows = eqk_run_rows (run, value), n = rows * (gsize) eqk_program_value (run->program, value)->width;
  const void      *t = eqs_feeder_get_values (feeder, i);
  const double     loss = eqk_loss_numbers (target->loss, run->precision, y, t, n, target->scale, target->weight, seed);

  for (gsize k = 0; k < n; k++)
    {
      const double d = number (run->precision, y, k) - number (run->precision, t, k);

      tally->absolute += fabs (d);
      tally->squared += d * d;
      if (strcmp (target->name, "energy") == 0 && run->structures != NULL && run->structures[0].node_offset != NULL)
        tally->energy_atoms += fabs (d) / MAX (1, run->structures[0].node_offset[k + 1] - run->structures[0].node_offset[k]);
    }
  tally->numbers += (double) n;
  tally->loss += target->weight > 0 ? loss / target->weight * (double) run->sizes.batch : 0;
  tally->loss_count += run->sizes.batch;
  return loss;
}

double
eqs_tally_add (EqsTally *self, EqsFeeder *feeder, EqkRun *run, gboolean seeds)
{
  double loss = 0;

  for (guint i = 0; i < eqs_feeder_get_n_targets (feeder); i++)
    {
      const EqkProgramOutput *output = eqk_program_output (run->program, (int) i);
      const void             *y = eqk_run_value (run, output->value);
      void                   *seed = seeds ? eqk_run_seed (run, (int) i) : NULL;

      self[i].samples += (gsize) run->sizes.batch;
      loss += self[i].n_classes > 0 ? add_labels (&self[i], feeder, run, i, y, seed) : add_numbers (&self[i], feeder, run, i, y, seed);
    }
  return loss;
}

/* Mean over classes that occur, of intersection over union; with segmentation class 0 is the background and is left out. */
static double
mean_iou (const EqsTally *tally)
{
  const guint k = tally->n_classes;
  double      sum = 0;
  guint       n = 0;

  for (guint c = 1; c < k; c++)
    {
      guint64 inside = tally->confusion[(gsize) c * k + c], all = 0;

      for (guint d = 0; d < k; d++)
        all += tally->confusion[(gsize) c * k + d] + (d == c ? 0 : tally->confusion[(gsize) d * k + c]);
      if (all == 0)
        continue;
      sum += (double) inside / (double) all;
      n++;
    }
  return n > 0 ? sum / n : 0;
}

void
eqs_tally_report (EqsTally *self, EqsFeeder *feeder, EqsMetricFunc func, gpointer data)
{
  double loss = 0;

  for (guint i = 0; i < eqs_feeder_get_n_targets (feeder); i++)
    {
      const EqsTally  *t = &self[i];
      const EqsTarget *target = eqs_feeder_get_target (feeder, i);

      loss += t->loss_count > 0 ? target->weight * t->loss / t->loss_count : 0;
      if (t->n_classes > 0)
        {
          func ("accuracy", t->counted > 0 ? (double) t->hits / (double) t->counted : 0, NULL, data);
          if (t->per_pixel)
            func ("miou", mean_iou (t), NULL, data);
        }
      else if (strcmp (target->name, "energy") == 0)
        {
          func ("energy_mae", t->numbers > 0 ? t->absolute / t->numbers : 0, "eV", data);
          func ("energy_mae_per_atom", t->numbers > 0 ? t->energy_atoms / t->numbers : 0, "eV", data);
        }
      else if (strcmp (target->name, "forces") == 0)
        {
          func ("force_mae", t->numbers > 0 ? t->absolute / t->numbers : 0, "eV/Å", data);
          func ("force_rmse", t->numbers > 0 ? sqrt (t->squared / t->numbers) : 0, "eV/Å", data);
        }
      else
        {
          func ("mae", t->numbers > 0 ? t->absolute / t->numbers : 0, target->unit, data);
          func ("rmse", t->numbers > 0 ? sqrt (t->squared / t->numbers) : 0, target->unit, data);
        }
    }
  func ("loss", loss, NULL, data);
}

double
eqs_tally_score (EqsTally *self, EqsFeeder *feeder)
{
  double score = 0;

  for (guint i = 0; i < eqs_feeder_get_n_targets (feeder); i++)
    {
      const EqsTally *t = &self[i];

      if (t->n_classes > 0)
        score += t->per_pixel ? mean_iou (t) : (double) t->hits / MAX (1.0, (double) t->counted);
      else
        score -= t->numbers > 0 ? t->absolute / t->numbers / eqs_feeder_get_target (feeder, i)->scale : 0;
    }
  return score;
}

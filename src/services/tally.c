/* Losses of outputs over batches, and the metrics that come of them. */

#include "services/batch.h"

#include "eqk/op.h"

#include <math.h>
#include <string.h>

/* Errors of rotations are counted by tenths of a degree, 0 to 180, so that a median needs no list of all samples. */
#define N_TENTHS 1801

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
      self[i].n_angles = target->is_pose ? N_TENTHS * (target->pairs ? 2 : 1) : 0;
      if (target->is_pose)
        self[i].angles = g_new0 (guint64, self[i].n_angles);
    }
  return self;
}

void
eqs_tally_free (EqsTally *self, EqsFeeder *feeder)
{
  for (guint i = 0; self != NULL && i < eqs_feeder_get_n_targets (feeder); i++)
    {
      g_free (self[i].confusion);
      g_free (self[i].angles);
    }
  g_free (self);
}

static void
visit_counts (guint64 *counts, gsize n, void (*func) (double *number, gpointer data), gpointer data)
{
  for (gsize i = 0; i < n; i++)
    {
      double count = (double) counts[i];

      func (&count, data);
      counts[i] = (guint64) count;
    }
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
  visit_counts (t->confusion, (gsize) t->n_classes * t->n_classes, func, data);
  visit_counts (t->angles, t->n_angles, func, data);
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

/* Angle of the rotation that leads from a to b, in degrees; columns one after the other. */
static double
angle_between (const double *a, const double *b)
{
  double trace = 0;

  for (guint i = 0; i < 9; i++)
    trace += a[i] * b[i];
  return acos (CLAMP ((trace - 1) / 2, -1, 1)) * 180 / G_PI;
}

/* b a^T, column by column. */
static void
relative_to (const double *a, const double *b, double *out)
{
  for (guint c = 0; c < 3; c++)
    for (guint r = 0; r < 3; r++)
      out[3 * c + r] = b[r] * a[c] + b[3 + r] * a[3 + c] + b[6 + r] * a[6 + c];
}

static void
count_angle (guint64 *tenths, double angle)
{
  tenths[(guint) CLAMP (10 * angle, 0, N_TENTHS - 1)]++;
}

static void
add_poses (EqsTally *tally, EqkPrecision precision, const void *y, const void *t, gsize rows, gsize before, gboolean pairs)
{
  for (gsize r = 0; r < rows; r++)
    {
      double *last = tally->first_of_pair, both[18];

      for (guint i = 0; i < 9; i++)
        {
          both[i] = number (precision, y, 9 * r + i);
          both[9 + i] = number (precision, t, 9 * r + i);
        }
      count_angle (tally->angles, angle_between (both, both + 9));
      if (pairs && (before + r) % 2 == 1)
        {
          double predicted[9], right[9];

          relative_to (last, both, predicted);
          relative_to (last + 9, both + 9, right);
          count_angle (tally->angles + N_TENTHS, angle_between (predicted, right));
        }
      memcpy (last, both, sizeof both);
    }
}

/* The middle of the counts, at the centre of its tenth of a degree. */
static double
median_angle (const guint64 *tenths)
{
  guint64 all = 0, seen = 0;

  for (guint i = 0; i < N_TENTHS; i++)
    all += tenths[i];
  for (guint i = 0; i < N_TENTHS && all > 0; i++)
    if (2 * (seen += tenths[i]) >= all)
      return (i + 0.5) / 10;
  return 0;
}

/* Errors of the nine numbers of the matrix, which people know. */
static void
add_tensors (EqsTally *tally, EqkPrecision precision, const void *y, const void *t, gsize rows)
{
  for (gsize r = 0; r < rows; r++)
    {
      double d[6], matrix[9];

      for (gsize k = 0; k < 6; k++)
        d[k] = number (precision, y, 6 * r + k) - number (precision, t, 6 * r + k);
      eqk_stress_from_irreps (d, matrix);
      for (guint k = 0; k < 9; k++)
        {
          tally->absolute += fabs (matrix[k]);
          tally->squared += matrix[k] * matrix[k];
        }
    }
}

static double
add_numbers (EqsTally *tally, EqsFeeder *feeder, EqkRun *run, guint i, const void *y, void *seed)
{
  const EqsTarget *target = eqs_feeder_get_target (feeder, i);
  const int        value = eqk_program_output (run->program, (int) i)->value;
  const gsize      rows = eqk_run_rows (run, value), width = (gsize) eqk_program_value (run->program, value)->width, n = rows * width;
  const void      *t = eqs_feeder_get_values (feeder, i);
  const double     loss = eqk_loss_numbers (target->loss, run->precision, y, t, n, width, target->scale, target->weight, seed);

  if (target->is_tensor)
    add_tensors (tally, run->precision, y, t, rows);
  for (gsize k = 0; k < n && !target->is_tensor; k++)
    {
      const double d = number (run->precision, y, k) - number (run->precision, t, k);

      tally->absolute += fabs (d);
      tally->squared += d * d;
      if (strcmp (target->name, "energy") == 0 && run->structures != NULL && run->structures[0].node_offset != NULL)
        tally->energy_atoms += fabs (d) / MAX (1, run->structures[0].node_offset[k + 1] - run->structures[0].node_offset[k]);
    }
  tally->numbers += target->is_tensor ? 9.0 * (double) rows : (double) n;
  if (target->is_pose)
    add_poses (tally, run->precision, y, t, rows, tally->samples - (gsize) run->sizes.batch, target->pairs);
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
          func ("energy_mae", t->numbers > 0 ? t->absolute / t->numbers : 0, target->unit, data);
          func ("energy_mae_per_atom", t->numbers > 0 ? t->energy_atoms / t->numbers : 0, target->unit, data);
        }
      else if (strcmp (target->name, "forces") == 0)
        {
          func ("force_mae", t->numbers > 0 ? t->absolute / t->numbers : 0, target->unit, data);
          func ("force_rmse", t->numbers > 0 ? sqrt (t->squared / t->numbers) : 0, target->unit, data);
        }
      else if (target->is_stress)
        {
          func ("stress_mae", t->numbers > 0 ? t->absolute / t->numbers : 0, target->unit, data);
          func ("stress_rmse", t->numbers > 0 ? sqrt (t->squared / t->numbers) : 0, target->unit, data);
        }
      else if (target->is_pose)
        {
          func ("angle_median_deg", median_angle (t->angles), "°", data);
          if (target->pairs)
            func ("pair_angle_median_deg", median_angle (t->angles + N_TENTHS), "°", data);
        }
      else if (target->is_noise)
        func (strcmp (target->name, "noise") == 0 ? "noise_rmse" : "types_rmse", t->numbers > 0 ? sqrt (t->squared / t->numbers) : 0, NULL, data);
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

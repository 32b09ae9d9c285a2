/* Batch normalisation of fields. One operation carries the whole family (layers.md D1 to D4), because they differ only in
 * which variance a field gets and whether the gradient goes through it:
 *
 *   y = w_f (x - mu) / sqrt (var_f + eps) + sum_t b_t col_t,   mu = sum_t a_t col_t,   a_t = col_t . E[x] / |col_t|^2
 *
 * where col_t are the invariant directions of the field. An ordinary batch norm is the case of fields of one channel, an
 * inner batch norm that of the column of ones. Since mu is the projection of E[x], sum |x - mu|^2 = sum |x|^2 - N |mu|^2
 * and two sums a channel are all that forward and reverse need; the rest are affine maps by channel. Running values are
 * written in commit. Inference is one affine map, with reverse as that of a constant map.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/field_sums.h"
#include "ops/fields-emit.h"

#include <math.h>
#include <string.h>

enum { X, WEIGHT, BIAS, MEAN, VAR };

/* What forward leaves for reverse and commit, all in double. */
typedef struct
{
  double *mean;       /* [n_means] coefficients of this batch */
  double *new_var;    /* [n_fields] what enters the running value */
  double *rstd;       /* [n_fields] factor used */
} Saved;

static Saved
saved_of (const EqkRun *run, const EqkOp *op, const EqkFieldLayout *layout)
{
  double *memory = run->saved[op->index];

  return (Saved) { memory, memory + layout->n_means, memory + layout->n_means + layout->n_fields };
}

static size_t
scratch_bytes (const EqkFieldLayout *layout)
{
  const size_t c = (size_t) layout->n_channels, f = (size_t) (layout->n_fields + layout->n_means);

  return eqk_channel_sums_scratch (c) + (2 * c + 2 * f) * sizeof (double) + 3 * c * sizeof (double);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkBatchNormParams *p = op->params;
  const EqkFieldLayout     *layout = &p->layout;

  plan->scratch = plan->export_plan ? 2 * (size_t) layout->n_channels * sizeof (double) : scratch_bytes (layout);
  if (plan->train)
    {
      plan->scratch_reverse = scratch_bytes (layout);
      plan->saved = (size_t) (layout->n_means + 2 * layout->n_fields) * sizeof (double);
    }
  plan->macs = (double) eqk_value_count (program, op->in[X], sizes);
  return EQK_OK;
}

/* Scratch, cut into its parts. */
typedef struct
{
  double   *sum, *product, *mean, *rstd, *bias_grad, *field_sum;
  void     *partial;
  eqk_real *a, *b, *s;
} Work;

static Work
work_of (const EqkRun *run, const EqkFieldLayout *layout)
{
  const size_t c = (size_t) layout->n_channels, f = (size_t) layout->n_fields, m = (size_t) layout->n_means;
  char        *at = run->scratch;
  Work         work;

  work.partial = at;
  at += eqk_channel_sums_scratch (c);
  work.sum = (double *) at;
  work.product = work.sum + c;
  work.mean = work.product + c;
  work.rstd = work.mean + m;
  work.bias_grad = work.rstd + f;
  work.field_sum = work.bias_grad + m;
  work.a = (eqk_real *) (work.field_sum + f);
  work.b = work.a + c;
  work.s = work.b + c;
  return work;
}

/* Numbers of a field that share its variance. */
static double
tied_share (const EqkBatchNormParams *p, int32_t dim)
{
  return p->sums ? 1 : dim;
}

/* Variance of each field of the batch: the one to normalise by and the one that enters the running value. */
static void
batch_variances (const EqkBatchNormParams *p, const Work *work, const double *mean, double n, double *used, double *running)
{
  const EqkFieldLayout *layout = &p->layout;
  const double          n_less = n > 1 ? n - 1 : 1;
  int                   t = 0;

  for (int32_t f = 0; f < layout->n_fields; f++)
    {
      const int32_t first = layout->first[f], dim = layout->first[f + 1] - first;
      const double  square = eqk_field_square (layout, mean, f, &t), count = n * tied_share (p, dim);
      double        total = 0, centred = 0;

      for (int32_t c = first; c < first + dim; c++)
        {
          total += work->product[c];
          centred += work->product[c] - work->sum[c] * work->sum[c] / n;
        }
      total = fmax (total - n * square, 0);
      switch (p->mode)
        {
        case EQK_NORM_TIED:
          used[f] = total / count;
          running[f] = p->biased ? used[f] : total / (count > 1 ? count - 1 : 1);
          break;
        case EQK_NORM_IID:
          used[f] = running[f] = fmax (centred, 0) / (n_less * dim);
          break;
        case EQK_NORM_LENGTH:
        case EQK_NORM_LENGTH_BATCH:
          used[f] = running[f] = total / (n_less * dim);
          break;
        }
    }
}

static void
apply (EqkRun *run, const EqkOp *op, const EqkFieldLayout *layout, const Work *work, const double *mean, const double *rstd)
{
  const size_t    n_channels = (size_t) layout->n_channels;
  const size_t    rows = eqk_run_rows (run, op->in[X]);
  const eqk_real *weight = op->in[WEIGHT] < 0 ? NULL : EQK_X (run, op->in[WEIGHT]);
  const eqk_real *bias = op->in[BIAS] < 0 ? NULL : EQK_X (run, op->in[BIAS]);
  double         *scale = work->field_sum, *shift = work->bias_grad;

  for (int32_t f = 0; f < layout->n_fields; f++)
    {
      scale[f] = rstd[f] * (weight == NULL ? 1 : (double) weight[f]);
      for (int32_t c = layout->first[f]; c < layout->first[f + 1]; c++)
        work->a[c] = (eqk_real) scale[f];
    }
  for (int t = 0; t < layout->n_means; t++)
    shift[t] = (bias == NULL ? 0 : (double) bias[t]) - scale[layout->mean_field[t]] * mean[t];
  memset (work->s, 0, n_channels * sizeof *work->s);
  eqk_field_add_columns (layout, shift, work->s);
  eqk_channel_affine (run->pool, EQK_X (run, op->in[X]), work->a, work->s, EQK_X (run, op->out[0]), rows, n_channels);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const EqkBatchNormParams *p = op->params;
  const EqkFieldLayout     *layout = &p->layout;
  const size_t              rows = eqk_run_rows (run, op->in[X]);
  const eqk_real           *running_mean = op->in[MEAN] < 0 ? NULL : EQK_X (run, op->in[MEAN]);
  const eqk_real           *running_var = EQK_X (run, op->in[VAR]);
  const Work                work = work_of (run, layout);
  Saved                     saved;

  saved = run->saved[op->index] != NULL ? saved_of (run, op, layout) : (Saved) { work.mean, NULL, work.rstd };
  if (run->mode == EQK_PASS_INFER)
    {
      for (int t = 0; t < layout->n_means; t++)
        saved.mean[t] = running_mean == NULL ? 0 : (double) running_mean[t];
      for (int32_t f = 0; f < layout->n_fields; f++)
        saved.rstd[f] = 1 / sqrt ((double) running_var[f] + p->eps);
      apply (run, op, layout, &work, saved.mean, saved.rstd);
      return;
    }

  eqk_channel_sums (run->pool, EQK_X (run, op->in[X]), EQK_X (run, op->in[X]), rows, (size_t) layout->n_channels,
                    work.sum, work.product, work.partial);
  eqk_field_project (layout, work.sum, rows > 0 ? 1.0 / (double) rows : 0, saved.mean);
  batch_variances (p, &work, saved.mean, rows > 0 ? (double) rows : 1, saved.rstd, saved.new_var);
  for (int32_t f = 0; f < layout->n_fields; f++)
    {
      double var = saved.rstd[f];

      if (p->mode == EQK_NORM_LENGTH)
        var = (1 - p->momentum) * (double) running_var[f] + p->momentum * saved.new_var[f];
      saved.rstd[f] = 1 / sqrt (var + p->eps);
    }
  apply (run, op, layout, &work, saved.mean, saved.rstd);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  const EqkBatchNormParams *p = op->params;
  const EqkFieldLayout     *layout = &p->layout;
  const size_t              n_channels = (size_t) layout->n_channels;
  const size_t              rows = eqk_run_rows (run, op->in[X]);
  const double              n = rows > 0 ? (double) rows : 1, n_less = n > 1 ? n - 1 : 1;
  const eqk_real           *x = EQK_X (run, op->in[X]), *dy = EQK_GOUT (run, op, 0);
  const eqk_real           *weight = op->in[WEIGHT] < 0 ? NULL : EQK_X (run, op->in[WEIGHT]);
  eqk_real                 *dx = EQK_GIN (run, op, X), *dweight = EQK_GIN (run, op, WEIGHT), *dbias = EQK_GIN (run, op, BIAS);
  const Work                work = work_of (run, layout);
  const Saved               saved = saved_of (run, op, layout);
  const bool                fixed = p->mode == EQK_NORM_IID || p->mode == EQK_NORM_LENGTH || run->mode == EQK_PASS_INFER;
  const bool                constant = fixed || p->peak;     /* the variance: nothing goes through it here */
  int                       t = 0;

  eqk_channel_sums (run->pool, dy, x, rows, n_channels, work.sum, work.product, work.partial);
  eqk_field_project (layout, work.sum, 1 / n, work.mean);              /* of the mean of dy, per invariant direction */
  for (int32_t f = 0; f < layout->n_fields; f++)
    {
      const int32_t first = layout->first[f], dim = layout->first[f + 1] - first;
      double        through = 0;

      /* sum of dy . (x - mu): the gradient of the weight, up to the factor rstd */
      for (int32_t c = first; c < first + dim; c++)
        through += work.product[c];
      for (; t < layout->n_means && layout->mean_field[t] == f; t++)
        {
          double square = 0, dot;

          for (int32_t c = 0; c < dim; c++)
            square += layout->column[layout->mean_offset[t] + c] * layout->column[layout->mean_offset[t] + c];
          dot = work.mean[t] * n * square;                   /* col . sum of dy */
          through -= saved.mean[t] * dot;
          if (dbias != NULL)
            dbias[t] = (eqk_real) dot;
        }
      work.field_sum[f] = through * saved.rstd[f];
      if (dweight != NULL)
        dweight[f] = (eqk_real) work.field_sum[f];
    }
  if (dx == NULL)
    return;

  memset (work.s, 0, n_channels * sizeof *work.s);
  for (int32_t f = 0; f < layout->n_fields; f++)
    {
      const int32_t dim = layout->first[f + 1] - layout->first[f];
      const double  a = saved.rstd[f] * (weight == NULL ? 1 : (double) weight[f]);
      const double  count = p->mode == EQK_NORM_TIED ? n * tied_share (p, dim) : n_less * dim;

      for (int32_t c = layout->first[f]; c < layout->first[f + 1]; c++)
        {
          work.a[c] = (eqk_real) a;
          work.b[c] = constant ? 0 : (eqk_real) (-a * saved.rstd[f] * work.field_sum[f] / count);
        }
      work.rstd[f] = a;
    }
  if (p->mode == EQK_NORM_TIED && !fixed)
    for (t = 0; t < layout->n_means; t++)
      {
        const int32_t f = layout->mean_field[t], dim = layout->first[f + 1] - layout->first[f];

        work.bias_grad[t] = work.rstd[f] * ((constant ? 0 : saved.mean[t] * saved.rstd[f] * work.field_sum[f] / (n * tied_share (p, dim))) - work.mean[t]);
      }
  else
    memset (work.bias_grad, 0, (size_t) layout->n_means * sizeof (double));
  eqk_field_add_columns (layout, work.bias_grad, work.s);
  eqk_channel_affine2 (run->pool, dy, x, work.a, work.b, work.s, dx, rows, n_channels);
}

static void
commit (EqkRun *run, const EqkOp *op)
{
  const EqkBatchNormParams *p = op->params;
  const EqkFieldLayout     *layout = &p->layout;
  const Saved               saved = saved_of (run, op, layout);
  const double              share = run->share > 0 ? run->share : p->momentum;
  eqk_real                 *mean = op->in[MEAN] < 0 ? NULL : EQK_X (run, op->in[MEAN]), *var = EQK_X (run, op->in[VAR]);

  for (int t = 0; mean != NULL && t < layout->n_means; t++)
    mean[t] = (eqk_real) ((1 - share) * (double) mean[t] + share * saved.mean[t]);
  for (int32_t f = 0; f < layout->n_fields; f++)
    var[f] = (eqk_real) ((1 - share) * (double) var[f] + share * saved.new_var[f]);
}

/* ---- the largest of each sample ---- */

/* Of each sample and field the row with the largest |x - mu|^2, [batch][n_fields], behind the other saved values; -1: a sample without rows. */
static int32_t *
peaks_of (const EqkRun *run, const EqkOp *op, const EqkFieldLayout *layout)
{
  return (int32_t *) ((double *) run->saved[op->index] + layout->n_means + 2 * layout->n_fields);
}

static EqkStatus
plan_peak (EqkOpPlan *plan_, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkFieldLayout *layout = &((const EqkBatchNormParams *) op->params)->layout;
  const size_t          n_peaks = (size_t) sizes->batch * (size_t) layout->n_fields;
  const EqkStatus       status = plan (plan_, program, op, sizes);

  if (plan_->train)
    {
      plan_->scratch += n_peaks * sizeof (double);
      plan_->saved += n_peaks * sizeof (int32_t);
    }
  return status;
}

typedef struct
{
  const EqkRun         *run;
  const EqkOp          *op;
  const EqkFieldLayout *layout;
  const eqk_real       *x, *mean;    /* mean: by channel */
  double               *height;      /* [batch][n_fields] */
  int32_t              *row;
} Peaks;

static double
away_from (const Peaks *peaks, size_t row, int32_t f)
{
  const eqk_real *x = peaks->x + row * (size_t) peaks->layout->n_channels;
  double          square = 0;

  for (int32_t c = peaks->layout->first[f]; c < peaks->layout->first[f + 1]; c++)
    square += ((double) x[c] - (double) peaks->mean[c]) * ((double) x[c] - (double) peaks->mean[c]);
  return square;
}

static void
peaks_of_samples (void *data, size_t first, size_t last, size_t chunk, int lane)
{
  const Peaks *peaks = data;
  const size_t n = (size_t) peaks->layout->n_fields;
  size_t       begin, end;

  (void) chunk;
  (void) lane;
  for (size_t s = first; s < last; s++)
    {
      eqk_sample_rows (peaks->run, peaks->op->in[X], s, &begin, &end);
      for (int32_t f = 0; f < peaks->layout->n_fields; f++)
        {
          double  highest = 0;
          int32_t row = begin < end ? (int32_t) begin : -1;

          for (size_t r = begin; r < end; r++)
            {
              const double here = away_from (peaks, r, f);

              if (here > highest)
                {
                  highest = here;
                  row = (int32_t) r;
                }
            }
          peaks->height[s * n + (size_t) f] = highest;
          peaks->row[s * n + (size_t) f] = row;
        }
    }
}

/* Samples that have rows. */
static double
count_samples (const EqkRun *run, const int32_t *rows, const EqkFieldLayout *layout)
{
  int n = 0;

  for (int s = 0; s < run->sizes.batch && layout->n_fields > 0; s++)
    n += rows[(size_t) s * (size_t) layout->n_fields] >= 0;
  return n > 0 ? n : 1;
}

static void
forward_peak (EqkRun *run, const EqkOp *op)
{
  const EqkBatchNormParams *p = op->params;
  const EqkFieldLayout     *layout = &p->layout;
  const size_t              rows = eqk_run_rows (run, op->in[X]), n_fields = (size_t) layout->n_fields;
  const Work                work = work_of (run, layout);
  Peaks                     peaks = { run, op, layout, EQK_X (run, op->in[X]), work.a, (double *) ((char *) run->scratch + scratch_bytes (layout)), NULL };
  Saved                     saved;

  if (run->mode == EQK_PASS_INFER)
    {
      forward (run, op);
      return;
    }
  saved = saved_of (run, op, layout);
  peaks.row = peaks_of (run, op, layout);
  eqk_channel_sums (run->pool, peaks.x, peaks.x, rows, (size_t) layout->n_channels, work.sum, work.product, work.partial);
  eqk_field_project (layout, work.sum, rows > 0 ? 1.0 / (double) rows : 0, saved.mean);
  memset (work.a, 0, (size_t) layout->n_channels * sizeof *work.a);
  eqk_field_add_columns (layout, saved.mean, work.a);
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, peaks_of_samples, &peaks);
  for (int32_t f = 0; f < layout->n_fields; f++)
    {
      double sum = 0;

      for (size_t s = 0; s < (size_t) run->sizes.batch; s++)
        sum += peaks.height[s * n_fields + (size_t) f];
      saved.new_var[f] = sum / count_samples (run, peaks.row, layout) / tied_share (p, layout->first[f + 1] - layout->first[f]);
      saved.rstd[f] = 1 / sqrt (saved.new_var[f] + p->eps);
    }
  apply (run, op, layout, &work, saved.mean, saved.rstd);
}

/*
 * The affine part is that of every batch norm with a constant variance. What goes through the variance reaches x at the peaks, v = dvar 2 (x - mu) / (B d),
 * and mu with the opposite sign, from there all rows alike.
 */
static void
reverse_peak (EqkRun *run, const EqkOp *op)
{
  const EqkBatchNormParams *p = op->params;
  const EqkFieldLayout     *layout = &p->layout;
  const size_t              rows = eqk_run_rows (run, op->in[X]), n_channels = (size_t) layout->n_channels, n_fields = (size_t) layout->n_fields;
  const eqk_real           *x = EQK_X (run, op->in[X]), *weight = op->in[WEIGHT] < 0 ? NULL : EQK_X (run, op->in[WEIGHT]);
  eqk_real                 *dx = EQK_GIN (run, op, X);
  const Work                work = work_of (run, layout);
  const Saved               saved = saved_of (run, op, layout);
  const int32_t            *row = peaks_of (run, op, layout);
  double                    n_samples;

  reverse (run, op);
  if (dx == NULL || run->mode == EQK_PASS_INFER)
    return;
  n_samples = count_samples (run, row, layout);
  memset (work.s, 0, n_channels * sizeof *work.s);
  eqk_field_add_columns (layout, saved.mean, work.s);
  memset (work.sum, 0, n_channels * sizeof *work.sum);
  for (int32_t f = 0; f < layout->n_fields; f++)
    {
      const double scale = -(weight == NULL ? 1 : (double) weight[f]) * saved.rstd[f] * saved.rstd[f] * work.field_sum[f] / (n_samples * tied_share (p, layout->first[f + 1] - layout->first[f]));

      for (size_t s = 0; s < (size_t) run->sizes.batch; s++)
        for (int32_t c = layout->first[f]; row[s * n_fields + (size_t) f] >= 0 && c < layout->first[f + 1]; c++)
          {
            const size_t at = (size_t) row[s * n_fields + (size_t) f] * n_channels + (size_t) c;
            const double v = scale * ((double) x[at] - (double) work.s[c]);

            dx[at] += (eqk_real) v;
            work.sum[c] -= v;
          }
    }
  eqk_field_project (layout, work.sum, rows > 0 ? 1.0 / (double) rows : 0, work.mean);
  memset (work.s, 0, n_channels * sizeof *work.s);
  eqk_field_add_columns (layout, work.mean, work.s);
  for (size_t r = 0; layout->n_means > 0 && r < rows; r++)
    for (size_t c = 0; c < n_channels; c++)
      dx[r * n_channels + c] += work.s[c];
}

/* One affine map by channel; its tables are made in scratch. */
static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkBatchNormParams *p = op->params;
  EqkStatus                 status;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "batch_norm"))
    {
      eqk_emit (e, "static void\nbatch_norm (const float *x, float *y, size_t rows, size_t width, " EQK_EMIT_LAYOUT ", const float *weight, const float *bias,\n"
                   "            const float *mean, const float *var, float eps, float *work)\n{\n"
                   "  float *scale = work, *shift = work + width;\n\n"
                   "  for (size_t f = 0; f < n_fields; f++)\n    for (int32_t c = first[f]; c < first[f + 1]; c++)\n      {\n"
                   "        scale[c] = (weight == NULL ? 1.0f : weight[f]) / sqrtf (var[f] + eps);\n        shift[c] = 0.0f;\n      }\n"
                   "  for (size_t t = 0; t < n_means; t++)\n    for (int32_t c = first[mean_field[t]]; c < first[mean_field[t] + 1]; c++)\n"
                   "      shift[c] += *column++ * ((bias == NULL ? 0.0f : bias[t]) - scale[c] * mean[t]);\n"
                   "  for (size_t r = 0; r < rows; r++)\n    for (size_t c = 0; c < width; c++)\n"
                   "      y[r * width + c] = scale[c] * x[r * width + c] + shift[c];\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  batch_norm (%s", eqk_emit_value (e, op->in[X]));
  eqk_emit (e, ", %s", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, ", %s, %d", eqk_emit_rows (e, op->out[0]), p->layout.n_channels);
  status = eqk_emit_layout (e, &p->layout);
  for (int k = WEIGHT; k <= VAR; k++)
    eqk_emit_optional (e, op->in[k]);
  eqk_emit (e, ", %#.9gf, (float *) %s);\n", p->eps, eqk_emit_scratch (e, op));
  return status;
}

const EqkOpType EQK_SYM (op_batch_norm) = {
  .id = "batch_norm",
  .smooth = EQK_SMOOTH,
  .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_INPLACE | EQK_INPLACE_REVERSE,
  .plan = plan,
  .forward = forward,
  .reverse = reverse,
  .commit = commit,
  .emit_c = emit_c,
};

const EqkOpType EQK_SYM (op_batch_norm_peak) = {
  .id = "batch_norm_peak",
  .smooth = EQK_SMOOTH_C0,
  .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1,
  .plan = plan_peak,
  .forward = forward_peak,
  .reverse = reverse_peak,
  .commit = commit,
  .emit_c = emit_c,
};

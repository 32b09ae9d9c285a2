/* Instance normalisation of fields: the statistics of a batch norm with tied channels (op_batch_norm.c), but of one sample
 * at a time, in training and inference alike. Samples are independent, so a sample is the unit of work; what they add to
 * the gradients of weight and bias is kept apart and added in the order of samples. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/field_sums.h"
#include "ops/fields-emit.h"

#include <math.h>
#include <string.h>

enum { X, WEIGHT, BIAS };

typedef struct
{
  EqkRun                   *run;
  const EqkOp              *op;
  const EqkFieldNormParams *p;
  const eqk_real           *x, *weight, *bias, *dy;
  eqk_real                 *y, *dx;
  double                   *statistics;    /* by sample: means, then 1 / standard deviations */
  char                     *work;          /* by sample */
  size_t                    work_bytes;
} Job;

static size_t
n_statistics (const EqkFieldLayout *layout)
{
  return (size_t) (layout->n_means + layout->n_fields);
}

/* Of one sample: sums and products of channels, coefficients, three tables. */
static size_t
work_bytes (const EqkFieldLayout *layout)
{
  const size_t c = (size_t) layout->n_channels;

  return (2 * c + 2 * n_statistics (layout)) * sizeof (double) + 3 * ((c + 7) / 8 * 8) * sizeof (eqk_real);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkFieldNormParams *p = op->params;
  const size_t              n = (size_t) sizes->batch;

  plan->scratch = plan->export_plan ? 3 * (size_t) p->layout.n_channels * sizeof (float) : n * (work_bytes (&p->layout) + n_statistics (&p->layout) * sizeof (double));
  if (plan->train)
    {
      plan->scratch_reverse = n * work_bytes (&p->layout);
      plan->saved = n * n_statistics (&p->layout) * sizeof (double);
    }
  plan->macs = 3 * (double) eqk_value_count (program, op->in[X], sizes);
  return EQK_OK;
}

static void
forward_sample (const Job *job, size_t sample)
{
  const EqkFieldLayout *layout = &job->p->layout;
  const size_t          c = (size_t) layout->n_channels;
  double               *sum = (double *) (job->work + sample * job->work_bytes), *product = sum + c, *shift = product + c;
  double               *mean = job->statistics + sample * n_statistics (layout), *rstd = mean + layout->n_means;
  eqk_real             *a = (eqk_real *) (shift + 2 * n_statistics (layout)), *s = a + (c + 7) / 8 * 8;
  size_t                begin, end;
  int                   t = 0;

  eqk_sample_rows (job->run, job->op->in[X], sample, &begin, &end);
  if (begin == end)
    {
      memset (mean, 0, n_statistics (layout) * sizeof *mean);
      return;
    }
  eqk_channel_sums_here (job->x + begin * c, job->x + begin * c, end - begin, c, sum, product);
  eqk_field_project (layout, sum, 1.0 / (double) (end - begin), mean);
  for (int32_t f = 0; f < layout->n_fields; f++)
    {
      const double n = (double) (end - begin), square = eqk_field_square (layout, mean, f, &t);
      double       total = 0;

      for (int32_t k = layout->first[f]; k < layout->first[f + 1]; k++)
        total += product[k];
      total = fmax (total - n * square, 0) / (n * (layout->first[f + 1] - layout->first[f]));
      rstd[f] = 1 / sqrt (total + job->p->eps);
      for (int32_t k = layout->first[f]; k < layout->first[f + 1]; k++)
        a[k] = (eqk_real) (rstd[f] * (job->weight == NULL ? 1 : (double) job->weight[f]));
    }
  for (t = 0; t < layout->n_means; t++)
    {
      const int32_t f = layout->mean_field[t];

      shift[t] = (job->bias == NULL ? 0 : (double) job->bias[t]) - rstd[f] * (job->weight == NULL ? 1 : (double) job->weight[f]) * mean[t];
    }
  memset (s, 0, c * sizeof *s);
  eqk_field_add_columns (layout, shift, s);
  eqk_channel_affine (NULL, job->x + begin * c, a, s, job->y + begin * c, end - begin, c);
}

static void
forward_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  (void) chunk;
  (void) lane;
  for (size_t i = begin; i < end; i++)
    forward_sample (data, i);
}

/* dx = w r (dy - mean of dy along the invariant directions - xhat sum (dy xhat) / N); see op_batch_norm.c. */
static void
reverse_sample (const Job *job, size_t sample)
{
  const EqkFieldLayout *layout = &job->p->layout;
  const size_t          c = (size_t) layout->n_channels;
  double               *sum = (double *) (job->work + sample * job->work_bytes), *product = sum + c;
  double               *dbias = product + c, *dweight = dbias + layout->n_means, *shift = dweight + layout->n_fields;
  const double         *mean = job->statistics + sample * n_statistics (layout), *rstd = mean + layout->n_means;
  eqk_real             *a = (eqk_real *) (dbias + 2 * n_statistics (layout)), *b = a + (c + 7) / 8 * 8, *s = b + (c + 7) / 8 * 8;
  size_t                begin, end;
  double                n;
  int                   t = 0;

  eqk_sample_rows (job->run, job->op->in[X], sample, &begin, &end);
  n = end > begin ? (double) (end - begin) : 1;
  eqk_channel_sums_here (job->dy + begin * c, job->x + begin * c, end - begin, c, sum, product);
  for (int32_t f = 0; f < layout->n_fields; f++)
    {
      const int32_t first = layout->first[f], dim = layout->first[f + 1] - first;
      const double  scale = rstd[f] * (job->weight == NULL ? 1 : (double) job->weight[f]);
      const int     t_first = t;

      dweight[f] = 0;
      for (int32_t k = first; k < first + dim; k++)
        dweight[f] += product[k];
      for (; t < layout->n_means && layout->mean_field[t] == f; t++)
        {
          const double *column = layout->column + layout->mean_offset[t];
          double        square = 0;

          dbias[t] = 0;
          for (int32_t k = 0; k < dim; k++)
            {
              dbias[t] += column[k] * sum[first + k];
              square += column[k] * column[k];
            }
          dweight[f] -= mean[t] * dbias[t];
          shift[t] = -scale * dbias[t] / (n * square);
        }
      dweight[f] *= rstd[f];
      for (int u = t_first; u < t; u++)
        shift[u] += scale * mean[u] * rstd[f] * dweight[f] / (n * dim);
      for (int32_t k = first; k < first + dim; k++)
        {
          a[k] = (eqk_real) scale;
          b[k] = (eqk_real) (-scale * rstd[f] * dweight[f] / (n * dim));
        }
    }
  if (job->dx == NULL)
    return;
  memset (s, 0, c * sizeof *s);
  eqk_field_add_columns (layout, shift, s);
  eqk_channel_affine2 (NULL, job->dy + begin * c, job->x + begin * c, a, b, s, job->dx + begin * c, end - begin, c);
}

static void
reverse_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  (void) chunk;
  (void) lane;
  for (size_t i = begin; i < end; i++)
    reverse_sample (data, i);
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkFieldNormParams *p = op->params;
  Job job = { .run = run, .op = op, .p = p, .x = EQK_X (run, op->in[X]), .work = run->scratch, .work_bytes = work_bytes (&p->layout) };

  job.weight = op->in[WEIGHT] < 0 ? NULL : EQK_X (run, op->in[WEIGHT]);
  job.bias = op->in[BIAS] < 0 ? NULL : EQK_X (run, op->in[BIAS]);
  job.statistics = run->saved[op->index];
  return job;
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  if (job.statistics == NULL)
    job.statistics = (double *) (job.work + (size_t) run->sizes.batch * job.work_bytes);
  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, forward_range, &job);
}

static void
fold (const Job *job, size_t offset, size_t n, eqk_real *out)
{
  for (size_t i = 0; out != NULL && i < n; i++)
    {
      double sum = 0;

      for (size_t k = 0; k < (size_t) job->run->sizes.batch; k++)
        sum += ((const double *) (job->work + k * job->work_bytes))[offset + i];
      out[i] = (eqk_real) sum;
    }
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job                   job = job_of (run, op);
  const EqkFieldLayout *layout = &job.p->layout;
  const size_t          at = 2 * (size_t) layout->n_channels;

  job.dy = EQK_GOUT (run, op, 0);
  job.dx = EQK_GIN (run, op, X);
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, reverse_range, &job);
  fold (&job, at, (size_t) layout->n_means, EQK_GIN (run, op, BIAS));
  fold (&job, at + (size_t) layout->n_means, (size_t) layout->n_fields, EQK_GIN (run, op, WEIGHT));
}

/* Exported C runs one sample at a time, so all rows are its places. Two passes: the centred squares need no double. */
static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkFieldNormParams *p = op->params;
  EqkStatus                 status;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "instance_norm"))
    {
      eqk_emit (e, "static void\ninstance_norm (const float *x, float *y, size_t rows, size_t width, " EQK_EMIT_LAYOUT ", const float *weight, const float *bias,\n"
                   "               float eps, float *work)\n{\n"
                   "  float       *mean = work, *offset = work + width, *sums = work + 2 * width;\n  const float *col = column;\n\n"
                   "  for (size_t c = 0; c < width; c++)\n    sums[c] = mean[c] = offset[c] = 0.0f;\n"
                   "  for (size_t r = 0; r < rows; r++)\n    for (size_t c = 0; c < width; c++)\n      sums[c] += x[r * width + c];\n"
                   "  for (size_t t = 0; t < n_means; t++)\n    {\n"
                   "      const int32_t begin = first[mean_field[t]], end = first[mean_field[t] + 1];\n      float         dot = 0.0f, square = 0.0f;\n\n"
                   "      for (int32_t c = begin; c < end; c++)\n        {\n          dot += col[c - begin] * sums[c];\n          square += col[c - begin] * col[c - begin];\n        }\n"
                   "      for (int32_t c = begin; c < end; c++, col++)\n        {\n          mean[c] += dot / square / (float) rows * *col;\n"
                   "          offset[c] += bias == NULL ? 0.0f : bias[t] * *col;\n        }\n    }\n"
                   "  for (size_t f = 0; f < n_fields; f++)\n    {\n"
                   "      const size_t begin = (size_t) first[f], end = (size_t) first[f + 1];\n      float        var = 0.0f, factor;\n\n"
                   "      for (size_t r = 0; r < rows; r++)\n        for (size_t c = begin; c < end; c++)\n"
                   "          var += (x[r * width + c] - mean[c]) * (x[r * width + c] - mean[c]);\n"
                   "      factor = (weight == NULL ? 1.0f : weight[f]) / sqrtf (var / ((float) rows * (float) (end - begin)) + eps);\n"
                   "      for (size_t r = 0; r < rows; r++)\n        for (size_t c = begin; c < end; c++)\n"
                   "          y[r * width + c] = factor * (x[r * width + c] - mean[c]) + offset[c];\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  instance_norm (%s", eqk_emit_value (e, op->in[X]));
  eqk_emit (e, ", %s", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, ", %s, %d", eqk_emit_rows (e, op->out[0]), p->layout.n_channels);
  status = eqk_emit_layout (e, &p->layout);
  eqk_emit_optional (e, op->in[WEIGHT]);
  eqk_emit_optional (e, op->in[BIAS]);
  eqk_emit (e, ", %#.9gf, (float *) %s);\n", p->eps, eqk_emit_scratch (e, op));
  return status;
}

const EqkOpType EQK_SYM (op_instance_norm) = {
  .id = "instance_norm", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_INPLACE | EQK_INPLACE_REVERSE,
  .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

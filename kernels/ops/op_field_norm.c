/* Field normalisation: each field of each row has its invariant part removed and is divided by the root of its mean square,
 * y = w (v - mu) / sqrt (|v - mu|^2 / d + eps) + sum_t b_t col_t. Rows are independent; fields are short, so the work is in
 * the row loop and the sums stay in registers. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/field_sums.h"
#include "ops/fields-emit.h"

#include <math.h>
#include <string.h>

enum { X, WEIGHT, BIAS };

typedef struct
{
  const EqkFieldNormParams *p;
  const eqk_real           *x, *weight, *bias, *dy;
  eqk_real                 *y, *dx;
  double                   *partial;       /* by chunk: gradients of weight, then of bias, then room for two fields */
} Job;

static size_t
partial_stride (const EqkFieldLayout *layout)
{
  return (size_t) (layout->n_fields + layout->n_means + 2 * layout->n_channels);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkFieldLayout *layout = &((const EqkFieldNormParams *) op->params)->layout;

  plan->scratch_reverse = EQK_SUM_CHUNKS * partial_stride (layout) * sizeof (double);
  plan->macs = 3 * (double) eqk_value_count (program, op->in[X], sizes);
  return EQK_OK;
}

/* out = v less its part along the invariant directions t, t + 1 … of the field. */
static void
centre (const EqkFieldLayout *layout, int32_t f, int t, const eqk_real *v, eqk_real *out)
{
  const int32_t dim = layout->first[f + 1] - layout->first[f];

  memmove (out, v, (size_t) dim * sizeof *out);
  for (; t < layout->n_means && layout->mean_field[t] == f; t++)
    {
      const double *column = layout->column + layout->mean_offset[t];
      double        dot = 0, square = 0;

      for (int32_t c = 0; c < dim; c++)
        {
          dot += column[c] * out[c];
          square += column[c] * column[c];
        }
      for (int32_t c = 0; c < dim; c++)
        out[c] -= (eqk_real) (dot / square * column[c]);
    }
}

static int
next_means (const EqkFieldLayout *layout, int32_t f, int t)
{
  while (t < layout->n_means && layout->mean_field[t] == f)
    t++;
  return t;
}

static double
dot_of (const eqk_real *a, const eqk_real *b, int32_t n)
{
  double sum = 0;

  for (int32_t c = 0; c < n; c++)
    sum += (double) a[c] * b[c];
  return sum;
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job            *job = data;
  const EqkFieldLayout *layout = &job->p->layout;
  const size_t          width = (size_t) layout->n_channels;

  (void) chunk;
  (void) lane;
  for (size_t i = begin; i < end; i++)
    for (int32_t f = 0, t = 0; f < layout->n_fields; f++)
      {
        const int32_t dim = layout->first[f + 1] - layout->first[f];
        eqk_real     *y = job->y + i * width + layout->first[f];
        double        factor;

        centre (layout, f, t, job->x + i * width + layout->first[f], y);
        factor = 1 / sqrt (dot_of (y, y, dim) / dim + job->p->eps) * (job->weight == NULL ? 1 : (double) job->weight[f]);
        for (int32_t c = 0; c < dim; c++)
          y[c] *= (eqk_real) factor;
        for (; t < layout->n_means && layout->mean_field[t] == f; t++)
          for (int32_t c = 0; job->bias != NULL && c < dim; c++)
            y[c] += (eqk_real) ((double) job->bias[t] * layout->column[layout->mean_offset[t] + c]);
      }
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job            *job = data;
  const EqkFieldLayout *layout = &job->p->layout;
  const size_t          width = (size_t) layout->n_channels, n = (size_t) (layout->n_fields + layout->n_means);
  double               *dweight = job->partial + chunk * partial_stride (layout), *dbias = dweight + layout->n_fields;
  eqk_real             *xhat = (eqk_real *) (dweight + n), *g = xhat + layout->n_channels;

  (void) lane;
  memset (dweight, 0, n * sizeof *dweight);
  for (size_t i = begin; i < end; i++)
    for (int32_t f = 0, t = 0; f < layout->n_fields; f++)
      {
        const int32_t   dim = layout->first[f + 1] - layout->first[f], first = layout->first[f];
        const eqk_real *dy = job->dy + i * width + first;
        const double    w = job->weight == NULL ? 1 : (double) job->weight[f];
        double          rstd, through;

        for (int u = t; u < layout->n_means && layout->mean_field[u] == f; u++)
          for (int32_t c = 0; c < dim; c++)
            dbias[u] += layout->column[layout->mean_offset[u] + c] * dy[c];
        centre (layout, f, t, job->x + i * width + first, xhat);
        centre (layout, f, t, dy, g);
        rstd = 1 / sqrt (dot_of (xhat, xhat, dim) / dim + job->p->eps);
        for (int32_t c = 0; c < dim; c++)
          xhat[c] *= (eqk_real) rstd;
        through = dot_of (xhat, g, dim);
        dweight[f] += through;
        for (int32_t c = 0; job->dx != NULL && c < dim; c++)
          job->dx[i * width + (size_t) (first + c)] = (eqk_real) (w * rstd * (g[c] - xhat[c] * through / dim));
        t = next_means (layout, f, t);
      }
}

static Job
job_of (const EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[X]), .partial = run->scratch };

  job.weight = op->in[WEIGHT] < 0 ? NULL : EQK_X (run, op->in[WEIGHT]);
  job.bias = op->in[BIAS] < 0 ? NULL : EQK_X (run, op->in[BIAS]);
  return job;
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->in[X]), 256, forward_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job                   job = job_of (run, op);
  const EqkFieldLayout *layout = &job.p->layout;
  const size_t          rows = eqk_run_rows (run, op->in[X]), n = partial_stride (layout);

  job.dy = EQK_GOUT (run, op, 0);
  job.dx = EQK_GIN (run, op, X);
  eqk_run_range (run->pool, rows, eqk_sum_grain (rows), reverse_rows, &job);
  if (EQK_GIN (run, op, WEIGHT) != NULL)
    eqk_sum_fold (job.partial, rows, n, (size_t) layout->n_fields, EQK_GIN (run, op, WEIGHT));
  if (EQK_GIN (run, op, BIAS) != NULL)
    eqk_sum_fold (job.partial + layout->n_fields, rows, n, (size_t) layout->n_means, EQK_GIN (run, op, BIAS));
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkFieldNormParams *p = op->params;
  EqkStatus                 status;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "field_norm"))
    {
      eqk_emit (e, "static void\nfield_norm (const float *xs, float *ys, size_t rows, size_t width, " EQK_EMIT_LAYOUT ", const float *weight, const float *bias, float eps)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    {\n      const float *col = column;\n      size_t       t = 0;\n\n"
                   "      for (size_t f = 0; f < n_fields; f++)\n        {\n"
                   "          const size_t dim = (size_t) (first[f + 1] - first[f]), t_first = t;\n"
                   "          const float *x = xs + r * width + (size_t) first[f], *col_first = col;\n          float       *y = ys + r * width + (size_t) first[f];\n"
                   "          float        square = 0.0f, factor;\n\n"
                   "          for (size_t c = 0; c < dim; c++)\n            y[c] = x[c];\n"
                   "          for (; t < n_means && (size_t) mean_field[t] == f; t++, col += dim)\n            {\n"
                   "              float dot = 0.0f, norm = 0.0f;\n\n"
                   "              for (size_t c = 0; c < dim; c++)\n                {\n                  dot += col[c] * y[c];\n                  norm += col[c] * col[c];\n                }\n"
                   "              for (size_t c = 0; c < dim; c++)\n                y[c] -= dot / norm * col[c];\n            }\n"
                   "          for (size_t c = 0; c < dim; c++)\n            square += y[c] * y[c];\n"
                   "          factor = (weight == NULL ? 1.0f : weight[f]) / sqrtf (square / (float) dim + eps);\n"
                   "          for (size_t c = 0; c < dim; c++)\n            {\n              y[c] *= factor;\n"
                   "              for (size_t u = t_first; bias != NULL && u < t; u++)\n                y[c] += bias[u] * col_first[(u - t_first) * dim + c];\n"
                   "            }\n        }\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  field_norm (%s", eqk_emit_value (e, op->in[X]));
  eqk_emit (e, ", %s", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, ", %s, %d", eqk_emit_rows (e, op->out[0]), p->layout.n_channels);
  status = eqk_emit_layout (e, &p->layout);
  eqk_emit_optional (e, op->in[WEIGHT]);
  eqk_emit_optional (e, op->in[BIAS]);
  eqk_emit (e, ", %#.9gf);\n", p->eps);
  return status;
}

const EqkOpType EQK_SYM (op_field_norm) = {
  .id = "field_norm", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_INPLACE_REVERSE,
  .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

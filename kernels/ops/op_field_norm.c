/* Field normalisation: each field of each row has its invariant part removed and is divided by the root of its mean square,
 * y = w (v - mu) / sqrt (|v - mu|^2 / d + eps) + sum_t b_t col_t. Rows are independent; fields are short, so the work is in
 * the row loop and the sums stay in registers.
 *
 * With c = v - mu, r the factor without w, a and e the centred adjoint of the energy and tangent: J e = w (r e - r^3/d (c.e) c), which is symmetric, and
 *
 *   d/dc of a.J e = w (-r^3/d ((a.e) c + (c.e) a + (c.a) e) + 3 r^5/d^2 (c.a)(c.e) c)
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/field_sums.h"
#include "ops/fields-emit.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { X, WEIGHT, BIAS };

typedef struct
{
  const EqkFieldNormParams *p;
  const eqk_real           *x, *weight, *bias, *dy, *xd, *g1;   /* xd, g1: of tangent and reverse2 */
  eqk_real                 *y, *dx;
  double                   *partial;       /* by chunk: gradients of weight, then of bias, then room for four rows */
} Job;

static size_t
partial_stride (const EqkFieldLayout *layout)
{
  return (size_t) (layout->n_fields + layout->n_means + 4 * layout->n_channels);
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

/* J e of each field, e being the centred tangent. */
static void
tangent_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job            *job = data;
  const EqkFieldLayout *layout = &job->p->layout;
  const size_t          width = (size_t) layout->n_channels;
  eqk_real             *v = (eqk_real *) (job->partial + chunk * partial_stride (layout));

  (void) lane;
  for (size_t i = begin; i < end; i++)
    for (int32_t f = 0, t = 0; f < layout->n_fields; t = next_means (layout, f, t), f++)
      {
        const int32_t dim = layout->first[f + 1] - layout->first[f], first = layout->first[f];
        eqk_real     *y = job->y + i * width + first;
        double        r, along;

        centre (layout, f, t, job->x + i * width + first, v);
        centre (layout, f, t, job->xd + i * width + first, y);
        r = 1 / sqrt (dot_of (v, v, dim) / dim + job->p->eps);
        along = r * r * dot_of (v, y, dim) / dim;
        for (int32_t c = 0; c < dim; c++)
          y[c] = (eqk_real) ((job->weight == NULL ? 1 : (double) job->weight[f]) * r * ((double) y[c] - along * (double) v[c]));
      }
}

/* Adds the gradient of a.J e to dx (may be NULL). xhat = r c. @return that of the weight */
static double
add_second (const eqk_real *xhat, const eqk_real *e, const eqk_real *a, int32_t dim, double r, double w, eqk_real *dx)
{
  const double xe = dot_of (xhat, e, dim) / dim, xa = dot_of (xhat, a, dim) / dim, ae = dot_of (a, e, dim) / dim;

  for (int32_t c = 0; dx != NULL && c < dim; c++)
    dx[c] += (eqk_real) (w * r * r * ((3 * xa * xe - ae) * (double) xhat[c] - xe * (double) a[c] - xa * (double) e[c]));
  return r * dim * (ae - xa * xe);
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job            *job = data;
  const EqkFieldLayout *layout = &job->p->layout;
  const size_t          width = (size_t) layout->n_channels, n = (size_t) (layout->n_fields + layout->n_means);
  double               *dweight = job->partial + chunk * partial_stride (layout), *dbias = dweight + layout->n_fields;
  eqk_real             *xhat = (eqk_real *) (dweight + n), *g = xhat + layout->n_channels, *e = g + layout->n_channels, *a = e + layout->n_channels;

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
        if (job->xd != NULL)
          {
            centre (layout, f, t, job->xd + i * width + first, e);
            centre (layout, f, t, job->g1 + i * width + first, a);
            dweight[f] += add_second (xhat, e, a, dim, rstd, w, job->dx == NULL ? NULL : job->dx + i * width + first);
          }
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
tangent (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->in[X]);
  Job          job = job_of (run, op);

  job.xd = EQK_XD (run, op->in[X]);
  job.y = EQK_XD (run, op->out[0]);
  if (job.xd == NULL)
    memset (job.y, 0, rows * (size_t) job.p->layout.n_channels * sizeof *job.y);
  else
    eqk_run_range (run->pool, rows, eqk_sum_grain (rows), tangent_rows, &job);
}

static void
reverse_with (EqkRun *run, const EqkOp *op, bool second)
{
  Job                   job = job_of (run, op);
  const EqkFieldLayout *layout = &job.p->layout;
  const size_t          rows = eqk_run_rows (run, op->in[X]), n = partial_stride (layout);

  job.dy = EQK_GOUT (run, op, 0);
  job.dx = EQK_GIN (run, op, X);
  job.xd = second ? EQK_XD (run, op->in[X]) : NULL;
  job.g1 = second ? EQK_G1OUT (run, op, 0) : NULL;
  eqk_run_range (run->pool, rows, eqk_sum_grain (rows), reverse_rows, &job);
  if (EQK_GIN (run, op, WEIGHT) != NULL)
    eqk_sum_fold (job.partial, rows, n, (size_t) layout->n_fields, EQK_GIN (run, op, WEIGHT));
  if (EQK_GIN (run, op, BIAS) != NULL)
    eqk_sum_fold (job.partial + layout->n_fields, rows, n, (size_t) layout->n_means, EQK_GIN (run, op, BIAS));
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  reverse_with (run, op, false);
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  reverse_with (run, op, true);
}

/* gx = w r (P g - r^2/d (c.g) c), P the projection that removes invariant directions. */
static EqkStatus
emit_reverse (EqkEmitter *e, const EqkOp *op)
{
  const EqkFieldNormParams *p = op->params;
  EqkStatus                 status;

  if (eqk_emit_begin (e, "field_norm_reverse"))
    {
      eqk_emit (e, "static void\nfield_norm_reverse (const float *xs, const float *gys, float *gxs, size_t rows, size_t width, " EQK_EMIT_LAYOUT ", const float *weight, float eps)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    {\n      const float *col = column;\n      size_t       t = 0;\n\n"
                   "      for (size_t f = 0; f < n_fields; f++)\n        {\n"
                   "          const size_t dim = (size_t) (first[f + 1] - first[f]), t_first = t;\n"
                   "          const float *x = xs + r * width + (size_t) first[f], *gy = gys + r * width + (size_t) first[f], *col_first = col;\n"
                   "          float       *gx = gxs + r * width + (size_t) first[f];\n          float        square = 0.0f, along = 0.0f, factor;\n\n"
                   "          /* Of x less its mean only products are needed: gx holds the centred gradient first. */\n"
                   "          for (size_t c = 0; c < dim; c++)\n            gx[c] = gy[c];\n"
                   "          for (; t < n_means && (size_t) mean_field[t] == f; t++, col += dim)\n            {\n"
                   "              float dot = 0.0f, norm = 0.0f;\n\n"
                   "              for (size_t c = 0; c < dim; c++)\n                {\n                  dot += col[c] * gx[c];\n                  norm += col[c] * col[c];\n                }\n"
                   "              for (size_t c = 0; c < dim; c++)\n                gx[c] -= dot / norm * col[c];\n            }\n"
                   "          for (size_t c = 0; c < dim; c++)\n            {\n              square += x[c] * x[c];\n              along += x[c] * gx[c];\n            }\n"
                   "          for (size_t u = t_first; u < t; u++)\n            {\n              const float *q = col_first + (u - t_first) * dim;\n              float        dot = 0.0f, norm = 0.0f;\n\n"
                   "              for (size_t c = 0; c < dim; c++)\n                {\n                  dot += q[c] * x[c];\n                  norm += q[c] * q[c];\n                }\n"
                   "              square -= dot * dot / norm;\n            }\n"
                   "          factor = 1.0f / sqrtf ((square > 0.0f ? square : 0.0f) / (float) dim + eps);\n"
                   "          along *= factor * factor / (float) dim;\n"
                   "          factor *= weight == NULL ? 1.0f : weight[f];\n"
                   "          for (size_t c = 0; c < dim; c++)\n            {\n              float centred = x[c];\n\n"
                   "              for (size_t u = t_first; u < t; u++)\n                {\n                  const float *q = col_first + (u - t_first) * dim;\n                  float        dot = 0.0f, norm = 0.0f;\n\n"
                   "                  for (size_t k = 0; k < dim; k++)\n                    {\n                      dot += q[k] * x[k];\n                      norm += q[k] * q[k];\n                    }\n"
                   "                  centred -= dot / norm * q[c];\n                }\n"
                   "              gx[c] = factor * (gx[c] - along * centred);\n            }\n"
                   "        }\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  field_norm_reverse (%s", eqk_emit_value (e, op->in[X]));
  eqk_emit (e, ", %s", eqk_emit_grad (e, op->out[0]));
  eqk_emit (e, ", %s", eqk_emit_gin (e, op, X));
  eqk_emit (e, ", %s, %d", eqk_emit_rows (e, op->out[0]), p->layout.n_channels);
  status = eqk_emit_layout (e, &p->layout);
  eqk_emit_optional (e, op->in[WEIGHT]);
  eqk_emit (e, ", %#.9gf);\n", p->eps);
  return status;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkFieldNormParams *p = op->params;
  EqkStatus                 status;

  if (eqk_emit_reverse (e))
    return emit_reverse (e, op);
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
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

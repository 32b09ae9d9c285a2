/*
 * Vector neurons (Deng et al. 2021): a field is compared with a direction of its own, which turns along, so comparing does not depend on the frame.
 * With p = <q, k>, s = max (|k|^2, eps) and b = 1 - slope, where p < 0: y = q - b p/s k, and for an adjoint g with c = <g, k>
 *
 *   gq = g - b c/s k,    gk = -b (p/s g + c/s q - 2 p c/s^2 k)     (the last term 0 where s = eps)
 */

#include "core/real.h"

#include "ops/direction.h"
#include "ops/segments.h"

#include <string.h>

enum { Q, K };

typedef struct
{
  const EqkDirectionParams *p;
  const eqk_real           *q, *k, *g;
  const int32_t            *offset;
  eqk_real                 *y, *gq, *gk;
  int32_t                  *which;      /* [groups][fields] */
} Job;

static double
dot (const eqk_real *a, const eqk_real *b, int32_t n)
{
  double sum = 0;

  for (int32_t c = 0; c < n; c++)
    sum += (double) a[c] * (double) b[c];
  return sum;
}

static void
relu_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t width = (size_t) j->p->n_channels;

  for (size_t r = begin; r < end; r++)
    for (int run = 0; run < j->p->n_runs; run++)
      for (int32_t u = 0; u < j->p->runs[run].mul; u++)
        {
          const int32_t d = j->p->runs[run].dim;
          const size_t  at = r * width + (size_t) (j->p->runs[run].channel + u * d);
          const double  p = dot (j->q + at, j->k + at, d), s = dot (j->k + at, j->k + at, d), factor = p < 0 ? (1 - j->p->slope) * p / (s > j->p->eps ? s : j->p->eps) : 0;

          for (int32_t c = 0; c < d; c++)
            j->y[at + (size_t) c] = (eqk_real) ((double) j->q[at + (size_t) c] - factor * (double) j->k[at + (size_t) c]);
        }
}

static void
relu_reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t width = (size_t) j->p->n_channels;

  for (size_t r = begin; r < end; r++)
    for (int run = 0; run < j->p->n_runs; run++)
      for (int32_t u = 0; u < j->p->runs[run].mul; u++)
        {
          const int32_t d = j->p->runs[run].dim;
          const size_t  at = r * width + (size_t) (j->p->runs[run].channel + u * d);
          const double  p = dot (j->q + at, j->k + at, d), kk = dot (j->k + at, j->k + at, d), s = kk > j->p->eps ? kk : j->p->eps, c = dot (j->g + at, j->k + at, d);
          const double  b = p < 0 ? 1 - j->p->slope : 0, by_k = kk > j->p->eps ? 2 * p * c / (s * s) : 0;

          for (size_t i = at; i < at + (size_t) d; i++)
            {
              const double g = (double) j->g[i], k = (double) j->k[i], q = (double) j->q[i];

              if (j->gk != NULL)
                j->gk[i] = (eqk_real) (-b * (p / s * g + c / s * q - by_k * k));
              if (j->gq != NULL)
                j->gq[i] = (eqk_real) (g - b * c / s * k);
            }
        }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  return (Job) { .p = op->params, .q = EQK_X (run, op->in[Q]), .k = EQK_X (run, op->in[K]) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, relu_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.gq = EQK_GIN (run, op, Q);
  job.gk = EQK_GIN (run, op, K);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, relu_reverse_rows, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 3 * (double) eqk_value_count (program, op->in[Q], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkDirectionParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "direction_relu"))
    {
      eqk_emit (e, "static void\ndirection_relu (const float *q, const float *k, float *y, size_t rows, size_t width, size_t n, size_t dim, float slope, float eps)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    for (size_t u = 0; u < n; u++)\n      {\n        const size_t at = r * width + u * dim;\n        float        along = 0.0f, square = 0.0f;\n\n"
                   "        for (size_t m = 0; m < dim; m++)\n          {\n            along += q[at + m] * k[at + m];\n            square += k[at + m] * k[at + m];\n          }\n"
                   "        along = along < 0.0f ? (1.0f - slope) * along / (square > eps ? square : eps) : 0.0f;\n"
                   "        for (size_t m = 0; m < dim; m++)\n          y[at + m] = q[at + m] - along * k[at + m];\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  for (int run = 0; run < p->n_runs; run++)
    {
      eqk_emit (e, "  direction_relu (%s + %d, ", eqk_emit_value (e, op->in[Q]), p->runs[run].channel);
      eqk_emit (e, "%s + %d, ", eqk_emit_value (e, op->in[K]), p->runs[run].channel);
      eqk_emit (e, "%s + %d, ", eqk_emit_value (e, op->out[0]), p->runs[run].channel);
      eqk_emit (e, "%s, %d, %d, %d, %#.9gf, %#.9gf);\n", eqk_emit_rows (e, op->out[0]), p->n_channels, p->runs[run].mul, p->runs[run].dim, p->slope, p->eps);
    }
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_direction_relu) = {
  .id = "direction_relu", .smooth = EQK_SMOOTH_C0, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

/* ---- the farthest along its direction ---- */

static size_t
count_fields (const EqkDirectionParams *p)
{
  size_t n = 0;

  for (int run = 0; run < p->n_runs; run++)
    n += (size_t) p->runs[run].mul;
  return n;
}

static void
max_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t width = (size_t) j->p->n_channels, n = count_fields (j->p);

  for (size_t s = begin; s < end; s++)
    for (int run = 0, field = 0; run < j->p->n_runs; run++)
      for (int32_t u = 0; u < j->p->runs[run].mul; u++, field++)
        {
          const int32_t d = j->p->runs[run].dim;
          const size_t  in = (size_t) (j->p->runs[run].channel + u * d);
          int32_t       best = j->offset[s];
          double        most = 0;

          for (int32_t i = j->offset[s]; i < j->offset[s + 1]; i++)
            {
              const double p = dot (j->q + (size_t) i * width + in, j->k + (size_t) i * width + in, d);

              if (i == j->offset[s] || p > most)
                {
                  best = i;
                  most = p;
                }
            }
          if (j->offset[s] == j->offset[s + 1])
            memset (j->y + s * width + in, 0, (size_t) d * sizeof *j->y);
          else
            memcpy (j->y + s * width + in, j->q + (size_t) best * width + in, (size_t) d * sizeof *j->y);
          if (j->which != NULL)
            j->which[s * n + (size_t) field] = best;
        }
}

static void
max_reverse_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t width = (size_t) j->p->n_channels, n = count_fields (j->p);

  for (size_t s = begin; s < end; s++)
    {
      const size_t first = (size_t) j->offset[s], rows = (size_t) j->offset[s + 1] - first;

      memset (j->gq + first * width, 0, rows * width * sizeof *j->gq);
      for (int run = 0, field = 0; rows > 0 && run < j->p->n_runs; run++)
        for (int32_t u = 0; u < j->p->runs[run].mul; u++, field++)
          {
            const size_t in = (size_t) (j->p->runs[run].channel + u * j->p->runs[run].dim);

            memcpy (j->gq + (size_t) j->which[s * n + (size_t) field] * width + in, j->g + s * width + in, (size_t) j->p->runs[run].dim * sizeof *j->gq);
          }
    }
}

static void
forward_max (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  job.offset = eqk_segment_offsets (run, op, EQK_OVER_SAMPLES);
  job.which = run->saved[op->index];
  eqk_run_range (run->pool, eqk_segment_count (run, op, EQK_OVER_SAMPLES), eqk_segment_grain (EQK_OVER_SAMPLES), max_groups, &job);
}

static void
reverse_max (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.gq = EQK_GIN (run, op, Q);
  job.which = run->saved[op->index];
  job.offset = eqk_segment_offsets (run, op, EQK_OVER_SAMPLES);
  if (job.gq != NULL)
    eqk_run_range (run->pool, eqk_segment_count (run, op, EQK_OVER_SAMPLES), eqk_segment_grain (EQK_OVER_SAMPLES), max_reverse_groups, &job);
  if (EQK_GIN (run, op, K) != NULL)
    memset (EQK_GIN (run, op, K), 0, eqk_run_rows (run, op->in[K]) * (size_t) job.p->n_channels * sizeof (eqk_real));
}

static EqkStatus
plan_max (EqkOpPlan *plan_, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan_->macs = (double) eqk_value_count (program, op->in[Q], sizes);
  plan_->saved = plan_->train ? (size_t) sizes->batch * count_fields (op->params) * sizeof (int32_t) : 0;
  return EQK_OK;
}

static EqkStatus
emit_max (EqkEmitter *e, const EqkOp *op)
{
  const EqkDirectionParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "direction_max"))
    {
      eqk_emit (e, "static void\ndirection_max (const float *q, const float *k, float *y, size_t rows, size_t width, size_t n, size_t dim)\n{\n"
                   "  for (size_t u = 0; u < n; u++)\n    {\n      size_t best = 0;\n      float  most = 0.0f;\n\n"
                   "      for (size_t r = 0; r < rows; r++)\n        {\n          float along = 0.0f;\n\n"
                   "          for (size_t m = 0; m < dim; m++)\n            along += q[r * width + u * dim + m] * k[r * width + u * dim + m];\n"
                   "          if (r == 0 || along > most)\n            {\n              best = r;\n              most = along;\n            }\n        }\n"
                   "      for (size_t m = 0; m < dim; m++)\n        y[u * dim + m] = rows > 0 ? q[best * width + u * dim + m] : 0.0f;\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  for (int run = 0; run < p->n_runs; run++)
    {
      eqk_emit (e, "  direction_max (%s + %d, ", eqk_emit_value (e, op->in[Q]), p->runs[run].channel);
      eqk_emit (e, "%s + %d, ", eqk_emit_value (e, op->in[K]), p->runs[run].channel);
      eqk_emit (e, "%s + %d, ", eqk_emit_value (e, op->out[0]), p->runs[run].channel);
      eqk_emit (e, "%s, %d, %d, %d);\n", eqk_emit_rows (e, op->in[Q]), p->n_channels, p->runs[run].mul, p->runs[run].dim);
    }
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_direction_max) = {
  .id = "direction_max", .smooth = EQK_SMOOTH_JUMPS, .plan = plan_max, .forward = forward_max, .reverse = reverse_max, .emit_c = emit_max,
};

/* Norm activation: the length n of each field goes through phi, its direction stays,
 *
 *   y = s v,  s = phi (n - e^beta) / n,  0 where n <= 1e-10;   squash: s = 1 / (1 + n)
 *   dv = s dy + (phi' - s) u <u, dy>,  u = v / n;              dbeta = - e^beta sum phi' <u, dy>
 *
 * (the planar form of Worrall 2017 with escnn's threshold). Fields of a run are taken in tiles, so that lengths and
 * factors are vector code. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/field_sums.h"
#include "ops/vexp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { X, BETA };
enum { TILE = 128 };

#if EQK_REAL_BITS == 64
#define R_SQRT __builtin_sqrt
#define R_LOG1P log1p
#else
#define R_SQRT __builtin_sqrtf
#define R_LOG1P log1pf
#endif

typedef struct
{
  const EqkNormActParams *p;
  const eqk_real         *x, *dy;
  const eqk_real         *threshold;     /* e^beta by field; NULL for squash */
  eqk_real               *y, *dx;
  double                 *partial;
} Job;

static inline void
lengths (const eqk_real *restrict v, int n, int dim, eqk_real *restrict out)
{
  for (int u = 0; u < n; u++)
    {
      eqk_real sum = 0;

      for (int m = 0; m < dim; m++)
        sum += v[u * dim + m] * v[u * dim + m];
      out[u] = R_SQRT (sum);
    }
}

static void
lengths_any (const eqk_real *v, int n, int dim, eqk_real *out)
{
  switch (dim)
    {
    case 1: lengths (v, n, 1, out); break;
    case 2: lengths (v, n, 2, out); break;
    case 3: lengths (v, n, 3, out); break;
    case 4: lengths (v, n, 4, out); break;
    default: lengths (v, n, dim, out); break;
    }
}

/* The factor s and phi' by field, from lengths. */
static void
factors (EqkLengthAct act, const eqk_real *restrict length, const eqk_real *restrict threshold, int n,
         eqk_real *restrict s, eqk_real *restrict slope)
{
  const eqk_real least = (eqk_real) 1e-10;

  switch (act)
    {
    case EQK_LENGTH_RELU:
      for (int i = 0; i < n; i++)
        {
          const eqk_real over = length[i] - threshold[i];
          const eqk_real phi = over > 0 ? over : 0;

          s[i] = length[i] > least ? phi / length[i] : 0;
          slope[i] = over > 0 && length[i] > least ? 1 : 0;
        }
      break;
    case EQK_LENGTH_SOFTPLUS:
      for (int i = 0; i < n; i++)
        {
          const eqk_real over = length[i] - threshold[i];
          const eqk_real phi = (over > 0 ? over : 0) + R_LOG1P (eqk_vexp (over > 0 ? -over : over));

          s[i] = length[i] > least ? phi / length[i] : 0;
          slope[i] = length[i] > least ? eqk_vsigmoid (over) : 0;
        }
      break;
    case EQK_LENGTH_SIGMOID:
      for (int i = 0; i < n; i++)
        {
          const eqk_real phi = eqk_vsigmoid (length[i] - threshold[i]);

          s[i] = length[i] > least ? phi / length[i] : 0;
          slope[i] = length[i] > least ? phi * (1 - phi) : 0;
        }
      break;
    case EQK_LENGTH_SQUASH:
      for (int i = 0; i < n; i++)
        {
          s[i] = 1 / (1 + length[i]);
          slope[i] = s[i] * s[i];
        }
      break;
    }
}

static inline void
multiply (const eqk_real *v, const eqk_real *restrict s, int n, int dim, eqk_real *y)
{
  for (int u = 0; u < n; u++)
#pragma GCC ivdep
    for (int m = 0; m < dim; m++)
      y[u * dim + m] = s[u] * v[u * dim + m];
}

static void
multiply_any (const eqk_real *v, const eqk_real *s, int n, int dim, eqk_real *y)
{
  switch (dim)
    {
    case 1: multiply (v, s, n, 1, y); break;
    case 2: multiply (v, s, n, 2, y); break;
    case 3: multiply (v, s, n, 3, y); break;
    case 4: multiply (v, s, n, 4, y); break;
    default: multiply (v, s, n, dim, y); break;
    }
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job              *job = data;
  const EqkNormActParams *p = job->p;
  eqk_real                length[TILE], s[TILE], slope[TILE];

  for (size_t r = begin; r < end; r++)
    for (int k = 0, field = 0; k < p->n_runs; field += p->runs[k++].mul)
      for (int u = 0; u < p->runs[k].mul; u += TILE)
        {
          const EqkFieldRun *fields = &p->runs[k];
          const int          n = fields->mul - u < TILE ? fields->mul - u : TILE;
          const size_t       at = r * (size_t) p->n_channels + (size_t) (fields->channel + u * fields->dim);

          lengths_any (job->x + at, n, fields->dim, length);
          factors (p->act, length, job->threshold == NULL ? NULL : job->threshold + field + u, n, s, slope);
          multiply_any (job->x + at, s, n, fields->dim, job->y + at);
        }
}

/* out[u] = <x_u, dy_u>. */
static inline void
products (const eqk_real *restrict x, const eqk_real *restrict dy, int n, int dim, eqk_real *restrict out)
{
  for (int u = 0; u < n; u++)
    {
      eqk_real sum = 0;

      for (int m = 0; m < dim; m++)
        sum += x[u * dim + m] * dy[u * dim + m];
      out[u] = sum;
    }
}

/* dx = s dy + t x; dx may be dy. */
static inline void
combine (const eqk_real *dy, const eqk_real *x, const eqk_real *restrict s, const eqk_real *restrict t, int n, int dim, eqk_real *dx)
{
#pragma GCC ivdep
  for (int u = 0; u < n; u++)
    for (int m = 0; m < dim; m++)
      dx[u * dim + m] = s[u] * dy[u * dim + m] + t[u] * x[u * dim + m];
}

/* One tile of the gradient of fields of a dimension; along = <u, dy>. */
static inline __attribute__ ((always_inline)) void
reverse_tile (const Job *job, int dim, int n, const eqk_real *threshold, const eqk_real *x, const eqk_real *dy, eqk_real *dx, double *dbeta)
{
  eqk_real length[TILE] = { 0 }, s[TILE], slope[TILE], along[TILE];

  lengths (x, n, dim, length);
  factors (job->p->act, length, threshold, n, s, slope);
  products (x, dy, n, dim, along);
  for (int u = 0; u < n; u++)
    {
      const eqk_real inverse = length[u] > (eqk_real) 1e-10 ? 1 / length[u] : 0;

      along[u] *= inverse;
      length[u] = inverse;
    }
  if (dbeta != NULL)
    for (int u = 0; u < n; u++)
      dbeta[u] -= (double) (threshold[u] * slope[u] * along[u]);
  if (dx == NULL)
    return;
  for (int u = 0; u < n; u++)
    along[u] *= (slope[u] - s[u]) * length[u];
  combine (dy, x, s, along, n, dim, dx);
}

static void
reverse_tile_any (const Job *job, int dim, int n, const eqk_real *threshold, const eqk_real *x, const eqk_real *dy, eqk_real *dx, double *dbeta)
{
  switch (dim)
    {
    case 1: reverse_tile (job, 1, n, threshold, x, dy, dx, dbeta); break;
    case 2: reverse_tile (job, 2, n, threshold, x, dy, dx, dbeta); break;
    case 3: reverse_tile (job, 3, n, threshold, x, dy, dx, dbeta); break;
    default: reverse_tile (job, dim, n, threshold, x, dy, dx, dbeta); break;
    }
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job              *job = data;
  const EqkNormActParams *p = job->p;
  double                 *dbeta = job->partial == NULL ? NULL : job->partial + chunk * (size_t) p->n_fields;

  if (dbeta != NULL)
    memset (dbeta, 0, (size_t) p->n_fields * sizeof *dbeta);
  for (size_t r = begin; r < end; r++)
    for (int k = 0, field = 0; k < p->n_runs; field += p->runs[k++].mul)
      for (int u = 0; u < p->runs[k].mul; u += TILE)
        {
          const EqkFieldRun *fields = &p->runs[k];
          const int          n = fields->mul - u < TILE ? fields->mul - u : TILE;
          const size_t       at = r * (size_t) p->n_channels + (size_t) (fields->channel + u * fields->dim);

          reverse_tile_any (job, fields->dim, n, job->threshold == NULL ? NULL : job->threshold + field + u, job->x + at, job->dy + at,
                        job->dx == NULL ? NULL : job->dx + at, dbeta == NULL ? NULL : dbeta + field + u);
        }
}

/* e^beta by field into the first part of scratch. */
static Job
job_of (const EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[X]) };

  if (op->in[BETA] >= 0)
    {
      const eqk_real *beta = EQK_X (run, op->in[BETA]);
      eqk_real       *threshold = run->scratch;

      for (int i = 0; i < job.p->n_fields; i++)
        threshold[i] = (eqk_real) exp ((double) beta[i]);
      job.threshold = threshold;
    }
  return job;
}

static size_t
threshold_bytes (const EqkNormActParams *p)
{
  return ((size_t) p->n_fields * sizeof (eqk_real) + 63) / 64 * 64;
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job          job = job_of (run, op);
  const size_t width = (size_t) job.p->n_channels;

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), width < 8192 ? 8192 / width + 1 : 1, forward_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job          job = job_of (run, op);
  const size_t rows = eqk_run_rows (run, op->out[0]), n = (size_t) job.p->n_fields;
  eqk_real    *dbeta = op->in[BETA] < 0 ? NULL : EQK_GIN (run, op, BETA);

  job.dy = EQK_GOUT (run, op, 0);
  job.dx = EQK_GIN (run, op, X);
  job.partial = dbeta == NULL ? NULL : (double *) ((char *) run->scratch + threshold_bytes (job.p));
  eqk_run_range (run->pool, rows, eqk_sum_grain (rows), reverse_rows, &job);
  if (dbeta != NULL)
    eqk_sum_fold (job.partial, rows, n, n, dbeta);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkNormActParams *p = op->params;

  plan->scratch = plan->export_plan ? 0 : threshold_bytes (p);
  plan->scratch_reverse = threshold_bytes (p) + EQK_SUM_CHUNKS * (size_t) p->n_fields * sizeof (double);
  plan->macs = 2 * (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  static const char *const names[] = { "norm_relu", "norm_softplus", "norm_sigmoid", "norm_squash" };
  static const char *const phi[] = {
    "over > 0.0f ? over : 0.0f", "(over > 0.0f ? over : 0.0f) + log1pf (expf (over > 0.0f ? -over : over))",
    "1.0f / (1.0f + expf (-over))", "over / (1.0f + over)",
  };
  const EqkNormActParams *p = op->params;
  int                     field = 0;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, names[p->act]))
    {
      eqk_emit (e, "static void\n%s (const float *x, const float *beta, float *y, size_t rows, size_t width, size_t n, size_t dim)\n{\n", names[p->act]);
      eqk_emit (e, "  for (size_t r = 0; r < rows; r++)\n    for (size_t u = 0; u < n; u++)\n      {\n"
                   "        const size_t at = r * width + u * dim;\n        float        length = 0.0f, over, s;\n\n"
                   "        for (size_t m = 0; m < dim; m++)\n          length += x[at + m] * x[at + m];\n"
                   "        length = sqrtf (length);\n        over = length - (beta == NULL ? 0.0f : expf (beta[u]));\n"
                   "        s = length > 1e-10f ? (%s) / length : 0.0f;\n"
                   "        for (size_t m = 0; m < dim; m++)\n          y[at + m] = s * x[at + m];\n      }\n}\n\n", phi[p->act]);
      eqk_emit_end (e);
    }
  for (int k = 0; k < p->n_runs; field += p->runs[k++].mul)
    {
      eqk_emit (e, "  %s (%s + %d, ", names[p->act], eqk_emit_value (e, op->in[X]), p->runs[k].channel);
      if (op->in[BETA] < 0)
        eqk_emit (e, "NULL, ");
      else
        eqk_emit (e, "%s + %d, ", eqk_emit_value (e, op->in[BETA]), field);
      eqk_emit (e, "%s + %d, ", eqk_emit_value (e, op->out[0]), p->runs[k].channel);
      eqk_emit (e, "%s, %d, %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->n_channels, p->runs[k].mul, p->runs[k].dim);
    }
  return EQK_OK;
}

/* The threshold has a kink, a length that stays positive at zero jumps. Squash is smooth enough at zero: v / (1 + |v|) is C1. */
const EqkOpType EQK_SYM (op_norm_act) = {
  .id = "norm_act", .smooth = EQK_SMOOTH_JUMPS, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_INPLACE | EQK_INPLACE_REVERSE,
  .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

/* Products and lengths of copies of an irrep, which do not change when the copies turn. Beside it "copy_norm". */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/irreps.h"

#include <math.h>

enum { GRAIN = 512 };

typedef struct
{
  size_t          n, dim;
  eqk_real        eps2;
  const eqk_real *a, *b, *ad, *bd, *g, *g1;
  eqk_real       *out;
} Job;

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkCopyParams *p = op->params;

  return (Job) { .n = (size_t) p->n, .dim = (size_t) p->dim, .eps2 = (eqk_real) (p->eps * p->eps), .a = EQK_X (run, op->in[0]), .b = op->n_in > 1 ? EQK_X (run, op->in[1]) : NULL };
}

static inline eqk_real
dot (const eqk_real *a, const eqk_real *b, size_t dim)
{
  eqk_real sum = 0;

  for (size_t m = 0; m < dim; m++)
    sum += a[m] * b[m];
  return sum;
}

/* ---- dot ---- */

static void
dot_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin * j->n; i < end * j->n; i++)
    j->out[i] = dot (j->a + i * j->dim, j->b + i * j->dim, j->dim);
}

static void
dot_tangent_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin * j->n; i < end * j->n; i++)
    j->out[i] = (j->ad != NULL ? dot (j->ad + i * j->dim, j->b + i * j->dim, j->dim) : 0) + (j->bd != NULL ? dot (j->a + i * j->dim, j->bd + i * j->dim, j->dim) : 0);
}

/* Gradient of one factor: the other one, b, and its tangent times the adjoint of the energy. */
static void
dot_reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin * j->n; i < end * j->n; i++)
    for (size_t m = i * j->dim; m < (i + 1) * j->dim; m++)
      j->out[m] = j->g[i] * j->b[m] + (j->g1 != NULL && j->bd != NULL ? j->g1[i] * j->bd[m] : 0);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.out = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, dot_rows, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.ad = EQK_XD (run, op->in[0]);
  job.bd = EQK_XD (run, op->in[1]);
  job.out = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, dot_tangent_rows, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  for (int k = 0; k < 2; k++)
    {
      Job job = job_of (run, op);

      job.b = EQK_X (run, op->in[1 - k]);
      job.g = EQK_GOUT (run, op, 0);
      job.bd = second ? EQK_XD (run, op->in[1 - k]) : NULL;
      job.g1 = second && job.bd != NULL ? EQK_G1OUT (run, op, 0) : NULL;
      job.out = EQK_GIN (run, op, k);
      if (job.out != NULL)
        eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, dot_reverse_rows, &job);
    }
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, false);
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, true);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->in[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkCopyParams *p = op->params;

  if (!eqk_emit_reverse (e) && eqk_emit_begin (e, "copy_dot"))
    {
      eqk_emit (e, "static void\ncopy_dot (const float *a, const float *b, float *y, size_t n, size_t dim)\n{\n"
                   "  for (size_t i = 0; i < n; i++)\n    {\n      float sum = 0.0f;\n\n      for (size_t m = i * dim; m < (i + 1) * dim; m++)\n        sum += a[m] * b[m];\n      y[i] = sum;\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  if (eqk_emit_reverse (e) && eqk_emit_begin (e, "copy_dot_reverse"))
    {
      eqk_emit (e, "static void\ncopy_dot_reverse (const float *other, const float *g, float *gx, size_t n, size_t dim)\n{\n"
                   "  for (size_t i = 0; i < n; i++)\n    for (size_t m = i * dim; m < (i + 1) * dim; m++)\n      gx[m] = g[i] * other[m];\n}\n\n");
      eqk_emit_end (e);
    }
  for (int k = 0; eqk_emit_reverse (e) && k < 2; k++)
    if (eqk_emit_gin (e, op, k) != NULL)
      {
        eqk_emit (e, "  copy_dot_reverse (%s, ", eqk_emit_value (e, op->in[1 - k]));
        eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
        eqk_emit (e, "%s, ", eqk_emit_gin (e, op, k));
        eqk_emit (e, "%s * %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->n, p->dim);
      }
  if (eqk_emit_reverse (e))
    return EQK_OK;
  eqk_emit (e, "  copy_dot (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s * %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->n, p->dim);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_copy_dot) = {
  .id = "copy_dot", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

/* ---- norm ---- */

static inline eqk_real
norm (const Job *j, size_t i)
{
  return (eqk_real) sqrt ((double) (dot (j->a + i * j->dim, j->a + i * j->dim, j->dim) + j->eps2));
}

static void
norm_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin * j->n; i < end * j->n; i++)
    j->out[i] = norm (j, i);
}

static void
norm_tangent_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin * j->n; i < end * j->n; i++)
    j->out[i] = dot (j->a + i * j->dim, j->ad + i * j->dim, j->dim) / norm (j, i);
}

static void
norm_reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin * j->n; i < end * j->n; i++)
    {
      const eqk_real r = norm (j, i), along = j->g1 != NULL ? dot (j->a + i * j->dim, j->ad + i * j->dim, j->dim) / (r * r) : 0;

      for (size_t m = i * j->dim; m < (i + 1) * j->dim; m++)
        j->out[m] = j->g[i] * j->a[m] / r + (j->g1 != NULL ? j->g1[i] * (j->ad[m] - along * j->a[m]) / r : 0);
    }
}

static void
norm_forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.out = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, norm_rows, &job);
}

static void
norm_tangent (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.ad = EQK_XD (run, op->in[0]);
  job.out = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, norm_tangent_rows, &job);
}

static void
run_norm_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.ad = second ? EQK_XD (run, op->in[0]) : NULL;
  job.g1 = second && job.ad != NULL ? EQK_G1OUT (run, op, 0) : NULL;
  job.out = EQK_GIN (run, op, 0);
  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, norm_reverse_rows, &job);
}

static void
norm_reverse (EqkRun *run, const EqkOp *op)
{
  run_norm_reverse (run, op, false);
}

static void
norm_reverse2 (EqkRun *run, const EqkOp *op)
{
  run_norm_reverse (run, op, true);
}

static EqkStatus
norm_emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkCopyParams *p = op->params;
  const bool           back = eqk_emit_reverse (e);

  if (!back && eqk_emit_begin (e, "copy_norm"))
    {
      eqk_emit (e, "static void\ncopy_norm (const float *a, float *y, size_t n, size_t dim, float eps2)\n{\n"
                   "  for (size_t i = 0; i < n; i++)\n    {\n      float sum = eps2;\n\n      for (size_t m = i * dim; m < (i + 1) * dim; m++)\n        sum += a[m] * a[m];\n      y[i] = sqrtf (sum);\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  if (back && eqk_emit_begin (e, "copy_norm_reverse"))
    {
      eqk_emit (e, "static void\ncopy_norm_reverse (const float *a, const float *y, const float *g, float *gx, size_t n, size_t dim)\n{\n"
                   "  for (size_t i = 0; i < n; i++)\n    for (size_t m = i * dim; m < (i + 1) * dim; m++)\n      gx[m] = g[i] * a[m] / y[i];\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  copy_norm%s (%s, ", back ? "_reverse" : "", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  if (back)
    {
      eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
      eqk_emit (e, "%s, ", eqk_emit_gin (e, op, 0));
      eqk_emit (e, "%s * %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->n, p->dim);
    }
  else
    eqk_emit (e, "%s * %d, %d, %.9gf);\n", eqk_emit_rows (e, op->out[0]), p->n, p->dim, p->eps * p->eps);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_copy_norm) = {
  .id = "copy_norm", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_OUT,
  .plan = plan, .forward = norm_forward, .reverse = norm_reverse, .tangent = norm_tangent, .reverse2 = norm_reverse2, .emit_c = norm_emit_c,
};

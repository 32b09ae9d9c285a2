/* Orientation pooling to vectors (Marcos et al. 2017): of the channels of a regular field of C_n the largest gives the
 * length, its index the angle: y = relu (x_r) e_r, r = argmax, the first one on ties. Reverse reads the input again. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/fields.h"

#include <string.h>

typedef struct
{
  const EqkVectorFieldParams *p;
  const eqk_real             *x, *dy;
  eqk_real                   *y, *dx;
} Job;

static int
largest (const eqk_real *x, int n)
{
  int best = 0;

  for (int i = 1; i < n; i++)
    if (x[i] > x[best])
      best = i;
  return best;
}

static void
forward_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *job = data;
  const int  n = job->p->order, dim = job->p->dim;

  for (size_t i = begin; i < end; i++)
    {
      const eqk_real *x = job->x + i * (size_t) n;
      const int       best = largest (x, n);
      const eqk_real  length = x[best] > 0 ? x[best] : 0;

      for (int m = 0; m < dim; m++)
        job->y[i * (size_t) dim + (size_t) m] = length * (eqk_real) job->p->direction[best * dim + m];
    }
}

static void
reverse_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *job = data;
  const int  n = job->p->order, dim = job->p->dim;

  for (size_t i = begin; i < end; i++)
    {
      const eqk_real *x = job->x + i * (size_t) n;
      eqk_real       *dx = job->dx + i * (size_t) n;
      const int       best = largest (x, n);
      eqk_real        sum = 0;

      for (int m = 0; m < dim; m++)
        sum += job->dy[i * (size_t) dim + (size_t) m] * (eqk_real) job->p->direction[best * dim + m];
      memset (dx, 0, (size_t) n * sizeof *dx);
      dx[best] = x[best] > 0 ? sum : 0;
    }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .y = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]) * (size_t) job.p->n_fields, 2048, forward_range, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .dy = EQK_GOUT (run, op, 0), .dx = EQK_GIN (run, op, 0) };

  if (job.dx != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]) * (size_t) job.p->n_fields, 2048, reverse_range, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkVectorFieldParams *p = op->params;
  float                       table[64];
  const char                 *name;

  if (eqk_emit_reverse (e) || p->order * p->dim > 64)
    return EQK_ERR_UNSUPPORTED;
  for (int i = 0; i < p->order * p->dim; i++)
    table[i] = (float) p->direction[i];
  name = eqk_emit_table (e, "directions", table, (size_t) (p->order * p->dim));
  if (eqk_emit_begin (e, "vector_field"))
    {
      eqk_emit (e, "static void\nvector_field (const float *x, const float *direction, float *y, size_t n_fields, size_t n, size_t dim)\n{\n"
                   "  for (size_t i = 0; i < n_fields; i++)\n    {\n      size_t best = 0;\n      float  length;\n\n"
                   "      for (size_t k = 1; k < n; k++)\n        if (x[i * n + k] > x[i * n + best])\n          best = k;\n"
                   "      length = x[i * n + best] > 0.0f ? x[i * n + best] : 0.0f;\n"
                   "      for (size_t m = 0; m < dim; m++)\n        y[i * dim + m] = length * direction[best * dim + m];\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  vector_field (%s, %s, ", eqk_emit_value (e, op->in[0]), name);
  eqk_emit (e, "%s, %s * %d, %d, %d);\n", eqk_emit_value (e, op->out[0]), eqk_emit_rows (e, op->out[0]), p->n_fields, p->order, p->dim);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_vector_field) = {
  .id = "vector_field", .smooth = EQK_SMOOTH_JUMPS, .flags = EQK_KEEP_IN0,
  .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

/* Softmax of every row. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <math.h>

#if EQK_REAL_BITS == 64
#define R_EXP exp
#else
#define R_EXP expf
#endif

typedef struct
{
  size_t          n;
  const eqk_real *x, *y, *a;
  eqk_real       *out;
} Job;

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *x = j->x + r * j->n;
      eqk_real       *y = j->out + r * j->n, top = x[0], sum = 0;

      for (size_t c = 1; c < j->n; c++)
        top = x[c] > top ? x[c] : top;
      for (size_t c = 0; c < j->n; c++)
        sum += y[c] = R_EXP (x[c] - top);
      for (size_t c = 0; c < j->n; c++)
        y[c] /= sum;
    }
}

/* out = y (a - <a, y>): the Jacobian is symmetric, so this is the reverse pass and the tangent. */
static void
jacobian_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *y = j->y + r * j->n, *a = j->a + r * j->n;
      eqk_real        mean = 0;

      for (size_t c = 0; c < j->n; c++)
        mean += a[c] * y[c];
      for (size_t c = 0; c < j->n; c++)
        j->out[r * j->n + c] = y[c] * (a[c] - mean);
    }
}

static size_t
width (const EqkOp *op)
{
  return (size_t) ((const EqkSoftmaxParams *) op->params)->width;
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .n = width (op), .x = EQK_X (run, op->in[0]), .out = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, forward_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .n = width (op), .y = EQK_X (run, op->out[0]), .a = EQK_GOUT (run, op, 0), .out = EQK_GIN (run, op, 0) };

  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, jacobian_rows, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = { .n = width (op), .y = EQK_X (run, op->out[0]), .a = EQK_XD (run, op->in[0]), .out = EQK_XD (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, jacobian_rows, &job);
}

typedef struct
{
  size_t          n;
  const eqk_real *y, *g2, *g1, *xd;
  eqk_real       *out;
} SecondJob;

/* With D(a) = y (a - <a, y>): J g2 + d<g1, J xd>/dx, the latter by the product rule with dy = D. */
static void
second_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const SecondJob *j = data;

  for (size_t r = begin; r < end; r++)
    {
      const size_t    at = r * j->n;
      const eqk_real *y = j->y + at, *g1 = j->g1 + at, *xd = j->xd + at;
      eqk_real        m2 = 0, m1 = 0, md = 0, both = 0, mean;

      for (size_t c = 0; c < j->n; c++)
        {
          m2 += j->g2[at + c] * y[c];
          m1 += g1[c] * y[c];
          md += xd[c] * y[c];
          both += g1[c] * xd[c] * y[c];
        }
      mean = both - 2 * m1 * md;
      for (size_t c = 0; c < j->n; c++)
        j->out[at + c] = y[c] * (j->g2[at + c] - m2 + g1[c] * xd[c] - g1[c] * md - xd[c] * m1 - mean);
    }
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  SecondJob job = { width (op), EQK_X (run, op->out[0]), EQK_GOUT (run, op, 0), EQK_G1OUT (run, op, 0), EQK_XD (run, op->in[0]), EQK_GIN (run, op, 0) };

  if (job.out == NULL)
    return;
  if (job.xd == NULL)
    reverse (run, op);
  else
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, second_rows, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 3 * (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "softmax"))
    {
      eqk_emit (e, "static void\nsoftmax (const float *x, float *y, size_t rows, size_t n)\n{\n  for (size_t r = 0; r < rows; r++)\n    {\n      float top = x[r * n], sum = 0.0f;\n\n"
                   "      for (size_t c = 1; c < n; c++)\n        top = x[r * n + c] > top ? x[r * n + c] : top;\n      for (size_t c = 0; c < n; c++)\n        {\n"
                   "          y[r * n + c] = expf (x[r * n + c] - top);\n          sum += y[r * n + c];\n        }\n      for (size_t c = 0; c < n; c++)\n        y[r * n + c] /= sum;\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  softmax (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %zu);\n", eqk_emit_rows (e, op->out[0]), width (op));
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_softmax) = {
  .id = "softmax", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_OUT,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

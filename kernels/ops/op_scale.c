/* A constant factor; beside it "scale_learned", whose factor is a weight: in: x, w [1]; out: y = w x. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

typedef struct
{
  eqk_real        factor;
  const eqk_real *x;
  eqk_real       *y;
} Job;

enum { GRAIN = 16384 };

static void
scale_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    j->y[i] = j->factor * j->x[i];
}

static size_t
count (const EqkRun *run, const EqkOp *op)
{
  return eqk_value_count (run->program, op->out[0], &run->sizes);
}

static void
times (EqkRun *run, const EqkOp *op, eqk_real factor, const eqk_real *x, eqk_real *y)
{
  Job job = { .factor = factor, .x = x, .y = y };

  eqk_run_range (run->pool, count (run, op), GRAIN, scale_range, &job);
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  const EqkScaleParams *p = op->params;

  times (run, op, (eqk_real) p->factor, x, y);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  apply (run, op, gy, gx);
}

#include "ops/linear_passes.h"

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

static void
emit_loop (EqkEmitter *e)
{
  if (!eqk_emit_begin (e, "scale"))
    return;
  eqk_emit (e, "static void\nscale (const float *x, float factor, float *y, size_t n)\n{\n  for (size_t i = 0; i < n; i++)\n    y[i] = factor * x[i];\n}\n\n");
  eqk_emit_end (e);
}

static void
emit_call (EqkEmitter *e, const EqkOp *op)
{
  const bool back = eqk_emit_reverse (e);

  emit_loop (e);
  eqk_emit (e, "  scale (%s, ", back ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]));
}

static void
emit_rest (EqkEmitter *e, const EqkOp *op)
{
  eqk_emit (e, "%s, ", eqk_emit_reverse (e) ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s * %d);\n", eqk_emit_rows (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width);
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkScaleParams *p = op->params;

  emit_call (e, op);
  eqk_emit (e, "%#.9gf, ", p->factor);
  emit_rest (e, op);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_scale) = {
  .id = "scale", .smooth = EQK_SMOOTH, .flags = EQK_INPLACE | EQK_INPLACE_REVERSE,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

/* ---- with a weight ---- */

static void
learned_forward (EqkRun *run, const EqkOp *op)
{
  times (run, op, EQK_X (run, op->in[1])[0], EQK_X (run, op->in[0]), EQK_X (run, op->out[0]));
}

static void
learned_tangent (EqkRun *run, const EqkOp *op)
{
  times (run, op, EQK_X (run, op->in[1])[0], EQK_XD (run, op->in[0]), EQK_XD (run, op->out[0]));
}

/* Sums go side by side in lanes, so that the loop is vector code with a fixed order. */
static double
dot (const eqk_real *a, const eqk_real *b, size_t n)
{
  enum { LANES = 32 };
  const size_t whole = n - n % LANES;
  double       lane[LANES] = { 0 }, sum = 0;

  for (size_t i = 0; i < whole; i += LANES)
    for (size_t l = 0; l < LANES; l++)
      lane[l] += (double) a[i + l] * (double) b[i + l];
  for (size_t i = whole; i < n; i++)
    sum += (double) a[i] * (double) b[i];
  for (size_t l = 0; l < LANES; l++)
    sum += lane[l];
  return sum;
}

/* The sum over all numbers runs on one thread, in order. */
static void
learned_run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  const eqk_real *gy = EQK_GOUT (run, op, 0), *xd = second ? EQK_XD (run, op->in[0]) : NULL;
  const size_t    n = count (run, op);

  if (EQK_GIN (run, op, 1) != NULL)
    {
      double sum = dot (gy, EQK_X (run, op->in[0]), n);

      if (xd != NULL)
        sum += dot (EQK_G1OUT (run, op, 0), xd, n);
      EQK_GIN (run, op, 1)[0] = (eqk_real) sum;
    }
  if (EQK_GIN (run, op, 0) != NULL)
    times (run, op, EQK_X (run, op->in[1])[0], gy, EQK_GIN (run, op, 0));
}

static void
learned_reverse (EqkRun *run, const EqkOp *op)
{
  learned_run_reverse (run, op, false);
}

static void
learned_reverse2 (EqkRun *run, const EqkOp *op)
{
  learned_run_reverse (run, op, true);
}

static EqkStatus
learned_emit_c (EqkEmitter *e, const EqkOp *op)
{
  emit_call (e, op);
  eqk_emit (e, "%s[0], ", eqk_emit_value (e, op->in[1]));
  emit_rest (e, op);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_scale_learned) = {
  .id = "scale_learned", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1,
  .plan = plan, .forward = learned_forward, .reverse = learned_reverse, .tangent = learned_tangent, .reverse2 = learned_reverse2, .emit_c = learned_emit_c,
};

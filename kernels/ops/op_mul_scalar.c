/* Every field times a scalar of its row. in: x [rows, n_channels], s [rows, n_scalars]; out: y[c] = s[of[c]] x[c]. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  const EqkMulScalarParams *p;
  const eqk_real           *x, *s, *xd, *sd, *gy, *g1;
  eqk_real                 *y, *gx, *gs;
} Job;

/* y = s x, or s xd + sd x; an absent tangent is zero. */
static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n = (size_t) j->p->n_channels, m = (size_t) j->p->n_scalars;

  for (size_t r = begin; r < end; r++)
    for (size_t c = 0; c < n; c++)
      {
        const size_t at = r * n + c, scalar = r * m + (size_t) j->p->of[c];
        eqk_real     sum = 0;

        if (j->xd == NULL && j->sd == NULL)
          sum = j->s[scalar] * j->x[at];
        if (j->xd != NULL)
          sum += j->s[scalar] * j->xd[at];
        if (j->sd != NULL)
          sum += j->sd[scalar] * j->x[at];
        j->y[at] = sum;
      }
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n = (size_t) j->p->n_channels, m = (size_t) j->p->n_scalars;

  if (j->gs != NULL)
    memset (j->gs + begin * m, 0, (end - begin) * m * sizeof *j->gs);
  for (size_t r = begin; r < end; r++)
    for (size_t c = 0; c < n; c++)
      {
        const size_t at = r * n + c, scalar = r * m + (size_t) j->p->of[c];

        if (j->gx != NULL)
          j->gx[at] = j->s[scalar] * j->gy[at] + (j->sd != NULL ? j->sd[scalar] * j->g1[at] : 0);
        if (j->gs != NULL)
          j->gs[scalar] += j->x[at] * j->gy[at] + (j->xd != NULL ? j->xd[at] * j->g1[at] : 0);
      }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .s = EQK_X (run, op->in[1]), .y = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 256, forward_rows, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .s = EQK_X (run, op->in[1]), .xd = EQK_XD (run, op->in[0]), .sd = EQK_XD (run, op->in[1]),
              .y = EQK_XD (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 256, forward_rows, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .s = EQK_X (run, op->in[1]), .gy = EQK_GOUT (run, op, 0),
              .gx = EQK_GIN (run, op, 0), .gs = EQK_GIN (run, op, 1) };

  if (second)
    {
      job.g1 = EQK_G1OUT (run, op, 0);
      job.xd = EQK_XD (run, op->in[0]);
      job.sd = EQK_XD (run, op->in[1]);
    }
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 256, reverse_rows, &job);
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
  plan->macs = (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

static void
emit_loops (EqkEmitter *e, bool back)
{
  if (!back)
    eqk_emit (e, "static void\nmul_scalar (const float *x, const float *s, const int32_t *of, float *y, size_t rows, size_t n, size_t m)\n{\n"
                 "  for (size_t r = 0; r < rows; r++)\n    for (size_t c = 0; c < n; c++)\n      y[r * n + c] = s[r * m + (size_t) of[c]] * x[r * n + c];\n}\n\n");
  else
    eqk_emit (e, "static void\nmul_scalar_reverse (const float *x, const float *s, const float *gy, const int32_t *of, float *gx, float *gs, size_t rows, size_t n, size_t m)\n{\n"
                 "  if (gs != NULL)\n    memset (gs, 0, rows * m * sizeof *gs);\n  for (size_t r = 0; r < rows; r++)\n    for (size_t c = 0; c < n; c++)\n      {\n"
                 "        if (gx != NULL)\n          gx[r * n + c] = s[r * m + (size_t) of[c]] * gy[r * n + c];\n"
                 "        if (gs != NULL)\n          gs[r * m + (size_t) of[c]] += x[r * n + c] * gy[r * n + c];\n      }\n}\n\n");
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkMulScalarParams *p = op->params;
  const bool                back = eqk_emit_reverse (e);
  char                      name[48];
  const char               *table;

  if (eqk_emit_begin (e, back ? "mul_scalar_reverse" : "mul_scalar"))
    {
      emit_loops (e, back);
      eqk_emit_end (e);
    }
  snprintf (name, sizeof name, "scalar_of_%d", op->index);
  table = eqk_emit_table_i (e, name, p->of, (size_t) p->n_channels);
  eqk_emit (e, "  %s (%s, ", back ? "mul_scalar_reverse" : "mul_scalar", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  if (back)
    eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
  eqk_emit (e, "%s, ", table);
  if (back)
    {
      eqk_emit (e, "%s, ", eqk_emit_gin (e, op, 0) == NULL ? "NULL" : eqk_emit_gin (e, op, 0));
      eqk_emit (e, "%s, ", eqk_emit_gin (e, op, 1) == NULL ? "NULL" : eqk_emit_gin (e, op, 1));
    }
  else
    eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->n_channels, p->n_scalars);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_mul_scalar) = {
  .id = "mul_scalar", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

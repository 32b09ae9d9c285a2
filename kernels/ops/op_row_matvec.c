/* Every row times a matrix of its own. */

#include "core/real.h"

#include "ops/segments.h"

#include <string.h>

typedef struct
{
  const EqkRowMatvecParams *p;
  const eqk_real           *x, *w, *g;
  eqk_real                 *y, *gx, *gw;
} Job;

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n = (size_t) j->p->n_in, m = (size_t) j->p->n_out;

  for (size_t r = begin; r < end; r++)
    {
      eqk_real *y = j->y + r * m;

      memset (y, 0, m * sizeof *y);
      for (size_t i = 0; i < n; i++)
        {
          const eqk_real  x = j->x[r * n + i];
          const eqk_real *w = j->w + (r * n + i) * m;

          for (size_t o = 0; o < m; o++)
            y[o] += x * w[o];
        }
    }
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n = (size_t) j->p->n_in, m = (size_t) j->p->n_out;

  for (size_t r = begin; r < end; r++)
    for (size_t i = 0; i < n; i++)
      {
        const eqk_real *g = j->g + r * m, *w = j->w + (r * n + i) * m, x = j->x[r * n + i];
        eqk_real        sum = 0;

        for (size_t o = 0; j->gx != NULL && o < m; o++)
          sum += g[o] * w[o];
        if (j->gx != NULL)
          j->gx[r * n + i] = sum;
        for (size_t o = 0; j->gw != NULL && o < m; o++)
          j->gw[(r * n + i) * m + o] = x * g[o];
      }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]), .y = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 16, forward_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]), .g = EQK_GOUT (run, op, 0), .gx = EQK_GIN (run, op, 0), .gw = EQK_GIN (run, op, 1) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 16, reverse_rows, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->in[1], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkRowMatvecParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "row_matvec"))
    {
      eqk_emit (e, "static void\nrow_matvec (const float *x, const float *w, float *y, size_t rows, size_t n, size_t m)\n{\n  for (size_t r = 0; r < rows; r++)\n    {\n"
                   "      for (size_t o = 0; o < m; o++)\n        y[r * m + o] = 0.0f;\n      for (size_t i = 0; i < n; i++)\n        for (size_t o = 0; o < m; o++)\n"
                   "          y[r * m + o] += x[r * n + i] * w[(r * n + i) * m + o];\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  row_matvec (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->n_in, p->n_out);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_row_matvec) = {
  .id = "row_matvec", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

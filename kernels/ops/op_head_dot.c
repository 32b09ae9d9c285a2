/*
 * Inner products within heads, of every row with another or with one row of weights. Partial sums of the weights' gradient belong to pieces
 * whose number depends on the rows alone, and are added in order.
 */

#include "core/real.h"

#include "ops/segments.h"

#include <string.h>

enum { MAX_PIECES = 16, MIN_ROWS = 64 };

typedef struct
{
  size_t          heads, n;
  bool            fixed;
  const eqk_real *x, *w, *g;
  eqk_real       *y, *gx, *gw;
  double         *partial;
} Job;

static size_t
piece_rows (size_t rows)
{
  const size_t even = (rows + MAX_PIECES - 1) / MAX_PIECES;

  return even > MIN_ROWS ? even : MIN_ROWS;
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t c = j->heads * j->n;

  for (size_t r = begin; r < end; r++)
    for (size_t h = 0; h < j->heads; h++)
      {
        eqk_real sum = 0;

        for (size_t k = h * j->n; k < (h + 1) * j->n; k++)
          sum += j->x[r * c + k] * j->w[(j->fixed ? 0 : r * c) + k];
        j->y[r * j->heads + h] = sum;
      }
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t c = j->heads * j->n;
  double      *dw = j->fixed ? j->partial + chunk * c : NULL;

  if (dw != NULL)
    memset (dw, 0, c * sizeof *dw);
  for (size_t r = begin; r < end; r++)
    for (size_t k = 0; k < c; k++)
      {
        const eqk_real g = j->g[r * j->heads + k / j->n];

        if (j->gx != NULL)
          j->gx[r * c + k] = g * j->w[(j->fixed ? 0 : r * c) + k];
        if (dw != NULL)
          dw[k] += (double) (g * j->x[r * c + k]);
        else if (j->gw != NULL)
          j->gw[r * c + k] = g * j->x[r * c + k];
      }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkHeadDotParams *p = op->params;

  return (Job) { .heads = (size_t) p->heads, .n = (size_t) p->n, .fixed = eqk_program_value (run->program, op->in[1])->space.kind == EQK_SPACE_FIXED,
                 .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, rows, piece_rows (rows), forward_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]), pieces = rows == 0 ? 0 : (rows + piece_rows (rows) - 1) / piece_rows (rows);
  Job          job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, 0);
  job.gw = EQK_GIN (run, op, 1);
  job.partial = run->scratch;
  eqk_run_range (run->pool, rows, piece_rows (rows), reverse_rows, &job);
  for (size_t k = 0; job.fixed && job.gw != NULL && k < job.heads * job.n; k++)
    {
      double sum = 0;

      for (size_t i = 0; i < pieces; i++)
        sum += job.partial[i * job.heads * job.n + k];
      job.gw[k] = (eqk_real) sum;
    }
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkHeadDotParams *p = op->params;

  plan->macs = (double) eqk_value_count (program, op->in[0], sizes);
  plan->scratch_reverse = plan->train ? MAX_PIECES * (size_t) p->heads * (size_t) p->n * sizeof (double) : 0;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkHeadDotParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "head_dot"))
    {
      eqk_emit (e, "/* w_stride: 0 for one row of weights. */\nstatic void\nhead_dot (const float *x, const float *w, size_t w_stride, float *y, size_t rows, size_t heads, size_t n)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    for (size_t h = 0; h < heads; h++)\n      {\n        float sum = 0.0f;\n\n        for (size_t k = h * n; k < (h + 1) * n; k++)\n"
                   "          sum += x[r * heads * n + k] * w[r * w_stride + k];\n        y[r * heads + h] = sum;\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  head_dot (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %d, ", eqk_emit_value (e, op->in[1]), eqk_program_value (eqk_emit_program (e), op->in[1])->space.kind == EQK_SPACE_FIXED ? 0 : p->heads * p->n);
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->heads, p->n);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_head_dot) = {
  .id = "head_dot", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

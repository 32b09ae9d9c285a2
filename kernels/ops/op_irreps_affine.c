/* A learned factor for every copy of an irrep, and an offset for invariants. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/irreps.h"
#include "ops/pieces.h"

#include <string.h>

enum { MIN_ROWS = 256 };

typedef struct
{
  const EqkIrrepsAffineParams *p;
  const eqk_real              *x, *xd, *w, *b, *g, *g1;
  eqk_real                    *y, *gx, *partial;
} Job;

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n = (size_t) j->p->n;

  for (size_t r = begin; r < end; r++)
    for (size_t c = 0; c < n; c++)
      j->y[r * n + c] = j->w[j->p->of[c]] * j->x[r * n + c] + (j->b != NULL && j->p->offset[c] >= 0 ? j->b[j->p->offset[c]] : 0);
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n = (size_t) j->p->n, n_weights = (size_t) j->p->n_weights;
  eqk_real    *dw = j->partial == NULL ? NULL : j->partial + chunk * (n_weights + (size_t) j->p->n_bias);

  if (dw != NULL)
    memset (dw, 0, (n_weights + (size_t) j->p->n_bias) * sizeof *dw);
  for (size_t r = begin; r < end; r++)
    for (size_t c = 0; c < n; c++)
      {
        const size_t at = r * n + c;

        if (j->gx != NULL)
          j->gx[at] = j->w[j->p->of[c]] * j->g[at];
        if (dw != NULL)
          dw[j->p->of[c]] += j->x[at] * j->g[at] + (j->g1 != NULL ? j->xd[at] * j->g1[at] : 0);
        if (dw != NULL && j->p->offset[c] >= 0)
          dw[n_weights + (size_t) j->p->offset[c]] += j->g[at];
      }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = { .p = op->params, .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]), .b = op->in[2] < 0 ? NULL : EQK_X (run, op->in[2]), .y = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_ROWS), forward_rows, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = { .p = op->params, .x = EQK_XD (run, op->in[0]), .w = EQK_X (run, op->in[1]), .y = EQK_XD (run, op->out[0]) };

  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_ROWS), forward_rows, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  const EqkIrrepsAffineParams *p = op->params;
  const size_t                 rows = eqk_run_rows (run, op->out[0]), n = (size_t) p->n_weights + (size_t) p->n_bias;
  eqk_real                    *dw = EQK_GIN (run, op, 1), *db = op->in[2] < 0 ? NULL : EQK_GIN (run, op, 2);
  Job                          job = { .p = p, .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]), .g = EQK_GOUT (run, op, 0), .gx = EQK_GIN (run, op, 0),
                                       .partial = dw != NULL || db != NULL ? run->scratch : NULL };

  if (second)
    {
      job.xd = EQK_XD (run, op->in[0]);
      job.g1 = job.xd == NULL ? NULL : EQK_G1OUT (run, op, 0);
    }
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_ROWS), reverse_rows, &job);
  if (dw != NULL)
    EQK_SUM_PIECES (job.partial, rows, MIN_ROWS, n, dw, (size_t) p->n_weights);
  if (db != NULL)
    EQK_SUM_PIECES (job.partial + p->n_weights, rows, MIN_ROWS, n, db, (size_t) p->n_bias);
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
  const EqkIrrepsAffineParams *p = op->params;

  plan->macs = (double) eqk_value_count (program, op->out[0], sizes);
  plan->scratch_reverse = EQK_MAX_PIECES * ((size_t) p->n_weights + (size_t) p->n_bias) * sizeof (eqk_real);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkIrrepsAffineParams *p = op->params;
  const bool                   back = eqk_emit_reverse (e);

  if (eqk_emit_begin (e, "irreps_affine"))
    {
      eqk_emit (e, "static void\nirreps_affine (const float *x, const float *w, const float *b, const int32_t *of, const int32_t *offset, float *y, size_t rows, size_t n)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    for (size_t c = 0; c < n; c++)\n"
                   "      y[r * n + c] = w[of[c]] * x[r * n + c] + (b != NULL && offset[c] >= 0 ? b[offset[c]] : 0.0f);\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  irreps_affine (%s, ", back ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", back || op->in[2] < 0 ? "NULL" : eqk_emit_value (e, op->in[2]));
  eqk_emit (e, "%s, ", eqk_emit_table_i (e, "affine_of", p->of, (size_t) p->n));
  eqk_emit (e, "%s, ", eqk_emit_table_i (e, "affine_offset", p->offset, (size_t) p->n));
  eqk_emit (e, "%s, %s, %d);\n", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]), eqk_emit_rows (e, op->out[0]), p->n);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_irreps_affine) = {
  .id = "irreps_affine", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

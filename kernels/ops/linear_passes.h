#pragma once

/**
 * Passes of operations that are linear in their first input and have no other that moves. The file defines
 *
 *   static void apply  (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y);     y = A x
 *   static void adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx);  gx = A^T gy
 *
 * before including this: a tangent is the map of a tangent, and the adjoint needs no point, so reverse2 is reverse.
 */

static void
forward (EqkRun *run, const EqkOp *op)
{
  apply (run, op, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]));
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  apply (run, op, EQK_XD (run, op->in[0]), EQK_XD (run, op->out[0]));
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  if (EQK_GIN (run, op, 0) != NULL)
    adjoint (run, op, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0));
}

/* Operation "add": the sum of any number of values of equal size. in: x0, x1, …; out: y. No parameters. */

#include "core/real.h"

#include "eqk/emit.h"

#include <string.h>

typedef struct
{
  eqk_real *const *lane;
  const EqkOp     *op;
  eqk_real        *y;
} Job;

static void
add_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job      *j = data;
  const eqk_real *sum = NULL;      /* of what came so far: the first one where it lies, then y */

  for (int k = 0; k < j->op->n_in; k++)
    {
      const eqk_real *x = j->lane[j->op->in[k]];

      if (x == NULL)
        continue;
      for (size_t i = begin; sum != NULL && i < end; i++)
        j->y[i] = sum[i] + x[i];
      sum = sum == NULL ? x : j->y;
    }
  if (sum != NULL && sum != j->y)
    memmove (j->y + begin, sum + begin, (end - begin) * sizeof *sum);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { (eqk_real *const *) run->x, op, EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_value_count (run->program, op->out[0], &run->sizes), 16384, add_range, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = { (eqk_real *const *) run->xd, op, EQK_XD (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_value_count (run->program, op->out[0], &run->sizes), 16384, add_range, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  const size_t bytes = eqk_value_count (run->program, op->out[0], &run->sizes) * sizeof (eqk_real);

  for (int k = op->n_in - 1; k >= 0; k--)
    if (EQK_GIN (run, op, k) != NULL && EQK_GIN (run, op, k) != EQK_GOUT (run, op, 0))
      memcpy (EQK_GIN (run, op, k), EQK_GOUT (run, op, 0), bytes);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->out[0], sizes) * (op->n_in - 1);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const int width = eqk_program_value (eqk_emit_program (e), op->out[0])->width;

  if (eqk_emit_begin (e, "add_to"))
    {
      eqk_emit (e, "static void\nadd_to (float *y, const float *x, size_t n, int first)\n{\n  for (size_t i = 0; i < n; i++)\n"
                   "    y[i] = first ? x[i] : y[i] + x[i];\n}\n\n");
      eqk_emit_end (e);
    }
  for (int k = 0; k < op->n_in; k++)
    {
      if (eqk_emit_reverse (e) && eqk_emit_gin (e, op, k) == NULL)
        continue;
      eqk_emit (e, "  add_to (%s, ", eqk_emit_reverse (e) ? eqk_emit_gin (e, op, k) : eqk_emit_value (e, op->out[0]));
      eqk_emit (e, "%s, ", eqk_emit_reverse (e) ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[k]));
      eqk_emit (e, "%s * %d, %d);\n", eqk_emit_rows (e, op->out[0]), width, eqk_emit_reverse (e) || k == 0);
    }
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_add) = {
  .id = "add", .smooth = EQK_SMOOTH, .flags = EQK_INPLACE | EQK_INPLACE_REVERSE,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

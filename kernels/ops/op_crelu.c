/* Concatenated relu: every number becomes the pair (relu (x), relu (-x)), which a change of sign only exchanges. The input
 * is the difference of the pair, so reverse needs the output alone. */

#include "core/real.h"

#include "eqk/emit.h"

typedef struct
{
  const eqk_real *x, *y, *dy;
  eqk_real       *out;
} Job;

static void
forward_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *job = data;

  for (size_t i = begin; i < end; i++)
    {
      job->out[2 * i] = job->x[i] > 0 ? job->x[i] : 0;
      job->out[2 * i + 1] = job->x[i] < 0 ? -job->x[i] : 0;
    }
}

static void
reverse_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *job = data;

  for (size_t i = begin; i < end; i++)
    job->out[i] = (job->y[2 * i] > 0 ? job->dy[2 * i] : 0) - (job->y[2 * i + 1] > 0 ? job->dy[2 * i + 1] : 0);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .x = EQK_X (run, op->in[0]), .out = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_value_count (run->program, op->in[0], &run->sizes), 8192, forward_range, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .y = EQK_X (run, op->out[0]), .dy = EQK_GOUT (run, op, 0), .out = EQK_GIN (run, op, 0) };

  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_value_count (run->program, op->in[0], &run->sizes), 8192, reverse_range, &job);
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
  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "crelu"))
    {
      eqk_emit (e, "static void\ncrelu (const float *x, float *y, size_t n)\n{\n  for (size_t i = 0; i < n; i++)\n    {\n"
                   "      y[2 * i] = x[i] > 0.0f ? x[i] : 0.0f;\n      y[2 * i + 1] = x[i] < 0.0f ? -x[i] : 0.0f;\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  crelu (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %s * %d);\n", eqk_emit_value (e, op->out[0]), eqk_emit_rows (e, op->in[0]),
            eqk_program_value (eqk_emit_program (e), op->in[0])->width);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_crelu) = {
  .id = "crelu", .smooth = EQK_SMOOTH_C0, .flags = EQK_KEEP_OUT,
  .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

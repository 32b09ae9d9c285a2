/* log Σ exp of every channel over the rows of each group, shifted by the largest so that nothing overflows. Empty groups give 0. */

#include "core/real.h"

#include "ops/segments.h"

#include <math.h>

typedef struct
{
  const int32_t  *offset;
  size_t          c;
  const eqk_real *x, *g;
  eqk_real       *y, *gx;
} Job;

static void
forward_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    for (size_t k = 0; k < j->c; k++)
      {
        const int32_t first = j->offset[g], last = j->offset[g + 1];
        eqk_real      top = first < last ? j->x[(size_t) first * j->c + k] : 0, sum = 0;

        for (int32_t i = first + 1; i < last; i++)
          top = j->x[(size_t) i * j->c + k] > top ? j->x[(size_t) i * j->c + k] : top;
        for (int32_t i = first; i < last; i++)
          sum += EQK_SEGMENT_EXP (j->x[(size_t) i * j->c + k] - top);
        j->y[g * j->c + k] = first < last ? top + EQK_SEGMENT_LOG (sum) : 0;
      }
}

/* The gradient is the softmax of the group: exp (x - y). */
static void
reverse_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    for (int32_t i = j->offset[g]; i < j->offset[g + 1]; i++)
      for (size_t k = 0; k < j->c; k++)
        j->gx[(size_t) i * j->c + k] = j->g[g * j->c + k] * EQK_SEGMENT_EXP (j->x[(size_t) i * j->c + k] - j->y[g * j->c + k]);
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  return (Job) { .offset = eqk_segment_offsets (run, ((const EqkSegmentParams *) op->params)->over),
                 .c = (size_t) eqk_program_value (run->program, op->out[0])->width, .x = EQK_X (run, op->in[0]), .y = EQK_X (run, op->out[0]) };
}

static void
run_job (EqkRun *run, const EqkOp *op, EqkRangeFunc func, Job *job)
{
  const EqkOver over = ((const EqkSegmentParams *) op->params)->over;

  eqk_run_range (run->pool, eqk_segment_count (run, over), eqk_segment_grain (over), func, job);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  run_job (run, op, forward_groups, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, 0);
  if (job.gx != NULL)
    run_job (run, op, reverse_groups, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 2 * (double) eqk_value_count (program, op->in[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  eqk_emit_segment_end (e);
  if (eqk_emit_begin (e, "segment_lse"))
    {
      eqk_emit (e, "static void\nsegment_lse (const float *x, float *y, const int32_t *group_of, size_t n_rows, size_t n_groups, size_t c)\n{\n"
                   "  size_t begin = 0, end;\n\n  for (size_t g = 0; g < n_groups; g++, begin = end)\n    {\n      end = segment_end (group_of, begin, n_rows, g);\n"
                   "      for (size_t k = 0; k < c; k++)\n        {\n          float top = begin < end ? x[begin * c + k] : 0.0f, sum = 0.0f;\n\n"
                   "          for (size_t i = begin + 1; i < end; i++)\n            top = x[i * c + k] > top ? x[i * c + k] : top;\n"
                   "          for (size_t i = begin; i < end; i++)\n            sum += expf (x[i * c + k] - top);\n          y[g * c + k] = begin < end ? top + logf (sum) : 0.0f;\n        }\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  segment_lse (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %s, ", eqk_emit_value (e, op->out[0]), eqk_emit_group_of (((const EqkSegmentParams *) op->params)->over));
  eqk_emit (e, "%s, ", eqk_emit_rows (e, op->in[0]));
  eqk_emit (e, "%s, %d);\n", eqk_emit_rows (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_segment_lse) = {
  .id = "segment_lse", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_OUT, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

/*
 * The largest value of every channel over the rows of each group, and log Σ exp, which is a smooth one. Of equal rows the first is the largest; it is saved for
 * the reverse pass. Exponents are shifted by the largest, so that nothing overflows. Empty groups give 0.
 */

#include "core/real.h"

#include "ops/segments.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const int32_t  *offset;
  size_t          c;
  const eqk_real *x, *y_in, *gy;
  eqk_real       *y, *gx;
  int32_t        *which;        /* of the largest: its row, [groups][c]; NULL where no reverse pass follows */
} Job;

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  return (Job) { .offset = eqk_segment_offsets (run, op, ((const EqkSegmentParams *) op->params)->over),
                 .c = (size_t) eqk_program_value (run->program, op->out[0])->width, .which = run->saved[op->index] };
}

static void
run_job (EqkRun *run, const EqkOp *op, EqkRangeFunc func, Job *job)
{
  const EqkOver over = ((const EqkSegmentParams *) op->params)->over;

  eqk_run_range (run->pool, eqk_segment_count (run, op, over), eqk_segment_grain (over), func, job);
}

static void
run_forward (EqkRun *run, const EqkOp *op, EqkRangeFunc func)
{
  Job job = job_of (run, op);

  job.x = EQK_X (run, op->in[0]);
  job.y = EQK_X (run, op->out[0]);
  run_job (run, op, func, &job);
}

/* reads: whether input and output are needed again. */
static void
run_reverse (EqkRun *run, const EqkOp *op, EqkRangeFunc func, bool reads)
{
  Job job = job_of (run, op);

  job.gy = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, 0);
  if (reads)
    {
      job.x = EQK_X (run, op->in[0]);
      job.y_in = EQK_X (run, op->out[0]);
    }
  if (job.gx != NULL)
    run_job (run, op, func, &job);
}

/* A function `name` of all groups; `rest` makes y[g * c + k] of the rows begin to end, of which `top` is the largest number. */
static EqkStatus
emit_groups (EqkEmitter *e, const EqkOp *op, const char *name, const char *rest)
{
  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  eqk_emit_segment_end (e);
  if (eqk_emit_begin (e, name))
    {
      eqk_emit (e, "static void\n%s (const float *x, float *y, const int32_t *group_of, size_t n_rows, size_t n_groups, size_t c)\n{\n"
                   "  size_t begin = 0, end;\n\n  for (size_t g = 0; g < n_groups; g++, begin = end)\n    {\n      end = segment_end (group_of, begin, n_rows, g);\n"
                   "      for (size_t k = 0; k < c; k++)\n        {\n          float top = begin < end ? x[begin * c + k] : 0.0f;\n\n"
                   "          for (size_t i = begin + 1; i < end; i++)\n            top = x[i * c + k] > top ? x[i * c + k] : top;\n%s        }\n    }\n}\n\n", name, rest);
      eqk_emit_end (e);
    }
  eqk_emit (e, "  %s (%s, ", name, eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %s, ", eqk_emit_value (e, op->out[0]), eqk_emit_group_of (((const EqkSegmentParams *) op->params)->over));
  eqk_emit (e, "%s, ", eqk_emit_rows (e, op->in[0]));
  eqk_emit (e, "%s, %d);\n", eqk_emit_rows (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width);
  return EQK_OK;
}

/* ---- the largest ---- */

static void
max_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    {
      eqk_real *best = j->y + g * j->c;
      int32_t  *which = j->which == NULL ? NULL : j->which + g * j->c;
      int32_t   first = j->offset[g];

      if (first == j->offset[g + 1])
        memset (best, 0, j->c * sizeof *best);
      else
        memcpy (best, j->x + (size_t) first * j->c, j->c * sizeof *best);
      for (size_t k = 0; which != NULL && k < j->c; k++)
        which[k] = first;
      for (int32_t i = first + 1; i < j->offset[g + 1]; i++)
        for (size_t k = 0; k < j->c; k++)
          if (j->x[(size_t) i * j->c + k] > best[k])
            {
              best[k] = j->x[(size_t) i * j->c + k];
              if (which != NULL)
                which[k] = i;
            }
    }
}

static void
reverse_max (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    {
      const size_t first = (size_t) j->offset[g], n = (size_t) j->offset[g + 1] - first;

      memset (j->gx + first * j->c, 0, n * j->c * sizeof *j->gx);
      for (size_t k = 0; n > 0 && k < j->c; k++)
        j->gx[(size_t) j->which[g * j->c + k] * j->c + k] = j->gy[g * j->c + k];
    }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  run_forward (run, op, max_groups);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, reverse_max, false);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->in[0], sizes);
  plan->saved = plan->train ? eqk_value_count (program, op->out[0], sizes) * sizeof (int32_t) : 0;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  return emit_groups (e, op, "segment_max", "          y[g * c + k] = top;\n");
}

const EqkOpType EQK_SYM (op_segment_max) = {
  .id = "segment_max", .smooth = EQK_SMOOTH_C0, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

/* ---- log Σ exp ---- */

static void
lse_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
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
reverse_lse (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    for (int32_t i = j->offset[g]; i < j->offset[g + 1]; i++)
      for (size_t k = 0; k < j->c; k++)
        j->gx[(size_t) i * j->c + k] = j->gy[g * j->c + k] * EQK_SEGMENT_EXP (j->x[(size_t) i * j->c + k] - j->y_in[g * j->c + k]);
}

static void
forward_lse (EqkRun *run, const EqkOp *op)
{
  run_forward (run, op, lse_groups);
}

static void
backward_lse (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, reverse_lse, true);
}

static EqkStatus
plan_lse (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 2 * (double) eqk_value_count (program, op->in[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_lse (EqkEmitter *e, const EqkOp *op)
{
  return emit_groups (e, op, "segment_lse",
                      "          y[g * c + k] = 0.0f;\n          for (size_t i = begin; i < end; i++)\n            y[g * c + k] += expf (x[i * c + k] - top);\n"
                      "          y[g * c + k] = begin < end ? top + logf (y[g * c + k]) : 0.0f;\n");
}

const EqkOpType EQK_SYM (op_segment_lse) = {
  .id = "segment_lse", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_OUT, .plan = plan_lse, .forward = forward_lse, .reverse = backward_lse, .emit_c = emit_lse,
};

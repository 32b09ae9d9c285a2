/* Largest value of every channel over the rows of each group; the first row on ties is saved for the reverse pass. Empty groups give 0. */

#include "core/real.h"

#include "ops/segments.h"

#include <string.h>

typedef struct
{
  const int32_t  *offset;
  size_t          c;
  const eqk_real *x;
  eqk_real       *y;
  int32_t        *saved;
} Job;

static void
max_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    {
      eqk_real *best = j->y + g * j->c;
      int32_t  *which = j->saved == NULL ? NULL : j->saved + g * j->c;
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
reverse_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    {
      const size_t first = (size_t) j->offset[g], n = (size_t) j->offset[g + 1] - first;

      memset (j->y + first * j->c, 0, n * j->c * sizeof *j->y);
      for (size_t k = 0; n > 0 && k < j->c; k++)
        j->y[(size_t) j->saved[g * j->c + k] * j->c + k] = j->x[g * j->c + k];
    }
}

static void
run_job (EqkRun *run, const EqkOp *op, const eqk_real *from, eqk_real *to, EqkRangeFunc func)
{
  const EqkOver over = ((const EqkSegmentParams *) op->params)->over;
  Job job = { eqk_segment_offsets (run, over), (size_t) eqk_program_value (run->program, op->out[0])->width, from, to, run->saved[op->index] };

  if (to != NULL)
    eqk_run_range (run->pool, eqk_segment_count (run, over), eqk_segment_grain (over), func, &job);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]), max_groups);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0), reverse_groups);
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
  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  eqk_emit_segment_end (e);
  if (eqk_emit_begin (e, "segment_max"))
    {
      eqk_emit (e, "static void\nsegment_max (const float *x, float *y, const int32_t *group_of, size_t n_rows, size_t n_groups, size_t c)\n{\n"
                   "  size_t begin = 0, end;\n\n  for (size_t g = 0; g < n_groups; g++, begin = end)\n    {\n      end = segment_end (group_of, begin, n_rows, g);\n"
                   "      for (size_t k = 0; k < c; k++)\n        {\n          float best = begin < end ? x[begin * c + k] : 0.0f;\n\n"
                   "          for (size_t i = begin + 1; i < end; i++)\n            best = x[i * c + k] > best ? x[i * c + k] : best;\n          y[g * c + k] = best;\n        }\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  segment_max (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %s, ", eqk_emit_value (e, op->out[0]), eqk_emit_group_of (((const EqkSegmentParams *) op->params)->over));
  eqk_emit (e, "%s, ", eqk_emit_rows (e, op->in[0]));
  eqk_emit (e, "%s, %d);\n", eqk_emit_rows (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_segment_max) = {
  .id = "segment_max", .smooth = EQK_SMOOTH_C0, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

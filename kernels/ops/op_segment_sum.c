/* Sums (or means) over the rows of each group, nodes of a sample or edges into a node; and the other way, one row of each group given to all of it. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/segments.h"

typedef struct
{
  const int32_t  *offset;
  size_t          c;
  bool            mean;
  const eqk_real *from;
  eqk_real       *to;
} Job;

static eqk_real
factor (const Job *j, size_t sample)
{
  const int32_t n = j->offset[sample + 1] - j->offset[sample];

  return j->mean && n > 0 ? (eqk_real) 1 / (eqk_real) n : 1;
}

/* Float64 sums: energies are extensive. */
static void
sum_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    for (size_t k = 0; k < j->c; k++)
      {
        double sum = 0;

        for (int32_t i = j->offset[s]; i < j->offset[s + 1]; i++)
          sum += j->from[(size_t) i * j->c + k];
        j->to[s * j->c + k] = factor (j, s) * (eqk_real) sum;
      }
}

static void
spread_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    for (int32_t i = j->offset[s]; i < j->offset[s + 1]; i++)
      for (size_t k = 0; k < j->c; k++)
        j->to[(size_t) i * j->c + k] = factor (j, s) * j->from[s * j->c + k];
}

static void
run_job (EqkRun *run, const EqkOp *op, const eqk_real *from, eqk_real *to, EqkRangeFunc func)
{
  const EqkSegmentParams *p = op->params;
  Job job = { eqk_segment_offsets (run, op, p->over), (size_t) eqk_program_value (run->program, op->out[0])->width, p->mean != 0, from, to };

  if (to != NULL)
    eqk_run_range (run->pool, eqk_segment_count (run, op, p->over), p->over == EQK_OVER_SAMPLES ? 4 : 64, func, &job);
}

/* The code of both directions: `name` sums the rows of each group, or spreads its row. */
static EqkStatus
emit_job (EqkEmitter *e, const EqkOp *op, int rows, int groups, bool spread)
{
  const EqkSegmentParams *p = op->params;
  const bool              back = eqk_emit_reverse (e);
  const char             *name = spread ? "segment_spread" : "segment_sum";

  eqk_emit_segment_end (e);
  if (eqk_emit_begin (e, name))
    {
      eqk_emit (e, "static void\n%s (const float *from, float *to, const int32_t *group_of, size_t n_rows, size_t n_groups, size_t c, int mean)\n{\n"
                   "  size_t begin = 0, end;\n\n  for (size_t g = 0; g < n_groups; g++, begin = end)\n    {\n      float scale;\n\n"
                   "      end = segment_end (group_of, begin, n_rows, g);\n      scale = mean && end > begin ? 1.0f / (float) (end - begin) : 1.0f;\n", name);
      eqk_emit (e, spread ? "      for (size_t i = begin; i < end; i++)\n        for (size_t k = 0; k < c; k++)\n          to[i * c + k] = scale * from[g * c + k];\n    }\n}\n\n"
                          : "      for (size_t k = 0; k < c; k++)\n        {\n          double sum = 0.0;\n\n          for (size_t i = begin; i < end; i++)\n"
                            "            sum += (double) from[i * c + k];\n          to[g * c + k] = scale * (float) sum;\n        }\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  %s (%s, ", name, back ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %s, ", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]), eqk_emit_group_of (p->over));
  eqk_emit (e, "%s, ", eqk_emit_rows (e, rows));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_rows (e, groups), eqk_program_value (eqk_emit_program (e), op->out[0])->width, p->mean);
  return EQK_OK;
}

/* ---- sum ---- */

static void
forward (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]), sum_samples);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0), spread_samples);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_XD (run, op->in[0]), EQK_XD (run, op->out[0]), sum_samples);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->in[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  return emit_job (e, op, op->in[0], op->out[0], eqk_emit_reverse (e));
}

const EqkOpType EQK_SYM (op_segment_sum) = {
  .id = "segment_sum", .smooth = EQK_SMOOTH, .flags = 0,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

/* ---- spread ---- */

static void
forward_spread (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]), spread_samples);
}

static void
reverse_spread (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0), sum_samples);
}

static void
tangent_spread (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_XD (run, op->in[0]), EQK_XD (run, op->out[0]), spread_samples);
}

static EqkStatus
emit_spread (EqkEmitter *e, const EqkOp *op)
{
  return emit_job (e, op, op->out[0], op->in[0], !eqk_emit_reverse (e));
}

/* Copies: no multiplications. */
const EqkOpType EQK_SYM (op_segment_spread) = {
  .id = "segment_spread", .smooth = EQK_SMOOTH, .flags = 0,
  .forward = forward_spread, .reverse = reverse_spread, .tangent = tangent_spread, .reverse2 = reverse_spread, .emit_c = emit_spread,
};

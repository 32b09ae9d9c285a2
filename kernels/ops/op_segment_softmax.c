/*
 * Softmax of every channel over the rows of each group; of edges also with a row more for each node, its own. Edges from a node to
 * itself can be left out, where the row of its own stands for them. Empty groups have no rows to write.
 *
 * The derivative is symmetric, J e = y (e - mean e) with means weighted by y; with the adjoint a of the energy and the tangent e
 *
 *   d/dx of a.J e = y ((a - mean a)(e - mean e) - mean of that)
 */

#include "core/real.h"

#include "ops/segments.h"

#include <math.h>

typedef struct
{
  const int32_t  *offset, *src;         /* src: NULL unless loops are skipped */
  size_t          c;
  const eqk_real *x, *own, *y, *y_own, *g, *g_own, *e, *e_own, *a, *a_own;   /* e, a: of reverse2; the own ones may be NULL, which is zero */
  eqk_real       *to, *to_own;
} Job;

static bool
counts (const Job *j, size_t group, int32_t row)
{
  return j->src == NULL || (size_t) j->src[row] != group;
}

static void
forward_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    for (size_t k = 0; k < j->c; k++)
      {
        const int32_t first = j->offset[g], last = j->offset[g + 1];
        bool          any = j->own != NULL;
        eqk_real      top = any ? j->own[g * j->c + k] : 0, sum = 0;

        for (int32_t i = first; i < last; i++)
          if (counts (j, g, i))
            {
              top = !any || j->x[(size_t) i * j->c + k] > top ? j->x[(size_t) i * j->c + k] : top;
              any = true;
            }
        for (int32_t i = first; i < last; i++)
          sum += j->to[(size_t) i * j->c + k] = counts (j, g, i) ? EQK_SEGMENT_EXP (j->x[(size_t) i * j->c + k] - top) : 0;
        if (j->own != NULL)
          sum += j->to_own[g * j->c + k] = EQK_SEGMENT_EXP (j->own[g * j->c + k] - top);
        for (int32_t i = first; sum > 0 && i < last; i++)
          j->to[(size_t) i * j->c + k] /= sum;
        if (j->own != NULL)
          j->to_own[g * j->c + k] /= sum;
      }
}

/* y (g - Σ g y): rows that do not count have y = 0. */
static void
reverse_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    for (size_t k = 0; k < j->c; k++)
      {
        eqk_real mean = j->y_own == NULL ? 0 : j->g_own[g * j->c + k] * j->y_own[g * j->c + k];

        for (int32_t i = j->offset[g]; i < j->offset[g + 1]; i++)
          mean += j->g[(size_t) i * j->c + k] * j->y[(size_t) i * j->c + k];
        for (int32_t i = j->offset[g]; j->to != NULL && i < j->offset[g + 1]; i++)
          j->to[(size_t) i * j->c + k] = j->y[(size_t) i * j->c + k] * (j->g[(size_t) i * j->c + k] - mean);
        if (j->to_own != NULL)
          j->to_own[g * j->c + k] = j->y_own[g * j->c + k] * (j->g_own[g * j->c + k] - mean);
      }
}

/* Σ y v over the rows of a group and its own. */
static eqk_real
mean_of (const Job *j, size_t g, size_t k, const eqk_real *v, const eqk_real *own)
{
  eqk_real mean = j->y_own == NULL || own == NULL ? 0 : own[g * j->c + k] * j->y_own[g * j->c + k];

  for (int32_t i = j->offset[g]; v != NULL && i < j->offset[g + 1]; i++)
    mean += v[(size_t) i * j->c + k] * j->y[(size_t) i * j->c + k];
  return mean;
}

static eqk_real
at (const eqk_real *v, size_t i)
{
  return v == NULL ? 0 : v[i];
}

/* J g, and with a tangent the derivative of a.J e too. */
static void
second_groups (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t g = begin; g < end; g++)
    for (size_t k = 0; k < j->c; k++)
      {
        const size_t   own = g * j->c + k;
        const eqk_real mean = mean_of (j, g, k, j->g, j->g_own), e = mean_of (j, g, k, j->e, j->e_own), a = mean_of (j, g, k, j->a, j->a_own);
        eqk_real       both = j->y_own == NULL ? 0 : j->y_own[own] * (at (j->a_own, own) - a) * (at (j->e_own, own) - e);

        for (int32_t i = j->offset[g]; i < j->offset[g + 1]; i++)
          both += j->y[(size_t) i * j->c + k] * (at (j->a, (size_t) i * j->c + k) - a) * (at (j->e, (size_t) i * j->c + k) - e);
        for (int32_t i = j->offset[g]; j->to != NULL && i < j->offset[g + 1]; i++)
          {
            const size_t r = (size_t) i * j->c + k;

            j->to[r] = j->y[r] * (at (j->g, r) - mean + (at (j->a, r) - a) * (at (j->e, r) - e) - both);
          }
        if (j->to_own != NULL)
          j->to_own[own] = j->y_own[own] * (at (j->g_own, own) - mean + (at (j->a_own, own) - a) * (at (j->e_own, own) - e) - both);
      }
}

static void
run_job (EqkRun *run, const EqkOp *op, EqkRangeFunc func, Job *job)
{
  const EqkSegmentSoftmaxParams *p = op->params;

  job->offset = eqk_segment_offsets (run, op, p->over);
  job->src = p->skip_loops && p->over == EQK_OVER_TARGETS ? eqk_run_structure (run, op)->src : NULL;
  job->c = (size_t) eqk_program_value (run->program, op->out[0])->width;
  eqk_run_range (run->pool, eqk_segment_count (run, op, p->over), eqk_segment_grain (p->over), func, job);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .x = EQK_X (run, op->in[0]), .own = op->n_in > 1 ? EQK_X (run, op->in[1]) : NULL, .to = EQK_X (run, op->out[0]),
              .to_own = op->n_in > 1 ? EQK_X (run, op->out[1]) : NULL };

  run_job (run, op, forward_groups, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  const bool own = op->n_in > 1;
  Job        job = { .y = EQK_X (run, op->out[0]), .y_own = own ? EQK_X (run, op->out[1]) : NULL, .g = EQK_GOUT (run, op, 0),
                     .g_own = own ? EQK_GOUT (run, op, 1) : NULL, .to = EQK_GIN (run, op, 0), .to_own = own ? EQK_GIN (run, op, 1) : NULL };

  run_job (run, op, reverse_groups, &job);
}

/* The tangent is J e: a reverse pass of tangents. */
static void
tangent (EqkRun *run, const EqkOp *op)
{
  const bool own = op->n_in > 1;
  Job        job = { .y = EQK_X (run, op->out[0]), .y_own = own ? EQK_X (run, op->out[1]) : NULL, .g = EQK_XD (run, op->in[0]), .g_own = own ? EQK_XD (run, op->in[1]) : NULL,
                     .to = EQK_XD (run, op->out[0]), .to_own = own ? EQK_XD (run, op->out[1]) : NULL };

  run_job (run, op, second_groups, &job);
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  const bool own = op->n_in > 1;
  Job        job = { .y = EQK_X (run, op->out[0]), .y_own = own ? EQK_X (run, op->out[1]) : NULL, .g = EQK_GOUT (run, op, 0), .g_own = own ? EQK_GOUT (run, op, 1) : NULL,
                     .e = EQK_XD (run, op->in[0]), .e_own = own ? EQK_XD (run, op->in[1]) : NULL, .a = EQK_G1OUT (run, op, 0), .a_own = own ? EQK_G1OUT (run, op, 1) : NULL,
                     .to = EQK_GIN (run, op, 0), .to_own = own ? EQK_GIN (run, op, 1) : NULL };

  run_job (run, op, second_groups, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 3 * (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

/* y (g - Σ g y); without rows of their own, which no layer under forces has. */
static EqkStatus
emit_reverse (EqkEmitter *e, const EqkOp *op)
{
  const EqkSegmentSoftmaxParams *p = op->params;

  if (op->n_in > 1)
    return EQK_ERR_UNSUPPORTED;
  eqk_emit_segment_end (e);
  if (eqk_emit_begin (e, "segment_softmax_reverse"))
    {
      eqk_emit (e, "static void\nsegment_softmax_reverse (const float *y, const float *gy, float *gx, const int32_t *group_of, size_t n_rows, size_t n_groups, size_t c)\n{\n"
                   "  size_t begin = 0, end;\n\n  for (size_t g = 0; g < n_groups; g++, begin = end)\n    {\n      end = segment_end (group_of, begin, n_rows, g);\n"
                   "      for (size_t k = 0; k < c; k++)\n        {\n          float mean = 0.0f;\n\n"
                   "          for (size_t i = begin; i < end; i++)\n            mean += gy[i * c + k] * y[i * c + k];\n"
                   "          for (size_t i = begin; i < end; i++)\n            gx[i * c + k] = y[i * c + k] * (gy[i * c + k] - mean);\n        }\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  segment_softmax_reverse (%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
  eqk_emit (e, "%s, %s, ", eqk_emit_gin (e, op, 0), eqk_emit_group_of (p->over));
  eqk_emit (e, "%s, ", eqk_emit_rows (e, op->in[0]));
  eqk_emit (e, "%s, %d);\n", p->over == EQK_OVER_TARGETS ? "(size_t) n_nodes" : "1", eqk_program_value (eqk_emit_program (e), op->out[0])->width);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkSegmentSoftmaxParams *p = op->params;
  const bool                     own = op->n_in > 1;

  if (eqk_emit_reverse (e))
    return emit_reverse (e, op);
  eqk_emit_segment_end (e);
  if (eqk_emit_begin (e, "segment_softmax"))
    {
      eqk_emit (e, "/* loops: where edges come from, when those from a node to itself are left out. own: a row more for each group. */\n"
                   "static void\nsegment_softmax (const float *x, const float *own, float *y, float *y_own, const int32_t *group_of, const int32_t *loops, size_t n_rows, size_t n_groups, size_t c)\n{\n"
                   "  size_t begin = 0, end;\n\n  for (size_t g = 0; g < n_groups; g++, begin = end)\n    {\n      end = segment_end (group_of, begin, n_rows, g);\n"
                   "      for (size_t k = 0; k < c; k++)\n        {\n          int   any = own != NULL;\n          float top = own != NULL ? own[g * c + k] : 0.0f, sum = 0.0f;\n\n"
                   "          for (size_t i = begin; i < end; i++)\n            if (loops == NULL || (size_t) loops[i] != g)\n              {\n                top = !any || x[i * c + k] > top ? x[i * c + k] : top;\n                any = 1;\n              }\n"
                   "          for (size_t i = begin; i < end; i++)\n            {\n              y[i * c + k] = loops == NULL || (size_t) loops[i] != g ? expf (x[i * c + k] - top) : 0.0f;\n              sum += y[i * c + k];\n            }\n"
                   "          if (own != NULL)\n            {\n              y_own[g * c + k] = expf (own[g * c + k] - top);\n              sum += y_own[g * c + k];\n              y_own[g * c + k] /= sum;\n            }\n"
                   "          for (size_t i = begin; sum > 0.0f && i < end; i++)\n            y[i * c + k] /= sum;\n        }\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  segment_softmax (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", own ? eqk_emit_value (e, op->in[1]) : "NULL");
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %s, %s, ", own ? eqk_emit_value (e, op->out[1]) : "NULL", eqk_emit_group_of (p->over), p->skip_loops && p->over == EQK_OVER_TARGETS ? "src" : "NULL");
  eqk_emit (e, "%s, ", eqk_emit_rows (e, op->in[0]));
  if (p->over == EQK_OVER_TARGETS)
    eqk_emit (e, "(size_t) n_nodes, ");
  else
    eqk_emit (e, "1, ");
  eqk_emit (e, "%d);\n", eqk_program_value (eqk_emit_program (e), op->out[0])->width);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_segment_softmax) = {
  .id = "segment_softmax", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_OUT, .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2,
  .emit_c = emit_c,
};

/* Chances that a walk along edges is back where it began: a description of a node's place in its graph that no renaming changes. */

#include "core/real.h"

#include "ops/segments.h"

#include <string.h>

typedef struct
{
  const EqkStructure *s;
  size_t              steps, room;
  eqk_real           *y, *scratch;      /* a thread: two vectors of nodes */
} Job;

/* to_i = Σ over edges j -> i of from_j / (edges out of j), within the sample. */
static void
step (const EqkStructure *s, int32_t first, int32_t last, const eqk_real *from, eqk_real *to)
{
  for (int32_t i = first; i < last; i++)
    {
      eqk_real sum = 0;

      for (int32_t e = s->by_dst[i]; e < s->by_dst[i + 1]; e++)
        {
          const int32_t j = s->src[e];

          sum += from[j - first] / (eqk_real) (s->by_src[j + 1] - s->by_src[j]);
        }
      to[i - first] = sum;
    }
}

static void
walk_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  eqk_real  *from = j->scratch + (size_t) lane * 2 * j->room, *to = from + j->room;

  for (size_t s = begin; s < end; s++)
    {
      const int32_t first = j->s->node_offset[s], last = j->s->node_offset[s + 1];

      for (int32_t i = first; i < last; i++)
        {
          memset (from, 0, (size_t) (last - first) * sizeof *from);
          from[i - first] = 1;
          for (size_t t = 0; t < j->steps; t++)
            {
              eqk_real *other = from;

              step (j->s, first, last, from, to);
              j->y[(size_t) i * j->steps + t] = to[i - first];
              from = to;
              to = other;
            }
        }
    }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { eqk_run_structure (run, op), (size_t) ((const EqkRandomWalkParams *) op->params)->steps, eqk_run_n_nodes (run, op), EQK_X (run, op->out[0]), run->scratch };

  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, walk_samples, &job);
}

/* Nothing flows back into who is linked to whom. */
static void
reverse (EqkRun *run, const EqkOp *op)
{
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkRandomWalkParams *p = op->params;
  const size_t               lanes = plan->n_threads > 0 && !plan->export_plan ? (size_t) plan->n_threads : 1, batch = sizes->batch > 0 ? (size_t) sizes->batch : 1;

  plan->scratch = lanes * 2 * sizes->nodes * sizeof (eqk_real);
  plan->macs = (double) p->steps * (double) sizes->edges * (double) sizes->nodes / (double) batch;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkRandomWalkParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "random_walk"))
    {
      eqk_emit (e, "static void\nrandom_walk (const int32_t *src, const int32_t *dst, float *y, float *m, size_t n, size_t n_edges, size_t steps)\n{\n  float *from = m, *to = m + n;\n\n  for (size_t i = 0; i < n; i++)\n    {\n"
                   "      for (size_t k = 0; k < n; k++)\n        from[k] = k == i ? 1.0f : 0.0f;\n      for (size_t t = 0; t < steps; t++)\n        {\n          float *other = from;\n\n          for (size_t k = 0; k < n; k++)\n            {\n              size_t out = 0;\n\n"
                   "              to[k] = 0.0f;\n              for (size_t e = 0; e < n_edges; e++)\n                out += (size_t) src[e] == k;\n              from[k] = out > 0 ? from[k] / (float) out : 0.0f;\n            }\n"
                   "          for (size_t e = 0; e < n_edges; e++)\n            to[dst[e]] += from[src[e]];\n          y[i * steps + t] = to[i];\n          from = to;\n          to = other;\n        }\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  random_walk (src, dst, %s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, (size_t) n_nodes, (size_t) n_edges, %d);\n", eqk_emit_scratch (e, op), p->steps);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_random_walk) = {
  .id = "random_walk", .smooth = EQK_SMOOTH, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

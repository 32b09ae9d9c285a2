/* Vectors of edges from source to target. A node gathers its gradient from its own edges, so sums have a fixed order. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/irreps.h"

typedef struct
{
  const EqkStructure *s;
  const eqk_real     *from;
  eqk_real           *to;
} Job;

static void
difference_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t e = begin; e < end; e++)
    for (size_t k = 0; k < 3; k++)
      j->to[3 * e + k] = j->from[3 * (size_t) j->s->dst[e] + k] - j->from[3 * (size_t) j->s->src[e] + k];
}

static void
gather_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job          *j = data;
  const EqkStructure *s = j->s;

  for (size_t i = begin; i < end; i++)
    for (size_t k = 0; k < 3; k++)
      {
        eqk_real sum = 0;

        for (int32_t e = s->by_dst[i]; e < s->by_dst[i + 1]; e++)
          sum += j->from[3 * (size_t) e + k];
        for (int32_t e = s->by_src[i]; e < s->by_src[i + 1]; e++)
          sum -= j->from[3 * (size_t) s->src_edge[e] + k];
        j->to[3 * i + k] = sum;
      }
}

static void
run_difference (EqkRun *run, const EqkOp *op, const eqk_real *from, eqk_real *to)
{
  const EqkEdgeVectorParams *p = op->params;
  Job                        job = { &run->structures[p->structure], from, to };

  eqk_run_range (run->pool, job.s->n_edges, 4096, difference_edges, &job);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  run_difference (run, op, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]));
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  run_difference (run, op, EQK_XD (run, op->in[0]), EQK_XD (run, op->out[0]));
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  const EqkEdgeVectorParams *p = op->params;
  Job                        job = { &run->structures[p->structure], EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0) };

  if (job.to != NULL)
    eqk_run_range (run->pool, job.s->n_nodes, 256, gather_nodes, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 3.0 * (double) sizes->edges;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const bool back = eqk_emit_reverse (e);

  if (!back && eqk_emit_begin (e, "edge_vector"))
    {
      eqk_emit (e, "static void\nedge_vector (const float *x, const int32_t *src, const int32_t *dst, float *r, size_t n)\n{\n"
                   "  for (size_t e = 0; e < n; e++)\n    for (size_t k = 0; k < 3; k++)\n"
                   "      r[3 * e + k] = x[3 * (size_t) dst[e] + k] - x[3 * (size_t) src[e] + k];\n}\n\n");
      eqk_emit_end (e);
    }
  if (back && eqk_emit_begin (e, "edge_vector_reverse"))
    {
      eqk_emit (e, "static void\nedge_vector_reverse (const int32_t *src, const int32_t *dst, const float *gr, float *gx, size_t n, size_t n_nodes)\n{\n"
                   "  for (size_t i = 0; i < 3 * n_nodes; i++)\n    gx[i] = 0.0f;\n"
                   "  for (size_t e = 0; e < n; e++)\n    for (size_t k = 0; k < 3; k++)\n      {\n"
                   "        gx[3 * (size_t) dst[e] + k] += gr[3 * e + k];\n        gx[3 * (size_t) src[e] + k] -= gr[3 * e + k];\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  if (back)
    eqk_emit (e, "  edge_vector_reverse (src, dst, %s, ", eqk_emit_grad (e, op->out[0]));
  else
    eqk_emit (e, "  edge_vector (%s, src, dst, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s", eqk_emit_rows (e, op->out[0]));
  if (back)
    eqk_emit (e, ", %s", eqk_emit_rows (e, op->in[0]));
  eqk_emit (e, ");\n");
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_edge_vector) = {
  .id = "edge_vector", .smooth = EQK_SMOOTH, .flags = 0,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

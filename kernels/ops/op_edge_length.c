/*
 * Lengths of edges. The gradient of a node is gathered from its incoming and outgoing edges by its owner, so there are no
 * races and the order of sums is that of the edges.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/ragged.h"

#include <math.h>

static const eqk_real tiny = (eqk_real) 1e-12;

typedef struct
{
  const EqkStructure *s;
  const eqk_real     *x, *xd, *r, *g, *g1;
  eqk_real           *out;
} Job;

static inline eqk_real
edge (const EqkStructure *s, const eqk_real *x, size_t e, eqk_real d[3])
{
  const eqk_real *a = x + 3 * (size_t) s->dst[e], *b = x + 3 * (size_t) s->src[e];

  for (int k = 0; k < 3; k++)
    d[k] = a[k] - b[k];
  return (eqk_real) sqrt ((double) (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]));
}

static void
forward_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  eqk_real   d[3];

  for (size_t e = begin; e < end; e++)
    j->out[e] = edge (j->s, j->x, e, d);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job                  job = { .s = eqk_run_structure (run, op), .x = EQK_X (run, op->in[0]), .out = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, job.s->n_edges, 4096, forward_edges, &job);
}

static void
tangent_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t e = begin; e < end; e++)
    {
      eqk_real       d[3], dd[3];
      const eqk_real r = edge (j->s, j->x, e, d);

      edge (j->s, j->xd, e, dd);
      j->out[e] = r > tiny ? (d[0] * dd[0] + d[1] * dd[1] + d[2] * dd[2]) / r : 0;
    }
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = { .s = eqk_run_structure (run, op), .x = EQK_X (run, op->in[0]), .xd = EQK_XD (run, op->in[0]), .out = EQK_XD (run, op->out[0]) };

  eqk_run_range (run->pool, job.s->n_edges, 4096, tangent_edges, &job);
}

/* What edge e adds to its target; its source gets the negative. */
static inline void
pull (const Job *j, size_t e, eqk_real out[3])
{
  eqk_real       d[3], dd[3];
  const eqk_real r = edge (j->s, j->x, e, d);

  for (int k = 0; k < 3; k++)
    out[k] = r > tiny ? j->g[e] * d[k] / r : 0;
  if (j->g1 != NULL && r > tiny)
    {
      edge (j->s, j->xd, e, dd);
      const eqk_real along = (d[0] * dd[0] + d[1] * dd[1] + d[2] * dd[2]) / (r * r);

      for (int k = 0; k < 3; k++)
        out[k] += j->g1[e] * (dd[k] - along * d[k]) / r;
    }
}

static void
reverse_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job          *j = data;
  const EqkStructure *s = j->s;

  for (size_t i = begin; i < end; i++)
    {
      eqk_real sum[3] = { 0, 0, 0 }, one[3];

      for (int32_t e = s->by_dst[i]; e < s->by_dst[i + 1]; e++)
        {
          pull (j, (size_t) e, one);
          for (int k = 0; k < 3; k++)
            sum[k] += one[k];
        }
      for (int32_t e = s->by_src[i]; e < s->by_src[i + 1]; e++)
        {
          pull (j, (size_t) s->src_edge[e], one);
          for (int k = 0; k < 3; k++)
            sum[k] -= one[k];
        }
      for (int k = 0; k < 3; k++)
        j->out[3 * i + (size_t) k] = sum[k];
    }
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  Job job = { .s = eqk_run_structure (run, op), .x = EQK_X (run, op->in[0]), .g = EQK_GOUT (run, op, 0), .out = EQK_GIN (run, op, 0) };

  if (second)
    {
      job.xd = EQK_XD (run, op->in[0]);
      job.g1 = job.xd == NULL ? NULL : EQK_G1OUT (run, op, 0);
    }
  if (job.out != NULL)
    eqk_run_range (run->pool, job.s->n_nodes, 256, reverse_nodes, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, false);
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, true);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 4.0 * (double) sizes->edges;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const bool back = eqk_emit_reverse (e);

  if (!back && eqk_emit_begin (e, "edge_length"))
    {
      eqk_emit (e, "static void\nedge_length (const float *x, const int32_t *src, const int32_t *dst, float *r, size_t n)\n{\n"
                   "  for (size_t e = 0; e < n; e++)\n    {\n      float sum = 0.0f;\n\n      for (size_t k = 0; k < 3; k++)\n        {\n"
                   "          const float d = x[3 * (size_t) dst[e] + k] - x[3 * (size_t) src[e] + k];\n\n          sum += d * d;\n        }\n"
                   "      r[e] = sqrtf (sum);\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  if (back && eqk_emit_begin (e, "edge_length_reverse"))
    {
      eqk_emit (e, "static void\nedge_length_reverse (const float *x, const int32_t *src, const int32_t *dst, const float *r, const float *gr, float *gx, size_t n, size_t n_nodes)\n{\n"
                   "  for (size_t i = 0; i < 3 * n_nodes; i++)\n    gx[i] = 0.0f;\n"
                   "  for (size_t e = 0; e < n; e++)\n    for (size_t k = 0; k < 3 && r[e] > 1e-12f; k++)\n      {\n"
                   "        const float g = gr[e] * (x[3 * (size_t) dst[e] + k] - x[3 * (size_t) src[e] + k]) / r[e];\n\n"
                   "        gx[3 * (size_t) dst[e] + k] += g;\n        gx[3 * (size_t) src[e] + k] -= g;\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  %s (%s, src, dst, ", back ? "edge_length_reverse" : "edge_length", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  if (back)
    {
      eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
      eqk_emit (e, "%s, ", eqk_emit_gin (e, op, 0));
    }
  eqk_emit (e, "%s", eqk_emit_rows (e, op->out[0]));
  if (back)
    eqk_emit (e, ", %s", eqk_emit_rows (e, op->in[0]));
  eqk_emit (e, ");\n");
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_edge_length) = {
  .id = "edge_length", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_OUT,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

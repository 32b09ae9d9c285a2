/*
 * Gather, product, scatter over edges: y_i = scale * sum over j -> i of x_j * w_ij. Targets own their sums, sources own
 * their gradients; both walk their edges in a fixed order.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/ragged.h"

#include <string.h>

typedef struct
{
  const EqkStructure *s;
  size_t              c;
  eqk_real            scale;
  const eqk_real     *x, *w, *x2, *w2, *g, *g1;   /* x2 * w2 is added to x * w where both are there */
  eqk_real           *out;
} Job;

static void
scatter_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      eqk_real *y = j->out + i * j->c;

      memset (y, 0, j->c * sizeof *y);
      for (int32_t e = j->s->by_dst[i]; e < j->s->by_dst[i + 1]; e++)
        {
          const size_t src = (size_t) j->s->src[e] * j->c, at = (size_t) e * j->c;

          if (j->x != NULL && j->w != NULL)
            for (size_t k = 0; k < j->c; k++)
              y[k] += j->x[src + k] * j->w[at + k];
          if (j->x2 != NULL && j->w2 != NULL)
            for (size_t k = 0; k < j->c; k++)
              y[k] += j->x2[src + k] * j->w2[at + k];
        }
      for (size_t k = 0; k < j->c; k++)
        y[k] *= j->scale;
    }
}

/* Gradient of x_j: over outgoing edges, w g_i (+ wd g1_i). */
static void
source_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      eqk_real *y = j->out + i * j->c;

      memset (y, 0, j->c * sizeof *y);
      for (int32_t k = j->s->by_src[i]; k < j->s->by_src[i + 1]; k++)
        {
          const size_t e = (size_t) j->s->src_edge[k], at = e * j->c, dst = (size_t) j->s->dst[e] * j->c;

          for (size_t u = 0; u < j->c; u++)
            y[u] += j->w[at + u] * j->g[dst + u];
          if (j->g1 != NULL && j->w2 != NULL)
            for (size_t u = 0; u < j->c; u++)
              y[u] += j->w2[at + u] * j->g1[dst + u];
        }
      for (size_t u = 0; u < j->c; u++)
        y[u] *= j->scale;
    }
}

static void
weight_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t e = begin; e < end; e++)
    {
      const size_t at = e * j->c, src = (size_t) j->s->src[e] * j->c, dst = (size_t) j->s->dst[e] * j->c;

      for (size_t u = 0; u < j->c; u++)
        j->out[at + u] = j->scale * j->x[src + u] * j->g[dst + u];
      if (j->g1 != NULL && j->x2 != NULL)
        for (size_t u = 0; u < j->c; u++)
          j->out[at + u] += j->scale * j->x2[src + u] * j->g1[dst + u];
    }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkScatterParams *p = op->params;

  return (Job) { .s = eqk_run_structure (run, op), .c = (size_t) eqk_program_value (run->program, op->out[0])->width,
                 .scale = (eqk_real) p->scale, .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.out = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, job.s->n_nodes, 16, scatter_nodes, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.w2 = EQK_XD (run, op->in[1]);
  job.x2 = job.x;
  job.x = EQK_XD (run, op->in[0]);
  job.out = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, job.s->n_nodes, 16, scatter_nodes, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  if (second)
    {
      job.g1 = EQK_G1OUT (run, op, 0);
      job.x2 = EQK_XD (run, op->in[0]);
      job.w2 = EQK_XD (run, op->in[1]);
    }
  job.out = EQK_GIN (run, op, 0);
  if (job.out != NULL)
    eqk_run_range (run->pool, job.s->n_nodes, 16, source_nodes, &job);
  job.out = EQK_GIN (run, op, 1);
  if (job.out != NULL)
    eqk_run_range (run->pool, job.s->n_edges, 256, weight_edges, &job);
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
  plan->macs = (double) sizes->edges * eqk_program_value (program, op->out[0])->width;
  return EQK_OK;
}

static void
emit_functions (EqkEmitter *e)
{
  if (eqk_emit_begin (e, "gather_mul_scatter"))
    {
      eqk_emit (e, "static void\ngather_mul_scatter (const float *x, const float *w, const int32_t *src, const int32_t *dst, float *y, size_t n_nodes, size_t n_edges, size_t c, float scale)\n{\n"
                   "  for (size_t i = 0; i < n_nodes * c; i++)\n    y[i] = 0.0f;\n"
                   "  for (size_t e = 0; e < n_edges; e++)\n    for (size_t k = 0; k < c; k++)\n"
                   "      y[(size_t) dst[e] * c + k] += scale * x[(size_t) src[e] * c + k] * w[e * c + k];\n}\n\n");
      eqk_emit_end (e);
    }
  if (eqk_emit_reverse (e) && eqk_emit_begin (e, "gather_mul_scatter_reverse"))
    {
      eqk_emit (e, "static void\ngather_mul_scatter_reverse (const float *x, const float *w, const int32_t *src, const int32_t *dst, const float *gy, float *gx, float *gw, size_t n_nodes, size_t n_edges, size_t c, float scale)\n{\n"
                   "  for (size_t i = 0; gx != NULL && i < n_nodes * c; i++)\n    gx[i] = 0.0f;\n"
                   "  for (size_t e = 0; e < n_edges; e++)\n    for (size_t k = 0; k < c; k++)\n      {\n        const float g = scale * gy[(size_t) dst[e] * c + k];\n\n"
                   "        if (gx != NULL)\n          gx[(size_t) src[e] * c + k] += g * w[e * c + k];\n        if (gw != NULL)\n          gw[e * c + k] = g * x[(size_t) src[e] * c + k];\n      }\n}\n\n");
      eqk_emit_end (e);
    }
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkScatterParams *p = op->params;
  const bool              back = eqk_emit_reverse (e);

  emit_functions (e);
  eqk_emit (e, "  gather_mul_scatter%s (%s, ", back ? "_reverse" : "", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, src, dst, ", eqk_emit_value (e, op->in[1]));
  if (back)
    {
      eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
      eqk_emit (e, "%s, ", eqk_emit_gin (e, op, 0) != NULL ? eqk_emit_gin (e, op, 0) : "NULL");
      eqk_emit (e, "%s, ", eqk_emit_gin (e, op, 1) != NULL ? eqk_emit_gin (e, op, 1) : "NULL");
    }
  else
    eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, ", eqk_emit_rows (e, op->out[0]));
  eqk_emit (e, "%s, %d, %#.9gf);\n", eqk_emit_rows (e, op->in[1]), eqk_program_value (eqk_emit_program (e), op->out[0])->width, p->scale);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_gather_mul_scatter) = {
  .id = "gather_mul_scatter", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

/* Powers of the number of edges into a node, or of the sum of their weights. Where it is not positive the power is 0. */

#include "core/real.h"

#include "ops/segments.h"

#include <math.h>

typedef struct
{
  const EqkStructure    *s;
  const EqkDegreeParams *p;
  const eqk_real        *w, *g;
  eqk_real              *y;
} Job;

static bool
counts (const Job *j, size_t e)
{
  return !j->p->skip_loops || j->s->src[e] != j->s->dst[e];
}

static double
sum_of (const Job *j, size_t node)
{
  double sum = j->p->add;

  for (int32_t e = j->s->by_dst[node]; e < j->s->by_dst[node + 1]; e++)
    if (counts (j, (size_t) e))
      sum += j->w == NULL ? 1 : (double) j->w[e];
  return sum;
}

static void
forward_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      const double sum = sum_of (j, i);

      j->y[i] = sum > 0 ? (eqk_real) pow (sum, j->p->power) : 0;
    }
}

static void
reverse_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      const double sum = sum_of (j, i), slope = sum > 0 ? j->p->power * pow (sum, j->p->power - 1) * (double) j->g[i] : 0;

      for (int32_t e = j->s->by_dst[i]; e < j->s->by_dst[i + 1]; e++)
        j->y[e] = counts (j, (size_t) e) ? (eqk_real) slope : 0;
    }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  return (Job) { .s = eqk_run_structure (run, op), .p = op->params, .w = op->n_in > 0 ? EQK_X (run, op->in[0]) : NULL };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, job.s->n_nodes, 256, forward_nodes, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.y = op->n_in > 0 ? EQK_GIN (run, op, 0) : NULL;
  if (job.y != NULL)
    eqk_run_range (run->pool, job.s->n_nodes, 256, reverse_edges, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) sizes->edges;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkDegreeParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "degree"))
    {
      eqk_emit (e, "static void\ndegree (const float *w, const int32_t *src, const int32_t *dst, float *y, size_t n_nodes, size_t n_edges, float add, float power, int skip_loops)\n{\n"
                   "  for (size_t i = 0; i < n_nodes; i++)\n    y[i] = add;\n  for (size_t e = 0; e < n_edges; e++)\n    if (!skip_loops || src[e] != dst[e])\n      y[dst[e]] += w == NULL ? 1.0f : w[e];\n"
                   "  for (size_t i = 0; i < n_nodes; i++)\n    y[i] = y[i] > 0.0f ? powf (y[i], power) : 0.0f;\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  degree (%s, src, dst, ", op->n_in > 0 ? eqk_emit_value (e, op->in[0]) : "NULL");
  eqk_emit (e, "%s, (size_t) n_nodes, (size_t) n_edges, %#.9gf, %#.9gf, %d);\n", eqk_emit_value (e, op->out[0]), p->add, p->power, p->skip_loops);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_degree) = {
  .id = "degree", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

/*
 * Sum (or mean) of the rows of a node's neighbours, each times the factors of its edge, without a row for every edge: memory is linear in
 * nodes and edges alone. Targets own their sums, sources their gradients; both walk their edges in a fixed order.
 */

#include "core/real.h"

#include "ops/segments.h"

#include <string.h>

typedef struct
{
  const EqkStructure       *s;
  const EqkNeighbourParams *p;
  size_t                    c;
  const eqk_real           *x, *a, *g;
  eqk_real                 *y;
} Job;

static bool
counts (const Job *j, size_t e)
{
  return !j->p->skip_loops || j->s->src[e] != j->s->dst[e];
}

static eqk_real
factor (const Job *j, size_t node)
{
  int32_t n = 0;

  if (!j->p->mean)
    return 1;
  for (int32_t e = j->s->by_dst[node]; e < j->s->by_dst[node + 1]; e++)
    n += counts (j, (size_t) e);
  return n > 0 ? (eqk_real) 1 / (eqk_real) n : 1;
}

/* y += scale (a of the edge) x */
static void
add_row (const Job *j, size_t e, const eqk_real *x, eqk_real scale, eqk_real *y)
{
  const size_t heads = (size_t) j->p->heads, d = j->c / heads;

  if (j->a == NULL)
    for (size_t k = 0; k < j->c; k++)
      y[k] += scale * x[k];
  else
    for (size_t h = 0; h < heads; h++)
      {
        const eqk_real f = scale * j->a[e * heads + h];

        for (size_t k = h * d; k < (h + 1) * d; k++)
          y[k] += f * x[k];
      }
}

static void
forward_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      eqk_real *y = j->y + i * j->c;

      memset (y, 0, j->c * sizeof *y);
      for (int32_t e = j->s->by_dst[i]; e < j->s->by_dst[i + 1]; e++)
        if (counts (j, (size_t) e))
          add_row (j, (size_t) e, j->x + (size_t) j->s->src[e] * j->c, 1, y);
      if (j->p->mean)
        {
          const eqk_real f = factor (j, i);

          for (size_t k = 0; k < j->c; k++)
            y[k] *= f;
        }
    }
}

static void
reverse_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      eqk_real *gx = j->y + i * j->c;

      memset (gx, 0, j->c * sizeof *gx);
      for (int32_t t = j->s->by_src[i]; t < j->s->by_src[i + 1]; t++)
        {
          const size_t e = (size_t) j->s->src_edge[t], dst = (size_t) j->s->dst[e];

          if (counts (j, e))
            add_row (j, e, j->g + dst * j->c, factor (j, dst), gx);
        }
    }
}

static void
reverse_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t heads = (size_t) j->p->heads, d = j->c / heads;

  for (size_t e = begin; e < end; e++)
    {
      const eqk_real *x = j->x + (size_t) j->s->src[e] * j->c, *g = j->g + (size_t) j->s->dst[e] * j->c, f = counts (j, e) ? factor (j, (size_t) j->s->dst[e]) : 0;

      for (size_t h = 0; h < heads; h++)
        {
          eqk_real sum = 0;

          for (size_t k = h * d; k < (h + 1) * d; k++)
            sum += x[k] * g[k];
          j->y[e * heads + h] = f * sum;
        }
    }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  return (Job) { .s = eqk_run_structure (run, op), .p = op->params, .c = (size_t) eqk_program_value (run->program, op->out[0])->width, .x = EQK_X (run, op->in[0]),
                 .a = op->in[1] < 0 ? NULL : EQK_X (run, op->in[1]) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, job.s->n_nodes, 64, forward_nodes, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.y = EQK_GIN (run, op, 0);
  if (job.y != NULL)
    eqk_run_range (run->pool, job.s->n_nodes, 64, reverse_nodes, &job);
  job.y = op->in[1] < 0 ? NULL : EQK_GIN (run, op, 1);
  if (job.y != NULL)
    eqk_run_range (run->pool, job.s->n_edges, 256, reverse_edges, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) sizes->edges * eqk_program_value (program, op->out[0])->width;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkNeighbourParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "neighbour_sum"))
    {
      eqk_emit (e, "static void\nneighbour_sum (const float *x, const float *a, const int32_t *src, const int32_t *dst, float *y, size_t n_nodes, size_t n_edges, size_t c, size_t heads, int mean, int skip_loops)\n{\n"
                   "  size_t e = 0;\n\n  for (size_t i = 0; i < n_nodes; i++)\n    {\n      float *row = y + i * c;\n      size_t n = 0;\n\n      for (size_t k = 0; k < c; k++)\n        row[k] = 0.0f;\n"
                   "      for (; e < n_edges && (size_t) dst[e] == i; e++)\n        {\n          const float *from = x + (size_t) src[e] * c;\n\n          if (skip_loops && src[e] == dst[e])\n            continue;\n          n++;\n"
                   "          for (size_t k = 0; k < c; k++)\n            row[k] += (a == NULL ? 1.0f : a[e * heads + k / (c / heads)]) * from[k];\n        }\n"
                   "      for (size_t k = 0; mean && n > 0 && k < c; k++)\n        row[k] /= (float) n;\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  neighbour_sum (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, src, dst, ", op->in[1] < 0 ? "NULL" : eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, (size_t) n_nodes, (size_t) n_edges, %d, %d, %d, %d);\n", eqk_emit_value (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width, p->heads, p->mean, p->skip_loops);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_neighbour_sum) = {
  .id = "neighbour_sum", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

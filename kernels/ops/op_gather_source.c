/* The row of the node that each edge comes from. Back, a node adds up its outgoing edges in their order. */

#include "core/real.h"

#include "ops/segments.h"

#include <string.h>

typedef struct
{
  const EqkStructure *s;
  size_t              c;
  const eqk_real     *x;
  eqk_real           *y;
} Job;

static void
gather_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t e = begin; e < end; e++)
    memcpy (j->y + e * j->c, j->x + (size_t) j->s->src[e] * j->c, j->c * sizeof *j->y);
}

static void
add_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      eqk_real *y = j->y + i * j->c;

      memset (y, 0, j->c * sizeof *y);
      for (int32_t t = j->s->by_src[i]; t < j->s->by_src[i + 1]; t++)
        for (size_t k = 0; k < j->c; k++)
          y[k] += j->x[(size_t) j->s->src_edge[t] * j->c + k];
    }
}

static Job
job_of (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  return (Job) { eqk_run_structure (run, op), (size_t) eqk_program_value (run->program, op->out[0])->width, x, y };
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  Job job = job_of (run, op, x, y);

  eqk_run_range (run->pool, job.s->n_edges, 256, gather_edges, &job);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  Job job = job_of (run, op, gy, gx);

  eqk_run_range (run->pool, job.s->n_nodes, 64, add_edges, &job);
}

#include "ops/linear_passes.h"

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const int c = eqk_program_value (eqk_emit_program (e), op->out[0])->width;

  if (!eqk_emit_reverse (e))
    {
      if (eqk_emit_begin (e, "gather_source"))
        {
          eqk_emit (e, "static void\ngather_source (const float *x, const int32_t *src, float *y, size_t n_edges, size_t c)\n{\n"
                       "  for (size_t e = 0; e < n_edges; e++)\n    memcpy (y + e * c, x + (size_t) src[e] * c, c * sizeof *y);\n}\n\n");
          eqk_emit_end (e);
        }
      eqk_emit (e, "  gather_source (%s, src, ", eqk_emit_value (e, op->in[0]));
      eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
      eqk_emit (e, "%s, %d);\n", eqk_emit_rows (e, op->out[0]), c);
      return EQK_OK;
    }
  if (eqk_emit_begin (e, "gather_source_reverse"))
    {
      eqk_emit (e, "static void\ngather_source_reverse (const float *gy, const int32_t *src, float *gx, size_t n_edges, size_t n_nodes, size_t c)\n{\n"
                   "  for (size_t i = 0; i < n_nodes * c; i++)\n    gx[i] = 0.0f;\n  for (size_t e = 0; e < n_edges; e++)\n    for (size_t k = 0; k < c; k++)\n"
                   "      gx[(size_t) src[e] * c + k] += gy[e * c + k];\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  gather_source_reverse (%s, src, ", eqk_emit_grad (e, op->out[0]));
  eqk_emit (e, "%s, ", eqk_emit_gin (e, op, 0));
  eqk_emit (e, "%s, ", eqk_emit_rows (e, op->out[0]));
  eqk_emit (e, "%s, %d);\n", eqk_emit_rows (e, op->in[0]), c);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_gather_source) = {
  .id = "gather_source", .smooth = EQK_SMOOTH, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

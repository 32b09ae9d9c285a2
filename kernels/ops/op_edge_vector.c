/*
 * Vectors of edges from source to target; with a lattice as second input, from the image of the source that the edge's shift names:
 * r = x_dst - x_src - shift · cell. Linear in both, so tangents are the same and there is no second derivative. A node gathers its
 * gradient from its own edges, a cell from those of its sample, so sums have a fixed order.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/irreps.h"

typedef struct
{
  const EqkStructure *s;
  const eqk_real     *from, *cell;       /* cell: NULL where nothing is periodic, or its tangent is zero */
  eqk_real           *to;
} Job;

static void
difference_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t e = begin; e < end; e++)
    for (size_t k = 0; k < 3; k++)
      j->to[3 * e + k] = j->from == NULL ? 0 : j->from[3 * (size_t) j->s->dst[e] + k] - j->from[3 * (size_t) j->s->src[e] + k];
}

/* Edges of a sample have one lattice. */
static void
take_off_shifts (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job          *j = data;
  const EqkStructure *s = j->s;

  for (size_t i = begin; i < end; i++)
    for (int32_t e = s->by_dst[s->node_offset[i]]; e < s->by_dst[s->node_offset[i + 1]]; e++)
      for (size_t row = 0; row < 3; row++)
        {
          const int32_t shift = s->shift[3 * (size_t) e + row];

          for (size_t k = 0; shift != 0 && k < 3; k++)
            j->to[3 * (size_t) e + k] -= (eqk_real) shift * j->cell[9 * i + 3 * row + k];
        }
}

static void
gather_cells (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job          *j = data;
  const EqkStructure *s = j->s;

  for (size_t i = begin; i < end; i++)
    {
      double sum[9] = { 0 };

      for (int32_t e = s->by_dst[s->node_offset[i]]; e < s->by_dst[s->node_offset[i + 1]]; e++)
        for (size_t row = 0; row < 3; row++)
          for (size_t k = 0; s->shift[3 * (size_t) e + row] != 0 && k < 3; k++)
            sum[3 * row + k] -= (double) s->shift[3 * (size_t) e + row] * (double) j->from[3 * (size_t) e + k];
      for (size_t k = 0; k < 9; k++)
        j->to[9 * i + k] = (eqk_real) sum[k];
    }
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
run_difference (EqkRun *run, const EqkOp *op, const eqk_real *from, const eqk_real *cell, eqk_real *to)
{
  Job job = { eqk_run_structure (run, op), from, cell, to };

  eqk_run_range (run->pool, job.s->n_edges, 4096, difference_edges, &job);
  if (cell != NULL)
    eqk_run_range (run->pool, (size_t) job.s->n_samples, 1, take_off_shifts, &job);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  run_difference (run, op, EQK_X (run, op->in[0]), op->n_in > 1 ? EQK_X (run, op->in[1]) : NULL, EQK_X (run, op->out[0]));
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  run_difference (run, op, EQK_XD (run, op->in[0]), op->n_in > 1 ? EQK_XD (run, op->in[1]) : NULL, EQK_XD (run, op->out[0]));
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { eqk_run_structure (run, op), EQK_GOUT (run, op, 0), NULL, EQK_GIN (run, op, 0) };

  if (job.to != NULL)
    eqk_run_range (run->pool, job.s->n_nodes, 256, gather_nodes, &job);
  job.to = op->n_in > 1 ? EQK_GIN (run, op, 1) : NULL;
  if (job.to != NULL)
    eqk_run_range (run->pool, (size_t) job.s->n_samples, 1, gather_cells, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 3.0 * (double) sizes->edges;
  return EQK_OK;
}

/* The lattice's part, after that of the positions. */
static void
emit_cell (EqkEmitter *e, const EqkOp *op, bool back)
{
  const char *to = back ? eqk_emit_gin (e, op, 1) : NULL;

  if (back && to == NULL)
    return;
  if (!back && eqk_emit_begin (e, "edge_shift"))
    {
      eqk_emit (e, "static void\nedge_shift (const float *cell, const int32_t *shift, float *r, size_t n)\n{\n"
                   "  for (size_t e = 0; e < n; e++)\n    for (size_t row = 0; row < 3; row++)\n      for (size_t k = 0; k < 3; k++)\n"
                   "        r[3 * e + k] -= (float) shift[3 * e + row] * cell[3 * row + k];\n}\n\n");
      eqk_emit_end (e);
    }
  if (back && eqk_emit_begin (e, "edge_shift_reverse"))
    {
      eqk_emit (e, "static void\nedge_shift_reverse (const int32_t *shift, const float *gr, float *gcell, size_t n)\n{\n  double sum[9] = { 0.0 };\n\n"
                   "  for (size_t e = 0; e < n; e++)\n    for (size_t row = 0; row < 3; row++)\n      for (size_t k = 0; k < 3; k++)\n"
                   "        sum[3 * row + k] -= (double) shift[3 * e + row] * (double) gr[3 * e + k];\n"
                   "  for (size_t k = 0; k < 9; k++)\n    gcell[k] = (float) sum[k];\n}\n\n");
      eqk_emit_end (e);
    }
  if (back)
    eqk_emit (e, "  edge_shift_reverse (shift, %s, ", eqk_emit_grad (e, op->out[0]));
  else
    eqk_emit (e, "  edge_shift (%s, shift, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", back ? to : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s);\n", eqk_emit_rows (e, op->out[0]));
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
  if (op->n_in > 1)
    emit_cell (e, op, back);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_edge_vector) = {
  .id = "edge_vector", .smooth = EQK_SMOOTH, .flags = 0,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

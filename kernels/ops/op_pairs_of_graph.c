/* A graph as numbers of pairs: who is linked to whom, what its edges carry, what its nodes carry on the diagonal. */

#include "core/real.h"

#include "ops/segments.h"

#include <string.h>

typedef struct
{
  const EqkStructure        *s;
  const EqkPairsGraphParams *p;
  const eqk_real            *x, *w, *g;
  eqk_real                  *y, *gx, *gw;
} Job;

static size_t
width_of (const Job *j)
{
  return 1 + (size_t) j->p->c + (size_t) j->p->ce;
}

/* The row of the pair (target, source) of edge e in sample s. */
static size_t
row_of (const Job *j, size_t s, int32_t dst, int32_t src)
{
  const size_t first = (size_t) j->s->node_offset[s], n = (size_t) j->s->node_offset[s + 1] - first;

  return j->s->pair_offset[s] + ((size_t) dst - first) * n + ((size_t) src - first);
}

static void
forward_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t c = (size_t) j->p->c, ce = (size_t) j->p->ce, width = width_of (j);

  for (size_t s = begin; s < end; s++)
    {
      memset (j->y + j->s->pair_offset[s] * width, 0, (j->s->pair_offset[s + 1] - j->s->pair_offset[s]) * width * sizeof *j->y);
      for (int32_t i = j->s->node_offset[s]; i < j->s->node_offset[s + 1]; i++)
        {
          for (int32_t e = j->s->by_dst[i]; e < j->s->by_dst[i + 1]; e++)
            {
              eqk_real *y = j->y + row_of (j, s, i, j->s->src[e]) * width;

              y[0] = 1;
              if (j->w != NULL)
                memcpy (y + 1, j->w + (size_t) e * ce, ce * sizeof *y);
            }
          if (j->x != NULL)
            memcpy (j->y + row_of (j, s, i, i) * width + 1 + ce, j->x + (size_t) i * c, c * sizeof *j->y);
        }
    }
}

/* Of equal edges only the last one was seen. */
static bool
is_last (const Job *j, int32_t e, int32_t i)
{
  return e + 1 == j->s->by_dst[i + 1] || j->s->src[e + 1] != j->s->src[e];
}

static void
reverse_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t c = (size_t) j->p->c, ce = (size_t) j->p->ce, width = width_of (j);

  for (size_t s = begin; s < end; s++)
    for (int32_t i = j->s->node_offset[s]; i < j->s->node_offset[s + 1]; i++)
      {
        for (int32_t e = j->s->by_dst[i]; j->gw != NULL && e < j->s->by_dst[i + 1]; e++)
          if (is_last (j, e, i))
            memcpy (j->gw + (size_t) e * ce, j->g + row_of (j, s, i, j->s->src[e]) * width + 1, ce * sizeof *j->gw);
          else
            memset (j->gw + (size_t) e * ce, 0, ce * sizeof *j->gw);
        if (j->gx != NULL)
          memcpy (j->gx + (size_t) i * c, j->g + row_of (j, s, i, i) * width + 1 + ce, c * sizeof *j->gx);
      }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .s = eqk_run_structure (run, op), .p = op->params, .x = op->in[0] < 0 ? NULL : EQK_X (run, op->in[0]), .w = op->in[1] < 0 ? NULL : EQK_X (run, op->in[1]), .y = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, forward_samples, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .s = eqk_run_structure (run, op), .p = op->params, .g = EQK_GOUT (run, op, 0), .gx = op->in[0] < 0 ? NULL : EQK_GIN (run, op, 0), .gw = op->in[1] < 0 ? NULL : EQK_GIN (run, op, 1) };

  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, reverse_samples, &job);
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkPairsGraphParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "pairs_of_graph"))
    {
      eqk_emit (e, "static void\npairs_of_graph (const float *x, const float *w, const int32_t *src, const int32_t *dst, float *y, size_t n, size_t n_edges, size_t c, size_t ce)\n{\n  const size_t width = 1 + c + ce;\n\n"
                   "  memset (y, 0, n * n * width * sizeof *y);\n  for (size_t e = 0; e < n_edges; e++)\n    {\n      float *row = y + ((size_t) dst[e] * n + (size_t) src[e]) * width;\n\n      row[0] = 1.0f;\n      if (w != NULL)\n        memcpy (row + 1, w + e * ce, ce * sizeof *row);\n    }\n"
                   "  for (size_t i = 0; x != NULL && i < n; i++)\n    memcpy (y + (i * n + i) * width + 1 + ce, x + i * c, c * sizeof *y);\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  pairs_of_graph (%s, ", op->in[0] < 0 ? "NULL" : eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, src, dst, ", op->in[1] < 0 ? "NULL" : eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, (size_t) n_nodes, (size_t) n_edges, %d, %d);\n", eqk_emit_value (e, op->out[0]), p->c, p->ce);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_pairs_of_graph) = {
  .id = "pairs_of_graph", .smooth = EQK_SMOOTH, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

/*
 * Tensor product of the features at an edge's source with the edge's harmonics, weighted by the edge, summed at the target.
 * Couplings are contracted with the harmonics first, M[i][k] = sum of c y_j for each path and edge, a few dozen numbers; then
 * the copies, which lie side by side, go through vector registers (tp_uvu.c). Targets own their sums; for the gradients sources
 * own theirs, and an edge has one source, so one walk makes all three gradients in a fixed order.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/irreps.h"
#include "ops/pieces.h"
#include "ops/product-emit.h"
#include "ops/tp_uvu.h"

#include <stdlib.h>
#include <string.h>

enum
{
  NODES = 8,            /* a thread takes at a time */
  PIECE_NODES = 4096,   /* of a single sample: up to here its gradients are summed in pieces */
};

typedef struct
{
  const EqkTpParams  *p;
  const EqkStructure *s;
  const eqk_real     *x, *y, *w, *c, *xd, *yd, *wd, *g, *g1;
  eqk_real           *out, *gx, *gy, *gw, *scratch, *partial;   /* partial: rows of gx of each piece but the first */
  size_t              n_scratch;
} Job;

/* Registers for M and its tangent of a block of edges, for their harmonics and for the gradients of those. */
static size_t
scratch_registers (const EqkTpParams *p)
{
  return 2 * (size_t) p->n_slots + (size_t) (EQK_LANES + 1) * (size_t) p->n_sh;
}

/*
 * The next block of the edges [k, last) of the nodes from *node on, whose edges end at by[node + 1]. edges: their numbers in order of
 * the nodes, NULL where they are in order themselves. other: the node at the other end, with rows of n_other numbers; owners' have n_own.
 */
static void
next_block (const Job *j, const int32_t *by, const int32_t *edges, const int32_t *other, size_t n_own, size_t n_other, int32_t k, int32_t last, size_t *node, EqkTpBlock *b,
            int32_t *number)
{
  const int32_t n_edges = by[j->s->n_nodes];

  b->n = last - k < EQK_LANES ? last - k : EQK_LANES;
  b->n_runs = 0;
  for (int e = 0; e < b->n; e++)
    {
      while (k + e >= by[*node + 1])
        ++*node;
      if (e == 0 || b->own[b->n_runs - 1] != *node * n_own)
        b->own[b->n_runs++] = *node * n_own;
      b->end[b->n_runs - 1] = e + 1;
      number[e] = edges == NULL ? k + e : edges[k + e];
      b->other[e] = (size_t) other[number[e]] * n_other;
      b->weights[e] = (size_t) number[e] * (size_t) j->p->n_weights;
    }
  b->fresh = b->n_runs;
  for (int e = 0; e < b->n; e++)
    {
      const int32_t next = k + EQK_LANES + e < n_edges ? k + EQK_LANES + e : n_edges - 1;   /* of the next chunk's too */

      b->ahead[e] = (size_t) (edges == NULL ? next : edges[next]) * (size_t) j->p->n_weights;
    }
}

/* Whether each number of z is of a path. */
static bool
paths_fill (const EqkTpParams *p)
{
  int n = 0;

  for (int k = 0; k < p->n_paths; k++)
    n += p->paths[k].n_k * p->paths[k].mul;
  return n == p->n_out;
}

/* The first of a block writes where runs are fresh, the others add. */
static void
add_term (const Job *j, EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_vec *m)
{
  EQK_SYM (tp_forward) (j->p, b, x, w, m, j->out);
  b->fresh = b->n_runs;
}

/* Sums of the targets [begin, end): forward, or the tangent, which has a term for each of the three that moves. */
static void
scatter_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job         *j = data;
  const EqkTpParams *p = j->p;
  const int32_t     *by = j->s->by_dst;
  const bool         whole = paths_fill (p), tangents = j->xd != NULL || j->yd != NULL || j->wd != NULL;
  eqk_vec           *m = (eqk_vec *) (j->scratch + (size_t) lane * j->n_scratch), *md = m + p->n_slots, *yt = md + p->n_slots;
  size_t             node = begin;
  EqkTpBlock         b;
  int32_t            number[EQK_LANES];

  memset (m, 0, 2 * (size_t) p->n_slots * sizeof *m);
  for (size_t i = begin; i < end; i++)
    if (!whole || by[i] == by[i + 1])
      memset (j->out + i * (size_t) p->n_out, 0, (size_t) p->n_out * sizeof *j->out);
  for (int32_t k = by[begin]; k < by[end]; k += b.n)
    {
      next_block (j, by, NULL, j->s->src, (size_t) p->n_out, (size_t) p->n_in, k, by[end], &node, &b, number);
      b.fresh = !whole ? b.n_runs : k > by[b.own[0] / (size_t) p->n_out];   /* the first run may have begun in the block before */
      EQK_SYM (tp_contract) (p, j->c, j->y, number, b.n, yt, m);
      if (j->yd != NULL)
        EQK_SYM (tp_contract) (p, j->c, j->yd, number, b.n, yt, md);
      if (!tangents)
        add_term (j, &b, j->x, j->w, m);
      if (j->yd != NULL)
        add_term (j, &b, j->x, j->w, md);
      if (j->xd != NULL)
        add_term (j, &b, j->xd, j->w, m);
      if (j->wd != NULL)
        add_term (j, &b, j->x, j->wd, m);
    }
}

/* One of up to three terms of gx and gw: gx += w M g and gw += x M g with M of y; NULL in gx or gw: not of this one. */
typedef struct
{
  const eqk_real *x, *y, *w, *g;
  eqk_real       *gx, *gw;
} Term;

/*
 * Of the second kind, with g1 the gradient of the tangent, gx takes w (Md g1) and wd (M g1) too, gw takes x (Md g1) and xd (M g1). Terms are
 * taken one after the other.
 */
static int
terms_of (const Job *j, Term *t)
{
  int n = 1;

  t[0] = (Term) { j->x, j->y, j->w, j->g, j->gx, j->gw };
  if (j->g1 != NULL && j->yd != NULL)
    t[n++] = (Term) { j->x, j->yd, j->w, j->g1, j->gx, j->gw };
  if (j->g1 != NULL && (j->xd != NULL || j->wd != NULL))
    t[n++] = (Term) { j->xd != NULL ? j->xd : j->x, j->y, j->wd != NULL ? j->wd : j->w, j->g1, j->wd != NULL ? j->gx : NULL, j->xd != NULL ? j->gw : NULL };
  return n;
}

/* gy = c w x g; of the second kind (wd x + w xd) g1 too. */
static void
harmonics_block (const Job *j, const EqkTpBlock *b, const int32_t *number, eqk_vec *gy)
{
  const size_t n_sh = (size_t) j->p->n_sh;

  memset (gy, 0, (size_t) b->n * n_sh * sizeof *gy);
  EQK_SYM (tp_harmonics) (j->p, b, j->c, j->x, j->w, j->g, gy);
  if (j->g1 != NULL && j->wd != NULL)
    EQK_SYM (tp_harmonics) (j->p, b, j->c, j->x, j->wd, j->g1, gy);
  if (j->g1 != NULL && j->xd != NULL)
    EQK_SYM (tp_harmonics) (j->p, b, j->c, j->xd, j->w, j->g1, gy);
  for (size_t e = 0; e < (size_t) b->n; e++)
    for (size_t s = 0; s < n_sh; s++)
      {
        eqk_real sum = 0;

        for (int v = 0; v < EQK_LANES; v++)
          sum += gy[e * n_sh + s][v];
        j->gy[(size_t) number[e] * n_sh + s] = sum;
      }
}

/*
 * Edges into the targets [begin, end): gw and gy of each and, where `gx` is there, what they give to the rows of their sources. A block goes through
 * all terms before the next, so that its weights are fetched once.
 */
static void
reverse_nodes (const Job *j, size_t begin, size_t end, int lane, eqk_real *gx)
{
  const EqkTpParams *p = j->p;
  const int32_t      last = j->s->by_dst[end];
  eqk_vec           *m = (eqk_vec *) (j->scratch + (size_t) lane * j->n_scratch), *yt = m + 2 * p->n_slots, *gy = yt + p->n_sh;
  size_t             node = begin;
  EqkTpBlock         b;
  int32_t            number[EQK_LANES];
  Term               terms[3];
  const int          n_terms = terms_of (j, terms);

  memset (m, 0, (size_t) p->n_slots * sizeof *m);
  for (int32_t k = j->s->by_dst[begin]; k < last; k += b.n)
    {
      next_block (j, j->s->by_dst, NULL, j->s->src, (size_t) p->n_out, (size_t) p->n_in, k, last, &node, &b, number);
      for (const Term *t = terms; t < terms + n_terms; t++)
        {
          eqk_real *to = t->gx != NULL ? gx : NULL;

          if (to == NULL && t->gw == NULL)
            continue;
          EQK_SYM (tp_contract) (p, j->c, t->y, number, b.n, yt, m);
          EQK_SYM (tp_reverse) (p, &b, t->x, t->w, m, t->g, to, t->gw, t > terms);
        }
      if (j->gy != NULL)
        harmonics_block (j, &b, number, gy);
    }
}

/* Edges stay within samples, so whoever has a sample has all edges of its nodes. */
static void
reverse_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t k = begin; k < end; k++)
    {
      const size_t first = (size_t) j->s->node_offset[k], last = (size_t) j->s->node_offset[k + 1], n = (size_t) j->p->n_in;

      memset (j->gx + first * n, 0, (last - first) * n * sizeof *j->gx);
      reverse_nodes (j, first, last, lane, j->gx);
    }
}

static void
reverse_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  reverse_nodes (data, begin, end, lane, NULL);
}

/* Edges into the targets of a piece, with a gx of its own. */
static void
reverse_piece (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n = j->s->n_nodes * (size_t) j->p->n_in;
  eqk_real    *gx = chunk == 0 ? j->gx : j->partial + (chunk - 1) * n;

  memset (gx, 0, n * sizeof *gx);
  reverse_nodes (j, begin, end, lane, gx);
}

static void
sum_pieces (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n_in = (size_t) j->p->n_in, n_nodes = j->s->n_nodes, n = (end - begin) * n_in;

  for (size_t k = 1; k < eqk_n_pieces (n_nodes, NODES); k++)
    {
      const eqk_real *restrict from = j->partial + ((k - 1) * n_nodes + begin) * n_in;
      eqk_real *restrict       to = j->gx + begin * n_in;

      for (size_t i = 0; i < n; i++)
        to[i] += from[i];
    }
}

/* gx of the sources [begin, end). */
static void
spread_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job         *j = data;
  const EqkTpParams *p = j->p;
  const int32_t      first = j->s->by_src[begin], last = j->s->by_src[end];
  eqk_vec           *m = (eqk_vec *) (j->scratch + (size_t) lane * j->n_scratch), *yt = m + 2 * p->n_slots;
  EqkTpBlock         b;
  int32_t            number[EQK_LANES];
  Term               terms[3];
  const int          n_terms = terms_of (j, terms);

  memset (m, 0, (size_t) p->n_slots * sizeof *m);
  memset (j->gx + begin * (size_t) p->n_in, 0, (end - begin) * (size_t) p->n_in * sizeof *j->gx);
  for (const Term *t = terms; t < terms + n_terms; t++)
    {
      size_t node = begin;

      for (int32_t k = first; k < last && t->gx != NULL; k += b.n)
        {
          next_block (j, j->s->by_src, j->s->src_edge, j->s->dst, (size_t) p->n_in, (size_t) p->n_out, k, last, &node, &b, number);
          EQK_SYM (tp_contract) (p, j->c, t->y, number, b.n, yt, m);
          EQK_SYM (tp_spread) (p, &b, t->w, m, t->g, t->gx);
        }
    }
}

/* ---- the operation ---- */

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkTpParams *p = op->params;

  return (Job) { .p = p, .s = eqk_run_structure (run, op), .x = EQK_X (run, op->in[0]), .y = EQK_X (run, op->in[1]), .w = EQK_X (run, op->in[2]),
                 .c = EQK_X (run, op->in[3]), .scratch = run->scratch, .n_scratch = scratch_registers (p) * (size_t) EQK_LANES };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.out = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, job.s->n_nodes, NODES, scatter_nodes, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.xd = EQK_XD (run, op->in[0]);
  job.yd = EQK_XD (run, op->in[1]);
  job.wd = EQK_XD (run, op->in[2]);
  job.out = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, job.s->n_nodes, NODES, scatter_nodes, &job);
}

/*
 * With several samples a walk over targets makes all gradients, and reads what is largest, g and weights, once; with one that is not very large so do
 * pieces of it, whose gx are added. Else threads share the targets for what is an edge's own, and then the sources for what is a node's. Sums of these
 * differ in their order, so the data decide, not the threads.
 */
static void
walk_back (EqkRun *run, Job *job)
{
  const size_t n_nodes = job->s->n_nodes;
  const bool   of_edges = job->gw != NULL || job->gy != NULL;

  if (job->gx != NULL && job->s->n_samples > 1)
    eqk_run_range (run->pool, (size_t) job->s->n_samples, 1, reverse_samples, job);
  else if (job->gx != NULL && of_edges && n_nodes <= PIECE_NODES)
    {
      job->partial = job->scratch + job->n_scratch * (size_t) eqk_pool_n_threads (run->pool);
      eqk_run_range (run->pool, n_nodes, eqk_piece_rows (n_nodes, NODES), reverse_piece, job);
      eqk_run_range (run->pool, n_nodes, NODES, sum_pieces, job);
    }
  else
    {
      if (of_edges)
        eqk_run_range (run->pool, n_nodes, NODES, reverse_edges, job);
      if (job->gx != NULL)
        eqk_run_range (run->pool, n_nodes, NODES, spread_nodes, job);
    }
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, 0);
  job.gy = EQK_GIN (run, op, 1);
  job.gw = EQK_GIN (run, op, 2);
  if (second)
    {
      job.xd = EQK_XD (run, op->in[0]);
      job.yd = EQK_XD (run, op->in[1]);
      job.wd = EQK_XD (run, op->in[2]);
      job.g1 = EQK_G1OUT (run, op, 0);
    }
  walk_back (run, &job);
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
  const EqkTpParams *p = op->params;

  for (int k = 0; k < p->n_paths; k++)
    plan->macs += (double) sizes->edges * p->paths[k].mul * (p->row_k[p->paths[k].by_k + p->paths[k].n_k] - p->row_k[p->paths[k].by_k] + p->paths[k].n_k);
  plan->macs += (double) sizes->edges * p->n_terms;
  if (plan->export_plan)
    return EQK_OK;
  plan->scratch = (size_t) plan->n_threads * scratch_registers (p) * sizeof (eqk_vec);
  plan->scratch_reverse = plan->scratch + (EQK_MAX_PIECES - 1) * (sizes->nodes < PIECE_NODES ? sizes->nodes : PIECE_NODES) * (size_t) p->n_in * sizeof (eqk_real);
  return EQK_OK;
}

/* ---- C ---- */

#define TABLES "const int32_t *paths, int n_paths, const int32_t *pairs, const int32_t *rows, const int32_t *term"

/* The most harmonics and pairs that products of the program have. */
static void
most_of_products (const EqkEmitter *e, int type, int *harmonics, int *pairs)
{
  const EqkProgram *program = eqk_emit_program (e);

  *harmonics = *pairs = 1;
  for (int i = 0; i < eqk_program_n_ops (program); i++)
    if (eqk_program_op (program, i)->type == type)
      {
        const EqkTpParams *p = eqk_program_op (program, i)->params;

        *harmonics = p->n_sh > *harmonics ? p->n_sh : *harmonics;
        *pairs = p->n_pairs > *pairs ? p->n_pairs : *pairs;
      }
}

static void
emit_block (EqkEmitter *e, int harmonics)
{
  eqk_emit_vectors (e);
  if (!eqk_emit_begin (e, "tp_block"))
    return;
  eqk_emit (e, "/* M, couplings times harmonics, of n edges, EQ_LANES at most, side by side: m[pair][edge]. */\nstatic void\n"
               "tp_block (const float *y, size_t n_sh, size_t n, const float *c, const int32_t *pairs, int n_pairs, const int32_t *term, float *m)\n"
               "{\n  float turned[%d * EQ_LANES] = { 0.0f };\n\n  for (size_t e = 0; e < n; e++)\n    for (size_t s = 0; s < n_sh; s++)\n"
               "      turned[s * EQ_LANES + e] = y[e * n_sh + s];\n  for (int r = 0; r < n_pairs; r++)\n    {\n      eq_vec sum = { 0 };\n\n"
               "      for (int32_t t = pairs[2 * r + 1]; t < pairs[2 * r + 3]; t++)\n"
               "        sum += c[t] * eq_load (turned + term[t] * EQ_LANES);\n      eq_store (m + r * EQ_LANES, sum);\n    }\n}\n\n", harmonics);
  eqk_emit_end (e);
}

/* M of as many edges as a vector has numbers, then the copies of each edge in vectors. */
static void
emit_forward_function (EqkEmitter *e, int pairs)
{
  eqk_emit (e, "/* A path is (components of z, place and stride in x, place and stride in z, copies, first weight, first row); a pair (component of x, first term). */\n"
               "static void\n"
               "tp_uvu (const float *x, const float *y, const float *w, const float *c, const int32_t *src, const int32_t *dst, float *z, size_t n_nodes, size_t n_edges,\n"
               "        size_t n_in, size_t n_out, size_t n_sh, size_t n_weights, " TABLES ")\n{\n");
  if (eqk_emit_plain (e))
    eqk_emit (e, "  for (size_t i = 0; i < n_nodes * n_out; i++)\n    z[i] = 0.0f;\n  for (size_t e = 0; e < n_edges; e++)\n"
                 "    for (int p = 0; p < n_paths; p++)\n      {\n        const int32_t *q = paths + 8 * p;\n"
                 "        const float *xe = x + (size_t) src[e] * n_in + q[1], *we = w + e * n_weights + q[6];\n\n"
                 "        for (int32_t k = 0; k < q[0]; k++)\n          for (int32_t r = rows[q[7] + k]; r < rows[q[7] + k + 1]; r++)\n"
                 "            {\n              const float *xi = xe + pairs[2 * r] * q[2];\n"
                 "              float *zk = z + (size_t) dst[e] * n_out + q[3] + k * q[4], m = 0.0f;\n\n"
                 "              for (int32_t t = pairs[2 * r + 1]; t < pairs[2 * r + 3]; t++)\n"
                 "                m += c[t] * y[e * n_sh + (size_t) term[t]];\n              for (int32_t u = 0; u < q[5]; u++)\n"
                 "                zk[u] += m * we[u] * xi[u];\n            }\n      }\n}\n");
  else
    eqk_emit (e, "  const int n_pairs = n_paths == 0 ? 0 : rows[paths[8 * n_paths - 1] + paths[8 * n_paths - 8]];\n  float m[%d * EQ_LANES];\n\n"
                 "  for (size_t i = 0; i < n_nodes * n_out; i++)\n    z[i] = 0.0f;\n  for (size_t e = 0; e < n_edges; e++)\n    {\n"
                 "      const float *me = m + e %% EQ_LANES;\n\n      if (me == m)\n"
                 "        tp_block (y + e * n_sh, n_sh, n_edges - e < EQ_LANES ? n_edges - e : EQ_LANES, c, pairs, n_pairs, term, m);\n"
                 "      for (int p = 0; p < n_paths; p++)\n        {\n          const int32_t *q = paths + 8 * p;\n"
                 "          const float *xe = x + (size_t) src[e] * n_in + q[1], *we = w + e * n_weights + q[6];\n\n"
                 "          for (int32_t k = 0; k < q[0]; k++)\n            {\n"
                 "              const int32_t first = rows[q[7] + k], last = rows[q[7] + k + 1];\n"
                 "              float  *zk = z + (size_t) dst[e] * n_out + q[3] + k * q[4];\n              int32_t u = 0;\n\n"
                 "              for (; u + EQ_LANES <= q[5]; u += EQ_LANES)\n                {\n                  eq_vec sum = { 0 };\n\n"
                 "                  for (int32_t r = first; r < last; r++)\n"
                 "                    sum += me[r * EQ_LANES] * eq_load (xe + pairs[2 * r] * q[2] + u);\n"
                 "                  eq_store (zk + u, eq_load (zk + u) + eq_load (we + u) * sum);\n                }\n"
                 "              for (; u < q[5]; u++)\n                for (int32_t r = first; r < last; r++)\n"
                 "                  zk[u] += me[r * EQ_LANES] * we[u] * xe[pairs[2 * r] * q[2] + u];\n            }\n        }\n    }\n}\n", pairs);
}

static void
emit_reverse_function (EqkEmitter *e, int harmonics, int pairs)
{
  eqk_emit (e, "static void\n"
               "tp_uvu_reverse (const float *x, const float *y, const float *w, const float *c, const int32_t *src, const int32_t *dst, const float *gz, float *gx, float *gy, float *gw,\n"
               "                size_t n_nodes, size_t n_edges, size_t n_in, size_t n_out, size_t n_sh, size_t n_weights, " TABLES ")\n{\n");
  if (eqk_emit_plain (e))
    eqk_emit (e, "  for (size_t i = 0; gx != NULL && i < n_nodes * n_in; i++)\n    gx[i] = 0.0f;\n"
                 "  for (size_t i = 0; gy != NULL && i < n_edges * n_sh; i++)\n    gy[i] = 0.0f;\n"
                 "  for (size_t i = 0; gw != NULL && i < n_edges * n_weights; i++)\n    gw[i] = 0.0f;\n  for (size_t e = 0; e < n_edges; e++)\n"
                 "    for (int p = 0; p < n_paths; p++)\n      {\n        const int32_t *q = paths + 8 * p;\n"
                 "        const float *we = w + e * n_weights + q[6];\n\n        for (int32_t k = 0; k < q[0]; k++)\n"
                 "          for (int32_t r = rows[q[7] + k]; r < rows[q[7] + k + 1]; r++)\n            {\n"
                 "              const size_t at = (size_t) src[e] * n_in + (size_t) (q[1] + pairs[2 * r] * q[2]);\n"
                 "              const float *xi = x + at, *gk = gz + (size_t) dst[e] * n_out + q[3] + k * q[4];\n"
                 "              float m = 0.0f, sum = 0.0f;\n\n              for (int32_t t = pairs[2 * r + 1]; t < pairs[2 * r + 3]; t++)\n"
                 "                m += c[t] * y[e * n_sh + (size_t) term[t]];\n              for (int32_t u = 0; gx != NULL && u < q[5]; u++)\n"
                 "                gx[at + (size_t) u] += m * we[u] * gk[u];\n              for (int32_t u = 0; gw != NULL && u < q[5]; u++)\n"
                 "                gw[e * n_weights + (size_t) (q[6] + u)] += m * xi[u] * gk[u];\n"
                 "              for (int32_t u = 0; gy != NULL && u < q[5]; u++)\n                sum += we[u] * xi[u] * gk[u];\n"
                 "              for (int32_t t = pairs[2 * r + 1]; gy != NULL && t < pairs[2 * r + 3]; t++)\n"
                 "                gy[e * n_sh + (size_t) term[t]] += c[t] * sum;\n            }\n      }\n}\n");
  else
    eqk_emit (e, "  const int n_pairs = n_paths == 0 ? 0 : rows[paths[8 * n_paths - 1] + paths[8 * n_paths - 8]];\n  float m[%d * EQ_LANES];\n\n"
                 "  for (size_t i = 0; gx != NULL && i < n_nodes * n_in; i++)\n    gx[i] = 0.0f;\n"
                 "  for (size_t i = 0; gy != NULL && i < n_edges * n_sh; i++)\n    gy[i] = 0.0f;\n"
                 "  for (size_t i = 0; gw != NULL && i < n_edges * n_weights; i++)\n    gw[i] = 0.0f;\n  for (size_t e = 0; e < n_edges; e++)\n"
                 "    {\n      const float *me = m + e %% EQ_LANES;\n"
                 "      eq_vec       sums[%d] = { { 0 } };   /* of each harmonic, over the copies in vectors */\n\n      if (me == m)\n"
                 "        tp_block (y + e * n_sh, n_sh, n_edges - e < EQ_LANES ? n_edges - e : EQ_LANES, c, pairs, n_pairs, term, m);\n"
                 "      for (int p = 0; p < n_paths; p++)\n        {\n          const int32_t *q = paths + 8 * p;\n"
                 "          const float *we = w + e * n_weights + q[6];\n          float *ge = gw == NULL ? NULL : gw + e * n_weights + q[6];\n\n"
                 "          for (int32_t k = 0; k < q[0]; k++)\n            for (int32_t r = rows[q[7] + k]; r < rows[q[7] + k + 1]; r++)\n"
                 "              {\n                const size_t at = (size_t) src[e] * n_in + (size_t) (q[1] + pairs[2 * r] * q[2]);\n"
                 "                const float *xi = x + at, *gk = gz + (size_t) dst[e] * n_out + q[3] + k * q[4], mr = me[r * EQ_LANES];\n"
                 "                float       *gi = gx == NULL ? NULL : gx + at, rest = 0.0f;\n                eq_vec       sum = { 0 };\n"
                 "                int32_t      u = 0;\n\n                for (; u + EQ_LANES <= q[5]; u += EQ_LANES)\n                  {\n"
                 "                    const eq_vec a = eq_load (we + u) * eq_load (gk + u), xu = eq_load (xi + u);\n\n"
                 "                    if (gi != NULL)\n                      eq_store (gi + u, eq_load (gi + u) + mr * a);\n"
                 "                    if (ge != NULL)\n                      eq_store (ge + u, eq_load (ge + u) + mr * xu * eq_load (gk + u));\n"
                 "                    sum += a * xu;\n                  }\n                for (; u < q[5]; u++)\n                  {\n"
                 "                    if (gi != NULL)\n                      gi[u] += mr * we[u] * gk[u];\n                    if (ge != NULL)\n"
                 "                      ge[u] += mr * xi[u] * gk[u];\n                    rest += we[u] * xi[u] * gk[u];\n                  }\n"
                 "                for (int32_t t = pairs[2 * r + 1]; gy != NULL && t < pairs[2 * r + 3]; t++)\n                  {\n"
                 "                    sums[term[t]] += c[t] * sum;\n                    gy[e * n_sh + (size_t) term[t]] += c[t] * rest;\n"
                 "                  }\n              }\n        }\n      for (size_t i = 0; gy != NULL && i < n_sh; i++)\n"
                 "        gy[e * n_sh + i] += eq_sum (sums[i]);\n    }\n}\n", pairs, harmonics);
}

static void
emit_functions (EqkEmitter *e, int type)
{
  const bool back = eqk_emit_reverse (e);
  int        harmonics, pairs;

  most_of_products (e, type, &harmonics, &pairs);
  if (!eqk_emit_plain (e))
    emit_block (e, harmonics);
  if (!eqk_emit_plain (e) && back)
    eqk_emit_sum (e);
  if (!eqk_emit_begin (e, back ? "tp_uvu_reverse" : "tp_uvu"))
    return;
  if (back)
    emit_reverse_function (e, harmonics, pairs);
  else
    emit_forward_function (e, pairs);
  eqk_emit (e, "\n");
  eqk_emit_end (e);
}

static EqkStatus
emit_tables (EqkEmitter *e, const EqkTpParams *p)
{
  const size_t n_rows = p->n_paths == 0 ? 1 : (size_t) (p->paths[p->n_paths - 1].by_k + p->paths[p->n_paths - 1].n_k + 1);
  int32_t     *paths = calloc (8 * ((size_t) p->n_paths + 1), sizeof *paths), *pairs = calloc (2 * ((size_t) p->n_pairs + 1), sizeof *pairs);
  const char  *names[4] = { NULL };

  for (int k = 0; paths != NULL && k < p->n_paths; k++)
    {
      const EqkTpPath *path = &p->paths[k];
      const int32_t    row[8] = { path->n_k, path->from, path->from_stride, path->to, path->to_stride, path->mul, path->weight, path->by_k };

      memcpy (paths + 8 * k, row, sizeof row);
    }
  for (int q = 0; pairs != NULL && q <= p->n_pairs; q++)
    {
      pairs[2 * q] = p->pairs[q].i;
      pairs[2 * q + 1] = p->pairs[q].first;
    }
  if (paths != NULL && pairs != NULL)
    {
      names[0] = eqk_emit_table_i (e, "tp_paths", paths, 8 * ((size_t) p->n_paths + (p->n_paths == 0)));
      eqk_emit (e, "%s, %d, ", names[0], p->n_paths);
      names[1] = eqk_emit_table_i (e, "tp_pairs", pairs, 2 * ((size_t) p->n_pairs + 1));
      eqk_emit (e, "%s, ", names[1]);
      names[2] = eqk_emit_table_i (e, "tp_rows", p->row_k, n_rows);
      eqk_emit (e, "%s, ", names[2]);
      names[3] = eqk_emit_table_i (e, "tp_terms", p->term, (size_t) (p->n_terms > 0 ? p->n_terms : 1));
      eqk_emit (e, "%s);\n", names[3]);
    }
  free (paths);
  free (pairs);
  return names[3] == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkTpParams *p = op->params;
  const bool         back = eqk_emit_reverse (e);

  emit_functions (e, op->type);
  eqk_emit (e, "  tp_uvu%s (%s, ", back ? "_reverse" : "", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[2]));
  eqk_emit (e, "%s, src, dst, ", eqk_emit_value (e, op->in[3]));
  if (back)
    {
      eqk_emit (e, "%s", eqk_emit_grad (e, op->out[0]));
      for (int k = 0; k < 3; k++)
        eqk_emit (e, ", %s", eqk_emit_gin (e, op, k) != NULL ? eqk_emit_gin (e, op, k) : "NULL");
    }
  else
    eqk_emit (e, "%s", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, ", %s, ", eqk_emit_rows (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d, %d, %d, ", eqk_emit_rows (e, op->in[2]), p->n_in, p->n_out, p->n_sh, p->n_weights);
  return emit_tables (e, p);
}

const EqkOpType EQK_SYM (op_tp_uvu) = {
  .id = "tp_uvu", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_KEEP_IN2,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

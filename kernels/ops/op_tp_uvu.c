/*
 * Tensor product of the features at an edge's source with the edge's harmonics, weighted by the edge, summed at the target.
 * Couplings are contracted with the harmonics first, M[i][k] = sum of c y_j for each path and edge, a few dozen numbers; then
 * the copies, which lie side by side, go through vector registers, a tile of them at a time. Targets own their sums; for the
 * gradients sources own theirs, and an edge has one source, so one walk makes all three gradients in a fixed order.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/irreps.h"

#include <stdlib.h>
#include <string.h>

enum { TILE = 4 };   /* registers of copies that a path's sums are kept in */

typedef struct
{
  const EqkTpParams  *p;
  const EqkStructure *s;
  const eqk_real     *x, *y, *w, *c, *xd, *yd, *wd, *g, *g1;
  eqk_real           *out, *gx, *gy, *gw, *scratch;
  size_t              n_scratch;
} Job;

static inline eqk_vec
load (const eqk_real *from)
{
  return *(const eqk_vecu *) from;
}

static inline void
store (eqk_real *to, eqk_vec v)
{
  *(eqk_vecu *) to = v;
}

/* M of one edge for all paths. */
static void
contract (const EqkTpParams *p, const eqk_real *c, const eqk_real *y, eqk_real *m)
{
  for (int q = 0; q < p->n_pairs; q++)
    {
      eqk_real sum = 0;

      for (int32_t t = p->pairs[q].first; t < p->pairs[q + 1].first; t++)
        sum += c[t] * y[p->term[t]];
      m[q] = sum;
    }
}

/* What an edge gives to the pass in progress; NULL where it does not move. */
typedef struct
{
  const eqk_real *x, *xd, *w, *wd, *m, *md, *g, *g1;
  eqk_real       *z, *gx, *gw;
  eqk_vec        *gy;
} Edge;

/* ---- forward and tangent: `n` registers of copies from u ---- */

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

ALWAYS_INLINE void
forward_tile (const EqkTpParams *p, const EqkTpPath *path, const Edge *e, size_t u, const int n)
{
  for (int k = 0; k < path->n_k; k++)
    {
      eqk_real *z = e->z + path->to + (size_t) k * (size_t) path->to_stride + u;
      eqk_vec   t[TILE];

      EQK_UNROLL (4)
      for (int v = 0; v < n; v++)
        t[v] = (eqk_vec) { 0 };
      for (int32_t q = p->row_k[path->by_k + k]; q < p->row_k[path->by_k + k + 1]; q++)
        {
          const eqk_real *x = e->x + path->from + (size_t) p->pairs[q].i * (size_t) path->from_stride + u;
          const eqk_real  m = e->m[q];

          EQK_UNROLL (4)
          for (int v = 0; v < n; v++)
            t[v] += m * load (x + v * EQK_LANES);
        }
      EQK_UNROLL (4)
      for (int v = 0; v < n; v++)
        store (z + v * EQK_LANES, load (z + v * EQK_LANES) + load (e->w + path->weight + u + v * EQK_LANES) * t[v]);
    }
}

ALWAYS_INLINE void
tangent_tile (const EqkTpParams *p, const EqkTpPath *path, const Edge *e, size_t u, const int n)
{
  for (int k = 0; k < path->n_k; k++)
    {
      eqk_real *z = e->z + path->to + (size_t) k * (size_t) path->to_stride + u;
      eqk_vec   t[TILE], td[TILE];

      EQK_UNROLL (4)
      for (int v = 0; v < n; v++)
        t[v] = td[v] = (eqk_vec) { 0 };
      for (int32_t q = p->row_k[path->by_k + k]; q < p->row_k[path->by_k + k + 1]; q++)
        {
          const size_t at = (size_t) path->from + (size_t) p->pairs[q].i * (size_t) path->from_stride + u;

          EQK_UNROLL (4)
          for (int v = 0; v < n; v++)
            {
              const eqk_vec x = load (e->x + at + v * EQK_LANES);

              t[v] += e->m[q] * x;
              if (e->md != NULL)
                td[v] += e->md[q] * x;
              if (e->xd != NULL)
                td[v] += e->m[q] * load (e->xd + at + v * EQK_LANES);
            }
        }
      EQK_UNROLL (4)
      for (int v = 0; v < n; v++)
        {
          eqk_vec sum = load (z + v * EQK_LANES) + load (e->w + path->weight + u + v * EQK_LANES) * td[v];

          if (e->wd != NULL)
            sum += load (e->wd + path->weight + u + v * EQK_LANES) * t[v];
          store (z + v * EQK_LANES, sum);
        }
    }
}

/* Copies that fill no register. */
static void
forward_rest (const EqkTpParams *p, const EqkTpPath *path, const Edge *e, size_t u, bool tangents)
{
  for (int k = 0; k < path->n_k; k++)
    {
      eqk_real t = 0, td = 0;

      for (int32_t q = p->row_k[path->by_k + k]; q < p->row_k[path->by_k + k + 1]; q++)
        {
          const size_t at = (size_t) path->from + (size_t) p->pairs[q].i * (size_t) path->from_stride + u;

          t += e->m[q] * e->x[at];
          if (e->md != NULL)
            td += e->md[q] * e->x[at];
          if (e->xd != NULL)
            td += e->m[q] * e->xd[at];
        }
      e->z[path->to + (size_t) k * (size_t) path->to_stride + u] += tangents ? e->w[(size_t) path->weight + u] * td + (e->wd != NULL ? e->wd[(size_t) path->weight + u] * t : 0)
                                                                             : e->w[(size_t) path->weight + u] * t;
    }
}

static void
scatter_edge (const EqkTpParams *p, const Edge *e, bool tangents)
{
  const size_t lanes = (size_t) EQK_LANES;

  for (int k = 0; k < p->n_paths; k++)
    {
      const EqkTpPath *path = &p->paths[k];
      size_t           u = 0;

      if (tangents)
        {
          for (; u + TILE * lanes <= (size_t) path->mul; u += TILE * lanes)
            tangent_tile (p, path, e, u, TILE);
          for (; u + lanes <= (size_t) path->mul; u += lanes)
            tangent_tile (p, path, e, u, 1);
        }
      else
        {
          for (; u + TILE * lanes <= (size_t) path->mul; u += TILE * lanes)
            forward_tile (p, path, e, u, TILE);
          for (; u + 2 * lanes <= (size_t) path->mul; u += 2 * lanes)
            forward_tile (p, path, e, u, 2);
          for (; u + lanes <= (size_t) path->mul; u += lanes)
            forward_tile (p, path, e, u, 1);
        }
      for (; u < (size_t) path->mul; u++)
        forward_rest (p, path, e, u, tangents);
    }
}

static void
scatter_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job         *j = data;
  const EqkTpParams *p = j->p;
  const bool         tangents = j->xd != NULL || j->yd != NULL || j->wd != NULL;
  eqk_real          *m = j->scratch + (size_t) lane * j->n_scratch, *md = m + p->n_pairs;

  for (size_t i = begin; i < end; i++)
    {
      Edge e = { .z = j->out + i * (size_t) p->n_out, .m = m, .md = j->yd == NULL ? NULL : md };

      memset (e.z, 0, (size_t) p->n_out * sizeof *e.z);
      for (int32_t k = j->s->by_dst[i]; k < j->s->by_dst[i + 1]; k++)
        {
          const size_t edge = (size_t) k, src = (size_t) j->s->src[k] * (size_t) p->n_in;

          e.x = j->x + src;
          e.w = j->w + edge * (size_t) p->n_weights;
          e.xd = j->xd == NULL ? NULL : j->xd + src;
          e.wd = j->wd == NULL ? NULL : j->wd + edge * (size_t) p->n_weights;
          contract (p, j->c, j->y + edge * (size_t) p->n_sh, m);
          if (j->yd != NULL)
            contract (p, j->c, j->yd + edge * (size_t) p->n_sh, md);
          scatter_edge (p, &e, tangents);
        }
    }
}

/* ---- reverse ---- */

/*
 * s_i = sum over k of M[i][k] g_k; then gx_i = w s_i, gw = sum over i of x_i s_i. Of the second kind A_i takes M g + Md g1 and
 * B_i takes M g1: gx_i = w A_i + wd B_i, gw = sum of x_i A_i + xd_i B_i.
 */
ALWAYS_INLINE void
reverse_tile (const EqkTpParams *p, const EqkTpPath *path, const Edge *e, size_t u, const int n, const bool second)
{
  eqk_vec w[TILE], wd[TILE], gw[TILE];

  EQK_UNROLL (4)
  for (int v = 0; v < n; v++)
    {
      w[v] = load (e->w + path->weight + u + v * EQK_LANES);
      wd[v] = second && e->wd != NULL ? load (e->wd + path->weight + u + v * EQK_LANES) : (eqk_vec) { 0 };
      gw[v] = (eqk_vec) { 0 };
    }
  for (int i = 0; i < path->n_i; i++)
    {
      const size_t at = (size_t) path->from + (size_t) i * (size_t) path->from_stride + u;
      eqk_vec      a[TILE], b[TILE];

      EQK_UNROLL (4)
      for (int v = 0; v < n; v++)
        a[v] = b[v] = (eqk_vec) { 0 };
      for (int32_t r = p->row_i[path->by_i + i]; r < p->row_i[path->by_i + i + 1]; r++)
        {
          const int32_t q = p->order_i[r];
          const size_t  to = (size_t) path->to + (size_t) p->pairs[q].k * (size_t) path->to_stride + u;

          EQK_UNROLL (4)
          for (int v = 0; v < n; v++)
            {
              a[v] += e->m[q] * load (e->g + to + v * EQK_LANES);
              if (second)
                {
                  const eqk_vec g1 = load (e->g1 + to + v * EQK_LANES);

                  b[v] += e->m[q] * g1;
                  if (e->md != NULL)
                    a[v] += e->md[q] * g1;
                }
            }
        }
      EQK_UNROLL (4)
      for (int v = 0; v < n; v++)
        {
          gw[v] += load (e->x + at + v * EQK_LANES) * a[v];
          if (second && e->xd != NULL)
            gw[v] += load (e->xd + at + v * EQK_LANES) * b[v];
          if (e->gx != NULL)
            store (e->gx + at + v * EQK_LANES, load (e->gx + at + v * EQK_LANES) + w[v] * a[v] + wd[v] * b[v]);
        }
    }
  if (e->gw != NULL)
    {
      EQK_UNROLL (4)
      for (int v = 0; v < n; v++)
        store (e->gw + path->weight + u + v * EQK_LANES, gw[v]);
    }
}

/* gy_j += c (w x_i) g_k, and of the second kind c (wd x_i + w xd_i) g1_k; one register of partial sums for each j. */
ALWAYS_INLINE void
harmonics_tile (const EqkTpParams *p, const EqkTpPath *path, const Edge *e, const eqk_real *c, size_t u, const int n, const bool second)
{
  for (int i = 0; i < path->n_i; i++)
    {
      const size_t at = (size_t) path->from + (size_t) i * (size_t) path->from_stride + u;
      eqk_vec      wx[TILE], wxd[TILE];

      EQK_UNROLL (4)
      for (int v = 0; v < n; v++)
        {
          const eqk_vec w = load (e->w + path->weight + u + v * EQK_LANES), x = load (e->x + at + v * EQK_LANES);

          wx[v] = w * x;
          wxd[v] = (eqk_vec) { 0 };
          if (second && e->wd != NULL)
            wxd[v] += load (e->wd + path->weight + u + v * EQK_LANES) * x;
          if (second && e->xd != NULL)
            wxd[v] += w * load (e->xd + at + v * EQK_LANES);
        }
      for (int32_t r = p->row_i[path->by_i + i]; r < p->row_i[path->by_i + i + 1]; r++)
        {
          const int32_t q = p->order_i[r];
          const size_t  to = (size_t) path->to + (size_t) p->pairs[q].k * (size_t) path->to_stride + u;
          eqk_vec       sum = { 0 };

          EQK_UNROLL (4)
          for (int v = 0; v < n; v++)
            {
              sum += wx[v] * load (e->g + to + v * EQK_LANES);
              if (second)
                sum += wxd[v] * load (e->g1 + to + v * EQK_LANES);
            }
          for (int32_t t = p->pairs[q].first; t < p->pairs[q + 1].first; t++)
            e->gy[p->term[t]] += c[t] * sum;
        }
    }
}

static void
reverse_rest (const EqkTpParams *p, const EqkTpPath *path, const Edge *e, const eqk_real *c, size_t u, bool second)
{
  const eqk_real w = e->w[(size_t) path->weight + u], wd = second && e->wd != NULL ? e->wd[(size_t) path->weight + u] : 0;
  eqk_real       gw = 0;

  for (int i = 0; i < path->n_i; i++)
    {
      const size_t   at = (size_t) path->from + (size_t) i * (size_t) path->from_stride + u;
      const eqk_real x = e->x[at], xd = second && e->xd != NULL ? e->xd[at] : 0;
      eqk_real       a = 0, b = 0;

      for (int32_t r = p->row_i[path->by_i + i]; r < p->row_i[path->by_i + i + 1]; r++)
        {
          const int32_t  q = p->order_i[r];
          const size_t   to = (size_t) path->to + (size_t) p->pairs[q].k * (size_t) path->to_stride + u;
          const eqk_real g1 = second ? e->g1[to] : 0, sum = w * x * e->g[to] + (wd * x + w * xd) * g1;

          a += e->m[q] * e->g[to] + (second && e->md != NULL ? e->md[q] * g1 : 0);
          b += e->m[q] * g1;
          for (int32_t t = p->pairs[q].first; e->gy != NULL && t < p->pairs[q + 1].first; t++)
            e->gy[p->term[t]][0] += c[t] * sum;
        }
      gw += x * a + xd * b;
      if (e->gx != NULL)
        e->gx[at] += w * a + wd * b;
    }
  if (e->gw != NULL)
    e->gw[(size_t) path->weight + u] = gw;
}

ALWAYS_INLINE void
reverse_edge (const EqkTpParams *p, const Edge *e, const eqk_real *c, const bool second)
{
  const size_t lanes = (size_t) EQK_LANES;

  for (int k = 0; k < p->n_paths; k++)
    {
      const EqkTpPath *path = &p->paths[k];
      const bool       rows = e->gx != NULL || e->gw != NULL;
      size_t           u = 0;

      for (; u + TILE * lanes <= (size_t) path->mul; u += TILE * lanes)
        {
          if (rows)
            reverse_tile (p, path, e, u, TILE, second);
          if (e->gy != NULL)
            harmonics_tile (p, path, e, c, u, TILE, second);
        }
      for (; u + 2 * lanes <= (size_t) path->mul; u += 2 * lanes)
        {
          if (rows)
            reverse_tile (p, path, e, u, 2, second);
          if (e->gy != NULL)
            harmonics_tile (p, path, e, c, u, 2, second);
        }
      for (; u + lanes <= (size_t) path->mul; u += lanes)
        {
          if (rows)
            reverse_tile (p, path, e, u, 1, second);
          if (e->gy != NULL)
            harmonics_tile (p, path, e, c, u, 1, second);
        }
      for (; u < (size_t) path->mul; u++)
        reverse_rest (p, path, e, c, u, second);
    }
}

static void
source_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job         *j = data;
  const EqkTpParams *p = j->p;
  const bool         second = j->g1 != NULL;
  eqk_vec           *gy = (eqk_vec *) (j->scratch + (size_t) lane * j->n_scratch);
  eqk_real          *m = (eqk_real *) (gy + p->n_sh), *md = m + p->n_pairs;

  for (size_t i = begin; i < end; i++)
    {
      Edge e = { .x = j->x + i * (size_t) p->n_in, .xd = j->xd == NULL ? NULL : j->xd + i * (size_t) p->n_in, .m = m,
                 .md = j->yd == NULL ? NULL : md, .gx = j->gx == NULL ? NULL : j->gx + i * (size_t) p->n_in, .gy = j->gy == NULL ? NULL : gy };

      if (e.gx != NULL)
        memset (e.gx, 0, (size_t) p->n_in * sizeof *e.gx);
      for (int32_t k = j->s->by_src[i]; k < j->s->by_src[i + 1]; k++)
        {
          const size_t edge = (size_t) j->s->src_edge[k], dst = (size_t) j->s->dst[edge] * (size_t) p->n_out;

          e.w = j->w + edge * (size_t) p->n_weights;
          e.wd = j->wd == NULL ? NULL : j->wd + edge * (size_t) p->n_weights;
          e.g = j->g + dst;
          e.g1 = second ? j->g1 + dst : NULL;
          e.gw = j->gw == NULL ? NULL : j->gw + edge * (size_t) p->n_weights;
          contract (p, j->c, j->y + edge * (size_t) p->n_sh, m);
          if (j->yd != NULL)
            contract (p, j->c, j->yd + edge * (size_t) p->n_sh, md);
          if (e.gy != NULL)
            memset (gy, 0, (size_t) p->n_sh * sizeof *gy);
          if (second)
            reverse_edge (p, &e, j->c, true);
          else
            reverse_edge (p, &e, j->c, false);
          for (int s = 0; e.gy != NULL && s < p->n_sh; s++)
            {
              eqk_real sum = 0;

              for (int v = 0; v < EQK_LANES; v++)
                sum += gy[s][v];
              j->gy[edge * (size_t) p->n_sh + (size_t) s] = sum;
            }
        }
    }
}

/* ---- the operation ---- */

/* Numbers a thread needs: registers for the gradient of y, M and its tangent, whole registers in all. */
static size_t
scratch_numbers (const EqkTpParams *p)
{
  const size_t lanes = (size_t) EQK_LANES;

  return ((size_t) p->n_sh * lanes + 2 * (size_t) p->n_pairs + 16 + lanes - 1) / lanes * lanes;
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkTpParams *p = op->params;

  return (Job) { .p = p, .s = &run->structures[p->structure], .x = EQK_X (run, op->in[0]), .y = EQK_X (run, op->in[1]), .w = EQK_X (run, op->in[2]),
                 .c = EQK_X (run, op->in[3]), .scratch = run->scratch, .n_scratch = scratch_numbers (p) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.out = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, job.s->n_nodes, 8, scatter_nodes, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.xd = EQK_XD (run, op->in[0]);
  job.yd = EQK_XD (run, op->in[1]);
  job.wd = EQK_XD (run, op->in[2]);
  job.out = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, job.s->n_nodes, 8, scatter_nodes, &job);
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
  if (job.gx != NULL || job.gy != NULL || job.gw != NULL)
    eqk_run_range (run->pool, job.s->n_nodes, 8, source_nodes, &job);
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
  plan->scratch = plan->scratch_reverse = (size_t) plan->n_threads * scratch_numbers (p) * sizeof (eqk_real);
  return EQK_OK;
}

/* ---- C ---- */

#define TABLES "const int32_t *paths, int n_paths, const int32_t *pairs, const int32_t *rows, const int32_t *term"
#define PATH "const int32_t *q = paths + 8 * p;\n"

static void
emit_functions (EqkEmitter *e)
{
  if (!eqk_emit_reverse (e) && eqk_emit_begin (e, "tp_uvu"))
    {
      eqk_emit (e, "/* A path is (components of z, place and stride in x, place and stride in z, copies, first weight, first row); a pair (component of x, first term). */\n"
                   "static void\ntp_uvu (const float *x, const float *y, const float *w, const float *c, const int32_t *src, const int32_t *dst, float *z, size_t n_nodes, size_t n_edges,\n"
                   "        size_t n_in, size_t n_out, size_t n_sh, size_t n_weights, " TABLES ")\n{\n"
                   "  for (size_t i = 0; i < n_nodes * n_out; i++)\n    z[i] = 0.0f;\n"
                   "  for (size_t e = 0; e < n_edges; e++)\n    for (int p = 0; p < n_paths; p++)\n      {\n        " PATH
                   "        const float *xe = x + (size_t) src[e] * n_in + q[1], *we = w + e * n_weights + q[6];\n\n"
                   "        for (int32_t k = 0; k < q[0]; k++)\n          for (int32_t r = rows[q[7] + k]; r < rows[q[7] + k + 1]; r++)\n            {\n"
                   "              const float *xi = xe + pairs[2 * r] * q[2];\n"
                   "              float *zk = z + (size_t) dst[e] * n_out + q[3] + k * q[4], m = 0.0f;\n\n"
                   "              for (int32_t t = pairs[2 * r + 1]; t < pairs[2 * r + 3]; t++)\n                m += c[t] * y[e * n_sh + (size_t) term[t]];\n"
                   "              for (int32_t u = 0; u < q[5]; u++)\n                zk[u] += m * we[u] * xi[u];\n            }\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  if (eqk_emit_reverse (e) && eqk_emit_begin (e, "tp_uvu_reverse"))
    {
      eqk_emit (e, "static void\ntp_uvu_reverse (const float *x, const float *y, const float *w, const float *c, const int32_t *src, const int32_t *dst, const float *gz, float *gx, float *gy, float *gw,\n"
                   "                size_t n_nodes, size_t n_edges, size_t n_in, size_t n_out, size_t n_sh, size_t n_weights, " TABLES ")\n{\n"
                   "  for (size_t i = 0; gx != NULL && i < n_nodes * n_in; i++)\n    gx[i] = 0.0f;\n"
                   "  for (size_t i = 0; gy != NULL && i < n_edges * n_sh; i++)\n    gy[i] = 0.0f;\n"
                   "  for (size_t i = 0; gw != NULL && i < n_edges * n_weights; i++)\n    gw[i] = 0.0f;\n"
                   "  for (size_t e = 0; e < n_edges; e++)\n    for (int p = 0; p < n_paths; p++)\n      {\n        " PATH
                   "        const float *we = w + e * n_weights + q[6];\n\n"
                   "        for (int32_t k = 0; k < q[0]; k++)\n          for (int32_t r = rows[q[7] + k]; r < rows[q[7] + k + 1]; r++)\n            {\n"
                   "              const size_t at = (size_t) src[e] * n_in + (size_t) (q[1] + pairs[2 * r] * q[2]);\n"
                   "              const float *xi = x + at, *gk = gz + (size_t) dst[e] * n_out + q[3] + k * q[4];\n              float m = 0.0f, sum = 0.0f;\n\n"
                   "              for (int32_t t = pairs[2 * r + 1]; t < pairs[2 * r + 3]; t++)\n                m += c[t] * y[e * n_sh + (size_t) term[t]];\n"
                   "              for (int32_t u = 0; gx != NULL && u < q[5]; u++)\n                gx[at + (size_t) u] += m * we[u] * gk[u];\n"
                   "              for (int32_t u = 0; gw != NULL && u < q[5]; u++)\n                gw[e * n_weights + (size_t) (q[6] + u)] += m * xi[u] * gk[u];\n"
                   "              for (int32_t u = 0; gy != NULL && u < q[5]; u++)\n                sum += we[u] * xi[u] * gk[u];\n"
                   "              for (int32_t t = pairs[2 * r + 1]; gy != NULL && t < pairs[2 * r + 3]; t++)\n                gy[e * n_sh + (size_t) term[t]] += c[t] * sum;\n"
                   "            }\n      }\n}\n\n");
      eqk_emit_end (e);
    }
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

  emit_functions (e);
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

/*
 * Fully connected tensor product of rows with shared weights. The products of copies, P[row, k][u, v], are made first; a path
 * is then one matrix product with its weights. Everything is bilinear, so the tangent of P is P of the tangents, and second
 * gradients are first ones with the other factor's tangent. Rows are cut into pieces with a partial weight gradient each.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/gemm.h"
#include "ops/irreps.h"
#include "ops/pieces.h"
#include "ops/turn.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_ROWS = 64, PACK_ROWS = 32, WIDE = 4 };

typedef struct
{
  const EqkProductParams *p;
  const eqk_real         *x, *y, *w, *c, *xd, *yd, *g, *g1;
  eqk_real               *z, *gx, *gy, *partial, *pack;
  size_t                  n_pack;
} Job;

/*
 * Rows are turned once for all paths: component by component, copies side by side. x and its gradient by rows, component i of copy u at
 * row * n_x + from_x + i * mul_x + u; z by blocks, [row][k][w] from PACK_ROWS * to on, as matrix products have it.
 */

/* Numbers of the products of one path for PACK_ROWS rows. */
static size_t
n_products (const EqkProductPath *t)
{
  return (size_t) PACK_ROWS * (size_t) t->n_k * (size_t) t->mul_x * (size_t) t->mul_y;
}

/* Whether path k is the first that reads its block of x, or the first that writes its block of z. */
static bool
opens_x (const EqkProductParams *p, int k)
{
  for (int i = 0; i < k; i++)
    if (p->paths[i].from_x == p->paths[k].from_x)
      return false;
  return true;
}

static bool
opens_z (const EqkProductParams *p, int k)
{
  for (int i = 0; i < k; i++)
    if (p->paths[i].to == p->paths[k].to)
      return false;
  return true;
}

/* Whether paths write all of z. */
static bool
fill_z (const EqkProductParams *p)
{
  int n = 0;

  for (int k = 0; k < p->n_paths; k++)
    n += opens_z (p, k) ? p->paths[k].n_k * p->paths[k].mul_z : 0;
  return n == p->n_z;
}

static void
turn_x (const EqkProductParams *p, const eqk_real *x, size_t row, size_t n, eqk_real *out)
{
  for (int k = 0; k < p->n_paths; k++)
    for (size_t r = 0; r < n && opens_x (p, k); r++)
      {
        const EqkProductPath *t = &p->paths[k];

        turn_to_components (x + (row + r) * (size_t) p->n_x + t->from_x, out + r * (size_t) p->n_x + t->from_x, t->mul_x, t->n_i);
      }
}

/* Adds what was made of x's turned gradient. */
static void
turn_back_x (const EqkProductParams *p, const eqk_real *turned, size_t row, size_t n, eqk_real *gx)
{
  for (int k = 0; k < p->n_paths; k++)
    for (size_t r = 0; r < n && opens_x (p, k); r++)
      {
        const EqkProductPath *t = &p->paths[k];

        turn_to_copies_add (turned + r * (size_t) p->n_x + t->from_x, gx + (row + r) * (size_t) p->n_x + t->from_x, t->mul_x, t->n_i);
      }
}

/* Rows of z into blocks, or blocks into rows of z. */
static void
turn_z (const EqkProductParams *p, const eqk_real *z, size_t row, size_t n, eqk_real *out)
{
  for (int i = 0; i < p->n_paths; i++)
    for (size_t r = 0; r < n && opens_z (p, i); r++)
      {
        const EqkProductPath *t = &p->paths[i];

        turn_to_components (z + (row + r) * (size_t) p->n_z + t->to, out + (size_t) PACK_ROWS * (size_t) t->to + r * (size_t) (t->n_k * t->mul_z), t->mul_z, t->n_k);
      }
}

static void
turn_back_z (const EqkProductParams *p, const eqk_real *turned, size_t row, size_t n, eqk_real *z)
{
  for (int i = 0; i < p->n_paths; i++)
    for (size_t r = 0; r < n && opens_z (p, i); r++)
      {
        const EqkProductPath *t = &p->paths[i];

        turn_to_copies (turned + (size_t) PACK_ROWS * (size_t) t->to + r * (size_t) (t->n_k * t->mul_z), z + (row + r) * (size_t) p->n_z + t->to, t->mul_z, t->n_k);
      }
}

/* to += s from; the two do not overlap. */
static inline void
add_scaled (eqk_real *to, const eqk_real *from, eqk_real s, int n)
{
  int k = 0;

  for (; k + EQK_LANES <= n; k += EQK_LANES)
    *(eqk_vecu *) (to + k) += s * *(const eqk_vecu *) (from + k);
  for (; k < n; k++)
    to[k] += s * from[k];
}

static inline eqk_real
dot (const eqk_real *a, const eqk_real *b, int n)
{
  eqk_vec  wide = { 0 };
  eqk_real sum = 0;
  int      k = 0;

  for (; k + EQK_LANES <= n; k += EQK_LANES)
    wide += *(const eqk_vecu *) (a + k) * *(const eqk_vecu *) (b + k);
  for (int lane = 0; lane < EQK_LANES; lane++)
    sum += wide[lane];
  for (; k < n; k++)
    sum += a[k] * b[k];
  return sum;
}

/* o[u] = sum over the n entries of one k of c y x[u], added with `add`: WIDE registers of copies from u. y has one copy. */
static inline __attribute__ ((always_inline)) void
combine (const EqkProductEntry *entries, const eqk_real *c, int n, const eqk_real *x, const eqk_real *y, int n_u, bool add, eqk_real *o, const int NV)
{
  eqk_vec sum[WIDE];

  EQK_UNROLL (4)
  for (int v = 0; v < NV; v++)
    {
      sum[v] = (eqk_vec) { 0 };
      if (add)
        sum[v] += *(const eqk_vecu *) (o + v * EQK_LANES);
    }
  for (int e = 0; e < n; e++)
    {
      const eqk_real *from = x + entries[e].i * n_u, s = c[e] * y[entries[e].j];

      EQK_UNROLL (4)
      for (int v = 0; v < NV; v++)
        sum[v] += s * *(const eqk_vecu *) (from + v * EQK_LANES);
    }
  EQK_UNROLL (4)
  for (int v = 0; v < NV; v++)
    *(eqk_vecu *) (o + v * EQK_LANES) = sum[v];
}

/* The same of all copies. */
static void
combine_copies (const EqkProductEntry *entries, const eqk_real *c, int n, const eqk_real *x, const eqk_real *y, int n_u, bool add, eqk_real *o)
{
  int u = 0;

  for (; u + WIDE * EQK_LANES <= n_u; u += WIDE * EQK_LANES)
    combine (entries, c, n, x + u, y, n_u, add, o + u, WIDE);
  for (; u + EQK_LANES <= n_u; u += EQK_LANES)
    combine (entries, c, n, x + u, y, n_u, add, o + u, 1);
  for (; u < n_u; u++)
    {
      eqk_real sum = add ? o[u] : 0;

      for (int e = 0; e < n; e++)
        sum += c[e] * y[entries[e].j] * x[entries[e].i * n_u + u];
      o[u] = sum;
    }
}

/* P[row, k][u, v] = sum of c x[u][i] y[v][j], added with `add`; x (turned) or y may be a tangent. */
static void
products (const EqkProductParams *p, const EqkProductPath *t, const eqk_real *c, const eqk_real *x, const eqk_real *y, size_t row, size_t n, bool add, eqk_real *out)
{
  const int n_u = t->mul_x, n_v = t->mul_y;

  if (n_v != 1 && !add)
    memset (out, 0, n * (size_t) t->n_k * (size_t) (n_u * n_v) * sizeof *out);
  for (size_t r = 0; r < n; r++)
    for (int32_t e = t->first, last = e; e < t->last; e = last)
      {
        const eqk_real *xr = x + r * (size_t) p->n_x + t->from_x, *yr = y + (row + r) * (size_t) p->n_y + t->from_y;
        eqk_real       *o = out + (r * (size_t) t->n_k + (size_t) p->entries[e].k) * (size_t) (n_u * n_v);

        while (last < t->last && p->entries[last].k == p->entries[e].k)
          last++;
        if (n_v == 1)
          combine_copies (p->entries + e, c + e, last - e, xr, yr, n_u, add, o);
        for (; n_v > 1 && e < last; e++)
          for (int u = 0; u < n_u; u++)
            for (int v = 0; v < n_v; v++)
              o[u * n_v + v] += c[e] * xr[p->entries[e].i * n_u + u] * yr[p->entries[e].j + v * t->n_j];
      }
}

/* gx[u][i] += c q[row, k][u, v] y[v][j], and the same for gy; x and gx are turned. */
static void
pull_back (const EqkProductParams *p, const EqkProductPath *t, const eqk_real *c, const eqk_real *x, const eqk_real *y, const eqk_real *q, size_t row, size_t n,
           eqk_real *gx, eqk_real *gy)
{
  const int n_u = t->mul_x, n_v = t->mul_y;

  for (size_t r = 0; r < n; r++)
    for (int32_t e = t->first; e < t->last; e++)
      {
        const size_t    at_x = r * (size_t) p->n_x + (size_t) (t->from_x + p->entries[e].i * n_u);
        const size_t    at_y = (row + r) * (size_t) p->n_y + (size_t) (t->from_y + p->entries[e].j);
        const eqk_real *qk = q + (r * (size_t) t->n_k + (size_t) p->entries[e].k) * (size_t) (n_u * n_v);

        if (n_v == 1)
          {
            if (gx != NULL)
              add_scaled (gx + at_x, qk, c[e] * y[at_y], n_u);
            if (gy != NULL)
              gy[at_y] += c[e] * dot (qk, x + at_x, n_u);
            continue;
          }
        for (int u = 0; u < n_u; u++)
          for (int v = 0; v < n_v; v++)
            {
              const eqk_real cq = c[e] * qk[u * n_v + v];

              if (gx != NULL)
                gx[at_x + (size_t) u] += cq * y[at_y + (size_t) (v * t->n_j)];
              if (gy != NULL)
                gy[at_y + (size_t) (v * t->n_j)] += cq * x[at_x + (size_t) u];
            }
      }
}

/* What a thread keeps of up to PACK_ROWS rows. */
typedef struct { eqk_real *products, *x, *xd, *gx, *z, *z1; } Pack;

static Pack
pack_of (const Job *j, int lane)
{
  const size_t n_x = (size_t) PACK_ROWS * (size_t) j->p->n_x, n_z = (size_t) PACK_ROWS * (size_t) j->p->n_z;
  eqk_real    *x = j->pack + (size_t) lane * j->n_pack;

  return (Pack) { .x = x, .xd = x + n_x, .gx = x + 2 * n_x, .z = x + 3 * n_x, .z1 = x + 3 * n_x + n_z, .products = x + 3 * n_x + 2 * n_z };
}

/* All of P, or with tangents its tangent. */
static void
make_products (const Job *j, const EqkProductPath *t, const Pack *pack, size_t row, size_t n, bool tangents)
{
  if (!tangents)
    products (j->p, t, j->c, pack->x, j->y, row, n, false, pack->products);
  if (tangents && j->xd != NULL)
    products (j->p, t, j->c, pack->xd, j->y, row, n, false, pack->products);
  if (tangents && j->yd != NULL)
    products (j->p, t, j->c, pack->x, j->yd, row, n, j->xd != NULL, pack->products);
}

static void
forward_piece (const Job *j, size_t begin, size_t end, int lane, bool tangents)
{
  const EqkProductParams *p = j->p;
  const Pack              pack = pack_of (j, lane);

  if (!fill_z (p))
    memset (j->z + begin * (size_t) p->n_z, 0, (end - begin) * (size_t) p->n_z * sizeof *j->z);
  for (size_t row = begin; row < end; row += PACK_ROWS)
    {
      const size_t n = end - row < PACK_ROWS ? end - row : PACK_ROWS;

      turn_x (p, j->x, row, n, pack.x);
      if (tangents && j->xd != NULL)
        turn_x (p, j->xd, row, n, pack.xd);
      for (int k = 0; k < p->n_paths; k++)
        {
          const EqkProductPath *t = &p->paths[k];

          make_products (j, t, &pack, row, n, tangents);
          EQK_SYM (gemm) (false, false, (int) n * t->n_k, t->mul_z, t->mul_x * t->mul_y, pack.products, t->mul_x * t->mul_y, j->w + t->weight, t->mul_z,
                          pack.z + (size_t) PACK_ROWS * (size_t) t->to, t->mul_z, !opens_z (p, k));
        }
      turn_back_z (p, pack.z, row, n, j->z);
    }
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  forward_piece (data, begin, end, lane, false);
}

static void
tangent_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  forward_piece (data, begin, end, lane, true);
}

/* One kind of reverse for one path and a few rows: g (turned) with (x, y), or g1 with the tangents. */
static void
reverse_path (const Job *j, const EqkProductPath *t, const Pack *pack, size_t row, size_t n, eqk_real *dw, bool second)
{
  const EqkProductParams *p = j->p;
  const int               uv = t->mul_x * t->mul_y, m = (int) n * t->n_k;
  const eqk_real         *g = (second ? pack->z1 : pack->z) + (size_t) PACK_ROWS * (size_t) t->to;
  eqk_real               *gx = j->gx == NULL ? NULL : pack->gx;

  if (dw != NULL)
    {
      make_products (j, t, pack, row, n, second);
      EQK_SYM (gemm) (true, false, uv, t->mul_z, m, pack->products, uv, g, t->mul_z, dw, t->mul_z, true);
    }
  if (gx == NULL && j->gy == NULL)
    return;
  EQK_SYM (gemm) (false, true, m, uv, t->mul_z, g, t->mul_z, j->w + t->weight, t->mul_z, pack->products, uv, false);
  if (!second)
    pull_back (p, t, j->c, pack->x, j->y, pack->products, row, n, gx, j->gy);
  if (second && j->yd != NULL && gx != NULL)
    pull_back (p, t, j->c, pack->x, j->yd, pack->products, row, n, gx, NULL);
  if (second && j->xd != NULL && j->gy != NULL)
    pull_back (p, t, j->c, pack->xd, j->y, pack->products, row, n, NULL, j->gy);
}

static void
reverse_pack (const Job *j, const Pack *pack, size_t row, size_t n, eqk_real *partial)
{
  const EqkProductParams *p = j->p;

  turn_x (p, j->x, row, n, pack->x);
  turn_z (p, j->g, row, n, pack->z);
  if (j->g1 != NULL)
    turn_z (p, j->g1, row, n, pack->z1);
  if (j->g1 != NULL && j->xd != NULL)
    turn_x (p, j->xd, row, n, pack->xd);
  memset (pack->gx, 0, n * (size_t) p->n_x * sizeof *pack->gx);
  for (int k = 0; k < p->n_paths; k++)
    for (int second = 0; second <= (j->g1 != NULL); second++)
      reverse_path (j, &p->paths[k], pack, row, n, partial == NULL ? NULL : partial + p->paths[k].weight, second);
  if (j->gx != NULL)
    turn_back_x (p, pack->gx, row, n, j->gx);
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job              *j = data;
  const EqkProductParams *p = j->p;
  const Pack              pack = pack_of (j, lane);
  eqk_real               *partial = j->partial == NULL ? NULL : j->partial + chunk * (size_t) p->n_weights;

  if (j->gx != NULL)
    memset (j->gx + begin * (size_t) p->n_x, 0, (end - begin) * (size_t) p->n_x * sizeof *j->gx);
  if (j->gy != NULL)
    memset (j->gy + begin * (size_t) p->n_y, 0, (end - begin) * (size_t) p->n_y * sizeof *j->gy);
  if (partial != NULL)
    memset (partial, 0, (size_t) p->n_weights * sizeof *partial);
  for (size_t row = begin; row < end; row += PACK_ROWS)
    reverse_pack (j, &pack, row, end - row < PACK_ROWS ? end - row : PACK_ROWS, partial);
}

static size_t
pack_numbers (const EqkProductParams *p)
{
  size_t most = 1;

  for (int k = 0; k < p->n_paths; k++)
    most = n_products (&p->paths[k]) > most ? n_products (&p->paths[k]) : most;
  return most + (size_t) PACK_ROWS * (3 * (size_t) p->n_x + 2 * (size_t) p->n_z);
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkProductParams *p = op->params;

  return (Job) { .p = p, .x = EQK_X (run, op->in[0]), .y = EQK_X (run, op->in[1]), .w = EQK_X (run, op->in[2]), .c = EQK_X (run, op->in[3]),
                 .pack = run->scratch, .n_pack = pack_numbers (p) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op);

  job.z = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_ROWS), forward_rows, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op);

  job.xd = EQK_XD (run, op->in[0]);
  job.yd = EQK_XD (run, op->in[1]);
  job.z = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_ROWS), tangent_rows, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  const EqkProductParams *p = op->params;
  const size_t            rows = eqk_run_rows (run, op->out[0]), n = (size_t) p->n_weights;
  eqk_real               *dw = EQK_GIN (run, op, 2);
  Job                     job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, 0);
  job.gy = EQK_GIN (run, op, 1);
  if (second)
    {
      job.xd = EQK_XD (run, op->in[0]);
      job.yd = EQK_XD (run, op->in[1]);
      job.g1 = job.xd == NULL && job.yd == NULL ? NULL : EQK_G1OUT (run, op, 0);
    }
  if (dw != NULL)
    job.partial = job.pack + job.n_pack * (size_t) eqk_pool_n_threads (run->pool);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_ROWS), reverse_rows, &job);
  if (dw != NULL)
    EQK_SUM_PIECES (job.partial, rows, MIN_ROWS, n, dw, n);
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
  const EqkProductParams *p = op->params;
  const double            rows = (double) eqk_value_rows (program, op->out[0], sizes);

  for (int k = 0; k < p->n_paths; k++)
    plan->macs += rows * p->paths[k].mul_x * p->paths[k].mul_y * (p->paths[k].last - p->paths[k].first + p->paths[k].n_k * p->paths[k].mul_z);
  if (plan->export_plan)
    return EQK_OK;
  plan->scratch = (size_t) plan->n_threads * pack_numbers (p) * sizeof (eqk_real);
  plan->scratch_reverse = plan->scratch + EQK_MAX_PIECES * (size_t) p->n_weights * sizeof (eqk_real);
  return EQK_OK;
}

/* ---- C ---- */

#define LOOPS                                                                                                                                      \
  "  for (size_t r = 0; r < rows; r++)\n    for (int p = 0; p < n_paths; p++)\n      {\n        const int32_t *q = paths + 12 * p;\n\n"               \
  "        for (int32_t e = q[10]; e < q[11]; e++)\n          for (int32_t u = 0; u < q[4]; u++)\n            for (int32_t v = 0; v < q[6]; v++)\n"  \
  "              {\n                const size_t at_x = r * n_x + (size_t) (q[3] + u * q[0] + t[3 * e]);\n"                                         \
  "                const size_t at_y = r * n_y + (size_t) (q[5] + v * q[1] + t[3 * e + 1]);\n"                                                      \
  "                const float *a = w + q[9] + (u * q[6] + v) * q[8];\n"

static void
emit_functions (EqkEmitter *e)
{
  if (!eqk_emit_reverse (e) && eqk_emit_begin (e, "tensor_product"))
    {
      eqk_emit (e, "/* A path is (components of x, y, z, place and copies in x, in y, in z, first weight, first and last entry); t holds components of entries. */\n"
                   "static void\ntensor_product (const float *x, const float *y, const float *w, const float *c, float *z, size_t rows, size_t n_x, size_t n_y, size_t n_z,\n"
                   "                const int32_t *paths, int n_paths, const int32_t *t)\n{\n  for (size_t i = 0; i < rows * n_z; i++)\n    z[i] = 0.0f;\n" LOOPS
                   "                const float m = c[e] * x[at_x] * y[at_y];\n\n"
                   "                for (int32_t o = 0; o < q[8]; o++)\n                  z[r * n_z + (size_t) (q[7] + o * q[2] + t[3 * e + 2])] += m * a[o];\n              }\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  if (eqk_emit_reverse (e) && eqk_emit_begin (e, "tensor_product_reverse"))
    {
      eqk_emit (e, "static void\ntensor_product_reverse (const float *x, const float *y, const float *w, const float *c, const float *gz, float *gx, float *gy, size_t rows, size_t n_x,\n"
                   "                        size_t n_y, size_t n_z, const int32_t *paths, int n_paths, const int32_t *t)\n{\n"
                   "  for (size_t i = 0; gx != NULL && i < rows * n_x; i++)\n    gx[i] = 0.0f;\n  for (size_t i = 0; gy != NULL && i < rows * n_y; i++)\n    gy[i] = 0.0f;\n" LOOPS
                   "                float m = 0.0f;\n\n"
                   "                for (int32_t o = 0; o < q[8]; o++)\n                  m += a[o] * gz[r * n_z + (size_t) (q[7] + o * q[2] + t[3 * e + 2])];\n"
                   "                if (gx != NULL)\n                  gx[at_x] += c[e] * m * y[at_y];\n                if (gy != NULL)\n                  gy[at_y] += c[e] * m * x[at_x];\n"
                   "              }\n      }\n}\n\n");
      eqk_emit_end (e);
    }
}

static EqkStatus
emit_tables (EqkEmitter *e, const EqkProductParams *p)
{
  int32_t    *paths = calloc (12 * ((size_t) p->n_paths + 1), sizeof *paths), *triples = calloc (3 * ((size_t) p->n_entries + 1), sizeof *triples);
  const char *name = NULL;

  for (int k = 0; paths != NULL && k < p->n_paths; k++)
    {
      const EqkProductPath *t = &p->paths[k];
      const int32_t         row[12] = { t->n_i, t->n_j, t->n_k, t->from_x, t->mul_x, t->from_y, t->mul_y, t->to, t->mul_z, t->weight, t->first, t->last };

      memcpy (paths + 12 * k, row, sizeof row);
    }
  for (int k = 0; triples != NULL && k < p->n_entries; k++)
    {
      triples[3 * k] = p->entries[k].i;
      triples[3 * k + 1] = p->entries[k].j;
      triples[3 * k + 2] = p->entries[k].k;
    }
  if (paths != NULL && triples != NULL)
    {
      eqk_emit (e, "%s, %d, ", eqk_emit_table_i (e, "product_paths", paths, 12 * (size_t) (p->n_paths > 0 ? p->n_paths : 1)), p->n_paths);
      name = eqk_emit_table_i (e, "product_entries", triples, 3 * (size_t) (p->n_entries > 0 ? p->n_entries : 1));
      eqk_emit (e, "%s);\n", name);
    }
  free (paths);
  free (triples);
  return name == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkProductParams *p = op->params;
  const bool              back = eqk_emit_reverse (e);

  emit_functions (e);
  eqk_emit (e, "  tensor_product%s (%s, ", back ? "_reverse" : "", eqk_emit_value (e, op->in[0]));
  for (int k = 1; k < 4; k++)
    eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[k]));
  if (back)
    {
      eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
      for (int k = 0; k < 2; k++)
        eqk_emit (e, "%s, ", eqk_emit_gin (e, op, k) != NULL ? eqk_emit_gin (e, op, k) : "NULL");
    }
  else
    eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d, %d, ", eqk_emit_rows (e, op->out[0]), p->n_x, p->n_y, p->n_z);
  return emit_tables (e, p);
}

const EqkOpType EQK_SYM (op_tensor_product) = {
  .id = "tensor_product", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_KEEP_IN2,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

/*
 * Paths up to degree 3 have straight-line code for their shape, all of M[i][k] taken as there: the zeros among them cost less than tables
 * of what is not zero. Where M is diagonal, as in a product with a number, its diagonal alone is kept. Copies are taken two registers at a
 * time, then one; what is left, and paths of higher degrees, go by tables (tp_uvu_any.h).
 */

#include "ops/tp_uvu.h"

#include <string.h>

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

enum { WIDE = 2, MAX_DIM = 7 };

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

/* NV registers of weights from here on will be read, or written, by the next block. */
ALWAYS_INLINE void
ask_for (const eqk_real *row, const int NV)
{
  EQK_UNROLL (4)
  for (int v = 0; v < NV; v++)
    __builtin_prefetch (row + v * EQK_LANES);
}

/* ---- any path ---- */

typedef eqk_real HalfU __attribute__ ((vector_size (EQK_VECTOR_BYTES / 2), aligned (sizeof (eqk_real)), may_alias));
typedef eqk_real Half  __attribute__ ((vector_size (EQK_VECTOR_BYTES / 2)));
#if EQK_VECTOR_BYTES == 64
typedef eqk_real QuarterU __attribute__ ((vector_size (16), aligned (sizeof (eqk_real)), may_alias));
typedef eqk_real Quarter  __attribute__ ((vector_size (16)));
#endif

#define TP_NAME(f) f##_full
#define TP_VEC     eqk_vec
#define TP_VECU    eqk_vecu
#include "ops/tp_uvu_any.h"
#undef TP_NAME
#undef TP_VEC
#undef TP_VECU
#define TP_NAME(f) f##_half
#define TP_VEC     Half
#define TP_VECU    HalfU
#include "ops/tp_uvu_any.h"
#undef TP_NAME
#undef TP_VEC
#undef TP_VECU
#if EQK_VECTOR_BYTES == 64
#define TP_NAME(f) f##_quarter
#define TP_VEC     Quarter
#define TP_VECU    QuarterU
#include "ops/tp_uvu_any.h"
#undef TP_NAME
#undef TP_VEC
#undef TP_VECU
#endif
#define TP_NAME(f) f##_one
#define TP_VEC     eqk_real
#define TP_VECU    eqk_real
#include "ops/tp_uvu_any.h"
#undef TP_NAME
#undef TP_VEC
#undef TP_VECU

/* ---- paths of a known shape: NI x NK, NV registers of copies from u; D: M has a diagonal alone, whose numbers stand one after the other ---- */

#define M_AT(i, k, own) me[(D ? (own) : (i) * NK + (k)) * EQK_LANES]

/*
 * Sums over edges, owned at one end: of i into k, or `back` of k into i.
 */
ALWAYS_INLINE void
sum_shape (const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_real *m, eqk_real *z, int u, const int NI, const int NK, const int NV,
           const bool D, const bool back)
{
  const int       n_from = back ? NK : NI, n_to = back ? NI : NK, n_inner = D ? 1 : n_from;
  const size_t    from_stride = (size_t) (back ? path->to_stride : path->from_stride), to_stride = (size_t) (back ? path->from_stride : path->to_stride);
  const eqk_real *from = x + (back ? path->to : path->from) + u, *weights = w + path->weight + u, *slots = m + path->slot * EQK_LANES;

  for (int r = 0, e = 0; r < b->n_runs; r++)
    {
      eqk_real *to = z + b->own[r] + (back ? path->from : path->to) + u;
      eqk_vec   sum[MAX_DIM * WIDE];

      EQK_UNROLL (16)
      for (int k = 0; k < n_to * NV; k++)
        sum[k] = back || r < b->fresh ? load (to + (size_t) (k / NV) * to_stride + k % NV * EQK_LANES) : (eqk_vec) { 0 };
      for (; e < b->end[r]; e++)
        {
          const eqk_real *xe = from + b->other[e], *we = weights + b->weights[e], *me = slots + e;
          eqk_vec         in[MAX_DIM * WIDE];

          ask_for (weights + b->ahead[e], NV);
          EQK_UNROLL (16)
          for (int i = 0; i < n_from * NV; i++)
            in[i] = load (xe + (size_t) (i / NV) * from_stride + i % NV * EQK_LANES);
          EQK_UNROLL (8)
          for (int k = 0; k < n_to; k++)
            {
              eqk_vec t[WIDE];

              EQK_UNROLL (8)
              for (int i = 0; i < n_inner; i++)
                {
                  const eqk_real mik = back ? M_AT (k, i, k) : M_AT (i, k, k);

                  EQK_UNROLL (4)
                  for (int v = 0; v < NV; v++)
                    t[v] = D ? mik * in[k * NV + v] : i == 0 ? mik * in[v] : t[v] + mik * in[i * NV + v];
                }
              EQK_UNROLL (4)
              for (int v = 0; v < NV; v++)
                sum[k * NV + v] += load (we + v * EQK_LANES) * t[v];
            }
        }
      EQK_UNROLL (16)
      for (int k = 0; k < n_to * NV; k++)
        store (to + (size_t) (k / NV) * to_stride + k % NV * EQK_LANES, sum[k]);
    }
}

ALWAYS_INLINE void
reverse_shape (const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_real *m, const eqk_real *g, eqk_real *gx, eqk_real *gw, bool add, int u,
               const int NI, const int NK, const int NV, const bool D)
{
  const size_t    from_stride = (size_t) path->from_stride, to_stride = (size_t) path->to_stride;
  const eqk_real *weights = w + path->weight + u, *slots = m + path->slot * EQK_LANES;
  const int       n_inner = D ? 1 : NK;

  for (int r = 0, e = 0; r < b->n_runs; r++)
    {
      const eqk_real *own = g + b->own[r] + path->to + u;
      eqk_vec         in[MAX_DIM * WIDE];

      EQK_UNROLL (16)
      for (int k = 0; k < NK * NV; k++)
        in[k] = load (own + (size_t) (k / NV) * to_stride + k % NV * EQK_LANES);
      for (; e < b->end[r]; e++)
        {
          const size_t    at = b->other[e] + (size_t) path->from + (size_t) u;
          const eqk_real *we = weights + b->weights[e], *me = slots + e;
          eqk_vec         of_w[WIDE];

          if (gx != NULL)
            ask_for (weights + b->ahead[e], NV);
          if (gw != NULL)
            ask_for (gw + b->ahead[e] + path->weight + u, NV);
          EQK_UNROLL (8)
          for (int i = 0; i < NI; i++)
            {
              const eqk_real *xi = x + at + (size_t) i * from_stride;
              eqk_vec         a[WIDE];

              EQK_UNROLL (8)
              for (int k = 0; k < n_inner; k++)
                {
                  const eqk_real mik = M_AT (i, k, i);

                  EQK_UNROLL (4)
                  for (int v = 0; v < NV; v++)
                    a[v] = D ? mik * in[i * NV + v] : k == 0 ? mik * in[v] : a[v] + mik * in[k * NV + v];
                }
              EQK_UNROLL (4)
              for (int v = 0; v < NV; v++)
                of_w[v] = i == 0 ? load (xi + v * EQK_LANES) * a[v] : of_w[v] + load (xi + v * EQK_LANES) * a[v];
              EQK_UNROLL (4)
              for (int v = 0; v < NV && gx != NULL; v++)
                {
                  eqk_real *to = gx + at + (size_t) i * from_stride + v * EQK_LANES;

                  store (to, load (to) + load (we + v * EQK_LANES) * a[v]);
                }
            }
          if (gw != NULL)
            {
              eqk_real *to = gw + b->weights[e] + path->weight + u;

              EQK_UNROLL (4)
              for (int v = 0; v < NV; v++)
                store (to + v * EQK_LANES, add ? load (to + v * EQK_LANES) + of_w[v] : of_w[v]);
            }
        }
    }
}

/* h[i][j] = sum over k of c g[k]: what a run's target says of each product of a feature and a harmonic. */
static void
couple_target (const EqkTpParams *p, const EqkTpPath *path, const eqk_real *c, const eqk_real *own, eqk_vec *h, int n_v)
{
  const EqkTpPair *first = p->pairs + p->row_k[path->by_k], *last = p->pairs + p->row_k[path->by_k + path->n_k];

  memset (h, 0, (size_t) (path->n_i * path->n_j * n_v) * sizeof *h);
  for (const EqkTpPair *pair = first; pair < last; pair++)
    for (int32_t t = pair->first; t < pair[1].first; t++)
      for (int v = 0; v < n_v; v++)
        h[(pair->i * path->n_j + p->term[t] - path->harmonic) * n_v + v] += c[t] * load (own + (size_t) pair->k * (size_t) path->to_stride + v * EQK_LANES);
}

ALWAYS_INLINE void
harmonics_shape (const EqkTpParams *p, const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *c, const eqk_real *x, const eqk_real *w, const eqk_real *g, eqk_vec *gy, int u,
                 const int NI, const int NJ, const int NV)
{
  const size_t from_stride = (size_t) path->from_stride;
  eqk_vec      h[MAX_DIM * MAX_DIM * WIDE];

  for (int r = 0, e = 0; r < b->n_runs; r++)
    {
      couple_target (p, path, c, g + b->own[r] + path->to + u, h, NV);
      for (; e < b->end[r]; e++)
        {
          const eqk_real *xe = x + b->other[e] + path->from + u, *we = w + b->weights[e] + path->weight + u;
          eqk_vec        *to = gy + e * p->n_sh + path->harmonic, sum[MAX_DIM];

          EQK_UNROLL (8)
          for (int j = 0; j < NJ; j++)
            sum[j] = to[j];
          EQK_UNROLL (8)
          for (int i = 0; i < NI; i++)
            EQK_UNROLL (4)
            for (int v = 0; v < NV; v++)
              {
                const eqk_vec wx = load (we + v * EQK_LANES) * load (xe + (size_t) i * from_stride + v * EQK_LANES);

                EQK_UNROLL (8)
                for (int j = 0; j < NJ; j++)
                  sum[j] += wx * h[(i * NJ + j) * NV + v];
              }
          EQK_UNROLL (8)
          for (int j = 0; j < NJ; j++)
            to[j] = sum[j];
        }
    }
}

/* One function for each shape and number of registers, and tables of them: [(NI - 1) / 2][(NK - 1) / 2][NV - 1], and of diagonals [(NI - 1) / 2][NV - 1]. */
#define SUM_ARGUMENTS  const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_real *m, eqk_real *z, int u
#define BACK_ARGUMENTS const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_real *m, const eqk_real *g, eqk_real *gx, eqk_real *gw, bool add, int u
#define HARMONICS_ARGUMENTS                                                                                                                                         \
  const EqkTpParams *p, const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *c, const eqk_real *x, const eqk_real *w, const eqk_real *g, eqk_vec *gy, int u
#define KERNEL static __attribute__ ((noinline)) void

#define DEFINE(name, NI, NK, NV, D)                                                                                         \
  KERNEL forward_##name##NV (SUM_ARGUMENTS) { sum_shape (path, b, x, w, m, z, u, NI, NK, NV, D, false); }                   \
  KERNEL spread_##name##NV (SUM_ARGUMENTS) { sum_shape (path, b, x, w, m, z, u, NI, NK, NV, D, true); }                     \
  KERNEL reverse_##name##NV (BACK_ARGUMENTS) { reverse_shape (path, b, x, w, m, g, gx, gw, add, u, NI, NK, NV, D); }
#define DEFINE_HARMONICS(name, NI, NJ)                                                                                      \
  KERNEL harmonics_##name##1 (HARMONICS_ARGUMENTS) { harmonics_shape (p, path, b, c, x, w, g, gy, u, NI, NJ, 1); }          \
  KERNEL harmonics_##name##2 (HARMONICS_ARGUMENTS) { harmonics_shape (p, path, b, c, x, w, g, gy, u, NI, NJ, 2); }
#define DEFINE_BOTH(name, NI, NK, D) DEFINE (name, NI, NK, 1, D) DEFINE (name, NI, NK, 2, D)
#define DEFINE_ROW(NI) DEFINE_BOTH (NI##1, NI, 1, false) DEFINE_BOTH (NI##3, NI, 3, false) DEFINE_BOTH (NI##5, NI, 5, false) DEFINE_BOTH (NI##7, NI, 7, false) DEFINE_BOTH (d##NI, NI, NI, true) \
  DEFINE_HARMONICS (NI##1, NI, 1) DEFINE_HARMONICS (NI##3, NI, 3) DEFINE_HARMONICS (NI##5, NI, 5) DEFINE_HARMONICS (NI##7, NI, 7)

DEFINE_ROW (1)
DEFINE_ROW (3)
DEFINE_ROW (5)
DEFINE_ROW (7)

#define BOTH(f, name) { f##_##name##1, f##_##name##2 }
#define ROW(f, NI)    { BOTH (f, NI##1), BOTH (f, NI##3), BOTH (f, NI##5), BOTH (f, NI##7), BOTH (f, d##NI) }
#define SHAPES(f)     { ROW (f, 1), ROW (f, 3), ROW (f, 5), ROW (f, 7) }
#define ROW_J(NI)     { BOTH (harmonics, NI##1), BOTH (harmonics, NI##3), BOTH (harmonics, NI##5), BOTH (harmonics, NI##7) }

/* The last of a row is its diagonal; those of harmonics are by (NJ - 1) / 2. */
typedef void (*Sum) (SUM_ARGUMENTS);
typedef void (*Back) (BACK_ARGUMENTS);
typedef void (*OfHarmonics) (HARMONICS_ARGUMENTS);

static const Sum         forwards[4][5][WIDE] = SHAPES (forward), spreads[4][5][WIDE] = SHAPES (spread);
static const Back        reverses[4][5][WIDE] = SHAPES (reverse);
static const OfHarmonics of_harmonics[4][4][WIDE] = { ROW_J (1), ROW_J (3), ROW_J (5), ROW_J (7) };

static inline bool
has_shape (const EqkTpPath *path)
{
  return path->n_i <= MAX_DIM && path->n_k <= MAX_DIM && path->n_j <= MAX_DIM;
}

static inline int
column (const EqkTpPath *path)
{
  return path->diagonal ? 4 : path->n_k / 2;
}

/* Registers that the next call takes: two, one, or 0 when copies from u fill none. */
static inline int
registers (const EqkTpPath *path, int u)
{
  const int left = (path->mul - u) / EQK_LANES;

  return !has_shape (path) && left > 0 ? 1 : left < WIDE ? left : WIDE;
}

/* Copies of every path, by the widest function that takes them. `table` is of the shapes, `any` names the functions of tp_uvu_any.h. */
#if EQK_VECTOR_BYTES == 64
#define QUARTERS(any, ...)                                                   \
  for (; u + EQK_LANES / 4 <= path->mul; u += EQK_LANES / 4)                 \
    any##_quarter (__VA_ARGS__, u);
#else
#define QUARTERS(any, ...)
#endif
#define FOR_COPIES(shape_call, any, ...)                                     \
  for (const EqkTpPath *path = p->paths; path < p->paths + p->n_paths; path++) \
    {                                                                        \
      int u = 0;                                                             \
                                                                             \
      for (int n; (n = registers (path, u)) > 0; u += n * EQK_LANES)         \
        if (has_shape (path))                                                \
          shape_call;                                                        \
        else                                                                 \
          any##_full (__VA_ARGS__, u);                                       \
      for (; u + EQK_LANES / 2 <= path->mul; u += EQK_LANES / 2)             \
        any##_half (__VA_ARGS__, u);                                         \
      QUARTERS (any, __VA_ARGS__)                                            \
      for (; u < path->mul; u++)                                             \
        any##_one (__VA_ARGS__, u);                                          \
    }

/* ---- blocks ---- */

void
EQK_SYM (tp_contract) (const EqkTpParams *p, const eqk_real *c, const eqk_real *y, const int32_t *edges, int n, eqk_vec *yt, eqk_vec *m)
{
  for (int lane = 0; lane < EQK_LANES; lane++)
    {
      const eqk_real *row = y + (size_t) edges[lane < n ? lane : n - 1] * (size_t) p->n_sh;

      for (int s = 0; s < p->n_sh; s++)
        yt[s][lane] = row[s];
    }
  for (int q = 0; q < p->n_pairs; q++)
    {
      int32_t t = p->pairs[q].first;
      eqk_vec sum = c[t] * yt[p->term[t]];

      for (t++; t < p->pairs[q + 1].first; t++)
        sum += c[t] * yt[p->term[t]];
      m[p->pairs[q].slot] = sum;
    }
}

void
EQK_SYM (tp_forward) (const EqkTpParams *p, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_vec *mv, eqk_real *z)
{
  const eqk_real *m = (const eqk_real *) mv;

  FOR_COPIES (forwards[path->n_i / 2][column (path)][n - 1](path, b, x, w, m, z, u), forward, p, path, b, x, w, m, z)
}

void
EQK_SYM (tp_spread) (const EqkTpParams *p, const EqkTpBlock *b, const eqk_real *w, const eqk_vec *mv, const eqk_real *g, eqk_real *gx)
{
  const eqk_real *m = (const eqk_real *) mv;

  FOR_COPIES (spreads[path->n_i / 2][column (path)][n - 1](path, b, g, w, m, gx, u), spread, p, path, b, w, m, g, gx)
}

void
EQK_SYM (tp_reverse) (const EqkTpParams *p, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_vec *mv, const eqk_real *g, eqk_real *gx, eqk_real *gw, bool add)
{
  const eqk_real *m = (const eqk_real *) mv;

  FOR_COPIES (reverses[path->n_i / 2][column (path)][n - 1](path, b, x, w, m, g, gx, gw, add, u), reverse, p, path, b, x, w, m, g, gx, gw, add)
}

void
EQK_SYM (tp_harmonics) (const EqkTpParams *p, const EqkTpBlock *b, const eqk_real *c, const eqk_real *x, const eqk_real *w, const eqk_real *g, eqk_vec *gy)
{
  FOR_COPIES (of_harmonics[path->n_i / 2][path->n_j / 2][n - 1](p, path, b, c, x, w, g, gy, u), harmonics, p, path, b, c, x, w, g, gy)
}

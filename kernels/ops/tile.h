#pragma once

/*
 * The register tiles that matrix products and convolutions share: M rows by N vectors of accumulators, everything in
 * registers for the whole sum. M and N are constants of each instance; a loop over rows that isn't unrolled would spill.
 *
 *   nn:  c[i, j] = sum over segments s, elements k:  a[offset[s] + i lda + k] b[k + s len, j]
 *        a is read by broadcasts, b by vectors: with several segments this is a direct convolution, where a segment is
 *        a run of the input that lies together.
 *   tn:  c[i, j] += sum over images, rows r, elements k:  a[.. + r a_row + k lda + i] b[.. + r b_row + k ldb + j]
 *        the gradient of a filter: sums over pixels.
 *
 * Each element is summed in an order that depends on neither M nor N, so how rows are split changes no bit.
 */

#include "core/real.h"

#include <stdbool.h>
#include <string.h>

/* AVX-512 has 32 registers, the others 16. */
#if EQK_VECTOR_BYTES == 64
#define TILE_M 12
#else
#define TILE_M 6
#endif
#define TILE_N     2
#define TILE_WIDTH (TILE_N * EQK_LANES)

#define TILE_INLINE static inline __attribute__ ((always_inline))

TILE_INLINE eqk_vec
vec_load (const eqk_real *p)
{
  return *(const eqk_vecu *) p;
}

TILE_INLINE void
vec_store (eqk_real *p, eqk_vec v)
{
  *(eqk_vecu *) p = v;
}

TILE_INLINE eqk_vec
vec_load_part (const eqk_real *p, int n)
{
  eqk_vec v = { 0 };

  memcpy (&v, p, (size_t) n * sizeof *p);
  return v;
}

TILE_INLINE void
vec_store_part (eqk_real *p, eqk_vec v, int n)
{
  memcpy (p, &v, (size_t) n * sizeof *p);
}

TILE_INLINE eqk_vec
vec_set (eqk_real s)
{
  return s - (eqk_vec) { 0 };
}

typedef struct
{
  ptrdiff_t        lda;
  const ptrdiff_t *offset;      /* of the segments */
  int              n_segments;
  int              len;         /* elements of a segment */
  ptrdiff_t        ldb;
  ptrdiff_t        ldc;
  const eqk_real  *bias;        /* (nullable) one for each column */
  int              n_cols;      /* columns of c that exist */
  bool             add;         /* to c */
} TileNN;

/* The last columns of c. Out of the way of the tiles: it keeps acc in memory. */
static __attribute__ ((noinline, unused)) void
tile_store_part (const TileNN *t, const eqk_vec *acc, eqk_real *c, int m, int n)
{
  for (int i = 0; i < m; i++, c += t->ldc)
    for (int j = 0; j < n; j++)
      {
        const int left = t->n_cols - j * EQK_LANES, count = left < EQK_LANES ? left : EQK_LANES;
        const size_t bytes = count > 0 ? (size_t) count * sizeof *c : 0;
        eqk_vec v = acc[i * n + j], w = { 0 };

        if (t->bias != NULL)
          {
            memcpy (&w, t->bias + j * EQK_LANES, bytes);
            v += w;
          }
        if (t->add)
          {
            memcpy (&w, c + j * EQK_LANES, bytes);
            v += w;
          }
        memcpy (c + j * EQK_LANES, &v, bytes);
      }
}

TILE_INLINE void
tile_nn_body (const TileNN *t, const eqk_real *a, const eqk_real *b, eqk_real *c, const int M, const int N)
{
  eqk_vec acc[TILE_M * TILE_N];   /* M N of them are used */
  const ptrdiff_t lda = t->lda, ldb = t->ldb;
  const int len = t->len;

  EQK_UNROLL (32)
  for (int i = 0; i < M * N; i++)
    acc[i] = (eqk_vec) { 0 };

  for (int s = 0; s < t->n_segments; s++)
    {
      const eqk_real *p = a + t->offset[s];

      for (int k = 0; k < len; k++, p++, b += ldb)
        {
          eqk_vec v[TILE_N];

          EQK_UNROLL (4)
          for (int j = 0; j < N; j++)
            v[j] = vec_load (b + j * EQK_LANES);
          EQK_UNROLL (16)
          for (int i = 0; i < M; i++)
            {
              const eqk_vec x = vec_set (p[i * lda]);

              EQK_UNROLL (4)
              for (int j = 0; j < N; j++)
                acc[i * N + j] += x * v[j];
            }
        }
    }

  if (t->n_cols >= N * EQK_LANES)
    {
      if (t->bias != NULL)
        {
          eqk_vec v[TILE_N];

          EQK_UNROLL (4)
          for (int j = 0; j < N; j++)
            v[j] = vec_load (t->bias + j * EQK_LANES);
          EQK_UNROLL (32)
          for (int i = 0; i < M * N; i++)
            acc[i] += v[i % N];
        }
      if (t->add)
        {
          EQK_UNROLL (16)
          for (int i = 0; i < M; i++)
            EQK_UNROLL (4)
            for (int j = 0; j < N; j++)
              vec_store (c + i * t->ldc + j * EQK_LANES, vec_load (c + i * t->ldc + j * EQK_LANES) + acc[i * N + j]);
          return;
        }
      EQK_UNROLL (16)
      for (int i = 0; i < M; i++)
        EQK_UNROLL (4)
        for (int j = 0; j < N; j++)
          vec_store (c + i * t->ldc + j * EQK_LANES, acc[i * N + j]);
      return;
    }
  tile_store_part (t, acc, c, M, N);
}

typedef struct
{
  ptrdiff_t lda, ldb, ldc;
  ptrdiff_t a_image, b_image;
  ptrdiff_t a_row, b_row;
  int       n_images;
  int       n_rows;        /* of an image */
  int       len;           /* elements of a row */
  int       n_cols;        /* columns of c that exist; b must be readable for the whole tile */
} TileTN;

TILE_INLINE void
tile_tn_body (const TileTN *t, const eqk_real *a, const eqk_real *b, eqk_real *c, const int M, const int N)
{
  eqk_vec acc[TILE_M * TILE_N];   /* M N of them are used */
  const ptrdiff_t lda = t->lda, ldb = t->ldb;

  EQK_UNROLL (32)
  for (int i = 0; i < M * N; i++)
    acc[i] = (eqk_vec) { 0 };

  for (int image = 0; image < t->n_images; image++)
    for (int r = 0; r < t->n_rows; r++)
      {
        const eqk_real *p = a + image * t->a_image + r * t->a_row;
        const eqk_real *q = b + image * t->b_image + r * t->b_row;

        for (int k = 0; k < t->len; k++, p += lda, q += ldb)
          {
            eqk_vec v[TILE_N];

            EQK_UNROLL (4)
            for (int j = 0; j < N; j++)
              v[j] = vec_load (q + j * EQK_LANES);
            EQK_UNROLL (16)
            for (int i = 0; i < M; i++)
              {
                const eqk_vec x = vec_set (p[i]);

                EQK_UNROLL (4)
                for (int j = 0; j < N; j++)
                  acc[i * N + j] += x * v[j];
              }
          }
      }

  EQK_UNROLL (16)
  for (int i = 0; i < M; i++)
    EQK_UNROLL (4)
    for (int j = 0; j < N; j++)
      {
        eqk_real *to = c + i * t->ldc + j * EQK_LANES;
        const int left = t->n_cols - j * EQK_LANES;

        if (left >= EQK_LANES)
          vec_store (to, vec_load (to) + acc[i * N + j]);
        else if (left > 0)
          vec_store_part (to, vec_load_part (to, left) + acc[i * N + j], left);
      }
}

/* One function for each shape, and tables of them: tile_nn[M - 1][N - 1]. */
#define TILE_DEFINE(kind, Kind, M, N)                                                                           \
  static __attribute__ ((noinline, unused)) void                                                                \
  tile_##kind##_##M##_##N (const Tile##Kind *t, const eqk_real *a, const eqk_real *b, eqk_real *c)              \
  {                                                                                                             \
    tile_##kind##_body (t, a, b, c, M, N);                                                                      \
  }
#define TILE_DEFINE_M(kind, Kind, M) TILE_DEFINE (kind, Kind, M, 1) TILE_DEFINE (kind, Kind, M, 2)
#define TILE_ROW(kind, M)            { tile_##kind##_##M##_1, tile_##kind##_##M##_2 }

#if TILE_M == 12
#define TILE_DEFINE_ALL(kind, Kind)                                                                             \
  TILE_DEFINE_M (kind, Kind, 1) TILE_DEFINE_M (kind, Kind, 2) TILE_DEFINE_M (kind, Kind, 3)                     \
  TILE_DEFINE_M (kind, Kind, 4) TILE_DEFINE_M (kind, Kind, 5) TILE_DEFINE_M (kind, Kind, 6)                     \
  TILE_DEFINE_M (kind, Kind, 7) TILE_DEFINE_M (kind, Kind, 8) TILE_DEFINE_M (kind, Kind, 9)                     \
  TILE_DEFINE_M (kind, Kind, 10) TILE_DEFINE_M (kind, Kind, 11) TILE_DEFINE_M (kind, Kind, 12)
#define TILE_ALL(kind)                                                                                          \
  { TILE_ROW (kind, 1), TILE_ROW (kind, 2), TILE_ROW (kind, 3), TILE_ROW (kind, 4), TILE_ROW (kind, 5),         \
    TILE_ROW (kind, 6), TILE_ROW (kind, 7), TILE_ROW (kind, 8), TILE_ROW (kind, 9), TILE_ROW (kind, 10),        \
    TILE_ROW (kind, 11), TILE_ROW (kind, 12) }
#else
#define TILE_DEFINE_ALL(kind, Kind)                                                                             \
  TILE_DEFINE_M (kind, Kind, 1) TILE_DEFINE_M (kind, Kind, 2) TILE_DEFINE_M (kind, Kind, 3)                     \
  TILE_DEFINE_M (kind, Kind, 4) TILE_DEFINE_M (kind, Kind, 5) TILE_DEFINE_M (kind, Kind, 6)
#define TILE_ALL(kind)                                                                                          \
  { TILE_ROW (kind, 1), TILE_ROW (kind, 2), TILE_ROW (kind, 3), TILE_ROW (kind, 4), TILE_ROW (kind, 5),         \
    TILE_ROW (kind, 6) }
#endif

typedef void (*TileNNFunc) (const TileNN *t, const eqk_real *a, const eqk_real *b, eqk_real *c);
typedef void (*TileTNFunc) (const TileTN *t, const eqk_real *a, const eqk_real *b, eqk_real *c);

TILE_DEFINE_ALL (nn, NN)
TILE_DEFINE_ALL (tn, TN)
static const TileNNFunc tile_nn[TILE_M][TILE_N] __attribute__ ((unused)) = TILE_ALL (nn);
static const TileTNFunc tile_tn[TILE_M][TILE_N] __attribute__ ((unused)) = TILE_ALL (tn);

/* Rows of the next tile when n are left: even shares, since a tile of one or two rows can't hide the latency of FMA. */
static inline int
tile_rows (int n)
{
  const int tiles = (n + TILE_M - 1) / TILE_M;

  return (n + tiles - 1) / tiles;
}

/* Vectors of the panel that starts where n columns are left. */
static inline int
tile_vectors (int n)
{
  return n > EQK_LANES ? TILE_N : 1;
}

/* Runs a row of tiles: rows x t->n_cols of c. */
static inline void
tile_nn_rows (const TileNN *t, int rows, const eqk_real *a, const eqk_real *b, eqk_real *c)
{
  const int vectors = tile_vectors (t->n_cols);

  while (rows > 0)
    {
      const int m = tile_rows (rows);

      tile_nn[m - 1][vectors - 1] (t, a, b, c);
      a += m * t->lda;
      c += m * t->ldc;
      rows -= m;
    }
}

static inline void
tile_tn_rows (const TileTN *t, int rows, const eqk_real *a, const eqk_real *b, eqk_real *c)
{
  const int vectors = tile_vectors (t->n_cols);

  while (rows > 0)
    {
      const int m = tile_rows (rows);

      tile_tn[m - 1][vectors - 1] (t, a, b, c);
      a += m;
      c += m * t->ldc;
      rows -= m;
    }
}

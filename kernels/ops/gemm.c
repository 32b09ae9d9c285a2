/*
 * c = a b with the register tiles of tile.h. b is read in panels of one tile's width: where it lies when few rows use
 * it, else copied to a buffer that stays in the L1 cache. Large products go to OpenBLAS where it knows the processor.
 */

#include "ops/gemm.h"

#include "core/simd.h"
#include "ops/tile.h"

#include <cblas.h>

#define L        EQK_LANES
#define K_BLOCK  (16384 / (TILE_WIDTH * (int) sizeof (eqk_real)))   /* rows of a panel in half the L1 cache */
#define PACK_MIN (3 * TILE_M)                                       /* rows from which copying pays */
#define M_BLOCK  192                                                /* least rows of a block */
#define A_BLOCK  (262144 / (int) sizeof (eqk_real))                 /* numbers of a block of rows in the L2 cache */

/* Rows k0 .. k0 + k of columns col .. col + n of op(b), `width` wide with zeros behind. */
static void
pack_panel (const eqk_real *b, ptrdiff_t ldb, bool tb, int k0, int k, int col, int n, int width, eqk_real *to)
{
  if (tb)
    {
      for (int j = 0; j < n; j++)
        for (int i = 0; i < k; i++)
          to[i * width + j] = b[(col + j) * ldb + k0 + i];
      for (int i = 0; i < k && n < width; i++)
        for (int j = n; j < width; j++)
          to[i * width + j] = 0;
      return;
    }
  if (n == TILE_WIDTH)
    {
      for (int i = 0; i < k; i++)      /* a size that the compiler knows, so no call */
        memcpy (to + i * TILE_WIDTH, b + (k0 + i) * ldb + col, TILE_WIDTH * sizeof *to);
      return;
    }
  for (int i = 0; i < k; i++, to += width)
    {
      memcpy (to, b + (k0 + i) * ldb + col, (size_t) n * sizeof *to);
      for (int j = n; j < width; j++)
        to[j] = 0;
    }
}

/* a is stored [m, k]. */
static void
gemm_rows (bool tb, int m, int n, int k, const eqk_real *a, ptrdiff_t lda, const eqk_real *b, ptrdiff_t ldb, eqk_real *c,
           ptrdiff_t ldc, bool add)
{
  eqk_real panel[K_BLOCK * TILE_WIDTH] __attribute__ ((aligned (64)));
  const ptrdiff_t start = 0;
  TileNN t = { .lda = lda, .offset = &start, .n_segments = 1, .ldc = ldc };

  for (int col = 0; col < n; col += TILE_WIDTH)
    {
      const int width = tile_vectors (n - col) * L;
      bool packed;

      t.n_cols = n - col < width ? n - col : width;
      packed = tb || t.n_cols < width || m >= PACK_MIN;
      for (int k0 = 0; k0 < k; k0 += K_BLOCK)
        {
          t.len = k - k0 < K_BLOCK ? k - k0 : K_BLOCK;
          t.add = add || k0 > 0;
          t.ldb = packed ? width : ldb;
          if (packed)
            pack_panel (b, ldb, tb, k0, t.len, col, t.n_cols, width, panel);
          tile_nn_rows (&t, m, a + k0, packed ? panel : b + k0 * ldb + col, c + col);
        }
    }
}

/* a is stored [k, m]. */
static void
gemm_columns (bool tb, int m, int n, int k, const eqk_real *a, ptrdiff_t lda, const eqk_real *b, ptrdiff_t ldb,
              eqk_real *c, ptrdiff_t ldc)
{
  eqk_real panel[K_BLOCK * TILE_WIDTH] __attribute__ ((aligned (64)));
  TileTN t = { .lda = lda, .ldc = ldc, .n_images = 1, .n_rows = 1 };

  for (int k0 = 0; k0 < k; k0 += K_BLOCK)
    for (int col = 0; col < n; col += TILE_WIDTH)
      {
        const int width = tile_vectors (n - col) * L;
        bool packed;

        t.n_cols = n - col < width ? n - col : width;
        packed = tb || t.n_cols < width || m >= PACK_MIN;
        t.len = k - k0 < K_BLOCK ? k - k0 : K_BLOCK;
        t.ldb = packed ? width : ldb;
        if (packed)
          pack_panel (b, ldb, tb, k0, t.len, col, t.n_cols, width, panel);
        tile_tn_rows (&t, m, a + k0 * lda, packed ? panel : b + k0 * ldb + col, c + col);
      }
}

static bool
is_for_blas (int m, int n, int k)
{
  return m >= 2 * M_BLOCK && n >= M_BLOCK && k >= M_BLOCK && (EQK_VECTOR_BYTES == 16 || eqk_blas_is_wide ());
}

static void
gemm_blas (bool ta, bool tb, int m, int n, int k, const eqk_real *a, ptrdiff_t lda, const eqk_real *b, ptrdiff_t ldb,
           eqk_real *c, ptrdiff_t ldc, bool add)
{
  eqk_blas_init ();
#if EQK_REAL_BITS == 64
  cblas_dgemm (
#else
  cblas_sgemm (
#endif
    CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, 1, a, (int) lda, b,
    (int) ldb, add ? 1 : 0, c, (int) ldc);
}

void
EQK_SYM (gemm) (bool ta, bool tb, int m, int n, int k, const eqk_real *a, ptrdiff_t lda, const eqk_real *b,
                ptrdiff_t ldb, eqk_real *c, ptrdiff_t ldc, bool add)
{
  if (is_for_blas (m, n, k))
    {
      gemm_blas (ta, tb, m, n, k, a, lda, b, ldb, c, ldc, add);
      return;
    }
  if ((ta || k <= 0) && !add)
    for (int i = 0; i < m; i++)
      memset (c + i * ldc, 0, (size_t) n * sizeof *c);
  if (ta)
    gemm_columns (tb, m, n, k, a, lda, b, ldb, c, ldc);
  else
    {
      /* a block of rows stays in the L2 cache while the panels of b, packed once for all of it, pass by */
      const int block = k > 0 && A_BLOCK / k > M_BLOCK ? A_BLOCK / k : M_BLOCK;

      for (int i = 0; i < m; i += block)
        gemm_rows (tb, m - i < block ? m - i : block, n, k, a + i * lda, lda, b, ldb, c + i * ldc, ldc, add);
    }
}

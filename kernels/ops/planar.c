/* The table of this variant's planar kernels: float and double arrays behind one type. */

#include "ops/planar.h"

extern const EqkPlanarKernels EQK_SYM (planar_kernels);

static void
any_prepare (const EqkConvShape *shape, EqkPool *pool, const void *filter, void *prepared)
{
  EQK_SYM (conv_prepare) (shape, pool, filter, prepared);
}

static void
any_forward (const EqkConvShape *shape, EqkPool *pool, const void *x, const void *filter, const void *bias, void *y,
             void *scratch)
{
  EQK_SYM (conv_forward) (shape, pool, x, filter, bias, y, scratch);
}

static void
any_forward_prepared (const EqkConvShape *shape, EqkPool *pool, const void *x, const void *prepared, const void *bias,
                      void *y, void *scratch)
{
  EQK_SYM (conv_forward_prepared) (shape, pool, x, prepared, bias, y, scratch);
}

static void
any_backward_data (const EqkConvShape *shape, EqkPool *pool, const void *dy, const void *filter, void *dx, void *scratch)
{
  EQK_SYM (conv_backward_data) (shape, pool, dy, filter, dx, scratch);
}

static void
any_backward_filter (const EqkConvShape *shape, EqkPool *pool, const void *x, const void *dy, void *dfilter, void *dbias,
                     void *scratch)
{
  EQK_SYM (conv_backward_filter) (shape, pool, x, dy, dfilter, dbias, scratch);
}

static void
any_gemm (bool ta, bool tb, int m, int n, int k, const void *a, ptrdiff_t lda, const void *b, ptrdiff_t ldb, void *c,
          ptrdiff_t ldc, bool add)
{
  EQK_SYM (gemm) (ta, tb, m, n, k, a, lda, b, ldb, c, ldc, add);
}

const EqkPlanarKernels EQK_SYM (planar_kernels) = {
  .bits = EQK_REAL_BITS,
  .conv_scratch = EQK_SYM (conv_scratch),
  .conv_uses_winograd = EQK_SYM (conv_uses_winograd),
  .conv_prepared_size = EQK_SYM (conv_prepared_size),
  .conv_prepare = any_prepare,
  .conv_forward = any_forward,
  .conv_forward_prepared = any_forward_prepared,
  .conv_backward_data = any_backward_data,
  .conv_backward_filter = any_backward_filter,
  .gemm = any_gemm,
  .fma_peak = EQK_SYM (fma_peak),
};

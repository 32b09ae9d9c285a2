#pragma once

/**
 * The shape of a convolution and the table of planar kernels, without regard to precision and variant: arrays are
 * float when bits is 32, double when it is 64.
 */

#include "core/simd.h"
#include "eqk/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum
{
  EQK_PAD_ZEROS,
  EQK_PAD_CIRCULAR,
  EQK_PAD_REFLECT,     /**< without repeating the border: pad < extent */
  EQK_PAD_REPLICATE
} EqkPadMode;

/**
 * A correlation y[n, i, j, o] = bias[o] + sum x[n, i stride + a dilation - pad, j stride + b dilation - pad, c] w[a, b, c, o]
 * of images [n, h, w, cin] (channels innermost) with filters [k, k, cin / groups, cout].
 */
typedef struct
{
  int  n, h, w, cin, cout;
  int  k, stride, pad, dilation, groups;
  int  pad_mode;                   /**< EqkPadMode; circular needs pad <= h, w; reflect pad < h, w */
  bool exact;                      /**< the direct algorithm even where Winograd's would serve */
  int  out_h, out_w;               /**< (h + 2 pad - dilation (k - 1) - 1) / stride + 1 */
} EqkConvShape;

typedef enum
{
  EQK_CONV_FORWARD,
  EQK_CONV_BACKWARD_DATA,
  EQK_CONV_BACKWARD_FILTER
} EqkConvPass;

typedef struct EqkPlanarKernels
{
  int    bits;
  size_t (*conv_scratch)         (const EqkConvShape *shape, int n_threads, EqkConvPass pass);
  bool   (*conv_uses_winograd)   (const EqkConvShape *shape);
  size_t (*conv_prepared_size)   (const EqkConvShape *shape);
  void   (*conv_prepare)         (const EqkConvShape *shape, EqkPool *pool, const void *filter, void *prepared);
  void   (*conv_forward)         (const EqkConvShape *shape, EqkPool *pool, const void *x, const void *filter,
                                  const void *bias, void *y, void *scratch);
  void   (*conv_forward_prepared) (const EqkConvShape *shape, EqkPool *pool, const void *x, const void *prepared,
                                  const void *bias, void *y, void *scratch);
  void   (*conv_backward_data)   (const EqkConvShape *shape, EqkPool *pool, const void *dy, const void *filter,
                                  void *dx, void *scratch);
  void   (*conv_backward_filter) (const EqkConvShape *shape, EqkPool *pool, const void *x, const void *dy,
                                  void *dfilter, void *dbias, void *scratch);
  void   (*gemm)                 (bool ta, bool tb, int m, int n, int k, const void *a, ptrdiff_t lda, const void *b,
                                  ptrdiff_t ldb, void *c, ptrdiff_t ldc, bool add);
  double (*fma_peak)             (void);
} EqkPlanarKernels;

#ifdef __cplusplus
}
#endif

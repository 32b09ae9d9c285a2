#pragma once

/**
 * Plane convolution and its gradients. Arrays: images [n, h, w, channels], filters [k, k, cin / groups, cout].
 *
 * Winograd's algorithm on 8 x 8 tiles for k = 3, 5, 7 where it serves (float32, stride 1, at least 16 channels on both
 * sides; error at most 1e-4 of the output's RMS), a direct register-tiled kernel for everything else. Results are
 * bitwise the same for any number of threads. pool may be NULL.
 */

#include "core/planar.h"
#include "core/real.h"

/** Bytes of scratch memory for a pass by n_threads threads; scratch must be aligned to 64 bytes. */
size_t EQK_SYM (conv_scratch)         (const EqkConvShape *shape, int n_threads, EqkConvPass pass);
bool   EQK_SYM (conv_uses_winograd)   (const EqkConvShape *shape);

/** Bytes of a prepared filter, aligned to 64: the filter in the order, or the transform, that forward reads. */
size_t EQK_SYM (conv_prepared_size)   (const EqkConvShape *shape);
void   EQK_SYM (conv_prepare)         (const EqkConvShape *shape, EqkPool *pool, const eqk_real *filter,
                                       eqk_real *prepared);

/** y is overwritten; bias [cout] may be NULL. Prepares the filter in scratch each time. */
void   EQK_SYM (conv_forward)         (const EqkConvShape *shape, EqkPool *pool, const eqk_real *x,
                                       const eqk_real *filter, const eqk_real *bias, eqk_real *y, void *scratch);
/** The same for a filter that was prepared before. Depends on n, h and w only through x, so one serves all batch sizes. */
void   EQK_SYM (conv_forward_prepared) (const EqkConvShape *shape, EqkPool *pool, const eqk_real *x,
                                       const eqk_real *prepared, const eqk_real *bias, eqk_real *y, void *scratch);
/** dx is overwritten. */
void   EQK_SYM (conv_backward_data)   (const EqkConvShape *shape, EqkPool *pool, const eqk_real *dy,
                                       const eqk_real *filter, eqk_real *dx, void *scratch);
/** dfilter is overwritten; dbias [cout], too, or NULL. */
void   EQK_SYM (conv_backward_filter) (const EqkConvShape *shape, EqkPool *pool, const eqk_real *x, const eqk_real *dy,
                                       eqk_real *dfilter, eqk_real *dbias, void *scratch);

#pragma once

/**
 * Winograd's convolution on 8 x 8 tiles, F(9 - k, k) in both directions, k = 3, 5, 7, float32. Used by conv_kernels.c.
 */

#include "core/planar.h"
#include "core/real.h"

#if EQK_REAL_BITS == 32

/** A stride-1 correlation of the images [n, src_h, src_w, cin] (or its gradient): what both data passes are. */
typedef struct
{
  int n, src_h, src_w, cin, cout, k;
  int origin;          /**< source row and column of tap (0, 0) of output (0, 0) */
  int pad_mode;
  int out_h, out_w;
} EqkWinograd;

/** Forward, of which the gradient of the filter is one too. */
static inline EqkWinograd
winograd_forward (const EqkConvShape *s)
{
  return (EqkWinograd) { .n = s->n, .src_h = s->h, .src_w = s->w, .cin = s->cin, .cout = s->cout, .k = s->k,
                         .origin = -s->pad, .pad_mode = s->pad_mode, .out_h = s->out_h, .out_w = s->out_w };
}

/** Elements of the transformed filter. */
size_t EQK_SYM (winograd_filter_size) (const EqkWinograd *self);
/** filter [k, k, cin, cout]; with flip, filter is [k, k, cout, cin] and used turned by 180 degrees. */
void   EQK_SYM (winograd_filter)      (const EqkWinograd *self, EqkPool *pool, const eqk_real *filter, bool flip,
                                       eqk_real *u);
/** Bytes of scratch memory; 64-aligned. */
size_t EQK_SYM (winograd_scratch)     (const EqkWinograd *self, int n_threads);
void   EQK_SYM (winograd_run)         (const EqkWinograd *self, EqkPool *pool, const eqk_real *x, const eqk_real *u,
                                       const eqk_real *bias, eqk_real *y, void *scratch);
size_t EQK_SYM (winograd_gradient_scratch) (const EqkWinograd *self, int n_threads);
/** dfilter [k, k, cin, cout] of y's gradient dy. */
void   EQK_SYM (winograd_gradient)    (const EqkWinograd *self, EqkPool *pool, const eqk_real *x, const eqk_real *dy,
                                       eqk_real *dfilter, void *scratch);

#endif

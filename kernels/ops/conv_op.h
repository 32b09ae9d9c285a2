#pragma once

/** What conv2d and its transpose share: the shape for the kernels, sums over pixels for the bias, MACs. */

#include "eqk/op.h"
#include "ops/conv_kernels.h"
#include "ops/plane.h"

#include <string.h>

static inline EqkConvShape
conv_shape (const EqkConvParams *p, int n, bool exact)
{
  return (EqkConvShape){ n, p->h, p->w, p->cin, p->cout, p->k, p->stride, p->pad, p->dilation, p->groups, p->pad_mode, exact, p->out_h, p->out_w };
}

static inline size_t
conv_filter_count (const EqkConvParams *p)
{
  return (size_t) p->k * (size_t) p->k * (size_t) (p->cin / p->groups) * (size_t) p->cout;
}

static inline double
conv_macs (const EqkConvParams *p, int n)
{
  return (double) n * p->out_h * p->out_w * p->cout * (p->cin / p->groups) * p->k * p->k;
}

static inline size_t
larger (size_t a, size_t b)
{
  return a > b ? a : b;
}

/* Samples in the present batch, from the rows of a picture. */
static inline int
conv_samples (const EqkRun *run, int value, int h, int w)
{
  return (int) (eqk_run_rows (run, value) / ((size_t) h * (size_t) w));
}

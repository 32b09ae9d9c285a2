#pragma once

/*
 * What the passes of a convolution have in common: where a padded index reads, and cutting memory into pieces.
 */

#include "core/planar.h"
#include "core/real.h"

#define CONV_ALIGN 64

/* The row or column that a padded index reads; -1 for a zero. Any i is safe, also far outside. */
static inline int
conv_pad_index (int mode, int i, int n)
{
  if (i >= 0 && i < n)
    return i;
  switch (mode)
    {
    case EQK_PAD_CIRCULAR:
      i %= n;
      return i < 0 ? i + n : i;
    case EQK_PAD_REFLECT:
      if (n == 1)
        return 0;
      i %= 2 * (n - 1);
      i = i < 0 ? -i : i;
      return i < n ? i : 2 * (n - 1) - i;
    case EQK_PAD_REPLICATE:
      return i < 0 ? 0 : n - 1;
    default:
      return -1;
    }
}

static inline size_t
conv_round (size_t bytes)
{
  return (bytes + CONV_ALIGN - 1) / CONV_ALIGN * CONV_ALIGN;
}

static inline size_t
conv_reals (size_t n)
{
  return conv_round (n * sizeof (eqk_real));
}

/* Cuts n reals off the scratch memory. */
static inline eqk_real *
conv_take (char **scratch, size_t n)
{
  eqk_real *p = (eqk_real *) *scratch;

  *scratch += conv_reals (n);
  return p;
}

static inline int
conv_min (int a, int b)
{
  return a < b ? a : b;
}

static inline int
conv_max (int a, int b)
{
  return a > b ? a : b;
}

/* The next whole number of vectors. */
static inline int
round_vectors (int n)
{
  return (n + EQK_LANES - 1) / EQK_LANES * EQK_LANES;
}

/* Copies rows y0 .. y0 + rows and columns x0 .. x0 + cols of a padded image. */
void   EQK_SYM (conv_copy_padded) (const eqk_real *image, int h, int w, int c, int pad_mode, int y0, int x0, int rows, int cols, eqk_real *to);
/* Bytes for EQK_SYM (conv_backward_filter). */
size_t EQK_SYM (conv_backward_filter_scratch) (const EqkConvShape *s, int n_threads);

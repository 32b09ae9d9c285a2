#pragma once

/** Gaussian weights of the anti-aliased poolings. */

#include "layers/pooling.h"

/** Normalised weights exp (−d²/(2σ²)) of `size` neighbouring pixels; the square of them is the isotropic kernel. */
static inline void
eqk_blur_weights (double sigma, int size, double *weights)
{
  double sum = 0;

  for (int i = 0; i < size; i++)
    {
      const double d = i - (size - 1) / 2.0;

      weights[i] = exp (-d * d / (2 * sigma * sigma));
      sum += weights[i];
    }
  for (int i = 0; i < size; i++)
    weights[i] /= sum;
}

/** The filter of `size` pixels with its half width as border. */
static inline EqkWindow
eqk_blur_window (int size, int stride)
{
  return (EqkWindow){ size, stride, (size - 1) / 2, 1 };
}

static inline int
eqk_blur (EqkBuild *b, int x, const EqkSpace *in, const EqkSpace *out, int channels, double sigma, const EqkWindow *win, EqkDiag *diag)
{
  double    weights[128];
  EqkSparse rows, columns;

  eqk_blur_weights (sigma, win->k, weights);
  eqk_sparse_window (&rows, win, weights, in->h);
  eqk_sparse_window (&columns, win, weights, in->w);
  return eqk_grid_linear (b, x, *out, channels, &rows, &columns, diag);
}

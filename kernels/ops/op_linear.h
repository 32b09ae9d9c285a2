#pragma once

/**
 * Operation "linear": y = scale * x W^T + b, row by row. in: x [rows, n_in], W [n_out, n_in] (or [n_in, n_out] when
 * `transposed`, as irreps weights are kept), b [n_out] or -1; out: y [rows, n_out].
 */
typedef struct
{
  int    n_in, n_out;
  int    transposed;
  double scale;
} EqkLinearParams;

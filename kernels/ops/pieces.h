#pragma once

/*
 * Gradients of weights that all rows share: rows are cut into at most eight pieces whose number depends on the rows alone, each sums into a
 * part of its own, and the parts are added in order. So the result is the same for any number of threads.
 */

#include <stddef.h>
#include <string.h>

enum { EQK_MAX_PIECES = 8 };

static inline size_t
eqk_piece_rows (size_t rows, size_t least)
{
  const size_t even = (rows + EQK_MAX_PIECES - 1) / EQK_MAX_PIECES;

  return even > least ? even : least;
}

static inline size_t
eqk_n_pieces (size_t rows, size_t least)
{
  return rows == 0 ? 1 : (rows + eqk_piece_rows (rows, least) - 1) / eqk_piece_rows (rows, least);
}

/** out[0 .. count) = sum over the pieces of parts[k * stride + i]; zero when there are no rows. */
#define EQK_SUM_PIECES(parts, rows, least, stride, out, count)                    \
  do                                                                              \
    {                                                                             \
      memset ((out), 0, (count) * sizeof *(out));                                 \
      for (size_t k_ = 0; (rows) > 0 && k_ < eqk_n_pieces (rows, least); k_++)    \
        for (size_t i_ = 0; i_ < (count); i_++)                                   \
          (out)[i_] += (parts)[k_ * (stride) + i_];                               \
    }                                                                             \
  while (0)

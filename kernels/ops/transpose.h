#pragma once

/*
 * Rows of numbers to and from registers that hold one number of as many rows as there are lanes: a square tile of lanes by lanes is turned
 * about its diagonal by a butterfly of shuffles. Rows are written in the order of their places, each a whole number of registers, so that
 * what stands beyond a row's last number is written over by the next row; only the last group of a range goes number by number.
 */

#include "core/real.h"

#include <stdbool.h>

#define SQUARE_INLINE static inline __attribute__ ((always_inline))
#define SQUARE_ROUND(n) (((n) + EQK_LANES - 1) / EQK_LANES * EQK_LANES)

#if !defined(__clang__)

#if EQK_REAL_BITS == 64
typedef int64_t SquareLanes __attribute__ ((vector_size (EQK_VECTOR_BYTES)));
#else
typedef int32_t SquareLanes __attribute__ ((vector_size (EQK_VECTOR_BYTES)));
#endif

/* Lanes whose number has the bit h change places with the register h further on. All but the shuffles is known to the compiler. */
SQUARE_INLINE void
square_exchange (eqk_vec *t, const int h)
{
  SquareLanes lane = { 0 }, high = { 0 };

  EQK_UNROLL (16)
  for (int i = 0; i < EQK_LANES; i++)
    {
      lane[i] = i;
      high[i] = (i & h) != 0 ? -1 : 0;
    }
  EQK_UNROLL (16)
  for (int i = 0; i < EQK_LANES; i++)
    if ((i & h) == 0)
      {
        const eqk_vec a = t[i], b = t[i + h];

        t[i] = __builtin_shuffle (a, b, lane + (high & (EQK_LANES - h)));
        t[i + h] = __builtin_shuffle (a, b, lane + h + (high & (EQK_LANES - h)));
      }
}

/* t[i][lane] and t[lane][i] change places. */
SQUARE_INLINE void
square_turn (eqk_vec *t)
{
  square_exchange (t, 1);
  if (EQK_LANES > 2)
    square_exchange (t, 2);
  if (EQK_LANES > 4)
    square_exchange (t, EQK_LANES > 4 ? 4 : 1);
  if (EQK_LANES > 8)
    square_exchange (t, EQK_LANES > 8 ? 8 : 1);
}

#else

SQUARE_INLINE void
square_turn (eqk_vec *t)
{
  for (int i = 0; i < EQK_LANES; i++)
    for (int lane = 0; lane < i; lane++)
      {
        const eqk_real a = t[i][lane];

        t[i][lane] = t[lane][i];
        t[lane][i] = a;
      }
}

#endif

/** rows [rows][n] = the first `rows` lanes of y [SQUARE_ROUND (n)], which is turned. `last`: nothing beyond the rows may be written. */
SQUARE_INLINE void
square_store (eqk_vec *y, int n, eqk_real *to, size_t rows, bool last)
{
  if (rows < (size_t) EQK_LANES || (last && n % EQK_LANES != 0))
    {
      for (size_t lane = 0; lane < rows; lane++)
        for (int i = 0; i < n; i++)
          to[lane * (size_t) n + (size_t) i] = y[i][lane];
      return;
    }
  for (int tile = 0; tile < n; tile += EQK_LANES)
    square_turn (y + tile);
  for (int lane = 0; lane < EQK_LANES; lane++)
    for (int tile = 0; tile < n; tile += EQK_LANES)
      *(eqk_vecu *) (to + lane * n + tile) = y[tile + lane];
}

/** y [SQUARE_ROUND (n)]: lanes are rows from [rows][n], the missing ones like the last. `last`: nothing beyond the rows may be read. */
SQUARE_INLINE void
square_load (const eqk_real *from, int n, size_t rows, bool last, eqk_vec *y)
{
  if (rows < (size_t) EQK_LANES || (last && n % EQK_LANES != 0))
    {
      for (int i = 0; i < n; i++)
        {
          eqk_real lanes[EQK_LANES];

          for (size_t lane = 0; lane < (size_t) EQK_LANES; lane++)
            lanes[lane] = from[(lane < rows ? lane : rows - 1) * (size_t) n + (size_t) i];
          y[i] = *(const eqk_vecu *) lanes;
        }
      return;
    }
  for (int tile = 0; tile < n; tile += EQK_LANES)
    {
      for (int lane = 0; lane < EQK_LANES; lane++)
        y[tile + lane] = *(const eqk_vecu *) (from + lane * n + tile);
      square_turn (y + tile);
    }
}

#pragma once

/*
 * Copies of an irrep, [mul][dim], in the other order, component by component, [dim][mul], and back. As many copies as a register has lanes
 * are `dim` registers in either order, and a register of one order takes each lane from one of the other's: a chain of shuffles of two.
 * Only AVX-512 shuffles any two registers in one instruction; elsewhere loops of constant `dim` are as fast.
 */

#include "core/real.h"

#include <stdbool.h>
#include <string.h>

#define TURN_INLINE static inline __attribute__ ((always_inline))

#if EQK_VECTOR_BYTES == 64 && !defined(__clang__)

#if EQK_REAL_BITS == 64
typedef int64_t TurnLanes __attribute__ ((vector_size (EQK_VECTOR_BYTES)));
#define TURN_IOTA ((TurnLanes) { 0, 1, 2, 3, 4, 5, 6, 7 })
#else
typedef int32_t TurnLanes __attribute__ ((vector_size (EQK_VECTOR_BYTES)));
#define TURN_IOTA ((TurnLanes) { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 })
#endif

/* Register `out` of the turned order from the DIM registers of the other. All of this but the shuffles is known to the compiler. */
TURN_INLINE eqk_vec
turned_register (const eqk_vec *in, int out, const int DIM, const bool back)
{
  const TurnLanes number = back ? out * EQK_LANES + TURN_IOTA : TURN_IOTA * DIM + out;   /* of the other order's numbers */
  const TurnLanes of = back ? number % DIM : number / EQK_LANES, lane = back ? number / DIM : number % EQK_LANES;
  eqk_vec         sum = in[0];

  EQK_UNROLL (8)
  for (int j = 1; j < DIM; j++)
    {
      const TurnLanes here = of == j, kept = j == 1 ? lane : TURN_IOTA;

      sum = __builtin_shuffle (sum, in[j], (here & (lane + EQK_LANES)) | (~here & kept));
    }
  return sum;
}

/* Whole registers of copies; @return how many copies those are. */
TURN_INLINE int
turn_registers (const eqk_real *from, eqk_real *to, int mul, const int DIM, const bool back, const bool add)
{
  int u = 0;

  for (; u + EQK_LANES <= mul; u += EQK_LANES)
    {
      eqk_vec in[7];

      EQK_UNROLL (8)
      for (int k = 0; k < DIM; k++)
        in[k] = *(const eqk_vecu *) (from + (back ? k * mul + u : u * DIM + k * EQK_LANES));
      EQK_UNROLL (8)
      for (int k = 0; k < DIM; k++)
        {
          eqk_vecu *at = (eqk_vecu *) (to + (back ? u * DIM + k * EQK_LANES : k * mul + u));
          eqk_vec   turned = turned_register (in, k, DIM, back);

          if (add)
            turned += *at;
          *at = turned;
        }
    }
  return u;
}

#else

TURN_INLINE int
turn_registers (const eqk_real *from, eqk_real *to, int mul, const int DIM, const bool back, const bool add)
{
  return 0;
}

#endif

TURN_INLINE void
turn_dim (const eqk_real *restrict from, eqk_real *restrict to, int mul, const int DIM, const bool back, const bool add, const bool known)
{
  for (int u = known ? turn_registers (from, to, mul, DIM, back, add) : 0; u < mul; u++)
    {
      EQK_UNROLL (8)
      for (int k = 0; k < DIM; k++)
        {
          const int       copies = u * DIM + k, components = k * mul + u;
          eqk_real       *at = to + (back ? copies : components);
          const eqk_real *it = from + (back ? components : copies);

          *at = add ? *at + *it : *it;
        }
    }
}

TURN_INLINE void
turn_any (const eqk_real *restrict from, eqk_real *restrict to, int mul, int dim, const bool back, const bool add)
{
  if (dim == 1 && !add)
    memcpy (to, from, (size_t) mul * sizeof *to);
  else if (dim == 1)
    turn_dim (from, to, mul, 1, back, add, false);
  else if (dim == 3)
    turn_dim (from, to, mul, 3, back, add, true);
  else if (dim == 5)
    turn_dim (from, to, mul, 5, back, add, true);
  else if (dim == 7)
    turn_dim (from, to, mul, 7, back, add, true);
  else
    turn_dim (from, to, mul, dim, back, add, false);
}

/** to [dim][mul] = from [mul][dim]; the two do not overlap. */
static inline void
turn_to_components (const eqk_real *from, eqk_real *to, int mul, int dim)
{
  turn_any (from, to, mul, dim, false, false);
}

/** to [mul][dim] = from [dim][mul]. */
static inline void
turn_to_copies (const eqk_real *from, eqk_real *to, int mul, int dim)
{
  turn_any (from, to, mul, dim, true, false);
}

/** to [mul][dim] += from [dim][mul]. */
static inline void
turn_to_copies_add (const eqk_real *from, eqk_real *to, int mul, int dim)
{
  turn_any (from, to, mul, dim, true, true);
}

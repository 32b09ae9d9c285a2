#pragma once

/**
 * The exponential and what is made of it, written without branches or calls so that a loop over contiguous numbers
 * becomes vector code in every variant. Relative error below 2 units in the last place over the range of normal numbers;
 * outside of it the argument is cut, so nothing overflows.
 */

#include "core/real.h"

#include <string.h>

static inline __attribute__ ((always_inline)) eqk_real
eqk_vexp (eqk_real x)
{
#if EQK_REAL_BITS == 64
  const double lowest = -708.0, highest = 709.0, magic = 6755399441055744.0;
  double       n, r, p, scale, t;
  uint64_t     bits;

  x = x < lowest ? lowest : x > highest ? highest : x;
  t = x * 1.4426950408889634074 + magic;      /* the integer lands in the low bits of the fraction */
  n = t - magic;
  r = x - n * 6.93147180369123816490e-01;
  r = r - n * 1.90821492927058770002e-10;
  p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  memcpy (&bits, &t, sizeof bits);
  bits = (bits << 52) + ((uint64_t) 1023 << 52);
  memcpy (&scale, &bits, sizeof scale);
  return p * scale;
#else
  const float lowest = -87.0f, highest = 88.0f, magic = 12582912.0f;
  float       n, r, p, scale, t;
  uint32_t    bits;

  x = x < lowest ? lowest : x > highest ? highest : x;
  t = x * 1.44269504088896341f + magic;
  n = t - magic;
  r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  p = 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  memcpy (&bits, &t, sizeof bits);
  bits = (bits << 23) + ((uint32_t) 127 << 23);
  memcpy (&scale, &bits, sizeof scale);
  return p * scale;
#endif
}

static inline __attribute__ ((always_inline)) eqk_real
eqk_vsigmoid (eqk_real x)
{
  return 1 / (1 + eqk_vexp (-x));
}

/** tanh(x) = 2 sigmoid(2x) - 1 loses digits near 0; there x - x^3/3 + 2x^5/15 - 17x^7/315 takes over. */
static inline __attribute__ ((always_inline)) eqk_real
eqk_vtanh (eqk_real x)
{
  const eqk_real x2 = x * x;
#if EQK_REAL_BITS == 64
  const eqk_real edge = (eqk_real) 1e-4;   /* next term 62/2835 x^8 relative: 1e-32 */
#else
  const eqk_real edge = (eqk_real) 0.01;   /* 2e-16 at x^2 = 0.01 */
#endif
  const eqk_real series = x * (1 + x2 * (-(eqk_real) 1 / 3 + x2 * ((eqk_real) 2 / 15 - x2 * ((eqk_real) 17 / 315))));
  const eqk_real wide = 1 - 2 / (1 + eqk_vexp (2 * x));

  return x2 < edge ? series : wide;
}

#pragma once

/*
 * Harmonics of degrees to 3 as polynomials of x, y, z, and what their derivatives send back, a register of rows at a time: without the table
 * of the ladder there are neither loads nor branches, and a compiler keeps all in registers (domain.md 4; the polar axis is y, the sum of
 * squares of a degree on the sphere 2l + 1).
 */

#include "core/real.h"

#define LOW_DEGREE 3
#define LOW_INLINE static inline __attribute__ ((always_inline))

#define ROOT_3        ((eqk_real) 1.7320508075688772935)
#define ROOT_5        ((eqk_real) 2.2360679774997896964)
#define ROOT_15       ((eqk_real) 3.8729833462074168852)
#define ROOT_105      ((eqk_real) 10.246950765959598383)
#define ROOT_35_8     ((eqk_real) 2.0916500663351888699)    /* sqrt (35 / 8) */
#define ROOT_21_8     ((eqk_real) 1.6201851746019650556)    /* sqrt (21 / 8) */
#define HALF_ROOT_7   ((eqk_real) 1.3228756555322952953)

/** y [(LMAX + 1)^2] of u = (x, y, z), solid harmonics: on the sphere where u is a direction. */
LOW_INLINE void
low_harmonics (const int LMAX, const eqk_vec u[3], eqk_vec *y)
{
  const eqk_vec x = u[0], z = u[2], xx = x * x, yy = u[1] * u[1], zz = z * z, zero = { 0 };

  y[0] = zero + 1;
  if (LMAX < 1)
    return;
  for (int k = 0; k < 3; k++)
    y[1 + k] = ROOT_3 * u[k];
  if (LMAX < 2)
    return;
  y[4] = ROOT_15 * (x * z);
  y[5] = ROOT_15 * (x * u[1]);
  y[6] = ROOT_5 * (yy - (xx + zz) / 2);
  y[7] = ROOT_15 * (u[1] * z);
  y[8] = ROOT_15 / 2 * (zz - xx);
  if (LMAX < 3)
    return;
  y[9] = ROOT_35_8 * x * (3 * zz - xx);
  y[10] = ROOT_105 * (x * z) * u[1];
  y[11] = ROOT_21_8 * x * (4 * yy - xx - zz);
  y[12] = HALF_ROOT_7 * u[1] * (2 * yy - 3 * (xx + zz));
  y[13] = ROOT_21_8 * z * (4 * yy - xx - zz);
  y[14] = ROOT_105 / 2 * u[1] * (zz - xx);
  y[15] = ROOT_35_8 * z * (zz - 3 * xx);
}

/** q_k = sum over i of g_i dy_i/du_k. */
LOW_INLINE void
low_harmonics_reverse (const int LMAX, const eqk_vec u[3], const eqk_vec *g, eqk_vec q[3])
{
  const eqk_vec x = u[0], y = u[1], z = u[2], xx = x * x, yy = y * y, zz = z * z, zero = { 0 };

  for (int k = 0; k < 3; k++)
    q[k] = LMAX < 1 ? zero : ROOT_3 * g[1 + k];
  if (LMAX < 2)
    return;
  q[0] += ROOT_15 * (z * g[4] + y * g[5] - x * g[8]) - ROOT_5 * (x * g[6]);
  q[1] += ROOT_15 * (x * g[5] + z * g[7]) + 2 * ROOT_5 * (y * g[6]);
  q[2] += ROOT_15 * (x * g[4] + y * g[7] + z * g[8]) - ROOT_5 * (z * g[6]);
  if (LMAX < 3)
    return;

  const eqk_vec xy = x * y, yz = y * z, zx = z * x, across = zz - xx;
  const eqk_vec g9 = 3 * ROOT_35_8 * g[9], g10 = ROOT_105 * g[10], g11 = ROOT_21_8 * g[11], g12 = 3 * HALF_ROOT_7 * g[12];
  const eqk_vec g13 = ROOT_21_8 * g[13], g14 = ROOT_105 / 2 * g[14], g15 = 3 * ROOT_35_8 * g[15];

  q[0] += across * g9 + yz * g10 + (4 * yy - 3 * xx - zz) * g11 - 2 * (xy * (g12 + g14) + zx * (g13 + g15));
  q[1] += zx * g10 + 8 * (xy * g11 + yz * g13) + (2 * yy - xx - zz) * g12 + across * g14;
  q[2] += across * g15 + xy * g10 + (4 * yy - xx - 3 * zz) * g13 + 2 * (yz * (g14 - g12) + zx * (g9 - g11));
}

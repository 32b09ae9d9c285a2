/*
 * Real solid harmonics by recursion in the azimuth and in the degree, with derivatives of every step (domain.md 4). The
 * textbook axes are X = z, Y = x, Z = y: the pole is y, and degree 1 comes out in the order x, y, z.
 */

#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>

/* A polynomial at a point with its derivatives by X, Y, Z. */
typedef struct { double v, x, y, z; } Dual;

static Dual
add (Dual a, Dual b)
{
  return (Dual) { a.v + b.v, a.x + b.x, a.y + b.y, a.z + b.z };
}

static Dual
times (Dual a, Dual b)
{
  return (Dual) { a.v * b.v, a.x * b.v + a.v * b.x, a.y * b.v + a.v * b.y, a.z * b.v + a.v * b.z };
}

static Dual
scaled (Dual a, double s)
{
  return (Dual) { a.v * s, a.x * s, a.y * s, a.z * s };
}

/* sqrt ((2l+1) (l-m)! / (l+m)!) */
static double
norm (int l, int m)
{
  double ratio = 2 * l + 1;

  for (int k = l - m + 1; k <= l + m; k++)
    ratio /= k;
  return sqrt (ratio);
}

static void
put (int index, Dual d, double *y, double *gradient)
{
  y[index] = d.v;
  if (gradient != NULL)
    {
      gradient[3 * index + 0] = d.y;   /* x is the textbook's Y */
      gradient[3 * index + 1] = d.z;
      gradient[3 * index + 2] = d.x;
    }
}

void
eqk_harmonics (int lmax, const double r[3], double *y, double *gradient)
{
  const Dual X = { r[2], 1, 0, 0 }, Y = { r[0], 0, 1, 0 }, Z = { r[1], 0, 0, 1 };
  const Dual rho2 = add (times (X, X), add (times (Y, Y), times (Z, Z)));
  Dual       c = { 1, 0, 0, 0 }, s = { 0, 0, 0, 0 }, start = { 1, 0, 0, 0 };

  for (int m = 0; m <= lmax; m++)
    {
      Dual before = { 0, 0, 0, 0 }, p = start;   /* P_(l-1)^m, P_l^m */

      for (int l = m; l <= lmax; l++)
        {
          const double n = norm (l, m) * (m == 0 ? 1 : sqrt (2));

          put (l * l + l + m, scaled (times (p, c), n), y, gradient);
          if (m > 0)
            put (l * l + l - m, scaled (times (p, s), n), y, gradient);

          const Dual up = scaled (add (scaled (times (Z, p), 2 * l + 1), scaled (times (rho2, before), -(l + m))), 1.0 / (l + 1 - m));

          before = p;
          p = up;
        }
      const Dual next_c = add (times (X, c), scaled (times (Y, s), -1)), next_s = add (times (X, s), times (Y, c));

      c = next_c;
      s = next_s;
      start = scaled (start, 2 * m + 1);
    }
}

/*
 * The derivative of a solid harmonic is again harmonic, and couples as a vector does: d Y_lm / d r_k is a multiple a of
 * sum C[m'][k][m] Y_(l-1)m'. Euler's theorem fixes a: l Y_lm = sum r_k dY_lm/dr_k.
 */
EqkCouplingEntry *
eqk_harmonic_ladder (int l, int *n)
{
  const double      r[3] = { 0.36, 0.48, 0.8 };
  double            y[(EQK_MAX_DEGREE + 1) * (EQK_MAX_DEGREE + 1)], sum = 0;
  EqkCouplingEntry *entries = l < 1 ? NULL : eqk_coupling_entries (l - 1, 1, l, n);
  const double     *lower = y + (l - 1) * (l - 1), *own = y + l * l;
  int               m = 0;

  if (entries == NULL)
    return NULL;
  eqk_harmonics (l, r, y, NULL);
  for (int i = 1; i < 2 * l + 1; i++)
    if (fabs (own[i]) > fabs (own[m]))
      m = i;
  for (int e = 0; e < *n; e++)
    if (entries[e].k == m)
      sum += entries[e].c * lower[entries[e].i] * r[entries[e].j];
  for (int e = 0; e < *n; e++)
    entries[e].c *= l * own[m] / sum;
  return entries;
}

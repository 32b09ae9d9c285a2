/*
 * Clebsch-Gordan coefficients in the real basis: Racah's formula in long double, then the change of basis from complex to
 * real harmonics (domain.md 6.1). Signs equal those of e3nn's wigner_3j, since the construction is the same.
 */

#include "eqk/space.h"
#include "core/memory.h"

#include <math.h>
#include <stdlib.h>

static long double
factorial (int n)
{
  long double f = 1;

  for (int k = 2; k <= n; k++)
    f *= k;
  return f;
}

static int
max_of (int a, int b, int c)
{
  const int m = a > b ? a : b;

  return m > c ? m : c;
}

static int
min_of (int a, int b, int c)
{
  const int m = a < b ? a : b;

  return m < c ? m : c;
}

/* The coefficient of SU(2), up to a factor that depends on l1, l2, l3 alone. */
static double
su2 (int l1, int m1, int l2, int m2, int l3, int m3)
{
  long double a, sum = 0;

  if (m3 != m1 + m2)
    return 0;
  a = (2 * l3 + 1) * factorial (l3 + l1 - l2) * factorial (l3 - l1 + l2) * factorial (l1 + l2 - l3) / factorial (l1 + l2 + l3 + 1);
  a *= factorial (l3 + m3) / factorial (l1 - m1) * (factorial (l3 - m3) / factorial (l1 + m1)) / factorial (l2 - m2) / factorial (l2 + m2);
  for (int v = max_of (0, -l1 + l2 + m3, -l1 + m1); v <= min_of (l2 + l3 + m1, l3 - l1 + l2, l3 + m3); v++)
    {
      const long double term = factorial (l2 + l3 + m1 - v) / factorial (v) / factorial (l3 - l1 + l2 - v)
                               * (factorial (l1 - m1 + v) / factorial (l3 + m3 - v) / factorial (v + l1 - l2 - m3));

      sum += (v + l2 + m2) % 2 == 0 ? term : -term;
    }
  return (double) (sqrtl (a) * sum);
}

typedef struct { double re, im; } Complex;

static Complex
product (Complex a, Complex b)
{
  return (Complex) { a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

/* Entry of the change of basis, rows m complex, columns c real, both from -l. */
static Complex
change (int l, int m, int c)
{
  static const Complex powers[4] = { { 1, 0 }, { 0, -1 }, { -1, 0 }, { 0, 1 } };   /* of -i */
  const double         s = 0.70710678118654752440, sign = abs (m) % 2 == 0 ? s : -s;
  Complex              q;

  if (abs (m) != abs (c))
    return (Complex) { 0, 0 };
  if (m == 0)
    q = (Complex) { 1, 0 };
  else if (m < 0)
    q = c > 0 ? (Complex) { s, 0 } : (Complex) { 0, -s };
  else
    q = c > 0 ? (Complex) { sign, 0 } : (Complex) { 0, sign };
  return product (q, powers[l % 4]);
}

/* Real part of the sum over the at most eight complex triples that these real components stand for. */
static double
real_entry (int l1, int c1, int l2, int c2, int l3, int c3)
{
  double sum = 0;

  for (int s = 0; s < 8; s++)
    {
      const int m1 = s & 1 ? -c1 : c1, m2 = s & 2 ? -c2 : c2, m3 = s & 4 ? -c3 : c3;
      Complex   q;

      if ((c1 == 0 && (s & 1)) || (c2 == 0 && (s & 2)) || (c3 == 0 && (s & 4)) || m3 != m1 + m2)
        continue;
      q = change (l3, m3, c3);
      q.im = -q.im;
      q = product (product (change (l1, m1, c1), change (l2, m2, c2)), q);
      sum += q.re * su2 (l1, m1, l2, m2, l3, m3);
    }
  return sum;
}

bool
eqk_coupling (int l1, int l2, int l3, double *c)
{
  const int    n2 = 2 * l2 + 1, n3 = 2 * l3 + 1;
  const size_t n = (size_t) (2 * l1 + 1) * (size_t) n2 * (size_t) n3;
  double       norm = 0;

  if (l1 < 0 || l2 < 0 || l3 < abs (l1 - l2) || l3 > l1 + l2 || l1 > EQK_MAX_DEGREE || l2 > EQK_MAX_DEGREE || l3 > EQK_MAX_DEGREE)
    return false;
  for (int i = -l1; i <= l1; i++)
    for (int j = -l2; j <= l2; j++)
      for (int k = -l3; k <= l3; k++)
        {
          const double x = real_entry (l1, i, l2, j, l3, k);

          c[((i + l1) * n2 + j + l2) * n3 + k + l3] = x;
          norm += x * x;
        }
  for (size_t e = 0; e < n; e++)
    c[e] = fabs (c[e]) < 1e-13 * sqrt (norm) ? 0 : c[e] / sqrt (norm);
  return true;
}

EqkCouplingEntry *
eqk_coupling_entries (int l1, int l2, int l3, int *n)
{
  const int         n1 = 2 * l1 + 1, n2 = 2 * l2 + 1, n3 = 2 * l3 + 1;
  double           *c = l1 < 0 || l2 < 0 || l3 < 0 ? NULL : eqk_malloc (sizeof *c * (size_t) n1 * (size_t) n2 * (size_t) n3);
  EqkCouplingEntry *entries = NULL;

  *n = 0;
  if (c != NULL && eqk_coupling (l1, l2, l3, c))
    entries = eqk_malloc (sizeof *entries * (size_t) n1 * (size_t) n2 * (size_t) n3);
  for (int i = 0; entries != NULL && i < n1; i++)
    for (int k = 0; k < n3; k++)
      for (int j = 0; j < n2; j++)
        if (c[(i * n2 + j) * n3 + k] != 0)
          entries[(*n)++] = (EqkCouplingEntry) { (int16_t) i, (int16_t) j, (int16_t) k, c[(i * n2 + j) * n3 + k] };
  free (c);
  return entries;
}

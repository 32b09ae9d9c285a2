/* Wigner matrices by the recursion of Ivanic and Ruedenberg (1996, with the correction of 1998), from the rotation matrix. */

#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIZE (2 * EQK_MAX_DEGREE + 1)

typedef struct
{
  const double *r;       /* the rotation: D of degree 1 */
  const double *lower;   /* D of degree l - 1 */
  int           l;
} Step;

static double
rotation (const Step *s, int i, int j)
{
  return s->r[3 * (i + 1) + j + 1];
}

static double
lower (const Step *s, int m, int n)
{
  return s->lower[(m + s->l - 1) * (2 * s->l - 1) + n + s->l - 1];
}

static double
p (const Step *s, int i, int m, int n)
{
  const int l = s->l;

  if (n == l)
    return rotation (s, i, 1) * lower (s, m, l - 1) - rotation (s, i, -1) * lower (s, m, -l + 1);
  if (n == -l)
    return rotation (s, i, 1) * lower (s, m, -l + 1) + rotation (s, i, -1) * lower (s, m, l - 1);
  return rotation (s, i, 0) * lower (s, m, n);
}

static double
v_term (const Step *s, int m, int n)
{
  if (m == 0)
    return p (s, 1, 1, n) + p (s, -1, -1, n);
  if (m > 0)
    return m == 1 ? p (s, 1, 0, n) * sqrt (2) : p (s, 1, m - 1, n) - p (s, -1, -m + 1, n);
  return m == -1 ? p (s, -1, 0, n) * sqrt (2) : p (s, 1, m + 1, n) + p (s, -1, -m - 1, n);
}

static double
w_term (const Step *s, int m, int n)
{
  return m > 0 ? p (s, 1, m + 1, n) + p (s, -1, -m - 1, n) : p (s, 1, m - 1, n) - p (s, -1, -m + 1, n);
}

static double
entry (const Step *s, int m, int n)
{
  const int    l = s->l, a = abs (m);
  const double d = abs (n) < l ? (l + n) * (l - n) : 2 * l * (2 * l - 1);
  const double u = sqrt ((l + m) * (l - m) / d);
  const double v = 0.5 * sqrt ((m == 0 ? 2 : 1) * (l + a - 1) * (l + a) / d) * (m == 0 ? -1 : 1);
  const double w = m == 0 ? 0 : -0.5 * sqrt ((l - a - 1) * (l - a) / d);

  /* A term is looked at only where its coefficient is not zero: it would reach beyond the lower matrix. */
  return (u != 0 ? u * p (s, 0, m, n) : 0) + (v != 0 ? v * v_term (s, m, n) : 0) + (w != 0 ? w * w_term (s, m, n) : 0);
}

void
eqk_wigner_d (int l, const double r[9], double *d)
{
  double before[MAX_SIZE * MAX_SIZE], now[MAX_SIZE * MAX_SIZE] = { 1 };

  for (int degree = 1; degree <= l; degree++)
    {
      const Step s = { r, before, degree };
      const int  n = 2 * degree + 1;

      memcpy (before, now, sizeof now);
      if (degree == 1)
        memcpy (now, r, 9 * sizeof *r);
      for (int m = -degree; degree > 1 && m <= degree; m++)
        for (int k = -degree; k <= degree; k++)
          now[(m + degree) * n + k + degree] = entry (&s, m, k);
    }
  memcpy (d, now, sizeof *d * (size_t) (2 * l + 1) * (size_t) (2 * l + 1));
}

void
eqk_wigner_d_o3 (int l, int parity, const double m[9], double *d)
{
  const double det = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
  const double sign = det < 0 ? -1 : 1;
  double       proper[9];

  for (int i = 0; i < 9; i++)
    proper[i] = sign * m[i];
  eqk_wigner_d (l, proper, d);
  for (int i = 0; det < 0 && parity < 0 && i < (2 * l + 1) * (2 * l + 1); i++)
    d[i] = -d[i];
}

static void
multiply (const double a[9], const double b[9], double out[9])
{
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      out[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
}

void
eqk_rotation_from_angles (double alpha, double beta, double gamma, double r[9])
{
  const double y1[9] = { cos (alpha), 0, sin (alpha), 0, 1, 0, -sin (alpha), 0, cos (alpha) };
  const double x[9] = { 1, 0, 0, 0, cos (beta), -sin (beta), 0, sin (beta), cos (beta) };
  const double y2[9] = { cos (gamma), 0, sin (gamma), 0, 1, 0, -sin (gamma), 0, cos (gamma) };
  double       half[9];

  multiply (y1, x, half);
  multiply (half, y2, r);
}

void
eqk_rotation_from_quaternion (const double q[4], double r[9])
{
  const double n = sqrt (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
  const double w = q[0] / n, x = q[1] / n, y = q[2] / n, z = q[3] / n;
  const double m[9] = { 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), 2 * (x * y + w * z), 1 - 2 * (x * x + z * z),
                        2 * (y * z - w * x), 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y) };

  memcpy (r, m, sizeof m);
}

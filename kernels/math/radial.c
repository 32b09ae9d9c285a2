/* Bumps between two ends, smooth steps, the two factors of harmonics at angles, and signals on a grid of angles. */

#include "eqk/radial.h"
#include "core/memory.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define PI 3.14159265358979323846

double
eqk_soft_step (double x)
{
  return x > 0 ? exp (-1 / x) : 0;
}

/* Its derivative. */
static double
soft_slope (double x)
{
  return x > 0 ? exp (-1 / x) / (x * x) : 0;
}

double
eqk_polynomial_cutoff (double u, int p)
{
  const double q = p;

  if (u >= 1)
    return 0;
  return 1 - (q + 1) * (q + 2) / 2 * pow (u, q) + q * (q + 2) * pow (u, q + 1) - q * (q + 1) / 2 * pow (u, q + 2);
}

/* Value and slope of a bump of unit distance to its neighbours, d away from its centre. */
static void
bump (EqkOneHot kind, double d, double *y, double *slope)
{
  const double norm = 1.14136 * exp (2);      /* so that the sum of the squares is about one */

  switch (kind)
    {
    case EQK_ONE_HOT_GAUSSIAN:
      *y = exp (-d * d) / 1.12;
      *slope = -2 * d * *y;
      break;
    case EQK_ONE_HOT_COSINE:
      *y = fabs (d) < 1 ? cos (PI / 2 * d) : 0;
      *slope = fabs (d) < 1 ? -PI / 2 * sin (PI / 2 * d) : 0;
      break;
    default:
      *y = norm * eqk_soft_step (d + 1) * eqk_soft_step (1 - d);
      *slope = norm * (soft_slope (d + 1) * eqk_soft_step (1 - d) - eqk_soft_step (d + 1) * soft_slope (1 - d));
    }
}

static void
wave (EqkOneHot kind, bool cutoff, double length, int n, int i, double x, double *y, double *slope)
{
  const double k = (cutoff || kind == EQK_ONE_HOT_BESSEL ? i + 1 : i) * PI / length, norm = sqrt (0.25 + n / 2.0);
  const bool   inside = !cutoff || (x > 0 && x < length);

  if (kind == EQK_ONE_HOT_FOURIER)
    {
      *y = !inside ? 0 : (cutoff ? sin (k * x) : cos (k * x)) / norm;
      *slope = !inside ? 0 : (cutoff ? k * cos (k * x) : -k * sin (k * x)) / norm;
      return;
    }
  *y = !inside ? 0 : fabs (k * x) < 1e-5 ? sqrt (2 / length) * k : sqrt (2 / length) * sin (k * x) / x;
  *slope = !inside || fabs (k * x) < 1e-5 ? 0 : sqrt (2 / length) * (k * cos (k * x) - sin (k * x) / x) / x;
}

bool
eqk_one_hot (EqkOneHot kind, bool cutoff, double start, double end, int n, double x, double *y, double *slope)
{
  const double step = cutoff ? (end - start) / (n + 1) : (end - start) / (n - 1);

  if (n < 1 || (!cutoff && n < 2) || !(end > start))
    return false;
  for (int i = 0; i < n; i++)
    {
      double dy;

      if (kind == EQK_ONE_HOT_FOURIER || kind == EQK_ONE_HOT_BESSEL)
        wave (kind, cutoff, end - start, n, i, x - start, &y[i], &dy);
      else
        {
          bump (kind, (x - start) / step - (cutoff ? i + 1 : i), &y[i], &dy);
          dy /= step;
        }
      if (slope != NULL)
        slope[i] = dy;
    }
  return true;
}

/* ---- angles ---- */

void
eqk_angles_to_point (double alpha, double beta, double point[3])
{
  point[0] = sin (beta) * sin (alpha);
  point[1] = cos (beta);
  point[2] = sin (beta) * cos (alpha);
}

void
eqk_harmonics_alpha (int lmax, double alpha, double *out)
{
  out[lmax] = 1;
  for (int m = 1; m <= lmax; m++)
    {
      out[lmax - m] = sqrt (2.0) * sin (m * alpha);
      out[lmax + m] = sqrt (2.0) * cos (m * alpha);
    }
}

/* P_mm from the one before, then up in degree; everything normalised on the way, so that nothing overflows. */
void
eqk_legendre (int lmax, double z, double y, double *out)
{
  double top = sqrt (1 / (4 * PI));

  for (int m = 0; m <= lmax; m++)
    {
      double before = 0, here = top;

      for (int l = m; l <= lmax; l++)
        {
          const double a = sqrt ((4.0 * (l + 1) * (l + 1) - 1) / ((l + 1.0) * (l + 1) - m * m)), b = l == m ? 0 : sqrt (((double) l * l - m * m) / (4.0 * l * l - 1));
          const double next = a * (z * here - b * before);

          out[l * l + l + m] = out[l * l + l - m] = here;
          before = here;
          here = next;
        }
      top *= y * sqrt ((2.0 * m + 3) / (2.0 * m + 2));
    }
}

/* Weight of a ring of latitude: integrals of polynomials of cos beta up to degree n_beta are exact (Driscoll and Healy 1994, rings between the poles). */
static double
ring_weight (int n_beta, double beta)
{
  double sum = 0;

  for (int k = 0; k < n_beta / 2; k++)
    sum += sin ((2 * k + 1) * beta) / (2 * k + 1);
  return 4.0 / n_beta * sin (beta) * sum;
}

static double
degree_scale (EqkSphereScale scale, int lmax, int l)
{
  return scale == EQK_SPHERE_COMPONENT ? sqrt (4 * PI / ((2 * l + 1) * (lmax + 1.0))) : scale == EQK_SPHERE_NORM ? sqrt (4 * PI / (lmax + 1.0)) : 1;
}

bool
eqk_sphere_grid (int lmax, int lmax_out, int n_beta, int n_alpha, EqkSphereScale scale, double *to, double *from)
{
  const int top = lmax > lmax_out ? lmax : lmax_out, n_in = (lmax + 1) * (lmax + 1), n = n_beta * n_alpha;
  double   *legendre = eqk_malloc ((size_t) ((top + 1) * (top + 1)) * sizeof *legendre), *around = eqk_malloc ((size_t) (2 * top + 1) * sizeof *around);
  const bool good = n_beta >= 2 && n_beta % 2 == 0 && n_alpha >= 1 && lmax >= 0 && lmax_out >= 0 && legendre != NULL && around != NULL;

  for (int i = 0; good && i < n_beta; i++)
    {
      const double beta = PI * (i + 0.5) / n_beta, weight = ring_weight (n_beta, beta) * 2 * PI / n_alpha;

      eqk_legendre (top, cos (beta), sin (beta), legendre);
      for (int j = 0; j < n_alpha; j++)
        {
          eqk_harmonics_alpha (top, 2 * PI * j / n_alpha, around);
          for (int l = 0; l <= top; l++)
            for (int m = -l; m <= l; m++)
              {
                const int    at = l * l + l + m, point = i * n_alpha + j;
                const double y = legendre[at] * around[top + m], factor = degree_scale (scale, lmax, l);

                if (l <= lmax)
                  to[point * n_in + at] = factor * y;
                if (l <= lmax_out)
                  from[at * n + point] = weight * y / factor;
              }
        }
    }
  free (legendre);
  free (around);
  return good;
}

/* Maxima of signals on the sphere: from the points of a mesh that beat their neighbours, uphill along the gradient of the solid harmonics. */

#include "draw/scene.h"

#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RINGS = 24, AROUND = 48, STEPS = 40, MOST = 64 };

static double
value_at (const double *c, int lmax, const double u[3], double gradient[3])
{
  const int width = (lmax + 1) * (lmax + 1);
  double    y[(EQK_MAX_DEGREE + 1) * (EQK_MAX_DEGREE + 1)], d[3 * (EQK_MAX_DEGREE + 1) * (EQK_MAX_DEGREE + 1)], f = 0;

  eqk_harmonics (lmax, u, y, gradient == NULL ? NULL : d);
  if (gradient != NULL)
    memset (gradient, 0, 3 * sizeof *gradient);
  for (int k = 0; k < width; k++)
    {
      f += c[k] * y[k];
      for (int i = 0; gradient != NULL && i < 3; i++)
        gradient[i] += c[k] * d[3 * k + i];
    }
  return f;
}

static void
normalise (double u[3])
{
  const double length = sqrt (u[0] * u[0] + u[1] * u[1] + u[2] * u[2]);

  for (int i = 0; i < 3; i++)
    u[i] /= length;
}

/* Steps that grow while they lead up and shrink while they do not. */
static void
climb (const double *c, int lmax, EqsSignalPeak *peak)
{
  double step = 0.05;

  for (int s = 0; s < STEPS; s++)
    {
      double g[3], next[3], along = 0, size = 0, value;

      value_at (c, lmax, peak->u, g);
      for (int i = 0; i < 3; i++)
        along += g[i] * peak->u[i];
      for (int i = 0; i < 3; i++)
        {
          g[i] -= along * peak->u[i];
          size += g[i] * g[i];
        }
      if (size < 1e-24)
        return;
      for (int i = 0; i < 3; i++)
        next[i] = peak->u[i] + step * g[i] / sqrt (size);
      normalise (next);
      value = value_at (c, lmax, next, NULL);
      if (value > peak->value)
        {
          memcpy (peak->u, next, sizeof next);
          peak->value = value;
          step *= 1.3;
        }
      else
        step *= 0.4;
    }
}

static int
largest_first (gconstpointer a, gconstpointer b)
{
  const double x = ((const EqsSignalPeak *) a)->value, y = ((const EqsSignalPeak *) b)->value;

  return x < y ? 1 : x > y ? -1 : 0;
}

static double
mesh_at (const double *mesh, int i, int j)
{
  return mesh[CLAMP (i, 0, RINGS) * AROUND + (j + AROUND) % AROUND];
}

static gboolean
beats_neighbours (const double *mesh, int i, int j)
{
  for (int di = -1; di <= 1; di++)
    for (int dj = -1; dj <= 1; dj++)
      if ((di != 0 || dj != 0) && mesh_at (mesh, i + di, j + dj) > mesh_at (mesh, i, j))
        return FALSE;
  return TRUE;
}

static gboolean
is_known (const EqsSignalPeak *found, guint n, const EqsSignalPeak *peak)
{
  for (guint i = 0; i < n; i++)
    if (found[i].u[0] * peak->u[0] + found[i].u[1] * peak->u[1] + found[i].u[2] * peak->u[2] > 0.995)
      return TRUE;
  return FALSE;
}

guint
eqs_signal_peaks (const double *c, int lmax, EqsSignalPeak *peaks, guint most)
{
  g_autofree double *mesh = g_new (double, (RINGS + 1) * AROUND), *u = g_new (double, 3 * (RINGS + 1) * AROUND);
  EqsSignalPeak      found[MOST];
  guint              n = 0;

  for (int at = 0; at < (RINGS + 1) * AROUND; at++)
    {
      const double theta = G_PI * (at / AROUND) / RINGS, phi = 2 * G_PI * (at % AROUND) / AROUND;

      u[3 * at] = sin (theta) * cos (phi);
      u[3 * at + 1] = cos (theta);
      u[3 * at + 2] = sin (theta) * sin (phi);
      mesh[at] = value_at (c, lmax, u + 3 * at, NULL);
    }
  for (int at = 0; at < (RINGS + 1) * AROUND && n < MOST; at++)
    {
      EqsSignalPeak peak = { .value = mesh[at] };

      memcpy (peak.u, u + 3 * at, sizeof peak.u);
      if (!beats_neighbours (mesh, at / AROUND, at % AROUND))
        continue;
      climb (c, lmax, &peak);
      if (!is_known (found, n, &peak))
        found[n++] = peak;
    }
  qsort (found, n, sizeof *found, largest_first);
  n = MIN (n, most);
  memcpy (peaks, found, n * sizeof *peaks);
  return n;
}

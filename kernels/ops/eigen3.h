#pragma once

/** Eigenvectors of symmetric tensors of space, with products of arrows, in the library and in exported C. Static, header only. */

#include "core/real.h"

#include "eqk/emit.h"

#include <math.h>

static inline double
dot3 (const double *a, const double *b)
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static inline void
cross3 (const double *a, const double *b, double *out)
{
  out[0] = a[1] * b[2] - a[2] * b[1];
  out[1] = a[2] * b[0] - a[0] * b[2];
  out[2] = a[0] * b[1] - a[1] * b[0];
}

/** Eigenvectors of the symmetric a as columns of v, by rotations of pairs (Jacobi); a ends with the eigenvalues on its diagonal. */
static inline void
eigen3 (double a[9], double v[9])
{
  for (int i = 0; i < 9; i++)
    v[i] = i % 4 == 0;
  for (int sweep = 0; sweep < 12; sweep++)
    for (int p = 0; p < 2; p++)
      for (int q = p + 1; q < 3; q++)
        {
          const double apq = a[3 * q + p], theta = apq == 0 ? 0 : (a[4 * q] - a[4 * p]) / (2 * apq);
          const double t = apq == 0 ? 0 : (theta >= 0 ? 1 : -1) / (fabs (theta) + sqrt (theta * theta + 1));
          const double c = 1 / sqrt (t * t + 1), s = t * c;

          for (int k = 0; k < 3; k++)
            {
              const double x = a[3 * p + k], y = a[3 * q + k], vx = v[3 * p + k], vy = v[3 * q + k];

              a[3 * p + k] = c * x - s * y;
              a[3 * q + k] = s * x + c * y;
              v[3 * p + k] = c * vx - s * vy;
              v[3 * q + k] = s * vx + c * vy;
            }
          for (int k = 0; k < 3; k++)
            {
              const double x = a[3 * k + p], y = a[3 * k + q];

              a[3 * k + p] = c * x - s * y;
              a[3 * k + q] = s * x + c * y;
            }
        }
}

/** Where the eigenvalues on the diagonal stand, the largest first. */
static inline void
order3 (const double a[9], int order[3])
{
  for (int i = 0; i < 3; i++)
    order[i] = i;
  for (int i = 0; i < 2; i++)
    for (int k = i + 1; k < 3; k++)
      if (a[4 * order[k]] > a[4 * order[i]])
        {
          const int t = order[i];

          order[i] = order[k];
          order[k] = t;
        }
}

/** The same for exported C: eigen3, order3 and cross3, once a file. */
static void
eqk_emit_eigen3 (EqkEmitter *e)
{
  if (!eqk_emit_begin (e, "eigen3"))
    return;
  eqk_emit (e, "static void\neigen3 (double *a, double *v)\n{\n  for (int i = 0; i < 9; i++)\n    v[i] = i %% 4 == 0 ? 1.0 : 0.0;\n"
               "  for (int sweep = 0; sweep < 12; sweep++)\n    for (int p = 0; p < 2; p++)\n      for (int q = p + 1; q < 3; q++)\n        {\n"
               "          const double apq = a[3 * q + p];\n\n          if (apq > 0 || apq < 0)\n            {\n"
               "              const double theta = (a[4 * q] - a[4 * p]) / (2 * apq), t = (theta >= 0 ? 1.0 : -1.0) / (fabs (theta) + sqrt (theta * theta + 1));\n"
               "              const double c = 1 / sqrt (t * t + 1), s = t * c;\n\n              for (int k = 0; k < 3; k++)\n                {\n"
               "                  const double x = a[3 * p + k], y = a[3 * q + k], vx = v[3 * p + k], vy = v[3 * q + k];\n\n"
               "                  a[3 * p + k] = c * x - s * y;\n                  a[3 * q + k] = s * x + c * y;\n                  v[3 * p + k] = c * vx - s * vy;\n                  v[3 * q + k] = s * vx + c * vy;\n                }\n"
               "              for (int k = 0; k < 3; k++)\n                {\n                  const double x = a[3 * k + p], y = a[3 * k + q];\n\n"
               "                  a[3 * k + p] = c * x - s * y;\n                  a[3 * k + q] = s * x + c * y;\n                }\n            }\n        }\n}\n\n");
  eqk_emit (e, "static void\norder3 (const double *a, int *order)\n{\n  for (int i = 0; i < 3; i++)\n    order[i] = i;\n"
               "  for (int i = 0; i < 2; i++)\n    for (int k = i + 1; k < 3; k++)\n      if (a[4 * order[k]] > a[4 * order[i]])\n        {\n"
               "          const int t = order[i];\n\n          order[i] = order[k];\n          order[k] = t;\n        }\n}\n\n");
  eqk_emit (e, "static void\ncross3 (const double *a, const double *b, double *y)\n{\n  y[0] = a[1] * b[2] - a[2] * b[1];\n  y[1] = a[2] * b[0] - a[0] * b[2];\n  y[2] = a[0] * b[1] - a[1] * b[0];\n}\n\n");
  eqk_emit_end (e);
}

/* Pictures turned about their middle. */

#include "services/turn.h"

#include <math.h>
#include <string.h>

void
eqs_turn_source (const double inverse[4], int h, int w, int i, int j, double *row, double *column)
{
  const double x = j - (w - 1) / 2.0, y = (h - 1) / 2.0 - i;
  const double sx = inverse[0] * x + inverse[1] * y, sy = inverse[2] * x + inverse[3] * y;

  *row = (h - 1) / 2.0 - sy;
  *column = sx + (w - 1) / 2.0;
  if (fabs (*row - round (*row)) < 1e-9)
    *row = round (*row);
  if (fabs (*column - round (*column)) < 1e-9)
    *column = round (*column);
}

void
eqs_turn_image (const double inverse[4], const float *from, float *to, int h, int w, int c)
{
  for (int i = 0; i < h; i++)
    for (int j = 0; j < w; j++)
      {
        double row, column;
        int    r0, c0;
        float *out = to + (gsize) (i * w + j) * (gsize) c;

        eqs_turn_source (inverse, h, w, i, j, &row, &column);
        r0 = (int) floor (row);
        c0 = (int) floor (column);
        memset (out, 0, (gsize) c * sizeof *out);
        for (int k = 0; k < 4; k++)
          {
            const int   r = r0 + k / 2, q = c0 + k % 2;
            const float weight = (float) ((k / 2 ? row - r0 : 1 - (row - r0)) * (k % 2 ? column - c0 : 1 - (column - c0)));

            if (weight > 0 && r >= 0 && r < h && q >= 0 && q < w)
              for (int u = 0; u < c; u++)
                out[u] += weight * from[(gsize) (r * w + q) * (gsize) c + (gsize) u];
          }
      }
}

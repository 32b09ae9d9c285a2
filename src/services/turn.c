/* Pictures turned about their middle. */

#include "services/turn.h"

#include "eqk/random.h"

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

/* Uniform in [-1, 1). */
static float
draw (EqkRandom *random)
{
  return (float) (2 * eqk_random_uniform (random) - 1);
}

/* What stands at (row, column) of one channel, between pixels; 0 outside. */
static float
sample_channel (const float *from, int h, int w, int c, float row, float column)
{
  const int   r = (int) floorf (row), q = (int) floorf (column);
  const float v = row - (float) r, u = column - (float) q;
  const float top = r >= 0 ? 1 - v : 0, bottom = r + 1 < h ? v : 0, left = q >= 0 ? 1 - u : 0, right = q + 1 < w ? u : 0;
  const float *a, *b;

  if (r < -1 || r >= h || q < -1 || q >= w)
    return 0;
  a = from + (gssize) (MAX (r, 0) * w) * c;
  b = from + (gssize) (MIN (r + 1, h - 1) * w) * c;
  return top * (left * a[MAX (q, 0) * c] + right * a[MIN (q + 1, w - 1) * c]) + bottom * (left * b[MAX (q, 0) * c] + right * b[MIN (q + 1, w - 1) * c]);
}

void
eqs_jitter_image (guint64 seed, guint32 step, guint32 sample, guint32 picture, const float *from, float *to, int h, int w, int c)
{
  EqkRandom   random = eqk_random (seed, EQK_RANDOM_AUGMENT, step, sample, picture);
  const float angle = draw (&random) * (float) G_PI / 18, size = 1 + draw (&random) / 10, down = draw (&random) * (float) h / 14, along = draw (&random) * (float) w / 14;
  const float cosine = cosf (angle) / size, sine = sinf (angle) / size, mid_row = (float) (h - 1) / 2, mid_column = (float) (w - 1) / 2;

  for (int i = 0; i < h; i++)
    for (int j = 0; j < w; j++)
      {
        const float y = (float) i - mid_row - down, x = (float) j - mid_column - along;
        const float row = cosine * y - sine * x + mid_row, column = sine * y + cosine * x + mid_column;

        for (int k = 0; k < c; k++)
          to[(i * w + j) * c + k] = sample_channel (from + k, h, w, c, row, column);
      }
}

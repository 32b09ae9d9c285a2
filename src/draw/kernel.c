/* Blue for positive, orange for negative numbers, by their size. */

#include "draw/kernel.h"

#include "draw/type-style.h"

#include <math.h>

double
eqs_kernel_largest (const double *values, gsize n)
{
  double largest = 1e-30;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabs (values[i]));
  return largest;
}

void
eqs_draw_kernel (cairo_t *cr, const double *values, int d_out, int d_in, int size, double scale, const EqsFieldTheme *theme, double x, double y, double side)
{
  const int    most = MAX (d_out, d_in);
  const double gap = most > 1 ? MIN (3, side / most * 0.12) : 0, map = (side - gap * (most - 1)) / most, pixel = map / size;
  const double left = x + (side - d_in * map - (d_in - 1) * gap) / 2, top = y + (side - d_out * map - (d_out - 1) * gap) / 2;

  cairo_save (cr);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (int o = 0; o < d_out; o++)
    for (int i = 0; i < d_in; i++)
      {
        const double *k = values + (gsize) (o * d_in + i) * (gsize) (size * size);
        const double  at_x = left + i * (map + gap), at_y = top + o * (map + gap);

        eqs_draw_set_colour (cr, theme->paper, 1);
        cairo_rectangle (cr, at_x, at_y, map, map);
        cairo_fill (cr);
        for (int r = 0; r < size; r++)
          for (int c = 0; c < size; c++)
            {
              const double v = CLAMP (k[r * size + c] / scale, -1, 1);

              if (fabs (v) < 0.02)
                continue;
              eqs_draw_set_colour (cr, v > 0 ? 0x0072b2 : theme->negative, fabs (v));
              cairo_rectangle (cr, at_x + c * pixel, at_y + r * pixel, pixel, pixel);
              cairo_fill (cr);
            }
        eqs_draw_set_colour (cr, theme->line, 1);
        cairo_set_line_width (cr, 1);
        cairo_rectangle (cr, at_x + 0.5, at_y + 0.5, map - 1, map - 1);
        cairo_stroke (cr);
      }
  cairo_restore (cr);
}

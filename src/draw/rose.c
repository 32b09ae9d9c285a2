/* Areas, not radii, are as the counts: what is twice as much looks twice as much. */

#include "draw/rose.h"

#include <math.h>

#define BLUE 0x0072B2

static void
set_colour (cairo_t *cr, guint32 colour, double alpha)
{
  cairo_set_source_rgba (cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0, alpha);
}

static void
write_at (cairo_t *cr, const char *text, double x, double y, const EqsPlotTheme *theme)
{
  cairo_text_extents_t extents;

  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, 11);
  cairo_text_extents (cr, text, &extents);
  set_colour (cr, theme->dim, 1);
  cairo_move_to (cr, x - extents.width / 2 - extents.x_bearing, y - extents.height / 2 - extents.y_bearing);
  cairo_show_text (cr, text);
}

static guint
sum_of (const guint *counts, guint n, guint *most)
{
  guint sum = 0;

  *most = 1;
  for (guint i = 0; i < n; i++)
    {
      sum += counts[i];
      *most = MAX (*most, counts[i]);
    }
  return sum;
}

static void
circle (cairo_t *cr, double x, double y, double r)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, r, 0, 2 * G_PI);
}

/* Between two radii and two angles, these counter-clockwise. */
static void
sector (cairo_t *cr, double x, double y, double inner, double outer, double from, double to)
{
  cairo_new_sub_path (cr);
  cairo_arc_negative (cr, x, y, outer, -from, -to);
  cairo_arc (cr, x, y, inner, -to, -from);
  cairo_close_path (cr);
}

void
eqs_rose_draw (cairo_t *cr, const guint *counts, guint n, gboolean half, double width, double height, const EqsPlotTheme *theme)
{
  const double x = width / 2, y = height / 2, rim = MIN (width, height) / 2 - 26, step = (half ? 1 : 2) * G_PI / n;
  guint        most;
  const guint  sum = sum_of (counts, n, &most);

  if (rim < 20)
    return;
  cairo_save (cr);
  cairo_set_line_width (cr, 1);
  set_colour (cr, theme->grid, 1);
  circle (cr, x, y, rim);
  cairo_stroke (cr);
  set_colour (cr, BLUE, 0.85);
  for (guint i = 0; i < n; i++)
    for (guint end = 0; end < (half ? 2 : 1); end++)
      sector (cr, x, y, 0, rim * sqrt ((double) counts[i] / most), i * step + end * G_PI, (i + 1) * step + end * G_PI);
  cairo_fill (cr);
  set_colour (cr, theme->text, 1);
  cairo_set_dash (cr, (const double[]) { 4, 4 }, 2, 0);
  circle (cr, x, y, rim * sqrt ((double) sum / n / most));
  cairo_stroke (cr);
  cairo_restore (cr);
  write_at (cr, "0°", x + rim + 13, y, theme);
  write_at (cr, "90°", x, y - rim - 12, theme);
  write_at (cr, "180°", x - rim - 14, y, theme);
  write_at (cr, "270°", x, y + rim + 12, theme);
}

void
eqs_disc_draw (cairo_t *cr, const guint *counts, guint rings, guint sectors, double width, double height, const EqsPlotTheme *theme)
{
  const double x = width / 2, y = height / 2, rim = MIN (width, height) / 2 - 26;
  guint        most;

  if (rim < 20)
    return;
  sum_of (counts, rings * sectors, &most);
  cairo_save (cr);
  cairo_set_line_width (cr, 1);
  for (guint r = 0; r < rings; r++)
    for (guint s = 0; s < sectors; s++)
      {
        sector (cr, x, y, rim * sqrt ((double) r / rings), rim * sqrt ((r + 1.0) / rings), s * 2 * G_PI / sectors, (s + 1) * 2 * G_PI / sectors);
        set_colour (cr, BLUE, 0.9 * counts[r * sectors + s] / most);
        cairo_fill_preserve (cr);
        set_colour (cr, theme->grid, 1);
        cairo_stroke (cr);
      }
  cairo_restore (cr);
  write_at (cr, "x", x + rim + 12, y, theme);
  write_at (cr, "y", x, y - rim - 12, theme);
  write_at (cr, "−x", x - rim - 13, y, theme);
  write_at (cr, "−y", x, y + rim + 12, theme);
  write_at (cr, "z", x, y, theme);
}

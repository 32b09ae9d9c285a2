/* Cayley graphs and tables by Cairo. Elements of C_n and D_n have the index f n + r (group.h). */

#include "draw/cayley.h"

#include "draw/type-style.h"

#include <math.h>
#include <string.h>

static void
place_of (const EqkGroup *group, int element, double size, double *x, double *y)
{
  const int    n = MAX (eqk_group_get_n (group), 1), order = eqk_group_get_order (group);
  const int    r = element % n, f = element / n;
  const double ring = size * (order == 1 ? 0 : f == 0 ? 0.42 : 0.24), angle = 2 * G_PI * r / n;

  *x = size / 2 + ring * cos (angle);
  *y = size / 2 - ring * sin (angle);
}

static double
dot_radius (const EqkGroup *group, double size)
{
  return MIN (14, size * 0.5 / MAX (6, eqk_group_get_n (group)));
}

int
eqs_cayley_pick (const EqkGroup *group, double x, double y, double size)
{
  int    best = -1;
  double nearest = dot_radius (group, size) + 4;

  for (int i = 0; i < eqk_group_get_order (group); i++)
    {
      double ex, ey;

      place_of (group, i, size, &ex, &ey);
      if (hypot (x - ex, y - ey) < nearest)
        {
          nearest = hypot (x - ex, y - ey);
          best = i;
        }
    }
  return best;
}

guint32
eqs_cayley_colour (const EqkGroup *group, int element)
{
  const int    n = MAX (eqk_group_get_n (group), 1);
  const double hue = 6.0 * (element % n) / n, value = element / n == 0 ? 0.92 : 0.62, chroma = 0.55 * value;
  const double second = chroma * (1 - fabs (fmod (hue, 2) - 1)), low = value - chroma;
  const double rgb[6][3] = { { chroma, second, 0 }, { second, chroma, 0 }, { 0, chroma, second }, { 0, second, chroma }, { second, 0, chroma }, { chroma, 0, second } };
  const double *c = rgb[(int) hue % 6];

  return (guint32) (255 * (c[0] + low)) << 16 | (guint32) (255 * (c[1] + low)) << 8 | (guint32) (255 * (c[2] + low));
}

/* From one element to another, ending at the rims of their dots. */
static void
draw_edge (cairo_t *cr, double x0, double y0, double x1, double y1, double radius, gboolean directed)
{
  const double length = hypot (x1 - x0, y1 - y0), ux = (x1 - x0) / length, uy = (y1 - y0) / length, a = atan2 (uy, ux);

  if (length <= 2 * radius)
    return;
  x0 += radius * ux;
  y0 += radius * uy;
  x1 -= (radius + 1) * ux;
  y1 -= (radius + 1) * uy;
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  cairo_stroke (cr);
  if (!directed)
    return;
  cairo_move_to (cr, x1, y1);
  cairo_line_to (cr, x1 - 7 * cos (a - 0.4), y1 - 7 * sin (a - 0.4));
  cairo_line_to (cr, x1 - 7 * cos (a + 0.4), y1 - 7 * sin (a + 0.4));
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_label (cairo_t *cr, const char *text, double x, double y)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  cairo_move_to (cr, x - extents.width / 2 - extents.x_bearing, y - extents.height / 2 - extents.y_bearing);
  cairo_show_text (cr, text);
}

/* "e", "r", "r2", "s", "r3s": short enough for a dot. */
static void
symbol_of (const EqkGroup *group, int element, char text[16])
{
  const int n = MAX (eqk_group_get_n (group), 1), r = element % n, f = element / n;

  if (r == 0)
    g_strlcpy (text, f == 0 ? "e" : "s", 16);
  else if (r == 1)
    g_strlcpy (text, f == 0 ? "r" : "rs", 16);
  else
    g_snprintf (text, 16, f == 0 ? "r%d" : "r%ds", r);
}

void
eqs_draw_cayley (cairo_t *cr, const EqkGroup *group, int marked, const EqsCayleyColours *colours, double x, double y, double size)
{
  const int    order = eqk_group_get_order (group);
  const double radius = dot_radius (group, size);
  EqkElement   generators[4];
  const int    n_generators = order > 0 ? eqk_group_generators (group, generators) : 0;

  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_set_line_width (cr, 1.5);
  for (int k = 0; k < n_generators; k++)
    {
      const EqkElement inverse = eqk_group_inverse (group, &generators[k]);
      const gboolean   directed = !eqk_group_equal (group, &inverse, &generators[k]);

      eqs_draw_set_colour (cr, k == 0 ? colours->ink : colours->dim, 0.7);
      cairo_set_dash (cr, (double[]) { 4, 3 }, k == 0 ? 0 : 2, 0);
      for (int i = 0; i < order; i++)
        {
          const EqkElement g = eqk_group_element (group, i), to = eqk_group_compose (group, &g, &generators[k]);
          const int        j = eqk_group_index_of (group, &to);
          double           x0, y0, x1, y1;

          if (j == i || (!directed && j < i))
            continue;
          place_of (group, i, size, &x0, &y0);
          place_of (group, j, size, &x1, &y1);
          draw_edge (cr, x0, y0, x1, y1, radius, directed);
        }
    }
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, CLAMP (radius * 0.9, 7, 12));
  for (int i = 0; i < order; i++)
    {
      char   text[16];
      double cx, cy;

      place_of (group, i, size, &cx, &cy);
      cairo_new_path (cr);
      cairo_arc (cr, cx, cy, radius, 0, 2 * G_PI);
      eqs_draw_set_colour (cr, eqs_cayley_colour (group, i), 1);
      cairo_fill_preserve (cr);
      eqs_draw_set_colour (cr, i == marked ? colours->marked : colours->ink, 1);
      cairo_set_line_width (cr, i == marked ? 3 : 1);
      cairo_stroke (cr);
      symbol_of (group, i, text);
      eqs_draw_set_colour (cr, 0x1e1e1e, 1);
      draw_label (cr, text, cx, cy);
    }
  cairo_restore (cr);
}

void
eqs_draw_cayley_table (cairo_t *cr, const EqkGroup *group, int marked, const EqsCayleyColours *colours, double x, double y, double size)
{
  const int    order = eqk_group_get_order (group);
  const int   *table = order > 0 ? eqk_group_table (group) : NULL;
  const double cell = order > 0 ? size / (order + 1) : 0;

  if (table == NULL)
    return;
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, CLAMP (cell * 0.42, 5, 12));
  for (int i = -1; i < order; i++)
    for (int j = -1; j < order; j++)
      {
        const int element = i < 0 && j < 0 ? -1 : i < 0 ? j : j < 0 ? i : table[i * order + j];
        char      text[16];

        if (element < 0)
          continue;
        cairo_rectangle (cr, (j + 1) * cell + 0.5, (i + 1) * cell + 0.5, cell - 1, cell - 1);
        eqs_draw_set_colour (cr, eqs_cayley_colour (group, element), i < 0 || j < 0 ? 0.45 : 1);
        cairo_fill (cr);
        symbol_of (group, element, text);
        eqs_draw_set_colour (cr, i < 0 || j < 0 ? colours->ink : 0x1e1e1e, 1);
        if (cell >= 12)
          draw_label (cr, text, (j + 1.5) * cell, (i + 1.5) * cell);
      }
  if (marked >= 0 && marked < order)
    {
      eqs_draw_set_colour (cr, colours->marked, 1);
      cairo_set_line_width (cr, 2);
      cairo_rectangle (cr, 1, (marked + 1) * cell, size - 2, cell);
      cairo_stroke (cr);
      cairo_rectangle (cr, (marked + 1) * cell, 1, cell, size - 2);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

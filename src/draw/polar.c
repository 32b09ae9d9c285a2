/* Error against angle on a log radius, and the matrix of a representation. */

#include "draw/fields.h"
#include "draw/number-text.h"
#include "draw/type-style.h"

#include <math.h>
#include <stdio.h>

#define LEAST -8.0       /* decade at the centre; the rim is 1 */

static void
set_font (cairo_t *cr, double size, gboolean bold)
{
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, size);
}

static void
text_at (cairo_t *cr, const char *text, double x, double y)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  cairo_move_to (cr, x - extents.width / 2 - extents.x_bearing, y - extents.height / 2 - extents.y_bearing);
  cairo_show_text (cr, text);
}

static double
radius_of (double error, double rim)
{
  const double decade = error > 0 ? log10 (error) : LEAST;

  return rim * CLAMP (1 - decade / LEAST, 0.02, 1.06);
}

static void
trace (cairo_t *cr, const double *error, guint n, double cx, double cy, double rim)
{
  gboolean open = FALSE;

  for (guint i = 0; i <= n; i++)
    {
      const double value = error[i % n], angle = i * 2 * G_PI / n, r = radius_of (value, rim);

      if (isnan (value))
        {
          open = FALSE;
          continue;
        }
      if (open)
        cairo_line_to (cr, cx + r * cos (angle), cy - r * sin (angle));
      else
        cairo_move_to (cr, cx + r * cos (angle), cy - r * sin (angle));
      open = TRUE;
    }
}

static void
draw_rings (cairo_t *cr, double cx, double cy, double rim, const EqsFieldTheme *theme)
{
  static const char *const labels[] = { "0°", "90°", "180°", "270°" };

  cairo_set_line_width (cr, 1);
  for (int decade = -6; decade <= 0; decade += 2)
    {
      eqs_draw_set_colour (cr, theme->line, 1);
      cairo_arc (cr, cx, cy, radius_of (pow (10, decade), rim), 0, 2 * G_PI);
      cairo_stroke (cr);
    }
  eqs_draw_set_colour (cr, theme->dim, 1);
  set_font (cr, 11, FALSE);
  for (int q = 0; q < 4; q++)
    text_at (cr, labels[q], cx + (rim + 16) * cos (q * G_PI / 2), cy - (rim + 12) * sin (q * G_PI / 2));
}

/* After the curves, so that they can be read: on a small ground of paper. */
static void
label_rings (cairo_t *cr, double cx, double cy, double rim, const EqsFieldTheme *theme)
{
  set_font (cr, 10, FALSE);
  for (int decade = rim < 70 ? -4 : -6; decade <= 0; decade += rim < 70 ? 4 : 2)      /* no label lies on another */
    {
      const double r = radius_of (pow (10, decade), rim), x = cx + r * cos (G_PI / 4), y = cy - r * sin (G_PI / 4);
      g_autofree char *label = eqs_number_dup_text (pow (10, decade), 1);

      eqs_draw_set_colour (cr, theme->paper, 0.75);
      cairo_rectangle (cr, x - 11, y - 7, 22, 14);
      cairo_fill (cr);
      eqs_draw_set_colour (cr, theme->dim, 1);
      text_at (cr, label, x, y);
    }
}

void
eqs_draw_polar (cairo_t *cr, const EqsPolar *polar, const EqsFieldTheme *theme, double x, double y, double size)
{
  const double cx = x + size / 2, cy = y + size / 2, rim = size / 2 - 30;
  const double dashes[] = { 4, 3 };

  cairo_new_path (cr);
  draw_rings (cr, cx, cy, rim, theme);
  if (polar->other != NULL)
    {
      eqs_draw_set_colour (cr, 0x8a8a8a, 1);
      cairo_set_dash (cr, dashes, 2, 0);
      cairo_set_line_width (cr, 1.5);
      trace (cr, polar->other, polar->n, cx, cy, rim);
      cairo_stroke (cr);
    }
  if (!isnan (polar->limit))
    {
      eqs_draw_set_colour (cr, theme->negative, 1);
      cairo_set_dash (cr, dashes, 2, 0);
      cairo_set_line_width (cr, 1);
      cairo_new_path (cr);
      cairo_arc (cr, cx, cy, radius_of (polar->limit, rim), 0, 2 * G_PI);
      cairo_stroke (cr);
    }
  cairo_set_dash (cr, NULL, 0, 0);
  trace (cr, polar->error, polar->n, cx, cy, rim);
  eqs_draw_set_colour (cr, 0x0072b2, 0.12);
  cairo_fill_preserve (cr);
  eqs_draw_set_colour (cr, 0x0072b2, 1);
  cairo_set_line_width (cr, 1.8);
  cairo_stroke (cr);
  label_rings (cr, cx, cy, rim, theme);
  eqs_draw_set_colour (cr, 0x3584e4, 1);
  cairo_set_line_width (cr, 1.5);
  cairo_move_to (cr, cx, cy);
  cairo_line_to (cr, cx + rim * cos (polar->angle_rad), cy - rim * sin (polar->angle_rad));
  cairo_stroke (cr);
  for (guint i = 0; i < polar->n; i++)
    if (polar->on_grid[i] && !isnan (polar->error[i]))
      {
        const double angle = i * 2 * G_PI / polar->n, r = radius_of (polar->error[i], rim);

        eqs_draw_set_colour (cr, theme->paper, 1);
        cairo_arc (cr, cx + r * cos (angle), cy - r * sin (angle), 5, 0, 2 * G_PI);
        cairo_fill (cr);
        eqs_draw_set_colour (cr, polar->error[i] <= polar->exact_limit ? 0x009e73 : 0xc01c28, 1);
        cairo_arc (cr, cx + r * cos (angle), cy - r * sin (angle), 4, 0, 2 * G_PI);
        cairo_fill (cr);
      }
}

void
eqs_draw_matrix (cairo_t *cr, const double *m, int n, const EqsFieldTheme *theme, double x, double y, double size)
{
  const double cell = size / n;

  set_font (cr, fmin (11, cell * 0.4), FALSE);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      {
        const double value = m[i * n + j], strength = fmin (1, fabs (value));
        char         text[16];

        eqs_draw_set_colour (cr, theme->paper, 1);
        cairo_rectangle (cr, x + j * cell, y + i * cell, cell, cell);
        cairo_fill_preserve (cr);
        eqs_draw_set_colour (cr, value >= 0 ? 0x0072b2 : theme->negative, 0.78 * strength);
        cairo_fill_preserve (cr);
        eqs_draw_set_colour (cr, theme->line, 1);
        cairo_set_line_width (cr, 1);
        cairo_stroke (cr);
        if (n > 8)
          continue;
        if (fabs (value - round (value)) < 1e-6)
          snprintf (text, sizeof text, "%d", (int) lround (value));
        else
          snprintf (text, sizeof text, "%.2f", value);
        eqs_draw_set_colour (cr, strength > 0.6 ? 0xffffff : theme->dim, 1);
        text_at (cr, text, x + (j + 0.5) * cell, y + (i + 0.5) * cell);
      }
}

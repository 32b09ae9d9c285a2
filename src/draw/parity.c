/* Many dots lie on each other: they are small and let through what is below. */

#include "draw/parity.h"
#include "draw/plot.h"
#include "draw/type-style.h"

#include <math.h>

#define LEFT 62
#define BELOW 40

void
eqs_parity_range (const double *truth, const double *told, gsize n, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (gsize i = 0; i < n; i++)
    {
      *low = MIN (*low, MIN (truth[i], told[i]));
      *high = MAX (*high, MAX (truth[i], told[i]));
    }
  if (!(*high > *low))
    {
      const double at = isfinite (*low) ? *low : 0;

      *low = at - 0.5;
      *high = at + 0.5;
    }
  else
    {
      const double room = 0.04 * (*high - *low);

      *low -= room;
      *high += room;
    }
}

static void
write_at (cairo_t *cr, const char *text, double x, double y, double align)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  cairo_move_to (cr, x - align * extents.x_advance, y);
  cairo_show_text (cr, text);
}

/* Differences between ticks decide how many digits are needed: energies differ far behind the point. */
static void
tick_text (double value, double step, char *text, gsize size)
{
  g_snprintf (text, size, "%.*f", (int) CLAMP (ceil (-log10 (MAX (step, 1e-12)) - 1e-9), 0, 6), value);
}

void
eqs_draw_parity (cairo_t *cr, const double *truth, const double *told, gsize n, const char *across, const char *up, guint32 colour, const EqsFieldTheme *theme,
                 double x, double y, double size)
{
  const double left = x + LEFT, side = size - LEFT - 8, top = y + 6, bottom = top + side;
  double       low, high, ticks[12];
  guint        n_ticks;
  char         text[32];

  if (side < 40)
    return;
  eqs_parity_range (truth, told, n, &low, &high);
  n_ticks = eqs_plot_ticks (low, high, FALSE, ticks, side < 160 ? 4 : 6);
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, 11);
  cairo_set_line_width (cr, 1);
  for (guint i = 0; i < n_ticks; i++)
    {
      const double at = (ticks[i] - low) / (high - low);

      if (at < 0 || at > 1)
        continue;
      eqs_draw_set_colour (cr, theme->line, 0.6);
      cairo_move_to (cr, left + at * side, top);
      cairo_line_to (cr, left + at * side, bottom);
      cairo_move_to (cr, left, bottom - at * side);
      cairo_line_to (cr, left + side, bottom - at * side);
      cairo_stroke (cr);
      eqs_draw_set_colour (cr, theme->dim, 1);
      tick_text (ticks[i], n_ticks > 1 ? fabs (ticks[1] - ticks[0]) : 1, text, sizeof text);
      write_at (cr, text, left - 5, bottom - at * side + 4, 1);
      write_at (cr, text, left + at * side, bottom + 15, 0.5);
    }
  eqs_draw_set_colour (cr, theme->ink, 0.55);
  cairo_move_to (cr, left, bottom);
  cairo_line_to (cr, left + side, top);
  cairo_stroke (cr);
  eqs_draw_set_colour (cr, colour, n > 2000 ? 0.25 : 0.55);
  for (gsize i = 0; i < n; i++)
    {
      cairo_new_sub_path (cr);
      cairo_arc (cr, left + (truth[i] - low) / (high - low) * side, bottom - (told[i] - low) / (high - low) * side, n > 2000 ? 1.4 : 2.2, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  eqs_draw_set_colour (cr, theme->line, 1);
  cairo_rectangle (cr, floor (left) + 0.5, floor (top) + 0.5, floor (side), floor (side));
  cairo_stroke (cr);
  eqs_draw_set_colour (cr, theme->dim, 1);
  write_at (cr, across, left + side / 2, bottom + 32, 0.5);
  cairo_save (cr);
  cairo_translate (cr, x + 10, top + side / 2);
  cairo_rotate (cr, -G_PI / 2);
  write_at (cr, up, 0, 0, 0.5);
  cairo_restore (cr);
}

/* Dots in a frame: one column an element, decades upwards. Names stand below where they have room. */

#include "draw/elements.h"

#include "draw/number-text.h"
#include "draw/type-style.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LEFT   46.0
#define RIGHT  14.0
#define TOP    32.0
#define BOTTOM 40.0

static double
width_of (cairo_t *cr, const char *text)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  return extents.x_advance;
}

/* @param align 0 left, 1 right, 0.5 middle */
static void
words (cairo_t *cr, const char *text, double x, double y, double align)
{
  cairo_move_to (cr, x - align * width_of (cr, text), y);
  cairo_show_text (cr, text);
}

static void
set_font (cairo_t *cr, double size, gboolean bold)
{
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, size);
}

/* Decades from below the least error to above the largest, the limit among them. */
static void
find_decades (const EqsElementError *elements, guint n, double limit, double *low, double *high)
{
  *low = isfinite (limit) ? log10 (limit) : 0;
  *high = *low + 1;
  for (guint i = 0; i < n; i++)
    for (int k = 0; k < 2; k++)
      {
        const double value = k == 0 ? elements[i].error : elements[i].control;

        if (!isfinite (value) || value <= 0)
          continue;
        *low = MIN (*low, log10 (value));
        *high = MAX (*high, log10 (value));
      }
  *low = floor (*low) - 1;      /* the foot is where 0 stands */
  *high = ceil (*high);
}

typedef struct { double low, high, top, height; } Axis;

static double
at_y (const Axis *axis, double error)
{
  const double decade = error > 0 ? log10 (error) : axis->low;

  return axis->top + axis->height * (1 - CLAMP ((decade - axis->low) / (axis->high - axis->low), 0, 1));
}

static void
draw_axis (cairo_t *cr, const Axis *axis, double right, double limit, const EqsPlotTheme *theme)
{
  static const double dots[] = { 3, 3 };
  const int step = MAX (1, (int) ((axis->high - axis->low) / 5));

  set_font (cr, 11, FALSE);
  cairo_set_line_width (cr, 1);
  for (int decade = (int) axis->low; decade <= (int) axis->high; decade += step)
    {
      const double     y = round (at_y (axis, pow (10, decade))) + 0.5;
      g_autofree char *text = decade == (int) axis->low ? g_strdup ("0") : eqs_number_dup_text (pow (10, decade), 1);

      eqs_draw_set_colour (cr, theme->grid, 1);
      cairo_move_to (cr, LEFT, y);
      cairo_line_to (cr, right, y);
      cairo_stroke (cr);
      eqs_draw_set_colour (cr, theme->dim, 1);
      words (cr, text, LEFT - 6, y + 3.5, 1);
    }
  if (!isfinite (limit))
    return;
  eqs_draw_set_colour (cr, theme->bad, 0.10);
  cairo_rectangle (cr, LEFT, axis->top, right - LEFT, at_y (axis, limit) - axis->top);
  cairo_fill (cr);
  eqs_draw_set_colour (cr, theme->bad, 1);
  cairo_set_dash (cr, dots, 2, 0);
  cairo_move_to (cr, LEFT, at_y (axis, limit));
  cairo_line_to (cr, right, at_y (axis, limit));
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

void
eqs_draw_elements (cairo_t *cr, const char *title, const EqsElementError *elements, guint n, double limit, double width, double height, const EqsPlotTheme *theme)
{
  const double right = width - RIGHT, pitch = n == 0 ? 0 : (right - LEFT) / n, dot = CLAMP (pitch * 0.2, 1.5, 5);
  Axis         axis = { 0, 1, TOP, height - TOP - BOTTOM };
  double       free_from = -INFINITY;

  if (n == 0 || right - LEFT < 40 || axis.height < 30)
    return;
  cairo_save (cr);
  cairo_new_path (cr);
  set_font (cr, 13, TRUE);
  eqs_draw_set_colour (cr, theme->text, 1);
  words (cr, title, 10, 18, 0);
  find_decades (elements, n, limit, &axis.low, &axis.high);
  draw_axis (cr, &axis, right, limit, theme);
  for (guint i = 0; i < n; i++)
    {
      const double x = LEFT + (i + 0.5) * pitch;
      const double half = 0.5 * width_of (cr, elements[i].name);

      if (x - half > free_from && half < 40)
        {
          eqs_draw_set_colour (cr, theme->dim, 1);
          words (cr, elements[i].name, x, TOP + axis.height + 15, 0.5);
          free_from = x + half + 6;
        }
      if (isfinite (elements[i].control))
        {
          eqs_draw_set_colour (cr, theme->dim, 1);
          cairo_set_line_width (cr, 1.5);
          cairo_new_sub_path (cr);
          cairo_arc (cr, x, at_y (&axis, elements[i].control), dot, 0, 2 * G_PI);
          cairo_stroke (cr);
        }
      if (!isfinite (elements[i].error))
        continue;
      eqs_draw_set_colour (cr, isfinite (limit) && elements[i].error > limit && elements[i].promised ? theme->bad : 0x1b9e77, 1);
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, at_y (&axis, elements[i].error), dot, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  eqs_draw_set_colour (cr, theme->dim, 1);
  words (cr, _("● the design   ○ without the symmetry"), LEFT, height - 8, 0);
  cairo_restore (cr);
}

/* Plots without a display: nice ticks, ink where a line is and none where values are missing. */

#include "draw/number-text.h"
#include "draw/plot.h"

#include <math.h>

static void
test_ticks (void)
{
  double ticks[12];
  guint  n = eqs_plot_ticks (0, 1, FALSE, ticks, G_N_ELEMENTS (ticks));

  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpfloat_with_epsilon (ticks[1] - ticks[0], ticks[2] - ticks[1], 1e-12);
  n = eqs_plot_ticks (1e-8, 1, TRUE, ticks, G_N_ELEMENTS (ticks));
  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpfloat_with_epsilon (log10 (ticks[1]), round (log10 (ticks[1])), 1e-9);
  g_assert_cmpuint (eqs_plot_ticks (1, 1, FALSE, ticks, G_N_ELEMENTS (ticks)), ==, 0);
}

/* Never "1.1e-07": powers of ten are raised, and only used where plain digits would be long. */
static void
test_numbers (void)
{
  static const struct { double value; int digits; const char *text; } numbers[] = {
    { 0, 2, "0" }, { 1.1e-7, 2, "1.1·10⁻⁷" }, { 1e-4, 1, "10⁻⁴" }, { 9.96e-5, 2, "10⁻⁴" }, { 2e-3, 2, "0.002" }, { 0.5, 1, "0.5" }, { 15, 1, "15" },
    { 9999, 2, "9999" }, { 123456, 2, "1.2·10⁵" }, { 12345, 5, "12345" }, { -97208.125, 8, "-97208.125" }, { 1234567, 6, "1.23457·10⁶" }, { -3e-12, 1, "-3·10⁻¹²" }, { NAN, 2, "–" }, { INFINITY, 2, "∞" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = eqs_number_dup_text (numbers[i].value, numbers[i].digits);

      g_assert_cmpstr (text, ==, numbers[i].text);
    }
}

/* Pixels of a colour. */
static guint
count_ink (const double *y, guint n, gboolean log_y, double limit)
{
  const double     x[] = { 1, 2, 3, 4, 5 };
  EqsPlotLine      line = { "line", x, y, n, 0xff0000, FALSE, NULL, NULL };
  EqsPlot          plot = { "Title", NULL, &line, 1, log_y, 0, 0, limit, "limit", NULL, NAN };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 320, 240);
  cairo_t         *cr = cairo_create (surface);
  guint            ink = 0;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  eqs_plot_draw (cr, &plot, 320, 240, &eqs_plot_paper);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  for (int row = 40; row < 210; row++)
    for (int column = 60; column < 300; column++)
      {
        const guint32 pixel = ((const guint32 *) (cairo_image_surface_get_data (surface) + row * cairo_image_surface_get_stride (surface)))[column] & 0xffffff;

        ink += (pixel >> 16) > 225 && (pixel >> 8 & 255) < 80 && (pixel & 255) < 80;
      }
  cairo_surface_destroy (surface);
  return ink;
}

static void
test_ink (void)
{
  const double full[] = { 1, 3, 2, 5, 4 }, gap[] = { 1, NAN, NAN, NAN, 4 }, none[] = { NAN, NAN, NAN, NAN, NAN };

  g_assert_cmpuint (count_ink (full, 5, FALSE, NAN), >, 300);
  g_assert_cmpuint (count_ink (gap, 5, FALSE, NAN), <, count_ink (full, 5, FALSE, NAN) / 2);
  g_assert_cmpuint (count_ink (none, 5, FALSE, NAN), ==, 0);
  g_assert_cmpuint (count_ink (none, 0, TRUE, 1e-4), ==, 0);
  g_assert_cmpuint (count_ink (full, 5, TRUE, NAN), >, 200);
}

static double
linear (guint32 channel)
{
  return pow ((channel / 255.0 + 0.055) / 1.055, 2.4);
}

/* On a dark ground a dark line stands out by 4.5 at least, as WCAG 2.1 asks of text. */
static void
test_dark (void)
{
  static const EqsPlotTheme theme = { 0xeeeeec, 0x404040, 0x303030, 0x1e1e1e, 0xff8a78 };
  const double     x[] = { 1, 2, 3 }, y[] = { 1, 3, 2 }, ground = linear (0x1e);
  EqsPlotLine      line = { "line", x, y, 3, 0x0072b2, FALSE, NULL, NULL };
  EqsPlot          plot = { "", NULL, &line, 1, FALSE, 0, 0, NAN, NULL, NULL, NAN };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 320, 240);
  cairo_t         *cr = cairo_create (surface);
  guint            n = 0;

  eqs_plot_draw (cr, &plot, 320, 240, &theme);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  for (int row = 40; row < 210; row++)
    for (int column = 60; column < 300; column++)
      {
        const guint32 pixel = ((const guint32 *) (cairo_image_surface_get_data (surface) + row * cairo_image_surface_get_stride (surface)))[column];
        const double  light = 0.2126 * linear (pixel >> 16 & 255) + 0.7152 * linear (pixel >> 8 & 255) + 0.0722 * linear (pixel & 255);

        n += (light + 0.05) / (ground + 0.05) >= 4.5;
      }
  cairo_surface_destroy (surface);
  g_assert_cmpuint (n, >, 200);
}

static void
test_x_at (void)
{
  const double x[] = { 1, 11 }, y[] = { 0, 1 };
  EqsPlotLine  line = { NULL, x, y, 2, 0, FALSE, NULL, NULL };
  EqsPlot      plot = { "", NULL, &line, 1, FALSE, 0, 0, NAN, NULL, NULL, NAN };

  g_assert_cmpfloat (eqs_plot_x_at (&plot, 400, -100), ==, 1);
  g_assert_cmpfloat (eqs_plot_x_at (&plot, 400, 1000), ==, 11);
  g_assert_cmpfloat (eqs_plot_x_at (&plot, 400, 220), <, eqs_plot_x_at (&plot, 400, 240));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw/number-text", test_numbers);
  g_test_add_func ("/draw/plot/dark", test_dark);
  g_test_add_func ("/plot/ticks", test_ticks);
  g_test_add_func ("/plot/ink", test_ink);
  g_test_add_func ("/plot/x-at", test_x_at);
  return g_test_run ();
}

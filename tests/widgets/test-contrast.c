/*
 * Text of the studio's own colours on the grounds it stands on, by the ratio of WCAG 2.1: 4.5 at least, and 7 where the system asks for high contrast.
 * The manner (light or dark, high contrast or not) comes from libadwaita's environment variables, and stands in the name of the test in meson.build.
 */

#include "widgets/theme.h"
#include "wait-for.h"

#include <adwaita.h>
#include <math.h>

static double
linear (double channel)
{
  return channel <= 0.03928 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
luminance (const GdkRGBA *colour)
{
  return 0.2126 * linear (colour->red) + 0.7152 * linear (colour->green) + 0.0722 * linear (colour->blue);
}

/* @param text may be transparent */
static double
ratio (const GdkRGBA *text, const GdkRGBA *ground)
{
  const GdkRGBA seen = { text->red * text->alpha + ground->red * (1 - text->alpha), text->green * text->alpha + ground->green * (1 - text->alpha),
                         text->blue * text->alpha + ground->blue * (1 - text->alpha), 1 };
  const double  a = luminance (&seen), b = luminance (ground);

  return (MAX (a, b) + 0.05) / (MIN (a, b) + 0.05);
}

static void
test_text (void)
{
  static const char *const texts[] = { "window_fg_color", "eq_dim", "eq_good_text", "eq_warn_text", "eq_bad_text" };
  static const char *const grounds[] = { "eq_note", "window_bg_color", "view_bg_color", "eq_canvas", "eq_node" };
  const gboolean high = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  GtkWidget     *window = gtk_window_new ();

  g_assert_true (high == (g_strcmp0 (g_getenv ("ADW_DEBUG_HIGH_CONTRAST"), "1") == 0));
  g_assert_true (eqs_theme_is_dark () == (g_strcmp0 (g_getenv ("ADW_DEBUG_COLOR_SCHEME"), "prefer-dark") == 0));
  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint k = i == 0 ? 0 : 1; k < G_N_ELEMENTS (grounds); k++)      /* notes are written in the text colour alone */
      {
        const GdkRGBA text = eqs_theme_colour (window, texts[i]), ground = eqs_theme_colour (window, grounds[k]);
        const double  found = ratio (&text, &ground), least = high && i < 2 ? 7 : 4.5;

        if (found < least)
          g_printerr ("# %s on %s: %.2f, %.1f is needed\n", texts[i], grounds[k], found, least);
        g_assert_cmpfloat (found, >=, least);
      }
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  adw_init ();
  eqs_theme_load ();
  g_test_add_func ("/contrast/text", test_text);
  return g_test_run ();
}

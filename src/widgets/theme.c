/* One style sheet with small ones before it, that name our colours for light and for dark, and stronger ones; which of them follows libadwaita. */

#include "widgets/theme.h"

#include <adwaita.h>
#include <math.h>

static GtkCssProvider *tokens, *contrast;

GdkRGBA
eqs_theme_colour (GtkWidget *widget, const char *name)
{
  GdkRGBA colour = { 0, 0, 0, 1 };

  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour);
  G_GNUC_END_IGNORE_DEPRECATIONS
  return colour;
}

void
eqs_theme_set_source (GtkWidget *widget, cairo_t *cr, const char *name, double alpha)
{
  const GdkRGBA colour = eqs_theme_colour (widget, name);

  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, colour.alpha * alpha);
}

gboolean
eqs_theme_is_dark (void)
{
  return adw_style_manager_get_dark (adw_style_manager_get_default ());
}

gboolean
eqs_theme_animates (GtkWidget *widget)
{
  gboolean on = TRUE;

  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations", &on, NULL);
  return on;
}

double
eqs_theme_text_scale (GtkWidget *widget)
{
  int dpi = -1;

  g_object_get (gtk_widget_get_settings (widget), "gtk-xft-dpi", &dpi, NULL);
  return dpi <= 0 ? 1 : dpi / (96.0 * 1024);
}

static void
dark_cb (void)
{
  gtk_css_provider_load_from_resource (tokens, eqs_theme_is_dark () ? "/org/equistudio/Equistudio/tokens-dark.css" : "/org/equistudio/Equistudio/tokens.css");
}

static void
contrast_cb (void)
{
  if (adw_style_manager_get_high_contrast (adw_style_manager_get_default ()))
    gtk_css_provider_load_from_resource (contrast, "/org/equistudio/Equistudio/tokens-contrast.css");
  else
    gtk_css_provider_load_from_data (contrast, "", 0);
}

void
eqs_theme_load (void)
{
  GtkCssProvider *style;

  if (tokens != NULL)
    return;
  tokens = gtk_css_provider_new ();
  contrast = gtk_css_provider_new ();
  style = gtk_css_provider_new ();
  dark_cb ();
  contrast_cb ();
  gtk_css_provider_load_from_resource (style, "/org/equistudio/Equistudio/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (tokens), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (contrast), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (style);
  g_signal_connect (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (dark_cb), NULL);
  g_signal_connect (adw_style_manager_get_default (), "notify::high-contrast", G_CALLBACK (contrast_cb), NULL);
}

/* A colour of the style sheet as it looks on the ground of plots. */
static guint32
on_ground (GtkWidget *widget, const char *name)
{
  const GdkRGBA ground = eqs_theme_colour (widget, "view_bg_color"), colour = eqs_theme_colour (widget, name);
  const float   channels[3][2] = { { colour.red, ground.red }, { colour.green, ground.green }, { colour.blue, ground.blue } };
  guint32       packed = 0;

  for (int i = 0; i < 3; i++)
    packed = packed << 8 | (guint32) lroundf (255 * (channels[i][0] * colour.alpha + channels[i][1] * (1 - colour.alpha)));
  return packed;
}

EqsPlotTheme
eqs_theme_plot (GtkWidget *widget)
{
  return (EqsPlotTheme) { on_ground (widget, "window_fg_color"), on_ground (widget, "eq_dim"), on_ground (widget, "eq_line"), on_ground (widget, "view_bg_color"),
                          on_ground (widget, "eq_bad_text") };
}

#pragma once

/** Colours for what is drawn with Cairo: the named colours of the style sheet, as they are for a widget now (light, dark, high contrast). */

#include "draw/plot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** "window_fg_color", "eq_canvas" …; black when there is no such colour. */
GdkRGBA  eqs_theme_colour     (GtkWidget *widget, const char *name);
/** As above, set as the source of cr. @param alpha factor on the colour's own */
void     eqs_theme_set_source (GtkWidget *widget, cairo_t *cr, const char *name, double alpha);
/** The colours of plots. */
EqsPlotTheme eqs_theme_plot   (GtkWidget *widget);
/** Whether the dark style is in use, by the desktop or by choice. */
gboolean eqs_theme_is_dark    (void);
/** 1, or 2 where people have asked for text of twice the size. */
double   eqs_theme_text_scale (GtkWidget *widget);
/** FALSE where people asked for less motion: every animation is then an end state. */
gboolean eqs_theme_animates   (GtkWidget *widget);
/** Loads the style sheet of the studio for all windows; once a process. */
void     eqs_theme_load       (void);

G_END_DECLS

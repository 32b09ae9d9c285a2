#pragma once

/** A plot in the window: follows the pointer with values, tells its last figures to those who do not see it. */

#include "draw/plot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_PLOT_VIEW (eqs_plot_view_get_type ())
G_DECLARE_FINAL_TYPE (EqsPlotView, eqs_plot_view, EQS, PLOT_VIEW, GtkWidget)

GtkWidget *eqs_plot_view_new   (const char *title);
/** note, axis, limit and format hold until they are set again; lines are cleared by eqs_plot_view_clear. */
void       eqs_plot_view_set_axis  (EqsPlotView *self, const char *note, gboolean log_y, EqsPlotFormat format);
/** Of the x axis; equal: by the data. Holds until it is set again. */
void       eqs_plot_view_set_range (EqsPlotView *self, double x_min, double x_max);
/** A line with a word (nullable, copied) above which is tinted; NaN: none. */
void       eqs_plot_view_set_limit (EqsPlotView *self, double limit, const char *word);
/** Takes all lines away; axis, range and limit stay. */
void       eqs_plot_view_clear     (EqsPlotView *self);
/** Values are copied. @param label, low, high (nullable) */
void       eqs_plot_view_add_line  (EqsPlotView *self, const char *label, const double *x, const double *y, guint n, guint32 colour, gboolean dashed,
                                    const double *low, const double *high);
/** Lines added since the last clear. */
guint      eqs_plot_view_get_n_lines (EqsPlotView *self);

G_END_DECLS

#pragma once

/** Line plots on a cairo_t, for the screen and for paper. Lines carry their names at their ends; there is no legend. */

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char   *label;        /**< at the line's end; (nullable) */
  const double *x, *y;        /**< [n]; NaN leaves a gap */
  guint         n;
  guint32       colour;       /**< 0xRRGGBB */
  gboolean      dashed;       /**< what is not this design: the twin, a control, another run */
  const double *low, *high;   /**< (nullable) [n]: a band around it */
} EqsPlotLine;

/** Writes a value as it is read on the axis and at a line's end. (transfer full) */
typedef char *(*EqsPlotFormat) (double value);

typedef struct
{
  const char        *title, *note;     /**< note (nullable): "log axis" */
  const EqsPlotLine *lines;
  guint              n_lines;
  gboolean           log_y;
  double             x_min, x_max;     /**< equal: by the data */
  double             limit;            /**< NaN: none; what lies above it is tinted */
  const char        *limit_word;       /**< (nullable) */
  EqsPlotFormat      format;           /**< NULL: as draw/number-text.h writes it */
  double             hover_x;          /**< NaN: none; values there are shown */
} EqsPlot;

/** Colours of the surroundings: 0xRRGGBB. */
typedef struct { guint32 text, dim, grid, ground, bad; } EqsPlotTheme;

extern const EqsPlotTheme eqs_plot_paper;

/** Title, axes, limit, lines and either their names or the values at hover_x. Nothing where axes have no room. */
void   eqs_plot_draw (cairo_t *cr, const EqsPlot *plot, double width, double height, const EqsPlotTheme *theme);
/** The x of the data at a distance from the left edge; clamped to the axis. */
double eqs_plot_x_at (const EqsPlot *plot, double width, double at);
/** Nice steps for an axis. @return the number written, at most max */
guint  eqs_plot_ticks (double low, double high, gboolean logarithmic, double *ticks, guint max);

G_END_DECLS

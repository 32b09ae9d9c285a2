#pragma once

/** Histograms of directions: a rose for those of the plane, a disc of equal areas for axes of space. */

#include "draw/plot.h"

G_BEGIN_DECLS

/**
 * Sectors from the right, counter-clockwise, whose areas are as their counts. Over half a turn each stands at both ends of its axis. A ring marks what each
 * would be if all were alike.
 *
 * @param counts  [n] @param half  the n bins are 180°, not 360°
 */
void eqs_rose_draw (cairo_t *cr, const guint *counts, guint n, gboolean half, double width, double height, const EqsPlotTheme *theme);
/**
 * The half of a sphere seen from the pole: rings × sectors of equal area, the darker the more.
 *
 * @param counts  [rings, sectors], from the pole outwards, from x counter-clockwise
 */
void eqs_disc_draw (cairo_t *cr, const guint *counts, guint rings, guint sectors, double width, double height, const EqsPlotTheme *theme);

G_END_DECLS

#pragma once

/** Answers against truth: a dot a number, on two axes of one scale, with the line on which they are equal. */

#include "draw/fields.h"

G_BEGIN_DECLS

/** @param across, up  what stands at the axes */
void eqs_draw_parity (cairo_t *cr, const double *truth, const double *told, gsize n, const char *across, const char *up, guint32 colour, const EqsFieldTheme *theme,
                      double x, double y, double size);
/** The range of both axes: of truth and answers, with a little room; never empty. */
void eqs_parity_range (const double *truth, const double *told, gsize n, double *low, double *high);

G_END_DECLS

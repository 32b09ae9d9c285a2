#pragma once

/** A kernel as a table of small maps: a row for each channel it writes, a column for each it reads. */

#include "draw/fields.h"

G_BEGIN_DECLS

/**
 * @param values [d_out, d_in, size, size]  @param scale  of full colour
 */
void   eqs_draw_kernel         (cairo_t *cr, const double *values, int d_out, int d_in, int size, double scale, const EqsFieldTheme *theme, double x, double y, double side);
/** Largest absolute value; at least 1e-30. */
double eqs_kernel_largest      (const double *values, gsize n);

G_END_DECLS

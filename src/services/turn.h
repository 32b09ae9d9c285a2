#pragma once

/** Pictures turned about their middle. A pixel keeps its centre: elements of the quarter turns and mirrors move pixels, others interpolate. */

#include <glib.h>

G_BEGIN_DECLS

/**
 * Where pixel (row i, column j) of the moved picture comes from.
 * @param inverse  of the action on the plane, row-major; x to the right, y upwards
 */
void eqs_turn_source (const double inverse[4], int h, int w, int i, int j, double *row, double *column);

/** to(p) = from(inverse p), bilinear, 0 outside; [h][w][c]. */
void eqs_turn_image  (const double inverse[4], const float *from, float *to, int h, int w, int c);

G_END_DECLS

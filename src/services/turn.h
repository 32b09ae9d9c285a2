#pragma once

/** Pictures turned about their middle, and moved a little. A pixel keeps its centre: elements of the quarter turns and mirrors move pixels, others interpolate. */

#include <glib.h>

G_BEGIN_DECLS

/**
 * Where pixel (row i, column j) of the moved picture comes from.
 * @param inverse  of the action on the plane, row-major; x to the right, y upwards
 */
void eqs_turn_source (const double inverse[4], int h, int w, int i, int j, double *row, double *column);

/** to(p) = from(inverse p), bilinear, 0 outside; [h][w][c]. */
void eqs_turn_image  (const double inverse[4], const float *from, float *to, int h, int w, int c);

/**
 * A small move of a picture, as hands and cameras make them: a shift by up to a fourteenth of its side (2 pixels of 28), a turn by up to 10
 * degrees, a change of size by up to a tenth, each uniform and drawn for (seed, step, sample, picture). Bilinear, 0 outside; [h][w][c].
 */
void eqs_jitter_image (guint64 seed, guint32 step, guint32 sample, guint32 picture, const float *from, float *to, int h, int w, int c);

G_END_DECLS

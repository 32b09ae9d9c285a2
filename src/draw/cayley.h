#pragma once

/** A finite group as a picture: its Cayley graph and its table. The same for screen and paper. */

#include "eqk/group.h"

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint32 ink, dim, ground, marked;    /**< 0xRRGGBB */
} EqsCayleyColours;

/**
 * Elements on a ring (mirrored ones on a ring inside), an arrow for each generator from g to g·generator, solid for the first and
 * dashed for others; those without direction are lines. In a square of this size.
 * @param marked  index of the element that is shown strong; -1: none
 */
void eqs_draw_cayley       (cairo_t *cr, const EqkGroup *group, int marked, const EqsCayleyColours *colours, double x, double y, double size);
/** The table g·h: row g, column h, a colour for each element; row and column of `marked` are framed. */
void eqs_draw_cayley_table (cairo_t *cr, const EqkGroup *group, int marked, const EqsCayleyColours *colours, double x, double y, double size);
/** Which element is drawn at this place of the graph; -1. */
int  eqs_cayley_pick       (const EqkGroup *group, double x, double y, double size);
/** Of an element in the table: turns go round the hues, mirrored elements are darker. */
guint32 eqs_cayley_colour  (const EqkGroup *group, int element);

G_END_DECLS

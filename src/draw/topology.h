#pragma once

/** A picture of a design: cards for nodes, wires in the colours of their types, frames and notes. For screens and paper. */

#include "model/compile.h"
#include "model/difference.h"

#include <cairo.h>

G_BEGIN_DECLS

/** Size of the picture in units of the design (a pixel at 100 %). @param check (nullable) without it, types and costs are left out */
void     eqs_draw_topology_size (EqsDocument *document, const EqsCheck *check, double *width, double *height);
/** Draws with the upper left corner at (0, 0), on white or on a dark ground. */
void     eqs_draw_topology      (cairo_t *cr, EqsDocument *document, const EqsCheck *check, gboolean dark);
/** The same with a ring and a sign about each node that differs: + added, − removed, ≠ changed. @param differences (element-type EqsDifference) */
void     eqs_draw_topology_marked (cairo_t *cr, EqsDocument *document, const EqsCheck *check, gboolean dark, const GPtrArray *differences);
/** Writes .svg, .png (twice the size) or .pdf, by the ending of path; atomic. */
gboolean eqs_draw_topology_save (EqsDocument *document, const EqsCheck *check, const char *path, GError **error);

G_END_DECLS

#pragma once

/** The sample, a wire's features, and those turned back, drawn beside each other; for one element, or for all angles as a film. */

#include "studio/probe-network.h"

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/** Draws a look at a design for pictures on width × height; headings in the colours of paper or of a dark window. */
void     eqs_look_draw   (cairo_t *cr, const EqsProbeResult *result, gboolean dark, double width, double height);

/**
 * Turns a sample once round in n steps (and again mirrored, where the group has mirrors), draws each look with its angle and residual, and writes
 * an animated PNG (path ends with ".png") or numbered PNGs (any other path: a folder).
 *
 * @param model   (transfer full)
 * @param node    (nullable) path of a node whose output is shown; NULL: the first convolution-like wire of the main graph
 * @param n       steps of a round, 2 to 360
 * @param frames  (out) (optional) pictures written
 * @return FALSE with a sentence: a design that is not for pictures, no such sample or wire, a file that cannot be written
 */
gboolean eqs_sweep_save  (EqsModel *model, EqsSplit *split, guint sample, const char *node, guint n, const char *path, GCancellable *cancellable,
                          guint *frames, GError **error);

G_END_DECLS

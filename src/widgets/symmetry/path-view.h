#pragma once

/**
 * The paths of a tensor product with the size of their weights; a click, or the arrow keys, chooses one and tells its numbers. A second click, Delete or the button
 * leaves it out of the layer as an undo step, or puts it back: those that are left out stay in the diagram, dashed.
 */

#include "studio/probe.h"
#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_PATH_VIEW (eqs_path_view_get_type ())
G_DECLARE_FINAL_TYPE (EqsPathView, eqs_path_view, EQS, PATH_VIEW, GtkWidget)

GtkWidget  *eqs_path_view_new    (void);
/** Hidden where the result has no paths. @param session whose wire the result is of @param result (nullable) */
void        eqs_path_view_show   (EqsPathView *self, EqsSession *session, EqsProbeResult *result);
/** A path by its number, clamped to those there are; -1: none. */
void        eqs_path_view_choose (EqsPathView *self, int path);
/** Leaves the chosen path out of the design, or puts it back; nothing where the layer has no such setting. */
void        eqs_path_view_toggle (EqsPathView *self);

G_END_DECLS

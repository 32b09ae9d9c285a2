#pragma once

/**
 * The canvas: the graph of a scope as cards and wires, to be looked at and changed. All changes are commands of the session; what is
 * drawn comes from a plan (draw/plan.h) that is made anew when the document or its check changes.
 */

#include "studio/session.h"
#include "widgets/action-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_CANVAS (eqs_canvas_get_type ())
G_DECLARE_FINAL_TYPE (EqsCanvas, eqs_canvas, EQS, CANVAS, GtkWidget)

GtkWidget *eqs_canvas_new          (EqsSession *session);
/** 1: 100 %. */
double     eqs_canvas_get_zoom     (EqsCanvas *self);
/** Keeps the point (x, y) of the widget where it is. */
void       eqs_canvas_zoom_at      (EqsCanvas *self, double zoom, double x, double y);
/** Moves what is seen, in pixels of the widget; stops a glide. */
void       eqs_canvas_pan          (EqsCanvas *self, double dx, double dy);
/** All of the design, or only the selection, in view. At most 100 %. */
void       eqs_canvas_fit          (EqsCanvas *self, gboolean selection);
/**
 * Likewise, but never at less than EQS_READABLE_ZOOM: where all would be smaller, the view rests on what is selected, else on where the
 * design begins (or ends, at_end). For views that come by themselves, as when a panel takes room. @param glide FALSE: at once
 */
void       eqs_canvas_fit_readably (EqsCanvas *self, gboolean at_end, gboolean glide);
/** The point (x, y) of the design in the middle, at this zoom; before the canvas has a size, instead of showing everything. */
void       eqs_canvas_set_view     (EqsCanvas *self, double zoom, double x, double y);
/** The plain scroll wheel zooms, and scrolls with Ctrl held; otherwise the other way round. */
void       eqs_canvas_set_wheel_zooms (EqsCanvas *self, gboolean zooms);
/** From the widget to the design, and back. */
void       eqs_canvas_to_design    (EqsCanvas *self, double x, double y, double *design_x, double *design_y);
/** From the design to the widget. */
void       eqs_canvas_from_design  (EqsCanvas *self, double x, double y, double *widget_x, double *widget_y);

/** The actions "canvas.…" with their keys. */
extern const EqsActionRow eqs_canvas_actions[];

/* Signals: "zoomed": the zoom changed; "viewed": another part is in view, or the plan is new. */

G_END_DECLS

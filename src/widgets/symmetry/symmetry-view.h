#pragma once

/**
 * The panel "Symmetry view": one control for the group element drives a sample, the features of the chosen wire, and the features turned
 * back, with the residual; beside it the error against the angle. Points turn in space (space-page.h), nodes of sets and graphs change
 * places (graph/order-page.h).
 */

#include "studio/session.h"
#include "widgets/action-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_SYMMETRY_VIEW (eqs_symmetry_view_get_type ())
G_DECLARE_FINAL_TYPE (EqsSymmetryView, eqs_symmetry_view, EQS, SYMMETRY_VIEW, GtkWidget)

GtkWidget *eqs_symmetry_view_new  (EqsSession *session);
/** The next (1) or previous (-1) element of the group; of a continuous one, 15 degrees. */
void       eqs_symmetry_view_step (EqsSymmetryView *self, int direction);
/** Of designs in space: the turn as a unit quaternion w, x, y, z, with an inversion before it. */
void       eqs_symmetry_view_set_turn (EqsSymmetryView *self, const double q[4], gboolean inverted);
/** Starts to turn, or stops. */
void       eqs_symmetry_view_play (EqsSymmetryView *self);
/** "Residual 1.2e-07"; "" before anything was looked at. */
const char *eqs_symmetry_view_get_residual (EqsSymmetryView *self);

/** Keys, for the shortcuts window; the window binds them. */
extern const EqsActionRow eqs_symmetry_actions[];

G_END_DECLS

#pragma once

/** The symmetry view of points and molecules: a ball turns the sample in space (not the eye), with inversion, shift and another order of the atoms. */

#include "studio/probe.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_SPACE_PAGE (eqs_space_page_get_type ())
G_DECLARE_FINAL_TYPE (EqsSpacePage, eqs_space_page, EQS, SPACE_PAGE, GtkWidget)

GtkWidget  *eqs_space_page_new    (EqsSession *session, EqsProbe *probe);
/** 15 degrees on (1) or back (-1) about the axis. */
void        eqs_space_page_step   (EqsSpacePage *self, int direction);
/** Starts to turn about the axis, or stops. */
void        eqs_space_page_play   (EqsSpacePage *self);
/** Ends the play where it is; nothing when it does not play. */
void        eqs_space_page_stop   (EqsSpacePage *self);
/** The turn, as a unit quaternion. */
void        eqs_space_page_set_turn (EqsSpacePage *self, const double q[4], gboolean inverted);
/** What is shown of the newest look's residual; borrowed from the label. */
const char *eqs_space_page_get_residual (EqsSpacePage *self);
/** Makes the probe look as this page wants, when it comes into view. */
void        eqs_space_page_apply  (EqsSpacePage *self);

G_END_DECLS

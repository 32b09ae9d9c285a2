#pragma once

/** A ball that is turned by dragging or with arrow keys, and stands for an element of the group: it shows axis and angle. */

#include "draw/space.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_TURN_BALL (eqs_turn_ball_get_type ())
G_DECLARE_FINAL_TYPE (EqsTurnBall, eqs_turn_ball, EQS, TURN_BALL, GtkWidget)

GtkWidget    *eqs_turn_ball_new        (const char *name);
/** The turn that is shown; does not emit "turned". */
void          eqs_turn_ball_set_turn   (EqsTurnBall *self, const double q[4]);
/** [4] unit quaternion w, x, y, z; borrowed, as it is now. */
const double *eqs_turn_ball_get_turn   (EqsTurnBall *self);
/** How the eye sees space: dragging follows what is seen. */
void          eqs_turn_ball_set_camera (EqsTurnBall *self, const EqsCamera *camera);

/* Signal "turned": a person turned it. */

G_END_DECLS

#pragma once

/** The element of a group of space as controls: a ball to turn, angle and axis, inversion or mirror, a shift, another order; it plays, too. */

#include "draw/space.h"

#include "eqk/type.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_SPACE_CONTROLS (eqs_space_controls_get_type ())
G_DECLARE_FINAL_TYPE (EqsSpaceControls, eqs_space_controls, EQS, SPACE_CONTROLS, GtkWidget)

typedef struct
{
  double   turn[4];        /**< as the controls show it */
  double   q[4];           /**< with the half turn that makes a mirror of an inversion */
  gboolean inverted, shifted, renumbered;
  double   angle_deg;
} EqsSpaceElement;

/** Of which group, eqs_space_controls_set_symmetry says. (transfer floating) */
GtkWidget *eqs_space_controls_new          (void);
/** Shows only what the symmetry has. */
void       eqs_space_controls_set_symmetry (EqsSpaceControls *self, const EqkSymmetry *symmetry);
/** How the eye sees space: dragging the ball follows it. */
void       eqs_space_controls_set_camera   (EqsSpaceControls *self, const EqsCamera *camera);
/** All that the controls say now, into element; nothing inside is owned. */
void       eqs_space_controls_get          (EqsSpaceControls *self, EqsSpaceElement *element);
/** "Inverted, then turned by 44°." */
char      *eqs_space_controls_dup_words    (EqsSpaceControls *self);
/** Shows a turn (unit quaternion); emits "changed" as if a person had made it. */
void       eqs_space_controls_set_turn     (EqsSpaceControls *self, const double q[4], gboolean inverted);
/** 15 degrees on (1) or back (-1) about the axis. */
void       eqs_space_controls_step         (EqsSpaceControls *self, int direction);
/** Starts to turn about the axis, or stops. */
void       eqs_space_controls_play         (EqsSpaceControls *self);
/** Ends the play where it is; nothing when it does not play. */
void       eqs_space_controls_stop         (EqsSpaceControls *self);

/* Signals: "changed"; "reset" (after "changed"): the eye should go back as well. */

G_END_DECLS

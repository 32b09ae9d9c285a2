#pragma once

/** Rotations that two arrows do not fix: what a network with its present weights makes of samples (W-POSE-DEGENERATE). */

#include "data/split.h"
#include "model/compile.h"
#include "services/checkpoint.h"

G_BEGIN_DECLS

/**
 * Runs up to 256 samples, evenly over the part, and looks at the arrows that rotations are made of one after the other. They are called parallel where
 * |a × b| < 1e-4 |a| |b|: lengths cancel in the rotation, so that a limit on the product alone would tell short arrows as well.
 *
 * @param n_parallel  (out) rotations whose arrows are parallel, or one of them zero; 0 where the design makes no rotation of two arrows
 * @param n_rotations (out) that were looked at
 * @return FALSE where the samples do not fit the design
 */
gboolean eqs_pose_count_parallel (EqsModel *model, EqsSplit *split, guint *n_parallel, guint *n_rotations, GError **error);
/** Whether the design makes a rotation of two arrows. */
gboolean eqs_pose_is_of_two_arrows (const EqkTyped *typed, const EqkProgram *program);
/** Adds W-POSE-DEGENERATE with these counts at the head of a check; nothing where its design makes no rotation of two arrows. */
void     eqs_pose_look_tell      (EqsCheck *check, guint n_parallel, guint n_rotations);
/** Adds W-POSE-DEGENERATE to a check of the model's design, at the head, where there are such rotations. What cannot be run is let pass: training says why. */
void     eqs_pose_look_add       (EqsCheck *check, EqsModel *model, EqsSplit *split);

G_END_DECLS

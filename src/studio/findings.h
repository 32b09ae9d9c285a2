#pragma once

/** Findings that a design alone does not have: they come from what was measured on it in this window. */

#include "studio/session.h"

G_BEGIN_DECLS

/** A symmetry error above this is drift, where the types promise exactness: rounding in float32 stays well below. */
#define EQS_DRIFT_LIMIT 1e-4

/** Adds W-NOT-VERIFIED (the last report is of another version) and W-SYMMETRY-DRIFT (of the run of this very design) and
 *  W-DATA-ASYMMETRIC (a move of the group changes answers in the data), W-POSE-DEGENERATE (rotations made of parallel arrows), and what the data say against themselves (W-UNITS-MISSING, E-DATA-TYPE). */
void eqs_findings_add (EqsCheck *check, EqsSession *session);

G_END_DECLS

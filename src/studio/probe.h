#pragma once

/**
 * The probe of a window: follows a session (its network, wire, element, data) and looks at one sample, in a thread of its own.
 * Only the newest wish counts: what has been asked for meanwhile replaces what has not been begun.
 */

#include "studio/probe-sweep.h"
#include "studio/session.h"

G_BEGIN_DECLS

#define EQS_TYPE_PROBE (eqs_probe_get_type ())
G_DECLARE_FINAL_TYPE (EqsProbe, eqs_probe, EQS, PROBE, GObject)

/** Looks at nothing until it is made active. */
EqsProbe       *eqs_probe_new        (EqsSession *session);
/** A view that is not shown makes no work. */
void            eqs_probe_set_active (EqsProbe *self, gboolean active);
/** Number of the sample in the part that is looked at: validation, else training. */
void            eqs_probe_set_sample (EqsProbe *self, guint sample);
/** Of designs in space: the turn (a unit quaternion; NULL: about z by the session's angle), inverted first, then moved by shift (NULL: not). */
void            eqs_probe_set_turn   (EqsProbe *self, const double q[4], gboolean inverted, const double shift[3]);
/** Another order of the nodes: node k becomes row order[k]. NULL: as they are. Left out where the sample has another number of nodes. */
void            eqs_probe_set_order  (EqsProbe *self, const gint32 *order, gsize n);
/** A sample of one's own (the first of split) instead of one of the data; NULL: back to the data. */
void            eqs_probe_set_own    (EqsProbe *self, EqsSplit *split);
/** Whether eqs_probe_set_own gave a sample that is looked at instead of the data's. */
gboolean        eqs_probe_has_own    (EqsProbe *self);
/** The samples that numbers are of; NULL while they are being read or there are none. */
EqsSplit       *eqs_probe_get_split  (EqsProbe *self);
/** Whether error against angle is measured too, and of the ordinary twin. */
void            eqs_probe_set_sweep  (EqsProbe *self, gboolean sweep, gboolean twin);

/** The newest look; NULL before the first. It may be of an older wish: compare its angle. */
EqsProbeResult *eqs_probe_get_result (EqsProbe *self);
/** The newest, which may not be complete; borrowed. NULL: none yet. */
EqsProbeSweep  *eqs_probe_get_sweep  (EqsProbe *self);
/** Something newer is on its way. */
gboolean        eqs_probe_is_busy    (EqsProbe *self);

/* Signals: "looked" — the result is new; "swept" — more angles are known; "samples-changed" — eqs_probe_get_split gives another. */

G_END_DECLS

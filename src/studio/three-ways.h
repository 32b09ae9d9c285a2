#pragma once

/** One plan in three ways (services/ways.h): exact, relaxed and augmented, one run after the other, drawn beside each other. */

#include "studio/session.h"

G_BEGIN_DECLS

/**
 * Trains the design by its plan in each of the three ways; the exact one is shown, the others are compared with it. One that cannot be made
 * ends as failed, with the reason.
 * @return the first run; borrowed. NULL with a sentence where there are no data
 */
EqsTraining *eqs_three_ways_train (EqsSession *session, GError **error);

/** Whether there are such ways for what the session trains on: pictures, under a group that is not trivial. */
gboolean     eqs_three_ways_are_there (EqsSession *session);

G_END_DECLS

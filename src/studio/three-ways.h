#pragma once

/** One plan in three ways (services/ways.h): exact, relaxed and augmented, one run after the other, drawn beside each other. */

#include "studio/session.h"

G_BEGIN_DECLS

/**
 * Trains the design by its plan in each of the ways; the one of the plan is shown, the others are compared with it.
 * @param ways  of eqs_ways_list: those that the design has, NULL-terminated. One that it has not would end as failed, with the reason
 * @return the first run; borrowed. NULL with a sentence where there are no data
 */
EqsTraining *eqs_three_ways_train (EqsSession *session, const char *const *ways, GError **error);

/** Whether there may be such ways for what the session trains on: pictures, under a group that is not trivial. Cheap; eqs_ways_list tells which. */
gboolean     eqs_three_ways_are_there (EqsSession *session);

G_END_DECLS

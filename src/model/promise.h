#pragma once

/** What a design promises against what is said around it: the loss of its training plan, and the answers it was made from. */

#include "model/compile.h"

G_BEGIN_DECLS

/** Adds E-LOSS-NONINV, W-OVERCONSTRAIN, I-UNDER and I-DATA-VS-LABEL, with fixes. Before check->blocks is summed up. */
void eqs_promise_add_problems (EqsCheck *check, EqsDocument *document);

G_END_DECLS

#pragma once

/** The limits of the specification: max_parameters, max_macs (of one sample), max_weight_bytes, max_arena_bytes. */

#include "model/compile.h"

G_BEGIN_DECLS

/**
 * Adds W-BUDGET for each limit that the counts of a checked design exceed, with the widths that keep within all limits as a fix where
 * there are such. The search checks changed copies of the design: a few times the time of a check, and only beyond a limit.
 */
void eqs_budget_add_problems (EqsCheck *check, EqsDocument *document);

G_END_DECLS

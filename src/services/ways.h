#pragma once

/**
 * Three ways to keep a symmetry, chosen by one setting of the training plan, "promise": exact, by the layers; relaxed, where filters may leave
 * the allowed ones as far as the data pull them (setting relax of the steerable convolutions); augmented, an ordinary network of the same
 * size that is shown samples turned at random. The design stays as it is; what is trained is another one made from it.
 */

#include "model/document.h"

G_BEGIN_DECLS

/** "exact", "relaxed", "augmented"; NULL-terminated. */
extern const char *const eqs_ways[];

/**
 * The design that is trained, by the plan: a copy, whose own plan says "exact" so that it is not changed twice. Its setting "probe" names
 * the group that the design had, by which the error of the symmetry is measured.
 * @return (transfer full) NULL (EQS_MODEL_ERROR_INVALID) with a sentence where the design has no such way: no layer that can be relaxed, no
 * ordinary counterpart, or inputs and answers that turn along, which an ordinary network does not know how to turn
 */
EqsDocument *eqs_way_new (EqsDocument *document, GError **error);

/**
 * The ways that there are for a design, found by making each: "exact" is always the first. Takes a tenth of a second where a twin's width is
 * searched, so it belongs into a worker.
 * @param why_not  (out) (transfer full) (optional) sentences on those that there are not; NULL: there are all
 * @return (transfer full) NULL-terminated
 */
char       **eqs_ways_list (EqsDocument *document, char **why_not);

G_END_DECLS

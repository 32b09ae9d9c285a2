#pragma once

/** Binding of what is asked: a head that can give numbers or classes gives what the data have. */

#include "data/dataset.h"
#include "model/edits.h"

G_BEGIN_DECLS

/**
 * Where the one answer for the whole sample is numbers and the data have classes alone, or the other way round, and the head has the setting “gives”: sets that,
 * how many, the task and the loss of the plan. A result that has something to be compared with stays as it is.
 *
 * @param edits    what was done is appended
 * @param changes  (element-type utf8) what was done, told
 */
gboolean eqs_bind_question (EqsDocument *document, EqsDataset *dataset, EqsSplit *split, GPtrArray *edits, GPtrArray *changes, GError **error);

G_END_DECLS

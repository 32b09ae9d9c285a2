#pragma once

/**
 * Makes a design fit data: extents and channels of its inputs, kinds of atoms, the number of classes, the nominal sizes that
 * costs are for. Every change is told as a sentence; what cannot be reconciled is refused, and then nothing has changed.
 */

#include "data/dataset.h"
#include "model/history.h"

G_BEGIN_DECLS

/**
 * @param history  (nullable) where the change becomes one step; without it the document is changed directly
 * @param changes  (out) (transfer full) (element-type utf8): empty when the design fitted already; the name of the data, which is
 *                 noted in the design, is not counted as a change
 */
gboolean eqs_bind       (EqsDocument *document, EqsDataset *dataset, EqsHistory *history, GPtrArray **changes, GError **error);
/** What eqs_bind would change; the document stays as it is. */
gboolean eqs_bind_check (EqsDocument *document, EqsDataset *dataset, GPtrArray **changes, GError **error);

G_END_DECLS

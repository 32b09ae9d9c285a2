#pragma once

/** What augmentation does to samples: made by the feeder that training uses, so that the preview is what the network would see. */

#include "data/dataset.h"
#include "model/document.h"

G_BEGIN_DECLS

/**
 * The first samples of the part that is trained on, each as it is and turned. Any thread may call.
 * @param document the design, not changed; its plan says how samples are augmented and which part is trained on
 * @param step     another step, other elements of the group
 * @param plain, turned (out) (transfer full) n samples each, as columns of one feed; turned NULL: the plan augments nothing
 */
gboolean eqs_augment_preview (EqsDocument *document, EqsDataset *dataset, guint n, guint step, EqsSplit **plain, EqsSplit **turned, GError **error);

G_END_DECLS

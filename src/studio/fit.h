#pragma once

/** Does the design take the samples of its data? Sizes, classes and kinds of atoms may have been edited away from them. */

#include "studio/session.h"

G_BEGIN_DECLS

/**
 * What would have to be changed so that a design takes data, one sentence each. Any thread may call with a document of its own; takes some tenths of a
 * second for a large one.
 *
 * @param dataset (nullable)
 * @return (nullable) (transfer full) of char *; NULL: it fits, has no data, or cannot be made to fit, which training then tells
 */
GPtrArray *eqs_misfits_list         (EqsDocument *document, EqsDataset *dataset);
/** Makes those changes as one undo step. */
gboolean   eqs_session_make_fit     (EqsSession *self, GError **error);

G_END_DECLS

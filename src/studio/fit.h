#pragma once

/** Does the design take the samples of its data? Sizes, classes and kinds of atoms may have been edited away from them. */

#include "studio/session.h"

G_BEGIN_DECLS

/**
 * What would have to be changed so that the design takes its data, one sentence each.
 * @return (nullable) (transfer full) of char *; NULL: it fits, has no data, or cannot be made to fit, which training then tells
 */
GPtrArray *eqs_session_list_misfits (EqsSession *self);
/** Makes those changes as one undo step. */
gboolean   eqs_session_make_fit     (EqsSession *self, GError **error);

G_END_DECLS

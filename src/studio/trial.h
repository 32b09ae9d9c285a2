#pragma once

/** Trials: what would come of a wire, found out on copies of the design in a worker, so that a port can say no before it is tried. */

#include "model/compile.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Tries a wire from one end to every port of the other side in the same graph.
 * @param document copied
 * @param node, port  the end that is held: id in the scope
 */
void        eqs_trial_connect_async  (EqsDocument *document, const char *scope, const char *node, const char *port, gboolean from_output,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** Path and port ("block/conv.x") → why not, in one sentence; NULL: it fits. (transfer full) NULL when cancelled */
GHashTable *eqs_trial_connect_finish (GAsyncResult *result, GError **error);

G_END_DECLS

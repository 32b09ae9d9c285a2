#pragma once

/** What another group would do to a design, found out on a copy in a worker. */

#include "model/compile.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean   counted;         /**< both designs have a program: the numbers below are known */
  gint64     parameters_before, parameters_after;
  double     macs_before, macs_after;
  guint      n_layers, n_keep;   /**< of the registry; that keep the new group */
  GPtrArray *problems;        /**< owned, of char *: "Title: sentence" of what is wrong then and was not before */
  guint      n_problems;      /**< errors then, in all */
} EqsGroupTrial;

/** @param document copied */
void           eqs_group_trial_async  (EqsDocument *document, const char *group, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/** (transfer full) NULL with an error: cancelled, or the group is not known. */
EqsGroupTrial *eqs_group_trial_finish (GAsyncResult *result, GError **error);
/** With the list of problems. */
void           eqs_group_trial_free   (EqsGroupTrial *self);
/** The same at once; any thread may call. */
EqsGroupTrial *eqs_group_trial_run    (EqsDocument *document, const char *group, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsGroupTrial, eqs_group_trial_free)

G_END_DECLS

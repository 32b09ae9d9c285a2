#pragma once

/** Named states of the design, and two of them side by side with what differs between them. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_SNAPSHOT_WINDOW (eqs_snapshot_window_get_type ())
G_DECLARE_FINAL_TYPE (EqsSnapshotWindow, eqs_snapshot_window, EQS, SNAPSHOT_WINDOW, GtkWindow)

/** Shows the newest snapshot beside the design as it is. */
GtkWidget *eqs_snapshot_window_new       (EqsSession *session);
/** How many differences are listed. */
guint      eqs_snapshot_window_get_n     (EqsSnapshotWindow *self);
/** What is known of the design on a side, 0 left and 1 right; NULL while that is found out. */
EqsCheck  *eqs_snapshot_window_get_check (EqsSnapshotWindow *self, int side);

G_END_DECLS

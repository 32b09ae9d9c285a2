#pragma once

/**
 * Values of the wire that the session looks at: statistics of each type of field, a histogram and a picture, for one sample. Another wire, another sample and
 * newer weights of a run in progress are followed; the network runs in the thread of a probe.
 */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_PEEK_WINDOW (eqs_peek_window_get_type ())
G_DECLARE_FINAL_TYPE (EqsPeekWindow, eqs_peek_window, EQS, PEEK_WINDOW, GtkWindow)

GtkWidget       *eqs_peek_window_new        (GtkWindow *parent, EqsSession *session);
/** (element-type EqsPeekField) what is shown now; NULL: nothing yet. */
const GPtrArray *eqs_peek_window_get_fields (EqsPeekWindow *self);

G_END_DECLS

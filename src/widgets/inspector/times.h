#pragma once

/** Rows of the project sheet: how long an answer and an epoch take on this computer, once they were measured. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Appends them, or a button that measures; what was measured counts until the design changes. Nothing without data. */
void eqs_times_append (GtkWidget *box, EqsSession *session);

G_END_DECLS

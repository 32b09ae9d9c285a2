#pragma once

/** The button that trains the plan of a run with more seeds. It shows only for runs that can be trained again here. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** A menu button; call eqs_more_seeds_show before it is seen. (transfer floating) */
GtkWidget *eqs_more_seeds_new  (EqsSession *session);
/**
 * Shows the button where this run can be trained again here: it is no twin, has epochs and data, and is neither kept
 * nor failed.
 */
void       eqs_more_seeds_show (GtkWidget *button, EqsTraining *run);

G_END_DECLS

#pragma once

/** The button that trains the plan of a run with more seeds. It shows only for runs that can be trained again here. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *eqs_more_seeds_new  (EqsSession *session);
void       eqs_more_seeds_show (GtkWidget *button, EqsTraining *run);

G_END_DECLS

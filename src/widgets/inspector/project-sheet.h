#pragma once

/** What the inspector shows while nothing is selected: the project, its totals against its limits, the training plan. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** The rows that people edit. They follow the document by themselves. */
GtkWidget *eqs_project_form_new   (EqsSession *session);
/** Totals with bars against the limits; made anew after each check. */
void       eqs_project_append_totals (GtkWidget *box, EqsSession *session);

G_END_DECLS

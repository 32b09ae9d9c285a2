#pragma once

/** The button that trains a design in several ways (studio/three-ways.h). It names only those that the design has; with one alone it is not there. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** It activates "win.train-ways"; call eqs_ways_button_update before it is seen. (transfer floating) */
GtkWidget *eqs_ways_button_new    (EqsSession *session);
/** What the design has is found out in a worker, once after each check of it; until then, and while something trains, the button is not there. */
void       eqs_ways_button_update (GtkWidget *button);

G_END_DECLS

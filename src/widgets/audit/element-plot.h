#pragma once

/** The newest audit of a session as a picture: the error of every element, beside that of the control. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Drawn anew after each audit; holds a reference to the session. (transfer floating) */
GtkWidget *eqs_element_plot_new (EqsSession *session);

G_END_DECLS

#pragma once

/**
 * What messages between neighbours can tell apart in the bound data (services/colouring.h), for the inspector at a layer that passes them. Found out in a
 * thread: the section says so until it is known, and goes away where nothing can be said.
 */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** @return NULL: the layer passes no messages, or the design or its data are not known (yet) */
GtkWidget *eqs_apart_new (EqsSession *session, const char *path);

G_END_DECLS

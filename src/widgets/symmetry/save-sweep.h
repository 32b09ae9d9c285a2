#pragma once

/** Saving a sample's whole turn as a film. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * Asks for a file and writes an animated picture, or one picture a step, in the background; what came of it is told by "win.tell".
 * @param parent  whose window asks
 */
void eqs_sweep_ask (GtkWidget *parent, EqsSession *session, guint sample);

G_END_DECLS

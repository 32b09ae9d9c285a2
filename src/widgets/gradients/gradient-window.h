#pragma once

/** The gradients of the design, checked layer by layer against differences (services/gradient-check.h). */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_GRADIENT_WINDOW (eqs_gradient_window_get_type ())
G_DECLARE_FINAL_TYPE (EqsGradientWindow, eqs_gradient_window, EQS, GRADIENT_WINDOW, GtkWindow)

/** Begins at once, in a worker, with the weights that the views show; closing the window ends it. */
GtkWidget *eqs_gradient_window_new       (EqsSession *session);
/** Whether it is still at it. */
gboolean   eqs_gradient_window_is_running (EqsGradientWindow *self);

G_END_DECLS

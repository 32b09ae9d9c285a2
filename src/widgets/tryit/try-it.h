#pragma once

/** "Try it": draw something, or drop a picture, and see what the network answers while it is drawn and turned. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_TRY_IT (eqs_try_it_get_type ())
G_DECLARE_FINAL_TYPE (EqsTryIt, eqs_try_it, EQS, TRY_IT, GtkWidget)

GtkWidget  *eqs_try_it_new       (EqsSession *session);
/** The pad, to draw on. */
GtkWidget  *eqs_try_it_get_pad   (EqsTryIt *self);
/** The class that is told for what is drawn as it stands turned; -1: none yet. */
int         eqs_try_it_get_told  (EqsTryIt *self);
/** Reads a picture in the background and asks the network about it. */
void        eqs_try_it_open      (EqsTryIt *self, const char *path);

G_END_DECLS

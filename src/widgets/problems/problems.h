#pragma once

/** The bottom panel "Problems": each cause once, with its reason, fixes, and the way to its node. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_PROBLEMS (eqs_problems_get_type ())
G_DECLARE_FINAL_TYPE (EqsProblems, eqs_problems, EQS, PROBLEMS, GtkWidget)

GtkWidget *eqs_problems_new (EqsSession *session);

/* Activates the window's action "win.train" where only the promise is blocked. */

G_END_DECLS

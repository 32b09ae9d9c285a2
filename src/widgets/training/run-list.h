#pragma once

/** Runs of this window and those kept on disk: named, shown, drawn beside each other, opened again, and followed while another program writes them. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_RUN_LIST (eqs_run_list_get_type ())
G_DECLARE_FINAL_TYPE (EqsRunList, eqs_run_list, EQS, RUN_LIST, GtkWidget)

GtkWidget *eqs_run_list_new  (EqsSession *session);
/** Opens a run folder in the background and shows it; why not is told by the session. */
void       eqs_run_list_open (EqsRunList *self, const char *folder);

G_END_DECLS

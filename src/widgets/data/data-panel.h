#pragma once

/** The panel "Data": what the design is bound to, with a few of its samples, and what else there is: shipped sets and folders. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_DATA_PANEL (eqs_data_panel_get_type ())
G_DECLARE_FINAL_TYPE (EqsDataPanel, eqs_data_panel, EQS, DATA_PANEL, GtkWidget)

GtkWidget *eqs_data_panel_new (EqsSession *session);
/** Reads a shipped set or a folder in the background, then binds it as one undo step; what changed or why not is told by the session. */
void       eqs_data_panel_use (EqsDataPanel *self, const char *name_or_path);
/** Shows a folder before it is used: its samples, columns, and what would change in the design. */
void       eqs_data_panel_look (EqsDataPanel *self, const char *folder);

G_END_DECLS

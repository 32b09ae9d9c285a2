#pragma once

/** The table of actions of windows and application, joined with those of widgets: keys, the shortcuts window and the command search come from it. */

#include "widgets/action-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** All tables there are; ends with NULL. */
const EqsActionRow *const *eqs_actions_tables (void);
/** Sets the keys of app.* and win.* actions. Widgets bind their own. */
void  eqs_actions_set_accels (GtkApplication *application);
/** A window with all keys, grouped as in the table. */
GtkWidget *eqs_actions_new_shortcuts_window (void);

G_END_DECLS

#pragma once

/** Help without a network: topics, and a page for every layer made from the registry, so that it says what the program does. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Shows the help window at a page: the id of a layer or of a topic ("first-steps"); NULL: the first. */
void eqs_help_show (GtkWindow *parent, const char *page);
/** F1 in a window of its own shows the page of that topic. @return window */
GtkWidget *eqs_help_on_f1 (GtkWidget *window, const char *page);
/** The text of a page, as marked-up text for labels. (transfer full) NULL: there is no such page */
char *eqs_help_dup_page (const char *page);

G_END_DECLS

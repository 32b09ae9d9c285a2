#pragma once

/** Two graphs of the data beside each other, coloured round by round: what a network that passes messages along edges can tell apart. */

#include "data/split.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** What is worth comparing: the next graph of another class that counting nodes and edges does not tell apart; where there is none, the next one. */
guint       eqs_refine_partner     (EqsSplit *split, guint sample);
/** @param sample the first of the two; the other is its partner */
GtkWidget  *eqs_refine_window_open (GtkWidget *parent, EqsSplit *split, guint sample);
/** For tests: two samples and a number of rounds. @return the sentence that is shown */
const char *eqs_refine_window_set  (GtkWidget *window, guint a, guint b, guint rounds);

G_END_DECLS

#pragma once

/** A main part with a side part beside it; where there is too little room, below it. Scrolls as a whole. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_TWO_PARTS (eqs_two_parts_get_type ())
G_DECLARE_FINAL_TYPE (EqsTwoParts, eqs_two_parts, EQS, TWO_PARTS, GtkWidget)

/** @param least  width from which the side stands beside  @param side_width  of the side then  @param name for people who do not see it */
GtkWidget *eqs_two_parts_new (GtkWidget *main, GtkWidget *side, int least, int side_width, const char *name);

G_END_DECLS

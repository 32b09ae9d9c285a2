#pragma once

/** A node on the canvas: what is drawn, what is said of it to those who do not see it, and where the keyboard stands. */

#include "draw/plan.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Below this zoom a card is a block of colour, without its title. */
#define EQS_READABLE_ZOOM 0.35

#define EQS_TYPE_NODE_CARD (eqs_node_card_get_type ())
G_DECLARE_FINAL_TYPE (EqsNodeCard, eqs_node_card, EQS, NODE_CARD, GtkWidget)

/** What the card's badge says, in order of urgency. */
typedef enum { EQS_BADGE_NONE, EQS_BADGE_EYE, EQS_BADGE_APPROX, EQS_BADGE_QUESTION, EQS_BADGE_BROKEN, EQS_BADGE_WARNING, EQS_BADGE_ERROR } EqsBadge;

/** Shows nothing until eqs_node_card_show. (transfer floating) */
GtkWidget  *eqs_node_card_new          (void);
/** Shows a card of a plan; everything is copied. @param problem (nullable) the worst one's sentence */
void        eqs_node_card_show         (EqsNodeCard *self, const EqsPlan *plan, const EqsPlanCard *card, const char *problem, EqsBadge badge);
/** Of the node that is shown; borrowed until the next eqs_node_card_show. NULL before the first. */
const char *eqs_node_card_get_path     (EqsNodeCard *self);
/** How it is drawn and read out; the selection itself is the session's. */
void        eqs_node_card_set_selected (EqsNodeCard *self, gboolean selected);
/** Less is drawn when text could not be read. */
void        eqs_node_card_set_zoom     (EqsNodeCard *self, double zoom);

G_END_DECLS

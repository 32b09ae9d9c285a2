#pragma once

/** The symmetry view of sets and graphs: nodes change places step by step, and what flows follows. */

#include "studio/probe.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_ORDER_PAGE (eqs_order_page_get_type ())
G_DECLARE_FINAL_TYPE (EqsOrderPage, eqs_order_page, EQS, ORDER_PAGE, GtkWidget)

GtkWidget  *eqs_order_page_new   (EqsSession *session, EqsProbe *probe);
/** One swap on (1) or back (-1). */
void        eqs_order_page_step  (EqsOrderPage *self, int direction);
/** Swaps one after another, or stops. */
void        eqs_order_page_play  (EqsOrderPage *self);
/** Ends the play where it is; nothing when it does not play. */
void        eqs_order_page_stop  (EqsOrderPage *self);
/** Makes the probe look as this page wants, when it comes into view. */
void        eqs_order_page_apply (EqsOrderPage *self);
/** What is shown of the newest look's residual; borrowed from the label. */
const char *eqs_order_page_get_residual (EqsOrderPage *self);

G_END_DECLS

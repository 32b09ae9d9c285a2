#pragma once

/** Answers against truth on the test part, a plot a result with numbers. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_PARITY_PAGE (eqs_parity_page_get_type ())
G_DECLARE_FINAL_TYPE (EqsParityPage, eqs_parity_page, EQS, PARITY_PAGE, GtkWidget)

GtkWidget *eqs_parity_page_new        (EqsSession *session);
/** @param run (nullable) */
void       eqs_parity_page_show       (EqsParityPage *self, EqsTraining *run);
/** Measures only while it is seen. */
void       eqs_parity_page_set_active (EqsParityPage *self, gboolean active);
/** What is said above the plots. */
const char *eqs_parity_page_get_line  (EqsParityPage *self);

G_END_DECLS

#pragma once

/** After an export: one sample through the studio and through the compiled C, number beside number. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_COMPARE_VIEW (eqs_compare_view_get_type ())
G_DECLARE_FINAL_TYPE (EqsCompareView, eqs_compare_view, EQS, COMPARE_VIEW, GtkWidget)

GtkWidget  *eqs_compare_view_new      (EqsSession *session);
/**
 * The code to compare with, as it was exported; it is compared with the first sample at once. Hidden until then, and where there are no data.
 * @param prefix  (nullable) of the names in the code
 */
void        eqs_compare_view_set_code (EqsCompareView *self, EqsModelSource *source, const char *folder, const char *prefix);
/** Compares in a thread, and the newest call counts. Nothing before eqs_compare_view_set_code and without data. */
void        eqs_compare_view_compare  (EqsCompareView *self, guint sample);
/** What the comparison says; NULL while it runs. */
const char *eqs_compare_view_get_text (EqsCompareView *self);

G_END_DECLS

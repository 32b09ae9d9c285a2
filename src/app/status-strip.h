#pragma once

/** The strip along the bottom edge: totals of the design, each a button to its details, and the verdict. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_STATUS_STRIP (eqs_status_strip_get_type ())
G_DECLARE_FINAL_TYPE (EqsStatusStrip, eqs_status_strip, EQS, STATUS_STRIP, GtkWidget)

GtkWidget *eqs_status_strip_new (EqsSession *session);
/** "1.2 MB" (powers of 1000). */
char      *eqs_bytes_dup_text   (gsize bytes);
/** "81.5 MMAC". */
char      *eqs_macs_dup_text    (double macs);

/* Signal "details" (name): "problems", "audit", "training", "project". */

G_END_DECLS

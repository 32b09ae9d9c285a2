#pragma once

/** The strip along the bottom edge: totals of the design, each a button to its details, and the verdict. */

#include "studio/session.h"
#include "widgets/numbers.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_STATUS_STRIP (eqs_status_strip_get_type ())
G_DECLARE_FINAL_TYPE (EqsStatusStrip, eqs_status_strip, EQS, STATUS_STRIP, GtkWidget)

GtkWidget *eqs_status_strip_new (EqsSession *session);

/* Signal "details" (name): "problems", "audit", "training", "project". */

G_END_DECLS

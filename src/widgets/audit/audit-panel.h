#pragma once

/** The panel "Audit": measures whether the network keeps its promise, and shows where it does not. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_AUDIT_PANEL (eqs_audit_panel_get_type ())
G_DECLARE_FINAL_TYPE (EqsAuditPanel, eqs_audit_panel, EQS, AUDIT_PANEL, GtkWidget)

GtkWidget *eqs_audit_panel_new   (EqsSession *session);
/** Starts an audit of the network as it is, unless one is running. */
void       eqs_audit_panel_start (EqsAuditPanel *self);
/** Whether an audit that this panel started is going on. */
gboolean   eqs_audit_panel_is_running (EqsAuditPanel *self);

/** "exact", "within_limit" … as people read it; with the class that colours it. */
const char *eqs_verdict_title    (const char *verdict);
/** The CSS class for such a verdict; "eq-second" for NULL and what is not known. */
const char *eqs_verdict_style    (const char *verdict);

G_END_DECLS

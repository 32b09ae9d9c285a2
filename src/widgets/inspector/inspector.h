#pragma once

/** The right panel: what the selected node is, its settings, types, cost, reasons and problems; without a selection the project. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_INSPECTOR (eqs_inspector_get_type ())
G_DECLARE_FINAL_TYPE (EqsInspector, eqs_inspector, EQS, INSPECTOR, GtkWidget)

GtkWidget *eqs_inspector_new (EqsSession *session);

/* Actions of the window that it calls where they exist: "win.group", "win.help". */

G_END_DECLS

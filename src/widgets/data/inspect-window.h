#pragma once

/** What a data set holds, found in the background: ranges and missing values of its columns, classes, directions, duplicates; each table can be kept as CSV. */

#include "studio/inspection.h"
#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_INSPECT_WINDOW (eqs_inspect_window_get_type ())
G_DECLARE_FINAL_TYPE (EqsInspectWindow, eqs_inspect_window, EQS, INSPECT_WINDOW, GtkWindow)

/** Of the data of the session's design, or of another set. @param dataset (nullable) */
GtkWidget *eqs_inspect_window_new         (GtkWindow *parent, EqsSession *session, EqsDataset *dataset);
/** NULL while it is being found. */
const EqsInspection *eqs_inspect_window_get_found (EqsInspectWindow *self);

G_END_DECLS

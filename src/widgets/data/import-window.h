#pragma once

/**
 * Before data of one's own are used: first samples, what was found in the files, what goes in and what is to be told, the names of the classes, and
 * what would change in the design. A changed mapping is kept as dataset.json in the folder.
 */

#include "data/meaning.h"
#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_IMPORT_WINDOW (eqs_import_window_get_type ())
G_DECLARE_FINAL_TYPE (EqsImportWindow, eqs_import_window, EQS, IMPORT_WINDOW, GtkWindow)

/** @param parent (nullable) */
GtkWidget  *eqs_import_window_new      (GtkWindow *parent, EqsSession *session, const char *path);
/** Nothing is being read. */
gboolean    eqs_import_window_is_ready (EqsImportWindow *self);
/** What it says: why these data cannot be used as they are understood, or "" */
const char *eqs_import_window_get_refusal (EqsImportWindow *self);
/** The mapping as it is chosen, of EqsMeaning; (transfer none) */
GPtrArray  *eqs_import_window_get_mapped (EqsImportWindow *self);
/** As choosing it in the list of columns. @param is_class of what is told */
void        eqs_import_window_map      (EqsImportWindow *self, const char *name, EqsRole role, gboolean is_class);
/** As pressing the button. Closes when the data are bound. */
void        eqs_import_window_use      (EqsImportWindow *self);

G_END_DECLS

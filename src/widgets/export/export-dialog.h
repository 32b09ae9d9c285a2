#pragma once

/** The sheet "Export": what will be written and how large it is, then the files, compiled and tested where there is a compiler. */

#include "studio/session.h"
#include "widgets/export/compare-view.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_EXPORT_DIALOG (eqs_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (EqsExportDialog, eqs_export_dialog, EQS, EXPORT_DIALOG, GtkWindow)

GtkWidget *eqs_export_dialog_new       (GtkWindow *parent, EqsSession *session);
/** Where files will be written, as the chooser does. */
void       eqs_export_dialog_set_folder (EqsExportDialog *self, const char *folder);
/** As the button does. */
void       eqs_export_dialog_export    (EqsExportDialog *self);
/** Whether the last export has ended, well or not. */
gboolean   eqs_export_dialog_is_done   (EqsExportDialog *self);
/** Files written by the last export; ends with NULL. */
const char *const *eqs_export_dialog_get_files (EqsExportDialog *self);
/** What the compiler and the self-test said, in a sentence; NULL: not tried. */
const char *eqs_export_dialog_get_test (EqsExportDialog *self);

/** The comparison of one sample that follows an export of C. */
EqsCompareView    *eqs_export_dialog_get_compare (EqsExportDialog *self);

G_END_DECLS

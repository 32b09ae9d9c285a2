#pragma once

/** What the exported C takes on a device. The code is made in the background to know it: parameters times four bytes would be told wrongly, since filters are written expanded. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_EXPORT_SIZES (eqs_export_sizes_get_type ())
G_DECLARE_FINAL_TYPE (EqsExportSizeRows, eqs_export_sizes, EQS, EXPORT_SIZES, GtkWidget)

/** Rows with parameters and multiply-adds; the others follow eqs_export_sizes_measure. */
GtkWidget *eqs_export_sizes_new     (EqsSession *session);
/** Makes the code anew with these options and shows its sizes once they are known; an earlier measurement that has not ended is forgotten. */
void       eqs_export_sizes_measure (EqsExportSizeRows *self, gboolean plain, gboolean compact);
/** Bytes of constants in the code; 0: not known yet, or the code cannot be made. */
gsize      eqs_export_sizes_get_constants (EqsExportSizeRows *self);

G_END_DECLS

#pragma once

/** What the audit panel shows in tables, from the findings as they are kept (services/audit.h). */

#include "model/value.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** "3.7e-07", "0", or a dash where nothing was measured. (transfer full) */
char      *eqs_audit_dup_error     (const EqsMap *map, const char *key);
/** A line of text in a grid; the first column stands left, the others right. @param style (nullable) */
GtkWidget *eqs_audit_cell          (GtkWidget *grid, int row, int column, const char *text, const char *style);
/** Takes all cells out of the grid. */
void       eqs_audit_clear         (GtkWidget *grid);
/** One row an element, with its error against that of the control. */
void       eqs_audit_show_elements (GtkWidget *grid, const EqsMap *audit);

G_END_DECLS

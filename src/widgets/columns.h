#pragma once

/** Two parts beside each other where there is room, below each other where there is not. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_COLUMNS (eqs_columns_get_type ())
G_DECLARE_FINAL_TYPE (EqsColumns, eqs_columns, EQS, COLUMNS, GtkWidget)

/**
 * @param share     of the width that the first part takes when they are beside each other
 * @param at_most   its largest width then; 0: no limit
 * @param together  from this width on they are beside each other
 */
GtkWidget *eqs_columns_new (GtkWidget *first, GtkWidget *second, double share, int at_most, int together, int spacing);

G_END_DECLS

#pragma once

#include "data/meaning.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** said: of EqsMeaning, what was changed; borrowed. */
typedef void (*EqsColumnsFunc) (const GPtrArray *said, gpointer data);

/**
 * A window that asks how the files of molecules are to be read: which property is the energy, the forces …, and in what unit each
 * stands, beside the values of the first three samples.
 *
 * @param split  the training part of dataset, for the values; referenced
 * @param why    (nullable) what was wrong with the names as they are
 * @param func   called with data when “Use these” is pressed, before the window closes; not after parent is gone
 */
GtkWidget *eqs_columns_window_open (GtkWidget *parent, EqsDataset *dataset, EqsSplit *split, const char *why, EqsColumnsFunc func, gpointer data);
/** Whether there is something to ask: a set of molecules that is read from files. */
gboolean   eqs_columns_can_ask     (EqsDataset *dataset);

G_END_DECLS

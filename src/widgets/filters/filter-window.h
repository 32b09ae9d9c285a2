#pragma once

/** The filters that the symmetry allows to a steerable convolution: all of them, and what an element of the group makes of one. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_FILTER_WINDOW (eqs_filter_window_get_type ())
G_DECLARE_FINAL_TYPE (EqsFilterWindow, eqs_filter_window, EQS, FILTER_WINDOW, GtkWindow)

/** NULL: the node is no steerable convolution, or its types are not known. */
GtkWidget  *eqs_filter_window_new   (EqsSession *session, const char *path);
/** How many filters are shown; 0 while they are being computed. */
guint       eqs_filter_window_get_n (EqsFilterWindow *self);
/** "Largest difference 2e-16" for the filter and the element that are chosen. */
const char *eqs_filter_window_get_difference (EqsFilterWindow *self);
/** By index of the group. */
void        eqs_filter_window_set_element (EqsFilterWindow *self, int index);
gboolean    eqs_filters_exist       (EqsSession *session, const char *path);

G_END_DECLS

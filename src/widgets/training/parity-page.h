#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** An EqsTestPage: answers against truth, a plot a result with numbers. */
GtkWidget *eqs_parity_page_new (void);

G_END_DECLS

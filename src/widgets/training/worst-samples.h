#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** An EqsTestPage: the samples that a run answers worst, as pictures with what was told and what is true. */
GtkWidget *eqs_worst_samples_new (void);

G_END_DECLS

#pragma once

/** The matrix "True against told": how often which class was taken for which. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_CONFUSION (eqs_confusion_get_type ())
G_DECLARE_FINAL_TYPE (EqsConfusion, eqs_confusion, EQS, CONFUSION, GtkWidget)

GtkWidget *eqs_confusion_new (void);
/** @param counts (nullable) [n, n], the true class in the row; copied  @param names (nullable) of the classes, ends with NULL; copied */
void       eqs_confusion_set (EqsConfusion *self, const guint64 *counts, guint n, const char *const *names);

G_END_DECLS

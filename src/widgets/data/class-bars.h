#pragma once

/** How often each class occurs in a part, as bars with names and counts. */

#include "studio/survey.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *eqs_class_bars_new (void);
/** Shows nothing where the part has no classes. @param survey  (nullable) must live until another is set or the widget is gone */
void       eqs_class_bars_set (GtkWidget *bars, const EqsSurvey *survey, guint part);

G_END_DECLS

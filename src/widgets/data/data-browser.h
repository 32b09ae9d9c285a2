#pragma once

/** Samples of the bound data to leaf through: a page of pictures with what is known of each, of one part and, where there are classes, of one class. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_DATA_BROWSER (eqs_data_browser_get_type ())
G_DECLARE_FINAL_TYPE (EqsDataBrowser, eqs_data_browser, EQS, DATA_BROWSER, GtkWidget)

GtkWidget *eqs_data_browser_new (EqsSession *session);

G_END_DECLS

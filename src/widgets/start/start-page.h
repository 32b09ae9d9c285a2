#pragma once

/** The start page: three ways in, recent files, templates. What is chosen is told by signals; the window opens it. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_START_PAGE (eqs_start_page_get_type ())
G_DECLARE_FINAL_TYPE (EqsStartPage, eqs_start_page, EQS, START_PAGE, GtkWidget)

GtkWidget *eqs_start_page_new (void);

/* Signals: "template" (id of the template), "file" (GFile), "questions", "data", "empty". */

G_END_DECLS

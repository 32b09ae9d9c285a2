#pragma once

/** The sheet with ten questions: answers at the left, the design that follows at the right, live. */

#include "studio/questions.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_QUESTIONS (eqs_questions_get_type ())
G_DECLARE_FINAL_TYPE (EqsQuestions, eqs_questions, EQS, QUESTIONS, GtkWindow)

GtkWidget *eqs_questions_new        (void);

/* Signal "create" (EqsDocument): the design is wanted; the sheet closes itself afterwards. */

G_END_DECLS

#pragma once

/** The sheet with ten questions: answers at the left, the design that follows at the right, live. */

#include "data/dataset.h"
#include "studio/questions.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_QUESTIONS (eqs_questions_get_type ())
G_DECLARE_FINAL_TYPE (EqsQuestions, eqs_questions, EQS, QUESTIONS, GtkWindow)

GtkWidget *eqs_questions_new          (void);
/** Begins with what the data say of themselves: the kind of sample, and what is to be told. */
GtkWidget *eqs_questions_new_for_data (EqsDataset *dataset);

/* Signal "create" (EqsDocument): the design is wanted; the sheet closes itself afterwards. */

G_END_DECLS

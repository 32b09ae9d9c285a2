#pragma once

/** "Does my data have this symmetry?": a button that asks the bound data, and the answer for each move with its numbers. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_SYMMETRY_QUESTION (eqs_symmetry_question_get_type ())
G_DECLARE_FINAL_TYPE (EqsSymmetryQuestion, eqs_symmetry_question, EQS, SYMMETRY_QUESTION, GtkWidget)

GtkWidget *eqs_symmetry_question_new (EqsSession *session);

G_END_DECLS

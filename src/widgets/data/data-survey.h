#pragma once

/** Parts of the bound data with their sizes, which of them is trained on, how classes are spread, and whether a sample stands in two parts. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_DATA_SURVEY (eqs_data_survey_get_type ())
G_DECLARE_FINAL_TYPE (EqsDataSurvey, eqs_data_survey, EQS, DATA_SURVEY, GtkWidget)

GtkWidget *eqs_data_survey_new (EqsSession *session);

G_END_DECLS

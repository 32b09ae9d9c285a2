#pragma once

/** The test samples that a run answers worst, as pictures with what was told and what is true. Measured when the page is looked at. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_WORST_SAMPLES (eqs_worst_samples_get_type ())
G_DECLARE_FINAL_TYPE (EqsWorstSamples, eqs_worst_samples, EQS, WORST_SAMPLES, GtkWidget)

GtkWidget *eqs_worst_samples_new        (EqsSession *session);
/** The run whose best weights are asked. Nothing is measured before the page is active. @param run (nullable) */
void       eqs_worst_samples_show       (EqsWorstSamples *self, EqsTraining *run);
void       eqs_worst_samples_set_active (EqsWorstSamples *self, gboolean active);

G_END_DECLS

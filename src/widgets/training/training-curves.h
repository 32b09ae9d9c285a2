#pragma once

/** Curves of a run: loss, metric and symmetry error against the epoch, those of its twin and of runs it is compared with beside them, the confusion matrix, and a table. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_TRAINING_CURVES (eqs_training_curves_get_type ())
G_DECLARE_FINAL_TYPE (EqsTrainingCurves, eqs_training_curves, EQS, TRAINING_CURVES, GtkWidget)

GtkWidget *eqs_training_curves_new  (EqsSession *session);
/** @param twin (nullable) */
void       eqs_training_curves_show (EqsTrainingCurves *self, EqsTraining *run, EqsTraining *twin);
/** Draws the loss anew, with the batches since: between two epochs nothing else has changed. */
void       eqs_training_curves_show_steps (EqsTrainingCurves *self, EqsTraining *run);
/** 0: as measured; towards 1: the mean of ever more epochs before. Drawn at the next show. */
void       eqs_training_curves_set_smoothing (EqsTrainingCurves *self, double smoothing);
/** Exponential mean of what came before, started without a pull towards 0; NaN is passed over. @param out [n] */
void       eqs_curve_smooth (const double *y, guint n, double smoothing, double *out);

G_END_DECLS

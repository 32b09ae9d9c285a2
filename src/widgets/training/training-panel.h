#pragma once

/** The panel "Training": progress and figures of the run that is shown, its curves beside those of the twin and of other runs, and what can be done with it. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_TRAINING_PANEL (eqs_training_panel_get_type ())
G_DECLARE_FINAL_TYPE (EqsTrainingPanel, eqs_training_panel, EQS, TRAINING_PANEL, GtkWidget)

GtkWidget *eqs_training_panel_new (EqsSession *session);

G_END_DECLS

#pragma once

/** The plan of training as a form: each setting is a change of the design that can be undone. Beside it what augmentation does to samples. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_TRAIN_FORM (eqs_train_form_get_type ())
G_DECLARE_FINAL_TYPE (EqsTrainForm, eqs_train_form, EQS, TRAIN_FORM, GtkWidget)

GtkWidget *eqs_train_form_new (EqsSession *session);

G_END_DECLS

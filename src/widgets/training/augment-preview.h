#pragma once

/** Samples as the network sees them in training: each as it is, and turned at random below. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_AUGMENT_PREVIEW (eqs_augment_preview_get_type ())
G_DECLARE_FINAL_TYPE (EqsAugmentPreview, eqs_augment_preview, EQS, AUGMENT_PREVIEW, GtkWidget)

GtkWidget *eqs_augment_preview_new (EqsSession *session);

G_END_DECLS

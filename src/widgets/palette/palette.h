#pragma once

/** The left panel "Layers": what keeps the symmetry of the design, sought by words; below it what does not, with the reason. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_PALETTE (eqs_palette_get_type ())
G_DECLARE_FINAL_TYPE (EqsPalette, eqs_palette, EQS, PALETTE, GtkWidget)

/** A dragged row carries this and the layer's id as a text: "equistudio-layer:r2conv". */
#define EQS_PALETTE_DRAG_PREFIX "equistudio-layer:"

GtkWidget *eqs_palette_new (EqsSession *session);

G_END_DECLS

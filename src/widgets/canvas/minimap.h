#pragma once

/** A small map of the canvas: all cards and what is in view of them. A click or a drag on it moves the view. Shown by itself from 30 cards on. */

#include "widgets/canvas/canvas.h"

G_BEGIN_DECLS

#define EQS_TYPE_MINIMAP (eqs_minimap_get_type ())
G_DECLARE_FINAL_TYPE (EqsMinimap, eqs_minimap, EQS, MINIMAP, GtkWidget)

GtkWidget *eqs_minimap_new    (EqsCanvas *canvas);
/** From now on it is as a person wants it, however many cards there are. */
void       eqs_minimap_toggle (EqsMinimap *self);

G_END_DECLS

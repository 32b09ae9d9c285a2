#pragma once

/** Beside the pictures of a move: the residual with its verdict, what the results of the design do, and what inversion does to kinds of features. */

#include "studio/probe.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_MOVE_SIDE (eqs_move_side_get_type ())
G_DECLARE_FINAL_TYPE (EqsMoveSide, eqs_move_side, EQS, MOVE_SIDE, GtkWidget)

GtkWidget  *eqs_move_side_new    (void);
/** @param document whose nodes have the titles  @param result (nullable)  @param words what was done to the sample, a sentence */
void        eqs_move_side_show   (EqsMoveSide *self, EqsDocument *document, const EqsProbeResult *result, const char *words);
/** The text that is shown; borrowed from the label. */
const char *eqs_move_side_get_residual (EqsMoveSide *self);
/** Where more is put, below. */
GtkWidget  *eqs_move_side_get_box (EqsMoveSide *self);

G_END_DECLS

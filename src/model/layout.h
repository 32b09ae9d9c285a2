#pragma once

/** Places for nodes: a tidy layout from left to right, wrapped into rows like text. Units are those of a node's x and y. */

#include "model/document.h"

G_BEGIN_DECLS

/* A card, and the distance between the corners of neighbours. */
#define EQS_CARD_WIDTH    168
#define EQS_CARD_HEIGHT   80
#define EQS_COLUMN_PITCH  196
#define EQS_ROW_PITCH     184
#define EQS_LANE_PITCH    108

/** Writes the corner of each node of the graph, [n_nodes, 2]. At most n_columns (0: five) stand side by side. */
void     eqs_layout_compute     (const EqsGraph *graph, guint n_columns, double *xy);
/** Whether most cards lie exactly on another one, as in a design written by hand without positions. A few that overlap are as a person wants them. */
gboolean eqs_layout_is_needed   (const EqsGraph *graph);
/** Lays out the main graph of a document that has no history. */
gboolean eqs_layout_tidy        (EqsDocument *document, GError **error);

G_END_DECLS

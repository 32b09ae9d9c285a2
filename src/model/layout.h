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
/* From port to port on a card; the border of a frame around its cards, and the band of its title above them. */
#define EQS_PORT_PITCH    18.0
#define EQS_FRAME_PAD     16.0
#define EQS_FRAME_TITLE   26.0

/**
 * Writes the corner of each node of the graph, [n_nodes, 2]; the first is at the origin. A row is as wide as n_columns cards
 * (0: five). Members of a frame stay together, with nothing else in their frame.
 *
 * @param document  (nullable) whose frames count; NULL where the graph is not the main one
 * @param chosen    (nullable) [n_nodes] which nodes are laid out; others are left as they are in xy
 */
void     eqs_layout_compute     (EqsDocument *document, const EqsGraph *graph, const gboolean *chosen, guint n_columns, double *xy);
/** Whether most cards lie exactly on another one, as in a design written by hand without positions. A few that overlap are as a person wants them. */
gboolean eqs_layout_is_needed   (const EqsGraph *graph);
/** Lays out the main graph of a document that has no history. */
gboolean eqs_layout_tidy        (EqsDocument *document, GError **error);

G_END_DECLS

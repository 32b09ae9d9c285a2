#pragma once

/**
 * What message passing can tell apart. Colours of nodes, first by their numbers, are refined by the colours of the nodes that edges come from and
 * what those edges carry, until nothing changes (Weisfeiler & Leman 1968). Whatever networks of messages between neighbours make of two graphs
 * whose colours agree is the same (Xu et al. 2019, Morris et al. 2019), however long they are trained.
 */

#include "data/dataset.h"
#include "data/split.h"
#include "services/checkpoint.h"

G_BEGIN_DECLS

/** The nodes of one graph and what their colours say so far. Colours mean the same in every graph of a split. */
typedef struct EqsColouring EqsColouring;

/** Coloured by what the data say of nodes and edges alone. (transfer full) NULL: the split holds no graphs */
EqsColouring  *eqs_colouring_new  (EqsSplit *split, guint sample);
/** The split stays. */
void           eqs_colouring_free (EqsColouring *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsColouring, eqs_colouring_free)
/** One round: a node's next colour says its own and those of the nodes with an edge to it, each with what that edge carries, however often. */
void           eqs_colouring_step (EqsColouring *self);
/** (transfer none) [*n] by node, until the next step */
const guint64 *eqs_colouring_get  (const EqsColouring *self, gsize *n);
/** Numbers colours from 0 in an order that does not depend on where they stand. @param numbers [n] (nullable) filled in  @return how many there are */
guint          eqs_colours_number (const guint64 *colours, gsize n, gint32 *numbers);

typedef struct
{
  guint  n;             /**< graphs */
  guint  alike;         /**< with the colours of a graph of another class */
  double most_right;    /**< part that can be told right at most: of graphs with equal colours, those of the commonest class */
} EqsColourLimit;

/**
 * @return FALSE where nothing can be said: the answer is no class of a graph, or the design sees more than neighbours (pairs of nodes, random walks, a choice of nodes)
 */
gboolean eqs_colour_limit (const EqkProgram *program, EqsSplit *split, EqsColourLimit *out);

/** The same of the test part of a data set, or of the first part there is. FALSE also where that cannot be read: others tell of it. */
gboolean eqs_colour_limit_of_data (const EqkProgram *program, EqsDataset *dataset, EqsColourLimit *out);

/** For findings that are kept: {"message_passing": part that can be right, "alike": graphs, "graphs": all}, and back. (transfer full) */
EqsMap  *eqs_colour_limit_to_map   (const EqsColourLimit *self);
/** Of what the map does not say: all can be told right, no graphs. */
void     eqs_colour_limit_from_map (const EqsMap *map, EqsColourLimit *out);

/** The same in a sentence, or NULL where all graphs of different classes have different colours. (transfer full) */
char    *eqs_colour_limit_dup_text (const EqsColourLimit *self);

G_END_DECLS

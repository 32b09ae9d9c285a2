#pragma once

/**
 * What message passing can tell apart. Colours of nodes, first by their numbers, are refined by the colours of the nodes that edges come from and
 * what those edges carry, until nothing changes (Weisfeiler & Leman 1968). Whatever networks of messages between neighbours make of two graphs
 * whose colours agree is the same (Xu et al. 2019, Morris et al. 2019), however long they are trained.
 */

#include "data/split.h"
#include "services/checkpoint.h"

G_BEGIN_DECLS

typedef struct
{
  guint  n;             /**< graphs */
  guint  alike;         /**< with the colours of a graph of another class */
  double most_right;    /**< part that can be told right at most: of graphs with equal colours, those of the commonest class */
} EqsColourLimit;

/**
 * @return FALSE where nothing can be said: the answer is no class of a graph, or the design sees more than neighbours (pairs of nodes, random walks)
 */
gboolean eqs_colour_limit (EqsModel *model, EqsSplit *split, EqsColourLimit *out);

/** The same in a sentence, or NULL where all graphs of different classes have different colours. (transfer full) */
char    *eqs_colour_limit_dup_text (const EqsColourLimit *self);

G_END_DECLS

#pragma once

/** Orders of n things: order[k] is the row to which thing k goes. Step by step as swaps; for people as cycles. */

#include <glib.h>

G_BEGIN_DECLS

/** The swaps, n - 1 pairs of things, by which a random order is reached; the same for the same seed. (transfer full) [n - 1, 2] */
gint32 *eqs_order_swaps      (guint32 seed, gsize n);
/** The order after the first n_done swaps. @param order  [n], filled in */
void    eqs_order_after      (const gint32 *swaps, gsize n_done, gint32 *order, gsize n);
/** "(1 4 2)(3 5)", counted from 1; what stays is left out, "" when all does. Cut with dots after about `most` bytes. (transfer full) */
char   *eqs_order_dup_cycles (const gint32 *order, gsize n, gsize most);

/**
 * Colour refinement (the test of Weisfeiler and Leman): a node's next colour says its own and those of the nodes with an edge to it, however often
 * each. What a network of k layers of messages can tell at most is what k rounds tell.
 *
 * @param links    [n_links, 2] from, to
 * @param features [n] colours to begin with: equal numbers, equal colour
 * @param colours  [n] after that many rounds, numbered from 0 in an order that does not depend on how nodes are numbered
 * @return how many colours there are
 */
guint   eqs_refine           (const gint32 *links, gsize n_links, gsize n, const gint32 *features, guint rounds, gint32 *colours);
/** Numbers equal rows of features alike. (transfer full) [n] */
gint32 *eqs_refine_begin     (const float *rows, gsize n, gsize width);

G_END_DECLS

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

G_END_DECLS

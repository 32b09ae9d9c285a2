#pragma once

/** What a look of the probe at a set or a graph shows: the sample as it is, in another order, and put back; features of the wire below. */

#include "draw/graph.h"
#include "studio/probe.h"

G_BEGIN_DECLS

/** What does not change while nodes change places. */
typedef struct
{
  gsize   n, n_links;
  double *places;          /**< owned (nullable) [n, 2]: of a graph; NULL for sets and for graphs that are too large */
  gint32 *links;           /**< owned (nullable) */
  guint8 *one_way;         /**< owned (nullable): links that no other leads back along */
  int     h, w;            /**< of pictures as elements; 0 where they are none */
} EqsOrderSample;

/** @param column (nullable) the input's column of the data */
EqsOrderSample *eqs_order_sample_new  (const EqsProbeResult *result, const EqsColumn *column);
/** With places and links. */
void            eqs_order_sample_free (EqsOrderSample *self);

/** Draws one of the three: 0 as it is, 1 in another order, 2 put back. @param channel that colours nodes and fills matrices */
void  eqs_draw_order      (cairo_t *cr, const EqsProbeResult *result, const EqsOrderSample *sample, int which, gsize channel, const EqsFieldTheme *theme,
                           double x, double y, double width, double height);
/** The node under a place of such a picture; -1: none. */
int   eqs_order_pick      (const EqsOrderSample *sample, double width, double height, double x, double y);
/** "Node 3: 0.12", of node number `node` of the sample as it is. (transfer full) */
char *eqs_order_describe  (const EqsProbeResult *result, int which, gsize channel, int node);
/** Channels that can be chosen. */
gsize eqs_order_n_channels (const EqsProbeResult *result);
/** What stands below the sample, in words: "Features, a row a node". (transfer full) */
char *eqs_order_dup_below  (const EqsProbeResult *result, gsize channel);

G_END_DECLS

#pragma once

/** Graphs on paper: where nodes go, and how they are drawn with colours, numbers and widths of edges. */

#include "draw/fields.h"

G_BEGIN_DECLS

enum { EQS_GRAPH_MOST = 1500 };      /* nodes that are laid out */

/**
 * Nodes push each other away and edges pull (Fruchterman and Reingold 1991), from a circle; of small graphs also from other places, always the same
 * ones, and the least tangled is taken. Fewer steps for larger graphs. At the end nodes that lie on each other are moved apart.
 * @param links  [n_links, 2]
 * @return (transfer full) [n, 2] within -1 .. 1
 */
double *eqs_graph_layout (gsize n, const gint32 *links, gsize n_links);

/** Borrowed. */
typedef struct
{
  gsize          n, n_links;
  const double  *places;        /**< [n, 2] */
  const gint32  *links;         /**< [n_links, 2] */
  const guint32 *colours;       /**< (nullable) [n] */
  const float   *weights;       /**< (nullable) [n_links] 0 .. 1: widths */
  const gint32  *names;         /**< (nullable) [n] numbers drawn in nodes */
  const guint8  *one_way;       /**< (nullable) [n_links]: which links are drawn as arrows from their first node to their second */
} EqsGraphPicture;

/** Which links no link leads back along: those of a directed graph. (transfer full) [n_links], 1 or 0 */
guint8 *eqs_graph_one_way (const gint32 *links, gsize n_links);
/** Links, nodes and, where there is room, their numbers, in a rectangle of the paper. A link of a node with itself is a ring beside it. */
void    eqs_draw_graph   (cairo_t *cr, const EqsGraphPicture *graph, const EqsFieldTheme *theme, double x, double y, double width, double height);
/** The node under a place of such a picture; -1: none. */
int     eqs_graph_pick   (const EqsGraphPicture *graph, double width, double height, double x, double y);

/** A table of numbers as squares: rows, columns; colour for positive, the theme's negative for others; at full strength at `scale`. */
void    eqs_draw_table   (cairo_t *cr, const float *values, gsize rows, gsize columns, gsize stride, double scale, guint32 colour, const EqsFieldTheme *theme,
                          double x, double y, double width, double height);
/** From nearly white to the colour, or to the negative one. */
guint32 eqs_value_colour (double part, guint32 positive, const EqsFieldTheme *theme);

G_END_DECLS

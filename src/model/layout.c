/*
 * The tidy layout. What is laid out are units: a frame with all its members, or a node alone. A unit's rank is the length of
 * the longest way to it; ranks are columns, wrapped into rows as words are into lines, so that a chain of thirty layers fits a
 * page. Units of one rank lie in lanes, in the order of the mean lane of what feeds them: one pass of the barycentre rule,
 * enough for networks, whose branches are short. Inside a frame its members are laid out in the same way.
 */

#include "model/layout.h"

#include "eqk/layer.h"

#include <math.h>
#include <string.h>

/* Distance of neighbours: beside and above each other within a row, and from row to row, where wires turn back. */
#define BESIDE (EQS_COLUMN_PITCH - EQS_CARD_WIDTH)
#define ABOVE  (EQS_LANE_PITCH - EQS_CARD_HEIGHT)
#define ROWS   (EQS_ROW_PITCH - EQS_CARD_HEIGHT)

typedef struct
{
  guint  unit, rank, lane;
  double mean;              /* lane of what feeds it */
  double width, height;     /* of its cards */
  double pad, title;        /* of its frame, around the cards and above them; 0: a node alone */
  double x, y;              /* of its first card */
} Place;

typedef struct
{
  const EqsGraph *graph;
  guint           n;             /* nodes */
  int            *unit_of;       /* owned: of each node; -1: not laid out */
  GArray         *edges;         /* owned: pairs of nodes; those to the enclosing block are left out */
  double         *heights;       /* owned: of the cards */
  double          wrap;          /* width at which a row ends */
  double         *xy;            /* borrowed: the result */
} Layout;

static int
index_of (const EqsGraph *graph, const char *id)
{
  const EqsNode *node = id[0] == '\0' ? NULL : eqs_graph_find_node ((EqsGraph *) graph, id);

  return node == NULL ? -1 : eqs_graph_index_of (graph, node);
}

static GArray *
edges_of (const EqsGraph *graph)
{
  GArray *edges = g_array_new (FALSE, FALSE, 2 * sizeof (int));

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);
      const int      edge[2] = { index_of (graph, link->from_node), index_of (graph, link->to_node) };

      if (edge[0] >= 0 && edge[1] >= 0)
        g_array_append_vals (edges, edge, 1);
    }
  return edges;
}

static guint
count_ports (const EqkPort *ports)
{
  guint n = 0;

  while (ports != NULL && ports[n].name != NULL)
    n++;
  return n;
}

/* A card grows with its ports. */
static double *
heights_of (const EqsGraph *graph, guint n)
{
  double *heights = g_new (double, n + 1);

  for (guint i = 0; i < n; i++)
    {
      const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (eqs_graph_get_node (graph, i)));
      const guint         ports = layer == NULL ? 1 : MAX (count_ports (layer->inputs), count_ports (layer->outputs));

      heights[i] = EQS_CARD_HEIGHT + EQS_PORT_PITCH * (MAX (ports, 1) - 1);
    }
  return heights;
}

/* ---- frames ---- */

/*
 * Whether a way from the members leads out and back in: such a frame cannot stand as one block from left to right. Frames that
 * are units already count as one.
 */
static gboolean
is_interleaved (const Layout *self, const gboolean *member)
{
  g_autofree gboolean *after = g_new0 (gboolean, 2 * self->n + 1);     /* by unit */
  gboolean changed = TRUE;

  while (changed)
    {
      changed = FALSE;
      for (guint i = 0; i < self->edges->len; i++)
        {
          const int *edge = &g_array_index (self->edges, int, 2 * i), from = self->unit_of[edge[0]], to = self->unit_of[edge[1]];

          if (from < 0 || to < 0 || (!member[edge[0]] && !after[from]))
            continue;
          if (member[edge[1]] && !member[edge[0]])
            return TRUE;
          if (!member[edge[1]] && !after[to])
            after[to] = changed = TRUE;
        }
    }
  return FALSE;
}

/* The members of a frame become one unit, unless another has them or they are not all to be laid out. */
static gboolean
take_frame (Layout *self, const EqsMap *frame, int unit)
{
  const EqsValue      *members = eqs_map_get (frame, "members");
  g_autofree gboolean *member = g_new0 (gboolean, self->n + 1);
  gboolean             any = FALSE;

  for (guint i = 0; members != NULL && i < eqs_value_get_length (members); i++)
    {
      const char *id = eqs_value_get_string (eqs_value_get_item (members, i));
      const int   at = id == NULL ? -1 : index_of (self->graph, id);

      if (at < 0)
        continue;
      if (self->unit_of[at] < (int) self->n)
        return FALSE;
      member[at] = any = TRUE;
    }
  if (!any || is_interleaved (self, member))
    return FALSE;
  for (guint i = 0; i < self->n; i++)
    if (member[i])
      self->unit_of[i] = unit;
  return TRUE;
}

/* ---- ranks and lanes ---- */

/* Longest ways, by relaxing all edges until nothing changes; in a cycle, ranks stop at the number of units. */
static void
find_ranks (GArray *edges, Place *places, guint n)
{
  gboolean changed = TRUE;

  for (guint pass = 0; pass < n && changed; pass++)
    {
      changed = FALSE;
      for (guint i = 0; i < edges->len; i++)
        {
          const int *edge = &g_array_index (edges, int, 2 * i);

          if (places[edge[1]].rank <= places[edge[0]].rank && places[edge[0]].rank + 1 < n)
            {
              places[edge[1]].rank = places[edge[0]].rank + 1;
              changed = TRUE;
            }
        }
    }
}

static int
by_rank_and_mean (gconstpointer a, gconstpointer b)
{
  const Place *p = a, *q = b;

  if (p->rank != q->rank)
    return p->rank < q->rank ? -1 : 1;
  if (p->mean != q->mean)
    return p->mean < q->mean ? -1 : 1;
  return p->unit < q->unit ? -1 : 1;
}

/* Lanes of one rank after the other; places are sorted by rank at the end. */
static void
find_lanes (GArray *edges, Place *places, guint n)
{
  g_autofree guint *lane_of = g_new0 (guint, n + 1);

  qsort (places, n, sizeof *places, by_rank_and_mean);
  for (guint first = 0; first < n;)
    {
      guint last = first;

      while (last < n && places[last].rank == places[first].rank)
        {
          double sum = 0, count = 0;

          for (guint i = 0; i < edges->len; i++)
            if (g_array_index (edges, int, 2 * i + 1) == (int) places[last].unit)
              {
                sum += lane_of[g_array_index (edges, int, 2 * i)];
                count++;
              }
          places[last++].mean = count > 0 ? sum / count : 0;
        }
      qsort (places + first, last - first, sizeof *places, by_rank_and_mean);
      for (guint i = first; i < last; i++)
        lane_of[places[i].unit] = places[i].lane = i - first;
      first = last;
    }
}

/* ---- places ---- */

/* Columns from left to right and rows from top to bottom; places are sorted by rank. Writes the extent. */
static void
place_units (Place *places, guint n, double wrap, double *width, double *height)
{
  double x = 0, top = 0, bottom = 0;

  *width = 0;
  for (guint first = 0; first < n;)
    {
      double widest = 0, left_pad = 0, y;
      guint  last = first;

      for (; last < n && places[last].rank == places[first].rank; last++)
        {
          widest = MAX (widest, places[last].width + places[last].pad);
          left_pad = MAX (left_pad, places[last].pad);
        }
      if (x > 0 && x + left_pad + widest > wrap)
        {
          x = 0;
          top = bottom + ROWS;
        }
      x += x > 0 ? left_pad : 0;
      y = top;
      for (guint i = first; i < last; i++)
        {
          y += i > first ? places[i].title : 0;
          places[i].x = x;
          places[i].y = y;
          bottom = MAX (bottom, y + places[i].height);
          *width = MAX (*width, x + places[i].width);
          y += places[i].height + places[i].pad + ABOVE;
        }
      x += widest + BESIDE;
      first = last;
    }
  *height = bottom;
}

/* Lays out the nodes of one unit, or the units themselves (unit < 0). Writes corners relative to the first card. */
static void
lay_out (const Layout *self, int unit, Place *units, guint n_units, double *width, double *height)
{
  g_autoptr (GArray)  edges = g_array_new (FALSE, FALSE, 2 * sizeof (int));
  g_autofree int     *local = g_new (int, self->n + 1);
  g_autofree Place   *nodes = unit < 0 ? NULL : g_new0 (Place, self->n + 1);
  g_autofree guint   *node_of = unit < 0 ? NULL : g_new0 (guint, self->n + 1);
  Place              *places = unit < 0 ? units : nodes;
  guint               n = unit < 0 ? n_units : 0;

  for (guint i = 0; i < self->n; i++)
    {
      local[i] = unit < 0 ? self->unit_of[i] : -1;
      if (unit < 0 || self->unit_of[i] != unit)
        continue;
      node_of[n] = i;
      nodes[n] = (Place) { .unit = n, .width = EQS_CARD_WIDTH, .height = self->heights[i] };
      local[i] = (int) n++;
    }
  for (guint i = 0; i < self->edges->len; i++)
    {
      const int *edge = &g_array_index (self->edges, int, 2 * i), pair[2] = { local[edge[0]], local[edge[1]] };

      if (pair[0] >= 0 && pair[1] >= 0 && pair[0] != pair[1])
        g_array_append_vals (edges, pair, 1);
    }
  find_ranks (edges, places, n);
  find_lanes (edges, places, n);
  place_units (places, n, self->wrap, width, height);
  for (guint i = 0; unit >= 0 && i < n; i++)
    {
      self->xy[2 * node_of[places[i].unit]] = places[i].x;
      self->xy[2 * node_of[places[i].unit] + 1] = places[i].y;
    }
}

/* Numbers the units from 0: frames first, then nodes alone. */
static guint
make_units (Layout *self, EqsDocument *document, const gboolean *chosen)
{
  guint n_frames = 0, n_units;

  /* Until they are in a unit, nodes that take part have a number from n on. */
  for (guint i = 0; i < self->n; i++)
    self->unit_of[i] = chosen == NULL || chosen[i] ? (int) (self->n + i) : -1;
  for (guint i = 0; document != NULL && i < eqs_document_get_n_items (document, EQS_ITEM_FRAME); i++)
    n_frames += take_frame (self, eqs_document_get_item (document, EQS_ITEM_FRAME, i), (int) n_frames);
  n_units = n_frames;
  for (guint i = 0; i < self->n; i++)
    if (self->unit_of[i] >= (int) self->n)
      self->unit_of[i] = (int) n_units++;
  return n_frames;
}

void
eqs_layout_compute (EqsDocument *document, const EqsGraph *graph, const gboolean *chosen, guint n_columns, double *xy)
{
  g_return_if_fail (document == NULL || EQS_IS_DOCUMENT (document));

  const guint       n = eqs_graph_get_n_nodes (graph);
  Layout            self = { .graph = graph, .n = n, .unit_of = g_new0 (int, n + 1), .edges = edges_of (graph), .heights = heights_of (graph, n), .xy = xy };
  g_autofree Place *units = g_new0 (Place, n + 1);
  g_autofree guint *place_of = g_new0 (guint, n + 1);
  double            width, height;
  guint             n_units = 0, n_frames;

  self.wrap = (n_columns == 0 ? 5 : n_columns) * EQS_COLUMN_PITCH + 2 * (BESIDE + EQS_FRAME_PAD);
  n_frames = make_units (&self, document, chosen);
  for (guint i = 0; i < n; i++)
    if (self.unit_of[i] >= 0)
      {
        const guint unit = (guint) self.unit_of[i];
        const gboolean framed = unit < n_frames;

        n_units = MAX (n_units, unit + 1);
        units[unit] = (Place) { .unit = unit, .width = EQS_CARD_WIDTH, .height = self.heights[i], .pad = framed ? EQS_FRAME_PAD : 0, .title = framed ? EQS_FRAME_TITLE : 0 };
        if (!framed)
          xy[2 * i] = xy[2 * i + 1] = 0;
      }
  for (guint unit = 0; unit < n_frames; unit++)
    lay_out (&self, (int) unit, NULL, 0, &units[unit].width, &units[unit].height);
  lay_out (&self, -1, units, n_units, &width, &height);
  for (guint i = 0; i < n_units; i++)
    place_of[units[i].unit] = i;
  for (guint i = 0; i < n; i++)
    if (self.unit_of[i] >= 0)
      {
        xy[2 * i] += units[place_of[self.unit_of[i]]].x;
        xy[2 * i + 1] += units[place_of[self.unit_of[i]]].y;
      }
  g_free (self.unit_of);
  g_free (self.heights);
  g_array_unref (self.edges);
}

gboolean
eqs_layout_is_needed (const EqsGraph *graph)
{
  const guint n = eqs_graph_get_n_nodes (graph);
  guint       heaped = 0;

  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < n; k++)
      if (k != i && fabs (eqs_node_get_x (eqs_graph_get_node (graph, i)) - eqs_node_get_x (eqs_graph_get_node (graph, k))) < 1 &&
          fabs (eqs_node_get_y (eqs_graph_get_node (graph, i)) - eqs_node_get_y (eqs_graph_get_node (graph, k))) < 1)
        {
          heaped++;
          break;
        }
  return 2 * heaped > n;
}

gboolean
eqs_layout_tidy (EqsDocument *document, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  EqsGraph          *graph = eqs_document_get_graph (document, NULL);
  const guint        n = eqs_graph_get_n_nodes (graph);
  g_autofree double *xy = g_new0 (double, 2 * n + 2);

  eqs_layout_compute (document, graph, NULL, 0, xy);
  for (guint i = 0; i < n; i++)
    if (!eqs_document_move_node (document, eqs_node_get_id (eqs_graph_get_node (graph, i)), xy[2 * i], xy[2 * i + 1], error))
      return FALSE;
  return TRUE;
}

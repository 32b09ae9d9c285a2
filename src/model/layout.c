/*
 * The tidy layout. A node's rank is the length of the longest way to it; ranks are columns, wrapped into rows as words are
 * into lines, so that a chain of thirty layers fits a page. Nodes of one rank lie in lanes, in the order of the mean lane of
 * what feeds them: one pass of the barycentre rule, enough for networks, whose branches are short.
 */

#include "model/layout.h"

#include <math.h>
#include <string.h>

typedef struct
{
  guint  node, rank, lane;
  double mean;              /* lane of what feeds it */
} Place;

static int
index_of (const EqsGraph *graph, const char *id)
{
  const EqsNode *node = id[0] == '\0' ? NULL : eqs_graph_find_node ((EqsGraph *) graph, id);

  return node == NULL ? -1 : eqs_graph_index_of (graph, node);
}

/* Links as pairs of indices; those to the enclosing block are left out. */
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

/* Longest ways, by relaxing all edges until nothing changes; in a cycle, ranks stop at the number of nodes. */
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
  return p->node < q->node ? -1 : 1;
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
            if (g_array_index (edges, int, 2 * i + 1) == (int) places[last].node)
              {
                sum += lane_of[g_array_index (edges, int, 2 * i)];
                count++;
              }
          places[last++].mean = count > 0 ? sum / count : 0;
        }
      qsort (places + first, last - first, sizeof *places, by_rank_and_mean);
      for (guint i = first; i < last; i++)
        lane_of[places[i].node] = places[i].lane = i - first;
      first = last;
    }
}

void
eqs_layout_compute (const EqsGraph *graph, guint n_columns, double *xy)
{
  const guint         n = eqs_graph_get_n_nodes (graph);
  g_autoptr (GArray)  edges = edges_of (graph);
  g_autofree Place   *places = g_new0 (Place, n + 1);
  double              top = 0;
  guint               row = 0, lanes = 1;

  n_columns = n_columns == 0 ? 5 : n_columns;
  for (guint i = 0; i < n; i++)
    places[i].node = i;
  find_ranks (edges, places, n);
  find_lanes (edges, places, n);
  for (guint i = 0; i < n; i++)
    {
      if (places[i].rank / n_columns != row)
        {
          top += EQS_ROW_PITCH + (lanes - 1.0) * EQS_LANE_PITCH;
          row = places[i].rank / n_columns;
          lanes = 1;
        }
      lanes = MAX (lanes, places[i].lane + 1);
      xy[2 * places[i].node] = (places[i].rank % n_columns) * EQS_COLUMN_PITCH;
      xy[2 * places[i].node + 1] = top + places[i].lane * EQS_LANE_PITCH;
    }
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
  EqsGraph          *graph = eqs_document_get_graph (document, NULL);
  const guint        n = eqs_graph_get_n_nodes (graph);
  g_autofree double *xy = g_new0 (double, 2 * n + 2);

  eqs_layout_compute (graph, 0, xy);
  for (guint i = 0; i < n; i++)
    if (!eqs_document_move_node (document, eqs_node_get_id (eqs_graph_get_node (graph, i)), xy[2 * i], xy[2 * i + 1], error))
      return FALSE;
  return TRUE;
}

/* Where a node stands that has just come between two others: in line with them, with a place of its own. */

#include "model/document-private.h"

#include "model/layout.h"

#include <math.h>

#define GAP   12.0                           /* between cards below each other */
#define REACH 40                             /* half columns and half lanes in which a free place is sought */
#define LEAST (EQS_COLUMN_PITCH - 20.0)      /* nearer than this, cards are too close to see the wire between */

static gboolean
stands_in_row (const EqsNode *node, const EqsNode *other)
{
  return other != node && fabs (eqs_node_get_y (other) - eqs_node_get_y (node)) < EQS_CARD_HEIGHT;
}

static void
move (EqsDocument *self, const char *scope, const EqsNode *node, double x, double y)
{
  g_autofree char *path = scope[0] == '\0' ? g_strdup (eqs_node_get_id (node)) : g_strconcat (scope, "/", eqs_node_get_id (node), NULL);

  if (x != eqs_node_get_x (node) || y != eqs_node_get_y (node))
    eqs_document_move_node (self, path, x, y, NULL);
}

/* All that stands behind it in its row goes right by what is missing to the nearest. */
static void
push_right (EqsDocument *self, EqsGraph *graph, const char *scope, const EqsNode *node, double behind)
{
  double nearest = G_MAXDOUBLE, step;

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode *other = eqs_graph_get_node (graph, i);

      if (stands_in_row (node, other) && eqs_node_get_x (other) > behind)
        nearest = MIN (nearest, eqs_node_get_x (other));
    }
  if (nearest == G_MAXDOUBLE || nearest >= eqs_node_get_x (node) + LEAST)
    return;
  step = eqs_node_get_x (node) + EQS_COLUMN_PITCH - nearest;
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode *other = eqs_graph_get_node (graph, i);

      if (stands_in_row (node, other) && eqs_node_get_x (other) > behind)
        move (self, scope, other, eqs_node_get_x (other) + step, eqs_node_get_y (other));
    }
}

/* A frame that holds both ends of a link holds what comes between them. */
static void
join_frames (EqsDocument *self, const char *scope, const char *id, const char *before, const char *after)
{
  const char *const ends[] = { before, after, id };
  g_autofree char  *prefix = scope[0] == '\0' ? g_strdup ("") : g_strconcat (scope, "/", NULL);

  for (guint i = 0; i < eqs_document_get_n_items (self, EQS_ITEM_FRAME); i++)
    {
      const EqsMap   *frame = eqs_document_get_item (self, EQS_ITEM_FRAME, i);
      const EqsValue *members = eqs_map_get (frame, "members");
      g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (EqsValue)  value = NULL;
      guint           n_found = 0;

      if (members == NULL || !eqs_value_is_strings (members))
        continue;
      for (guint k = 0; k < eqs_value_get_length (members); k++)
        {
          const char *member = eqs_value_get_string (eqs_value_get_item (members, k));

          g_ptr_array_add (all, g_strdup (member));
          for (guint e = 0; e < G_N_ELEMENTS (ends); e++)
            if (g_str_has_prefix (member, prefix) && g_str_equal (member + strlen (prefix), ends[e]))
              n_found += e < 2 ? 1 : 3;      /* it is there already */
        }
      if (n_found != 2)
        continue;
      g_ptr_array_add (all, g_strconcat (prefix, id, NULL));
      g_ptr_array_add (all, NULL);
      value = eqs_value_new_strings ((const char *const *) all->pdata);
      eqs_document_set_item_field (self, EQS_ITEM_FRAME, eqs_map_get_string (frame, "id", ""), "members", value, NULL);
    }
}

/* Another node stands where this one is, in the row before the one it leads to. */
static gboolean
is_taken (EqsGraph *graph, const EqsNode *node, const EqsNode *last)
{
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode *other = eqs_graph_get_node (graph, i);

      if (other != last && stands_in_row (node, other) && fabs (eqs_node_get_x (other) - eqs_node_get_x (node)) < LEAST)
        return TRUE;
    }
  return FALSE;
}

void
eqs_document_make_room (EqsDocument *self, const char *scope, const char *id, const char *before, const char *after)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));

  scope = scope == NULL ? "" : scope;

  EqsGraph      *graph = eqs_document_get_graph (self, scope);
  EqsNode       *node = graph == NULL ? NULL : eqs_graph_find_node (graph, id);
  const EqsNode *first = node == NULL || before == NULL ? NULL : eqs_graph_find_node (graph, before);
  const EqsNode *last = node == NULL || after == NULL ? NULL : eqs_graph_find_node (graph, after);
  double         behind;

  if (node == NULL || (first == NULL && last == NULL))
    return;
  if (first != NULL && last != NULL)
    join_frames (self, scope, id, before, after);
  behind = eqs_node_get_x (node);
  if (first != NULL && stands_in_row (node, first) && eqs_node_get_x (first) < eqs_node_get_x (node) + LEAST)
    {
      behind = eqs_node_get_x (first) + 1;
      move (self, scope, node, MAX (eqs_node_get_x (node), eqs_node_get_x (first) + EQS_COLUMN_PITCH), eqs_node_get_y (first));
    }
  else if (last != NULL && stands_in_row (node, last) && eqs_node_get_x (last) > eqs_node_get_x (node) - LEAST)
    {
      const double x = is_taken (graph, node, last) ? eqs_node_get_x (last) : eqs_node_get_x (node);

      behind = MIN (x, eqs_node_get_x (last)) - 1;
      move (self, scope, node, x, eqs_node_get_y (last));
    }
  push_right (self, graph, scope, node, behind);
}

/* ---- a place of its own ---- */

static gboolean
is_free (EqsGraph *graph, double x, double y)
{
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode *other = eqs_graph_get_node (graph, i);

      if (fabs (eqs_node_get_x (other) - x) < LEAST && fabs (eqs_node_get_y (other) - y) < EQS_CARD_HEIGHT + GAP)
        return FALSE;
    }
  return TRUE;
}

void
eqs_document_find_free_place (EqsDocument *self, const char *scope, double *x, double *y)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));

  EqsGraph    *graph = eqs_document_get_graph (self, scope == NULL ? "" : scope);
  const double from_x = *x, from_y = *y;
  double       least = G_MAXDOUBLE;

  if (graph == NULL || is_free (graph, from_x, from_y))
    return;
  for (int column = -REACH; column <= REACH; column++)
    for (int row = -REACH; row <= REACH; row++)
      {
        const double at_x = from_x + column * EQS_COLUMN_PITCH / 2.0, at_y = from_y + row * EQS_LANE_PITCH / 2.0;
        const double far = hypot (at_x - from_x, at_y - from_y) + (row < 0 ? 1 : 0);      /* rather below than above */

        if (far < least && is_free (graph, at_x, at_y))
          {
            least = far;
            *x = at_x;
            *y = at_y;
          }
      }
}

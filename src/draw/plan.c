/*
 * The plan: a card for each node with its ports, where the design has it or where the tidy layout puts it, and a route for each
 * wire. Wires go straight or in a curve to the right; one that would run over a card, or back to the left, takes the lane
 * between two rows, as a line break does.
 */

#include "draw/plan.h"


#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

char *
eqs_count_dup_text (gint64 count)
{
  g_autofree char *digits = g_strdup_printf ("%" PRId64, count);
  const gsize      n = strlen (digits);
  GString         *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      g_string_append_c (text, digits[i]);
      if ((n - 1 - i) % 3 == 0 && i + 1 < n && digits[i] != '-')
        g_string_append_c (text, ',');
    }
  return g_string_free (text, FALSE);
}

/* ---- cards ---- */

static void
add_port (GPtrArray *ports, const char *name)
{
  for (guint i = 0; i < ports->len; i++)
    if (strcmp (ports->pdata[i], name) == 0)
      return;
  g_ptr_array_add (ports, (char *) name);
}

int
eqs_plan_find (const EqsPlan *self, const char *id)
{
  gpointer index;

  return g_hash_table_lookup_extended (self->index, id, NULL, &index) ? GPOINTER_TO_INT (index) : -1;
}

static void
plan_ports (EqsPlan *self)
{
  for (guint i = 0; i < self->n_cards; i++)
    {
      EqsPlanCard *card = &self->cards[i];

      card->inputs = g_ptr_array_new ();
      card->outputs = g_ptr_array_new ();
      for (const EqkPort *p = card->layer == NULL ? NULL : card->layer->inputs; p != NULL && p->name != NULL; p++)
        add_port (card->inputs, p->name);
      for (const EqkPort *p = card->layer == NULL ? NULL : card->layer->outputs; p != NULL && p->name != NULL; p++)
        add_port (card->outputs, p->name);
    }
  for (guint i = 0; i < eqs_graph_get_n_links (self->graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (self->graph, i);
      const int      from = eqs_plan_find (self, link->from_node), to = eqs_plan_find (self, link->to_node);

      if (from >= 0)
        add_port (self->cards[from].outputs, link->from_port);
      if (to >= 0)
        add_port (self->cards[to].inputs, link->to_port);
    }
}

/* Kernel nodes by the path of the document that they come from: the first copy of each. */
static GHashTable *
kernel_nodes (const EqsCheck *check)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const EqkGraph *graph = check == NULL || check->typed == NULL ? NULL : eqk_typed_graph (check->typed);
  const int n = graph == NULL ? 0 : eqk_graph_n_nodes (graph);

  for (int i = 0; i < n; i++)
    {
      char *path = eqs_compile_dup_path (eqk_graph_node_id (graph, i));

      if (g_hash_table_contains (table, path))
        g_free (path);
      else
        g_hash_table_insert (table, path, GINT_TO_POINTER (i));
    }
  return table;
}

static void
plan_check (EqsPlan *self)
{
  g_autoptr (GHashTable) kernel = kernel_nodes (self->check);
  const gsize prefix = strlen (self->scope);

  for (guint i = 0; i < self->n_cards; i++)
    {
      gpointer index;

      self->cards[i].kernel_node = g_hash_table_lookup_extended (kernel, self->cards[i].path, NULL, &index) ? GPOINTER_TO_INT (index) : -1;
    }
  for (guint k = 0; self->check != NULL && prefix == 0 && k < self->check->nodes->len; k++)
    {
      const EqsNodeCost *cost = &g_array_index (self->check->nodes, EqsNodeCost, k);
      const int          at = eqs_plan_find (self, cost->id);

      if (at < 0)
        continue;
      self->cards[at].parameters = cost->parameters;
      self->cards[at].macs = cost->macs;
      if (cost->kernel_node >= 0)
        self->cards[at].kernel_node = cost->kernel_node;
    }
  for (guint k = 0; self->check != NULL && k < self->check->problems->len; k++)
    {
      const EqsProblem *problem = g_ptr_array_index (self->check->problems, k);
      const char       *path = problem->node;
      g_autofree char  *id = NULL;
      int at;

      if (path == NULL || !g_str_has_prefix (path, self->scope))
        continue;
      path += prefix > 0 ? prefix + 1 : 0;
      id = g_strndup (path, strcspn (path, "/"));
      at = eqs_plan_find (self, id);
      if (at >= 0)
        self->cards[at].worst = MAX (self->cards[at].worst, (int) problem->severity);
    }
  for (guint i = 0; i < self->n_cards; i++)
    {
      EqsPlanCard *card = &self->cards[i];

      card->waiting = self->check != NULL && card->layer != NULL && card->outputs->len > 0 && card->worst < EQK_SEVERITY_ERROR &&
                      !eqs_node_is_bypassed (card->node) && eqs_plan_output_type (self, card, card->outputs->pdata[0]) == NULL;
    }
}

/* ---- extents ---- */

static void
grow (EqsPlan *self, double x, double y, double width, double height)
{
  self->left = MIN (self->left, x);
  self->top = MIN (self->top, y);
  self->right = MAX (self->right, x + width);
  self->bottom = MAX (self->bottom, y + height);
}

gboolean
eqs_plan_frame_box (const EqsPlan *self, const EqsMap *frame, double box[4])
{
  const EqsValue *members = eqs_map_get (frame, "members");
  gboolean        any = FALSE;

  for (guint i = 0; members != NULL && i < eqs_value_get_length (members); i++)
    {
      const char *id = eqs_value_get_string (eqs_value_get_item (members, i));
      const int   at = id == NULL ? -1 : eqs_plan_find (self, id);
      const EqsPlanCard *card = at < 0 ? NULL : &self->cards[at];

      if (card == NULL)
        continue;
      box[0] = any ? MIN (box[0], card->x - EQS_FRAME_PAD) : card->x - EQS_FRAME_PAD;
      box[1] = any ? MIN (box[1], card->y - EQS_FRAME_TITLE) : card->y - EQS_FRAME_TITLE;
      box[2] = any ? MAX (box[2], card->x + EQS_CARD_WIDTH + EQS_FRAME_PAD) : card->x + EQS_CARD_WIDTH + EQS_FRAME_PAD;
      box[3] = any ? MAX (box[3], card->y + card->height + EQS_FRAME_PAD) : card->y + card->height + EQS_FRAME_PAD;
      any = TRUE;
    }
  return any;
}

void
eqs_plan_measure (EqsPlan *self)
{
  const gboolean main_graph = self->scope[0] == '\0';
  double box[4];

  self->left = self->top = G_MAXDOUBLE;
  self->right = self->bottom = -G_MAXDOUBLE;
  for (guint i = 0; i < self->n_cards; i++)
    grow (self, self->cards[i].x - 20, self->cards[i].y, EQS_CARD_WIDTH + 40, self->cards[i].height);
  for (guint i = 0; main_graph && i < eqs_document_get_n_items (self->document, EQS_ITEM_FRAME); i++)
    if (eqs_plan_frame_box (self, eqs_document_get_item (self->document, EQS_ITEM_FRAME, i), box))
      grow (self, box[0], box[1], box[2] - box[0], box[3] - box[1]);
  for (guint i = 0; main_graph && i < eqs_document_get_n_items (self->document, EQS_ITEM_NOTE); i++)
    {
      const EqsMap *note = eqs_document_get_item (self->document, EQS_ITEM_NOTE, i);

      grow (self, eqs_map_get_number (note, "x", 0), eqs_map_get_number (note, "y", 0), eqs_map_get_number (note, "width", EQS_NOTE_WIDTH),
            eqs_plan_note_height (note));
    }
  for (guint i = 0; i < self->n_wires; i++)
    if (self->wires[i].n_bends > 0)
      {
        eqs_route_bounds (&self->wires[i].route, box);
        grow (self, box[0], box[1], box[2] - box[0], box[3] - box[1]);
      }
  if (self->left > self->right)
    self->left = self->top = self->right = self->bottom = 0;
}

/* ---- types and words ---- */

double
eqs_plan_port_y (const EqsPlanCard *card, gboolean output, const char *port)
{
  GPtrArray *ports = output ? card->outputs : card->inputs;

  for (guint i = 0; i < ports->len; i++)
    if (strcmp (ports->pdata[i], port) == 0)
      return card->y + EQS_PORT_TOP + EQS_PORT_PITCH * i;
  return card->y + EQS_PORT_TOP;
}

const EqkPortType *
eqs_plan_output_type (const EqsPlan *self, const EqsPlanCard *card, const char *port)
{
  if (card->kernel_node < 0 && self->check != NULL && self->check->typed != NULL && eqs_document_get_body (self->document, card->node) != NULL)
    return eqs_check_output_type (self->check, self->document, card->path, port);
  return card->kernel_node < 0 ? NULL : eqk_typed_output (self->check->typed, card->kernel_node, port);
}

/* What comes in through the border of the block that is shown: followed outwards to a node. */
static const EqkPortType *
border_type (const EqsPlan *self, const char *port)
{
  g_autofree char *block = g_strdup (self->scope), *at_port = g_strdup (port);

  while (self->check != NULL && self->check->typed != NULL && block[0] != '\0' && block[0] != '#')
    {
      char            *slash = strrchr (block, '/');
      g_autofree char *outer = slash == NULL ? g_strdup ("") : g_strndup (block, (gsize) (slash - block));
      EqsGraph        *graph = eqs_document_get_graph (self->document, outer);
      const int        at = graph == NULL ? -1 : eqs_graph_find_link (graph, NULL, NULL, slash == NULL ? block : slash + 1, at_port);
      const EqsLink   *link = at < 0 ? NULL : eqs_graph_get_link (graph, (guint) at);

      if (link == NULL)
        return NULL;
      if (link->from_node[0] != '\0')
        {
          g_autofree char *from = outer[0] == '\0' ? g_strdup (link->from_node) : g_strconcat (outer, "/", link->from_node, NULL);

          return eqs_check_output_type (self->check, self->document, from, link->from_port);
        }
      g_free (at_port);
      at_port = g_strdup (link->from_port);
      g_free (block);
      block = g_steal_pointer (&outer);
    }
  return NULL;
}

const EqkPortType *
eqs_plan_input_type (const EqsPlan *self, const EqsPlanCard *card, const char *port)
{
  const int      at = eqs_graph_find_link (self->graph, NULL, NULL, eqs_node_get_id (card->node), port);
  const EqsLink *link = at < 0 ? NULL : eqs_graph_get_link (self->graph, (guint) at);
  const int      from = link == NULL ? -1 : eqs_plan_find (self, link->from_node);

  if (link != NULL && link->from_node[0] == '\0')
    return border_type (self, link->from_port);
  return from < 0 ? NULL : eqs_plan_output_type (self, &self->cards[from], link->from_port);
}

const char *
eqs_plan_title (const EqsPlanCard *card)
{
  const char *title = eqs_node_get_title (card->node);

  if (title != NULL && *title != '\0')
    return title;
  return card->layer != NULL ? _(card->layer->title) : eqs_node_get_body (card->node) != NULL ? _("Block") : eqs_node_get_layer (card->node);
}

char *
eqs_plan_dup_summary (const EqsPlan *self, const EqsPlanCard *card)
{
  const EqkPortType *in = card->inputs->len == 0 ? NULL : eqs_plan_input_type (self, card, card->inputs->pdata[0]);
  const EqkPortType *out = card->outputs->len == 0 ? NULL : eqs_plan_output_type (self, card, card->outputs->pdata[0]);
  GString           *text = g_string_new (NULL);
  const EqsValue    *copies = eqs_node_get_param (card->node, "n");

  if (eqs_node_is_bypassed (card->node))
    return g_string_free (g_string_append (text, _("bypassed")), FALSE);
  if (eqs_node_get_body (card->node) != NULL && copies != NULL)
    g_string_append_printf (text, _("%d copies"), (int) eqs_value_get_number (copies));
  if (in != NULL && in->space.kind == EQK_SPACE_GRID)
    g_string_append_printf (text, "%d×%d", in->space.h, in->space.w);
  if (out != NULL && out->space.kind == EQK_SPACE_GRID && (in == NULL || !eqk_space_equal (&in->space, &out->space)))
    g_string_append_printf (text, "%s%d×%d", text->len > 0 ? " → " : "", out->space.h, out->space.w);
  if (in != NULL && out != NULL && in->space.kind == EQK_SPACE_GRID && out->space.kind == EQK_SPACE_SAMPLE)
    g_string_append_printf (text, " → %s", _("one vector"));
  if (card->parameters > 0)
    {
      g_autofree char *number = eqs_count_dup_text (card->parameters);

      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%s parameter", "%s parameters", (gulong) card->parameters), number);
    }
  return g_string_free (text, FALSE);
}

/* ---- routes ---- */

EqsRoute
eqs_route_between (double x0, double y0, double x1, double y1)
{
  const double reach = MAX (fabs (x1 - x0) * 0.5, 24);

  if (fabs (y1 - y0) < 0.5 && x1 >= x0)
    return (EqsRoute) { EQS_ROUTE_STRAIGHT, 2, { { x0, y0 }, { x1, y1 } } };
  return (EqsRoute) { EQS_ROUTE_CURVE, 4, { { x0, y0 }, { x0 + reach, y0 }, { x1 - reach, y1 }, { x1, y1 } } };
}

static void
curve_point (const double (*p)[2], double t, double *x, double *y)
{
  const double s = 1 - t, a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;

  *x = a * p[0][0] + b * p[1][0] + c * p[2][0] + d * p[3][0];
  *y = a * p[0][1] + b * p[1][1] + c * p[2][1] + d * p[3][1];
}

/* Round corners through a polyline of axis-parallel pieces. */
static void
round_polyline (cairo_t *cr, const double (*p)[2], int n, double radius)
{
  cairo_move_to (cr, p[0][0], p[0][1]);
  for (int i = 1; i + 1 < n; i++)
    {
      const double before = hypot (p[i][0] - p[i - 1][0], p[i][1] - p[i - 1][1]), after = hypot (p[i + 1][0] - p[i][0], p[i + 1][1] - p[i][1]);
      const double r = MIN (radius, MIN (before, after) / 2);

      if (before < 0.01 || after < 0.01)
        continue;
      cairo_line_to (cr, p[i][0] - r * (p[i][0] - p[i - 1][0]) / before, p[i][1] - r * (p[i][1] - p[i - 1][1]) / before);
      cairo_curve_to (cr, p[i][0], p[i][1], p[i][0], p[i][1],
                      p[i][0] + r * (p[i + 1][0] - p[i][0]) / after, p[i][1] + r * (p[i + 1][1] - p[i][1]) / after);
    }
  cairo_line_to (cr, p[n - 1][0], p[n - 1][1]);
}

/* The i-th piece of a smooth line: level at both ends, and at a bend along its neighbours. */
static void
bent_piece (const EqsRoute *route, int i, double q[4][2])
{
  const int last = route->n - 1;

  for (int end = 0; end < 2; end++)
    {
      const int    k = i + end;
      const double length = hypot (route->p[i + 1][0] - route->p[i][0], route->p[i + 1][1] - route->p[i][1]);
      double       dx = 1, dy = 0, norm;

      if (k > 0 && k < last)
        {
          dx = route->p[k + 1][0] - route->p[k - 1][0];
          dy = route->p[k + 1][1] - route->p[k - 1][1];
        }
      norm = MAX (hypot (dx, dy), 1e-6);
      q[end == 0 ? 1 : 2][0] = route->p[k][0] + (end == 0 ? 1 : -1) * dx / norm * length * 0.36;
      q[end == 0 ? 1 : 2][1] = route->p[k][1] + (end == 0 ? 1 : -1) * dy / norm * length * 0.36;
      q[3 * end][0] = route->p[k][0];
      q[3 * end][1] = route->p[k][1];
    }
}

void
eqs_route_trace (const EqsRoute *route, cairo_t *cr)
{
  if (route->kind == EQS_ROUTE_BENT)
    {
      cairo_move_to (cr, route->p[0][0], route->p[0][1]);
      for (int i = 0; i + 1 < route->n; i++)
        {
          double q[4][2];

          bent_piece (route, i, q);
          cairo_curve_to (cr, q[1][0], q[1][1], q[2][0], q[2][1], q[3][0], q[3][1]);
        }
      return;
    }
  if (route->kind == EQS_ROUTE_PIECES)
    round_polyline (cr, route->p, route->n, 12);
  else
    {
      cairo_move_to (cr, route->p[0][0], route->p[0][1]);
      if (route->kind == EQS_ROUTE_STRAIGHT)
        cairo_line_to (cr, route->p[1][0], route->p[1][1]);
      else
        cairo_curve_to (cr, route->p[1][0], route->p[1][1], route->p[2][0], route->p[2][1], route->p[3][0], route->p[3][1]);
    }
}

static double
segment_distance (double x, double y, double x0, double y0, double x1, double y1)
{
  const double dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
  const double t = length > 0 ? CLAMP (((x - x0) * dx + (y - y0) * dy) / length, 0, 1) : 0;

  return hypot (x - x0 - t * dx, y - y0 - t * dy);
}

double
eqs_route_distance (const EqsRoute *route, double x, double y)
{
  double best = G_MAXDOUBLE;

  for (int i = 0; route->kind == EQS_ROUTE_BENT && i + 1 < route->n; i++)
    {
      double q[4][2], x0 = route->p[i][0], y0 = route->p[i][1], x1, y1;

      bent_piece (route, i, q);
      for (int k = 1; k <= 12; k++, x0 = x1, y0 = y1)
        {
          curve_point ((const double (*)[2]) q, k / 12.0, &x1, &y1);
          best = MIN (best, segment_distance (x, y, x0, y0, x1, y1));
        }
    }
  if (route->kind == EQS_ROUTE_BENT)
    return best;
  if (route->kind != EQS_ROUTE_CURVE)
    {
      for (int i = 0; i + 1 < route->n; i++)
        best = MIN (best, segment_distance (x, y, route->p[i][0], route->p[i][1], route->p[i + 1][0], route->p[i + 1][1]));
      return best;
    }
  for (int i = 0; i < 24; i++)
    {
      double x0, y0, x1, y1;

      curve_point (route->p, i / 24.0, &x0, &y0);
      curve_point (route->p, (i + 1) / 24.0, &x1, &y1);
      best = MIN (best, segment_distance (x, y, x0, y0, x1, y1));
    }
  return best;
}

void
eqs_route_bounds (const EqsRoute *route, double box[4])
{
  box[0] = box[2] = route->p[0][0];
  box[1] = box[3] = route->p[0][1];
  for (int i = 1; i < route->n; i++)
    {
      box[0] = MIN (box[0], route->p[i][0]);
      box[1] = MIN (box[1], route->p[i][1]);
      box[2] = MAX (box[2], route->p[i][0]);
      box[3] = MAX (box[3], route->p[i][1]);
    }
  if (route->kind == EQS_ROUTE_BENT)      /* it swings a little wide of its points */
    {
      const double wide = 0.15 * MAX (box[2] - box[0], box[3] - box[1]);

      box[0] -= wide;
      box[1] -= wide;
      box[2] += wide;
      box[3] += wide;
    }
}

/* Whether a route to the right would run over a card that is not at its ends, told at 32 points. */
static gboolean
runs_over_cards (const EqsPlan *self, const EqsPlanWire *wire)
{
  const EqsRoute *route = &wire->route;
  double box[4];

  eqs_route_bounds (route, box);
  for (int k = 0; k < (int) self->n_cards; k++)
    {
      const EqsPlanCard *card = &self->cards[k];

      if (k == wire->from || k == wire->to || card->x > box[2] + 2 || card->x + EQS_CARD_WIDTH < box[0] - 2 || card->y > box[3] + 2 ||
          card->y + card->height < box[1] - 2)
        continue;
      for (int i = 1; i < 32; i++)
        {
          const double t = i / 32.0;
          double x, y;

          if (route->kind == EQS_ROUTE_CURVE)
            curve_point (route->p, t, &x, &y);
          else
            {
              x = route->p[0][0] + t * (route->p[1][0] - route->p[0][0]);
              y = route->p[0][1];
            }
          if (x > card->x - 2 && x < card->x + EQS_CARD_WIDTH + 2 && y > card->y - 2 && y < card->y + card->height + 2)
            return TRUE;
        }
    }
  return FALSE;
}

/* A horizontal piece of a wire that is there already. */
typedef struct { double y, left, right; } Lane;

static gboolean
lane_is_free (const EqsPlan *self, GArray *lanes, double y, double left, double right)
{
  for (guint k = 0; k < self->n_cards; k++)
    {
      const EqsPlanCard *card = &self->cards[k];

      if (y > card->y - 10 && y < card->y + card->height + 10 && right > card->x - 4 && left < card->x + EQS_CARD_WIDTH + 4)
        return FALSE;
    }
  for (guint k = 0; k < lanes->len; k++)
    {
      const Lane *lane = &g_array_index (lanes, Lane, k);

      if (fabs (lane->y - y) < 8.5 && right > lane->left - 4 && left < lane->right + 4)
        return FALSE;
    }
  return TRUE;
}

/* Where a wire that turns back runs: in the middle between the rows, or as near as is free. */
static double
find_lane (const EqsPlan *self, GArray *lanes, const EqsPlanCard *from, const EqsPlanCard *to, double left, double right)
{
  double wanted, found;
  Lane   lane;

  if (to->y > from->y + from->height)
    wanted = (from->y + from->height + EQS_FRAME_PAD + to->y - EQS_FRAME_TITLE) / 2;
  else if (to->y + to->height < from->y)
    wanted = (to->y + to->height + EQS_FRAME_PAD + from->y - EQS_FRAME_TITLE) / 2;
  else
    wanted = MAX (from->y + from->height, to->y + to->height) + 14;
  found = wanted;
  for (int step = 1; step < 120 && !lane_is_free (self, lanes, found, left, right); step++)
    found = wanted + 5.0 * (step % 2 == 0 ? step / 2 : -(step + 1) / 2);
  lane = (Lane) { found, left, right };
  g_array_append_val (lanes, lane);
  return found;
}

void
eqs_plan_route_plain (EqsPlan *self, guint index)
{
  EqsPlanWire       *wire = &self->wires[index];
  const EqsPlanCard *from = &self->cards[wire->from], *to = &self->cards[wire->to];

  wire->route = eqs_route_between (from->x + EQS_CARD_WIDTH, eqs_plan_port_y (from, TRUE, wire->link->from_port), to->x,
                                   eqs_plan_port_y (to, FALSE, wire->link->to_port));
  g_clear_pointer (&wire->pill, g_free);
  if (wire->n_bends > 0)
    {
      const double end[2] = { to->x, eqs_plan_port_y (to, FALSE, wire->link->to_port) };

      wire->route.kind = EQS_ROUTE_BENT;
      wire->route.n = (int) wire->n_bends + 2;
      memcpy (wire->route.p[1], wire->bends, sizeof (double[2]) * wire->n_bends);
      memcpy (wire->route.p[wire->n_bends + 1], end, sizeof end);
    }
}

/* A wire that turns back: out, down the gap, back, and in. */
static void
route_back (EqsPlan *self, EqsPlanWire *wire, GArray *lanes, int turning)
{
  const EqsPlanCard *from = &self->cards[wire->from], *to = &self->cards[wire->to];
  const double x0 = from->x + EQS_CARD_WIDTH, y0 = eqs_plan_port_y (from, TRUE, wire->link->from_port);
  const double x1 = to->x, y1 = eqs_plan_port_y (to, FALSE, wire->link->to_port);
  const double out = 30 - 4.0 * (turning % 4), in = 30 - 4.0 * (turning % 4);
  const double lane = find_lane (self, lanes, from, to, MIN (x0 + out, x1 - in), MAX (x0 + out, x1 - in));

  wire->route = (EqsRoute) { EQS_ROUTE_PIECES, 6, { { x0, y0 }, { x0 + out, y0 }, { x0 + out, lane }, { x1 - in, lane }, { x1 - in, y1 }, { x1, y1 } } };
  if (wire->type == NULL || fabs (x0 - x1) <= 260)
    return;
  wire->pill = eqs_type_dup_text (wire->type, TRUE);
  wire->pill_x = (x0 + out + x1 - in) / 2;
  wire->pill_y = lane;
  for (EqsPlanWire *other = self->wires; other < wire; other++)      /* beside those of neighbouring lanes */
    if (other->pill != NULL && fabs (other->pill_y - wire->pill_y) < 20 && fabs (other->pill_x - wire->pill_x) < 130)
      {
        wire->pill_x = other->pill_x + 140;
        other = self->wires - 1;
      }
}

void
eqs_plan_route (EqsPlan *self)
{
  g_autoptr (GArray) lanes = g_array_new (FALSE, FALSE, sizeof (Lane));
  int turning = 0;

  for (guint i = 0; i < self->n_wires; i++)
    eqs_plan_route_plain (self, i);
  for (guint i = 0; i < self->n_wires; i++)
    {
      EqsPlanWire *wire = &self->wires[i];

      if (wire->n_bends > 0)
        continue;
      if (wire->route.p[wire->route.n - 1][0] - wire->route.p[0][0] < 8 || runs_over_cards (self, wire))
        route_back (self, wire, lanes, turning++);
    }
}

static void
plan_wires (EqsPlan *self)
{
  const guint n = eqs_graph_get_n_links (self->graph);

  const gboolean bent = eqs_document_get_field (self->document, "bends") != NULL;

  self->wires = g_new0 (EqsPlanWire, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const EqsLink *link = eqs_graph_get_link (self->graph, i);
      EqsPlanWire   *wire = &self->wires[self->n_wires];

      wire->from = eqs_plan_find (self, link->from_node);
      wire->to = eqs_plan_find (self, link->to_node);
      if (wire->from < 0 || wire->to < 0)
        continue;
      wire->link = link;
      wire->type = eqs_plan_output_type (self, &self->cards[wire->from], link->from_port);
      wire->style = eqs_type_style (wire->type);
      if (bent)
        {
          g_autofree char *start = g_strdup_printf ("%s.%s", link->from_node, link->from_port), *end = g_strdup_printf ("%s.%s", link->to_node, link->to_port);

          wire->n_bends = eqs_bends_get (self->document, self->scope, start, end, wire->bends);
        }
      self->n_wires++;
    }
}

/* ---- life ---- */

EqsPlan *
eqs_plan_new (EqsDocument *document, const char *scope, EqsCheck *check)
{
  EqsPlan *self = g_new0 (EqsPlan, 1);
  g_autofree double *xy = NULL;

  self->document = g_object_ref (document);
  self->check = check == NULL ? NULL : eqs_check_ref (check);
  self->scope = g_strdup (scope == NULL ? "" : scope);
  self->graph = eqs_document_get_graph (document, self->scope);
  self->n_cards = self->graph == NULL ? 0 : eqs_graph_get_n_nodes (self->graph);
  self->cards = g_new0 (EqsPlanCard, self->n_cards + 1);
  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  if (self->graph == NULL)
    return self;
  if (eqs_layout_is_needed (self->graph))
    {
      xy = g_new0 (double, 2 * self->n_cards + 2);
      eqs_layout_compute (self->graph, 0, xy);
    }
  for (guint i = 0; i < self->n_cards; i++)
    {
      EqsPlanCard *card = &self->cards[i];

      card->node = eqs_graph_get_node (self->graph, i);
      card->path = self->scope[0] == '\0' ? g_strdup (eqs_node_get_id (card->node)) : g_strconcat (self->scope, "/", eqs_node_get_id (card->node), NULL);
      card->layer = eqk_layer_find (eqs_node_get_layer (card->node));
      card->x = xy != NULL ? xy[2 * i] : eqs_node_get_x (card->node);
      card->y = xy != NULL ? xy[2 * i + 1] : eqs_node_get_y (card->node);
      card->worst = card->kernel_node = -1;
      card->parameters = -1;
      g_hash_table_insert (self->index, (gpointer) eqs_node_get_id (card->node), GINT_TO_POINTER ((int) i));
    }
  plan_ports (self);
  for (guint i = 0; i < self->n_cards; i++)
    self->cards[i].height = EQS_CARD_HEIGHT + EQS_PORT_PITCH * (MAX (MAX (self->cards[i].inputs->len, self->cards[i].outputs->len), 1) - 1);
  plan_check (self);
  plan_wires (self);
  eqs_plan_route (self);
  eqs_plan_measure (self);
  return self;
}

void
eqs_plan_free (EqsPlan *self)
{
  for (guint i = 0; i < self->n_cards; i++)
    {
      g_free (self->cards[i].path);
      g_clear_pointer (&self->cards[i].inputs, g_ptr_array_unref);
      g_clear_pointer (&self->cards[i].outputs, g_ptr_array_unref);
    }
  for (guint i = 0; i < self->n_wires; i++)
    g_free (self->wires[i].pill);
  g_free (self->cards);
  g_free (self->wires);
  g_hash_table_unref (self->index);
  g_free (self->scope);
  g_clear_pointer (&self->check, eqs_check_unref);
  g_object_unref (self->document);
  g_free (self);
}

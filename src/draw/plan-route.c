/*
 * A route for each wire of a plan. Wires go straight or in a curve to the right; one that would run over a card, or back to the
 * left, takes a lane between two rows, as a line break does.
 */

#include "draw/plan.h"

#include <math.h>
#include <string.h>

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

/* Whether a route to the right would run over a box, told at 32 points. */
static gboolean
runs_over_box (const EqsRoute *route, const double box[4])
{
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
      if (x > box[0] && x < box[2] && y > box[1] && y < box[3])
        return TRUE;
    }
  return FALSE;
}

/* Whether it would run over a card that is not at its ends, or over the words on a frame. */
static gboolean
runs_over (const EqsPlan *self, const EqsPlanWire *wire, GArray *titles)
{
  double box[4];

  eqs_route_bounds (&wire->route, box);
  for (int k = 0; k < (int) self->n_cards; k++)
    {
      const EqsPlanCard *card = &self->cards[k];

      if (k != wire->from && k != wire->to && card->x <= box[2] + 2 && card->x + EQS_CARD_WIDTH >= box[0] - 2 && card->y <= box[3] + 2 && card->y + card->height >= box[1] - 2 &&
          runs_over_box (&wire->route, (double[4]) { card->x - 2, card->y - 2, card->x + EQS_CARD_WIDTH + 2, card->y + card->height + 2 }))
        return TRUE;
    }
  for (guint k = 0; k < titles->len; k++)
    {
      const double *title = &g_array_index (titles, double, 4 * k);

      if (title[0] <= box[2] && title[2] >= box[0] && title[1] <= box[3] && title[3] >= box[1] && runs_over_box (&wire->route, title))
        return TRUE;
    }
  return FALSE;
}

/*
 * Wires that turn back. Those from one port share a trunk: they leave it at one place and run in one lane as far as they can,
 * as in a circuit diagram. A lane keeps off cards, titles of frames and other lanes.
 */
typedef struct { double y, left, right; int trunk; } Lane;

typedef struct
{
  EqsPlan *plan;
  GArray  *lanes;       /* owned: of Lane */
  GArray  *titles;      /* owned: of double[4], the boxes of the words on frames */
  int     *trunks;      /* owned: of each wire, -1 */
  int      n_trunks;
} Router;

static gboolean
lane_is_free (const Router *self, double y, double left, double right, int trunk)
{
  for (guint k = 0; k < self->plan->n_cards; k++)
    {
      const EqsPlanCard *card = &self->plan->cards[k];

      if (y > card->y - 10 && y < card->y + card->height + 10 && right > card->x - 4 && left < card->x + EQS_CARD_WIDTH + 4)
        return FALSE;
    }
  for (guint k = 0; k < self->titles->len; k++)
    {
      const double *box = &g_array_index (self->titles, double, 4 * k);

      if (y > box[1] - 4 && y < box[3] + 4 && right > box[0] && left < box[2])
        return FALSE;
    }
  for (guint k = 0; k < self->lanes->len; k++)
    {
      const Lane *lane = &g_array_index (self->lanes, Lane, k);

      if (lane->trunk != trunk && fabs (lane->y - y) < 8.5 && right > lane->left - 4 && left < lane->right + 4)
        return FALSE;
    }
  return TRUE;
}

/* How many cards and titles a piece straight down or up runs over. */
static int
count_crossed (const Router *self, double x, double y0, double y1)
{
  const double top = MIN (y0, y1), bottom = MAX (y0, y1);
  int n = 0;

  for (guint k = 0; k < self->plan->n_cards; k++)
    {
      const EqsPlanCard *card = &self->plan->cards[k];

      n += x > card->x - 3 && x < card->x + EQS_CARD_WIDTH + 3 && bottom > card->y && top < card->y + card->height;
    }
  for (guint k = 0; k < self->titles->len; k++)
    {
      const double *box = &g_array_index (self->titles, double, 4 * k);

      n += x > box[0] && x < box[2] && bottom > box[1] && top < box[3];
    }
  return n;
}

/* The places to ask for: in the gap beside the row that the wire leaves, and in that beside the row it comes to. */
static int
wanted_lanes (const EqsPlanCard *from, const EqsPlanCard *to, double wanted[2])
{
  const double under = EQS_FRAME_PAD + (EQS_ROW_PITCH - EQS_CARD_HEIGHT - EQS_FRAME_PAD - EQS_FRAME_TITLE) / 2, over = EQS_ROW_PITCH - EQS_CARD_HEIGHT - under;

  if (to->y > from->y + from->height)
    {
      wanted[0] = MIN (from->y + from->height + under, (from->y + from->height + EQS_FRAME_PAD + to->y - EQS_FRAME_TITLE) / 2);
      wanted[1] = to->y - over;
      return to->y - from->y - from->height > EQS_ROW_PITCH ? 2 : 1;
    }
  if (to->y + to->height < from->y)
    {
      wanted[0] = MAX (from->y - over, (to->y + to->height + EQS_FRAME_PAD + from->y - EQS_FRAME_TITLE) / 2);
      wanted[1] = to->y + to->height + under;
      return from->y - to->y - to->height > EQS_ROW_PITCH ? 2 : 1;
    }
  wanted[0] = MAX (from->y + from->height, to->y + to->height) + 14;
  return 1;
}

/* Where a wire that turns back runs: where it crosses least, in the lane of its trunk if that is as good. TRUE: in that lane. */
static gboolean
find_lane (Router *self, const EqsPlanWire *wire, int trunk, const double x[2], const double y[2], double *found)
{
  double    wanted[2];
  const int n = wanted_lanes (&self->plan->cards[wire->from], &self->plan->cards[wire->to], wanted);
  const double left = MIN (x[0], x[1]), right = MAX (x[0], x[1]);
  int       least = G_MAXINT;
  gboolean  shared = FALSE;
  Lane      lane;

  for (guint k = 0; k < self->lanes->len; k++)
    {
      const Lane *other = &g_array_index (self->lanes, Lane, k);
      const int   crossed = other->trunk != trunk || !lane_is_free (self, other->y, left, right, trunk) ? G_MAXINT :
                            count_crossed (self, x[0], y[0], other->y) + count_crossed (self, x[1], other->y, y[1]);

      if (crossed < least)
        {
          least = crossed;
          *found = other->y;
          shared = TRUE;
        }
    }
  for (int i = 0; i < n; i++)
    {
      double at = wanted[i];
      int    crossed;

      for (int step = 1; step < 120 && !lane_is_free (self, at, left, right, trunk); step++)
        at = wanted[i] + 5.0 * (step % 2 == 0 ? step / 2 : -(step + 1) / 2);
      crossed = count_crossed (self, x[0], y[0], at) + count_crossed (self, x[1], at, y[1]);
      if (crossed < least)
        {
          least = crossed;
          *found = at;
          shared = FALSE;
        }
    }
  lane = (Lane) { *found, left, right, trunk };
  g_array_append_val (self->lanes, lane);
  return shared;
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

/* The number of the trunk of wires from this port. */
static int
trunk_of (Router *self, guint index)
{
  const EqsPlanWire *wire = &self->plan->wires[index];

  for (guint i = 0; i < index; i++)
    if (self->trunks[i] >= 0 && self->plan->wires[i].from == wire->from && strcmp (self->plan->wires[i].link->from_port, wire->link->from_port) == 0)
      return self->trunks[index] = self->trunks[i];
  return self->trunks[index] = self->n_trunks++;
}

/* A wire that turns back: out, down the gap, back, and in. */
static void
route_back (Router *self, guint index)
{
  EqsPlanWire       *wire = &self->plan->wires[index];
  const EqsPlanCard *from = &self->plan->cards[wire->from], *to = &self->plan->cards[wire->to];
  const double x0 = from->x + EQS_CARD_WIDTH, y0 = eqs_plan_port_y (from, TRUE, wire->link->from_port);
  const double x1 = to->x, y1 = eqs_plan_port_y (to, FALSE, wire->link->to_port);
  const int    trunk = trunk_of (self, index);
  const double away = 10 + 6.0 * (trunk % 3), x[2] = { x0 + away, x1 - away }, y[2] = { y0, y1 };
  double       lane = y0;
  const gboolean shared = find_lane (self, wire, trunk, x, y, &lane);

  wire->route = (EqsRoute) { EQS_ROUTE_PIECES, 6, { { x0, y0 }, { x[0], y0 }, { x[0], lane }, { x[1], lane }, { x[1], y1 }, { x1, y1 } } };
  if (wire->type == NULL || fabs (x0 - x1) <= 260 || shared)
    return;
  wire->pill = eqs_type_dup_text (wire->type, TRUE);
  wire->pill_x = (x[0] + x[1]) / 2;
  wire->pill_y = lane;
  for (EqsPlanWire *other = self->plan->wires; other < wire; other++)      /* beside those of neighbouring lanes */
    if (other->pill != NULL && fabs (other->pill_y - wire->pill_y) < 20 && fabs (other->pill_x - wire->pill_x) < 130)
      {
        wire->pill_x = other->pill_x + 140;
        other = self->plan->wires - 1;
      }
}

/* The boxes of the words on frames. */
static GArray *
find_titles (const EqsPlan *self)
{
  GArray     *titles = g_array_new (FALSE, FALSE, 4 * sizeof (double));
  const guint n = self->scope[0] != '\0' ? 0 : eqs_document_get_n_items (self->document, EQS_ITEM_FRAME);

  for (guint i = 0; i < n; i++)
    {
      const EqsMap *frame = eqs_document_get_item (self->document, EQS_ITEM_FRAME, i);
      double        box[4], title[4];

      if (!eqs_plan_frame_box (self, frame, box))
        continue;
      title[0] = box[0] + 8;
      title[1] = box[1] + 2;
      title[2] = MIN (box[2], box[0] + 24 + 7.5 * (double) g_utf8_strlen (eqs_map_get_string (frame, "title", ""), -1));
      title[3] = box[1] + EQS_FRAME_TITLE - 4;
      g_array_append_vals (titles, title, 1);
    }
  return titles;
}

void
eqs_plan_route (EqsPlan *self)
{
  Router router = { self, g_array_new (FALSE, FALSE, sizeof (Lane)), find_titles (self), g_new (int, self->n_wires + 1), 0 };

  for (guint i = 0; i < self->n_wires; i++)
    {
      eqs_plan_route_plain (self, i);
      router.trunks[i] = -1;
    }
  for (guint i = 0; i < self->n_wires; i++)
    {
      EqsPlanWire *wire = &self->wires[i];

      if (wire->n_bends > 0)
        continue;
      if (wire->route.p[wire->route.n - 1][0] - wire->route.p[0][0] < 8 || runs_over (self, wire, router.titles))
        route_back (&router, i);
    }
  g_array_unref (router.lanes);
  g_array_unref (router.titles);
  g_free (router.trunks);
}

/*
 * The widget: cards are children placed by a transform, so that the keyboard and assistive technologies see them; wires are drawn
 * below them. The plan is made anew in one idle after whatever changed.
 */

#include "widgets/canvas/canvas-private.h"

#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MIN_ZOOM 0.05
#define MAX_ZOOM 4.0

G_DEFINE_FINAL_TYPE (EqsCanvas, eqs_canvas, GTK_TYPE_WIDGET)

static guint zoomed_signal, viewed_signal;

/* ---- view ---- */

void
eqs_canvas_changed (EqsCanvas *self)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

double
eqs_canvas_get_zoom (EqsCanvas *self)
{
  g_return_val_if_fail (EQS_IS_CANVAS (self), 0);
  return self->zoom;
}

void
eqs_canvas_to_design (EqsCanvas *self, double x, double y, double *design_x, double *design_y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  *design_x = (x - self->x) / self->zoom;
  *design_y = (y - self->y) / self->zoom;
}

void
eqs_canvas_from_design (EqsCanvas *self, double x, double y, double *widget_x, double *widget_y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  *widget_x = x * self->zoom + self->x;
  *widget_y = y * self->zoom + self->y;
}

static void
set_view (EqsCanvas *self, double zoom, double x, double y)
{
  const gboolean zoomed = zoom != self->zoom;

  self->zoom = zoom;
  self->x = x;
  self->y = y;
  if (zoomed)
    {
      g_clear_pointer (&self->wires, gsk_render_node_unref);
      for (guint i = 0; i < self->cards->len; i++)
        eqs_node_card_set_zoom (self->cards->pdata[i], zoom);
      g_signal_emit (self, zoomed_signal, 0);
    }
  eqs_canvas_changed (self);
  g_signal_emit (self, viewed_signal, 0);
}

static void
stop_animation (EqsCanvas *self)
{
  if (self->animation != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->animation);
  self->animation = 0;
}

typedef struct { double from[3], to[3]; gint64 start; } Glide;

static gboolean
glide_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  EqsCanvas   *self = EQS_CANVAS (widget);
  Glide       *glide = data;
  const double t = CLAMP ((double) (gdk_frame_clock_get_frame_time (clock) - glide->start) / 250000.0, 0, 1);
  const double s = t * t * (3 - 2 * t);

  set_view (self, glide->from[0] * pow (glide->to[0] / glide->from[0], s), glide->from[1] + s * (glide->to[1] - glide->from[1]),
            glide->from[2] + s * (glide->to[2] - glide->from[2]));
  if (t < 1)
    return G_SOURCE_CONTINUE;
  self->animation = 0;
  return G_SOURCE_REMOVE;
}

void
eqs_canvas_animate_to (EqsCanvas *self, double zoom, double x, double y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  Glide *glide;

  stop_animation (self);
  if (clock == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) || !eqs_theme_animates (GTK_WIDGET (self)))
    {
      set_view (self, zoom, x, y);
      return;
    }
  glide = g_new0 (Glide, 1);
  *glide = (Glide) { { self->zoom, self->x, self->y }, { zoom, x, y }, gdk_frame_clock_get_frame_time (clock) };
  self->animation = gtk_widget_add_tick_callback (GTK_WIDGET (self), glide_cb, glide, g_free);
}

void
eqs_canvas_zoom_at (EqsCanvas *self, double zoom, double x, double y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  double design_x, design_y;

  zoom = CLAMP (zoom, MIN_ZOOM, MAX_ZOOM);
  stop_animation (self);
  eqs_canvas_to_design (self, x, y, &design_x, &design_y);
  set_view (self, zoom, x - zoom * design_x, y - zoom * design_y);
}

void
eqs_canvas_pan (EqsCanvas *self, double dx, double dy)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  stop_animation (self);
  set_view (self, self->zoom, self->x + dx, self->y + dy);
}

/* What should be in view: everything, or the selected cards. A small canvas shows the cards larger and leaves the notes out. */
static gboolean
wanted_box (EqsCanvas *self, gboolean selection, double box[4])
{
  const gboolean small = !selection && gtk_widget_get_width (GTK_WIDGET (self)) < 640;
  gboolean any = FALSE;

  memset (box, 0, 4 * sizeof *box);
  if (!selection && !small)
    {
      box[0] = self->plan->left;
      box[1] = self->plan->top;
      box[2] = self->plan->right;
      box[3] = self->plan->bottom;
      return self->plan->n_cards > 0;
    }
  for (guint i = 0; i < self->plan->n_cards; i++)
    {
      const EqsPlanCard *card = &self->plan->cards[i];

      if (selection && !eqs_session_is_selected (self->session, card->path))
        continue;
      box[0] = any ? MIN (box[0], card->x) : card->x;
      box[1] = any ? MIN (box[1], card->y) : card->y;
      box[2] = any ? MAX (box[2], card->x + EQS_CARD_WIDTH) : card->x + EQS_CARD_WIDTH;
      box[3] = any ? MAX (box[3], card->y + card->height) : card->y + card->height;
      any = TRUE;
    }
  if (any && small)
    {
      box[0] -= EQS_FRAME_PAD + 8;
      box[1] -= EQS_FRAME_TITLE;
      box[2] += EQS_FRAME_PAD + 8;
      box[3] += EQS_FRAME_PAD;
    }
  return any;
}

static void
fit (EqsCanvas *self, gboolean selection, gboolean animate)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  double box[4], zoom, x, y;

  if (width < 50 || height < 50 || !wanted_box (self, selection, box))
    return;
  zoom = CLAMP (MIN ((width - 48) / MAX (box[2] - box[0], 1), (height - 64) / MAX (box[3] - box[1], 1)), MIN_ZOOM, 1);
  x = width / 2 - zoom * (box[0] + box[2]) / 2;
  y = height / 2 - zoom * (box[1] + box[3]) / 2;
  if (animate)
    eqs_canvas_animate_to (self, zoom, x, y);
  else
    set_view (self, zoom, x, y);
}

void
eqs_canvas_fit (EqsCanvas *self, gboolean selection)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  fit (self, selection, TRUE);
}

void
eqs_canvas_set_view (EqsCanvas *self, double zoom, double x, double y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  const double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  zoom = CLAMP (zoom, MIN_ZOOM, MAX_ZOOM);
  if (self->fitted)
    set_view (self, zoom, width / 2 - zoom * x, height / 2 - zoom * y);
  self->wish[0] = zoom;
  self->wish[1] = x;
  self->wish[2] = y;
}

/* ---- the plan and its cards ---- */

EqsNodeCard *
eqs_canvas_get_card (EqsCanvas *self, const char *path)
{
  g_return_val_if_fail (EQS_IS_CANVAS (self), NULL);
  for (guint i = 0; i < self->cards->len; i++)
    if (strcmp (eqs_node_card_get_path (self->cards->pdata[i]), path) == 0)
      return self->cards->pdata[i];
  return NULL;
}

/* What the badge says: problems first, then what an audit of this design measured, then what the types foretell. */
static EqsBadge
badge_of (EqsCanvas *self, const EqsPlanCard *card)
{
  const EqsMap   *audit = eqs_session_is_audit_stale (self->session) ? NULL : eqs_session_get_audit (self->session);
  const EqsValue *nodes = audit == NULL ? NULL : eqs_map_get (audit, "nodes");
  const EqkPortType *out = card->outputs->len == 0 ? NULL : eqs_plan_output_type (self->plan, card, card->outputs->pdata[0]);

  if (card->worst == EQK_SEVERITY_ERROR)
    return EQS_BADGE_ERROR;
  for (guint i = 0; nodes != NULL && i < eqs_value_get_length (nodes); i++)
    {
      const EqsMap *node = eqs_value_get_map (eqs_value_get_item (nodes, i));
      const char   *verdict = eqs_map_get_string (node, "verdict", NULL);
      g_autofree char *path = eqs_compile_dup_path (eqs_map_get_string (node, "id", ""));

      if (verdict == NULL || strcmp (path, card->path) != 0)
        continue;
      return strcmp (verdict, "broken") == 0 ? EQS_BADGE_BROKEN : strcmp (verdict, "within_limit") == 0 ? EQS_BADGE_APPROX :
             strcmp (verdict, "exact") == 0 ? EQS_BADGE_EYE : EQS_BADGE_QUESTION;
    }
  if (card->worst == EQK_SEVERITY_WARNING)
    return EQS_BADGE_WARNING;
  if (out == NULL || card->waiting)
    return EQS_BADGE_NONE;
  return out->guarantee.holds == EQK_HOLDS_EXACT ? EQS_BADGE_EYE : out->guarantee.holds == EQK_HOLDS_PARTLY ? EQS_BADGE_APPROX : EQS_BADGE_BROKEN;
}

static void take_focus_from (EqsCanvas *self, GtkWidget *widget);

static void
show_cards (EqsCanvas *self)
{
  g_autoptr (GHashTable) old = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray)  before = self->cards;

  for (guint i = 0; i < before->len; i++)
    g_hash_table_insert (old, (gpointer) eqs_node_card_get_path (before->pdata[i]), before->pdata[i]);
  self->cards = g_ptr_array_new ();
  for (guint i = 0; i < self->plan->n_cards; i++)
    {
      const EqsPlanCard *card = &self->plan->cards[i];
      const EqsProblem  *problem = eqs_session_get_problem (self->session, card->path, NULL);
      GtkWidget *widget = g_hash_table_lookup (old, card->path);

      if (widget == NULL)
        {
          widget = eqs_node_card_new ();
          gtk_widget_set_parent (widget, GTK_WIDGET (self));
        }
      else
        g_hash_table_remove (old, card->path);
      eqs_node_card_show (EQS_NODE_CARD (widget), self->plan, card, problem == NULL ? NULL : problem->message, badge_of (self, card));
      eqs_node_card_set_zoom (EQS_NODE_CARD (widget), self->zoom);
      eqs_node_card_set_selected (EQS_NODE_CARD (widget), eqs_session_is_selected (self->session, card->path));
      g_ptr_array_add (self->cards, widget);
    }
  for (guint i = 0; i < before->len; i++)
    if (g_hash_table_lookup (old, eqs_node_card_get_path (before->pdata[i])) == before->pdata[i])
      {
        take_focus_from (self, before->pdata[i]);
        gtk_widget_unparent (before->pdata[i]);
      }
}

static void
rebuild (EqsCanvas *self)
{
  g_clear_handle_id (&self->rebuild_idle, g_source_remove);
  g_clear_pointer (&self->plan, eqs_plan_free);
  g_clear_pointer (&self->wires, gsk_render_node_unref);
  self->hover_wire = -1;
  self->plan = eqs_plan_new (eqs_session_get_document (self->session), eqs_session_get_scope (self->session), eqs_session_get_check (self->session));
  show_cards (self);
  eqs_canvas_changed (self);
  g_signal_emit (self, viewed_signal, 0);
}

static gboolean
rebuild_cb (gpointer data)
{
  EqsCanvas *self = data;

  self->rebuild_idle = 0;
  rebuild (self);
  return G_SOURCE_REMOVE;
}

/* A document that changes takes what the plan borrows with it, so the plan is made anew at once. */
static void
document_changed_cb (EqsDocument *document, guint what, const char *const *paths, EqsCanvas *self)
{
  if (what & (EQS_CHANGED_NODES | EQS_CHANGED_LINKS | EQS_CHANGED_SETTINGS | EQS_CHANGED_LOOK | EQS_CHANGED_NOTES | EQS_CHANGED_SYMMETRY | EQS_CHANGED_OTHER))
    rebuild (self);
}

static void
checked_cb (EqsSession *session, EqsCanvas *self)
{
  if (self->rebuild_idle == 0)
    self->rebuild_idle = g_idle_add (rebuild_cb, self);
}

static void
scope_changed_cb (EqsSession *session, EqsCanvas *self)
{
  rebuild (self);
  fit (self, FALSE, FALSE);
}

static void
selection_changed_cb (EqsSession *session, EqsCanvas *self)
{
  for (guint i = 0; i < self->cards->len; i++)
    eqs_node_card_set_selected (self->cards->pdata[i], eqs_session_is_selected (session, eqs_node_card_get_path (self->cards->pdata[i])));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
eqs_canvas_focus_node (EqsCanvas *self, const char *path)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  EqsNodeCard *card = eqs_canvas_get_card (self, path);

  if (card != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (card));
}

static void
look_at_cb (EqsSession *session, const char *path, EqsCanvas *self)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self)), margin = 24;
  const char *slash = strrchr (path, '/');
  const int   at = eqs_plan_find (self->plan, slash == NULL ? path : slash + 1);
  double left, top, right, bottom, zoom = MAX (self->zoom, 0.75);

  if (at < 0)
    return;
  eqs_canvas_from_design (self, self->plan->cards[at].x, self->plan->cards[at].y, &left, &top);
  right = left + EQS_CARD_WIDTH * self->zoom;
  bottom = top + self->plan->cards[at].height * self->zoom;
  if (left < margin || top < margin || right > width - margin || bottom > height - margin)
    eqs_canvas_animate_to (self, zoom, width / 2 - zoom * (self->plan->cards[at].x + EQS_CARD_WIDTH / 2), height / 2 - zoom * (self->plan->cards[at].y + 40));
}

static void
reveal_cb (EqsSession *session, const char *path, EqsCanvas *self)
{
  look_at_cb (session, path, self);
  eqs_canvas_focus_node (self, path);
}

/* ---- what is where ---- */

static int
port_at (const EqsPlanCard *card, GPtrArray *ports, double x, double y, double port_x)
{
  for (guint i = 0; i < ports->len; i++)
    if (hypot (x - port_x, y - card->y - EQS_PORT_TOP - EQS_PORT_PITCH * i) <= EQS_PORT_REACH)
      return (int) i;
  return -1;
}

EqsHit
eqs_canvas_hit (EqsCanvas *self, double widget_x, double widget_y)
{
  EqsHit hit = { .card = -1, .wire = -1 };
  double x, y, nearest = 6;
  int    port;

  eqs_canvas_to_design (self, widget_x, widget_y, &x, &y);
  nearest /= MIN (self->zoom, 1);
  for (int i = (int) self->plan->n_cards - 1; i >= 0; i--)
    {
      const EqsPlanCard *card = &self->plan->cards[i];

      if (x < card->x - EQS_PORT_REACH || x > card->x + EQS_CARD_WIDTH + EQS_PORT_REACH || y < card->y || y > card->y + card->height + 4)
        continue;
      if ((port = port_at (card, card->outputs, x, y, card->x + EQS_CARD_WIDTH)) >= 0)
        return (EqsHit) { .card = i, .port = card->outputs->pdata[port], .output = TRUE, .wire = -1 };
      if ((port = port_at (card, card->inputs, x, y, card->x)) >= 0)
        return (EqsHit) { .card = i, .port = card->inputs->pdata[port], .wire = -1 };
      if (x >= card->x && x <= card->x + EQS_CARD_WIDTH && hit.card < 0)
        hit.card = i;
    }
  if (hit.card < 0 && eqs_canvas_hit_bend (self, x, y, &hit))
    return hit;
  for (guint i = 0; hit.card < 0 && i < self->plan->n_wires; i++)
    {
      double box[4], distance;

      eqs_route_bounds (&self->plan->wires[i].route, box);
      if (x < box[0] - nearest || x > box[2] + nearest || y < box[1] - nearest || y > box[3] + nearest)
        continue;
      distance = eqs_route_distance (&self->plan->wires[i].route, x, y);
      if (distance < nearest)
        {
          nearest = distance;
          hit.wire = (int) i;
        }
    }
  if (hit.card < 0 && hit.wire < 0)
    eqs_canvas_hit_item (self, x, y, &hit);
  return hit;
}

/* ---- popovers ---- */

static gboolean
once_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* The keyboard goes back to what is selected. Left to itself it would go on to the first card, and select that. */
static void
take_focus_from (EqsCanvas *self, GtkWidget *widget)
{
  GtkRoot     *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget   *focus = root == NULL ? NULL : gtk_root_get_focus (root);
  const char  *path = self->session == NULL || eqs_session_get_n_selected (self->session) != 1 ? NULL : eqs_session_get_selection (self->session)[0];
  EqsNodeCard *card = path == NULL ? NULL : eqs_canvas_get_card (self, path);

  if (focus == NULL || (focus != widget && !gtk_widget_is_ancestor (focus, widget)))
    return;
  if (card != NULL && GTK_WIDGET (card) != widget && gtk_widget_get_child_visible (GTK_WIDGET (card)))
    gtk_widget_grab_focus (GTK_WIDGET (card));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
popover_closed_cb (GtkPopover *popover, EqsCanvas *self)
{
  take_focus_from (self, GTK_WIDGET (popover));
  if (self->popover == GTK_WIDGET (popover))
    self->popover = NULL;
  /* What the popover does on its way out may still need it. */
  g_object_ref (popover);
  gtk_widget_unparent (GTK_WIDGET (popover));
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, once_cb, popover, g_object_unref);
}

void
eqs_canvas_place_popover (EqsCanvas *self, GtkWidget *popover, double x, double y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  const GdkRectangle at = { (int) x, (int) y, 1, 1 };

  if (self->popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  self->popover = popover;
  gtk_widget_set_parent (popover, GTK_WIDGET (self));
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &at);
  g_signal_connect (popover, "closed", G_CALLBACK (popover_closed_cb), self);
  gtk_popover_popup (GTK_POPOVER (popover));
}

/* ---- the widget ---- */

static void
eqs_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  EqsCanvas *self = EQS_CANVAS (widget);

  if (!self->fitted && width > 50 && height > 50 && self->plan->n_cards > 0)
    {
      self->fitted = TRUE;
      if (self->wish[0] > 0)
        set_view (self, self->wish[0], width / 2.0 - self->wish[0] * self->wish[1], height / 2.0 - self->wish[0] * self->wish[2]);
      else
        fit (self, FALSE, FALSE);
    }
  for (guint i = 0; i < self->cards->len; i++)
    {
      const EqsPlanCard *card = &self->plan->cards[i];
      double   x, y;
      gboolean in_view;

      eqs_canvas_from_design (self, card->x, card->y, &x, &y);
      in_view = x < width + 20 && y < height + 20 && x + EQS_CARD_WIDTH * self->zoom > -20 && y + card->height * self->zoom > -20;
      gtk_widget_set_child_visible (self->cards->pdata[i], in_view);
      if (in_view)
        gtk_widget_allocate (self->cards->pdata[i], EQS_CARD_WIDTH, (int) card->height, -1,
                             gsk_transform_scale (gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((float) x, (float) y)), (float) self->zoom, (float) self->zoom));
    }
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
eqs_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  EqsCanvas *self = EQS_CANVAS (widget);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 640 : 400;
  for (guint i = 0; i < self->cards->len; i++)
    {
      int ignored;

      gtk_widget_measure (self->cards->pdata[i], orientation, -1, &ignored, NULL, NULL, NULL);
    }
}

static void
eqs_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  EqsCanvas *self = EQS_CANVAS (widget);

  eqs_canvas_draw (self, snapshot);
  for (guint i = 0; i < self->cards->len; i++)
    gtk_widget_snapshot_child (widget, self->cards->pdata[i], snapshot);
  eqs_canvas_draw_above (self, snapshot);
}

/* Tab goes along the flow of the network, not by places. */
static gboolean
eqs_canvas_focus (GtkWidget *widget, GtkDirectionType direction)
{
  EqsCanvas *self = EQS_CANVAS (widget);
  GtkWidget *focus = gtk_widget_get_focus_child (widget);
  const int  n = (int) self->cards->len;
  int        at = -1, step = direction == GTK_DIR_TAB_BACKWARD ? -1 : 1;

  if (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD)
    return gtk_widget_is_focus (widget) || focus != NULL ? FALSE : gtk_widget_grab_focus (widget);
  if (n == 0)
    return gtk_widget_is_focus (widget) ? FALSE : gtk_widget_grab_focus (widget);
  for (int i = 0; i < n; i++)
    if (self->cards->pdata[i] == focus)
      at = i;
  if (at < 0 && !gtk_widget_is_focus (widget))
    at = step > 0 ? -1 : n;
  at += step;
  if (at < 0 || at >= n)
    return FALSE;
  gtk_widget_set_child_visible (self->cards->pdata[at], TRUE);
  gtk_widget_grab_focus (self->cards->pdata[at]);
  eqs_session_select_one (self->session, eqs_node_card_get_path (self->cards->pdata[at]));
  reveal_cb (self->session, eqs_node_card_get_path (self->cards->pdata[at]), self);
  return TRUE;
}

static void
eqs_canvas_dispose (GObject *object)
{
  EqsCanvas *self = EQS_CANVAS (object);
  GtkWidget *child;

  stop_animation (self);
  g_clear_handle_id (&self->rebuild_idle, g_source_remove);
  self->popover = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_ptr_array_set_size (self->cards, 0);
  g_clear_pointer (&self->wires, gsk_render_node_unref);
  g_clear_pointer (&self->plan, eqs_plan_free);
  g_clear_pointer (&self->refusals, g_hash_table_unref);
  g_clear_pointer (&self->box_before, g_ptr_array_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_canvas_parent_class)->dispose (object);
}

static void
eqs_canvas_finalize (GObject *object)
{
  EqsCanvas *self = EQS_CANVAS (object);

  g_ptr_array_unref (self->cards);
  g_free (self->wire_path);
  g_free (self->wire_port);
  g_free (self->held_note);

  G_OBJECT_CLASS (eqs_canvas_parent_class)->finalize (object);
}

static void
eqs_canvas_class_init (EqsCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eqs_canvas_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_canvas_finalize;
  widget_class->measure = eqs_canvas_measure;
  widget_class->size_allocate = eqs_canvas_size_allocate;
  widget_class->snapshot = eqs_canvas_snapshot;
  widget_class->focus = eqs_canvas_focus;
  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  eqs_canvas_class_install_actions (widget_class);
  eqs_canvas_class_install_arrange (widget_class);
  eqs_canvas_class_install_items (widget_class);

  viewed_signal = g_signal_new ("viewed", EQS_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  zoomed_signal = g_signal_new ("zoomed", EQS_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
eqs_canvas_init (EqsCanvas *self)
{
  /* Networks flow from left to right in every language, and sizes such as 28×28 → 14×14 are read that way. */
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
  self->cards = g_ptr_array_new ();
  self->zoom = 1;
  self->x = self->y = 32;
  self->hover_wire = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Design canvas"), -1);
}

GtkWidget *
eqs_canvas_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsCanvas *self = g_object_new (EQS_TYPE_CANVAS, NULL);

  self->session = g_object_ref (session);
  self->plan = eqs_plan_new (eqs_session_get_document (session), "", NULL);
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (document_changed_cb), self, 0);
  g_signal_connect_object (session, "checked", G_CALLBACK (checked_cb), self, 0);
  g_signal_connect_object (session, "audited", G_CALLBACK (checked_cb), self, 0);
  g_signal_connect_object (session, "scope-changed", G_CALLBACK (scope_changed_cb), self, 0);
  g_signal_connect_object (session, "selection-changed", G_CALLBACK (selection_changed_cb), self, 0);
  g_signal_connect_object (session, "probe-changed", G_CALLBACK (selection_changed_cb), self, 0);
  g_signal_connect_object (session, "reveal", G_CALLBACK (reveal_cb), self, 0);
  g_signal_connect_object (session, "look-at", G_CALLBACK (look_at_cb), self, 0);
  rebuild (self);
  eqs_canvas_add_input (self);
  return GTK_WIDGET (self);
}

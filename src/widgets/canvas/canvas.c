/*
 * The widget: cards are children placed by a transform, so that the keyboard and assistive technologies see them; wires are drawn
 * below them. The plan is made anew in one idle after whatever changed.
 */

#include "widgets/canvas/canvas-private.h"

#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (EqsCanvas, eqs_canvas, GTK_TYPE_WIDGET)

static guint zoomed_signal, viewed_signal;

void
eqs_canvas_changed (EqsCanvas *self)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
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
      eqs_node_card_show (EQS_NODE_CARD (widget), self->plan, card, problem == NULL ? NULL : problem->titled, badge_of (self, card));
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
  eqs_canvas_fit_readably (self, FALSE, FALSE);
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
        eqs_canvas_apply_view (self, self->wish[0], width / 2.0 - self->wish[0] * self->wish[1], height / 2.0 - self->wish[0] * self->wish[2]);
      else
        eqs_canvas_fit_readably (self, FALSE, FALSE);
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

  eqs_canvas_stop_glide (self);
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

/*
 * Pointer and wheel. One drag gesture does what the place where it starts asks for: a port pulls a wire, a card moves the
 * selection, the ground draws a box; with the middle button or Space it pans.
 */

#include "widgets/canvas/canvas-private.h"

#include "studio/items.h"
#include "studio/trial.h"
#include "widgets/palette/palette.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* ---- selecting ---- */

/* What views of values are of; no layer stays selected beside it. */
static void
choose_wire (EqsCanvas *self, int wire)
{
  eqs_session_select (self->session, NULL);
  eqs_session_set_probe (self->session, self->plan->cards[self->plan->wires[wire].from].path, self->plan->wires[wire].link->from_port);
}

static void
select_with (EqsCanvas *self, const char *path, gboolean add, gboolean toggle)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  const char *const *selection = eqs_session_get_selection (self->session);
  const gboolean was = eqs_session_is_selected (self->session, path);

  for (guint i = 0; (add || toggle) && selection[i] != NULL; i++)
    if (!(toggle && was && strcmp (selection[i], path) == 0))
      g_ptr_array_add (paths, (gpointer) selection[i]);
  if (!was || !(add || toggle))
    g_ptr_array_add (paths, (gpointer) path);
  g_ptr_array_add (paths, NULL);
  eqs_session_select (self->session, (const char *const *) paths->pdata);
}

static void
select_box (EqsCanvas *self)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  double left, top, right, bottom;

  eqs_canvas_to_design (self, MIN (self->start_x, self->at_x), MIN (self->start_y, self->at_y), &left, &top);
  eqs_canvas_to_design (self, MAX (self->start_x, self->at_x), MAX (self->start_y, self->at_y), &right, &bottom);
  for (guint i = 0; self->box_before != NULL && i < self->box_before->len; i++)
    g_ptr_array_add (paths, self->box_before->pdata[i]);
  for (guint i = 0; i < self->plan->n_cards; i++)
    {
      const EqsPlanCard *card = &self->plan->cards[i];

      if (card->x < right && card->x + EQS_CARD_WIDTH > left && card->y < bottom && card->y + card->height > top)
        g_ptr_array_add (paths, card->path);
    }
  g_ptr_array_add (paths, NULL);
  eqs_session_select (self->session, (const char *const *) paths->pdata);
}

/* ---- moving ---- */

/* Where the selection stands while it is dragged: the document follows at the end. */
static void
move_by (EqsCanvas *self, double dx, double dy)
{
  const double step_x = dx - self->moved_x, step_y = dy - self->moved_y;

  if (step_x == 0 && step_y == 0)
    return;
  self->moved_x = dx;
  self->moved_y = dy;
  for (guint i = 0; i < self->plan->n_cards; i++)
    if (eqs_session_is_selected (self->session, self->plan->cards[i].path))
      {
        self->plan->cards[i].x += step_x;
        self->plan->cards[i].y += step_y;
      }
  for (guint i = 0; i < self->plan->n_wires; i++)
    {
      EqsPlanWire   *wire = &self->plan->wires[i];
      const gboolean from = eqs_session_is_selected (self->session, self->plan->cards[wire->from].path), to = eqs_session_is_selected (self->session, self->plan->cards[wire->to].path);

      for (guint k = 0; from && to && k < wire->n_bends; k++)
        {
          wire->bends[k][0] += step_x;
          wire->bends[k][1] += step_y;
        }
      if (from || to)
        eqs_plan_route_plain (self->plan, i);
    }
  eqs_plan_measure (self->plan);
  g_clear_pointer (&self->wires, gsk_render_node_unref);
  eqs_canvas_changed (self);
}

typedef struct { char *scope, *from, *to, *id; } Insert;

static void
insert_free (gpointer data)
{
  Insert *insert = data;

  g_free (insert->scope);
  g_free (insert->from);
  g_free (insert->to);
  g_free (insert->id);
  g_free (insert);
}

static gboolean
insert_cb (EqsDocument *document, gpointer data, GError **error)
{
  Insert *insert = data;
  EqsNode *node = eqs_graph_find_node (eqs_document_get_graph (document, insert->scope), insert->id);
  const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));

  return eqs_document_insert_on_link (document, insert->scope, insert->from, insert->to, insert->id, layer->inputs[0].name, layer->outputs[0].name, error);
}

/* A card without wires that is dropped on a wire goes into it. */
static void
insert_on_wire (EqsCanvas *self)
{
  const char  *path = eqs_session_get_selection (self->session)[0], *slash = strrchr (path, '/');
  const int    at = eqs_plan_find (self->plan, slash == NULL ? path : slash + 1);
  const EqsPlanCard *card = at < 0 ? NULL : &self->plan->cards[at];
  Insert      *insert;

  if (card == NULL || card->layer == NULL || card->layer->inputs == NULL || card->layer->inputs[0].name == NULL || card->layer->outputs == NULL ||
      card->layer->outputs[0].name == NULL)
    return;
  for (guint i = 0; i < self->plan->n_wires; i++)
    if (self->plan->wires[i].from == at || self->plan->wires[i].to == at)
      return;
  for (guint i = 0; i < self->plan->n_wires; i++)
    {
      const EqsLink *link = self->plan->wires[i].link;

      if (eqs_route_distance (&self->plan->wires[i].route, card->x + EQS_CARD_WIDTH / 2, card->y + EQS_PORT_TOP) > 24)
        continue;
      insert = g_new0 (Insert, 1);
      insert->scope = g_strdup (eqs_session_get_scope (self->session));
      insert->from = g_strdup_printf ("%s.%s", link->from_node, link->from_port);
      insert->to = g_strdup_printf ("%s.%s", link->to_node, link->to_port);
      insert->id = g_strdup (eqs_node_get_id (card->node));
      eqs_session_do (self->session, eqs_command_new (_("Insert on a wire"), insert_cb, insert, insert_free));
      return;
    }
}

static void
finish_move (EqsCanvas *self)
{
  const char *const *selection = eqs_session_get_selection (self->session);
  const guint        n = eqs_session_get_n_selected (self->session);
  g_autofree double *xy = g_new0 (double, 2 * n + 2);
  EqsHistory        *history = eqs_session_get_history (self->session);
  const gboolean     moved = self->moved_x != 0 || self->moved_y != 0;

  for (guint k = 0; k < n; k++)
    {
      const char *slash = strrchr (selection[k], '/');
      const int   at = eqs_plan_find (self->plan, slash == NULL ? selection[k] : slash + 1);

      xy[2 * k] = self->plan->cards[at].x;
      xy[2 * k + 1] = self->plan->cards[at].y;
    }
  self->moved_x = self->moved_y = 0;
  if (!moved || n == 0)
    return;
  eqs_history_seal (history);
  eqs_canvas_move_selection (self, xy, 0, 0);      /* bends have been dragged along in the plan */
  eqs_history_seal (history);
  if (n == 1)
    insert_on_wire (self);
}

/* ---- wires ---- */

static void
trial_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (EqsCanvas)  self = data;
  g_autoptr (GHashTable) answers = eqs_trial_connect_finish (result, NULL);
  const guint number = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (g_task_get_cancellable (G_TASK (result))), "number"));

  if (answers == NULL || number != self->trial || self->session == NULL)
    return;
  g_clear_pointer (&self->refusals, g_hash_table_unref);
  self->refusals = g_steal_pointer (&answers);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
begin_wire (EqsCanvas *self, const EqsHit *hit)
{
  const EqsPlanCard *card = &self->plan->cards[hit->card];
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_free (self->wire_path);
  g_free (self->wire_port);
  self->wire_path = g_strdup (card->path);
  self->wire_port = g_strdup (hit->port);
  self->wire_from_output = hit->output;
  g_clear_pointer (&self->refusals, g_hash_table_unref);
  g_object_set_data (G_OBJECT (cancellable), "number", GUINT_TO_POINTER (++self->trial));
  eqs_trial_connect_async (eqs_session_get_document (self->session), eqs_session_get_scope (self->session), eqs_node_get_id (card->node), hit->port, hit->output,
                           cancellable, trial_cb, g_object_ref (self));
}

static void
connect_to (EqsCanvas *self, const EqsHit *hit)
{
  const EqsPlanCard *card = &self->plan->cards[hit->card];
  const char        *slash = strrchr (self->wire_path, '/');
  g_autofree char   *held = g_strdup_printf ("%s.%s", slash == NULL ? self->wire_path : slash + 1, self->wire_port);
  g_autofree char   *other = g_strdup_printf ("%s.%s", eqs_node_get_id (card->node), hit->port);
  g_autofree char   *key = g_strdup_printf ("%s.%s", card->path, hit->port);
  const char        *reason = self->refusals == NULL ? NULL : g_hash_table_lookup (self->refusals, key);
  gboolean           replace = TRUE;

  if (hit->output == self->wire_from_output)
    return;
  for (const EqkPort *port = card->layer == NULL || !self->wire_from_output ? NULL : card->layer->inputs; port != NULL && port->name != NULL; port++)
    if (strcmp (port->name, hit->port) == 0)
      replace = !port->variadic;
  if (eqs_session_do (self->session, eqs_command_new_connect (eqs_session_get_scope (self->session), self->wire_from_output ? held : other,
                                                              self->wire_from_output ? other : held, replace)) && reason != NULL)
    /* Never block editing: it is joined, and the problem stands at the place with its fixes. */
    eqs_session_message (self->session, "%s", reason);
}

static void
finish_wire (EqsCanvas *self)
{
  const EqsHit hit = eqs_canvas_hit (self, self->at_x, self->at_y);
  double x, y;

  self->trial++;
  if (hit.port != NULL)
    connect_to (self, &hit);
  else if (hit.card < 0 && hypot (self->at_x - self->start_x, self->at_y - self->start_y) > 24)
    {
      const EqsAddEnd end = { .path = self->wire_path, .port = self->wire_port, .from_output = self->wire_from_output };

      eqs_canvas_to_design (self, self->at_x, self->at_y, &x, &y);
      eqs_canvas_ask_layer (self, x, y - EQS_PORT_TOP, &end);
    }
  g_clear_pointer (&self->refusals, g_hash_table_unref);
}

/* ---- gestures ---- */

static GdkModifierType
modifiers_of (GtkGesture *gesture)
{
  return gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
}

static void
cut_wire (EqsCanvas *self, int wire)
{
  const EqsLink   *link = self->plan->wires[wire].link;
  g_autofree char *from = g_strdup_printf ("%s.%s", link->from_node, link->from_port), *to = g_strdup_printf ("%s.%s", link->to_node, link->to_port);

  eqs_session_do (self->session, eqs_command_new_disconnect (eqs_session_get_scope (self->session), from, to));
}

/* Bends, notes and titles of frames are dragged. */
static gboolean
begin_item (EqsCanvas *self, const EqsHit *hit, double x, double y, GdkModifierType state)
{
  double design_x, design_y;

  eqs_canvas_to_design (self, x, y, &design_x, &design_y);
  if (hit->bend > 0)
    {
      self->held_wire = hit->wire;
      self->held_bend = hit->bend - 1;
      self->drag = EQS_DRAG_BEND;
    }
  else if (hit->wire >= 0 && (state & GDK_CONTROL_MASK) != 0)
    self->drag = eqs_canvas_begin_bend (self, hit->wire, design_x, design_y) ? EQS_DRAG_BEND : EQS_DRAG_NONE;
  else if (hit->item != NULL && hit->kind == EQS_ITEM_NOTE)
    {
      g_free (self->held_note);
      self->held_note = g_strdup (eqs_map_get_string (hit->item, "id", ""));
      self->note_x = eqs_map_get_number (hit->item, "x", 0);
      self->note_y = eqs_map_get_number (hit->item, "y", 0);
      self->drag = EQS_DRAG_NOTE;
    }
  else if (hit->item != NULL)
    {
      eqs_canvas_select_frame (self, hit->item);
      self->drag = EQS_DRAG_MOVE;
    }
  else
    return FALSE;
  return TRUE;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, EqsCanvas *self)
{
  const GdkModifierType state = modifiers_of (GTK_GESTURE (gesture));
  const guint  button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  const EqsHit hit = eqs_canvas_hit (self, x, y);

  self->start_x = self->at_x = x;
  self->start_y = self->at_y = y;
  self->moved_x = self->moved_y = 0;
  if (button == GDK_BUTTON_MIDDLE || (button == GDK_BUTTON_PRIMARY && self->space_held))
    {
      self->drag = EQS_DRAG_PAN;
      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
      return;
    }
  if (button != GDK_BUTTON_PRIMARY)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  if (hit.port != NULL)
    {
      self->drag = EQS_DRAG_WIRE;
      begin_wire (self, &hit);
    }
  else if (hit.card < 0 && begin_item (self, &hit, x, y, state))
    gtk_widget_grab_focus (GTK_WIDGET (self));
  else if (hit.card >= 0)
    {
      const char *path = self->plan->cards[hit.card].path;
      const gboolean shift = (state & GDK_SHIFT_MASK) != 0, control = (state & GDK_CONTROL_MASK) != 0;

      self->narrows = !shift && !control && eqs_session_is_selected (self->session, path);
      if (!self->narrows)
        select_with (self, path, shift, control);
      eqs_canvas_focus_node (self, path);
      self->drag = EQS_DRAG_MOVE;
    }
  else if (hit.wire >= 0)
    {
      if (state & GDK_ALT_MASK)
        cut_wire (self, hit.wire);
      else
        choose_wire (self, hit.wire);
    }
  else
    {
      gtk_widget_grab_focus (GTK_WIDGET (self));
      g_clear_pointer (&self->box_before, g_ptr_array_unref);
      if (state & GDK_SHIFT_MASK)
        {
          self->box_before = g_ptr_array_new_with_free_func (g_free);
          for (const char *const *path = eqs_session_get_selection (self->session); *path != NULL; path++)
            g_ptr_array_add (self->box_before, g_strdup (*path));
        }
      else
        eqs_session_select (self->session, NULL);
      self->drag = EQS_DRAG_BOX;
    }
}

static double
snapped (double at, double delta)
{
  return round ((at + delta) / EQS_GRID) * EQS_GRID - at;
}

/* The card under the pointer snaps to the grid; the others keep their distance. */
static void
drag_cards (EqsCanvas *self, double dx, double dy, gboolean free_hand)
{
  const EqsHit hit = eqs_canvas_hit (self, self->at_x, self->at_y);
  const EqsPlanCard *card = hit.card >= 0 ? &self->plan->cards[hit.card] : NULL;

  if (card == NULL)
    for (guint i = 0; card == NULL && i < self->plan->n_cards; i++)
      if (eqs_session_is_selected (self->session, self->plan->cards[i].path))
        card = &self->plan->cards[i];
  if (card != NULL && !free_hand)
    {
      dx = snapped (card->x - self->moved_x, dx);
      dy = snapped (card->y - self->moved_y, dy);
    }
  move_by (self, dx, dy);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, EqsCanvas *self)
{
  const double before_x = self->at_x, before_y = self->at_y;

  self->at_x = self->start_x + dx;
  self->at_y = self->start_y + dy;
  switch (self->drag)
    {
    case EQS_DRAG_PAN:
      eqs_canvas_pan (self, self->at_x - before_x, self->at_y - before_y);
      break;
    case EQS_DRAG_MOVE:
      if (hypot (dx, dy) > 3 || self->moved_x != 0 || self->moved_y != 0)
        drag_cards (self, dx / self->zoom, dy / self->zoom, (modifiers_of (GTK_GESTURE (gesture)) & GDK_CONTROL_MASK) != 0);
      break;
    case EQS_DRAG_BOX:
      select_box (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      break;
    case EQS_DRAG_WIRE:
      gtk_widget_queue_draw (GTK_WIDGET (self));
      break;
    case EQS_DRAG_BEND:
      {
        double x, y;

        eqs_canvas_to_design (self, self->at_x, self->at_y, &x, &y);
        if (hypot (dx, dy) > 3)
          eqs_canvas_drag_bend (self, x, y);
        break;
      }
    case EQS_DRAG_NOTE:
      self->moved_x = snapped (self->note_x, dx / self->zoom);
      self->moved_y = snapped (self->note_y, dy / self->zoom);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      break;
    case EQS_DRAG_NONE:
      break;
    }
}

/* A card of the selection was pressed, as to move all of it, and let go where it was: it alone is meant. */
static void
narrow (EqsCanvas *self)
{
  const EqsHit hit = eqs_canvas_hit (self, self->start_x, self->start_y);

  if (hit.card >= 0)
    eqs_session_select_one (self->session, self->plan->cards[hit.card].path);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, EqsCanvas *self)
{
  const EqsDrag drag = self->drag;

  self->drag = EQS_DRAG_NONE;
  if (drag == EQS_DRAG_MOVE && self->narrows && self->moved_x == 0 && self->moved_y == 0)
    narrow (self);
  else if (drag == EQS_DRAG_MOVE)
    finish_move (self);
  else if (drag == EQS_DRAG_WIRE)
    finish_wire (self);
  else if (drag == EQS_DRAG_BEND)
    eqs_canvas_finish_bend (self);
  else if (drag == EQS_DRAG_NOTE && (self->moved_x != 0 || self->moved_y != 0))
    {
      eqs_history_seal (eqs_session_get_history (self->session));
      eqs_session_move_note (self->session, self->held_note, self->note_x + self->moved_x, self->note_y + self->moved_y);
      eqs_history_seal (eqs_session_get_history (self->session));
    }
  else if (drag == EQS_DRAG_PAN)
    gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
is_on_badge (EqsCanvas *self, int card, double x, double y)
{
  double design_x, design_y;

  eqs_canvas_to_design (self, x, y, &design_x, &design_y);
  return design_x > self->plan->cards[card].x + EQS_CARD_WIDTH - 28 && design_y < self->plan->cards[card].y + 30;
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, EqsCanvas *self)
{
  const EqsHit hit = eqs_canvas_hit (self, x, y);
  double design_x, design_y;

  if (n_press == 1 && hit.card >= 0 && hit.port == NULL && self->plan->cards[hit.card].worst >= 0 && is_on_badge (self, hit.card, x, y))
    eqs_canvas_show_problems (self, hit.card);
  if (n_press != 2)
    return;
  if (hit.card >= 0 && hit.port == NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "canvas.enter", NULL);
  else if (hit.bend > 0)
    eqs_canvas_remove_bend (self, hit.wire, hit.bend);
  else if (hit.item != NULL)
    {
      g_autofree char *id = g_strdup (eqs_map_get_string (hit.item, "id", ""));

      eqs_canvas_edit_item (self, hit.kind, id);
    }
  else if (hit.card < 0)
    {
      const EqsAddEnd end = { .link = hit.wire < 0 ? NULL : self->plan->wires[hit.wire].link };

      eqs_canvas_to_design (self, x, y, &design_x, &design_y);
      eqs_canvas_ask_layer (self, design_x, design_y, &end);
    }
}

/* The menu is about what is under the pointer. */
static void
menu_cb (GtkGestureClick *gesture, int n_press, double x, double y, EqsCanvas *self)
{
  const EqsHit hit = eqs_canvas_hit (self, x, y);

  if (hit.card >= 0 && !eqs_session_is_selected (self->session, self->plan->cards[hit.card].path))
    eqs_session_select_one (self->session, self->plan->cards[hit.card].path);
  else if (hit.card < 0 && hit.wire >= 0)
    choose_wire (self, hit.wire);
  else if (hit.card < 0)
    eqs_session_select (self->session, NULL);
  eqs_canvas_show_menu (self, x, y);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, EqsCanvas *self)
{
  const GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if (((state & GDK_CONTROL_MASK) != 0) != self->wheel_zooms)
    eqs_canvas_zoom_at (self, self->zoom * pow (1.1, -dy), self->at_x, self->at_y);
  else if (state & GDK_SHIFT_MASK)
    eqs_canvas_pan (self, -48 * (dy + dx), 0);
  else
    eqs_canvas_pan (self, -48 * dx, -48 * dy);
  return TRUE;
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, EqsCanvas *self)
{
  int wire;

  if (self->drag != EQS_DRAG_NONE)
    return;
  self->at_x = x;
  self->at_y = y;
  wire = eqs_canvas_hit (self, x, y).wire;
  if (wire != self->hover_wire)
    {
      self->hover_wire = wire;
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, EqsCanvas *self)
{
  g_object_set_data (G_OBJECT (gesture), "zoom", GINT_TO_POINTER ((int) (self->zoom * 1000)));
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, EqsCanvas *self)
{
  const double before = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (gesture), "zoom")) / 1000.0;
  double x = self->at_x, y = self->at_y;

  gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  eqs_canvas_zoom_at (self, before * scale, x, y);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, EqsCanvas *self)
{
  if (key == GDK_KEY_space && (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) == 0)
    {
      self->space_held = TRUE;
      return TRUE;
    }
  if (key == GDK_KEY_Escape && self->drag != EQS_DRAG_NONE)
    {
      if (self->drag == EQS_DRAG_MOVE)
        move_by (self, 0, 0);
      else if (self->drag == EQS_DRAG_BEND)
        eqs_canvas_finish_bend (self);
      self->drag = EQS_DRAG_NONE;
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return TRUE;
    }
  return FALSE;
}

static void
key_released_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, EqsCanvas *self)
{
  if (key == GDK_KEY_space)
    self->space_held = FALSE;
}

/* A row of the palette, dropped: on a wire it goes into the wire. */
static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, EqsCanvas *self)
{
  const char *text = g_value_get_string (value), *prefix = EQS_PALETTE_DRAG_PREFIX;
  const EqkLayerType *layer = text != NULL && g_str_has_prefix (text, prefix) ? eqk_layer_find (text + strlen (prefix)) : NULL;
  const EqsHit hit = eqs_canvas_hit (self, x, y);
  double design_x, design_y;

  if (layer == NULL)
    return FALSE;
  eqs_canvas_to_design (self, x, y, &design_x, &design_y);
  eqs_canvas_add_layer (self, layer, design_x - EQS_CARD_WIDTH / 2, design_y - EQS_PORT_TOP, hit.wire < 0 ? NULL : self->plan->wires[hit.wire].link);
  return TRUE;
}

void
eqs_canvas_set_wheel_zooms (EqsCanvas *self, gboolean zooms)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  self->wheel_zooms = zooms;
}

void
eqs_canvas_add_input (EqsCanvas *self)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  GtkWidget          *widget = GTK_WIDGET (self);
  GtkGesture         *drag = gtk_gesture_drag_new (), *click = gtk_gesture_click_new (), *pinch = gtk_gesture_zoom_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES), *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture         *menu = gtk_gesture_click_new ();
  GtkDropTarget      *drop = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (key_released_cb), self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu), GDK_BUTTON_SECONDARY);
  g_signal_connect (menu, "pressed", G_CALLBACK (menu_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (menu));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
  gtk_gesture_group (drag, click);
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drop));
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, keys);
}

/* Scenes are painted when they or the camera change; while the camera moves large ones have rough edges. */

#include "widgets/space/space-view.h"

#include "widgets/save-picture.h"
#include "widgets/theme.h"
#include "widgets/parts.h"

#include <gdk/gdkkeysyms.h>
#include <math.h>

#define TITLE 22          /* height of a title */
#define GAP 12
#define LARGE 400         /* points from which edges are rough while the camera moves */
#define STEP (G_PI / 24)

struct _EqsSpaceView
{
  GtkWidget  parent_instance;

  EqsScene  *scenes[EQS_SPACE_VIEW_SCENES];      /* owned */
  char      *titles[EQS_SPACE_VIEW_SCENES];      /* owned (nullable) */
  guint      n;
  EqsCamera  camera, at_begin;
  gboolean   moving, panning, labels;
  double     from[2];                            /* where a drag began, in the cell it began in, -1 .. 1 */
  guint      settle;                             /* source: smooth edges again */
};

G_DEFINE_FINAL_TYPE (EqsSpaceView, eqs_space_view, GTK_TYPE_WIDGET)

enum { CAMERA_CHANGED, POINT_CHOSEN, DESCRIBE, N_SIGNALS };

static guint signals[N_SIGNALS];

/* ---- cells ---- */

typedef struct { double x, y, width, height; } Cell;

static double
title_height (EqsSpaceView *self)
{
  return self->n > 0 && self->titles[0] != NULL ? TITLE : 0;
}

/* As many columns as make the cells largest. */
static guint
columns_for (EqsSpaceView *self, double width, double height)
{
  guint  best = 1;
  double largest = 0;

  for (guint columns = 1; columns <= self->n; columns++)
    {
      const guint  rows = (self->n + columns - 1) / columns;
      const double w = (width - (columns - 1) * GAP) / columns, h = (height - (rows - 1) * GAP) / rows - title_height (self), side = MIN (w, h) + 0.01 * MAX (w, h);

      if (side > largest)
        {
          largest = side;
          best = columns;
        }
    }
  return best;
}

static Cell
cell_of (EqsSpaceView *self, guint i)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  const guint  columns = columns_for (self, width, height), rows = (self->n + columns - 1) / MAX (columns, 1);
  const double w = (width - (columns - 1) * GAP) / columns, h = (height - (MAX (rows, 1) - 1) * GAP) / MAX (rows, 1), top = title_height (self);

  return (Cell){ (i % columns) * (w + GAP), (i / columns) * (h + GAP) + top, floor (w), floor (h - top) };
}

/* The scene under a place; -1: none. */
static int
scene_at (EqsSpaceView *self, double x, double y, Cell *cell)
{
  for (guint i = 0; i < self->n; i++)
    {
      *cell = cell_of (self, i);
      if (x >= cell->x && x < cell->x + cell->width && y >= cell->y && y < cell->y + cell->height)
        return (int) i;
    }
  return -1;
}

/* ---- drawing ---- */

static void
draw_title (EqsSpaceView *self, cairo_t *cr, const Cell *cell, const char *title)
{
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, 13);
  eqs_theme_set_source (GTK_WIDGET (self), cr, "window_fg_color", 1);
  cairo_move_to (cr, cell->x, cell->y - 7);
  cairo_show_text (cr, title);
}

static void
frame (EqsSpaceView *self, cairo_t *cr, const Cell *cell, gboolean fill)
{
  const double x = cell->x + 0.5, y = cell->y + 0.5, w = cell->width - 1, h = cell->height - 1, r = 10;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + w - r, y + r, r, -G_PI / 2, 0);
  cairo_arc (cr, x + w - r, y + h - r, r, 0, G_PI / 2);
  cairo_arc (cr, x + r, y + h - r, r, G_PI / 2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 3 * G_PI / 2);
  cairo_close_path (cr);
  eqs_theme_set_source (GTK_WIDGET (self), cr, fill ? "view_bg_color" : "eq_line", 1);
  cairo_set_line_width (cr, 1);
  if (fill)
    cairo_fill (cr);
  else
    cairo_stroke (cr);
}

static void
eqs_space_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  EqsSpaceView *self = EQS_SPACE_VIEW (widget);
  const int     width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t      *cr;

  if (width < 1 || height < 1)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  for (guint i = 0; i < self->n; i++)
    {
      const Cell         cell = cell_of (self, i);
      const EqsSceneLook look = { .labels = self->labels, .axes = TRUE, .fine = !self->moving || eqs_scene_get_n (self->scenes[i]) < LARGE };

      if (cell.width < 24 || cell.height < 24)
        continue;
      if (self->titles[i] != NULL)
        draw_title (self, cr, &cell, self->titles[i]);
      frame (self, cr, &cell, TRUE);
      eqs_scene_draw (self->scenes[i], cr, &self->camera, eqs_field_theme (eqs_theme_is_dark ()), &look, cell.x + 1, cell.y + 1, cell.width - 2, cell.height - 2);
      frame (self, cr, &cell, FALSE);
    }
  cairo_destroy (cr);
  if (gtk_widget_has_visible_focus (widget))
    gtk_snapshot_render_focus (snapshot, gtk_widget_get_style_context (widget), 0, 0, width, height);
}

static void
eqs_space_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : 140;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 240;
}

/* ---- the camera ---- */

static void
changed (EqsSpaceView *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CAMERA_CHANGED], 0);
}

static gboolean
settle_cb (gpointer data)
{
  EqsSpaceView *self = data;

  self->settle = 0;
  self->moving = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

static void
settle_soon (EqsSpaceView *self)
{
  self->moving = TRUE;
  g_clear_handle_id (&self->settle, g_source_remove);
  self->settle = g_timeout_add (200, settle_cb, self);
}

static void
zoom (EqsSpaceView *self, double factor)
{
  self->camera.zoom = CLAMP (self->camera.zoom * factor, 0.1, 40);
  settle_soon (self);
  changed (self);
}

static void
orbit (EqsSpaceView *self, double across, double up)
{
  double q[4], r[4];

  eqs_turn_of_axis ((const double[3]){ 0, 1, 0 }, across, q);
  eqs_turn_of_axis ((const double[3]){ 1, 0, 0 }, up, r);
  eqs_turn_compose (q, self->camera.q, self->camera.q);
  eqs_turn_compose (r, self->camera.q, self->camera.q);
  settle_soon (self);
  changed (self);
}

void
eqs_space_view_reset (EqsSpaceView *self)
{
  g_return_if_fail (EQS_IS_SPACE_VIEW (self));
  eqs_camera_reset (&self->camera);
  changed (self);
}

/* Part of the cell that the pointer is in, -1 .. 1 about its middle, y up. */
static void
place_in (const Cell *cell, double x, double y, double place[2])
{
  const double half = MIN (cell->width, cell->height) / 2;

  place[0] = (x - cell->x - cell->width / 2) / half;
  place[1] = -(y - cell->y - cell->height / 2) / half;
}

static void
drag_begin_cb (GtkGestureDrag *drag, double x, double y, EqsSpaceView *self)
{
  const GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (drag));
  Cell cell;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (scene_at (self, x, y, &cell) < 0)
    {
      gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  place_in (&cell, x, y, self->from);
  self->at_begin = self->camera;
  self->panning = (state & GDK_SHIFT_MASK) != 0 || gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (drag)) == GDK_BUTTON_MIDDLE;
}

static void
drag_update_cb (GtkGestureDrag *drag, double dx, double dy, EqsSpaceView *self)
{
  double x, y, to[2], q[4];
  Cell   cell;

  if (!gtk_gesture_drag_get_start_point (drag, &x, &y) || scene_at (self, x, y, &cell) < 0)
    return;
  self->moving = TRUE;
  g_clear_handle_id (&self->settle, g_source_remove);
  if (self->panning)
    {
      const double side = MIN (cell.width, cell.height);

      self->camera.pan[0] = self->at_begin.pan[0] + dx / side;
      self->camera.pan[1] = self->at_begin.pan[1] + dy / side;
    }
  else
    {
      place_in (&cell, x + dx, y + dy, to);
      eqs_turn_of_drag (self->from[0], self->from[1], to[0], to[1], q);
      eqs_turn_compose (q, self->at_begin.q, self->camera.q);
    }
  changed (self);
}

static void
drag_end_cb (GtkGestureDrag *drag, double dx, double dy, EqsSpaceView *self)
{
  double x, y;
  Cell   cell;
  int    scene;

  self->moving = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (hypot (dx, dy) > 3 || !gtk_gesture_drag_get_start_point (drag, &x, &y) || (scene = scene_at (self, x, y, &cell)) < 0)
    return;
  g_signal_emit (self, signals[POINT_CHOSEN], 0, scene, eqs_scene_pick (self->scenes[scene], &self->camera, cell.width - 2, cell.height - 2, x - cell.x - 1, y - cell.y - 1));
}

static gboolean
scroll_cb (GtkEventControllerScroll *scroll, double dx, double dy, EqsSpaceView *self)
{
  zoom (self, exp (-0.15 * dy));
  return GDK_EVENT_STOP;
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, EqsSpaceView *self)
{
  switch (key)
    {
    case GDK_KEY_Left:     orbit (self, -STEP, 0); return GDK_EVENT_STOP;
    case GDK_KEY_Right:    orbit (self, STEP, 0); return GDK_EVENT_STOP;
    case GDK_KEY_Up:       orbit (self, 0, -STEP); return GDK_EVENT_STOP;
    case GDK_KEY_Down:     orbit (self, 0, STEP); return GDK_EVENT_STOP;
    case GDK_KEY_plus: case GDK_KEY_equal: case GDK_KEY_KP_Add:
      zoom (self, 1.2); return GDK_EVENT_STOP;
    case GDK_KEY_minus: case GDK_KEY_KP_Subtract:
      zoom (self, 1 / 1.2); return GDK_EVENT_STOP;
    case GDK_KEY_Home:     eqs_space_view_reset (self); return GDK_EVENT_STOP;
    default:               return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
tooltip_cb (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip, gpointer data)
{
  EqsSpaceView    *self = EQS_SPACE_VIEW (widget);
  Cell             cell;
  const int        scene = keyboard ? -1 : scene_at (self, x, y, &cell);
  const int        point = scene < 0 ? -1 : eqs_scene_pick (self->scenes[scene], &self->camera, cell.width - 2, cell.height - 2, x - cell.x - 1, y - cell.y - 1);
  g_autofree char *text = NULL;

  if (point < 0)
    return FALSE;
  g_signal_emit (self, signals[DESCRIBE], 0, scene, point, &text);
  if (text == NULL)
    text = eqs_scene_dup_label (self->scenes[scene], point);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* ---- making it ---- */

static void
clear (EqsSpaceView *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      g_clear_pointer (&self->scenes[i], eqs_scene_unref);
      g_clear_pointer (&self->titles[i], g_free);
    }
  self->n = 0;
}

void
eqs_space_view_set_scenes (EqsSpaceView *self, EqsScene *const *scenes, const char *const *titles, guint n)
{
  g_return_if_fail (n <= EQS_SPACE_VIEW_SCENES);

  clear (self);
  for (guint i = 0; i < n; i++)
    {
      self->scenes[i] = eqs_scene_ref (scenes[i]);
      self->titles[i] = titles == NULL ? NULL : g_strdup (titles[i]);
    }
  self->n = n;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const EqsCamera *
eqs_space_view_get_camera (EqsSpaceView *self)
{
  g_return_val_if_fail (EQS_IS_SPACE_VIEW (self), NULL);
  return &self->camera;
}

void
eqs_space_view_set_labels (EqsSpaceView *self, gboolean labels)
{
  g_return_if_fail (EQS_IS_SPACE_VIEW (self));
  self->labels = labels;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
eqs_space_view_dispose (GObject *object)
{
  g_clear_handle_id (&EQS_SPACE_VIEW (object)->settle, g_source_remove);
  clear (EQS_SPACE_VIEW (object));

  G_OBJECT_CLASS (eqs_space_view_parent_class)->dispose (object);
}

static void
eqs_space_view_class_init (EqsSpaceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eqs_space_view_dispose;
  widget_class->snapshot = eqs_space_view_snapshot;
  widget_class->measure = eqs_space_view_measure;
  signals[CAMERA_CHANGED] = g_signal_new ("camera-changed", EQS_TYPE_SPACE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[POINT_CHOSEN] = g_signal_new ("point-chosen", EQS_TYPE_SPACE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  signals[DESCRIBE] = g_signal_new ("describe", EQS_TYPE_SPACE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_STRING, 2, G_TYPE_INT, G_TYPE_INT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
eqs_space_view_init (EqsSpaceView *self)
{
  GtkGesture         *drag = gtk_gesture_drag_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL), *keys = gtk_event_controller_key_new ();

  eqs_camera_reset (&self->camera);
  self->labels = TRUE;
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (tooltip_cb), NULL);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
eqs_space_view_new (const char *name)
{
  GtkWidget *self = g_object_new (EQS_TYPE_SPACE_VIEW, NULL);

  eqs_set_name (self, name);
  eqs_picture_offer (self, name);
  return self;
}

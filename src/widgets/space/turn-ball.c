/* Great circles of the turned frame, those behind paler, and the axis of the turn. */

#include "widgets/space/turn-ball.h"

#include "widgets/parts.h"
#include "widgets/theme.h"

#include <gdk/gdkkeysyms.h>
#include <math.h>
#include <string.h>

#define STEP (G_PI / 12)

struct _EqsTurnBall
{
  GtkWidget parent_instance;

  double    q[4], at_begin[4];
  EqsCamera camera;
  double    from[2];
};

G_DEFINE_FINAL_TYPE (EqsTurnBall, eqs_turn_ball, GTK_TYPE_WIDGET)

static guint turned_signal;

/* ---- drawing ---- */

static void
place_on (EqsTurnBall *self, const double m[9], const double camera[9], const double p[3], double out[3])
{
  double turned[3];

  for (int i = 0; i < 3; i++)
    turned[i] = m[3 * i] * p[0] + m[3 * i + 1] * p[1] + m[3 * i + 2] * p[2];
  for (int i = 0; i < 3; i++)
    out[i] = camera[3 * i] * turned[0] + camera[3 * i + 1] * turned[1] + camera[3 * i + 2] * turned[2];
}

static void
draw_circles (EqsTurnBall *self, cairo_t *cr, double cx, double cy, double r, const double m[9], const double camera[9])
{
  for (int circle = 0; circle < 3; circle++)
    for (int i = 0; i < 48; i++)
      {
        double out[2][3];

        for (int end = 0; end < 2; end++)
          {
            const double t = 2 * G_PI * (i + end) / 48;
            double       p[3] = { 0 };

            p[(circle + 1) % 3] = cos (t);
            p[(circle + 2) % 3] = sin (t);
            place_on (self, m, camera, p, out[end]);
          }
        eqs_theme_set_source (GTK_WIDGET (self), cr, "window_fg_color", out[0][2] + out[1][2] > 0 ? 0.65 : 0.18);
        cairo_move_to (cr, cx + r * out[0][0], cy - r * out[0][1]);
        cairo_line_to (cr, cx + r * out[1][0], cy - r * out[1][1]);
        cairo_stroke (cr);
      }
}

static void
eqs_turn_ball_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  EqsTurnBall *self = EQS_TURN_BALL (widget);
  const int    width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  const double cx = width / 2.0, cy = height / 2.0, r = MIN (width, height) / 2.0 - 3;
  double       m[9], camera[9], axis[3], out[3], angle;
  static const double still[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
  cairo_t     *cr;

  if (r < 4)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  eqs_turn_matrix (self->q, m);
  eqs_turn_matrix (self->camera.q, camera);
  cairo_arc (cr, cx, cy, r, 0, 2 * G_PI);
  eqs_theme_set_source (widget, cr, "window_fg_color", 0.07);
  cairo_fill_preserve (cr);
  eqs_theme_set_source (widget, cr, "window_fg_color", 0.4);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  draw_circles (self, cr, cx, cy, r, m, camera);
  angle = eqs_turn_get_axis (self->q, axis);
  if (angle > 1e-6)
    {
      place_on (self, still, camera, axis, out);
      eqs_theme_set_source (widget, cr, "accent_bg_color", 1);
      cairo_set_line_width (cr, 3);
      cairo_move_to (cr, cx, cy);
      cairo_line_to (cr, cx + r * out[0], cy - r * out[1]);
      cairo_stroke (cr);
      cairo_arc (cr, cx + r * out[0], cy - r * out[1], 4, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  cairo_destroy (cr);
  if (gtk_widget_has_visible_focus (widget))
    gtk_snapshot_render_focus (snapshot, gtk_widget_get_style_context (widget), 0, 0, width, height);
}

static void
eqs_turn_ball_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = 60;
}

/* ---- turning ---- */

/* d is a turn as the eye sees it: of space it is the one between camera and its inverse. */
static void
turn_seen (EqsTurnBall *self, const double d[4], const double before[4])
{
  double back[4], q[4];

  eqs_turn_invert (self->camera.q, back);
  eqs_turn_compose (d, self->camera.q, q);
  eqs_turn_compose (back, q, q);
  eqs_turn_compose (q, before, self->q);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, turned_signal, 0);
}

static void
place_in (EqsTurnBall *self, double x, double y, double place[2])
{
  const double half = MIN (gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self))) / 2.0;

  place[0] = (x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0) / half;
  place[1] = -(y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0) / half;
}

static void
drag_begin_cb (GtkGestureDrag *drag, double x, double y, EqsTurnBall *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  place_in (self, x, y, self->from);
  memcpy (self->at_begin, self->q, sizeof self->q);
}

static void
drag_update_cb (GtkGestureDrag *drag, double dx, double dy, EqsTurnBall *self)
{
  double x, y, to[2], d[4];

  if (!gtk_gesture_drag_get_start_point (drag, &x, &y))
    return;
  place_in (self, x + dx, y + dy, to);
  eqs_turn_of_drag (self->from[0], self->from[1], to[0], to[1], d);
  turn_seen (self, d, self->at_begin);
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, EqsTurnBall *self)
{
  const double across[3] = { 0, 1, 0 }, up[3] = { 1, 0, 0 };
  double       d[4];

  if (key == GDK_KEY_Left || key == GDK_KEY_Right)
    eqs_turn_of_axis (across, key == GDK_KEY_Right ? STEP : -STEP, d);
  else if (key == GDK_KEY_Up || key == GDK_KEY_Down)
    eqs_turn_of_axis (up, key == GDK_KEY_Down ? STEP : -STEP, d);
  else
    return GDK_EVENT_PROPAGATE;
  turn_seen (self, d, self->q);
  return GDK_EVENT_STOP;
}

/* ---- making it ---- */

void
eqs_turn_ball_set_turn (EqsTurnBall *self, const double q[4])
{
  g_return_if_fail (EQS_IS_TURN_BALL (self));
  memcpy (self->q, q, sizeof self->q);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const double *
eqs_turn_ball_get_turn (EqsTurnBall *self)
{
  g_return_val_if_fail (EQS_IS_TURN_BALL (self), NULL);
  return self->q;
}

void
eqs_turn_ball_set_camera (EqsTurnBall *self, const EqsCamera *camera)
{
  g_return_if_fail (EQS_IS_TURN_BALL (self));
  self->camera = *camera;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
eqs_turn_ball_class_init (EqsTurnBallClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = eqs_turn_ball_snapshot;
  widget_class->measure = eqs_turn_ball_measure;
  turned_signal = g_signal_new ("turned", EQS_TYPE_TURN_BALL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
eqs_turn_ball_init (EqsTurnBall *self)
{
  GtkGesture         *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->q[0] = 1;
  eqs_camera_reset (&self->camera);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

GtkWidget *
eqs_turn_ball_new (const char *name)
{
  GtkWidget *self = g_object_new (EQS_TYPE_TURN_BALL, NULL);

  eqs_set_name (self, name);
  return self;
}

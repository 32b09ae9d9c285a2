/* All controls show one element; whoever sees it is told by one signal. */

#include "widgets/symmetry/space-controls.h"

#include "studio/probe-sweep.h"
#include "widgets/parts.h"
#include "widgets/space/turn-ball.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define TURN_S 6.0
#define STEP_MS 1500

enum { PROPER, INVERSION, MIRROR };

struct _EqsSpaceControls
{
  GtkWidget   parent_instance;

  double      angle, tilt, round;      /* degrees: of the turn, of the axis from z, of the axis about z from x */
  guint       playing, random;         /* source; how many random turns there were */
  gint64      played;
  gboolean    setting;

  GtkWidget  *bar, *ball, *sliders[3], *values[3], *handed, *shift, *shuffle, *play;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsSpaceControls, eqs_space_controls, GTK_TYPE_WIDGET)

enum { CHANGED, RESET, N_SIGNALS };

static guint signals[N_SIGNALS];

/* ---- the element ---- */

static void
axis_of (EqsSpaceControls *self, double axis[3])
{
  const double tilt = self->tilt * G_PI / 180, round = self->round * G_PI / 180;

  axis[0] = sin (tilt) * cos (round);
  axis[1] = sin (tilt) * sin (round);
  axis[2] = cos (tilt);
}

static void
turn_of (EqsSpaceControls *self, double q[4])
{
  double axis[3];

  axis_of (self, axis);
  eqs_turn_of_axis (axis, self->angle * G_PI / 180, q);
}

static int
handed_of (EqsSpaceControls *self)
{
  return gtk_widget_get_visible (self->handed) ? (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->handed)) : PROPER;
}

void
eqs_space_controls_get (EqsSpaceControls *self, EqsSpaceElement *element)
{
  g_return_if_fail (EQS_IS_SPACE_CONTROLS (self));

  double axis[3], half[4];

  memset (element, 0, sizeof *element);
  turn_of (self, element->turn);
  memcpy (element->q, element->turn, sizeof element->q);
  axis_of (self, axis);
  eqs_turn_of_axis (axis, G_PI, half);
  if (handed_of (self) == MIRROR)
    eqs_turn_compose (element->q, half, element->q);
  element->inverted = handed_of (self) != PROPER;
  element->shifted = gtk_widget_get_visible (self->shift) && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->shift));
  element->renumbered = gtk_widget_get_visible (self->shuffle) && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->shuffle));
  element->angle_deg = self->angle;
}

char *
eqs_space_controls_dup_words (EqsSpaceControls *self)
{
  g_return_val_if_fail (EQS_IS_SPACE_CONTROLS (self), NULL);

  const int handed = handed_of (self);

  return g_strdup_printf (handed == PROPER ? _("Turned by %.0f°.") : handed == INVERSION ? _("Inverted, then turned by %.0f°.") : _("Mirrored across the plane of the axis, then turned by %.0f°."), self->angle);
}

static void
show_element (EqsSpaceControls *self)
{
  const double numbers[3] = { self->angle, self->tilt, self->round };
  double       q[4];

  turn_of (self, q);
  self->setting = TRUE;
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("%.0f°", numbers[i]);

      gtk_range_set_value (GTK_RANGE (self->sliders[i]), numbers[i]);
      gtk_label_set_label (GTK_LABEL (self->values[i]), text);
    }
  eqs_turn_ball_set_turn (EQS_TURN_BALL (self->ball), q);
  self->setting = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
eqs_space_controls_set_turn (EqsSpaceControls *self, const double q[4], gboolean inverted)
{
  g_return_if_fail (EQS_IS_SPACE_CONTROLS (self));

  double axis[3];
  const double angle = eqs_turn_get_axis (q, axis);

  if (angle > 1e-6)      /* without a turn the axis stays where it was */
    {
      self->tilt = acos (CLAMP (axis[2], -1, 1)) * 180 / G_PI;
      self->round = fmod (atan2 (axis[1], axis[0]) * 180 / G_PI + 360, 360);
    }
  self->angle = angle * 180 / G_PI;
  self->setting = TRUE;
  if (inverted || handed_of (self) != PROPER)
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->handed), inverted ? INVERSION : PROPER);
  self->setting = FALSE;
  show_element (self);
}

void
eqs_space_controls_step (EqsSpaceControls *self, int direction)
{
  g_return_if_fail (EQS_IS_SPACE_CONTROLS (self));
  self->angle = fmod (15 * (direction > 0 ? floor (self->angle / 15 + 1e-6) + 1 : ceil (self->angle / 15 - 1e-6) - 1) + 360, 360);
  show_element (self);
}

static gboolean
play_cb (gpointer data)
{
  EqsSpaceControls *self = data;
  const gint64  now = g_get_monotonic_time ();

  if (!eqs_theme_animates (GTK_WIDGET (self)))      /* less motion: steps instead of a turn */
    {
      eqs_space_controls_step (self, 1);
      return G_SOURCE_CONTINUE;
    }
  self->angle = fmod (self->angle + 360 * (double) (now - self->played) / (TURN_S * G_USEC_PER_SEC), 360);
  self->played = now;
  show_element (self);
  return G_SOURCE_CONTINUE;
}

void
eqs_space_controls_stop (EqsSpaceControls *self)
{
  g_return_if_fail (EQS_IS_SPACE_CONTROLS (self));
  g_clear_handle_id (&self->playing, g_source_remove);
  gtk_button_set_icon_name (GTK_BUTTON (self->play), "media-playback-start-symbolic");
  eqs_set_name (self->play, _("Play"));
}

void
eqs_space_controls_play (EqsSpaceControls *self)
{
  g_return_if_fail (EQS_IS_SPACE_CONTROLS (self));
  if (self->playing != 0)
    {
      eqs_space_controls_stop (self);
      return;
    }
  self->played = g_get_monotonic_time ();
  self->playing = g_timeout_add (eqs_theme_animates (GTK_WIDGET (self)) ? 33 : STEP_MS, play_cb, self);
  gtk_button_set_icon_name (GTK_BUTTON (self->play), "media-playback-pause-symbolic");
  eqs_set_name (self->play, _("Stop turning"));
}

/* ---- what people do ---- */

static void
slider_cb (GtkRange *range, EqsSpaceControls *self)
{
  double *const numbers[3] = { &self->angle, &self->tilt, &self->round };

  for (int i = 0; i < 3 && !self->setting; i++)
    if (GTK_WIDGET (range) == self->sliders[i])
      {
        *numbers[i] = gtk_range_get_value (range);
        show_element (self);
        return;
      }
}

static void
ball_cb (EqsTurnBall *ball, EqsSpaceControls *self)
{
  double q[4], axis[3];

  memcpy (q, eqs_turn_ball_get_turn (ball), sizeof q);
  self->angle = eqs_turn_get_axis (q, axis) * 180 / G_PI;
  self->tilt = acos (CLAMP (axis[2], -1, 1)) * 180 / G_PI;
  self->round = fmod (atan2 (axis[1], axis[0]) * 180 / G_PI + 360, 360);
  show_element (self);
}

static void
move_cb (EqsSpaceControls *self)
{
  if (!self->setting)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
play_clicked_cb (GtkButton *button, EqsSpaceControls *self)
{
  eqs_space_controls_play (self);
}

static void
random_cb (GtkButton *button, EqsSpaceControls *self)
{
  const EqkElement g = eqk_group_sample (eqk_group_get ("SO3"), 1, self->random++);

  eqs_space_controls_set_turn (self, g.q, handed_of (self) == INVERSION);
}

static void
reset_cb (GtkButton *button, EqsSpaceControls *self)
{
  eqs_space_controls_stop (self);
  self->angle = 0;
  self->setting = TRUE;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->handed), PROPER);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->shift), FALSE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->shuffle), FALSE);
  self->setting = FALSE;
  show_element (self);
  g_signal_emit (self, signals[RESET], 0);
}

void
eqs_space_controls_set_symmetry (EqsSpaceControls *self, const EqkSymmetry *symmetry)
{
  g_return_if_fail (EQS_IS_SPACE_CONTROLS (self));
  gtk_widget_set_visible (self->handed, eqs_group_inverts (symmetry->group));
  gtk_widget_set_visible (self->shift, symmetry->translations);
  gtk_widget_set_visible (self->shuffle, symmetry->permutations != EQK_PERMUTE_NONE);
}

void
eqs_space_controls_set_camera (EqsSpaceControls *self, const EqsCamera *camera)
{
  g_return_if_fail (EQS_IS_SPACE_CONTROLS (self));
  eqs_turn_ball_set_camera (EQS_TURN_BALL (self->ball), camera);
}

/* ---- making it ---- */

static GtkWidget *
make_slider (EqsSpaceControls *self, int i, const char *title, const char *name, double most)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *label = eqs_line_new (title, "eq-second");

  self->sliders[i] = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, most, 1);
  self->values[i] = eqs_line_new ("0°", NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_ellipsize (GTK_LABEL (self->values[i]), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_width_chars (GTK_LABEL (self->values[i]), 5);
  gtk_label_set_xalign (GTK_LABEL (self->values[i]), 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_scale_set_draw_value (GTK_SCALE (self->sliders[i]), FALSE);
  gtk_widget_set_size_request (self->sliders[i], 70, -1);
  eqs_set_name (self->sliders[i], name);
  g_signal_connect (self->sliders[i], "value-changed", G_CALLBACK (slider_cb), self);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), self->values[i]);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->sliders[i]);
  return box;
}

static GtkWidget *
make_handed (void)
{
  const char *const handed[] = { _("Not mirrored"), _("Inversion"), _("Mirror"), NULL };
  GtkWidget        *down = gtk_drop_down_new_from_strings (handed);

  eqs_drop_down_set_name (down, _("Inversion or mirror"));
  gtk_widget_set_valign (down, GTK_ALIGN_CENTER);
  return down;
}

static GtkWidget *
make_moves (EqsSpaceControls *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *random = eqs_icon_button_new ("media-playlist-shuffle-symbolic", _("A random turn")), *reset = eqs_icon_button_new ("view-refresh-symbolic", _("Reset"));

  self->handed = make_handed ();
  self->shift = gtk_toggle_button_new_with_label (_("Shift"));
  self->shuffle = gtk_toggle_button_new_with_label (_("Renumber"));
  gtk_widget_set_tooltip_text (self->shift, _("Moves everything by 3 along x, y and z"));
  gtk_widget_set_tooltip_text (self->shuffle, _("Every point becomes the next one in the list, the last one the first"));
  self->play = eqs_icon_button_new ("media-playback-start-symbolic", _("Play"));
  g_signal_connect_swapped (self->handed, "notify::selected", G_CALLBACK (move_cb), self);
  g_signal_connect_swapped (self->shift, "toggled", G_CALLBACK (move_cb), self);
  g_signal_connect_swapped (self->shuffle, "toggled", G_CALLBACK (move_cb), self);
  g_signal_connect (self->play, "clicked", G_CALLBACK (play_clicked_cb), self);
  g_signal_connect (random, "clicked", G_CALLBACK (random_cb), self);
  g_signal_connect (reset, "clicked", G_CALLBACK (reset_cb), self);
  gtk_box_append (GTK_BOX (line), self->handed);
  gtk_box_append (GTK_BOX (line), self->shift);
  gtk_box_append (GTK_BOX (line), self->shuffle);
  gtk_box_append (GTK_BOX (line), self->play);
  gtk_box_append (GTK_BOX (line), random);
  gtk_box_append (GTK_BOX (line), reset);
  return line;
}

static GtkWidget *
make_bar (EqsSpaceControls *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *first = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->ball = eqs_turn_ball_new (_("Turn of the sample"));
  gtk_widget_set_tooltip_text (self->ball, _("Drag to turn the sample; arrow keys step"));
  gtk_widget_set_valign (self->ball, GTK_ALIGN_CENTER);
  g_signal_connect (self->ball, "turned", G_CALLBACK (ball_cb), self);
  gtk_box_append (GTK_BOX (first), self->ball);
  gtk_box_append (GTK_BOX (first), make_slider (self, 0, _("Turn"), _("Angle"), 360));
  gtk_box_append (GTK_BOX (first), make_slider (self, 1, _("Axis from z"), _("Axis, angle from z"), 180));
  gtk_box_append (GTK_BOX (first), make_slider (self, 2, _("Axis about z"), _("Axis, angle about z"), 360));
  gtk_box_append (GTK_BOX (bar), first);
  gtk_box_append (GTK_BOX (bar), make_moves (self));
  return bar;
}

static void
eqs_space_controls_dispose (GObject *object)
{
  g_clear_handle_id (&EQS_SPACE_CONTROLS (object)->playing, g_source_remove);
  g_clear_pointer (&EQS_SPACE_CONTROLS (object)->bar, gtk_widget_unparent);

  G_OBJECT_CLASS (eqs_space_controls_parent_class)->dispose (object);
}

static void
eqs_space_controls_class_init (EqsSpaceControlsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_space_controls_dispose;
  signals[CHANGED] = g_signal_new ("changed", EQS_TYPE_SPACE_CONTROLS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RESET] = g_signal_new ("reset", EQS_TYPE_SPACE_CONTROLS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_space_controls_init (EqsSpaceControls *self)
{
  self->bar = make_bar (self);
  gtk_widget_set_parent (self->bar, GTK_WIDGET (self));
}

GtkWidget *
eqs_space_controls_new (void)
{
  return g_object_new (EQS_TYPE_SPACE_CONTROLS, NULL);
}

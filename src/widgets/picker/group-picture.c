/* Poses of a sample. Elements act on the plane with y up (group.h), Cairo has y down. */

#include "widgets/picker/group-picture.h"

#include "widgets/theme.h"

#include <math.h>

#define LOOP_US (3 * G_USEC_PER_SEC)

struct _EqsGroupPicture
{
  GtkWidget         parent_instance;

  const EqkGroup   *group;
  EqsSamplePicture *sample;     /* owned (nullable) */
  int               height;
  guint             tick;
  gint64            start;      /* of the loop */
  double            phase;      /* 0 … 1; < 0: still */
};

G_DEFINE_FINAL_TYPE (EqsGroupPicture, eqs_group_picture, GTK_TYPE_WIDGET)

/* A letter without any symmetry. */
static void
draw_letter (cairo_t *cr, double x, double y, double size, const GdkRGBA *ink)
{
  static const double f[][2] = { { 0.3, 0.15 }, { 0.75, 0.15 }, { 0.75, 0.28 }, { 0.44, 0.28 }, { 0.44, 0.44 }, { 0.66, 0.44 }, { 0.66, 0.57 }, { 0.44, 0.57 }, { 0.44, 0.85 }, { 0.3, 0.85 } };

  gdk_cairo_set_source_rgba (cr, ink);
  for (guint i = 0; i < G_N_ELEMENTS (f); i++)
    cairo_line_to (cr, x + f[i][0] * size, y + f[i][1] * size);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_sample (cairo_t *cr, const EqsSamplePicture *sample, double x, double y, double size, const GdkRGBA *ink)
{
  if (sample != NULL)
    eqs_sample_picture_draw (sample, cr, x, y, size, ink);
  else
    draw_letter (cr, x, y, size, ink);
}

void
eqs_draw_posed_sample (cairo_t *cr, const EqsSamplePicture *sample, const EqkGroup *group, const EqkElement *element, double x, double y, double size, const GdkRGBA *ink)
{
  double         m[4] = { 1, 0, 0, 1 };
  cairo_matrix_t matrix;

  if (group != NULL && eqk_group_get_space_dim (group) == 2)
    eqk_group_action (group, element, m);
  cairo_save (cr);
  cairo_translate (cr, x + size / 2, y + size / 2);
  cairo_matrix_init (&matrix, m[0], -m[2], -m[1], m[3], 0, 0);
  cairo_transform (cr, &matrix);
  draw_sample (cr, sample, -size / 2, -size / 2, size, ink);
  cairo_restore (cr);
}

/* A turn by an angle, with or without the mirror, of any group of the plane. */
static void
draw_turned (const EqsGroupPicture *self, cairo_t *cr, double angle, gboolean mirror, double cx, double cy, double size, const GdkRGBA *ink)
{
  cairo_save (cr);
  cairo_translate (cr, cx, cy);
  cairo_rotate (cr, -angle);
  if (mirror)
    cairo_scale (cr, 1, -1);
  draw_sample (cr, self->sample, -size / 2, -size / 2, size, ink);
  cairo_restore (cr);
}

static void
draw_poses (const EqsGroupPicture *self, cairo_t *cr, double width, double height, const GdkRGBA *ink)
{
  const int    n = MAX (eqk_group_get_n (self->group), 1);
  const double ring = height * 0.3, size = n == 1 ? height * 0.6 : MIN (height * 0.36, 2 * ring * sin (G_PI / MAX (n, 3)) * 0.9);

  for (int r = n - 1; r >= 0; r--)
    {
      GdkRGBA      faded = *ink;
      const double angle = 2 * G_PI * r / n;

      faded.alpha *= (float) (r == 0 ? 1 : 0.65 - 0.45 * r / n);
      draw_turned (self, cr, angle, FALSE, width / 2 + (n == 1 ? 0 : ring * cos (angle)), height / 2 - (n == 1 ? 0 : ring * sin (angle)), size, &faded);
    }
}

/* All angles: a circle with an arrow around. */
static void
draw_circle (EqsGroupPicture *self, cairo_t *cr, double width, double height, const GdkRGBA *ink)
{
  const double radius = height * 0.38;

  draw_turned (self, cr, 0, FALSE, width / 2, height / 2, height * 0.45, ink);
  eqs_theme_set_source (GTK_WIDGET (self), cr, "accent_color", 1);
  cairo_set_line_width (cr, 1.5);
  cairo_arc (cr, width / 2, height / 2, radius, -0.3, 2 * G_PI - 0.6);
  cairo_stroke (cr);
  cairo_move_to (cr, width / 2 + radius * cos (0.3) - 5, height / 2 - radius * sin (0.3) - 1);
  cairo_rel_line_to (cr, 5, 1);
  cairo_rel_line_to (cr, 2, -5);
  cairo_stroke (cr);
}

static void
draw_axes (EqsGroupPicture *self, cairo_t *cr, double width, double height)
{
  const int    n = eqk_group_is_finite (self->group) ? MAX (eqk_group_get_n (self->group), 1) : 1;
  const double axis = eqk_group_get_axis_deg (self->group) * G_PI / 180;

  cairo_set_source_rgb (cr, 0xd5 / 255.0, 0x5e / 255.0, 0);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, (double[]) { 4, 3 }, 2, 0);
  for (int k = 0; k < n; k++)
    {
      const double a = axis + G_PI * k / n, r = height * 0.46;

      cairo_move_to (cr, width / 2 - r * cos (a), height / 2 + r * sin (a));
      cairo_line_to (cr, width / 2 + r * cos (a), height / 2 - r * sin (a));
    }
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* Through the turns, then once more mirrored where there are mirrors; between two poses it turns, then rests. */
static void
draw_moving (const EqsGroupPicture *self, cairo_t *cr, double width, double height, const GdkRGBA *ink)
{
  const gboolean mirrors = eqk_group_has_mirror (self->group), finite = eqk_group_is_finite (self->group);
  const double   phase = mirrors ? fmod (2 * self->phase, 1) : self->phase;
  const int      n = finite ? MAX (eqk_group_get_n (self->group), 1) : 0;
  const double   step = phase * n, part = step - floor (step);
  const double   angle = finite ? 2 * G_PI * (floor (step) + CLAMP (part * 2, 0, 1)) / n : 2 * G_PI * phase;

  draw_turned (self, cr, n == 1 ? 0 : angle, mirrors && self->phase >= 0.5, width / 2, height / 2, height * 0.6, ink);
}

static void
eqs_group_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  EqsGroupPicture *self = EQS_GROUP_PICTURE (widget);
  const int        width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t         *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  const GdkRGBA    ink = eqs_theme_colour (widget, "window_fg_color");

  if (self->group == NULL || eqk_group_get_space_dim (self->group) == 3)
    draw_letter (cr, (width - height * 0.6) / 2, height * 0.2, height * 0.6, &ink);
  else if (self->phase >= 0)
    draw_moving (self, cr, width, height, &ink);
  else if (eqk_group_is_finite (self->group))
    draw_poses (self, cr, width, height, &ink);
  else
    draw_circle (self, cr, width, height, &ink);
  if (self->group != NULL && eqk_group_has_mirror (self->group) && eqk_group_get_space_dim (self->group) == 2)
    draw_axes (self, cr, width, height);
  cairo_destroy (cr);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  EqsGroupPicture *self = EQS_GROUP_PICTURE (widget);
  const gint64     now = gdk_frame_clock_get_frame_time (clock);

  if (self->start == 0)
    self->start = now;
  self->phase = (double) ((now - self->start) % LOOP_US) / LOOP_US;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

void
eqs_group_picture_set_moving (EqsGroupPicture *self, gboolean moving)
{
  g_return_if_fail (EQS_IS_GROUP_PICTURE (self));
  moving = moving && self->group != NULL && eqs_theme_animates (GTK_WIDGET (self));
  if (moving == (self->tick != 0))
    return;
  if (moving)
    {
      self->start = 0;
      self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
    }
  else
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
      self->phase = -1;
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
}

void
eqs_group_picture_set_sample (EqsGroupPicture *self, EqsSamplePicture *sample)
{
  g_return_if_fail (EQS_IS_GROUP_PICTURE (self));
  g_clear_pointer (&self->sample, eqs_sample_picture_unref);
  self->sample = sample == NULL ? NULL : eqs_sample_picture_ref (sample);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
eqs_group_picture_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  EqsGroupPicture *self = EQS_GROUP_PICTURE (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? self->height + 8 : self->height;
}

GtkWidget *
eqs_group_picture_new (const EqkGroup *group, int height)
{
  EqsGroupPicture *self = g_object_new (EQS_TYPE_GROUP_PICTURE, NULL);

  self->group = group;
  self->height = height;
  return GTK_WIDGET (self);
}

static void
eqs_group_picture_finalize (GObject *object)
{
  g_clear_pointer (&EQS_GROUP_PICTURE (object)->sample, eqs_sample_picture_unref);

  G_OBJECT_CLASS (eqs_group_picture_parent_class)->finalize (object);
}

static void
eqs_group_picture_class_init (EqsGroupPictureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eqs_group_picture_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = eqs_group_picture_snapshot;
  GTK_WIDGET_CLASS (klass)->measure = eqs_group_picture_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
eqs_group_picture_init (EqsGroupPicture *self)
{
  self->phase = -1;
}

/* Strokes go into a surface at once, so that drawing costs the same however much is there. */

#include "widgets/tryit/ink-pad.h"

#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STROKE 16.0

struct _EqsInkPad
{
  GtkWidget        parent_instance;

  cairo_surface_t *surface;        /* owned: A8 */
  guint8          *ink;            /* owned: copied out of the surface */
  gboolean         empty;
  double           x, y;           /* of the pointer, on the square */
};

G_DEFINE_FINAL_TYPE (EqsInkPad, eqs_ink_pad, GTK_TYPE_WIDGET)

static guint drawn_signal;

/* The square stands in the middle. */
static double
side_of (EqsInkPad *self, double *left, double *top)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self)), side = MIN (width, height);

  *left = (width - side) / 2;
  *top = (height - side) / 2;
  return MAX (side, 1);
}

void
eqs_ink_pad_draw (EqsInkPad *self, double x0, double y0, double x1, double y1)
{
  g_return_if_fail (EQS_IS_INK_PAD (self));

  cairo_t *cr = cairo_create (self->surface);

  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, STROKE);
  cairo_set_source_rgba (cr, 0, 0, 0, 1);
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  cairo_stroke (cr);
  cairo_destroy (cr);
  self->empty = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, drawn_signal, 0);
}

void
eqs_ink_pad_clear (EqsInkPad *self)
{
  g_return_if_fail (EQS_IS_INK_PAD (self));

  cairo_t *cr = cairo_create (self->surface);

  cairo_set_operator (cr, CAIRO_OPERATOR_CLEAR);
  cairo_paint (cr);
  cairo_destroy (cr);
  self->empty = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, drawn_signal, 0);
}

gboolean
eqs_ink_pad_is_empty (EqsInkPad *self)
{
  g_return_val_if_fail (EQS_IS_INK_PAD (self), FALSE);
  return self->empty;
}

const guint8 *
eqs_ink_pad_get (EqsInkPad *self)
{
  g_return_val_if_fail (EQS_IS_INK_PAD (self), NULL);

  const int     stride = cairo_image_surface_get_stride (self->surface);
  const guint8 *pixels;

  cairo_surface_flush (self->surface);
  pixels = cairo_image_surface_get_data (self->surface);
  for (int i = 0; i < EQS_INK_SIZE; i++)
    memcpy (self->ink + i * EQS_INK_SIZE, pixels + i * stride, EQS_INK_SIZE);
  return self->ink;
}

void
eqs_ink_pad_set (EqsInkPad *self, const guint8 *ink)
{
  g_return_if_fail (EQS_IS_INK_PAD (self));

  const int stride = cairo_image_surface_get_stride (self->surface);
  guint8   *pixels;

  cairo_surface_flush (self->surface);
  pixels = cairo_image_surface_get_data (self->surface);
  for (int i = 0; i < EQS_INK_SIZE; i++)
    memcpy (pixels + i * stride, ink + i * EQS_INK_SIZE, EQS_INK_SIZE);
  cairo_surface_mark_dirty (self->surface);
  self->empty = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, drawn_signal, 0);
}

static guint8
grey_at (const guint8 *pixel, int channels)
{
  const double alpha = channels == 4 ? pixel[3] / 255.0 : 1;

  return (guint8) (alpha * (0.30 * pixel[0] + 0.59 * pixel[1] + 0.11 * pixel[2]) + (1 - alpha) * 255);
}

guint8 *
eqs_ink_from_file (const char *path, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_file_at_scale (path, EQS_INK_SIZE, EQS_INK_SIZE, TRUE, error);
  int     width, height, channels, stride, left, top;
  double  rim = 0;
  guint8 *ink;

  if (pixbuf == NULL)
    return NULL;
  width = gdk_pixbuf_get_width (pixbuf);
  height = gdk_pixbuf_get_height (pixbuf);
  channels = gdk_pixbuf_get_n_channels (pixbuf);
  stride = gdk_pixbuf_get_rowstride (pixbuf);
  left = (EQS_INK_SIZE - width) / 2;
  top = (EQS_INK_SIZE - height) / 2;
  for (int j = 0; j < width; j++)
    rim += grey_at (gdk_pixbuf_read_pixels (pixbuf) + j * channels, channels) + grey_at (gdk_pixbuf_read_pixels (pixbuf) + (height - 1) * stride + j * channels, channels);
  rim /= 2.0 * width;
  ink = g_new0 (guint8, EQS_INK_SIZE * EQS_INK_SIZE);
  for (int i = 0; i < height; i++)
    for (int j = 0; j < width; j++)
      {
        const guint8 grey = grey_at (gdk_pixbuf_read_pixels (pixbuf) + i * stride + j * channels, channels);

        ink[(top + i) * EQS_INK_SIZE + left + j] = rim > 127 ? 255 - grey : grey;
      }
  return ink;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, EqsInkPad *self)
{
  double left, top, scale = EQS_INK_SIZE / side_of (self, &left, &top);

  self->x = (x - left) * scale;
  self->y = (y - top) * scale;
  eqs_ink_pad_draw (self, self->x, self->y, self->x + 0.1, self->y);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, EqsInkPad *self)
{
  double left, top, scale = EQS_INK_SIZE / side_of (self, &left, &top), x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  x = (x + dx - left) * scale;
  y = (y + dy - top) * scale;
  eqs_ink_pad_draw (self, self->x, self->y, x, y);
  self->x = x;
  self->y = y;
}

static void
eqs_ink_pad_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  EqsInkPad    *self = EQS_INK_PAD (widget);
  const GdkRGBA ground = eqs_theme_colour (widget, "view_bg_color"), line = eqs_theme_colour (widget, "eq_line_strong"), ink = eqs_theme_colour (widget, "window_fg_color");
  double        left, top, side = side_of (self, &left, &top);
  GskRoundedRect rect;
  cairo_t      *cr;

  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) side, (float) side), 10);
  gtk_snapshot_push_rounded_clip (snapshot, &rect);
  gtk_snapshot_append_color (snapshot, &ground, &rect.bounds);
  cr = gtk_snapshot_append_cairo (snapshot, &rect.bounds);
  cairo_translate (cr, left, top);
  cairo_scale (cr, side / EQS_INK_SIZE, side / EQS_INK_SIZE);
  gdk_cairo_set_source_rgba (cr, &ink);
  cairo_mask_surface (cr, self->surface, 0, 0);
  cairo_destroy (cr);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &rect, (float[4]) { 1, 1, 1, 1 }, (GdkRGBA[4]) { line, line, line, line });
}

static void
eqs_ink_pad_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = 140;
  *natural = EQS_INK_SIZE;
}

static void
eqs_ink_pad_finalize (GObject *object)
{
  cairo_surface_destroy (EQS_INK_PAD (object)->surface);
  g_free (EQS_INK_PAD (object)->ink);

  G_OBJECT_CLASS (eqs_ink_pad_parent_class)->finalize (object);
}

static void
eqs_ink_pad_class_init (EqsInkPadClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eqs_ink_pad_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = eqs_ink_pad_snapshot;
  GTK_WIDGET_CLASS (klass)->measure = eqs_ink_pad_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
  drawn_signal = g_signal_new ("drawn", EQS_TYPE_INK_PAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
eqs_ink_pad_init (EqsInkPad *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->surface = cairo_image_surface_create (CAIRO_FORMAT_A8, EQS_INK_SIZE, EQS_INK_SIZE);
  self->ink = g_new0 (guint8, EQS_INK_SIZE * EQS_INK_SIZE);
  self->empty = TRUE;
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "crosshair");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pad to draw on"), -1);
}

GtkWidget *
eqs_ink_pad_new (void)
{
  return g_object_new (EQS_TYPE_INK_PAD, NULL);
}

/* Drawn from the plan of the canvas, at most once a frame: rectangles only. */

#include "widgets/canvas/minimap.h"

#include "widgets/canvas/canvas-private.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define WIDTH       180
#define HEIGHT      120
#define PAD         8.0
#define BY_ITSELF   30

struct _EqsMinimap
{
  GtkWidget  parent_instance;

  EqsCanvas *canvas;        /* owned */
  gboolean   asked;         /* a person has switched it on or off */
};

G_DEFINE_FINAL_TYPE (EqsMinimap, eqs_minimap, GTK_TYPE_WIDGET)

/* map = scale · design + (x, y) */
static void
get_scale (EqsMinimap *self, double *scale, double *x, double *y)
{
  const EqsPlan *plan = self->canvas->plan;
  const double   width = MAX (plan->right - plan->left, 1), height = MAX (plan->bottom - plan->top, 1);

  *scale = MIN ((WIDTH - 2 * PAD) / width, (HEIGHT - 2 * PAD) / height);
  *x = WIDTH / 2.0 - *scale * (plan->left + plan->right) / 2;
  *y = HEIGHT / 2.0 - *scale * (plan->top + plan->bottom) / 2;
}

static void
eqs_minimap_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  EqsMinimap    *self = EQS_MINIMAP (widget);
  const EqsPlan *plan = self->canvas->plan;
  const GdkRGBA  view = eqs_theme_colour (widget, "accent_bg_color"), line = eqs_theme_colour (widget, "eq_dim"), bad = eqs_theme_colour (widget, "eq_bad_text");
  GskRoundedRect rect;
  double scale, x, y, left, top, right, bottom;

  get_scale (self, &scale, &x, &y);
  for (guint i = 0; i < plan->n_cards; i++)
    {
      const EqsPlanCard *card = &plan->cards[i];
      const EqkPortType *type = card->outputs->len == 0 ? NULL : eqs_plan_output_type (plan, card, card->outputs->pdata[0]);
      const guint32      colour = eqs_type_style (type).colour;
      const GdkRGBA      own = { (float) (colour >> 16 & 255) / 255, (float) (colour >> 8 & 255) / 255, (float) (colour & 255) / 255, 0.75f };
      const GdkRGBA     *fill = card->worst == EQK_SEVERITY_ERROR ? &bad : eqs_session_is_selected (self->canvas->session, card->path) ? &view : type == NULL ? &line : &own;

      gtk_snapshot_append_color (snapshot, fill, &GRAPHENE_RECT_INIT ((float) (x + scale * card->x), (float) (y + scale * card->y),
                                                                      (float) MAX (scale * EQS_CARD_WIDTH, 2), (float) MAX (scale * card->height, 2)));
    }
  eqs_canvas_to_design (self->canvas, 0, 0, &left, &top);
  eqs_canvas_to_design (self->canvas, gtk_widget_get_width (GTK_WIDGET (self->canvas)), gtk_widget_get_height (GTK_WIDGET (self->canvas)), &right, &bottom);
  left = CLAMP (x + scale * left, 1, WIDTH - 3);
  top = CLAMP (y + scale * top, 1, HEIGHT - 3);
  right = CLAMP (x + scale * right, left + 2, WIDTH - 1);
  bottom = CLAMP (y + scale * bottom, top + 2, HEIGHT - 1);
  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) (right - left), (float) (bottom - top)), 3);
  gtk_snapshot_append_border (snapshot, &rect, (float[4]) { 2, 2, 2, 2 }, (GdkRGBA[4]) { view, view, view, view });
}

/* The canvas shows the point of the design that stands here, in its middle. */
static void
go_to (EqsMinimap *self, double at_x, double at_y)
{
  double scale, x, y, now_x, now_y;

  get_scale (self, &scale, &x, &y);
  eqs_canvas_from_design (self->canvas, (at_x - x) / scale, (at_y - y) / scale, &now_x, &now_y);
  eqs_canvas_pan (self->canvas, gtk_widget_get_width (GTK_WIDGET (self->canvas)) / 2.0 - now_x, gtk_widget_get_height (GTK_WIDGET (self->canvas)) / 2.0 - now_y);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, EqsMinimap *self)
{
  go_to (self, x, y);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, EqsMinimap *self)
{
  double x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  go_to (self, x + dx, y + dy);
}

/* Arrows move the view by a third of what is in view. */
static gboolean
arrow_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  EqsMinimap *self = EQS_MINIMAP (widget);
  double      dx, dy;

  g_variant_get (args, "(dd)", &dx, &dy);
  eqs_canvas_pan (self->canvas, -dx * gtk_widget_get_width (GTK_WIDGET (self->canvas)) / 3.0, -dy * gtk_widget_get_height (GTK_WIDGET (self->canvas)) / 3.0);
  return TRUE;
}

static void
viewed_cb (EqsCanvas *canvas, EqsMinimap *self)
{
  if (!self->asked)
    gtk_widget_set_visible (GTK_WIDGET (self), canvas->plan->n_cards >= BY_ITSELF);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
eqs_minimap_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static void
eqs_minimap_dispose (GObject *object)
{
  g_clear_object (&EQS_MINIMAP (object)->canvas);

  G_OBJECT_CLASS (eqs_minimap_parent_class)->dispose (object);
}

static void
eqs_minimap_class_init (EqsMinimapClass *klass)
{
  static const struct { guint key; double dx, dy; } arrows[] = { { GDK_KEY_Left, -1, 0 }, { GDK_KEY_Right, 1, 0 }, { GDK_KEY_Up, 0, -1 }, { GDK_KEY_Down, 0, 1 } };

  G_OBJECT_CLASS (klass)->dispose = eqs_minimap_dispose;
  GTK_WIDGET_CLASS (klass)->snapshot = eqs_minimap_snapshot;
  GTK_WIDGET_CLASS (klass)->measure = eqs_minimap_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), arrows[i].key, 0, arrow_cb, "(dd)", arrows[i].dx, arrows[i].dy);
}

static void
eqs_minimap_init (EqsMinimap *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_css_class (GTK_WIDGET (self), "eq-floating");
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "crosshair");
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_END);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Map of the design"), -1);
}

void
eqs_minimap_toggle (EqsMinimap *self)
{
  g_return_if_fail (EQS_IS_MINIMAP (self));
  self->asked = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self), !gtk_widget_get_visible (GTK_WIDGET (self)));
}

GtkWidget *
eqs_minimap_new (EqsCanvas *canvas)
{
  g_return_val_if_fail (EQS_IS_CANVAS (canvas), NULL);

  EqsMinimap *self = g_object_new (EQS_TYPE_MINIMAP, NULL);

  self->canvas = g_object_ref (canvas);
  g_signal_connect_object (canvas, "viewed", G_CALLBACK (viewed_cb), self, 0);
  viewed_cb (canvas, self);
  return GTK_WIDGET (self);
}

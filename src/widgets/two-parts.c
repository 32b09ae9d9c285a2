/* Which way the parts lie is known when the width is; it is changed after the allocation, not during it. */

#include "widgets/two-parts.h"

#include "widgets/parts.h"

#include <glib/gi18n-lib.h>

struct _EqsTwoParts
{
  GtkWidget  parent_instance;

  int        least, side_width;
  gboolean   narrow;
  guint      idle;                               /* source */
  GtkWidget *scroll, *box, *side;                /* borrowed; side is the scrolled window around it */
};

enum { PADDING = 16 };      /* of .eq-training at its sides */

G_DEFINE_FINAL_TYPE (EqsTwoParts, eqs_two_parts, GTK_TYPE_WIDGET)

static gboolean
turn_cb (gpointer data)
{
  EqsTwoParts *self = data;

  self->idle = 0;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box), self->narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->side), self->narrow);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->side), GTK_POLICY_NEVER, self->narrow ? GTK_POLICY_NEVER : GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (self->side, self->narrow ? -1 : self->side_width, -1);
  gtk_widget_set_hexpand (self->side, self->narrow);
  gtk_widget_set_vexpand (self->side, !self->narrow);
  return G_SOURCE_REMOVE;
}

/* The width that both need beside each other: what is wider would be cut off, whatever was thought to be enough. */
static int
beside (EqsTwoParts *self)
{
  int main;

  gtk_widget_measure (gtk_widget_get_first_child (self->box), GTK_ORIENTATION_HORIZONTAL, -1, &main, NULL, NULL, NULL);
  return main + self->side_width + gtk_box_get_spacing (GTK_BOX (self->box)) + 2 * PADDING;
}

static void
eqs_two_parts_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  EqsTwoParts   *self = EQS_TWO_PARTS (widget);
  const gboolean narrow = width < MAX (self->least, beside (self));

  gtk_widget_size_allocate (self->scroll, &(GtkAllocation){ 0, 0, width, height }, baseline);
  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  if (self->idle == 0)
    self->idle = g_idle_add (turn_cb, self);
}

static void
eqs_two_parts_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (EQS_TWO_PARTS (widget)->scroll, orientation, for_size, minimum, natural, minimum_baseline, natural_baseline);
}

static void
eqs_two_parts_dispose (GObject *object)
{
  EqsTwoParts *self = EQS_TWO_PARTS (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->scroll, gtk_widget_unparent);

  G_OBJECT_CLASS (eqs_two_parts_parent_class)->dispose (object);
}

static void
eqs_two_parts_class_init (EqsTwoPartsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eqs_two_parts_dispose;
  widget_class->size_allocate = eqs_two_parts_size_allocate;
  widget_class->measure = eqs_two_parts_measure;
}

static void
eqs_two_parts_init (EqsTwoParts *self)
{
  self->scroll = gtk_scrolled_window_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  gtk_widget_add_css_class (self->box, "eq-training");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroll), self->box);
  gtk_widget_set_parent (self->scroll, GTK_WIDGET (self));
}

GtkWidget *
eqs_two_parts_new (GtkWidget *main, GtkWidget *side, int least, int side_width, const char *name)
{
  EqsTwoParts *self = g_object_new (EQS_TYPE_TWO_PARTS, NULL);

  self->least = least;
  self->side_width = side_width;
  self->side = eqs_scrolled_new (side, _("Numbers beside the pictures"));
  eqs_set_name (self->scroll, name);
  gtk_widget_set_hexpand (main, TRUE);
  gtk_box_append (GTK_BOX (self->box), main);
  gtk_box_append (GTK_BOX (self->box), self->side);
  turn_cb (self);
  return GTK_WIDGET (self);
}

/* A container of two children whose arrangement follows its width. */

#include "widgets/columns.h"

struct _EqsColumns
{
  GtkWidget  parent_instance;

  GtkWidget *first, *second;      /* owned by being children */
  double     share;
  int        at_most, together, spacing;
};

G_DEFINE_FINAL_TYPE (EqsColumns, eqs_columns, GTK_TYPE_WIDGET)

static int
min_width (GtkWidget *widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* Its share, or what keeps both at their least. */
static int
first_width (EqsColumns *self, int width)
{
  const int wanted = (int) ((width - self->spacing) * self->share);

  return CLAMP (self->at_most > 0 ? MIN (wanted, self->at_most) : wanted, min_width (self->first), MAX (width - self->spacing - min_width (self->second), min_width (self->first)));
}

/* A part that is not shown takes no room. */
static gboolean
is_together (EqsColumns *self, int width)
{
  return gtk_widget_get_visible (self->first) && gtk_widget_get_visible (self->second) && width >= self->together &&
         min_width (self->first) + self->spacing + min_width (self->second) <= width;
}

static int
gap (EqsColumns *self)
{
  return gtk_widget_get_visible (self->first) && gtk_widget_get_visible (self->second) ? self->spacing : 0;
}

static int
height_for (GtkWidget *widget, int width, gboolean natural)
{
  int minimum, wanted;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, &minimum, &wanted, NULL, NULL);
  return natural ? wanted : minimum;
}

static void
eqs_columns_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  EqsColumns *self = EQS_COLUMNS (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (min_width (self->first), min_width (self->second));
      *natural = MAX (*minimum, self->together);
      return;
    }
  if (for_size < 0)
    for_size = MAX (min_width (self->first), min_width (self->second));
  for (int k = 0; k < 2; k++)
    {
      int height;

      if (is_together (self, for_size))
        {
          const int one = first_width (self, for_size);

          height = MAX (height_for (self->first, one, k == 1), height_for (self->second, for_size - self->spacing - one, k == 1));
        }
      else
        height = height_for (self->first, for_size, k == 1) + gap (self) + height_for (self->second, for_size, k == 1);
      *(k == 0 ? minimum : natural) = height;
    }
}

static void
eqs_columns_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  EqsColumns *self = EQS_COLUMNS (widget);

  if (is_together (self, width))
    {
      const int one = first_width (self, width);

      gtk_widget_size_allocate (self->first, &(GtkAllocation) { 0, 0, one, height }, -1);
      gtk_widget_size_allocate (self->second, &(GtkAllocation) { one + self->spacing, 0, width - one - self->spacing, height }, -1);
    }
  else
    {
      const int below = gap (self), one = MIN (height_for (self->first, width, TRUE), MAX (height - below - height_for (self->second, width, FALSE), height_for (self->first, width, FALSE)));

      gtk_widget_size_allocate (self->first, &(GtkAllocation) { 0, 0, width, one }, -1);
      gtk_widget_size_allocate (self->second, &(GtkAllocation) { 0, one + below, width, MAX (height - one - below, height_for (self->second, width, FALSE)) }, -1);
    }
}

static GtkSizeRequestMode
eqs_columns_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

GtkWidget *
eqs_columns_new (GtkWidget *first, GtkWidget *second, double share, int at_most, int together, int spacing)
{
  EqsColumns *self = g_object_new (EQS_TYPE_COLUMNS, NULL);

  self->first = first;
  self->second = second;
  self->share = share;
  self->at_most = at_most;
  self->together = together;
  self->spacing = spacing;
  gtk_widget_set_parent (first, GTK_WIDGET (self));
  gtk_widget_set_parent (second, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

static void
eqs_columns_dispose (GObject *object)
{
  EqsColumns *self = EQS_COLUMNS (object);

  g_clear_pointer (&self->first, gtk_widget_unparent);
  g_clear_pointer (&self->second, gtk_widget_unparent);

  G_OBJECT_CLASS (eqs_columns_parent_class)->dispose (object);
}

static void
eqs_columns_class_init (EqsColumnsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_columns_dispose;
  GTK_WIDGET_CLASS (klass)->measure = eqs_columns_measure;
  GTK_WIDGET_CLASS (klass)->size_allocate = eqs_columns_size_allocate;
  GTK_WIDGET_CLASS (klass)->get_request_mode = eqs_columns_get_request_mode;
}

static void
eqs_columns_init (EqsColumns *self)
{
}

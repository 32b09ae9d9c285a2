#include "widgets/plots/plot-view.h"

#include "draw/number-text.h"
#include "widgets/save-picture.h"
#include "widgets/theme.h"

#include <math.h>
#include <string.h>

typedef struct
{
  char    *label;                    /* owned (nullable) */
  double  *x, *y, *low, *high;       /* owned; low, high (nullable) */
  guint    n;
  guint32  colour;
  gboolean dashed;
} Line;

struct _EqsPlotView
{
  GtkWidget     parent_instance;

  char         *title, *note, *limit_word;   /* owned */
  GPtrArray    *lines;                       /* owned: of Line */
  gboolean      log_y;
  EqsPlotFormat format;
  double        x_min, x_max, limit, hover_x;
};

G_DEFINE_FINAL_TYPE (EqsPlotView, eqs_plot_view, GTK_TYPE_WIDGET)

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->label);
  g_free (line->x);
  g_free (line->y);
  g_free (line->low);
  g_free (line->high);
  g_free (line);
}

static void
draw (EqsPlotView *self, cairo_t *cr, double width, double height, const EqsPlotTheme *theme, double hover_x)
{
  g_autofree EqsPlotLine *lines = g_new0 (EqsPlotLine, self->lines->len + 1);
  EqsPlot plot = { self->title, self->note, lines, self->lines->len, self->log_y, self->x_min, self->x_max, self->limit, self->limit_word, self->format, hover_x };

  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];

      lines[i] = (EqsPlotLine) { line->label, line->x, line->y, line->n, line->colour, line->dashed, line->low, line->high };
    }
  eqs_plot_draw (cr, &plot, width, height, theme);
}

static void
eqs_plot_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  EqsPlotView *self = EQS_PLOT_VIEW (widget);
  const int    width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  const EqsPlotTheme theme = eqs_theme_plot (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  draw (self, cr, width, height, &theme, self->hover_x);
  cairo_destroy (cr);
}

static void
eqs_plot_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 100 : 140;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 300 : 220;
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, EqsPlotView *self)
{
  EqsPlot plot = { .x_min = self->x_min, .x_max = self->x_max, .limit = self->limit, .log_y = self->log_y, .format = self->format };
  g_autofree EqsPlotLine *lines = g_new0 (EqsPlotLine, self->lines->len + 1);

  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];

      lines[i] = (EqsPlotLine) { line->label, line->x, line->y, line->n, line->colour, FALSE, line->low, line->high };
    }
  plot.lines = lines;
  plot.n_lines = self->lines->len;
  self->hover_x = self->lines->len == 0 ? NAN : eqs_plot_x_at (&plot, gtk_widget_get_width (GTK_WIDGET (self)), x);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
leave_cb (GtkEventControllerMotion *controller, EqsPlotView *self)
{
  self->hover_x = NAN;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
eqs_plot_view_finalize (GObject *object)
{
  EqsPlotView *self = EQS_PLOT_VIEW (object);

  g_free (self->title);
  g_free (self->note);
  g_free (self->limit_word);
  g_ptr_array_unref (self->lines);

  G_OBJECT_CLASS (eqs_plot_view_parent_class)->finalize (object);
}

static void
eqs_plot_view_class_init (EqsPlotViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = eqs_plot_view_finalize;
  widget_class->snapshot = eqs_plot_view_snapshot;
  widget_class->measure = eqs_plot_view_measure;
  gtk_widget_class_set_css_name (widget_class, "plot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
eqs_plot_view_init (EqsPlotView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->limit = self->hover_x = NAN;
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

GtkWidget *
eqs_plot_view_new (const char *title)
{
  EqsPlotView *self = g_object_new (EQS_TYPE_PLOT_VIEW, NULL);

  self->title = g_strdup (title);
  eqs_picture_offer (GTK_WIDGET (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET (self);
}

void
eqs_plot_view_set_axis (EqsPlotView *self, const char *note, gboolean log_y, EqsPlotFormat format)
{
  g_return_if_fail (EQS_IS_PLOT_VIEW (self));
  g_free (self->note);
  self->note = g_strdup (note);
  self->log_y = log_y;
  self->format = format;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
eqs_plot_view_set_range (EqsPlotView *self, double x_min, double x_max)
{
  g_return_if_fail (EQS_IS_PLOT_VIEW (self));
  self->x_min = x_min;
  self->x_max = x_max;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
eqs_plot_view_set_limit (EqsPlotView *self, double limit, const char *word)
{
  g_return_if_fail (EQS_IS_PLOT_VIEW (self));
  g_free (self->limit_word);
  self->limit = limit;
  self->limit_word = g_strdup (word);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The last figures in words. */
static void
describe (EqsPlotView *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];
      guint last = line->n;
      g_autofree char *value = NULL;

      while (last > 0 && !isfinite (line->y[last - 1]))
        last--;
      if (last > 0)
        value = self->format != NULL ? self->format (line->y[last - 1]) : eqs_number_dup_text (line->y[last - 1], 3);

      if (value != NULL)
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", line->label == NULL ? "" : line->label, value);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
  g_string_free (text, TRUE);
}

void
eqs_plot_view_clear (EqsPlotView *self)
{
  g_return_if_fail (EQS_IS_PLOT_VIEW (self));
  g_ptr_array_set_size (self->lines, 0);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
eqs_plot_view_add_line (EqsPlotView *self, const char *label, const double *x, const double *y, guint n, guint32 colour, gboolean dashed, const double *low,
                        const double *high)
{
  g_return_if_fail (EQS_IS_PLOT_VIEW (self));

  Line *line = g_new0 (Line, 1);

  line->label = g_strdup (label);
  line->x = g_memdup2 (x, n * sizeof *x);
  line->y = g_memdup2 (y, n * sizeof *y);
  line->low = low == NULL ? NULL : g_memdup2 (low, n * sizeof *low);
  line->high = high == NULL ? NULL : g_memdup2 (high, n * sizeof *high);
  line->n = n;
  line->colour = colour;
  line->dashed = dashed;
  g_ptr_array_add (self->lines, line);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
eqs_plot_view_get_n_lines (EqsPlotView *self)
{
  g_return_val_if_fail (EQS_IS_PLOT_VIEW (self), 0);
  return self->lines->len;
}

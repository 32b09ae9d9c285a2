/* Squares: right answers in blue by their share of the row, mistakes in orange; counts are written where they fit. */

#include "widgets/training/confusion.h"

#include "draw/type-style.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>

struct _EqsConfusion
{
  GtkWidget parent_instance;

  guint64  *counts;        /* owned (nullable) */
  guint     n;
  char    **names;         /* owned (nullable): n of them */
};

G_DEFINE_FINAL_TYPE (EqsConfusion, eqs_confusion, GTK_TYPE_WIDGET)

static void
text_at (EqsConfusion *self, GtkSnapshot *snapshot, const char *text, double size, gboolean bold, double x, double y, double align, const GdkRGBA *colour)
{
  const double room = MAX (gtk_widget_get_width (GTK_WIDGET (self)) - 16, 20);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (gtk_widget_get_pango_context (GTK_WIDGET (self))));
  int width, height;

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_layout_get_pixel_size (layout, &width, &height);
  if (width > room)
    {
      pango_layout_set_width (layout, (int) (room * PANGO_SCALE));
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_get_pixel_size (layout, &width, &height);
      y += size / 2;
    }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (x - align * width), (float) (y - height / 2.0)));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
  pango_font_description_free (font);
}

static guint64
row_sum (EqsConfusion *self, guint row)
{
  guint64 sum = 0;

  for (guint k = 0; k < self->n; k++)
    sum += self->counts[row * self->n + k];
  return sum;
}

static void
draw_cells (EqsConfusion *self, GtkSnapshot *snapshot, double left, double top, double cell)
{
  const GdkRGBA text = eqs_theme_colour (GTK_WIDGET (self), "window_fg_color"), empty = eqs_theme_colour (GTK_WIDGET (self), "eq_frame"), white = { 1, 1, 1, 1 };

  for (guint row = 0; row < self->n; row++)
    for (guint column = 0; column < self->n; column++)
      {
        const guint64 count = self->counts[row * self->n + column];
        const double  share = (double) count / (double) MAX (row_sum (self, row), 1);
        const graphene_rect_t box = GRAPHENE_RECT_INIT ((float) (left + column * cell), (float) (top + row * cell), (float) cell - 1, (float) cell - 1);
        GdkRGBA colour = row == column ? (GdkRGBA) { 0, 0.447f, 0.698f, (float) (0.25 + 0.65 * share) } : (GdkRGBA) { 0.835f, 0.369f, 0, (float) MIN (0.15 + 5 * share, 0.95) };
        g_autofree char *number = g_strdup_printf ("%" PRIu64, count);

        gtk_snapshot_append_color (snapshot, count == 0 ? &empty : &colour, &box);
        if (count > 0 && cell >= 16)
          text_at (self, snapshot, number, 9.5, FALSE, left + (column + 0.5) * cell, top + (row + 0.5) * cell, 0.5, colour.alpha > 0.6 ? &white : &text);
      }
}

/* Names longer than a digit or two stand aslant. */
static gboolean
has_words (EqsConfusion *self)
{
  for (guint i = 0; self->names != NULL && i < self->n; i++)
    if (g_utf8_strlen (self->names[i], -1) > 2)
      return TRUE;
  return FALSE;
}

static char *
cut_name (const char *name, glong most)
{
  g_autofree char *start = g_utf8_strlen (name, -1) > most ? g_utf8_substring (name, 0, most - 1) : NULL;

  return start == NULL ? g_strdup (name) : g_strconcat (start, "…", NULL);
}

static void
eqs_confusion_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  EqsConfusion *self = EQS_CONFUSION (widget);
  const double  width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  const GdkRGBA text = eqs_theme_colour (widget, "window_fg_color"), dim = eqs_theme_colour (widget, "eq_dim");
  const gboolean words = has_words (self);
  const double  left = words ? MIN (width * 0.28, 90) : 28, top = words ? 46 + MIN (height * 0.2, 48) : 46;
  const glong   most = words ? CLAMP ((glong) ((left - 6) / 5.8), 4, 11) : 3;
  double        cell;

  text_at (self, snapshot, _("True against told"), 13, TRUE, 10, 14, 0, &text);
  if (self->counts == NULL)
    {
      text_at (self, snapshot, _("after training, on the test part"), 11, FALSE, 10, 34, 0, &dim);
      return;
    }
  cell = MIN ((width - left - 8) / self->n, (height - top - (width < 210 ? 34 : 22)) / self->n);
  for (guint i = 0; i < self->n && cell >= 10; i++)
    {
      g_autofree char *name = self->names != NULL ? g_strdup (self->names[i]) : g_strdup_printf ("%u", i), *cut = cut_name (name, most);

      text_at (self, snapshot, cut, 10, FALSE, left - 6, top + (i + 0.5) * cell, 1, &dim);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (left + (i + 0.5) * cell), (float) top - 9));
      if (words)
        gtk_snapshot_rotate (snapshot, -55);
      text_at (self, snapshot, cut, 10, FALSE, 0, 0, words ? 0 : 0.5, &dim);
      gtk_snapshot_restore (snapshot);
    }
  draw_cells (self, snapshot, left, top, cell);
  text_at (self, snapshot, _("rows true, columns told; test part"), 10, FALSE, 10, top + self->n * cell + 10, 0, &dim);
}

static void
eqs_confusion_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 100 : 140;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 250 : 220;
}

static void
eqs_confusion_finalize (GObject *object)
{
  g_free (EQS_CONFUSION (object)->counts);
  g_strfreev (EQS_CONFUSION (object)->names);

  G_OBJECT_CLASS (eqs_confusion_parent_class)->finalize (object);
}

static void
eqs_confusion_class_init (EqsConfusionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eqs_confusion_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = eqs_confusion_snapshot;
  GTK_WIDGET_CLASS (klass)->measure = eqs_confusion_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
eqs_confusion_init (EqsConfusion *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("True against told"), -1);
}

GtkWidget *
eqs_confusion_new (void)
{
  return g_object_new (EQS_TYPE_CONFUSION, NULL);
}

void
eqs_confusion_set (EqsConfusion *self, const guint64 *counts, guint n, const char *const *names)
{
  g_return_if_fail (EQS_IS_CONFUSION (self));

  guint64 wrong = 0, all = 0;
  g_autofree char *text = NULL;

  g_clear_pointer (&self->counts, g_free);
  g_clear_pointer (&self->names, g_strfreev);
  self->n = n;
  if (counts != NULL && names != NULL && g_strv_length ((char **) names) == n)
    self->names = g_strdupv ((char **) names);
  if (counts != NULL)
    self->counts = g_memdup2 (counts, sizeof *counts * n * n);
  for (guint i = 0; counts != NULL && i < n * n; i++)
    {
      all += counts[i];
      wrong += i % (n + 1) == 0 ? 0 : counts[i];
    }
  text = counts == NULL ? g_strdup (_("not measured yet")) : g_strdup_printf (_("%" PRIu64 " of %" PRIu64 " wrong"), wrong, all);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

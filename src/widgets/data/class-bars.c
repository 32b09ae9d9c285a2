/* Drawn, since there may be a hundred of them. */

#include "widgets/data/class-bars.h"

#include "draw/plan.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>

#define BAR_HEIGHT 20

typedef struct { const EqsSurvey *survey; guint part; } Shown;

static char *
class_name (const EqsSurvey *survey, guint i)
{
  return survey->names != NULL ? g_strdup (survey->names[i]) : g_strdup_printf ("%u", i);
}

static void
show_text (cairo_t *cr, GtkWidget *widget, const char *text, double x, double y, double width, gboolean right)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (gtk_widget_get_pango_context (widget)));

  pango_font_description_set_absolute_size (font, 11 * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  pango_font_description_free (font);
}

static void
draw_bars_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const Shown         *shown = data;
  const EqsSurveyPart *part = shown->survey == NULL ? NULL : &shown->survey->parts[shown->part];
  const double         numbers = 46;
  double               names = 12, room;
  guint                most = 1;
  GdkRGBA              ink;

  if (part == NULL || part->counts == NULL)
    return;
  for (guint i = 0; i < shown->survey->n_classes; i++)
    {
      g_autofree char *name = class_name (shown->survey, i);

      names = MAX (names, MIN (7.0 * (double) g_utf8_strlen (name, -1) + 4, width * 0.4));
      most = MAX (most, part->counts[i]);
    }
  room = MAX (width - names - numbers - 12, 10);
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &ink);
  for (guint i = 0; i < shown->survey->n_classes; i++)
    {
      g_autofree char *name = class_name (shown->survey, i), *count = eqs_count_dup_text (part->counts[i]);
      const double     y = BAR_HEIGHT * i, length = room * part->counts[i] / most;

      gdk_cairo_set_source_rgba (cr, &ink);
      show_text (cr, GTK_WIDGET (area), name, 0, y + 1, names, FALSE);
      show_text (cr, GTK_WIDGET (area), count, width - numbers, y + 1, numbers, TRUE);
      cairo_set_source_rgba (cr, (double) ink.red, (double) ink.green, (double) ink.blue, 0.10);
      cairo_rectangle (cr, names + 4, y + 4, room, BAR_HEIGHT - 9);
      cairo_fill (cr);
      cairo_set_source_rgb (cr, 0, 0.447, 0.698);
      cairo_rectangle (cr, names + 4, y + 4, length, BAR_HEIGHT - 9);
      cairo_fill (cr);
    }
}

static char *
dup_description (const EqsSurvey *survey, const EqsSurveyPart *part)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < survey->n_classes; i++)
    {
      g_autofree char *name = class_name (survey, i);

      g_string_append_printf (text, "%s%s: %u", i > 0 ? ", " : "", name, part->counts[i]);
    }
  return g_string_free (text, FALSE);
}

void
eqs_class_bars_set (GtkWidget *bars, const EqsSurvey *survey, guint part)
{
  g_return_if_fail (GTK_IS_DRAWING_AREA (bars));
  Shown           *shown = g_object_get_data (G_OBJECT (bars), "shown");
  const gboolean   any = survey != NULL && survey->parts[part].counts != NULL;
  g_autofree char *text = any ? dup_description (survey, &survey->parts[part]) : g_strdup ("");

  shown->survey = any ? survey : NULL;
  shown->part = part;
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (bars), any ? (int) (BAR_HEIGHT * survey->n_classes) : 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bars), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_set_tooltip_text (bars, text[0] == '\0' ? NULL : text);
  gtk_widget_queue_draw (bars);
}

GtkWidget *
eqs_class_bars_new (void)
{
  GtkWidget *bars = gtk_drawing_area_new ();
  Shown     *shown = g_new0 (Shown, 1);

  g_object_set_data_full (G_OBJECT (bars), "shown", shown, g_free);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (bars), draw_bars_cb, shown, NULL);
  eqs_set_name (bars, _("Samples of each class"));
  return bars;
}

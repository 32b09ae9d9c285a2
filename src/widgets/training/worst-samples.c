#include "widgets/training/worst-samples.h"

#include "draw/number-text.h"
#include "studio/worst.h"
#include "widgets/parts.h"
#include "widgets/sample-picture.h"
#include "widgets/training/test-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define N_SAMPLES 24
#define SIZE      72

typedef struct
{
  guint      n_wrong, n_all;
  GArray    *found;                     /* owned, of EqsWorstSample */
  GPtrArray *pictures;                  /* owned, of EqsSamplePicture, may be NULL each */
  char     **names;                     /* owned (nullable): of classes */
  char      *part;                      /* owned: what was measured */
} Result;

static void
result_free (gpointer data)
{
  Result *result = data;

  g_array_unref (result->found);
  g_ptr_array_unref (result->pictures);
  g_strfreev (result->names);
  g_free (result->part);
  g_free (result);
}

static void
picture_free (gpointer data)
{
  if (data != NULL)
    eqs_sample_picture_unref (data);
}

static gpointer
measure (EqsModel *model, EqsSplit *split, int threads, GError **error)
{
  guint            n_wrong;
  GArray          *found = eqs_worst_find (model, split, N_SAMPLES, threads, &n_wrong, error);
  const EqsColumn *target;
  Result          *result;

  if (found == NULL)
    return NULL;
  target = eqs_split_find_target (split, eqs_map_get_string (eqs_document_get_section (model->document, EQS_SECTION_SPEC), "task", NULL));
  result = g_new (Result, 1);
  *result = (Result) { n_wrong, eqs_split_get_n (split), found, g_ptr_array_new_with_free_func (picture_free),
                       target == NULL ? NULL : g_strdupv (target->class_names), g_strdup (eqs_split_get_name (split)) };
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (result->pictures, eqs_sample_picture_new (split, eqs_split_find_input (split), g_array_index (found, EqsWorstSample, i).sample));
  return result;
}

static GtkWidget *
make (void)
{
  GtkWidget *flow = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), N_SAMPLES);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (flow), 6);
  eqs_set_name (flow, _("Samples answered worst"));
  return flow;
}

static void
clear (GtkWidget *flow)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (flow)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (flow), child);
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  GdkRGBA ink;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &ink);
  eqs_sample_picture_draw (data, cr, (width - SIZE) / 2.0, 0, SIZE, &ink);
}

static void
draw_free (gpointer data)
{
  eqs_sample_picture_unref (data);
}

static char *
class_text (const Result *result, int class)
{
  return result->names != NULL && class >= 0 && (guint) class < g_strv_length (result->names) ? g_strdup (result->names[class]) : g_strdup_printf ("%d", class);
}

static void
add_sample (GtkWidget *flow, const Result *result, guint index)
{
  const EqsWorstSample *worst = &g_array_index (result->found, EqsWorstSample, index);
  GtkWidget *child = gtk_flow_box_child_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *first, *second;
  g_autofree char *told = class_text (result, worst->told), *truth = class_text (result, worst->truth), *line = NULL, *number = NULL, *name = NULL, *loss = eqs_number_dup_text (worst->loss, 3);

  if (result->pictures->pdata[index] != NULL)
    {
      GtkWidget *area = gtk_drawing_area_new ();

      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), SIZE);
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SIZE);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, eqs_sample_picture_ref (result->pictures->pdata[index]), draw_free);
      gtk_box_append (GTK_BOX (box), area);
    }
  if (worst->told < 0)
    line = g_strdup_printf (_("off by %s"), loss);
  else if (worst->told == worst->truth)
    /* Translators: a class, and how sure the network was of it. */
    line = g_strdup_printf (_("%s, %.0f %%"), told, 100 * worst->share);
  else
    /* Translators: the class that was told, the one that is true. */
    line = g_strdup_printf (_("told %s, is %s"), told, truth);
  number = worst->told >= 0 && worst->told != worst->truth ? g_strdup_printf (_("sure to %.0f %%"), 100 * worst->share) : g_strdup_printf (_("sample %u"), worst->sample);
  first = gtk_label_new (line);
  gtk_widget_add_css_class (first, worst->told >= 0 && worst->told != worst->truth ? "eq-bad" : "eq-name");
  second = gtk_label_new (number);
  gtk_widget_add_css_class (second, "eq-caption");
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), second);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  name = g_strdup_printf (_("Sample %u: %s, loss %s"), worst->sample, line, loss);
  eqs_set_name (child, name);
  gtk_widget_set_tooltip_text (child, name);
  gtk_flow_box_append (GTK_FLOW_BOX (flow), child);
}

static char *
show (GtkWidget *flow, gpointer data)
{
  const Result *result = data;

  for (guint i = 0; i < result->found->len; i++)
    add_sample (flow, result, i);
  /* Translators: counts, and the part of the data: test or valid. */
  return result->found->len > 0 && g_array_index (result->found, EqsWorstSample, 0).told < 0
           ? g_strdup_printf (_("Farthest from the truth of %u samples of the part “%s”."), result->n_all, result->part)
           : g_strdup_printf (_("%u of %u samples of the part “%s” answered wrong; those with the largest loss first."), result->n_wrong, result->n_all, result->part);
}

static const EqsTestPageKind kind = { .measure = measure, .free = result_free, .make = make, .clear = clear, .show = show };

GtkWidget *
eqs_worst_samples_new (void)
{
  return eqs_test_page_new (&kind);
}

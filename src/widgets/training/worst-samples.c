/* Measuring is one pass over the test part in a worker, on the checkpoint; it is done again only for other weights. */

#include "widgets/training/worst-samples.h"

#include "studio/worst.h"
#include "widgets/parts.h"
#include "widgets/sample-picture.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define N_SAMPLES 24
#define SIZE      72

struct _EqsWorstSamples
{
  GtkWidget    parent_instance;

  EqsSession  *session;                 /* owned */
  EqsTraining *run;                     /* owned (nullable) */
  char        *measured;                /* owned (nullable): run and epoch that the list is of */
  guint        wish;
  gboolean     active;

  GtkWidget   *box, *line, *spinner, *flow;    /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsWorstSamples, eqs_worst_samples, GTK_TYPE_WIDGET)

typedef struct
{
  char       *checkpoint;
  EqsDataset *dataset;
  guint       wish, n_wrong, n_all;
  GArray     *found;
  GPtrArray  *pictures;                 /* of EqsSamplePicture, may be NULL each */
  char      **names;                    /* of classes (nullable) */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->checkpoint);
  g_object_unref (work->dataset);
  g_clear_pointer (&work->found, g_array_unref);
  g_clear_pointer (&work->pictures, g_ptr_array_unref);
  g_strfreev (work->names);
  g_free (work);
}

static void
picture_free (gpointer data)
{
  if (data != NULL)
    eqs_sample_picture_unref (data);
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work             *work = data;
  GError           *error = NULL;
  g_autoptr (EqsModel) model = eqs_model_open (work->checkpoint, &error);
  g_autoptr (EqsSplit) split = model == NULL ? NULL : eqs_dataset_load (work->dataset, eqs_dataset_has_split (work->dataset, "test") ? "test" : "valid", &error);
  const EqsColumn  *target;

  work->found = split == NULL ? NULL : eqs_worst_find (model, split, N_SAMPLES, MAX ((int) g_get_num_processors () - 1, 1), &work->n_wrong, &error);
  if (work->found == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  work->n_all = eqs_split_get_n (split);
  target = eqs_split_find_target (split, eqs_map_get_string (eqs_document_get_section (model->document, EQS_SECTION_SPEC), "task", NULL));
  if (target != NULL && target->class_names != NULL)
    work->names = g_strdupv (target->class_names);
  work->pictures = g_ptr_array_new_with_free_func (picture_free);
  for (guint i = 0; i < work->found->len; i++)
    g_ptr_array_add (work->pictures, eqs_sample_picture_new (split, eqs_split_find_input (split), g_array_index (work->found, EqsWorstSample, i).sample));
  g_task_return_boolean (task, TRUE);
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
class_text (Work *work, int class)
{
  return work->names != NULL && class >= 0 && (guint) class < g_strv_length (work->names) ? g_strdup (work->names[class]) : g_strdup_printf ("%d", class);
}

static void
add_sample (EqsWorstSamples *self, Work *work, guint index)
{
  const EqsWorstSample *worst = &g_array_index (work->found, EqsWorstSample, index);
  GtkWidget *child = gtk_flow_box_child_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *first, *second;
  g_autofree char *told = class_text (work, worst->told), *truth = class_text (work, worst->truth), *line = NULL, *number = NULL, *name = NULL;

  if (work->pictures->pdata[index] != NULL)
    {
      GtkWidget *area = gtk_drawing_area_new ();

      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), SIZE);
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SIZE);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, eqs_sample_picture_ref (work->pictures->pdata[index]), draw_free);
      gtk_box_append (GTK_BOX (box), area);
    }
  if (worst->told < 0)
    line = g_strdup_printf (_("off by %.3g"), worst->loss);
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
  name = g_strdup_printf (_("Sample %u: %s, loss %.3g"), worst->sample, line, worst->loss);
  eqs_set_name (child, name);
  gtk_widget_set_tooltip_text (child, name);
  gtk_flow_box_append (GTK_FLOW_BOX (self->flow), child);
}

static void
clear (EqsWorstSamples *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->flow)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->flow), child);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsWorstSamples   *self = EQS_WORST_SAMPLES (source);
  Work              *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = NULL;
  const gboolean     ok = g_task_propagate_boolean (G_TASK (result), &error);

  if (self->box == NULL || work->wish != self->wish)
    return;
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  clear (self);
  if (ok)
    {
      for (guint i = 0; i < work->found->len; i++)
        add_sample (self, work, i);
      text = work->found->len > 0 && g_array_index (work->found, EqsWorstSample, 0).told < 0
               ? g_strdup_printf (_("Farthest from the truth of %u test samples."), work->n_all)
               : g_strdup_printf (_("%u of %u test samples answered wrong; those with the largest loss first."), work->n_wrong, work->n_all);
    }
  gtk_label_set_label (GTK_LABEL (self->line), ok ? text : error->message);
}

static void
update (EqsWorstSamples *self)
{
  const char      *checkpoint = self->run == NULL ? NULL : eqs_training_get_checkpoint (self->run);
  EqsDataset      *dataset = self->run == NULL ? NULL : eqs_training_get_dataset (self->run);
  g_autofree char *now = NULL;
  g_autoptr (GTask) task = NULL;
  Work *work;

  if (checkpoint == NULL || dataset == NULL || eqs_training_is_active (self->run))
    {
      gtk_label_set_label (GTK_LABEL (self->line), self->run != NULL && eqs_training_is_active (self->run) ? _("Measured when training has ended.")
                                                                                                         : _("Nothing trained yet: there are no weights to ask."));
      clear (self);
      g_clear_pointer (&self->measured, g_free);
      return;
    }
  now = g_strdup_printf ("%s %u %u", checkpoint, eqs_training_get_points (self->run)->len, eqs_training_get_best_epoch (self->run));
  if (!self->active || g_strcmp0 (now, self->measured) == 0)
    return;
  g_free (self->measured);
  self->measured = g_steal_pointer (&now);
  work = g_new0 (Work, 1);
  work->checkpoint = g_strdup (checkpoint);
  work->dataset = g_object_ref (dataset);
  work->wish = ++self->wish;
  gtk_label_set_label (GTK_LABEL (self->line), _("Measuring the test part."));
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  task = g_task_new (self, NULL, measured_cb, NULL);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, worker);
}

void
eqs_worst_samples_show (EqsWorstSamples *self, EqsTraining *run)
{
  g_set_object (&self->run, run);
  update (self);
}

void
eqs_worst_samples_set_active (EqsWorstSamples *self, gboolean active)
{
  self->active = active;
  update (self);
}

static void
eqs_worst_samples_dispose (GObject *object)
{
  EqsWorstSamples *self = EQS_WORST_SAMPLES (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->run);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_worst_samples_parent_class)->dispose (object);
}

static void
eqs_worst_samples_finalize (GObject *object)
{
  g_free (EQS_WORST_SAMPLES (object)->measured);

  G_OBJECT_CLASS (eqs_worst_samples_parent_class)->finalize (object);
}

static void
eqs_worst_samples_class_init (EqsWorstSamplesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_worst_samples_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_worst_samples_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_worst_samples_init (EqsWorstSamples *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->line = eqs_text_new (_("Nothing trained yet: there are no weights to ask."), NULL);
  self->spinner = gtk_spinner_new ();
  eqs_set_name (self->spinner, _("Measuring"));
  self->flow = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->flow), N_SAMPLES);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->flow), 6);
  gtk_widget_set_valign (self->flow, GTK_ALIGN_START);
  eqs_set_name (self->flow, _("Samples answered worst"));
  gtk_box_append (GTK_BOX (line), self->line);
  gtk_box_append (GTK_BOX (line), self->spinner);
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->flow);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
eqs_worst_samples_new (EqsSession *session)
{
  EqsWorstSamples *self = g_object_new (EQS_TYPE_WORST_SAMPLES, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

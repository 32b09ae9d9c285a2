/* Measuring is one pass over the test part in a worker, on the checkpoint; it is done again only for other weights. */

#include "widgets/training/parity-page.h"

#include "draw/parity.h"
#include "studio/parity.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST = 6000 };
#define SIZE 290

struct _EqsParityPage
{
  GtkWidget    parent_instance;

  EqsTraining *run;                     /* owned (nullable) */
  char        *measured;                /* owned (nullable): run and epoch that the plots are of */
  GPtrArray   *found;                   /* owned (nullable), of EqsParity */
  guint        wish;
  gboolean     active;

  GtkWidget   *box, *line, *spinner, *flow;    /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsParityPage, eqs_parity_page, GTK_TYPE_WIDGET)

typedef struct
{
  char       *checkpoint;
  EqsDataset *dataset;
  guint       wish, n_samples;
  GPtrArray  *found;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->checkpoint);
  g_object_unref (work->dataset);
  g_clear_pointer (&work->found, g_ptr_array_unref);
  g_free (work);
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work    *work = data;
  GError  *error = NULL;
  g_autoptr (EqsModel) model = eqs_model_open (work->checkpoint, &error);
  g_autoptr (EqsSplit) split = model == NULL ? NULL : eqs_dataset_load (work->dataset, eqs_dataset_has_split (work->dataset, "test") ? "test" : "valid", &error);

  work->found = split == NULL ? NULL : eqs_parity_measure (model, split, MOST, MAX ((int) g_get_num_processors () - 1, 1), &error);
  if (work->found == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  work->n_samples = eqs_split_get_n (split);
  g_task_return_boolean (task, TRUE);
}

/* ---- showing ---- */

static char *
axis_text (const char *format, const EqsParity *parity)
{
  g_autofree char *name = parity->unit == NULL ? g_strdup (parity->name) : g_strdup_printf ("%s, %s", parity->name, parity->unit);

  return g_strdup_printf (format, name);
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const EqsParity *parity = data;
  /* Translators: a result with its unit, as it is in the data. */
  g_autofree char *across = axis_text (_("true %s"), parity), *up = axis_text (_("answered %s"), parity);

  eqs_draw_parity (cr, parity->truth, parity->told, parity->n, across, up, 0x0072b2, eqs_field_theme (eqs_theme_is_dark ()), 0, 0, MIN (width, height + 16));
}

static void
add_plot (EqsParityPage *self, EqsParity *parity)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *area = gtk_drawing_area_new (), *text;
  const char      *unit = parity->unit == NULL ? "" : parity->unit;
  g_autofree char *title = g_strdup_printf (_("%s, answered against true"), parity->name);
  g_autofree char *numbers = g_strdup_printf (_("Mean error %.3g %s, root mean square %.3g; the mean alone would be off by %.3g. %u numbers."), parity->mae, unit, parity->rmse, parity->spread,
                                              (guint) parity->n_all);

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), SIZE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SIZE - 16);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, parity, NULL);
  eqs_set_name (area, title);
  eqs_picture_offer (area, title);
  text = eqs_text_new (numbers, "eq-second");
  gtk_label_set_max_width_chars (GTK_LABEL (text), 46);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (parity->name));
  gtk_box_append (GTK_BOX (box), area);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (self->flow), box);
}

static void
clear (EqsParityPage *self)
{
  eqs_box_clear (self->flow);
  g_clear_pointer (&self->found, g_ptr_array_unref);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsParityPage     *self = EQS_PARITY_PAGE (source);
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
      self->found = g_steal_pointer (&work->found);
      for (guint i = 0; i < self->found->len; i++)
        add_plot (self, g_ptr_array_index (self->found, i));
      text = self->found->len == 0 ? g_strdup (_("The answers are classes: the confusion matrix beside the curves shows them."))
                                   : g_strdup_printf (_("Answers on %u test samples; on the line they are right."), work->n_samples);
    }
  gtk_label_set_label (GTK_LABEL (self->line), ok ? text : error->message);
}

static void
update (EqsParityPage *self)
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
eqs_parity_page_show (EqsParityPage *self, EqsTraining *run)
{
  g_set_object (&self->run, run);
  update (self);
}

void
eqs_parity_page_set_active (EqsParityPage *self, gboolean active)
{
  self->active = active;
  update (self);
}

const char *
eqs_parity_page_get_line (EqsParityPage *self)
{
  return gtk_label_get_label (GTK_LABEL (self->line));
}

static void
eqs_parity_page_dispose (GObject *object)
{
  EqsParityPage *self = EQS_PARITY_PAGE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (eqs_parity_page_parent_class)->dispose (object);
}

static void
eqs_parity_page_finalize (GObject *object)
{
  g_free (EQS_PARITY_PAGE (object)->measured);

  G_OBJECT_CLASS (eqs_parity_page_parent_class)->finalize (object);
}

static void
eqs_parity_page_class_init (EqsParityPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_parity_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_parity_page_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_parity_page_init (EqsParityPage *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->line = eqs_text_new (_("Nothing trained yet: there are no weights to ask."), NULL);
  self->spinner = gtk_spinner_new ();
  eqs_set_name (self->spinner, _("Measuring"));
  self->flow = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_set_valign (self->flow, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (line), self->line);
  gtk_box_append (GTK_BOX (line), self->spinner);
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->flow);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
eqs_parity_page_new (EqsSession *session)
{
  return g_object_new (EQS_TYPE_PARITY_PAGE, NULL);
}

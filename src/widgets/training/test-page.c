#include "widgets/training/test-page.h"

#include "services/colouring.h"
#include "widgets/parts.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>

struct _EqsTestPage
{
  GtkWidget              parent_instance;

  const EqsTestPageKind *kind;
  EqsTraining           *run;           /* owned (nullable) */
  char                  *measured;      /* owned (nullable): run and epoch that the result is of */
  gpointer               result;        /* owned (nullable) */
  guint                  wish;
  gboolean               active;

  GtkWidget             *box, *line, *spinner, *view;    /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsTestPage, eqs_test_page, GTK_TYPE_WIDGET)

typedef struct
{
  const EqsTestPageKind *kind;
  char                  *checkpoint;
  EqsDataset            *dataset;
  guint                  wish;
  gpointer               result;
  char                  *limit;         /* owned (nullable): what such a network cannot tell apart */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_pointer (&work->result, work->kind->free);
  g_free (work->checkpoint);
  g_free (work->limit);
  g_object_unref (work->dataset);
  g_free (work);
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work          *work = data;
  GError        *error = NULL;
  EqsColourLimit limit;
  g_autoptr (EqsModel) model = eqs_model_open (work->checkpoint, &error);
  g_autoptr (EqsSplit) split = model == NULL ? NULL : eqs_dataset_load (work->dataset, eqs_dataset_has_split (work->dataset, "test") ? "test" : "valid", &error);

  work->result = split == NULL ? NULL : work->kind->measure (model, split, MAX ((int) g_get_num_processors () - 1, 1), &error);
  work->limit = work->result != NULL && eqs_colour_limit (model->program, split, &limit) ? eqs_colour_limit_dup_text (&limit) : NULL;
  if (work->result == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
clear (EqsTestPage *self)
{
  self->kind->clear (self->view);
  g_clear_pointer (&self->result, self->kind->free);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsTestPage       *self = EQS_TEST_PAGE (source);
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
      g_autofree char *shown = NULL;

      self->result = g_steal_pointer (&work->result);
      shown = self->kind->show (self->view, self->result);
      text = work->limit == NULL ? g_steal_pointer (&shown) : g_strdup_printf ("%s\n%s", shown, work->limit);
    }
  gtk_label_set_label (GTK_LABEL (self->line), ok ? text : error->message);
}

static void
begin (EqsTestPage *self, const char *checkpoint, EqsDataset *dataset)
{
  g_autoptr (GTask) task = eqs_weak_task_new (self, NULL, measured_cb, NULL, NULL);
  Work             *work = g_new0 (Work, 1);

  work->kind = self->kind;
  work->checkpoint = g_strdup (checkpoint);
  work->dataset = g_object_ref (dataset);
  work->wish = ++self->wish;
  gtk_label_set_label (GTK_LABEL (self->line), eqs_dataset_has_split (dataset, "test") ? _("Measuring the test part.") : _("There is no test part: measuring the validation part."));
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, worker);
}

static void
update (EqsTestPage *self)
{
  const char      *checkpoint = self->run == NULL ? NULL : eqs_training_get_checkpoint (self->run);
  EqsDataset      *dataset = self->run == NULL ? NULL : eqs_training_get_dataset (self->run);
  g_autofree char *now = NULL;

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
  begin (self, checkpoint, dataset);
}

void
eqs_test_page_show (EqsTestPage *self, EqsTraining *run)
{
  g_return_if_fail (EQS_IS_TEST_PAGE (self));
  g_set_object (&self->run, run);
  update (self);
}

void
eqs_test_page_set_active (EqsTestPage *self, gboolean active)
{
  g_return_if_fail (EQS_IS_TEST_PAGE (self));
  self->active = active;
  update (self);
}

static void
eqs_test_page_dispose (GObject *object)
{
  EqsTestPage *self = EQS_TEST_PAGE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->result, self->kind->free);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (eqs_test_page_parent_class)->dispose (object);
}

static void
eqs_test_page_finalize (GObject *object)
{
  g_free (EQS_TEST_PAGE (object)->measured);

  G_OBJECT_CLASS (eqs_test_page_parent_class)->finalize (object);
}

static void
eqs_test_page_class_init (EqsTestPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_test_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_test_page_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_test_page_init (EqsTestPage *self)
{
}

GtkWidget *
eqs_test_page_new (const EqsTestPageKind *kind)
{
  EqsTestPage *self = g_object_new (EQS_TYPE_TEST_PAGE, NULL);
  GtkWidget   *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->kind = kind;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->line = eqs_text_new (_("Nothing trained yet: there are no weights to ask."), NULL);
  self->spinner = gtk_spinner_new ();
  self->view = kind->make ();
  eqs_set_name (self->spinner, _("Measuring"));
  gtk_widget_set_valign (self->view, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (line), self->line);
  gtk_box_append (GTK_BOX (line), self->spinner);
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->view);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

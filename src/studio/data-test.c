/* The test in a thread. A test that was reset goes on until it looks at its flag, and its answer is dropped. */

#include "studio/data-test.h"

#include <gio/gio.h>

struct _EqsDataTest
{
  GObject  parent_instance;

  GArray  *findings;       /* owned (nullable) */
  char    *error;          /* owned (nullable) */
  struct Work *work;       /* owned by its task (nullable) */
  double   progress;
};

typedef struct Work    /* of one test */
{
  EqsDataset *dataset;     /* owned */
  int         cancel;
} Work;

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (EqsDataTest, eqs_data_test, G_TYPE_OBJECT)

static void
work_free (Work *work)
{
  g_object_unref (work->dataset);
  g_free (work);
}

typedef struct { EqsDataTest *test; Work *work; GTask *task; double done; } Step;

static gboolean
step_cb (gpointer data)
{
  Step *step = data;

  if (step->test->work == step->work)
    {
      step->test->progress = step->done;
      g_signal_emit (step->test, signals[CHANGED], 0);
    }
  return G_SOURCE_REMOVE;
}

static void
step_free (Step *step)
{
  g_object_unref (step->task);
  g_free (step);
}

static void
progress_func (double done, gpointer data)
{
  GTask *task = data;
  Step  *step = g_new0 (Step, 1);

  *step = (Step) { g_task_get_source_object (task), g_task_get_task_data (task), g_object_ref (task), done };
  g_idle_add_full (G_PRIORITY_DEFAULT, step_cb, step, (GDestroyNotify) step_free);
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work     *work = data;
  GError   *error = NULL;
  g_autoptr (EqsSplit) split = eqs_dataset_load (work->dataset, "train", &error);
  /* One core stays the window's. */
  GArray   *findings = split == NULL ? NULL : eqs_symmetry_test (split, 1, MAX ((int) g_get_num_processors () - 1, 1), &work->cancel, progress_func, task, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, findings, (GDestroyNotify) g_array_unref);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsDataTest *self = EQS_DATA_TEST (source);
  Work        *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) findings = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->work != work)
    return;
  self->work = NULL;
  self->findings = g_steal_pointer (&findings);
  self->error = error == NULL ? NULL : g_strdup (error->message);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
forget (EqsDataTest *self)
{
  if (self->work != NULL)
    g_atomic_int_set (&self->work->cancel, 1);
  self->work = NULL;
  self->progress = 0;
  g_clear_pointer (&self->findings, g_array_unref);
  g_clear_pointer (&self->error, g_free);
}

void
eqs_data_test_start (EqsDataTest *self, EqsDataset *dataset)
{
  g_return_if_fail (EQS_IS_DATA_TEST (self));
  g_autoptr (GTask) task = g_task_new (self, NULL, done_cb, NULL);
  Work *work = g_new0 (Work, 1);

  forget (self);
  work->dataset = g_object_ref (dataset);
  self->work = work;
  g_task_set_task_data (task, work, (GDestroyNotify) work_free);
  g_task_run_in_thread (task, worker);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
eqs_data_test_reset (EqsDataTest *self)
{
  g_return_if_fail (EQS_IS_DATA_TEST (self));
  forget (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
eqs_data_test_is_running (EqsDataTest *self)
{
  g_return_val_if_fail (EQS_IS_DATA_TEST (self), FALSE);
  return self->work != NULL;
}

double
eqs_data_test_get_progress (EqsDataTest *self)
{
  g_return_val_if_fail (EQS_IS_DATA_TEST (self), 0);
  return self->progress;
}

const GArray *
eqs_data_test_get_findings (EqsDataTest *self)
{
  g_return_val_if_fail (EQS_IS_DATA_TEST (self), NULL);
  return self->findings;
}

const char *
eqs_data_test_get_error (EqsDataTest *self)
{
  g_return_val_if_fail (EQS_IS_DATA_TEST (self), NULL);
  return self->error;
}

EqsDataTest *
eqs_data_test_new (void)
{
  return g_object_new (EQS_TYPE_DATA_TEST, NULL);
}

static void
eqs_data_test_dispose (GObject *object)
{
  forget (EQS_DATA_TEST (object));
  G_OBJECT_CLASS (eqs_data_test_parent_class)->dispose (object);
}

static void
eqs_data_test_class_init (EqsDataTestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_data_test_dispose;
  signals[CHANGED] = g_signal_new ("changed", EQS_TYPE_DATA_TEST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
eqs_data_test_init (EqsDataTest *self)
{
}

/* What was measured is kept with the session, for the check that it is of: the sheet is made anew with each check. */

#include "widgets/inspector/times.h"

#include "services/estimate.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>

/* Owned by the session. */
typedef struct
{
  EqsCheck *check;          /* owned: of the design that was measured */
  EqsTimes  times;
  char     *error;          /* owned (nullable) */
  gboolean  is_measuring;
} Kept;

typedef struct
{
  EqsDocument *document;    /* owned: a copy */
  EqsDataset  *dataset;     /* owned */
  GtkWidget   *list;        /* owned: where it is shown, if that is still so */
  EqsTimes     times;
} Job;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  eqs_check_unref (kept->check);
  g_free (kept->error);
  g_free (kept);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->document);
  g_object_unref (job->dataset);
  g_object_unref (job->list);
  g_free (job);
}

static void fill (GtkWidget *list, EqsSession *session);

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job    *job = data;
  GError *error = NULL;

  if (eqs_times_measure (job->document, job->dataset, 0, NULL, &job->times, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsSession *session = EQS_SESSION (source);
  Job        *job = g_task_get_task_data (G_TASK (result));
  Kept       *kept = g_object_get_data (source, "times");
  GError     *error = NULL;

  if (kept == NULL)
    return;
  kept->is_measuring = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    kept->times = job->times;
  else
    {
      kept->error = g_strdup (error->message);
      g_error_free (error);
    }
  if (gtk_widget_get_root (job->list) != NULL)
    fill (job->list, session);
}

static void
measure_cb (GtkButton *button, EqsSession *session)
{
  GtkWidget *list = g_object_get_data (G_OBJECT (button), "list");
  g_autoptr (GTask) task = NULL;
  Kept *kept;
  Job  *job;

  if (eqs_session_is_training (session))
    {
      eqs_session_message (session, _("A training is using this computer: what is measured now would be wrong."));
      return;
    }
  kept = g_new0 (Kept, 1);
  kept->check = eqs_check_ref (eqs_session_get_check (session));
  kept->is_measuring = TRUE;
  g_object_set_data_full (G_OBJECT (session), "times", kept, kept_free);
  job = g_new0 (Job, 1);
  job->document = eqs_document_dup (eqs_session_get_document (session));
  job->dataset = g_object_ref (eqs_session_get_dataset (session));
  job->list = g_object_ref (list);
  task = g_task_new (session, NULL, measured_cb, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, worker);
  fill (list, session);
}

static void
fill (GtkWidget *list, EqsSession *session)
{
  const Kept      *kept = g_object_get_data (G_OBJECT (session), "times");
  g_autofree char *answer = NULL, *epoch = NULL, *about = NULL;
  GtkWidget       *button;

  eqs_box_clear (list);
  if (kept == NULL || kept->check != eqs_session_get_check (session))
    {
      button = gtk_button_new_with_label (_("Measure"));
      eqs_set_name (button, _("Measure for half a second"));
      g_object_set_data (G_OBJECT (button), "list", list);
      g_signal_connect_object (button, "clicked", G_CALLBACK (measure_cb), session, 0);
      eqs_row_append (list, _("An answer, an epoch"), button);
      return;
    }
  if (kept->is_measuring || kept->error != NULL)
    {
      gtk_widget_set_tooltip_text (eqs_row_append_text (list, _("An answer, an epoch"), kept->is_measuring ? _("being measured") : _("cannot be measured")), kept->error);
      return;
    }
  answer = eqs_seconds_dup_range (kept->times.answer_s);
  epoch = eqs_seconds_dup_range (kept->times.epoch_s);
  about = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Measured for half a second with %d thread; an epoch is %u batches with validation.",
                                        "Measured for half a second with %d threads; an epoch is %u batches with validation.", (gulong) kept->times.threads), kept->times.threads, kept->times.steps);
  gtk_widget_set_tooltip_text (eqs_row_append_text (list, _("An answer"), answer), about);
  gtk_widget_set_tooltip_text (eqs_row_append_text (list, _("An epoch"), epoch), about);
}

void
eqs_times_append (GtkWidget *box, EqsSession *session)
{
  g_return_if_fail (EQS_IS_SESSION (session));
  GtkWidget *list;

  if (eqs_session_get_dataset (session) == NULL || eqs_session_get_check (session) == NULL)
    return;
  list = eqs_boxed_list_new (_("Time on this computer"));
  fill (list, session);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Time on this computer")));
  gtk_box_append (GTK_BOX (box), list);
}

/* Widgets that are closed while a thread works for them: they go at once and on the main thread, and what the thread brings is dropped. */

#include "widgets/audit/audit-panel.h"
#include "widgets/data/data-browser.h"
#include "widgets/data/data-panel.h"
#include "widgets/data/data-survey.h"
#include "widgets/data/inspect-window.h"
#include "widgets/export/export-dialog.h"
#include "widgets/filters/filter-window.h"
#include "widgets/peek/peek-window.h"
#include "widgets/picker/group-picker.h"
#include "widgets/questions/questions.h"
#include "widgets/snapshots/snapshot-window.h"
#include "widgets/theme.h"
#include "widgets/training/run-list.h"
#include "widgets/training/training-panel.h"
#include "widgets/tryit/try-it.h"
#include "widgets/weak-task.h"
#include "wait-for.h"

#include "studio/session.h"

static GThread *main_thread;

/* ---- one task, held back ---- */

typedef struct
{
  GMutex   gate;               /* locked: the worker waits */
  gboolean gone, called, data_freed, task_data_freed, result_freed;
} Watch;

static void
note_gone (gpointer flag)
{
  g_assert_true (g_thread_self () == main_thread);
  *(gboolean *) flag = TRUE;
}

static void
note_result (gpointer flag)
{
  *(gboolean *) flag = TRUE;      /* by whoever lets go of the task last */
}

static void
gated_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Watch *watch = g_task_get_task_data (task) == NULL ? NULL : (Watch *) ((char *) data - G_STRUCT_OFFSET (Watch, task_data_freed));

  g_assert_null (source);
  g_mutex_lock (&watch->gate);
  g_mutex_unlock (&watch->gate);
  g_task_return_pointer (task, &watch->result_freed, note_result);
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Watch *watch = (Watch *) ((char *) data - G_STRUCT_OFFSET (Watch, data_freed));

  g_assert_true (GTK_IS_LABEL (source));
  g_assert_true (g_task_propagate_pointer (G_TASK (result), NULL) == &watch->result_freed);
  watch->called = TRUE;
}

static void
run_gated (Watch *watch, GtkWidget *label)
{
  g_autoptr (GTask) task = eqs_weak_task_new (label, NULL, called_cb, &watch->data_freed, note_gone);

  g_object_set_data_full (G_OBJECT (label), "watch", &watch->gone, note_gone);
  g_task_set_task_data (task, &watch->task_data_freed, note_gone);
  g_mutex_init (&watch->gate);
  g_mutex_lock (&watch->gate);
  g_task_run_in_thread (task, gated_worker);
}

static void
test_gone (void)
{
  Watch      watch = { 0 };
  GtkWidget *label = g_object_ref_sink (gtk_label_new ("x"));

  run_gated (&watch, label);
  g_object_unref (label);
  g_assert_true (watch.gone);      /* though the thread is at it */
  g_assert_false (watch.task_data_freed);
  g_mutex_unlock (&watch.gate);
  WAIT_FOR (watch.data_freed && watch.task_data_freed && watch.result_freed);
  g_assert_false (watch.called);
  g_mutex_clear (&watch.gate);
}

static void
test_stays (void)
{
  Watch      watch = { 0 };
  GtkWidget *label = g_object_ref_sink (gtk_label_new ("x"));

  run_gated (&watch, label);
  g_mutex_unlock (&watch.gate);
  WAIT_FOR (watch.data_freed && watch.task_data_freed);
  g_assert_true (watch.called);
  g_assert_false (watch.gone);
  g_object_unref (label);
  g_assert_true (watch.gone);
  g_mutex_clear (&watch.gate);
}

/* ---- the windows and panels that have such tasks ---- */

static GtkWidget *make_filters (EqsSession *session) { return eqs_filter_window_new (session, "conv2"); }
static GtkWidget *make_inspect (EqsSession *session) { return eqs_inspect_window_new (NULL, session, NULL); }
static GtkWidget *make_peek (EqsSession *session) { return eqs_peek_window_new (NULL, session); }
static GtkWidget *make_questions (EqsSession *session) { return eqs_questions_new (); }
static GtkWidget *make_export (EqsSession *session) { return eqs_export_dialog_new (NULL, session); }

static GtkWidget *
make_audit (EqsSession *session)
{
  GtkWidget *panel = eqs_audit_panel_new (session);

  eqs_audit_panel_start (EQS_AUDIT_PANEL (panel));
  return panel;
}

static GtkWidget *
make_snapshots (EqsSession *session)
{
  GtkWidget *window = eqs_snapshot_window_new (session);

  gtk_editable_set_text (GTK_EDITABLE (find_named (window, "Name of the snapshot")), "one");
  g_signal_emit_by_name (find_named (window, "Take a snapshot"), "clicked");
  return window;
}

static const struct { const char *name; GtkWidget *(*make) (EqsSession *session); } makers[] = {
  { "filters", make_filters }, { "peek", make_peek }, { "try it", eqs_try_it_new }, { "inspect", make_inspect }, { "questions", make_questions }, { "export", make_export },
  { "snapshots", make_snapshots }, { "audit", make_audit }, { "browser", eqs_data_browser_new }, { "data", eqs_data_panel_new },
  { "survey", eqs_data_survey_new }, { "runs", eqs_run_list_new }, { "training", eqs_training_panel_new }, { "picker", eqs_group_picker_new } };

/* Closed before the first turn of the main loop, and after some: the thread is at the beginning or in the middle of its work. */
static void
test_closing (void)
{
  eqs_theme_load ();
  for (guint i = 0; i < G_N_ELEMENTS (makers); i++)
    for (int turns = 0; turns < 30; turns += 29)
      {
        g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
        EqsSession *session = eqs_session_new (document, NULL);
        GtkWidget  *widget, *window;
        gboolean    gone = FALSE;

        g_test_message ("%s, %d", makers[i].name, turns);
        eqs_session_settle (session);
        widget = makers[i].make (session);
        window = GTK_IS_WINDOW (widget) ? widget : gtk_window_new ();
        if (window != widget)
          gtk_window_set_child (GTK_WINDOW (window), widget);
        g_object_set_data_full (G_OBJECT (widget), "watch", &gone, note_gone);
        gtk_window_present (GTK_WINDOW (window));
        for (int k = 0; k < turns; k++)
          g_main_context_iteration (NULL, FALSE);
        gtk_window_destroy (GTK_WINDOW (window));
        g_object_unref (session);
        WAIT_FOR (gone);
      }
  for (int k = 0; k < 200; k++)      /* results that come to nobody */
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
    }
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  main_thread = g_thread_self ();
  g_test_add_func ("/closing/gone", test_gone);
  g_test_add_func ("/closing/stays", test_stays);
  g_test_add_func ("/closing/widgets", test_closing);
  return g_test_run ();
}

/*
 * Everything is read from the run when it says "changed", at most four times a second; plots are filled anew only after an epoch.
 * The ordinary twin is a run like any other, marked as such, and drawn in grey dashes.
 */

#include "widgets/training/training-panel.h"

#include "services/twin.h"
#include "widgets/parts.h"
#include "widgets/training/more-seeds.h"
#include "widgets/training/run-list.h"
#include "widgets/training/train-form.h"
#include "widgets/training/training-curves.h"
#include "widgets/training/parity-page.h"
#include "widgets/training/test-page.h"
#include "widgets/training/ways-button.h"
#include "widgets/training/worst-samples.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _EqsTrainingPanel
{
  GtkWidget     parent_instance;

  EqsSession   *session;           /* owned */
  GPtrArray    *watched;           /* owned: runs whose changes redraw the curves */

  /* borrowed */
  GtkWidget    *box, *header, *pages, *curves_page, *ready, *start;
  GtkWidget    *epoch, *bar, *detail, *metric, *message;
  GtkWidget    *pause, *step, *stop, *again, *go_on, *compare, *ways, *seeds, *choice;
  GtkWidget    *curves, *worst, *parity;
  guint         drawn_points, drawn_epochs;      /* of the run when the plots were filled */
  gboolean      choosing, changed_since;         /* the design is another network than that of the run */
};

G_DEFINE_FINAL_TYPE (EqsTrainingPanel, eqs_training_panel, GTK_TYPE_WIDGET)

static gboolean
is_twin (EqsTraining *run)
{
  return eqs_training_get_twin_of (run) != NULL;
}

/* The twin that was trained beside a run; NULL. */
static EqsTraining *
twin_of (EqsTrainingPanel *self, EqsTraining *run)
{
  GListModel *runs = eqs_session_get_runs (self->session);

  for (guint i = g_list_model_get_n_items (runs); i-- > 0; )
    {
      g_autoptr (EqsTraining) other = g_list_model_get_item (runs, i);

      if (eqs_training_get_twin_of (other) == run)
        return other;
    }
  return NULL;
}

/* ---- texts ---- */

static char *
time_text (double seconds)
{
  if (seconds < 90)
    return g_strdup_printf (_("%.0f s"), seconds);
  return g_strdup_printf (_("%d min %d s"), (int) seconds / 60, (int) seconds % 60);
}

static char *
detail_text (EqsTraining *run, const EqsTrainingNow *now)
{
  g_autofree char *left = now->left >= 0 ? time_text (now->left) : NULL;

  switch (eqs_training_get_state (run))
    {
    case EQS_TRAINING_WAITING:
      return g_strdup (_("waits for the run before it"));
    case EQS_TRAINING_PAUSED:
      return g_strdup_printf (_("paused at batch %u of %u"), now->step, now->steps);
    case EQS_TRAINING_STOPPING:
      return g_strdup (_("stopping after this batch"));
    case EQS_TRAINING_TESTING:
      return g_strdup (_("trained; measuring the test part"));
    case EQS_TRAINING_DONE:
      return g_strdup_printf (_("trained; the best weights are those of epoch %u"), eqs_training_get_best_epoch (run));
    case EQS_TRAINING_STOPPED:
      if (eqs_training_get_checkpoint (run) == NULL)
        return g_strdup (_("stopped before its first epoch ended: there are no weights to use yet"));
      return g_strdup (_("stopped; what was reached is saved"));
    case EQS_TRAINING_FAILED:
      return g_strdup (_("failed"));
    case EQS_TRAINING_KEPT:
      return eqs_training_get_points (run)->len == 0 ? g_strdup (_("opened from its folder; nothing is written there yet")) :
             g_strdup_printf (_("opened from its folder and followed; the best weights are those of epoch %u"), eqs_training_get_best_epoch (run));
    case EQS_TRAINING_RUNNING:
      break;
    }
  if (now->steps == 0)
    return g_strdup (_("preparing"));
  if (left == NULL)
    return g_strdup_printf (_("batch %u of %u · %.0f samples/s"), now->step, now->steps, now->rate);
  return g_strdup_printf (_("batch %u of %u · %.0f samples/s · %s left"), now->step, now->steps, now->rate, left);
}

/* "Validation accuracy 94.8 %", and after training "Test accuracy 95.1 %". */
static char *
metric_text (EqsTraining *run)
{
  const char    *name = eqs_training_get_metric_name (run), *unit = eqs_training_get_metric_unit (run);
  const GArray  *points = eqs_training_get_points (run), *test = eqs_training_get_test (run);
  g_autofree char *value = NULL;

  if (name == NULL || points->len == 0)
    return g_strdup ("");
  for (guint i = 0; test != NULL && i < test->len; i++)
    if (strcmp (g_array_index (test, EqsMetric, i).name, name) == 0)
      {
        value = eqs_metric_dup_text (name, g_array_index (test, EqsMetric, i).value, unit);
        /* Translators: name of a metric, its value. */
        return g_strdup_printf (_("Test %s %s"), eqs_metric_title (name), value);
      }
  value = eqs_metric_dup_text (name, g_array_index (points, EqsTrainingPoint, points->len - 1).metric, unit);
  return g_strdup_printf (_("Validation %s %s"), eqs_metric_title (name), value);
}

/* ---- updating ---- */

static double
done_share (const EqsTrainingNow *now)
{
  if (now->epochs == 0 || now->steps == 0 || now->epoch == 0)
    return 0;
  return CLAMP (((double) now->epoch - 1 + (double) now->step / now->steps) / now->epochs, 0, 1);
}

/* What went wrong, that what is shown is of another network than the one on the canvas, what no training can bring, or what cannot be measured. */
static void
update_message (EqsTrainingPanel *self, EqsTraining *run)
{
  EqsDataset *dataset = eqs_training_get_dataset (run);
  const char *error = eqs_training_get_error (run), *text = error;

  if (text == NULL && self->changed_since)
    text = _("The design was changed since. These figures are of the network as it was; training again trains the one on the canvas.");
  if (text == NULL)
    text = eqs_training_get_limit (run);
  if (text == NULL && dataset != NULL && !eqs_dataset_has_split (dataset, "test"))
    text = _("These data have no test part: the figures are of the validation part, by which the best weights are chosen too. For an honest one keep samples that training never sees in a part called “test”.");

  gtk_label_set_label (GTK_LABEL (self->message), text != NULL ? text : "");
  gtk_widget_set_visible (self->message, text != NULL);
  gtk_widget_remove_css_class (self->message, error != NULL ? "eq-warn" : "eq-bad");
  gtk_widget_add_css_class (self->message, error != NULL ? "eq-bad" : "eq-warn");
}

static void
update_numbers (EqsTrainingPanel *self, EqsTraining *run)
{
  const EqsTrainingNow   now = eqs_training_get_now (run);
  const EqsTrainingState state = eqs_training_get_state (run);
  const gboolean         active = eqs_training_is_active (run);
  g_autofree char *epoch = now.epochs > 0 ? g_strdup_printf (_("Epoch %u of %u"), MAX (now.epoch, 1), now.epochs) : g_strdup (_("Preparing"));
  g_autofree char *detail = detail_text (run, &now), *metric = metric_text (run);

  gtk_label_set_label (GTK_LABEL (self->epoch), epoch);
  gtk_label_set_label (GTK_LABEL (self->detail), detail);
  gtk_label_set_label (GTK_LABEL (self->metric), metric);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), state == EQS_TRAINING_DONE ? 1 : done_share (&now));
  update_message (self, run);
  gtk_button_set_label (GTK_BUTTON (self->pause), state == EQS_TRAINING_PAUSED ? _("Resume") : _("Pause"));
  gtk_widget_set_visible (self->pause, state == EQS_TRAINING_RUNNING || state == EQS_TRAINING_PAUSED);
  gtk_widget_set_visible (self->step, state == EQS_TRAINING_PAUSED);
  gtk_widget_set_visible (self->stop, active && state != EQS_TRAINING_TESTING);
  gtk_widget_set_sensitive (self->stop, state != EQS_TRAINING_STOPPING);
  gtk_widget_set_visible (self->go_on, eqs_training_can_go_on (run));
  gtk_widget_set_visible (self->again, !active && state != EQS_TRAINING_KEPT);
  eqs_more_seeds_show (self->seeds, run);
  eqs_ways_button_update (self->ways);
  /* Twins are of networks on pictures. */
  gtk_widget_set_visible (self->compare, !is_twin (run) && twin_of (self, run) == NULL && eqs_training_get_points (run)->len > 0 && eqs_training_get_dataset (run) != NULL &&
                                         strcmp (eqs_dataset_get_domain (eqs_training_get_dataset (run)), "image") == 0);
}

static void
update (EqsTrainingPanel *self)
{
  EqsTraining *run = eqs_session_get_run (self->session);

  gtk_widget_set_visible (self->header, run != NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->curves_page), run == NULL ? "empty" : "run");
  if (run == NULL)
    return;
  self->changed_since = eqs_session_has_changed_since (self->session, run);
  update_numbers (self, run);
  eqs_training_curves_show (EQS_TRAINING_CURVES (self->curves), run, twin_of (self, run));
  eqs_test_page_show (EQS_TEST_PAGE (self->worst), run);
  eqs_test_page_show (EQS_TEST_PAGE (self->parity), run);
  self->drawn_points = eqs_training_get_points (run)->len;
  self->drawn_epochs = eqs_training_get_now (run).epochs;
}

static void
changed_cb (EqsTraining *run, EqsTrainingPanel *self)
{
  if (run != eqs_session_get_run (self->session) || eqs_training_get_points (run)->len != self->drawn_points || eqs_training_get_now (run).epochs != self->drawn_epochs || !eqs_training_is_active (run))
    update (self);
  else
    {
      update_numbers (self, run);
      eqs_training_curves_show_steps (EQS_TRAINING_CURVES (self->curves), run);
    }
}

static void
weights_changed_cb (EqsSession *session, EqsTrainingPanel *self)
{
  EqsTraining *run = eqs_session_get_run (session);

  if (run != NULL && eqs_session_has_changed_since (session, run) != self->changed_since)
    update (self);
}

static void
update_ready (EqsTrainingPanel *self)
{
  EqsDataset *dataset = eqs_session_get_dataset (self->session);
  const char *error = eqs_session_get_data_error (self->session);
  g_autofree char *text = NULL;

  if (dataset != NULL)
    /* Translators: the name of a data set. */
    text = g_strdup_printf (_("Not trained yet. “%s” is ready."), eqs_dataset_get_title (dataset));
  else
    text = g_strdup (error != NULL ? error : eqs_session_is_loading (self->session) ? _("Reading the data.") : _("No data yet. Choose some under “Data” in the left panel."));
  gtk_label_set_label (GTK_LABEL (self->ready), text);
  gtk_widget_set_visible (self->start, dataset != NULL);
}

static void
data_changed_cb (EqsSession *session, EqsTrainingPanel *self)
{
  update_ready (self);
}

static void
fill_choice (EqsTrainingPanel *self)
{
  GListModel *runs = eqs_session_get_runs (self->session);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint shown = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (runs, i);

      gtk_string_list_append (names, eqs_training_get_name (run));
      if (run == eqs_session_get_run (self->session))
        shown = i;
    }
  self->choosing = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->choice), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->choice), shown);
  self->choosing = FALSE;
  gtk_widget_set_visible (self->choice, g_list_model_get_n_items (runs) > 1);
}

static void
runs_changed_cb (EqsSession *session, EqsTrainingPanel *self)
{
  GListModel  *runs = eqs_session_get_runs (session);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (runs, i);

      if (g_ptr_array_find (self->watched, run, NULL))
        continue;
      g_ptr_array_add (self->watched, g_object_ref (run));
      g_signal_connect_object (run, "changed", G_CALLBACK (changed_cb), self, 0);
    }
  fill_choice (self);
  update (self);
}

/* ---- what can be done ---- */

static void
pause_cb (GtkButton *button, EqsTrainingPanel *self)
{
  EqsTraining *run = eqs_session_get_run (self->session);

  if (run != NULL && eqs_training_get_state (run) == EQS_TRAINING_PAUSED)
    eqs_training_resume (run);
  else if (run != NULL)
    eqs_training_pause (run);
}

static void
step_cb (GtkButton *button, EqsTrainingPanel *self)
{
  if (eqs_session_get_run (self->session) != NULL)
    eqs_training_step (eqs_session_get_run (self->session));
}

static void
go_on_cb (GtkButton *button, EqsTrainingPanel *self)
{
  if (eqs_session_get_run (self->session) != NULL)
    eqs_session_go_on (self->session, eqs_session_get_run (self->session));
}

static void
stop_cb (GtkButton *button, EqsTrainingPanel *self)
{
  if (eqs_session_get_run (self->session) != NULL)
    eqs_training_stop (eqs_session_get_run (self->session));
}

static void
chosen_cb (GtkDropDown *choice, GParamSpec *pspec, EqsTrainingPanel *self)
{
  g_autoptr (EqsTraining) run = NULL;

  if (self->choosing)
    return;
  run = g_list_model_get_item (eqs_session_get_runs (self->session), gtk_drop_down_get_selected (choice));
  if (run != NULL)
    eqs_session_show_run (self->session, run);
}

typedef struct { EqsDocument *document, *twin; EqsTwinReport report; EqsTraining *run; } TwinTask;

static void
twin_task_free (gpointer data)
{
  TwinTask *task = data;

  g_clear_object (&task->document);
  g_clear_object (&task->twin);
  g_clear_object (&task->run);
  g_free (task);
}

static void
twin_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  TwinTask *work = data;
  GError   *error = NULL;

  work->twin = eqs_twin_new (work->document, &work->report, &error);
  if (work->twin == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
twin_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsTrainingPanel *self = EQS_TRAINING_PANEL (source);
  TwinTask         *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsTraining) twin = NULL;
  g_autofree char        *folder = NULL, *name = NULL;

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  gtk_widget_set_sensitive (self->compare, TRUE);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      eqs_session_message (self->session, "%s", error->message);
      return;
    }
  folder = g_strconcat (eqs_training_get_folder (work->run), "-twin", NULL);
  /* Translators: the name of a run. */
  name = g_strdup_printf (_("Ordinary twin of %s"), eqs_training_get_name (work->run));
  twin = eqs_training_new (name, work->twin, eqs_training_get_dataset (work->run), eqs_training_get_options (work->run), folder);
  eqs_training_set_twin_of (twin, work->run);
  eqs_training_set_parameters (twin, work->report.parameters);
  eqs_session_add_run (self->session, twin);
  eqs_session_show_run (self->session, work->run);
  eqs_training_start (twin);
}

static void
compare_cb (GtkButton *button, EqsTrainingPanel *self)
{
  EqsTraining *run = eqs_session_get_run (self->session);
  g_autoptr (GTask) task = NULL;
  TwinTask *work;

  if (run == NULL)
    return;
  work = g_new0 (TwinTask, 1);
  work->document = eqs_document_dup (eqs_training_get_document (run));
  work->run = g_object_ref (run);
  gtk_widget_set_sensitive (self->compare, FALSE);
  task = eqs_weak_task_new (self, NULL, twin_done_cb, NULL, NULL);
  g_task_set_task_data (task, work, twin_task_free);
  g_task_run_in_thread (task, twin_worker);
}

/* ---- making it ---- */

static GtkWidget *
action_button (EqsTrainingPanel *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  if (callback != NULL)
    g_signal_connect (button, "clicked", callback, self);
  return button;
}

static GtkWidget *
make_header (EqsTrainingPanel *self)
{
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *middle = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->epoch = eqs_line_new ("", "eq-panel-title");
  self->bar = gtk_progress_bar_new ();
  self->detail = eqs_line_new ("", "eq-second");
  self->metric = eqs_line_new ("", "eq-panel-title");
  gtk_label_set_ellipsize (GTK_LABEL (self->epoch), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_ellipsize (GTK_LABEL (self->metric), PANGO_ELLIPSIZE_NONE);
  eqs_set_name (self->bar, _("Training progress"));
  gtk_widget_set_hexpand (middle, TRUE);
  gtk_widget_set_valign (middle, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (middle), self->bar);
  gtk_box_append (GTK_BOX (middle), self->detail);
  gtk_box_append (GTK_BOX (header), self->epoch);
  gtk_box_append (GTK_BOX (header), middle);
  gtk_box_append (GTK_BOX (header), self->metric);
  return header;
}

static void
smoothing_cb (GtkRange *range, EqsTrainingPanel *self)
{
  eqs_training_curves_set_smoothing (EQS_TRAINING_CURVES (self->curves), gtk_range_get_value (range));
  update (self);
}

static GtkWidget *
make_smoothing (EqsTrainingPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 0.95, 0.05);

  gtk_widget_set_size_request (scale, 90, -1);
  eqs_set_name (scale, _("Smoothing of the curves"));
  gtk_widget_set_tooltip_text (scale, _("Each point is a mean of the earlier ones; the measured values stay visible behind"));
  g_signal_connect (scale, "value-changed", G_CALLBACK (smoothing_cb), self);
  gtk_box_append (GTK_BOX (box), eqs_line_new (_("Smoothing"), "eq-second"));
  gtk_box_append (GTK_BOX (box), scale);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static GtkWidget *
make_run (EqsTrainingPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->curves = eqs_training_curves_new (self->session);
  self->compare = eqs_wrapping_button_new (_("Compare with an ordinary network"));
  g_signal_connect (self->compare, "clicked", G_CALLBACK (compare_cb), self);
  self->ways = eqs_ways_button_new (self->session);
  self->seeds = eqs_more_seeds_new (self->session);
  gtk_box_append (GTK_BOX (foot), make_smoothing (self));
  gtk_box_append (GTK_BOX (foot), self->seeds);
  gtk_box_append (GTK_BOX (foot), self->ways);
  gtk_box_append (GTK_BOX (foot), self->compare);
  gtk_box_append (GTK_BOX (box), self->curves);
  gtk_box_append (GTK_BOX (box), foot);
  return box;
}

static void
page_cb (GtkStack *pages, GParamSpec *pspec, EqsTrainingPanel *self)
{
  if (self->worst != NULL)
    eqs_test_page_set_active (EQS_TEST_PAGE (self->worst), strcmp (gtk_stack_get_visible_child_name (pages), "worst") == 0);
  if (self->parity != NULL)
    eqs_test_page_set_active (EQS_TEST_PAGE (self->parity), strcmp (gtk_stack_get_visible_child_name (pages), "parity") == 0);
}

/* Which page and which run are shown, and what can be done with the run. */
static GtkWidget *
make_bar (EqsTrainingPanel *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *switcher = gtk_stack_switcher_new ();

  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (self->pages));
  gtk_box_layout_set_homogeneous (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (switcher)), FALSE);
  gtk_widget_set_hexpand (switcher, TRUE);
  gtk_widget_set_halign (switcher, GTK_ALIGN_START);
  gtk_widget_add_css_class (bar, "eq-pages");
  self->choice = gtk_drop_down_new (NULL, NULL);
  eqs_drop_down_set_name (self->choice, _("Run that is shown"));
  g_signal_connect (self->choice, "notify::selected", G_CALLBACK (chosen_cb), self);
  self->pause = action_button (self, _("Pause"), G_CALLBACK (pause_cb));
  self->step = action_button (self, _("One batch"), G_CALLBACK (step_cb));
  self->stop = action_button (self, _("Stop this run"), G_CALLBACK (stop_cb));
  self->go_on = action_button (self, _("Go on"), G_CALLBACK (go_on_cb));
  gtk_widget_set_tooltip_text (self->go_on, _("From where it was stopped; in the end the weights are those of a run that was not"));
  self->again = action_button (self, _("Train again"), NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->again), "win.train");
  gtk_box_append (GTK_BOX (bar), switcher);
  gtk_box_append (GTK_BOX (bar), self->choice);
  gtk_box_append (GTK_BOX (bar), self->pause);
  gtk_box_append (GTK_BOX (bar), self->step);
  gtk_box_append (GTK_BOX (bar), self->stop);
  gtk_box_append (GTK_BOX (bar), self->go_on);
  gtk_box_append (GTK_BOX (bar), self->again);
  for (GtkWidget *child = gtk_widget_get_next_sibling (switcher); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      gtk_widget_set_valign (child, GTK_ALIGN_CENTER);
      gtk_widget_set_visible (child, FALSE);
    }
  return bar;
}

static GtkWidget *
make_empty (EqsTrainingPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->ready = eqs_text_new ("", NULL);
  gtk_label_set_justify (GTK_LABEL (self->ready), GTK_JUSTIFY_CENTER);
  self->start = gtk_button_new_with_label (_("Start training"));
  gtk_widget_add_css_class (self->start, "pill");
  gtk_widget_add_css_class (self->start, "suggested-action");
  gtk_widget_set_halign (self->start, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->start), "win.train");
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), self->ready);
  gtk_box_append (GTK_BOX (box), self->start);
  return box;
}

static void
eqs_training_panel_dispose (GObject *object)
{
  EqsTrainingPanel *self = EQS_TRAINING_PANEL (object);

  g_ptr_array_set_size (self->watched, 0);
  self->worst = self->parity = NULL;
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_training_panel_parent_class)->dispose (object);
}

static void
eqs_training_panel_finalize (GObject *object)
{
  g_ptr_array_unref (EQS_TRAINING_PANEL (object)->watched);

  G_OBJECT_CLASS (eqs_training_panel_parent_class)->finalize (object);
}

static void
eqs_training_panel_class_init (EqsTrainingPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_training_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_training_panel_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
eqs_training_panel_init (EqsTrainingPanel *self)
{
  self->watched = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_set_layout_manager (GTK_WIDGET (self), gtk_bin_layout_new ());
  eqs_set_name (GTK_WIDGET (self), _("Training"));
}

static void
add_page (EqsTrainingPanel *self, GtkWidget *page, const char *name, const char *title)
{
  gtk_stack_add_titled (GTK_STACK (self->pages), page, name, title);
}

/* Pages need the session. */
static void
make_pages (EqsTrainingPanel *self)
{
  GtkWidget *inside = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);

  self->header = make_header (self);
  self->message = eqs_text_new ("", "eq-bad");
  gtk_widget_set_visible (self->message, FALSE);
  self->pages = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->pages), FALSE);
  gtk_stack_set_hhomogeneous (GTK_STACK (self->pages), FALSE);
  self->curves_page = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->curves_page), FALSE);
  gtk_stack_set_hhomogeneous (GTK_STACK (self->curves_page), FALSE);
  gtk_stack_add_named (GTK_STACK (self->curves_page), make_empty (self), "empty");
  gtk_stack_add_named (GTK_STACK (self->curves_page), make_run (self), "run");
  add_page (self, self->curves_page, "curves", _("Curves"));
  self->worst = eqs_worst_samples_new ();
  add_page (self, self->worst, "worst", _("Worst samples"));
  self->parity = eqs_parity_page_new ();
  add_page (self, self->parity, "parity", _("Answers"));
  add_page (self, eqs_train_form_new (self->session), "plan", _("Plan"));
  add_page (self, eqs_run_list_new (self->session), "runs", _("Runs"));
  gtk_widget_set_vexpand (self->pages, TRUE);
  gtk_box_append (GTK_BOX (inside), make_bar (self));
  gtk_box_append (GTK_BOX (inside), self->header);
  gtk_box_append (GTK_BOX (inside), self->message);
  gtk_box_append (GTK_BOX (inside), self->pages);
  g_signal_connect_object (self->pages, "notify::visible-child", G_CALLBACK (page_cb), self, 0);
  gtk_widget_add_css_class (inside, "eq-training");
  self->box = gtk_scrolled_window_new ();
  eqs_set_name (self->box, _("Training"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->box), inside);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
eqs_training_panel_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsTrainingPanel *self = g_object_new (EQS_TYPE_TRAINING_PANEL, NULL);

  self->session = g_object_ref (session);
  make_pages (self);
  g_signal_connect_object (session, "runs-changed", G_CALLBACK (runs_changed_cb), self, 0);
  g_signal_connect_object (session, "data-changed", G_CALLBACK (data_changed_cb), self, 0);
  g_signal_connect_object (session, "weights-changed", G_CALLBACK (weights_changed_cb), self, 0);
  update_ready (self);
  runs_changed_cb (session, self);
  return GTK_WIDGET (self);
}

/* Folders are read by workers. A run that is open in this window is not listed among the kept ones. */

#include "widgets/training/run-list.h"

#include "studio/seeds.h"
#include "widgets/chooser.h"
#include "widgets/parts.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_KEPT 40

struct _EqsRunList
{
  GtkWidget   parent_instance;

  EqsSession *session;                          /* owned */
  GPtrArray  *folders;                          /* owned (nullable): of kept runs */
  GHashTable *opening;                          /* owned: folders that are being read */
  gboolean    listing;

  GtkWidget  *box, *here, *kept, *kept_title, *none;   /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsRunList, eqs_run_list, GTK_TYPE_WIDGET)

/* ---- opening ---- */

static void
open_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError     *error = NULL;
  EqsKeptRun *kept = eqs_kept_run_read (data, &error);

  if (kept == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, kept, (GDestroyNotify) eqs_kept_run_free);
}

static gboolean
is_open (EqsRunList *self, const char *folder)
{
  GListModel *runs = eqs_session_get_runs (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (runs, i);

      if (strcmp (eqs_training_get_folder (run), folder) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Runs of other seeds come along: the band over them is the result, one of them alone is luck. */
static void
open_family (EqsRunList *self, const char *folder)
{
  g_autoptr (GPtrArray) folders = eqs_seeds_list_folders (folder);

  for (guint i = 0; i < folders->len; i++)
    if (!is_open (self, folders->pdata[i]) && !g_hash_table_contains (self->opening, folders->pdata[i]))
      eqs_run_list_open (self, folders->pdata[i]);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsRunList            *self = EQS_RUN_LIST (source);
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsKeptRun) kept = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (EqsTraining) run = NULL;

  if (self->box == NULL)
    return;
  g_hash_table_remove (self->opening, g_task_get_task_data (G_TASK (result)));
  if (kept == NULL)
    {
      eqs_session_message (self->session, "%s", error->message);
      return;
    }
  run = eqs_training_new_kept (kept);
  eqs_seeds_join (self->session, run);
  eqs_session_add_run (self->session, run);
  open_family (self, kept->folder);
  if (kept->dataset == NULL)
    eqs_session_message (self->session, "%s", _("The data of this run are not on this computer; its curves are shown all the same."));
}

/* One that is open already is shown. */
void
eqs_run_list_open (EqsRunList *self, const char *folder)
{
  g_return_if_fail (EQS_IS_RUN_LIST (self));

  GListModel *runs = eqs_session_get_runs (self->session);
  g_autoptr (GTask) task = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (runs, i);

      if (strcmp (eqs_training_get_folder (run), folder) == 0)
        {
          eqs_session_show_run (self->session, run);
          return;
        }
    }
  g_hash_table_add (self->opening, g_strdup (folder));
  task = eqs_weak_task_new (self, NULL, opened_cb, NULL, NULL);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  g_task_run_in_thread (task, open_worker);
}

static void
open_kept_cb (GtkButton *button, EqsRunList *self)
{
  eqs_run_list_open (self, g_object_get_data (G_OBJECT (button), "folder"));
}

static void
folder_response_cb (GtkNativeDialog *dialog, int response, EqsRunList *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  gtk_native_dialog_destroy (dialog);
  if (file != NULL && g_file_peek_path (file) != NULL)
    eqs_run_list_open (self, g_file_peek_path (file));
  g_object_unref (dialog);
}

static void
folder_cb (GtkButton *button, EqsRunList *self)
{
  GtkFileChooserNative *chooser = eqs_chooser_new (_("A run folder"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                   _("Open"));

  g_signal_connect_object (chooser, "response", G_CALLBACK (folder_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- runs of this window ---- */

static void
show_cb (GtkButton *button, EqsRunList *self)
{
  eqs_session_show_run (self->session, g_object_get_data (G_OBJECT (button), "run"));
}

static void
compare_cb (GtkCheckButton *check, EqsRunList *self)
{
  eqs_training_set_compared (g_object_get_data (G_OBJECT (check), "run"), gtk_check_button_get_active (check));
  if (eqs_session_get_run (self->session) != NULL)
    g_signal_emit_by_name (eqs_session_get_run (self->session), "changed");
}

static void
name_cb (GtkEditableLabel *label, GParamSpec *pspec, EqsRunList *self)
{
  EqsTraining *run = g_object_get_data (G_OBJECT (label), "run");
  const char  *name = gtk_editable_get_text (GTK_EDITABLE (label));

  if (gtk_editable_label_get_editing (label) || strcmp (name, eqs_training_get_name (run)) == 0)
    return;
  if (name[0] == '\0')
    gtk_editable_set_text (GTK_EDITABLE (label), eqs_training_get_name (run));
  else
    {
      eqs_training_set_name (run, name);
      g_signal_emit_by_name (self->session, "runs-changed");
    }
}

static char *
dup_summary (EqsTraining *run)
{
  const GArray *points = eqs_training_get_points (run);
  const char   *metric = eqs_training_get_metric_name (run);
  g_autofree char *value = NULL;

  if (points->len == 0 || metric == NULL)
    return g_strdup (_("no epoch done yet"));
  value = eqs_metric_dup_text (metric, g_array_index (points, EqsTrainingPoint, points->len - 1).metric, eqs_training_get_metric_unit (run));
  /* Translators: number of epochs, name of a metric, its value. */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u epoch, validation %s %s", "%u epochs, validation %s %s", points->len), points->len, eqs_metric_title (metric), value);
}

static void
add_run (EqsRunList *self, EqsTraining *run)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_editable_label_new (eqs_training_get_name (run)), *check = gtk_check_button_new_with_label (_("Compare")), *show = gtk_button_new_with_label (_("Show"));
  const gboolean shown = run == eqs_session_get_run (self->session);
  g_autofree char *summary = dup_summary (run), *label = g_strdup_printf (_("Name of %s"), eqs_training_get_name (run));
  g_autofree char *compare = g_strdup_printf (_("Compare %s"), eqs_training_get_name (run)), *showing = g_strdup_printf (_("Show %s"), eqs_training_get_name (run));

  eqs_set_name (name, label);
  eqs_set_name (check, compare);
  eqs_set_name (show, showing);
  gtk_widget_set_tooltip_text (name, _("Click to give it a name"));
  g_object_set_data (G_OBJECT (name), "run", run);
  g_object_set_data (G_OBJECT (check), "run", run);
  g_object_set_data (G_OBJECT (show), "run", run);
  g_signal_connect (name, "notify::editing", G_CALLBACK (name_cb), self);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), eqs_training_is_compared (run));
  gtk_widget_set_sensitive (check, !shown);
  gtk_widget_set_tooltip_text (check, _("Draw its curves beside those of the run that is shown; at most five"));
  g_signal_connect (check, "toggled", G_CALLBACK (compare_cb), self);
  gtk_widget_set_sensitive (show, !shown);
  gtk_widget_set_valign (show, GTK_ALIGN_CENTER);
  g_signal_connect (show, "clicked", G_CALLBACK (show_cb), self);
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), eqs_line_new (summary, "eq-caption"));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), texts);
  if (shown)
    gtk_box_append (GTK_BOX (box), eqs_pill_new (_("shown"), "eq-chip"));
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), show);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_set_tooltip_text (row, eqs_training_get_folder (run));
  eqs_set_name (row, eqs_training_get_name (run));
  gtk_list_box_append (GTK_LIST_BOX (self->here), row);
}

/* ---- kept runs ---- */

static void
add_kept (EqsRunList *self, const char *folder)
{
  g_autofree char *own = g_path_get_basename (folder), *above = g_path_get_dirname (folder), *window = g_path_get_basename (above);
  g_autofree char *named = g_build_filename (folder, "name.txt", NULL), *name = NULL, *title = NULL, *label = NULL;
  GtkWidget       *button = gtk_button_new_with_label (_("Open"));

  if (g_file_get_contents (named, &name, NULL, NULL))
    title = g_strdup_printf ("%s · %s", g_strstrip (name), window);
  else
    title = g_strdup_printf ("%s · %s", own, window);
  label = g_strdup_printf (_("Open %s"), title);
  eqs_set_name (button, label);
  g_object_set_data_full (G_OBJECT (button), "folder", g_strdup (folder), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (open_kept_cb), self);
  gtk_widget_set_tooltip_text (eqs_row_append (self->kept, title, button), folder);
}

static void
fill (EqsRunList *self)
{
  GListModel *runs = eqs_session_get_runs (self->session);
  guint       n = 0;

  eqs_box_clear (self->here);
  eqs_box_clear (self->kept);
  for (guint i = g_list_model_get_n_items (runs); i-- > 0; )
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (runs, i);

      add_run (self, run);
    }
  for (guint i = 0; self->folders != NULL && i < self->folders->len; i++)
    if (!is_open (self, self->folders->pdata[i]))
      {
        add_kept (self, self->folders->pdata[i]);
        n++;
      }
  gtk_widget_set_visible (self->none, g_list_model_get_n_items (runs) == 0);
  gtk_widget_set_visible (self->here, g_list_model_get_n_items (runs) > 0);
  gtk_widget_set_visible (self->kept, n > 0);
  gtk_widget_set_visible (self->kept_title, n > 0);
}

static void
list_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, eqs_kept_run_list (MOST_KEPT), (GDestroyNotify) g_ptr_array_unref);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsRunList *self = EQS_RUN_LIST (source);
  GPtrArray  *folders = g_task_propagate_pointer (G_TASK (result), NULL);

  self->listing = FALSE;
  if (self->box == NULL)
    {
      g_ptr_array_unref (folders);
      return;
    }
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  self->folders = folders;
  fill (self);
}

static void
runs_changed_cb (EqsSession *session, EqsRunList *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    fill (self);
}

static void
eqs_run_list_map (GtkWidget *widget)
{
  EqsRunList *self = EQS_RUN_LIST (widget);
  g_autoptr (GTask) task = NULL;

  GTK_WIDGET_CLASS (eqs_run_list_parent_class)->map (widget);
  fill (self);
  if (self->listing)
    return;
  self->listing = TRUE;
  task = eqs_weak_task_new (self, NULL, listed_cb, NULL, NULL);
  g_task_run_in_thread (task, list_worker);
}

/* ---- making it ---- */

static void
eqs_run_list_dispose (GObject *object)
{
  EqsRunList *self = EQS_RUN_LIST (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->opening, g_hash_table_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_run_list_parent_class)->dispose (object);
}

static void
eqs_run_list_class_init (EqsRunListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_run_list_dispose;
  GTK_WIDGET_CLASS (klass)->map = eqs_run_list_map;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
eqs_run_list_init (EqsRunList *self)
{
  GtkWidget *button = gtk_button_new_with_label (_("Open a run folder")), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *text;

  self->opening = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_signal_connect (button, "clicked", G_CALLBACK (folder_cb), self);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  text = eqs_text_new (_("Every run is kept in a folder. One that “equi train” is filling now is followed while it grows."), "eq-second");
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (line), text);
  gtk_box_append (GTK_BOX (line), button);
  self->none = eqs_text_new (_("No run in this window yet."), NULL);
  self->here = eqs_boxed_list_new (_("Runs of this window"));
  self->kept_title = eqs_heading_new (_("Kept from earlier"));
  self->kept = eqs_boxed_list_new (_("Kept runs"));
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->none);
  gtk_box_append (GTK_BOX (self->box), self->here);
  gtk_box_append (GTK_BOX (self->box), self->kept_title);
  gtk_box_append (GTK_BOX (self->box), self->kept);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  eqs_set_name (GTK_WIDGET (self), _("Runs"));
}

GtkWidget *
eqs_run_list_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsRunList *self = g_object_new (EQS_TYPE_RUN_LIST, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "runs-changed", G_CALLBACK (runs_changed_cb), self, 0);
  return GTK_WIDGET (self);
}

/*
 * The session. Two things run beside the window: the check of the design, made anew from a copy after each edit (one at a
 * time; an edit meanwhile makes another follow), and the reading of data. Their results are taken over in the main thread
 * only, and only when nothing newer is on its way.
 */

#include "studio/session-private.h"

#include "studio/findings.h"

#include "model/file.h"
#include "services/bind.h"
#include "services/template.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (EqsSession, eqs_session, G_TYPE_OBJECT)

guint eqs_session_signals[EQS_SESSION_N_SIGNALS];

static void
eqs_session_dispose (GObject *object)
{
  EqsSession *self = EQS_SESSION (object);

  g_clear_handle_id (&self->check_idle, g_source_remove);
  for (guint i = 0; self->runs != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      eqs_training_join (run);
    }
  g_clear_object (&self->run);
  g_clear_object (&self->runs);
  g_clear_object (&self->data_test);
  g_clear_object (&self->dataset);
  g_clear_object (&self->history);
  g_clear_object (&self->document);
  g_clear_pointer (&self->check, eqs_check_unref);
  g_clear_pointer (&self->audit, eqs_map_unref);

  G_OBJECT_CLASS (eqs_session_parent_class)->dispose (object);
}

static void
eqs_session_finalize (GObject *object)
{
  EqsSession *self = EQS_SESSION (object);

  g_free (self->path);
  g_free (self->hash);
  g_free (self->network_hash);
  g_free (self->scope);
  g_ptr_array_unref (self->selection);
  g_free (self->probe_node);
  g_free (self->probe_port);
  g_free (self->data_key);
  g_clear_pointer (&self->data_look, eqs_data_look_free);
  g_free (self->data_error);
  g_free (self->runs_folder);
  g_free (self->audit_hash);
  g_free (self->pose_key);
  g_free (self->pose_network);

  G_OBJECT_CLASS (eqs_session_parent_class)->finalize (object);
}

static guint
new_signal (const char *name)
{
  return g_signal_new (name, EQS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static guint
new_text_signal (const char *name)
{
  return g_signal_new (name, EQS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
eqs_session_class_init (EqsSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_session_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_session_finalize;

  eqs_session_signals[EQS_SESSION_CHECKED] = new_signal ("checked");
  eqs_session_signals[EQS_SESSION_SELECTION_CHANGED] = new_signal ("selection-changed");
  eqs_session_signals[EQS_SESSION_SCOPE_CHANGED] = new_signal ("scope-changed");
  eqs_session_signals[EQS_SESSION_REVEAL] = new_text_signal ("reveal");
  eqs_session_signals[EQS_SESSION_LOOK_AT] = new_text_signal ("look-at");
  eqs_session_signals[EQS_SESSION_PROBE_CHANGED] = new_signal ("probe-changed");
  eqs_session_signals[EQS_SESSION_ELEMENT_CHANGED] = new_signal ("element-changed");
  eqs_session_signals[EQS_SESSION_DATA_CHANGED] = new_signal ("data-changed");
  eqs_session_signals[EQS_SESSION_RUNS_CHANGED] = new_signal ("runs-changed");
  eqs_session_signals[EQS_SESSION_WEIGHTS_CHANGED] = new_signal ("weights-changed");
  eqs_session_signals[EQS_SESSION_AUDITED] = new_signal ("audited");
  eqs_session_signals[EQS_SESSION_FILE_CHANGED] = new_signal ("file-changed");
  eqs_session_signals[EQS_SESSION_MESSAGE] = new_text_signal ("message");
}

static void
eqs_session_init (EqsSession *self)
{
  self->scope = g_strdup ("");
  self->selection = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->selection, NULL);
  self->runs = g_list_store_new (EQS_TYPE_TRAINING);
  self->data_test = eqs_data_test_new ();
  g_signal_connect_object (self->data_test, "changed", G_CALLBACK (eqs_session_data_test_changed_cb), self, 0);
  self->serial = 1;
}

/* ---- the check ---- */

typedef struct
{
  EqsDocument *document;     /* owned */
  guint        serial;
} CheckTask;

static void
check_task_free (CheckTask *task)
{
  g_object_unref (task->document);
  g_free (task);
}

static void
check_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CheckTask *work = data;
  GError    *error = NULL;
  EqsCheck  *check = eqs_check_new (work->document, &error);

  if (check == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, check, (GDestroyNotify) eqs_check_unref);
}

static void start_check (EqsSession *self);

static void
check_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsSession *self = EQS_SESSION (source);
  CheckTask  *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  EqsCheck   *check = g_task_propagate_pointer (G_TASK (result), &error);

  self->checking = FALSE;
  if (self->document == NULL)     /* the window has gone */
    {
      g_clear_pointer (&check, eqs_check_unref);
      return;
    }
  if (check == NULL)
    eqs_session_message (self, "%s", error->message);
  else
    {
      g_clear_pointer (&self->check, eqs_check_unref);
      self->check = check;
      if (work->serial == self->serial)   /* what was measured is compared with the design as it is */
        eqs_findings_add (check, self);
    }
  self->checked_serial = work->serial;
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_CHECKED], 0);
  if (self->checked_serial != self->serial)
    start_check (self);
  eqs_session_look_at_poses (self);
}

static void
start_check (EqsSession *self)
{
  g_autoptr (GTask) task = NULL;
  CheckTask *work;

  if (self->checking || self->checked_serial == self->serial)
    return;
  self->checking = TRUE;
  work = g_new0 (CheckTask, 1);
  work->document = eqs_document_dup (self->document);
  work->serial = self->serial;
  task = g_task_new (self, NULL, check_done_cb, NULL);
  g_task_set_priority (task, G_PRIORITY_DEFAULT);
  g_task_set_task_data (task, work, (GDestroyNotify) check_task_free);
  g_task_run_in_thread (task, check_worker);
}

void
eqs_session_check_again (EqsSession *self)
{
  if (self->document == NULL)     /* the window has gone */
    return;
  self->checked_serial = self->serial - 1;
  start_check (self);
}

static gboolean
check_idle_cb (gpointer data)
{
  EqsSession *self = data;

  self->check_idle = 0;
  start_check (self);
  return G_SOURCE_REMOVE;
}

/* ---- changes of the document ---- */

/* Selected nodes that are gone, or not in the scope any more, leave the selection. */
static void
prune_selection (EqsSession *self)
{
  gboolean changed = FALSE;

  for (guint i = 0; i + 1 < self->selection->len; )
    {
      if (eqs_document_find_node (self->document, g_ptr_array_index (self->selection, i)) != NULL)
        i++;
      else
        {
          g_ptr_array_remove_index (self->selection, i);
          changed = TRUE;
        }
    }
  if (changed)
    g_signal_emit (self, eqs_session_signals[EQS_SESSION_SELECTION_CHANGED], 0);
}

static void
document_changed_cb (EqsDocument *document, guint what, const char *const *paths, EqsSession *self)
{
  if (what & EQS_CHANGED_NODES)
    {
      if (eqs_document_get_graph (self->document, self->scope) == NULL)
        eqs_session_set_scope (self, "");
      prune_selection (self);
    }
  if (what & (EQS_CHANGED_MEANING | EQS_CHANGED_TRAINING))
    {
      g_clear_pointer (&self->hash, g_free);
      g_clear_pointer (&self->network_hash, g_free);
      self->serial++;
      if (self->check_idle == 0)
        self->check_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, check_idle_cb, self, NULL);
      if (what & EQS_CHANGED_MEANING)
        g_signal_emit (self, eqs_session_signals[EQS_SESSION_WEIGHTS_CHANGED], 0);
    }
  if (what & EQS_CHANGED_DATA)
    eqs_session_read_data (self);
}

static void
history_changed_cb (EqsHistory *history, EqsSession *self)
{
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_FILE_CHANGED], 0);
}

EqsSession *
eqs_session_new (EqsDocument *document, const char *path)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  EqsSession *self = g_object_new (EQS_TYPE_SESSION, NULL);

  self->document = g_object_ref (document);
  self->history = eqs_history_new (document);
  self->path = g_strdup (path);
  g_signal_connect_object (document, "changed", G_CALLBACK (document_changed_cb), self, 0);
  g_signal_connect_object (self->history, "changed", G_CALLBACK (history_changed_cb), self, 0);
  g_signal_connect (self, "weights-changed", G_CALLBACK (eqs_session_look_at_poses), NULL);
  g_signal_connect (self, "data-changed", G_CALLBACK (eqs_session_look_at_poses), NULL);
  self->check_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, check_idle_cb, self, NULL);
  eqs_session_read_data (self);
  return self;
}

EqsDocument *
eqs_document_new_from_template (const char *name, GPtrArray **changes, GError **error)
{
  g_autoptr (EqsDocument) document = eqs_template_new (name, error);
  g_autoptr (EqsDataset)  dataset = NULL;
  g_autoptr (GPtrArray)   list = NULL;
  const char *data = document == NULL ? NULL : eqs_template_get_text (document, "data");

  if (document == NULL)
    return NULL;
  if (data != NULL)
    {
      dataset = eqs_dataset_open (data, error);
      if (dataset == NULL || !eqs_bind (document, dataset, NULL, &list, error))
        return NULL;
    }
  if (changes != NULL)
    *changes = list != NULL ? g_steal_pointer (&list) : g_ptr_array_new_with_free_func (g_free);
  return g_steal_pointer (&document);
}

EqsDocument *
eqs_session_get_document (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->document;
}

EqsHistory *
eqs_session_get_history (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->history;
}

const char *
eqs_session_get_path (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->path;
}

char *
eqs_session_dup_title (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);

  const char *name = eqs_document_get_name (self->document);

  if (name[0] != '\0')
    return g_strdup (name);
  return self->path == NULL ? g_strdup (_("Untitled")) : g_path_get_basename (self->path);
}

gboolean
eqs_session_save (EqsSession *self, const char *path, GError **error)
{
  g_autofree char *to = g_strdup (path == NULL ? self->path : path);

  g_return_val_if_fail (to != NULL, FALSE);
  if (!eqs_file_save (self->document, to, error))
    return FALSE;
  g_free (self->path);
  self->path = g_steal_pointer (&to);
  eqs_history_mark_saved (self->history);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_FILE_CHANGED], 0);
  return TRUE;
}

gboolean
eqs_session_do (EqsSession *self, EqsCommand *command)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  g_autoptr (GError) error = NULL;

  if (eqs_history_do (self->history, command, &error))
    return TRUE;
  eqs_session_message (self, "%s", error->message);
  return FALSE;
}

gboolean
eqs_session_apply_fix (EqsSession *self, const EqsFix *fix)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  GPtrArray *edits = eqs_edits_new ();

  for (guint i = 0; i < fix->edits->len; i++)
    g_ptr_array_add (edits, eqs_edit_copy (g_ptr_array_index (fix->edits, i)));
  eqs_history_seal (self->history);
  return eqs_session_do (self, eqs_command_new_edits (fix->label, edits));
}

void
eqs_session_message (EqsSession *self, const char *format, ...)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_MESSAGE], 0, text);
}

void
eqs_session_tell_changes (EqsSession *self, const GPtrArray *changes)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  g_autoptr (GString) text = g_string_new (NULL);

  if (changes->len > 1)
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u change fits the design to its data.", "%u changes fit the design to its data.", changes->len), changes->len);
  for (guint i = 0; i < changes->len; i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", (const char *) g_ptr_array_index (changes, i));
  if (changes->len > 0)
    eqs_session_message (self, "%s", text->str);
}

/* ---- what has been found out ---- */

EqsCheck *
eqs_session_get_check (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->check;
}

gboolean
eqs_session_is_checked (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return self->check != NULL && self->checked_serial == self->serial;
}

void
eqs_session_settle (EqsSession *self)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  while (!eqs_session_is_checked (self) || self->loading)
    g_main_context_iteration (NULL, TRUE);
}

const EqsNodeCost *
eqs_session_get_cost (EqsSession *self, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->check == NULL ? NULL : eqs_check_get_cost (self->check, path);
}

const EqkPortType *
eqs_session_get_type_at (EqsSession *self, const char *path, const char *port)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->check == NULL ? NULL : eqs_check_output_type (self->check, self->document, path, port);
}

const EqsProblem *
eqs_session_get_problem (EqsSession *self, const char *path, const char *port)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);

  const EqsProblem *worst = NULL;

  for (guint i = 0; self->check != NULL && i < self->check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (self->check->problems, i);

      if (g_strcmp0 (problem->node, path) == 0 && (port == NULL || g_strcmp0 (problem->port, port) == 0) &&
          (worst == NULL || problem->severity > worst->severity))
        worst = problem;
    }
  return worst;
}

guint
eqs_session_count_problems (EqsSession *self, EqkSeverity severity)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), 0);

  guint n = 0;

  for (guint i = 0; self->check != NULL && i < self->check->problems->len; i++)
    n += ((const EqsProblem *) g_ptr_array_index (self->check->problems, i))->severity == severity;
  return n;
}

gboolean
eqs_session_get_symmetry (EqsSession *self, EqkSymmetry *symmetry)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return eqs_compile_symmetry (self->document, symmetry, NULL);
}

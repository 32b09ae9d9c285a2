/*
 * The session. Two things run beside the window: the check of the design, made anew from a copy after each edit (one at a
 * time; an edit meanwhile makes another follow), and the reading of data. Their results are taken over in the main thread
 * only, and only when nothing newer is on its way.
 */

#include "studio/session.h"

#include "studio/findings.h"

#include "model/file.h"
#include "services/bind-notes.h"
#include "services/bind.h"
#include "services/bound-data.h"
#include "services/template.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _EqsSession
{
  GObject      parent_instance;

  EqsDocument *document;        /* owned */
  EqsHistory  *history;         /* owned */
  char        *path;            /* owned (nullable) */

  EqsCheck    *check;           /* owned (nullable) */
  guint        serial;          /* of the document: counts changes of meaning */
  guint        checked_serial;  /* of check */
  gboolean     checking;
  guint        check_idle;
  char        *hash;            /* owned (nullable): of the document as it is */
  char        *network_hash;    /* owned (nullable): of what decides which weights there are */

  char        *scope;           /* owned: never NULL */
  GPtrArray   *selection;       /* owned: of char *, ends with NULL */
  char        *probe_node, *probe_port;   /* owned (nullable) */
  double       angle_rad;
  gboolean     mirror;

  EqsDataset  *dataset;         /* owned (nullable) */
  EqsDataTest *data_test;       /* owned */
  char        *data_key;        /* owned (nullable): what dataset or the error is of, or what is being read, and how */
  GPtrArray   *data_problems;   /* owned (nullable), of EqsProblem: of dataset */
  char        *data_error;      /* owned (nullable) */
  gboolean     loading;

  GListStore  *runs;            /* owned */
  EqsTraining *run;             /* owned (nullable) */
  guint        run_count;
  guint        epochs_told;     /* of run: after which of them "weights-changed" was told */
  char        *runs_folder;     /* owned (nullable) */

  EqsMap      *audit;           /* owned (nullable) */
  char        *audit_hash;      /* owned (nullable) */
};

G_DEFINE_FINAL_TYPE (EqsSession, eqs_session, G_TYPE_OBJECT)

enum
{
  CHECKED, SELECTION_CHANGED, SCOPE_CHANGED, REVEAL, LOOK_AT, PROBE_CHANGED, ELEMENT_CHANGED, DATA_CHANGED, RUNS_CHANGED, WEIGHTS_CHANGED, AUDITED,
  FILE_CHANGED, MESSAGE, N_SIGNALS
};

static guint signals[N_SIGNALS];

static void look_at_data (EqsSession *self);
static void data_test_changed_cb (EqsDataTest *test, EqsSession *self);

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
  g_clear_pointer (&self->data_problems, g_ptr_array_unref);
  g_free (self->data_error);
  g_free (self->runs_folder);
  g_free (self->audit_hash);

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

  signals[CHECKED] = new_signal ("checked");
  signals[SELECTION_CHANGED] = new_signal ("selection-changed");
  signals[SCOPE_CHANGED] = new_signal ("scope-changed");
  signals[REVEAL] = new_text_signal ("reveal");
  signals[LOOK_AT] = new_text_signal ("look-at");
  signals[PROBE_CHANGED] = new_signal ("probe-changed");
  signals[ELEMENT_CHANGED] = new_signal ("element-changed");
  signals[DATA_CHANGED] = new_signal ("data-changed");
  signals[RUNS_CHANGED] = new_signal ("runs-changed");
  signals[WEIGHTS_CHANGED] = new_signal ("weights-changed");
  signals[AUDITED] = new_signal ("audited");
  signals[FILE_CHANGED] = new_signal ("file-changed");
  signals[MESSAGE] = new_text_signal ("message");
}

static void
eqs_session_init (EqsSession *self)
{
  self->scope = g_strdup ("");
  self->selection = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->selection, NULL);
  self->runs = g_list_store_new (EQS_TYPE_TRAINING);
  self->data_test = eqs_data_test_new ();
  g_signal_connect_object (self->data_test, "changed", G_CALLBACK (data_test_changed_cb), self, 0);
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
  g_signal_emit (self, signals[CHECKED], 0);
  if (self->checked_serial != self->serial)
    start_check (self);
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

/* Something was measured: findings may come or go, though the design is the same. */
static void
check_again (EqsSession *self)
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
    g_signal_emit (self, signals[SELECTION_CHANGED], 0);
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
        g_signal_emit (self, signals[WEIGHTS_CHANGED], 0);
    }
  if (what & EQS_CHANGED_DATA)
    look_at_data (self);
}

static void
history_changed_cb (EqsHistory *history, EqsSession *self)
{
  g_signal_emit (self, signals[FILE_CHANGED], 0);
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
  self->check_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, check_idle_cb, self, NULL);
  look_at_data (self);
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
  g_signal_emit (self, signals[FILE_CHANGED], 0);
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
  g_signal_emit (self, signals[MESSAGE], 0, text);
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
  for (guint i = 0; self->check != NULL && i < self->check->nodes->len; i++)
    {
      const EqsNodeCost *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);

      if (strcmp (cost->id, path) == 0)
        return cost;
    }
  return NULL;
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

/* ---- where people are ---- */

const char *
eqs_session_get_scope (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->scope;
}

void
eqs_session_set_scope (EqsSession *self, const char *scope)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  if (scope == NULL)
    scope = "";
  if (strcmp (scope, self->scope) == 0 || eqs_document_get_graph (self->document, scope) == NULL)
    return;
  g_free (self->scope);
  self->scope = g_strdup (scope);
  g_signal_emit (self, signals[SCOPE_CHANGED], 0);
  eqs_session_select (self, NULL);
}

const char *const *
eqs_session_get_selection (EqsSession *self)
{
  return (const char *const *) self->selection->pdata;
}

guint
eqs_session_get_n_selected (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), 0);
  return self->selection->len - 1;
}

gboolean
eqs_session_is_selected (EqsSession *self, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return g_strv_contains (eqs_session_get_selection (self), path);
}

/* Length of the part before the last "/" of a path: its scope. */
static gsize
scope_length (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? 0 : (gsize) (slash - path);
}

void
eqs_session_select (EqsSession *self, const char *const *paths)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  GPtrArray *selection = g_ptr_array_new_with_free_func (g_free);
  gboolean   same;

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    if (scope_length (paths[i]) == strlen (self->scope) && g_str_has_prefix (paths[i], self->scope) &&
        eqs_document_find_node (self->document, paths[i]) != NULL)
      g_ptr_array_add (selection, g_strdup (paths[i]));
  g_ptr_array_add (selection, NULL);
  same = g_strv_equal ((const char *const *) selection->pdata, eqs_session_get_selection (self));
  g_ptr_array_unref (self->selection);
  self->selection = selection;
  if (!same)
    g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

void
eqs_session_select_one (EqsSession *self, const char *path)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  const char *const paths[] = { path, NULL };
  g_autofree char  *scope = path == NULL ? NULL : g_strndup (path, scope_length (path));

  if (scope != NULL)
    eqs_session_set_scope (self, scope);
  eqs_session_select (self, paths);
}

void
eqs_session_reveal (EqsSession *self, const char *path)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  g_autofree char *scope = g_strndup (path, scope_length (path));

  eqs_session_set_scope (self, scope);
  g_signal_emit (self, signals[REVEAL], 0, path);
}

void
eqs_session_look_at (EqsSession *self, const char *path)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  g_autofree char *scope = g_strndup (path, scope_length (path));

  eqs_session_set_scope (self, scope);
  g_signal_emit (self, signals[LOOK_AT], 0, path);
}

const char *
eqs_session_get_probe_node (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->probe_node;
}

const char *
eqs_session_get_probe_port (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->probe_port;
}

void
eqs_session_set_probe (EqsSession *self, const char *path, const char *port)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  if (g_strcmp0 (path, self->probe_node) == 0 && g_strcmp0 (port, self->probe_port) == 0)
    return;
  g_free (self->probe_node);
  g_free (self->probe_port);
  self->probe_node = g_strdup (path);
  self->probe_port = g_strdup (port);
  g_signal_emit (self, signals[PROBE_CHANGED], 0);
}

double
eqs_session_get_angle (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), 0);
  return self->angle_rad;
}

gboolean
eqs_session_get_mirror (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return self->mirror;
}

void
eqs_session_set_element (EqsSession *self, double angle_rad, gboolean mirror)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  if (angle_rad == self->angle_rad && mirror == self->mirror)
    return;
  self->angle_rad = angle_rad;
  self->mirror = mirror;
  g_signal_emit (self, signals[ELEMENT_CHANGED], 0);
}

/* ---- data ---- */

typedef struct
{
  EqsDocument *document;       /* owned: a copy, which says how the data are read */
  char        *key;            /* owned */
  GPtrArray   *problems;       /* owned (nullable) of EqsProblem: what the data say against themselves */
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->document);
  g_free (reading->key);
  g_clear_pointer (&reading->problems, g_ptr_array_unref);
  g_free (reading);
}

static void
data_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading    *reading = data;
  GError     *error = NULL;
  EqsDataset *dataset = eqs_bound_data_open (reading->document, NULL, &error);

  if (dataset == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  reading->problems = eqs_data_problems_new (dataset);
  g_task_return_pointer (task, dataset, g_object_unref);
}

/* A unit that was said by a fix is converted from now on: what the design does not note yet is told. */
static void
tell_conversions (EqsSession *self)
{
  g_autoptr (EqsDocument) copy = eqs_document_dup (self->document);
  g_autoptr (GPtrArray)   edits = eqs_edits_new (), changes = g_ptr_array_new_with_free_func (g_free);

  eqs_bound_data_note (copy, self->dataset, edits, changes, NULL);
  for (guint i = 0; i < changes->len; i++)
    eqs_session_message (self, "%s", (const char *) g_ptr_array_index (changes, i));
}

static void
data_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsSession *self = EQS_SESSION (source);
  Reading    *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDataset) dataset = g_task_propagate_pointer (G_TASK (result), &error);

  /* Other data have been asked for meanwhile: their own task reports. */
  if (self->document == NULL || g_strcmp0 (reading->key, self->data_key) != 0)
    return;
  self->loading = FALSE;
  g_set_object (&self->dataset, dataset);
  g_free (self->data_error);
  self->data_error = error == NULL ? NULL : g_strdup (error->message);
  g_clear_pointer (&self->data_problems, g_ptr_array_unref);
  self->data_problems = g_steal_pointer (&reading->problems);
  if (self->dataset != NULL)
    tell_conversions (self);
  if (self->data_problems != NULL && self->data_problems->len > 0)
    check_again (self);
  g_signal_emit (self, signals[DATA_CHANGED], 0);
}

/* Which data, and how they are read; NULL: none. */
static char *
dup_data_key (EqsSession *self)
{
  static const char *const keys[] = { "map", "columns", "units" };
  const EqsMap *bound = eqs_document_get_section (self->document, EQS_SECTION_DATA);
  const char   *name = eqs_bound_data_get_name (self->document);
  GString      *text = name == NULL ? NULL : g_string_new (name);

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (keys); i++)
    {
      EqsValue *value = eqs_map_get (bound, keys[i]);

      g_string_append_c (text, '\n');
      if (value != NULL)
        eqs_value_append_text (value, text);
    }
  return text == NULL ? NULL : g_string_free (text, FALSE);
}

/* Reads the data that the design names, when they are others than before or are to be read in another way. */
static void
look_at_data (EqsSession *self)
{
  g_autofree char *key = dup_data_key (self);
  g_autoptr (GTask) task = NULL;
  Reading *reading;

  if (g_strcmp0 (key, self->data_key) == 0)
    return;
  g_free (self->data_key);
  self->data_key = g_strdup (key);
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->data_problems, g_ptr_array_unref);
  eqs_data_test_reset (self->data_test);
  g_clear_pointer (&self->data_error, g_free);
  self->loading = key != NULL;
  g_signal_emit (self, signals[DATA_CHANGED], 0);
  if (key == NULL)
    return;
  reading = g_new0 (Reading, 1);
  reading->document = eqs_document_dup (self->document);
  reading->key = g_steal_pointer (&key);
  task = g_task_new (self, NULL, data_done_cb, NULL);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  g_task_run_in_thread (task, data_worker);
}

const GPtrArray *
eqs_session_get_data_problems (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->data_problems;
}

static void
data_test_changed_cb (EqsDataTest *test, EqsSession *self)
{
  if (!eqs_data_test_is_running (test))
    check_again (self);
}

EqsDataTest *
eqs_session_get_data_test (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->data_test;
}

EqsDataset *
eqs_session_get_dataset (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->dataset;
}

gboolean
eqs_session_is_loading (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return self->loading;
}

const char *
eqs_session_get_data_error (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->data_error;
}

gboolean
eqs_session_bind (EqsSession *self, EqsDataset *dataset, GPtrArray **changes, GError **error)
{
  g_autoptr (GPtrArray) list = NULL, notes = NULL;

  if (!eqs_bind (self->document, dataset, self->history, &list, error))
    return FALSE;
  notes = eqs_bind_notes (self->document, dataset);
  for (guint i = 0; i < notes->len; i++)
    eqs_session_message (self, "%s", (const char *) g_ptr_array_index (notes, i));
  if (changes != NULL)
    *changes = g_steal_pointer (&list);
  /* The same folder may be understood otherwise than before. */
  if (!self->loading && g_set_object (&self->dataset, dataset))
    g_signal_emit (self, signals[DATA_CHANGED], 0);
  return TRUE;
}

/* ---- training ---- */

GListModel *
eqs_session_get_runs (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return G_LIST_MODEL (self->runs);
}

EqsTraining *
eqs_session_get_run (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->run;
}

void
eqs_session_show_run (EqsSession *self, EqsTraining *run)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  if (g_set_object (&self->run, run))
    {
      self->epochs_told = 0;
      g_signal_emit (self, signals[RUNS_CHANGED], 0);
      g_signal_emit (self, signals[WEIGHTS_CHANGED], 0);
    }
}

void
eqs_session_go_on (EqsSession *self, EqsTraining *run)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  g_return_if_fail (EQS_IS_TRAINING (run));
  if (eqs_session_is_training (self) || !eqs_training_can_go_on (run))
    return;
  eqs_training_go_on (run);
  g_set_object (&self->run, run);
  g_signal_emit (self, signals[RUNS_CHANGED], 0);
}

gboolean
eqs_session_is_training (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (eqs_training_is_active (run))
        return TRUE;
    }
  return FALSE;
}

static void
run_changed_cb (EqsTraining *run, EqsSession *self)
{
  /* Every epoch may bring better weights; views that run them are told between epochs only. */
  if (eqs_training_get_checkpoint (run) != NULL && run == self->run)
    {
      const guint epochs = eqs_training_get_points (run)->len;

      if (self->epochs_told != epochs)
        {
          self->epochs_told = epochs;
          g_signal_emit (self, signals[WEIGHTS_CHANGED], 0);
        }
    }
}

static void
run_finished_cb (EqsTraining *run, EqsSession *self)
{
  if (eqs_training_get_state (run) == EQS_TRAINING_FAILED)
    eqs_session_message (self, "%s", eqs_training_get_error (run));
  g_signal_emit (self, signals[RUNS_CHANGED], 0);
  g_signal_emit (self, signals[WEIGHTS_CHANGED], 0);
  check_again (self);
}

void
eqs_session_add_run (EqsSession *self, EqsTraining *run)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  g_signal_connect_object (run, "changed", G_CALLBACK (run_changed_cb), self, 0);
  g_signal_connect_object (run, "finished", G_CALLBACK (run_finished_cb), self, 0);
  g_list_store_append (self->runs, run);
  self->epochs_told = 0;
  g_set_object (&self->run, run);
  g_signal_emit (self, signals[RUNS_CHANGED], 0);
  g_signal_emit (self, signals[WEIGHTS_CHANGED], 0);
}

/* Runs of this window lie together in the user's data folder, in a folder named for the design and the time. */
static const char *
runs_folder (EqsSession *self)
{
  if (self->runs_folder == NULL)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_local ();
      g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d-%H%M%S"), *title = eqs_session_dup_title (self), *name = NULL;

      name = g_strdup_printf ("%s-%s-%04x", title, stamp, g_random_int () & 0xffff);
      g_strdelimit (name, "/ .:\\", '-');
      self->runs_folder = g_build_filename (g_get_user_data_dir (), "equistudio", "runs", name, NULL);
    }
  return self->runs_folder;
}

EqsTraining *
eqs_session_train (EqsSession *self, const EqsTrainOptions *options, GError **error)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);

  EqsTrainOptions own = options == NULL ? (EqsTrainOptions) EQS_TRAIN_OPTIONS_INIT : *options;
  g_autoptr (EqsTraining) run = NULL;
  g_autofree char *name = NULL, *folder = NULL, *number = NULL;

  if (own.threads <= 0)      /* one core stays the window's; the weights do not depend on it */
    own.threads = MAX ((int) g_get_num_processors () - 1, 1);
  if (self->dataset == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, "%s",
                   self->data_error != NULL ? self->data_error : _("There are no data to train on yet. Choose some under “Data” in the left panel."));
      return NULL;
    }
  self->run_count++;
  /* Translators: a training run and its number. */
  name = g_strdup_printf (_("Run %u"), self->run_count);
  number = g_strdup_printf ("run-%u", self->run_count);
  folder = g_build_filename (runs_folder (self), number, NULL);
  run = eqs_training_new (name, self->document, self->dataset, &own, folder);
  if (eqs_session_is_checked (self))
    eqs_training_set_parameters (run, self->check->parameters);
  eqs_session_add_run (self, run);
  eqs_training_start (run);
  return run;
}

/* ---- the network with weights ---- */

static const char *
document_hash (EqsSession *self)
{
  if (self->hash == NULL)
    self->hash = eqs_document_dup_hash (self->document);
  return self->hash;
}

static const char *
network_hash (EqsSession *self)
{
  if (self->network_hash == NULL)
    self->network_hash = eqs_document_dup_network_hash (self->document);
  return self->network_hash;
}

EqsModelSource *
eqs_session_dup_model_source (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);

  const char *checkpoint = self->run == NULL ? NULL : eqs_training_get_checkpoint (self->run);
  g_autofree char *label = NULL, *hash = NULL;

  if (checkpoint != NULL)
    {
      /* Another learning rate or other data leave the network, and so its weights, as they are. */
      hash = eqs_document_dup_network_hash (eqs_training_get_document (self->run));
      if (strcmp (eqs_training_get_way (self->run), "augmented") == 0)
        /* The names of its nodes are not the design's. */
        return eqs_model_source_new (self->document, NULL, _("Initial weights: what was trained is an ordinary network in place of the design"));
      if (strcmp (hash, network_hash (self)) == 0)
        {
          /* Translators: weights of a network; the name of a run follows. */
          label = g_strdup_printf (_("Best weights of %s"), eqs_training_get_name (self->run));
          return eqs_model_source_new (self->document, checkpoint, label);
        }
      return eqs_model_source_new (self->document, NULL, _("Initial weights: the design was changed since it was trained"));
    }
  if (self->run != NULL && eqs_training_get_state (self->run) == EQS_TRAINING_STOPPED)
    return eqs_model_source_new (self->document, NULL, _("Initial weights: training was stopped before its first epoch ended"));
  return eqs_model_source_new (self->document, NULL, _("Initial weights: not trained yet"));
}

const EqsMap *
eqs_session_get_audit (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->audit;
}

void
eqs_session_set_audit (EqsSession *self, const EqsMap *audit, const char *hash)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  EqsMap *copy = audit == NULL ? NULL : eqs_map_copy (audit);      /* audit may be the one that is held */

  g_clear_pointer (&self->audit, eqs_map_unref);
  g_free (self->audit_hash);
  self->audit = copy;
  self->audit_hash = g_strdup (hash);
  g_signal_emit (self, signals[AUDITED], 0);
  check_again (self);
}

gboolean
eqs_session_is_audit_stale (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return self->audit != NULL && g_strcmp0 (self->audit_hash, document_hash (self)) != 0;
}

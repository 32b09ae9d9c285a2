/* The copy gets the group, both are checked, and the errors compared. */

#include "studio/group-trial.h"

#include "studio/catalogue.h"

#include <string.h>

typedef struct
{
  EqsDocument *document;     /* owned */
  char        *group;        /* owned */
} Work;

static void
work_free (Work *work)
{
  g_object_unref (work->document);
  g_free (work->group);
  g_free (work);
}

static gboolean
has_problem (const EqsCheck *check, const EqsProblem *sought)
{
  for (guint i = 0; i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (strcmp (problem->code, sought->code) == 0 && g_strcmp0 (problem->node, sought->node) == 0)
        return TRUE;
    }
  return FALSE;
}

static char *
describe (EqsDocument *document, const EqsProblem *problem)
{
  EqsNode            *node = problem->node == NULL ? NULL : eqs_document_find_node (document, problem->node);
  const EqkLayerType *layer = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));
  const char         *title = node == NULL ? NULL : eqs_node_get_title (node) != NULL ? eqs_node_get_title (node) : layer != NULL ? layer->title : problem->node;

  return title == NULL ? g_strdup (problem->titled) : g_strdup_printf ("%s: %s", title, problem->titled);
}

EqsGroupTrial *
eqs_group_trial_run (EqsDocument *document, const char *group, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);
  g_autoptr (EqsDocument)   with = eqs_document_dup (document);
  g_autoptr (EqsCheck)      before = NULL, after = NULL;
  g_autoptr (EqsGroupTrial) self = NULL;
  g_autoptr (GPtrArray)     rows = NULL;

  if (!eqs_document_set_symmetry (with, group, -1, NULL, error))
    return NULL;
  before = eqs_check_new (document, error);
  after = before == NULL ? NULL : eqs_check_new (with, error);
  if (after == NULL)
    return NULL;
  self = g_new0 (EqsGroupTrial, 1);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  self->counted = before->program != NULL && after->program != NULL;
  self->parameters_before = before->parameters;
  self->parameters_after = after->parameters;
  self->macs_before = before->macs;
  self->macs_after = after->macs;
  rows = eqs_catalogue_new (with);
  self->n_layers = rows->len;
  self->n_keep = eqs_catalogue_count (rows);
  for (guint i = 0; i < after->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (after->problems, i);

      self->n_problems += problem->severity == EQK_SEVERITY_ERROR;
      if (problem->severity != EQK_SEVERITY_NOTE && !has_problem (before, problem))
        g_ptr_array_add (self->problems, describe (with, problem));
    }
  return g_steal_pointer (&self);
}

void
eqs_group_trial_free (EqsGroupTrial *self)
{
  g_ptr_array_unref (self->problems);
  g_free (self);
}

static void
trial_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work          *work = data;
  GError        *error = NULL;
  EqsGroupTrial *trial = g_cancellable_is_cancelled (cancellable) ? NULL : eqs_group_trial_run (work->document, work->group, &error);

  if (trial != NULL)
    g_task_return_pointer (task, trial, (GDestroyNotify) eqs_group_trial_free);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, NULL, NULL);
}

void
eqs_group_trial_async (EqsDocument *document, const char *group, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (EQS_IS_DOCUMENT (document));
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Work *work = g_new0 (Work, 1);

  work->document = eqs_document_dup (document);
  work->group = g_strdup (group);
  g_task_set_task_data (task, work, (GDestroyNotify) work_free);
  g_task_run_in_thread (task, trial_worker);
}

EqsGroupTrial *
eqs_group_trial_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A wire fits when the design with it has no error at the node that takes it that was not there before. */

#include "studio/trial.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  EqsDocument *document;     /* owned */
  char        *scope, *node, *port;   /* owned */
  gboolean     from_output;
} Trial;

static void
trial_free (Trial *trial)
{
  g_object_unref (trial->document);
  g_free (trial->scope);
  g_free (trial->node);
  g_free (trial->port);
  g_free (trial);
}

/* The first error at a node, or the design's own. (transfer full) NULL: none */
static char *
first_error (EqsDocument *document, const char *path)
{
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);

  for (guint i = 0; check != NULL && i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (problem->severity == EQK_SEVERITY_ERROR && (problem->node == NULL || strcmp (problem->node, path) == 0))
        return g_strdup (problem->titled);
    }
  return NULL;
}

static char *
try_wire (const Trial *trial, const char *from, const char *to, const char *to_path)
{
  g_autoptr (EqsDocument) with = eqs_document_dup (trial->document);
  g_autoptr (GError) error = NULL;
  char *after;

  if (!eqs_document_connect (with, trial->scope, from, to, -1, TRUE, &error))
    return g_strdup (error->message);
  after = first_error (with, to_path);
  if (after != NULL)
    {
      /* What is wrong without the wire too is not the wire's fault. */
      g_autofree char *before = first_error (trial->document, to_path);

      if (g_strcmp0 (before, after) == 0)
        g_clear_pointer (&after, g_free);
    }
  return after;
}

static void
try_node (const Trial *trial, EqsNode *node, GHashTable *answers)
{
  const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));
  const EqkPort      *ports = layer == NULL ? NULL : trial->from_output ? layer->inputs : layer->outputs;
  const char         *id = eqs_node_get_id (node), *sep = trial->scope[0] == '\0' ? "" : "/";
  g_autofree char    *held = g_strdup_printf ("%s.%s", trial->node, trial->port);
  g_autofree char    *path = g_strconcat (trial->scope, sep, id, NULL), *held_path = g_strconcat (trial->scope, sep, trial->node, NULL);

  for (; ports != NULL && ports->name != NULL; ports++)
    {
      g_autofree char *end = g_strdup_printf ("%s.%s", id, ports->name);
      char *key = g_strdup_printf ("%s.%s", path, ports->name);

      if (strcmp (id, trial->node) == 0)
        g_hash_table_insert (answers, key, g_strdup (_("A layer cannot feed itself.")));
      else
        g_hash_table_insert (answers, key, trial->from_output ? try_wire (trial, held, end, path) : try_wire (trial, end, held, held_path));
    }
}

static void
trial_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Trial      *trial = data;
  EqsGraph   *graph = eqs_document_get_graph (trial->document, trial->scope);
  GHashTable *answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; graph != NULL && i < eqs_graph_get_n_nodes (graph); i++)
    {
      if (g_cancellable_is_cancelled (cancellable))
        break;
      try_node (trial, eqs_graph_get_node (graph, i), answers);
    }
  g_task_return_pointer (task, answers, (GDestroyNotify) g_hash_table_unref);
}

void
eqs_trial_connect_async (EqsDocument *document, const char *scope, const char *node, const char *port, gboolean from_output,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (EQS_IS_DOCUMENT (document));
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Trial *trial = g_new0 (Trial, 1);

  trial->document = eqs_document_dup (document);
  trial->scope = g_strdup (scope == NULL ? "" : scope);
  trial->node = g_strdup (node);
  trial->port = g_strdup (port);
  trial->from_output = from_output;
  g_task_set_task_data (task, trial, (GDestroyNotify) trial_free);
  g_task_run_in_thread (task, trial_worker);
}

GHashTable *
eqs_trial_connect_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The section "What messages tell apart": a heading and a sentence, of the test part of the data. */

#include "widgets/inspector/apart.h"

#include "services/colouring.h"
#include "widgets/parts.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  EqsCheck   *check;        /* owned: its program */
  EqsDataset *dataset;      /* owned */
} Work;

static void
work_free (Work *work)
{
  eqs_check_unref (work->check);
  g_object_unref (work->dataset);
  g_free (work);
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work          *work = data;
  EqsColourLimit limit;
  char          *text;

  if (!eqs_colour_limit_of_data (work->check->program, work->dataset, &limit))
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  text = eqs_colour_limit_dup_text (&limit);
  if (text == NULL)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The test part has one graph: there is nothing to tell it from.",
                                         "Messages between neighbours can tell each of the %u graphs of the test part from those of other classes; what training makes of that is another matter.", limit.n), limit.n);
  g_task_return_pointer (task, text, g_free);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), NULL);
  GtkWidget       *box = GTK_WIDGET (source), *label = gtk_widget_get_last_child (box);

  if (label == NULL)
    return;
  gtk_label_set_label (GTK_LABEL (label), text == NULL ? "" : text);
  gtk_widget_set_visible (box, text != NULL);
}

/* Layers that read who is linked to whom, and mix. */
static gboolean
passes_messages (const EqkLayerType *layer)
{
  if (layer == NULL || (layer->flags & EQK_LAYER_LINEAR) == 0)
    return FALSE;
  for (const EqkPort *port = layer->inputs; port != NULL && port->name != NULL; port++)
    if (strcmp (port->name, "edges") == 0)
      return TRUE;
  return FALSE;
}

GtkWidget *
eqs_apart_new (EqsSession *session, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsNode    *node = eqs_document_find_node (eqs_session_get_document (session), path);
  EqsCheck   *check = eqs_session_get_check (session);
  EqsDataset *dataset = eqs_session_get_dataset (session);
  GtkWidget  *box;
  Work       *work;
  g_autoptr (GTask) task = NULL;

  if (node == NULL || !passes_messages (eqk_layer_find (eqs_node_get_layer (node))) || check == NULL || check->program == NULL || dataset == NULL)
    return NULL;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("What messages tell apart")));
  gtk_box_append (GTK_BOX (box), eqs_text_new (_("The graphs of the test part are being compared…"), "eq-second"));
  work = g_new0 (Work, 1);
  work->check = eqs_check_ref (check);
  work->dataset = g_object_ref (dataset);
  task = eqs_weak_task_new (box, NULL, done_cb, NULL, NULL);
  g_task_set_task_data (task, work, (GDestroyNotify) work_free);
  g_task_run_in_thread (task, worker);
  return box;
}

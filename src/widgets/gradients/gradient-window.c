/* A table of layers, filled when a worker has checked them all. */

#include "widgets/gradients/gradient-window.h"

#include "draw/number-text.h"
#include "services/gradient-check.h"
#include "studio/outline.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _EqsGradientWindow
{
  GtkWindow   parent_instance;

  EqsSession *session;          /* owned */
  int        *cancel, *done;    /* of the running task: owned by it; NULL: none runs. Thousandths */
  guint       timeout;

  GtkWidget  *summary, *about, *bar, *list, *again, *stop;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsGradientWindow, eqs_gradient_window, GTK_TYPE_WINDOW)

typedef struct
{
  EqsModelSource *source;      /* owned */
  GWeakRef        window;
  int             cancel, done;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  eqs_model_source_unref (job->source);
  g_weak_ref_clear (&job->window);
  g_free (job);
}

static void
progress_cb (double done, gpointer data)
{
  g_atomic_int_set (&((Job *) data)->done, (int) (1000 * done));
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job                 *job = data;
  GError              *error = NULL;
  g_autoptr (EqsModel) model = eqs_model_source_open (job->source, &error);
  GPtrArray           *nodes = model == NULL ? NULL : eqs_gradient_check (model, &job->cancel, progress_cb, job, &error);

  if (nodes == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, nodes, (GDestroyNotify) g_ptr_array_unref);
}

/* ---- showing ---- */

static void
clicked_cb (GtkButton *button, EqsGradientWindow *self)
{
  const char *path = g_object_get_data (G_OBJECT (button), "path");

  eqs_session_reveal (self->session, path);
  eqs_session_select_one (self->session, path);
}

/* The title of the node; its path when the design has it no more. */
static const char *
title_of (EqsGradientWindow *self, const EqsGradientNode *node)
{
  const EqsNode *of = eqs_document_find_node (eqs_session_get_document (self->session), node->path);

  return of == NULL ? node->path : eqs_document_get_shown_title (eqs_session_get_document (self->session), of);
}

static void
add_node (EqsGradientWindow *self, const EqsGradientNode *node)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *button = gtk_button_new_with_label (title_of (self, node));
  const gboolean   right = node->error <= EQS_GRADIENT_LIMIT;
  g_autofree char *error = eqs_number_dup_text (node->error, 2), *n = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u derivative", "%u derivatives", node->n), node->n);
  GtkWidget       *number = gtk_label_new (node->n == 0 ? "–" : error);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_sensitive (button, eqs_document_find_node (eqs_session_get_document (self->session), node->path) != NULL);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, node->path);
  g_object_set_data_full (G_OBJECT (button), "path", g_strdup (node->path), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), self);
  gtk_widget_add_css_class (number, "eq-number");
  gtk_widget_set_tooltip_text (number, node->where);
  gtk_box_append (GTK_BOX (row), button);
  gtk_box_append (GTK_BOX (row), eqs_line_new (node->n == 0 ? _("nothing to derive") : n, "eq-second"));
  gtk_box_append (GTK_BOX (row), number);
  if (node->n > 0)
    gtk_box_append (GTK_BOX (row), eqs_pill_new (right ? _("right") : _("wrong"), right ? "eq-good" : "eq-bad"));
  eqs_row_append_plain (self->list, row, node->path);
}

static void
show (EqsGradientWindow *self, GPtrArray *nodes)
{
  const EqsGradientNode *worst = NULL;
  guint            wrong = 0, n = 0;
  g_autofree char *text = NULL, *error = NULL, *limit = eqs_number_dup_text (EQS_GRADIENT_LIMIT, 1);

  for (guint i = 0; i < nodes->len; i++)
    {
      const EqsGradientNode *node = nodes->pdata[i];

      add_node (self, node);
      n += node->n;
      wrong += node->n > 0 && !(node->error <= EQS_GRADIENT_LIMIT);
      if (node->n > 0 && (worst == NULL || node->error > worst->error))
        worst = node;
    }
  error = worst == NULL ? NULL : eqs_number_dup_text (worst->error, 2);
  if (worst == NULL)
    text = g_strdup (_("This design has nothing to derive."));
  else if (wrong > 0)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The gradient of %u layer is wrong: the largest relative error is %s, at %s.", "The gradients of %u layers are wrong: the largest relative error is %s, at %s.", wrong),
                            wrong, error, title_of (self, worst));
  else
    /* Translators: number of derivatives, the largest error, the limit. */
    text = g_strdup_printf (_("All %u derivatives agree with central differences: the largest relative error is %s, the limit %s."), n, error, limit);
  gtk_label_set_label (GTK_LABEL (self->summary), text);
}

static void
update (EqsGradientWindow *self)
{
  const gboolean running = self->cancel != NULL;

  gtk_widget_set_visible (self->bar, running);
  gtk_widget_set_visible (self->stop, running);
  gtk_widget_set_visible (self->again, !running);
}

/* ---- checking ---- */

static gboolean
look_cb (gpointer data)
{
  EqsGradientWindow *self = data;

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), g_atomic_int_get (self->done) / 1000.0);
  return G_SOURCE_CONTINUE;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Job                  *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (EqsGradientWindow) self = g_weak_ref_get (&job->window);
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) nodes = g_task_propagate_pointer (G_TASK (result), &error);

  if (self == NULL || self->session == NULL)      /* closed */
    return;
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->cancel = self->done = NULL;
  update (self);
  if (nodes != NULL)
    show (self, nodes);
  else
    gtk_label_set_label (GTK_LABEL (self->summary), error->message);
}

static void
start (EqsGradientWindow *self)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char  *about = NULL;
  Job *job;

  if (self->cancel != NULL)
    return;
  job = g_new0 (Job, 1);
  job->source = eqs_session_dup_model_source (self->session);
  g_weak_ref_init (&job->window, self);
  self->cancel = &job->cancel;
  self->done = &job->done;
  eqs_box_clear (self->list);
  gtk_label_set_label (GTK_LABEL (self->summary), _("Every operation is compared with central differences in 64 bit."));
  /* Translators: which weights, such as “Best weights of Run 1”. */
  about = g_strdup_printf (_("Two drawn samples, values moved a little so that none are equal. %s."), job->source->label);
  gtk_label_set_label (GTK_LABEL (self->about), about);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), 0);
  self->timeout = g_timeout_add (100, look_cb, self);
  update (self);
  task = g_task_new (NULL, NULL, done_cb, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, worker);
}

static void
stop (EqsGradientWindow *self)
{
  if (self->cancel != NULL)
    g_atomic_int_set (self->cancel, 1);
}

gboolean
eqs_gradient_window_is_running (EqsGradientWindow *self)
{
  g_return_val_if_fail (EQS_IS_GRADIENT_WINDOW (self), FALSE);
  return self->cancel != NULL;
}

/* ---- making it ---- */

static void
eqs_gradient_window_dispose (GObject *object)
{
  EqsGradientWindow *self = EQS_GRADIENT_WINDOW (object);

  stop (self);      /* the task does not hold the window: its session may be gone before the task has ended */
  self->cancel = self->done = NULL;
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_gradient_window_parent_class)->dispose (object);
}

static void
eqs_gradient_window_class_init (EqsGradientWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_gradient_window_dispose;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
eqs_gradient_window_init (EqsGradientWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10), *scroll;

  self->summary = eqs_text_new ("", "eq-name");
  self->about = eqs_text_new ("", "eq-second");
  self->bar = gtk_progress_bar_new ();
  eqs_set_name (self->bar, _("Progress of the check"));
  self->list = eqs_boxed_list_new (_("Gradients by layer"));
  gtk_widget_set_valign (self->list, GTK_ALIGN_START);
  scroll = eqs_scrolled_new (self->list, _("Gradients by layer"));
  gtk_widget_set_vexpand (scroll, TRUE);
  self->stop = gtk_button_new_with_label (_("Stop the check"));
  self->again = gtk_button_new_with_label (_("Check again"));
  gtk_widget_set_halign (self->stop, GTK_ALIGN_END);
  gtk_widget_set_halign (self->again, GTK_ALIGN_END);
  g_signal_connect_swapped (self->stop, "clicked", G_CALLBACK (stop), self);
  g_signal_connect_swapped (self->again, "clicked", G_CALLBACK (start), self);
  gtk_box_append (GTK_BOX (box), self->summary);
  gtk_box_append (GTK_BOX (box), self->about);
  gtk_box_append (GTK_BOX (box), self->bar);
  gtk_box_append (GTK_BOX (box), scroll);
  gtk_box_append (GTK_BOX (box), self->stop);
  gtk_box_append (GTK_BOX (box), self->again);
  gtk_widget_add_css_class (box, "eq-sheet-part");
  gtk_window_set_child (GTK_WINDOW (self), box);
  gtk_window_set_title (GTK_WINDOW (self), _("Gradients"));
  gtk_window_set_default_size (GTK_WINDOW (self), 620, 560);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
}

GtkWidget *
eqs_gradient_window_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsGradientWindow *self = g_object_new (EQS_TYPE_GRADIENT_WINDOW, NULL);

  self->session = g_object_ref (session);
  start (self);
  return GTK_WIDGET (self);
}

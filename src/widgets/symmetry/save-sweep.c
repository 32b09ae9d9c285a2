/* The film is drawn in a worker from weights of its own, so that the view can go on turning. */

#include "widgets/symmetry/save-sweep.h"

#include "studio/sweep-picture.h"
#include "widgets/chooser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STEPS 36

typedef struct
{
  EqsModelSource *source;     /* owned */
  EqsDataset     *dataset;    /* owned */
  char           *node;       /* owned (nullable) */
  char           *path;       /* owned (nullable): where to */
  guint           sample, frames;
  GWeakRef        parent;
} Film;

static void
film_free (gpointer data)
{
  Film *film = data;

  eqs_model_source_unref (film->source);
  g_object_unref (film->dataset);
  g_free (film->node);
  g_free (film->path);
  g_weak_ref_clear (&film->parent);
  g_free (film);
}

static void
film_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Film   *film = data;
  GError *error = NULL;
  EqsModel *model = eqs_model_source_open (film->source, &error);
  g_autoptr (EqsSplit) split = model == NULL ? NULL : eqs_dataset_load (film->dataset, eqs_dataset_has_split (film->dataset, "valid") ? "valid" : "train", &error);

  if (split == NULL)
    g_clear_pointer (&model, eqs_model_free);
  if (split != NULL && eqs_sweep_save (model, split, film->sample, film->node, STEPS, film->path, NULL, &film->frames, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Film *film = g_task_get_task_data (G_TASK (result));
  g_autoptr (GtkWidget) parent = g_weak_ref_get (&film->parent);
  g_autoptr (GError)    error = NULL;
  g_autofree char      *text = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    /* Translators: a number of pictures, the path of a file or folder. */
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u picture of the turn is in %s.", "%u pictures of the turn are in %s.", film->frames), film->frames, film->path);
  else
    text = g_strdup (error->message);
  if (parent != NULL)
    gtk_widget_activate_action (parent, "win.tell", "s", text);
}

static void
response_cb (GtkNativeDialog *dialog, int response, Film *film)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  const char       *each = gtk_file_chooser_get_choice (GTK_FILE_CHOOSER (dialog), "each");

  if (file != NULL && g_file_peek_path (file) != NULL)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, written_cb, NULL);
      const char       *path = g_file_peek_path (file);
      const gboolean    png = g_str_has_suffix (path, ".png");

      if (g_strcmp0 (each, "true") == 0)
        film->path = png ? g_strndup (path, strlen (path) - strlen (".png")) : g_strdup (path);
      else
        film->path = png ? g_strdup (path) : g_strconcat (path, ".png", NULL);
      g_task_set_task_data (task, film, film_free);
      g_task_run_in_thread (task, film_worker);
    }
  else
    film_free (film);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
eqs_sweep_ask (GtkWidget *parent, EqsSession *session, guint sample)
{
  GtkFileChooserNative *chooser;
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  Film                 *film;

  if (eqs_session_get_dataset (session) == NULL)
    return;
  chooser = eqs_chooser_new (_("Save the turn as an animated picture"), GTK_WINDOW (gtk_widget_get_root (parent)), GTK_FILE_CHOOSER_ACTION_SAVE, _("Save"));
  film = g_new0 (Film, 1);
  film->source = eqs_session_dup_model_source (session);
  film->dataset = g_object_ref (eqs_session_get_dataset (session));
  film->node = g_strdup (eqs_session_get_probe_node (session));
  film->sample = sample;
  g_weak_ref_init (&film->parent, parent);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "turn.png");
  /* Beside a choice GTK shows the list of filters too: without one it says "(None)". */
  gtk_file_filter_set_name (filter, _("Pictures (*.png)"));
  gtk_file_filter_add_suffix (filter, "png");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_file_chooser_add_choice (GTK_FILE_CHOOSER (chooser), "each", _("One picture a step, numbered, in a folder"), NULL, NULL);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), film);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

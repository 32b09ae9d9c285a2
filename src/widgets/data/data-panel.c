/* Reading is done in a worker; binding, which only compares shapes with what was read, in the main thread. */

#include "widgets/data/data-panel.h"

#include "model/error.h"
#include "services/bound-data.h"
#include "widgets/chooser.h"
#include "widgets/data/columns-window.h"
#include "widgets/data/data-browser.h"
#include "widgets/data/data-survey.h"
#include "widgets/data/import-window.h"
#include "widgets/data/symmetry-question.h"
#include "widgets/parts.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _EqsDataPanel
{
  GtkWidget   parent_instance;

  EqsSession *session;         /* owned */
  guint       wish;            /* number of the newest reading: older ones are thrown away */

  /* borrowed */
  GtkWidget  *box, *title, *detail, *names, *inspect, *look, *list, *spinner;
};

G_DEFINE_FINAL_TYPE (EqsDataPanel, eqs_data_panel, GTK_TYPE_WIDGET)

/* ---- reading ---- */

typedef struct
{
  EqsDocument *document;     /* owned: a copy, which says how its own data are read */
  char       *name;          /* owned (nullable): what to open */
  GPtrArray  *said;          /* owned, of EqsMeaning: how it is to be read, beside that */
  EqsDataset *dataset;       /* owned (nullable) */
  gboolean    look_first;    /* to be shown before it is taken */
  guint       wish;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->name);
  g_clear_pointer (&reading->said, g_ptr_array_unref);
  g_clear_object (&reading->document);
  g_clear_object (&reading->dataset);
  g_free (reading);
}

static void
open_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading  *reading = data;
  GError   *error = NULL;
  EqsSplit *train;

  reading->dataset = eqs_bound_data_open (reading->document, reading->name, &error);
  if (reading->dataset != NULL && reading->said->len > 0 && !eqs_dataset_say (reading->dataset, reading->said, &error))
    g_clear_object (&reading->dataset);
  train = reading->dataset == NULL ? NULL : eqs_dataset_load (reading->dataset, "train", &error);      /* kept by the set: binding finds it read */
  if (train == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  eqs_split_unref (train);
  g_task_return_boolean (task, TRUE);
}

/* ---- names and units ---- */

typedef struct { GWeakRef panel; char *path; } Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_weak_ref_clear (&asking->panel);
  g_free (asking->path);
  g_free (asking);
}

static void use_stated (EqsDataPanel *self, const char *name_or_path, const GPtrArray *said, gboolean look_first);

static void
stated_func (const GPtrArray *said, gpointer data)
{
  Asking *asking = data;
  g_autoptr (EqsDataPanel) panel = g_weak_ref_get (&asking->panel);

  if (panel != NULL)
    use_stated (panel, asking->path, said, FALSE);
}

static void
ask_names (EqsDataPanel *self, EqsDataset *dataset, const char *why)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = eqs_columns_can_ask (dataset) ? eqs_dataset_load (dataset, "train", &error) : NULL;
  Asking              *asking;
  GtkWidget           *window;

  if (split == NULL)
    return;
  asking = g_new0 (Asking, 1);
  g_weak_ref_init (&asking->panel, self);
  asking->path = g_strdup (eqs_dataset_get_path (dataset));
  window = eqs_columns_window_open (GTK_WIDGET (self), dataset, split, why, stated_func, asking);
  g_object_set_data_full (G_OBJECT (window), "asking", asking, asking_free);
}

static void
names_cb (GtkButton *button, EqsDataPanel *self)
{
  EqsDataset *dataset = eqs_session_get_dataset (self->session);

  if (dataset != NULL)
    ask_names (self, dataset, NULL);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsDataPanel *self = EQS_DATA_PANEL (source);
  Reading      *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GError)    error = NULL;

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL || reading->wish != self->wish)
    return;
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  gtk_widget_set_visible (self->spinner, FALSE);
  /* Data of one's own are shown before they are taken; molecules are asked for their names and units where they do not fit. */
  if (reading->look_first && (reading->dataset == NULL || !eqs_columns_can_ask (reading->dataset)))
    {
      gtk_window_present (GTK_WINDOW (eqs_import_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, reading->name)));
      return;
    }
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      eqs_session_message (self->session, "%s", error->message);
      return;
    }
  if (!eqs_session_bind (self->session, reading->dataset, &changes, &error))
    {
      eqs_session_message (self->session, "%s", error->message);
      if (g_error_matches (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_UNMATCHED))      /* it may be there under another name */
        ask_names (self, reading->dataset, error->message);
      return;
    }
  eqs_session_tell_changes (self->session, changes);
}

static void
use_stated (EqsDataPanel *self, const char *name_or_path, const GPtrArray *said, gboolean look_first)
{
  g_autoptr (GTask) task = eqs_weak_task_new (self, NULL, opened_cb, NULL, NULL);
  Reading *reading = g_new0 (Reading, 1);

  reading->document = eqs_document_dup (eqs_session_get_document (self->session));
  reading->name = g_strdup (name_or_path);
  reading->said = eqs_meanings_new ();
  for (guint i = 0; said != NULL && i < said->len; i++)
    eqs_meanings_add (reading->said, g_ptr_array_index (said, i));
  reading->wish = ++self->wish;
  reading->look_first = look_first;
  gtk_widget_set_visible (self->spinner, TRUE);
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, open_worker);
}

void
eqs_data_panel_use (EqsDataPanel *self, const char *name_or_path)
{
  g_return_if_fail (EQS_IS_DATA_PANEL (self));
  use_stated (self, name_or_path, NULL, FALSE);
}

void
eqs_data_panel_look (EqsDataPanel *self, const char *folder)
{
  g_return_if_fail (EQS_IS_DATA_PANEL (self));
  use_stated (self, folder, NULL, TRUE);
}

/* ---- what is bound ---- */

static void
show_bound (EqsDataPanel *self)
{
  EqsDataset *dataset = eqs_session_get_dataset (self->session);
  g_autofree char *detail = NULL;

  gtk_widget_set_visible (self->names, dataset != NULL && eqs_columns_can_ask (dataset));
  gtk_widget_set_visible (self->inspect, eqs_bound_data_get_name (eqs_session_get_document (self->session)) != NULL);
  if (dataset == NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->title), eqs_session_is_loading (self->session) ? _("Reading the data") : _("No data yet"));
      gtk_label_set_label (GTK_LABEL (self->detail), eqs_session_get_data_error (self->session) != NULL ? eqs_session_get_data_error (self->session) : "");
      return;
    }
  gtk_label_set_label (GTK_LABEL (self->title), eqs_dataset_get_title (dataset));
  /* Data of one's own seldom say what they are. */
  if (eqs_dataset_get_licence (dataset)[0] == '\0')
    detail = g_strdup (eqs_dataset_get_description (dataset));
  else
    /* Translators: what a data set holds, its licence. */
    detail = g_strdup_printf (_("%s Licence: %s."), eqs_dataset_get_description (dataset), eqs_dataset_get_licence (dataset));
  gtk_label_set_label (GTK_LABEL (self->detail), detail);
  gtk_widget_set_visible (self->detail, detail[0] != '\0');
}

static void
data_changed_cb (EqsSession *session, EqsDataPanel *self)
{
  show_bound (self);
}

/* ---- what there is ---- */

static void
use_cb (GtkButton *button, EqsDataPanel *self)
{
  eqs_data_panel_use (self, g_object_get_data (G_OBJECT (button), "dataset"));
}

/* Sets of the kind of samples that the design is for; all of them where it does not say. */
static void
fill_list (EqsDataPanel *self)
{
  const char *domain = eqs_map_get_string (eqs_document_get_section (eqs_session_get_document (self->session), EQS_SECTION_SPEC), "domain", NULL);
  g_autoptr (GPtrArray) shipped = eqs_dataset_list_shipped ();

  for (guint i = 0; i < shipped->len; i++)
    {
      EqsDataset *dataset = g_ptr_array_index (shipped, i);
      GtkWidget  *button = gtk_button_new_with_label (_("Use")), *row;
      g_autofree char *name = NULL;

      if (domain != NULL && strcmp (domain, eqs_dataset_get_domain (dataset)) != 0)
        continue;
      name = g_strdup_printf (_("Use %s"), eqs_dataset_get_title (dataset));
      eqs_set_name (button, name);
      g_object_set_data_full (G_OBJECT (button), "dataset", g_strdup (eqs_dataset_get_name (dataset)), g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (use_cb), self);
      row = eqs_row_append (self->list, eqs_dataset_get_title (dataset), button);
      gtk_widget_set_tooltip_text (row, eqs_dataset_get_description (dataset));
    }
}

static void
folder_response_cb (GtkNativeDialog *dialog, int response, EqsDataPanel *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  gtk_native_dialog_destroy (dialog);
  if (file != NULL && g_file_peek_path (file) != NULL)
    use_stated (self, g_file_peek_path (file), NULL, TRUE);
  g_object_unref (dialog);
}

static void
folder_cb (GtkButton *button, EqsDataPanel *self)
{
  GtkFileChooserNative *chooser = eqs_chooser_new (_("A folder of data"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                   GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Choose"));

  g_signal_connect_object (chooser, "response", G_CALLBACK (folder_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- making it ---- */

static void
eqs_data_panel_dispose (GObject *object)
{
  EqsDataPanel *self = EQS_DATA_PANEL (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_data_panel_parent_class)->dispose (object);
}

static void
eqs_data_panel_class_init (EqsDataPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_data_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
eqs_data_panel_init (EqsDataPanel *self)
{
  GtkWidget *inside = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *folder = eqs_wrapping_button_new (_("Open your own data"));

  self->title = eqs_text_new ("", "eq-panel-title");
  self->detail = eqs_text_new ("", "eq-second");
  self->names = eqs_wrapping_button_new (_("Names and units"));
  g_signal_connect (self->names, "clicked", G_CALLBACK (names_cb), self);
  self->inspect = eqs_wrapping_button_new (_("Inspect the data"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->inspect), "win.inspect-data");
  self->look = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->spinner = gtk_spinner_new ();
  gtk_widget_set_visible (self->spinner, FALSE);
  eqs_set_name (self->spinner, _("Reading"));
  self->list = eqs_boxed_list_new (_("Sets that come with the studio"));
  g_signal_connect (folder, "clicked", G_CALLBACK (folder_cb), self);
  gtk_widget_add_css_class (inside, "eq-training");
  gtk_box_append (GTK_BOX (inside), self->title);
  gtk_box_append (GTK_BOX (inside), self->detail);
  gtk_box_append (GTK_BOX (inside), folder);
  gtk_box_append (GTK_BOX (inside), self->names);
  gtk_box_append (GTK_BOX (inside), self->inspect);
  gtk_box_append (GTK_BOX (inside), self->spinner);
  gtk_box_append (GTK_BOX (inside), self->look);
  gtk_box_append (GTK_BOX (inside), eqs_heading_new (_("Other data")));
  gtk_box_append (GTK_BOX (inside), self->list);
  self->box = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->box), GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);
  eqs_set_name (self->box, _("Data"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->box), inside);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  eqs_set_name (GTK_WIDGET (self), _("Data"));
}

GtkWidget *
eqs_data_panel_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsDataPanel *self = g_object_new (EQS_TYPE_DATA_PANEL, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "data-changed", G_CALLBACK (data_changed_cb), self, 0);
  gtk_box_append (GTK_BOX (self->look), eqs_data_browser_new (session));
  gtk_box_append (GTK_BOX (self->look), eqs_data_survey_new (session));
  gtk_box_append (GTK_BOX (self->look), eqs_symmetry_question_new (session));
  fill_list (self);
  show_bound (self);
  return GTK_WIDGET (self);
}

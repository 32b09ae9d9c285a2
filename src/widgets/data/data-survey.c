/* A worker reads and compares; the drop-down changes the design's training plan as an undo step. */

#include "widgets/data/data-survey.h"

#include "draw/plan.h"
#include "studio/survey.h"
#include "widgets/data/class-bars.h"
#include "widgets/parts.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _EqsDataSurvey
{
  GtkWidget     parent_instance;

  EqsSession   *session;          /* owned */
  EqsSurvey    *survey;           /* owned (nullable) */
  GCancellable *cancellable;      /* owned (nullable): of the survey that is being made */
  gboolean      stale, showing;
  GPtrArray    *training;         /* owned: names of parts that can be trained on */

  GtkWidget    *box, *train_row, *train_on, *list, *leaks, *spinner, *classes_title, *bars;   /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsDataSurvey, eqs_data_survey, GTK_TYPE_WIDGET)

static const char *
part_title (const char *name)
{
  static const struct { const char *name, *title; } titles[] = { { "train", N_("Training") }, { "valid", N_("Validation") }, { "test", N_("Test") } };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (strcmp (titles[i].name, name) == 0)
      return _(titles[i].title);
  return name;
}

/* ---- bars ---- */

/* -1: it has no classes. */
static int
train_part (const EqsSurvey *survey)
{
  for (guint p = 0; p < survey->n_parts; p++)
    if (strcmp (survey->parts[p].name, "train") == 0 && survey->parts[p].counts != NULL)
      return (int) p;
  return -1;
}

/* ---- what was found ---- */

static char *
dup_leaks (const EqsSurvey *survey)
{
  GString *text;

  if (survey->n_leaks == 0)
    return survey->n_twice == 0 ? g_strdup (_("No sample stands in two parts.")) :
           g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "No sample stands in two parts; %u stands twice in the training part.", "No sample stands in two parts; %u stand twice in the training part.", survey->n_twice), survey->n_twice);
  text = g_string_new (NULL);
  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u sample stands in two parts, so that it is not new where it should be:", "%u samples stand in two parts, so that they are not new where they should be:", survey->n_leaks), survey->n_leaks);
  for (guint i = 0; i < MIN (survey->n_leaks, EQS_SURVEY_MOST_LEAKS); i++)
    /* Translators: a part and the number of a sample in it, twice. */
    g_string_append_printf (text, _("\n%s %u is %s %u"), part_title (survey->parts[survey->leaks[i].part].name), survey->leaks[i].row,
                            part_title (survey->parts[survey->leaks[i].other].name), survey->leaks[i].other_row);
  return g_string_free (text, FALSE);
}

/* "1,000"; of a single graph "40 nodes", whose answers the part tells; "cannot be read" */
static char *
dup_size (const EqsSurveyPart *part)
{
  const gboolean   is_graph = part->n == 1 && part->n_told > 0;
  g_autofree char *count = eqs_count_dup_text (is_graph ? part->n_told : part->n);

  if (part->error != NULL)
    return g_strdup (_("cannot be read"));
  return is_graph ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s node", "%s nodes", (gulong) part->n_told), count) : g_steal_pointer (&count);
}

static void
show_survey (EqsDataSurvey *self)
{
  g_autofree char *leaks = dup_leaks (self->survey);
  const int        train = train_part (self->survey);

  eqs_box_clear (self->list);
  for (guint i = 0; i < self->survey->n_parts; i++)
    {
      const EqsSurveyPart *part = &self->survey->parts[i];
      g_autofree char     *count = dup_size (part);
      GtkWidget           *row = eqs_row_append_text (self->list, part_title (part->name), count);

      if (part->error != NULL)
        gtk_widget_set_tooltip_text (row, part->error);
    }
  if (self->survey->edges != EQS_SURVEY_EDGES_NONE)
    eqs_row_append_text (self->list, _("Edges"), self->survey->edges == EQS_SURVEY_EDGES_BOTH_WAYS ? _("both ways") : _("one way"));
  gtk_label_set_label (GTK_LABEL (self->leaks), leaks);
  gtk_widget_remove_css_class (self->leaks, "eq-bad");
  gtk_widget_remove_css_class (self->leaks, "eq-second");
  gtk_widget_add_css_class (self->leaks, self->survey->n_leaks > 0 ? "eq-bad" : "eq-second");
  gtk_widget_set_visible (self->classes_title, train >= 0);
  gtk_widget_set_visible (self->bars, train >= 0);
  eqs_class_bars_set (self->bars, train >= 0 ? self->survey : NULL, (guint) MAX (train, 0));
}

/* ---- which part is trained on ---- */

/* Other data, other parts. */
static void
list_train_on (EqsDataSurvey *self)
{
  EqsDataset *dataset = eqs_session_get_dataset (self->session);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  g_ptr_array_set_size (self->training, 0);
  for (const char *const *name = dataset == NULL ? NULL : eqs_dataset_get_splits (dataset); name != NULL && *name != NULL; name++)
    if (eqs_part_is_training (*name))
      {
        g_ptr_array_add (self->training, g_strdup (*name));
        gtk_string_list_append (titles, part_title (*name));
      }
  self->showing = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->train_on), G_LIST_MODEL (titles));
  eqs_drop_down_set_name (self->train_on, _("Train on"));
  self->showing = FALSE;
  gtk_widget_set_visible (self->train_row, self->training->len > 1);
}

/* The list stays: this is also called while a person chooses from it. */
static void
show_train_on (EqsDataSurvey *self)
{
  const char *now = eqs_map_get_string (eqs_document_get_section (eqs_session_get_document (self->session), EQS_SECTION_TRAINING), "split", "train");

  self->showing = TRUE;
  for (guint i = 0; i < self->training->len; i++)
    if (strcmp (g_ptr_array_index (self->training, i), now) == 0 && gtk_drop_down_get_selected (GTK_DROP_DOWN (self->train_on)) != i)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->train_on), i);
  self->showing = FALSE;
}

static void
chosen_cb (GtkDropDown *down, GParamSpec *pspec, EqsDataSurvey *self)
{
  const guint chosen = gtk_drop_down_get_selected (down);
  const char *name = chosen < self->training->len ? g_ptr_array_index (self->training, chosen) : NULL;

  if (self->showing || name == NULL)
    return;
  eqs_history_seal (eqs_session_get_history (self->session));
  eqs_session_do (self->session, eqs_command_new_set_entry (EQS_SECTION_TRAINING, "split", strcmp (name, "train") == 0 ? NULL : eqs_value_new_string (name)));
}

/* ---- making the survey ---- */

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  EqsSurvey *survey = eqs_survey_new (data, cancellable);

  if (survey == NULL)
    g_task_return_pointer (task, NULL, NULL);      /* cancelled */
  else
    g_task_return_pointer (task, survey, (GDestroyNotify) eqs_survey_free);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsDataSurvey *self = EQS_DATA_SURVEY (source);
  EqsSurvey     *survey = g_task_propagate_pointer (G_TASK (result), NULL);

  if (survey == NULL || self->box == NULL || g_task_get_task_data (G_TASK (result)) != eqs_session_get_dataset (self->session))
    {
      g_clear_pointer (&survey, eqs_survey_free);
      return;
    }
  eqs_class_bars_set (self->bars, NULL, 0);
  g_clear_pointer (&self->survey, eqs_survey_free);
  self->survey = survey;
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  gtk_widget_set_visible (self->spinner, FALSE);
  show_survey (self);
}

static void
update (EqsDataSurvey *self)
{
  EqsDataset *dataset = eqs_session_get_dataset (self->session);
  g_autoptr (GTask) task = NULL;

  if (self->box == NULL)
    return;
  list_train_on (self);
  show_train_on (self);
  gtk_widget_set_visible (self->box, dataset != NULL);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->stale = TRUE;
      return;
    }
  self->stale = FALSE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (dataset == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  gtk_label_set_label (GTK_LABEL (self->leaks), _("Comparing all samples."));
  gtk_widget_set_visible (self->spinner, TRUE);
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  task = eqs_weak_task_new (self, self->cancellable, made_cb, NULL, NULL);
  g_task_set_task_data (task, g_object_ref (dataset), g_object_unref);
  g_task_run_in_thread (task, worker);
}

static void
document_changed_cb (EqsDocument *document, guint what, const char *const *paths, EqsDataSurvey *self)
{
  if ((what & EQS_CHANGED_TRAINING) != 0 && self->box != NULL)
    show_train_on (self);
}

static void
eqs_data_survey_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eqs_data_survey_parent_class)->map (widget);
  if (EQS_DATA_SURVEY (widget)->stale)
    update (EQS_DATA_SURVEY (widget));
}

/* ---- making it ---- */

static void
eqs_data_survey_dispose (GObject *object)
{
  EqsDataSurvey *self = EQS_DATA_SURVEY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_data_survey_parent_class)->dispose (object);
}

static void
eqs_data_survey_finalize (GObject *object)
{
  EqsDataSurvey *self = EQS_DATA_SURVEY (object);

  g_clear_pointer (&self->survey, eqs_survey_free);
  g_ptr_array_unref (self->training);

  G_OBJECT_CLASS (eqs_data_survey_parent_class)->finalize (object);
}

static void
eqs_data_survey_class_init (EqsDataSurveyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_data_survey_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_data_survey_finalize;
  GTK_WIDGET_CLASS (klass)->map = eqs_data_survey_map;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_data_survey_init (EqsDataSurvey *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->training = g_ptr_array_new_with_free_func (g_free);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->train_row = eqs_boxed_list_new (_("What is trained on"));
  self->train_on = gtk_drop_down_new (NULL, NULL);
  g_signal_connect (self->train_on, "notify::selected", G_CALLBACK (chosen_cb), self);
  eqs_row_append (self->train_row, _("Train on"), self->train_on);
  self->list = eqs_boxed_list_new (_("Parts"));
  self->spinner = gtk_spinner_new ();
  eqs_set_name (self->spinner, _("Comparing"));
  self->leaks = eqs_text_new ("", "eq-second");
  gtk_widget_set_hexpand (self->leaks, TRUE);
  gtk_box_append (GTK_BOX (line), self->leaks);
  gtk_box_append (GTK_BOX (line), self->spinner);
  self->classes_title = eqs_heading_new (_("Classes of the training part"));
  self->bars = eqs_class_bars_new ();
  gtk_box_append (GTK_BOX (self->box), eqs_heading_new (_("Parts")));
  gtk_box_append (GTK_BOX (self->box), self->train_row);
  gtk_box_append (GTK_BOX (self->box), self->list);
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->classes_title);
  gtk_box_append (GTK_BOX (self->box), self->bars);
  gtk_widget_set_visible (self->classes_title, FALSE);
  gtk_widget_set_visible (self->bars, FALSE);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
eqs_data_survey_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsDataSurvey *self = g_object_new (EQS_TYPE_DATA_SURVEY, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "data-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (document_changed_cb), self, 0);
  update (self);
  return GTK_WIDGET (self);
}

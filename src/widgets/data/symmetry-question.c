/* The question, while it is being answered its progress, and the answers. */

#include "widgets/data/symmetry-question.h"

#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _EqsSymmetryQuestion
{
  GtkWidget   parent_instance;

  EqsSession *session;       /* owned */

  /* borrowed */
  GtkWidget  *box, *ask, *progress, *error, *answers;
};

G_DEFINE_FINAL_TYPE (EqsSymmetryQuestion, eqs_symmetry_question, GTK_TYPE_WIDGET)

static GtkWidget *
make_pill (EqsSymmetryAnswer answer)
{
  if (answer == EQS_SYMMETRY_HOLDS)
    return eqs_pill_new (_("Holds"), "eq-good");
  return answer == EQS_SYMMETRY_FAILS ? eqs_pill_new (_("Does not hold"), "eq-bad") : eqs_pill_new (_("Cannot be told"), "eq-warn");
}

static void
append_finding (EqsSymmetryQuestion *self, const EqsSymmetryFinding *finding)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *title = eqs_text_new (eqs_move_title (finding->move), NULL);
  g_autofree char *text = eqs_symmetry_finding_dup_text (finding), *name = g_strdup_printf ("%s: %s", eqs_move_title (finding->move), text);

  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), make_pill (finding->answer));
  gtk_box_append (GTK_BOX (row), line);
  gtk_box_append (GTK_BOX (row), eqs_text_new (text, "eq-second"));
  eqs_row_append_plain (self->answers, row, name);
}

static void
update (EqsSymmetryQuestion *self)
{
  EqsDataTest  *test = eqs_session_get_data_test (self->session);
  const GArray *findings = eqs_data_test_get_findings (test);
  const char   *error = eqs_data_test_get_error (test);
  const gboolean running = eqs_data_test_is_running (test);
  EqsDataset   *dataset = eqs_session_get_dataset (self->session);

  gtk_widget_set_visible (GTK_WIDGET (self), dataset != NULL && strcmp (eqs_dataset_get_domain (dataset), "image") == 0);     /* it asks about pictures */
  gtk_button_set_label (GTK_BUTTON (self->ask), running ? _("Stop the test") : findings != NULL ? _("Test again") : _("Test the data"));
  gtk_widget_set_visible (self->progress, running);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), eqs_data_test_get_progress (test));
  gtk_widget_set_visible (self->error, error != NULL);
  gtk_label_set_label (GTK_LABEL (self->error), error == NULL ? "" : error);
  gtk_widget_set_visible (self->answers, findings != NULL);
  eqs_box_clear (self->answers);
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    append_finding (self, &g_array_index (findings, EqsSymmetryFinding, i));
}

static void
changed_cb (GObject *object, EqsSymmetryQuestion *self)
{
  if (self->session != NULL)
    update (self);
}

static void
ask_cb (GtkButton *button, EqsSymmetryQuestion *self)
{
  EqsDataTest *test = eqs_session_get_data_test (self->session);

  if (eqs_data_test_is_running (test))
    eqs_data_test_reset (test);
  else
    eqs_data_test_start (test, eqs_session_get_dataset (self->session));
}

static void
eqs_symmetry_question_dispose (GObject *object)
{
  EqsSymmetryQuestion *self = EQS_SYMMETRY_QUESTION (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_symmetry_question_parent_class)->dispose (object);
}

static void
eqs_symmetry_question_class_init (EqsSymmetryQuestionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_symmetry_question_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
eqs_symmetry_question_init (EqsSymmetryQuestion *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->ask = gtk_button_new_with_label ("");
  self->progress = gtk_progress_bar_new ();
  eqs_set_name (self->progress, _("Progress of the test"));
  self->error = eqs_text_new ("", "eq-second");
  self->answers = eqs_boxed_list_new (_("Moves, and whether the answers stay"));
  g_signal_connect (self->ask, "clicked", G_CALLBACK (ask_cb), self);
  gtk_box_append (GTK_BOX (self->box), eqs_heading_new (_("Does my data have this symmetry?")));
  gtk_box_append (GTK_BOX (self->box), eqs_text_new (_("A small ordinary network learns from part of the data and is asked about moved samples of the rest."), "eq-second"));
  gtk_box_append (GTK_BOX (self->box), self->answers);
  gtk_box_append (GTK_BOX (self->box), self->error);
  gtk_box_append (GTK_BOX (self->box), self->progress);
  gtk_box_append (GTK_BOX (self->box), self->ask);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  eqs_set_name (GTK_WIDGET (self), _("Symmetry of the data"));
}

GtkWidget *
eqs_symmetry_question_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsSymmetryQuestion *self = g_object_new (EQS_TYPE_SYMMETRY_QUESTION, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (eqs_session_get_data_test (session), "changed", G_CALLBACK (changed_cb), self, 0);
  g_signal_connect_object (session, "data-changed", G_CALLBACK (changed_cb), self, 0);
  update (self);
  return GTK_WIDGET (self);
}

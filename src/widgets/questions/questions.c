/* Each change of an answer asks the guide anew in a worker; what was asked before is dropped. */

#include "widgets/questions/questions.h"

#include "draw/plan.h"
#include "draw/topology.h"
#include "model/compile.h"
#include "widgets/columns.h"
#include "widgets/numbers.h"
#include "widgets/parts.h"
#include "widgets/picker/group-picture.h"
#include "widgets/theme.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  EqsAnswers  answers;
  EqsAnswer  *answer;      /* owned (nullable) */
  EqsCheck   *check;       /* owned (nullable): of the chosen design */
  char       *data;        /* owned (nullable): title of the data it is fed with */
  GError     *error;       /* owned (nullable) */
} Asking;

struct _EqsQuestions
{
  GtkWindow     parent_instance;

  EqsAnswers    answers;
  Asking       *shown;             /* owned (nullable): what is shown at the right */
  char         *source;            /* owned (nullable): the data that the first answers are from */
  guint         serial;            /* of the answers */
  const char   *from_data[EQS_N_QUESTIONS];
  gboolean      settled, create_wanted;
  GtkWidget    *create, *count, *picture, *pill, *result, *reasons;    /* borrowed */
  GtkWidget    *sections[EQS_N_QUESTIONS], *titles[EQS_N_QUESTIONS], *choices[EQS_N_QUESTIONS], *notes[EQS_N_QUESTIONS];
};

G_DEFINE_FINAL_TYPE (EqsQuestions, eqs_questions, GTK_TYPE_WINDOW)

static guint create_signal;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_clear_pointer (&self->check, eqs_check_unref);
  g_clear_pointer (&self->answer, eqs_answer_free);
  g_clear_error (&self->error);
  g_free (self->data);
  g_free (self);
}

static EqsDocument *
design_of (EqsQuestions *self)
{
  const Asking *asking = self->shown;

  return asking == NULL || asking->answer == NULL || asking->answer->chosen == NULL ? NULL : asking->answer->chosen->design;
}

/* The question what a sample is; it decides what else is asked, so it comes first. */
#define SAMPLES 2

static const guint order[EQS_N_QUESTIONS] = { 2, 0, 1, 3, 4, 5, 6, 7, 8, 9 };

/* The number that people see: questions are counted as they stand on the sheet. */
static guint
place_of (guint question)
{
  guint place = 0;

  while (order[place] != question)
    place++;
  return place + 1;
}

/* ---- the design ---- */

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsQuestions *self = data;
  EqsDocument  *design = design_of (self);
  const Asking *asking;
  double        w, h, scale;

  if (design == NULL)
    return;
  asking = self->shown;
  eqs_draw_topology_size (design, asking->check, &w, &h);
  scale = MIN (1, MIN (width / w, height / h));
  cairo_translate (cr, (width - w * scale) / 2, (height - h * scale) / 2);
  cairo_scale (cr, scale, scale);
  eqs_draw_topology (cr, design, asking->check, eqs_theme_is_dark ());
}

static void
go_to_cb (GtkButton *button, EqsQuestions *self)
{
  const guint question = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "question"));

  gtk_widget_child_focus (self->choices[question], GTK_DIR_TAB_FORWARD);
}

/* A line of the specification with the way back to the question it comes from. */
static void
append_line (EqsQuestions *self, const char *title, const char *text, int question)
{
  GtkWidget *end = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *label = eqs_text_new (text, NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_label_set_width_chars (GTK_LABEL (label), (int) MIN (g_utf8_strlen (text, -1), 28));
  if (g_utf8_strlen (text, -1) <= 12)
    gtk_label_set_wrap (GTK_LABEL (label), FALSE);      /* a word is not broken for want of a pixel */
  gtk_box_append (GTK_BOX (end), label);
  if (question >= 0)
    {
      g_autofree char *from = g_strdup_printf (_("from %u"), place_of (question)), *name = g_strdup_printf (_("%s: go to question %u"), title, place_of (question));
      GtkWidget       *button = gtk_button_new_with_label (from);

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "eq-caption");
      eqs_set_name (button, name);
      g_object_set_data (G_OBJECT (button), "question", GUINT_TO_POINTER ((guint) question));
      g_signal_connect (button, "clicked", G_CALLBACK (go_to_cb), self);
      gtk_box_append (GTK_BOX (end), button);
    }
  eqs_row_append (self->result, title, end);
}

static const char *
choice_title (const EqsAnswers *answers, guint question)
{
  for (const EqsChoice *choice = eqs_question_texts[question].choices; choice->value != NULL; choice++)
    if (strcmp (choice->value, eqs_answers_get (answers, question)) == 0)
      return eqs_question_words (choice->title, eqs_answers_get (answers, SAMPLES));
  return "";
}

static void
append_score (EqsQuestions *self, const char *title, double value)
{
  GtkWidget       *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *label = eqs_text_new (title, "eq-second"), *bar = gtk_level_bar_new ();
  g_autofree char *name = g_strdup_printf (_("%s: %.2f of 1"), title, value);

  gtk_widget_set_size_request (label, 130, -1);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), CLAMP (value, 0, 1));
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (bar, name);
  eqs_set_name (bar, name);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), bar);
  gtk_box_append (GTK_BOX (self->reasons), line);
}

static void
show_reasons (EqsQuestions *self, const EqsAnswer *answer)
{
  if (answer->note != NULL)
    gtk_box_append (GTK_BOX (self->reasons), eqs_text_new (answer->note, "eq-warn"));
  if (answer->chosen != NULL)
    {
      gtk_box_append (GTK_BOX (self->reasons), eqs_heading_new (_("Why this design")));
      for (guint i = 0; i < answer->chosen->reasons->len; i++)
        gtk_box_append (GTK_BOX (self->reasons), eqs_text_new (g_ptr_array_index (answer->chosen->reasons, i), "eq-second"));
      gtk_box_append (GTK_BOX (self->reasons), eqs_text_new (_("How well it fits; rules of thumb, not measured:"), "eq-second"));
      append_score (self, _("Match with the group"), answer->chosen->match);
      append_score (self, _("Expressiveness"), answer->chosen->expressiveness);
      append_score (self, _("Efficiency"), answer->chosen->efficiency);
      append_score (self, _("Exactness"), answer->chosen->exactness);
      append_score (self, _("Support of libraries"), answer->chosen->support);
    }
  gtk_box_append (GTK_BOX (self->reasons), eqs_heading_new (_("What was not taken")));
  for (guint i = 0; i < answer->candidates->len; i++)
    {
      const EqsCandidate *candidate = g_ptr_array_index (answer->candidates, i);
      g_autofree char    *text = candidate->rejected == NULL ? NULL : g_strdup_printf ("%s. %s", candidate->title, candidate->rejected);

      if (text != NULL)
        gtk_box_append (GTK_BOX (self->reasons), eqs_text_new (text, "eq-second"));
    }
}

static char *
dup_symmetry (EqsDocument *design)
{
  EqkSymmetry      symmetry;
  g_autofree char *title = NULL, *notation = NULL;

  if (!eqs_compile_symmetry (design, &symmetry, NULL))
    return g_strdup (eqs_document_get_group (design));
  title = eqs_symmetry_dup_title (&symmetry);
  notation = eqs_symmetry_dup_notation (&symmetry);
  return g_strdup_printf (_("%s, %s"), title, notation);
}

static void
show_design (EqsQuestions *self, const Asking *asking)
{
  const EqsCandidate *chosen = asking->answer->chosen;
  g_autofree char    *symmetry = dup_symmetry (chosen->design);
  g_autofree char    *family = g_strdup_printf (_("%s, score %.2f"), chosen->title, chosen->score), *parameters = NULL, *macs = NULL, *arena = NULL, *cost = NULL, *problems = NULL;
  guint               errors = 0;

  append_line (self, _("Symmetry"), symmetry, 0);
  append_line (self, _("Kind"), choice_title (&asking->answers, 1), 1);
  append_line (self, _("Samples"), choice_title (&asking->answers, 2), 2);
  append_line (self, _("Task"), choice_title (&asking->answers, 3), 3);
  append_line (self, _("Family"), family, -1);
  append_line (self, _("Topology"), chosen->topology, -1);
  append_line (self, _("Library"), chosen->library, -1);
  if (asking->check != NULL && asking->check->program != NULL)
    {
      parameters = eqs_count_dup_text (asking->check->parameters);
      macs = eqs_macs_dup_text (asking->check->macs);
      arena = eqs_bytes_dup_text (asking->check->arena_bytes);
      /* Translators: parameters, work for one sample, memory. */
      cost = g_strdup_printf (_("%s parameters · %s · arena %s"), parameters, macs, arena);
      append_line (self, _("Cost"), cost, 4);
    }
  append_line (self, _("Data"), self->source != NULL ? self->source : asking->data != NULL ? asking->data : _("none yet"), -1);
  for (guint i = 0; asking->check != NULL && i < asking->check->problems->len; i++)
    errors += ((const EqsProblem *) g_ptr_array_index (asking->check->problems, i))->severity == EQK_SEVERITY_ERROR;
  problems = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u problem", "%u problems", errors), errors);
  gtk_label_set_label (GTK_LABEL (self->pill), problems);
  gtk_widget_remove_css_class (self->pill, errors > 0 ? "eq-good" : "eq-bad");
  gtk_widget_add_css_class (self->pill, errors > 0 ? "eq-bad" : "eq-good");
}

/* ---- asking ---- */

static void
create_now (EqsQuestions *self)
{
  EqsDocument *design = design_of (self);

  self->create_wanted = FALSE;
  if (design == NULL)
    return;
  g_signal_emit (self, create_signal, 0, design);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
ask_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsQuestions *self = EQS_QUESTIONS (source);
  Asking       *asking = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->result == NULL || GPOINTER_TO_UINT (data) != self->serial)
    {
      asking_free (asking);
      return;
    }
  g_clear_pointer (&self->shown, asking_free);
  self->shown = asking;
  eqs_box_clear (self->result);
  eqs_box_clear (self->reasons);
  if (asking->answer == NULL)
    gtk_box_append (GTK_BOX (self->reasons), eqs_text_new (asking->error->message, "eq-bad"));
  else
    {
      if (asking->answer->chosen != NULL)
        show_design (self, asking);
      show_reasons (self, asking->answer);
    }
  gtk_widget_set_visible (self->result, design_of (self) != NULL);
  gtk_widget_set_visible (self->pill, design_of (self) != NULL);
  gtk_widget_queue_draw (self->picture);
  gtk_widget_set_sensitive (self->create, design_of (self) != NULL);
  self->settled = TRUE;
  if (self->create_wanted)
    create_now (self);
}

static void
ask_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Asking *asking = data;

  asking->answer = eqs_answers_ask (&asking->answers, &asking->error);
  if (asking->answer != NULL && asking->answer->chosen != NULL)
    {
      const char *name = eqs_map_get_string (eqs_document_get_section (asking->answer->chosen->design, EQS_SECTION_DATA), "name", NULL);
      g_autoptr (EqsDataset) dataset = name == NULL ? NULL : eqs_dataset_open (name, NULL);

      asking->check = eqs_check_new (asking->answer->chosen->design, NULL);
      asking->data = g_strdup (dataset != NULL ? eqs_dataset_get_title (dataset) : name);
    }
  g_task_return_pointer (task, asking, asking_free);
}

static void
ask (EqsQuestions *self)
{
  g_autoptr (GTask) task = eqs_weak_task_new (self, NULL, ask_done_cb, GUINT_TO_POINTER (++self->serial), NULL);
  Asking           *asking = g_new0 (Asking, 1);
  const guint       n = eqs_answers_count (&self->answers);
  g_autofree char  *count = g_strdup_printf (_("%u answered, %u on their defaults"), n, EQS_N_QUESTIONS - n);

  asking->answers = self->answers;
  self->settled = FALSE;
  gtk_label_set_label (GTK_LABEL (self->count), count);
  g_task_set_task_data (task, asking, NULL);     /* comes back as the result */
  g_task_run_in_thread (task, ask_worker);
}

/* Waits for the answers as they are: a design of older ones is not what was asked for. */
static void
create_cb (EqsQuestions *self)
{
  if (self->settled)
    create_now (self);
  else
    self->create_wanted = TRUE;
}

/* ---- the questions ---- */

/* In the words of its kind of samples. */
static void
say_choice (GtkWidget *button, const EqsChoice *choice, const char *domain)
{
  gtk_label_set_label (g_object_get_data (G_OBJECT (button), "title"), eqs_question_words (choice->title, domain));
  eqs_set_name (button, eqs_question_words (choice->title, domain));
  if (choice->about != NULL)
    gtk_label_set_label (g_object_get_data (G_OBJECT (button), "about"), eqs_question_words (choice->about, domain));
}

static void
show_answers (EqsQuestions *self)
{
  const char *domain = eqs_answers_get (&self->answers, SAMPLES);

  for (guint q = 0; q < EQS_N_QUESTIONS; q++)
    {
      const gboolean   is_from_data = self->answers.given[q] != NULL && self->answers.given[q] == self->from_data[q];
      /* Translators: the name of a set of data. */
      g_autofree char *note = self->answers.unsure[q] ? g_strdup (_(eqs_question_texts[q].unsure)) : is_from_data ? g_strdup_printf (_("Read from “%s”."), self->source)
                              : self->answers.given[q] != NULL ? g_strdup ("")
                              : g_strdup_printf (_("On its default: %s."), choice_title (&self->answers, q));

      for (GtkWidget *child = gtk_widget_get_first_child (self->choices[q]); child != NULL; child = gtk_widget_get_next_sibling (child))
        {
          GtkWidget       *button = gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child));
          const EqsChoice *choice = g_object_get_data (G_OBJECT (button), "choice");

          gtk_widget_set_visible (child, eqs_choice_is_offered (choice, &self->answers));
          say_choice (button, choice, domain);
          gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), strcmp (choice->value, eqs_answers_get (&self->answers, q)) == 0);
        }
      gtk_label_set_label (GTK_LABEL (self->titles[q]), eqs_question_words (eqs_question_texts[q].title, domain));
      gtk_label_set_label (GTK_LABEL (self->notes[q]), note);
      gtk_widget_set_visible (self->notes[q], note[0] != '\0');
    }
}

static void
choice_cb (GtkButton *button, EqsQuestions *self)
{
  const EqsChoice *choice = g_object_get_data (G_OBJECT (button), "choice");

  eqs_answers_set (&self->answers, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "question")), choice->value);
  show_answers (self);
  ask (self);
}

static void
unsure_cb (GtkButton *button, EqsQuestions *self)
{
  const guint question = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "question"));

  eqs_answers_set (&self->answers, question, NULL);
  self->answers.unsure[question] = TRUE;
  show_answers (self);
  ask (self);
}

static GtkWidget *
make_choice (EqsQuestions *self, guint question, const EqsChoice *choice, GtkWidget *group)
{
  GtkWidget *button = gtk_toggle_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *title = eqs_text_new (_(choice->title), "eq-name");
  const EqkGroup *shown = question == 0 ? eqk_group_get (choice->value) : NULL;

  if (shown != NULL && eqk_group_get_space_dim (shown) != 3)
    gtk_box_append (GTK_BOX (box), eqs_group_picture_new (shown, 64));
  gtk_label_set_max_width_chars (GTK_LABEL (title), 18);
  gtk_box_append (GTK_BOX (box), title);
  if (choice->about != NULL)
    {
      GtkWidget *about = eqs_text_new (_(choice->about), "eq-caption");

      gtk_label_set_max_width_chars (GTK_LABEL (about), 18);
      gtk_box_append (GTK_BOX (box), about);
      g_object_set_data (G_OBJECT (button), "about", about);
    }
  g_object_set_data (G_OBJECT (button), "title", title);
  gtk_button_set_child (GTK_BUTTON (button), box);
  if (group != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (group));
  gtk_widget_add_css_class (button, "eq-choice");
  eqs_set_name (button, _(choice->title));
  g_object_set_data (G_OBJECT (button), "choice", (gpointer) choice);
  g_object_set_data (G_OBJECT (button), "question", GUINT_TO_POINTER (question));
  g_signal_connect (button, "clicked", G_CALLBACK (choice_cb), self);
  return button;
}

static GtkWidget *
make_section (EqsQuestions *self, guint question)
{
  const EqsQuestionText *text = &eqs_question_texts[question];
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10), *unsure = gtk_button_new_with_label (_("Not sure"));
  GtkWidget       *title = eqs_text_new (_(text->title), "eq-name"), *first = NULL;
  g_autofree char *number = g_strdup_printf ("%u", place_of (question)), *name = g_strdup_printf (_("Not sure about question %u"), place_of (question));

  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (line), eqs_pill_new (number, "eq-chip"));
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), unsure);
  gtk_widget_set_valign (unsure, GTK_ALIGN_CENTER);
  eqs_set_name (unsure, name);
  g_object_set_data (G_OBJECT (unsure), "question", GUINT_TO_POINTER (question));
  g_signal_connect (unsure, "clicked", G_CALLBACK (unsure_cb), self);
  self->titles[question] = title;
  self->notes[question] = eqs_text_new ("", "eq-second");
  self->choices[question] = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->choices[question]), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->choices[question]), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->choices[question]), 4);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (self->choices[question]), 2);
  eqs_set_name (self->choices[question], _(text->title));
  for (const EqsChoice *choice = text->choices; choice->value != NULL; choice++)
    {
      GtkWidget *button = make_choice (self, question, choice, first);

      first = first == NULL ? button : first;
      gtk_flow_box_append (GTK_FLOW_BOX (self->choices[question]), button);
      gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
    }
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->choices[question]);
  gtk_box_append (GTK_BOX (box), self->notes[question]);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  return box;
}

/* ---- the sheet ---- */

static GtkWidget *
scrolled (GtkWidget *child, const char *name)
{
  GtkWidget *scroll = eqs_scrolled_new (child, name);

  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroll), 240);
  gtk_widget_set_vexpand (scroll, TRUE);
  return scroll;
}

static GtkWidget *
make_left (EqsQuestions *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  for (guint i = 0; i < EQS_N_QUESTIONS; i++)
    gtk_box_append (GTK_BOX (box), self->sections[order[i]] = make_section (self, order[i]));
  gtk_widget_add_css_class (box, "eq-sheet-part");
  return scrolled (box, _("Questions"));
}

static GtkWidget *
make_right (EqsQuestions *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *title = eqs_text_new (_("The design so far"), "eq-panel-title"), *scroll;

  self->pill = eqs_pill_new ("", "eq-good");
  self->picture = gtk_drawing_area_new ();
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->picture), 250);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->picture), draw_cb, self, NULL);
  gtk_widget_add_css_class (self->picture, "eq-paper");
  eqs_set_name (self->picture, _("The design so far"));
  self->result = eqs_boxed_list_new (_("Specification"));
  self->reasons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), self->pill);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->picture);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Specification")));
  gtk_box_append (GTK_BOX (box), self->result);
  gtk_box_append (GTK_BOX (box), self->reasons);
  gtk_widget_add_css_class (box, "eq-sheet-part");
  scroll = scrolled (box, _("The design so far"));
  gtk_widget_add_css_class (scroll, "eq-sheet-side");
  return scroll;
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  gtk_window_destroy (GTK_WINDOW (widget));
  return TRUE;
}

GtkWidget *
eqs_questions_new (void)
{
  return g_object_new (EQS_TYPE_QUESTIONS, "modal", TRUE, "default-width", 1240, "default-height", 780, NULL);
}

GtkWidget *
eqs_questions_new_for_data (EqsDataset *dataset)
{
  g_return_val_if_fail (EQS_IS_DATASET (dataset), NULL);

  EqsQuestions *self = EQS_QUESTIONS (eqs_questions_new ());

  self->source = g_strdup (eqs_dataset_get_title (dataset));
  eqs_answers_set_data (&self->answers, eqs_dataset_get_domain (dataset), eqs_dataset_get_task (dataset));
  for (guint i = 0; i < EQS_N_QUESTIONS; i++)
    self->from_data[i] = self->answers.given[i];
  show_answers (self);
  ask (self);
  return GTK_WIDGET (self);
}

static void
eqs_questions_dispose (GObject *object)
{
  EqsQuestions *self = EQS_QUESTIONS (object);

  self->result = NULL;
  g_clear_pointer (&self->source, g_free);
  G_OBJECT_CLASS (eqs_questions_parent_class)->dispose (object);
  g_clear_pointer (&self->shown, asking_free);
}

static void
eqs_questions_class_init (EqsQuestionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_questions_dispose;
  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, escape_cb, NULL);
  create_signal = g_signal_new ("create", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, EQS_TYPE_DOCUMENT);
}

static void
eqs_questions_init (EqsQuestions *self)
{
  GtkWidget *header = gtk_header_bar_new (), *cancel = gtk_button_new_with_label (_("Cancel"));

  gtk_window_set_title (GTK_WINDOW (self), _("10 questions"));
  self->create = gtk_button_new_with_label (_("Create design"));
  gtk_widget_add_css_class (self->create, "suggested-action");
  self->count = eqs_line_new ("", "eq-second");
  g_signal_connect_swapped (self->create, "clicked", G_CALLBACK (create_cb), self);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_destroy), self);
  gtk_header_bar_set_show_title_buttons (GTK_HEADER_BAR (header), FALSE);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), cancel);
  gtk_header_bar_pack_end (GTK_HEADER_BAR (header), self->create);
  gtk_header_bar_pack_end (GTK_HEADER_BAR (header), self->count);
  gtk_window_set_titlebar (GTK_WINDOW (self), header);
  gtk_window_set_child (GTK_WINDOW (self), eqs_columns_new (make_left (self), make_right (self), 0.5, 0, 880, 0));
  show_answers (self);
  ask (self);
}

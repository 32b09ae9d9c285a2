/* Ten questions: every design they make checks without errors, answers are kept in it, what cannot be is explained. */

#include "widgets/questions/questions.h"

#include "model/compile.h"
#include "wait-for.h"
#include "widgets/theme.h"

#include <adwaita.h>
#include <string.h>

static void
create_cb (GtkWidget *sheet, EqsDocument *document, EqsDocument **out)
{
  g_set_object (out, document);
}

static guint
count_errors (EqsDocument *document)
{
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);
  guint n = 0;

  for (guint i = 0; i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      g_test_message ("%s at %s: %s", problem->code, problem->node, problem->message);
      n += problem->severity == EQK_SEVERITY_ERROR;
    }
  return n;
}

/* Three clicks in the sheet: a domain, a symmetry, create. */
static void
test_clicks (void)
{
  GtkWidget *sheet = eqs_questions_new ();
  g_autoptr (EqsDocument) document = NULL;
  const EqsMap *kept;

  g_object_add_weak_pointer (G_OBJECT (sheet), (gpointer *) &sheet);
  g_signal_connect (sheet, "create", G_CALLBACK (create_cb), &document);
  gtk_window_present (GTK_WINDOW (sheet));
  g_signal_emit_by_name (find_named (sheet, "An image"), "clicked");
  g_signal_emit_by_name (find_named (sheet, "Quarter turns and mirrors"), "clicked");
  g_signal_emit_by_name (gtk_widget_get_parent (find_text (sheet, "Create design")), "clicked");
  WAIT_FOR (document != NULL && sheet == NULL);
  g_assert_cmpstr (eqs_document_get_group (document), ==, "D4");
  g_assert_cmpuint (count_errors (document), ==, 0);
  g_assert_nonnull (eqs_document_get_entry (document, EQS_SECTION_DATA, "name"));
  kept = eqs_value_get_map (eqs_document_get_entry (document, EQS_SECTION_SPEC, "questionnaire"));
  g_assert_cmpstr (eqs_map_get_string (kept, "q1", NULL), ==, "D4");
  g_assert_cmpstr (eqs_map_get_string (kept, "q3", NULL), ==, "image");
  g_assert_null (eqs_map_get (kept, "q4"));
}

/* Each choice that is offered, the others on their defaults, makes a design without errors; or a sentence says why it cannot be. */
static void
test_choices (void)
{
  guint n = 0;

  for (guint q = 0; q < EQS_N_QUESTIONS; q++)
    for (const EqsChoice *choice = eqs_question_texts[q].choices; choice->value != NULL; choice++)
      {
        EqsAnswers            answers = { { NULL }, { FALSE } };
        g_autoptr (GError)    error = NULL;
        g_autoptr (EqsAnswer) answer = NULL;

        /* Each asking takes a while: tasks here, groups by the tests of the guide. */
        if (!eqs_choice_is_offered (choice, &answers) || (q != 3 && q != 9) || strcmp (eqs_answers_get (&answers, q), choice->value) == 0)
          continue;
        eqs_answers_set (&answers, q, choice->value);
        g_assert_cmpstr (eqs_answers_get (&answers, q), ==, choice->value);
        answer = eqs_answers_ask (&answers, &error);
        g_test_message ("question %u: %s", q + 1, choice->value);
        /* That a class moves along is refused with the reason. */
        if (q == 9 && strcmp (choice->value, "moves") == 0)
          {
            g_assert_null (answer);
            g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
            continue;
          }
        g_assert_no_error (error);
        g_assert_nonnull (answer->chosen);
        g_assert_cmpuint (count_errors (answer->chosen->design), ==, 0);
        n++;
      }
  g_assert_cmpuint (n, >, 1);
}

/* Sets and graphs: whatever is offered makes a design of Sn without errors; what is said of relations decides the family. */
static void
test_permutations (void)
{
  static const struct { const char *domain, *rule, *family; } decided[] = {
    { "set", "alone", "deepsets" }, { "set", "interacting", "set-transformer" }, { "graph", "links", "gin" }, { "graph", "edge-features", "mpnn" }, { "graph", "patterns", "ign" } };
  static const char *const domains[] = { "set", "graph" };

  for (guint d = 0; d < G_N_ELEMENTS (domains); d++)
    for (guint q = 0; q < EQS_N_QUESTIONS; q++)
      for (const EqsChoice *choice = eqs_question_texts[q].choices; choice->value != NULL; choice++)
        {
          EqsAnswers            answers = { { NULL }, { FALSE } };
          g_autoptr (GError)    error = NULL;
          g_autoptr (EqsAnswer) answer = NULL;

          eqs_answers_set (&answers, 2, domains[d]);
          g_assert_cmpstr (eqs_answers_get (&answers, 0), ==, "Sn");
          if (q == 2 || !eqs_choice_is_offered (choice, &answers) || strcmp (eqs_answers_get (&answers, q), choice->value) == 0)
            continue;
          eqs_answers_set (&answers, q, choice->value);
          answer = eqs_answers_ask (&answers, &error);
          g_test_message ("%s, question %u: %s", domains[d], q + 1, choice->value);
          if (q == 9)                /* a class does not move */
            {
              g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
              continue;
            }
          g_assert_no_error (error);
          g_assert_nonnull (answer->chosen);
          g_assert_cmpstr (eqs_document_get_group (answer->chosen->design), ==, "Sn");
          g_assert_cmpuint (count_errors (answer->chosen->design), ==, 0);
          g_assert_nonnull (eqs_document_get_entry (answer->chosen->design, EQS_SECTION_DATA, "name"));
          for (guint i = 0; i < G_N_ELEMENTS (decided) && q == 8; i++)
            if (strcmp (decided[i].domain, domains[d]) == 0 && strcmp (decided[i].rule, choice->value) == 0)
              g_assert_cmpstr (answer->chosen->id, ==, decided[i].family);
        }
}

/* Sets and graphs are not turned: what is asked and offered speaks of places. */
static void
test_words (void)
{
  GtkWidget *sheet = eqs_questions_new ();

  gtk_window_present (GTK_WINDOW (sheet));
  for (guint i = 0; i < 3; i++)
    {
      const gboolean ordered = i == 1;

      if (i > 0)
        g_signal_emit_by_name (find_named (sheet, ordered ? "A graph" : "An image"), "clicked");
      g_assert_true ((find_text (sheet, "When the input turns, should the answer stay or turn with it?") != NULL) == !ordered);
      g_assert_true ((find_text (sheet, "When items change places, should the answer stay or change places with them?") != NULL) == ordered);
      g_assert_true ((find_named (sheet, "The answer turns along") != NULL) == !ordered);
    }
  g_assert_cmpstr (eqs_answer_title ("equivariant", "graph"), ==, "The answers change places along");
  g_assert_cmpstr (eqs_answer_title ("equivariant", "molecule"), ==, "The answer turns along");
  gtk_window_destroy (GTK_WINDOW (sheet));
}

static void
test_group (void)
{
  static const struct { const char *q1, *q6, *q8, *q9, *group; } rows[] = {
    { NULL, NULL, NULL, NULL, "C4" }, { "D4", NULL, NULL, NULL, "D4" }, { "D4", NULL, "not-mirrors", NULL, "C4" },
    { "C4", NULL, NULL, "mirror-equal", "D4" }, { "D4", "up", NULL, NULL, "D1@axis=90" }, { "C4", "up", NULL, NULL, "triv" },
    { "D4", NULL, "not-turns", NULL, "D1@axis=90" }, { "SO2", NULL, NULL, "mirror-equal", "O2" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      EqsAnswers       answers = { { NULL }, { FALSE } };
      g_autofree char *group = NULL;

      eqs_answers_set (&answers, 0, rows[i].q1);
      eqs_answers_set (&answers, 5, rows[i].q6);
      eqs_answers_set (&answers, 7, rows[i].q8);
      eqs_answers_set (&answers, 8, rows[i].q9);
      group = eqs_answers_dup_group (&answers);
      g_assert_cmpstr (group, ==, rows[i].group);
    }
}

/* Defaults follow the other answers; what is not offered is not taken. */
static void
test_defaults (void)
{
  EqsAnswers answers = { { NULL }, { FALSE } };

  g_assert_cmpstr (eqs_answers_get (&answers, 3), ==, "classification");
  eqs_answers_set (&answers, 1, "equivariant");
  g_assert_cmpstr (eqs_answers_get (&answers, 3), ==, "segmentation");
  g_assert_cmpstr (eqs_answers_get (&answers, 9), ==, "moves");
  eqs_answers_set (&answers, 1, NULL);
  eqs_answers_set (&answers, 3, "segmentation");
  g_assert_cmpstr (eqs_answers_get (&answers, 1), ==, "equivariant");
  eqs_answers_set (&answers, 0, "Sn");
  g_assert_cmpstr (eqs_answers_get (&answers, 0), ==, "C4");
  g_assert_cmpuint (eqs_answers_count (&answers), ==, 1);
}

/* Closed while the guide still thinks. */
static void
test_gone (void)
{
  GtkWidget *sheet = eqs_questions_new ();

  g_object_add_weak_pointer (G_OBJECT (sheet), (gpointer *) &sheet);
  gtk_window_present (GTK_WINDOW (sheet));
  gtk_window_destroy (GTK_WINDOW (sheet));
  WAIT_FOR (sheet == NULL);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  eqs_theme_load ();
  g_test_add_func ("/questions/group", test_group);
  g_test_add_func ("/questions/defaults", test_defaults);
  g_test_add_func ("/questions/clicks", test_clicks);
  g_test_add_func ("/questions/gone", test_gone);
  g_test_add_func ("/questions/words", test_words);
  g_test_add_func ("/questions/choices", test_choices);
  g_test_add_func ("/questions/permutations", test_permutations);
  return g_test_run ();
}

/*
 * The ten questions over all combinations of what is offered: each gives a design without problems that can run, or a refusal with a
 * sentence. Combinations that ask the guide the same are asked once; all of them with "-m slow", else a sixth of those without limits.
 */

#include "studio/questions.h"
#include "model/compile.h"

#include <string.h>

typedef struct
{
  GHashTable *asked;         /* owned: what reaches the guide → itself */
  guint       n, n_designs, n_refused;
} Walk;

static char *
what_is_asked (const EqsAnswers *answers)
{
  g_autofree char *group = eqs_answers_dup_group (answers);

  return g_strjoin (" ", eqs_answers_get (answers, 2), eqs_answers_get (answers, 3), group, eqs_answers_get (answers, 9), eqs_answers_get (answers, 4),
                    eqs_answers_get (answers, 5), eqs_answers_get (answers, 8), NULL);
}

static void
judge (Walk *walk, const EqsAnswers *answers, const char *what)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (EqsAnswer) answer = eqs_answers_ask (answers, &error);
  g_autoptr (EqsCheck)  check = NULL;

  if (answer == NULL || answer->chosen == NULL)
    {
      const char *said = answer == NULL ? error->message : answer->note;

      g_test_message ("%s: %s", what, said);
      g_assert_true (said != NULL && strlen (said) > 20);
      walk->n_refused++;
      return;
    }
  check = eqs_check_new (answer->chosen->design, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < check->problems->len; i++)
    {
      const EqsProblem *problem = check->problems->pdata[i];

      if (problem->severity != EQK_SEVERITY_NOTE)
        g_error ("%s: %s %s", what, problem->code, problem->message);
    }
  g_assert_true (check->ok && check->program != NULL);
  walk->n_designs++;
}

static void
walk_from (Walk *walk, const EqsAnswers *answers, guint question)
{
  static const guint order[] = { 2, 0, 3, 1, 5, 6, 7, 8, 9, 4 };      /* the kind of sample first: others follow from it; limits last */

  if (question == G_N_ELEMENTS (order))
    {
      char *what = what_is_asked (answers);

      walk->n++;
      if (g_hash_table_add (walk->asked, what) && (g_test_slow () || g_str_hash (what) % 6 == 0))
        judge (walk, answers, what);
      return;
    }
  for (const EqsChoice *choice = eqs_question_texts[order[question]].choices; choice->value != NULL; choice++)
    {
      EqsAnswers next = *answers;

      if (!eqs_choice_is_offered (choice, answers) || (order[question] == 4 && choice != eqs_question_texts[4].choices && !g_test_slow ()))
        continue;
      eqs_answers_set (&next, order[question], choice->value);
      walk_from (walk, &next, question + 1);
    }
}

static void
test_all (void)
{
  const EqsAnswers none = { { NULL }, { FALSE } };
  Walk             walk = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), 0, 0, 0 };

  walk_from (&walk, &none, 0);
  g_test_message ("%u combinations, %u different: %u designs, %u refusals", walk.n, g_hash_table_size (walk.asked), walk.n_designs, walk.n_refused);
  g_assert_cmpuint (walk.n_designs, >, 10);
  g_hash_table_unref (walk.asked);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/questions/all", test_all);
  return g_test_run ();
}

/* Counts against limits, and the widths that keep them. */

#include "model/budget.h"

#include "model/widths.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { N_LIMITS = 4, MAX_TRIALS = 6 };

static const char *const keys[N_LIMITS] = { "max_parameters", "max_macs", "max_weight_bytes", "max_arena_bytes" };

static double
counted (const EqsCheck *check, int limit)
{
  const double values[N_LIMITS] = { (double) check->parameters, check->macs, (double) check->weight_bytes, (double) check->arena_bytes };

  return values[limit];
}

static double
limit_of (EqsDocument *document, int limit)
{
  return eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_SPEC), keys[limit], 0);
}

/* By how much the widths should shrink: costs grow with the square of the width. 1 or more: all limits hold. */
static double
slack (const EqsCheck *check, EqsDocument *document)
{
  double least = G_MAXDOUBLE;

  for (int i = 0; i < N_LIMITS; i++)
    if (limit_of (document, i) > 0)
      least = MIN (least, sqrt (limit_of (document, i) / MAX (counted (check, i), 1)));
  return least;
}

/* Edits after which all limits hold and nothing is blocked that was not; NULL: not found. */
static GPtrArray *
fitting_widths (const EqsCheck *check, EqsDocument *document)
{
  double factor = slack (check, document);

  for (int i = 0; i < MAX_TRIALS; i++)
    {
      g_autoptr (EqsDocument) copy = eqs_document_dup (document);
      g_autoptr (GPtrArray)   edits = eqs_widths_edits (document, factor);
      g_autoptr (EqsCheck)    trial = NULL;

      if (edits->len == 0 || !eqs_edits_apply (edits, copy, NULL))
        return NULL;
      trial = eqs_check_new_without_search (copy, NULL);
      if (trial == NULL || trial->program == NULL)
        return NULL;
      if (slack (trial, document) >= 1)
        return trial->blocks <= check->blocks ? g_steal_pointer (&edits) : NULL;
      factor *= MIN (slack (trial, document), 0.9);
    }
  return NULL;
}

static const EqsNodeCost *
largest_node (const EqsCheck *check, gboolean by_macs)
{
  const EqsNodeCost *largest = NULL;

  for (guint k = 0; k < check->nodes->len; k++)
    {
      const EqsNodeCost *cost = &g_array_index (check->nodes, EqsNodeCost, k);

      if (largest == NULL || (by_macs ? cost->macs > largest->macs : cost->parameters > largest->parameters))
        largest = cost;
    }
  return largest;
}

static EqsProblem *
problem_new (const EqsCheck *check, EqsDocument *document, int limit)
{
  const EqkLintRule *rule = eqk_lint_find ("W-BUDGET");
  const EqsNodeCost *largest = largest_node (check, strcmp (keys[limit], "max_macs") == 0);
  g_autofree char   *args = g_strdup_printf ("x=%.0f limit=%.0f node='%s'", counted (check, limit), limit_of (document, limit), largest == NULL ? "" : largest->id);
  char               message[256];

  eqk_lint_format (_(rule->message), args, message, sizeof message);
  return eqs_problem_new ("W-BUDGET", NULL, NULL, message, _(rule->why));
}

void
eqs_budget_add_problems (EqsCheck *check, EqsDocument *document)
{
  g_autoptr (GPtrArray) widths = NULL;
  gboolean searched = FALSE;

  for (int i = 0; i < N_LIMITS; i++)
    {
      EqsProblem *problem;

      if (limit_of (document, i) <= 0 || counted (check, i) <= limit_of (document, i))
        continue;
      if (!searched)
        widths = fitting_widths (check, document);
      searched = TRUE;
      problem = problem_new (check, document, i);
      for (guint k = 0; widths != NULL && k < widths->len; k++)
        if (k == 0)
          eqs_problem_add_fix (problem, _("Make all layers narrower, to keep within the limits"), eqs_edit_copy (widths->pdata[k]));
        else
          g_ptr_array_add (((EqsFix *) g_ptr_array_index (problem->fixes, 0))->edits, eqs_edit_copy (widths->pdata[k]));
      g_ptr_array_add (check->problems, problem);
    }
}

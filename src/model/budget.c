/* Counts against limits, and the widths that keep them. */

#include "model/budget.h"

#include "model/widths.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { N_LIMITS = 4, MAX_TRIALS = 6, MAX_WIDENINGS = 48 };

/* Steps by which single layers are widened once all together fit, how far, and when the limit is met closely enough. */
#define WIDEN_STEP  1.04
#define WIDEN_MOST  1.6
#define NEAR_ENOUGH 0.97

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

/* Whether all limits hold after these edits and nothing is blocked that was not. @param left (out): the slack; 0: it cannot run */
static gboolean
try_edits (GPtrArray *edits, const EqsCheck *check, EqsDocument *document, double *left)
{
  g_autoptr (EqsDocument) copy = eqs_document_dup (document);
  g_autoptr (EqsCheck)    trial = NULL;

  *left = edits->len == 0 ? slack (check, document) : 0;     /* a factor that rounding swallows: the design as it is */
  if (edits->len == 0 || !eqs_edits_apply (edits, copy, NULL))
    return FALSE;
  trial = eqs_check_new_without_search (copy, NULL);
  if (trial == NULL || trial->program == NULL)
    return FALSE;
  *left = slack (trial, document);
  return *left >= 1 && trial->blocks <= check->blocks;
}

static const EqsEdit *
find_edit (GPtrArray *edits, const EqsEdit *like)
{
  for (guint i = 0; i < edits->len; i++)
    {
      const EqsEdit *edit = edits->pdata[i];

      if (strcmp (edit->node, like->node) == 0 && strcmp (edit->name, like->name) == 0)
        return edit;
    }
  return NULL;
}

static GPtrArray *
copy_edits (GPtrArray *edits)
{
  GPtrArray *copy = eqs_edits_new ();

  for (guint i = 0; i < edits->len; i++)
    g_ptr_array_add (copy, eqs_edit_copy (edits->pdata[i]));
  return copy;
}

/* The edits with number `i` as the wider ones have it; NULL: no difference. A setting that those leave alone stays as it is. */
static GPtrArray *
with_one_wider (GPtrArray *edits, guint i, GPtrArray *wider)
{
  const EqsEdit *now = edits->pdata[i], *other = find_edit (wider, now);
  GPtrArray     *copy;

  if (other != NULL && eqs_value_equal (other->value, now->value))
    return NULL;
  copy = copy_edits (edits);
  g_ptr_array_remove_index (copy, i);
  if (other != NULL)
    g_ptr_array_insert (copy, (int) i, eqs_edit_copy (other));
  return copy;
}

/* Numbers of fields are whole, so that one factor for all layers stays well below a limit: they are widened one by one, as far as it goes. */
static GPtrArray *
widened (GPtrArray *edits, double factor, const EqsCheck *check, EqsDocument *document)
{
  int trials = 0;

  for (double wider = factor * WIDEN_STEP; wider < factor * WIDEN_MOST && wider <= 1 && trials < MAX_WIDENINGS; wider *= WIDEN_STEP)
    {
      g_autoptr (GPtrArray) all = eqs_widths_edits (document, wider);
      guint i = 0;

      while (i < edits->len && trials < MAX_WIDENINGS)
        {
          g_autoptr (GPtrArray) one = with_one_wider (edits, i, all);
          double left = 0;

          if (one != NULL && ++trials > 0 && try_edits (one, check, document, &left))
            {
              i += one->len == edits->len ? 1 : 0;
              g_ptr_array_unref (edits);
              edits = g_steal_pointer (&one);
            }
          else
            i++;
          if (left >= 1 && left * left * NEAR_ENOUGH < 1)
            return edits;
        }
    }
  return edits;
}

/* Edits after which all limits hold and nothing is blocked that was not; NULL: not found. */
static GPtrArray *
fitting_widths (const EqsCheck *check, EqsDocument *document)
{
  double factor = slack (check, document);

  for (int i = 0; i < MAX_TRIALS; i++)
    {
      g_autoptr (GPtrArray) edits = eqs_widths_edits (document, factor);
      double left;

      if (try_edits (edits, check, document, &left))
        return widened (g_steal_pointer (&edits), factor, check, document);
      if (left == 0 || left >= 1)
        return NULL;
      factor *= MIN (left, 0.9);
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

/* "1,234,567". (transfer full) */
static char *
dup_grouped (double number)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%.0f", number);
  for (gssize at = (gssize) text->len - 3; at > 0; at -= 3)
    g_string_insert_c (text, at, ',');
  return g_string_free (text, FALSE);
}

static EqsProblem *
problem_new (const EqsCheck *check, EqsDocument *document, int limit)
{
  static const char *const names[N_LIMITS] = { N_("Parameters"), N_("Multiply-adds of one sample"), N_("Bytes of weights"), N_("Bytes of working memory") };
  const EqkLintRule *rule = eqk_lint_find ("W-BUDGET");
  const EqsNodeCost *largest = largest_node (check, strcmp (keys[limit], "max_macs") == 0);
  g_autofree char   *x = dup_grouped (counted (check, limit)), *most = dup_grouped (limit_of (document, limit));
  g_autofree char   *args = g_strdup_printf ("what=\"%s\" x=%s limit=%s node='%s'", _(names[limit]), x, most, largest == NULL ? "" : largest->id);
  char               message[256];
  EqsProblem        *problem;

  eqk_lint_format (_(rule->message), args, message, sizeof message);
  problem = eqs_problem_new ("W-BUDGET", NULL, NULL, message, _(rule->why));
  eqs_problem_set_titles (problem, args, document);
  return problem;
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

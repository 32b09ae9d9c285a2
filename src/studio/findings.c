/* What measurements say of the design as it is. */

#include "studio/findings.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static EqsProblem *
add (EqsCheck *check, const char *code, const char *args)
{
  const EqkLintRule *rule = eqk_lint_find (code);
  char               message[256];

  eqk_lint_format (_(rule->message), args, message, sizeof message);
  g_ptr_array_add (check->problems, eqs_problem_new (code, NULL, NULL, message, _(rule->why)));
  return g_ptr_array_index (check->problems, check->problems->len - 1);
}

static gboolean
is_promised_exact (const EqsCheck *check)
{
  return check->ok && check->typed != NULL && eqk_typed_guarantee (check->typed).holds == EQK_HOLDS_EXACT;
}

static void
look_at_run (EqsCheck *check, EqsSession *session)
{
  EqsTraining   *run = eqs_session_get_run (session);
  const GArray  *points = run == NULL ? NULL : eqs_training_get_points (run);
  const EqsMap  *training = eqs_document_get_section (eqs_session_get_document (session), EQS_SECTION_TRAINING);
  const EqsTrainingPoint *first, *last;
  EqsProblem      *problem;
  g_autofree char *args = NULL, *own = NULL, *trained = NULL;

  if (points == NULL || points->len == 0 || eqs_training_get_twin_of (run) != NULL || !is_promised_exact (check))
    return;
  own = eqs_document_dup_hash (eqs_session_get_document (session));
  trained = eqs_document_dup_hash (eqs_training_get_document (run));
  first = &g_array_index (points, EqsTrainingPoint, 0);
  last = &g_array_index (points, EqsTrainingPoint, points->len - 1);
  if (strcmp (own, trained) != 0 || !(last->symmetry_error > EQS_DRIFT_LIMIT))
    return;
  args = g_strdup_printf ("a=%.1e b=%.1e", first->symmetry_error, last->symmetry_error);
  problem = add (check, "W-SYMMETRY-DRIFT", args);
  check->blocks = MAX (check->blocks, problem->blocks);
  check->ok = check->blocks == EQK_BLOCKS_NOTHING;
  if (strcmp (eqs_map_get_string (training, "augment", "none"), "none") == 0)
    eqs_problem_add_fix (problem, _("Train on transformed samples"), eqs_edit_new_set_entry (EQS_SECTION_TRAINING, "augment", eqs_value_new_string ("group")));
}

void
eqs_findings_add (EqsCheck *check, EqsSession *session)
{
  look_at_run (check, session);
  if (eqs_session_is_audit_stale (session))
    add (check, "W-NOT-VERIFIED", NULL);
}

/* What measurements say of the design as it is. */

#include "studio/findings.h"

#include "draw/number-text.h"
#include "services/data-look.h"
#include "services/pose-look.h"

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
  g_autofree char *args = NULL, *own = NULL, *trained = NULL, *was = NULL, *is = NULL;

  if (points == NULL || points->len == 0 || eqs_training_get_twin_of (run) != NULL || !is_promised_exact (check))
    return;
  own = eqs_document_dup_hash (eqs_session_get_document (session));
  trained = eqs_document_dup_hash (eqs_training_get_document (run));
  first = &g_array_index (points, EqsTrainingPoint, 0);
  last = &g_array_index (points, EqsTrainingPoint, points->len - 1);
  if (strcmp (own, trained) != 0 || !(last->symmetry_error > EQS_DRIFT_LIMIT))
    return;
  was = eqs_number_dup_text (first->symmetry_error, 2);
  is = eqs_number_dup_text (last->symmetry_error, 2);
  args = g_strdup_printf ("a=%s b=%s", was, is);
  problem = add (check, "W-SYMMETRY-DRIFT", args);
  check->blocks = MAX (check->blocks, problem->blocks);
  check->ok = check->blocks == EQK_BLOCKS_NOTHING;
  if (strcmp (eqs_map_get_string (training, "augment", "none"), "none") == 0)
    eqs_problem_add_fix (problem, _("Train on transformed samples"), eqs_edit_new_set_entry (EQS_SECTION_TRAINING, "augment", eqs_value_new_string ("group")));
}

/* ---- the data ---- */

static gboolean
holds (const GArray *findings, EqsMove move)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_array_index (findings, EqsSymmetryFinding, i).move == move && g_array_index (findings, EqsSymmetryFinding, i).answer == EQS_SYMMETRY_FAILS)
      return FALSE;
  return TRUE;
}

static gboolean
has_move (const EqkGroup *group, EqsMove move)
{
  const gboolean all = !eqk_group_is_finite (group);

  if (eqk_group_get_space_dim (group) != 2)
    return FALSE;
  if (move == EQS_MOVE_MIRROR)
    return eqk_group_has_mirror (group);
  return all || (move != EQS_MOVE_ANY && eqk_group_get_n (group) % (move == EQS_MOVE_QUARTER ? 4 : 2) == 0);
}

/* What is left of a group of the plane without the moves that change answers. */
static char *
dup_passing_group (const EqkGroup *group, const GArray *findings)
{
  const gboolean mirrors = eqk_group_has_mirror (group) && holds (findings, EQS_MOVE_MIRROR), all = !eqk_group_is_finite (group);
  const gboolean half = holds (findings, EQS_MOVE_HALF), quarter = half && holds (findings, EQS_MOVE_QUARTER);
  int            n = all ? 4 : eqk_group_get_n (group);

  if (all && quarter && holds (findings, EQS_MOVE_ANY))
    return g_strdup (mirrors ? "O2" : "SO2");
  if (!half)
    n = 1;
  else if (!quarter && n % 2 == 0)
    n = 2;
  if (n > 1)
    return g_strdup_printf ("%c%d", mirrors ? 'D' : 'C', n);
  return g_strdup (mirrors ? "D1@axis=90" : "triv");
}

static void
look_at_data (EqsCheck *check, EqsSession *session)
{
  const GArray   *findings = eqs_data_test_get_findings (eqs_session_get_data_test (session));
  const EqkGroup *group = eqk_group_get (eqs_document_get_group (eqs_session_get_document (session)));

  for (guint i = 0; findings != NULL && group != NULL && i < findings->len; i++)
    {
      const EqsSymmetryFinding *f = &g_array_index (findings, EqsSymmetryFinding, i);
      g_autofree char *args = NULL, *fewer = NULL, *label = NULL;
      EqsProblem      *problem;

      if (f->answer != EQS_SYMMETRY_FAILS || !has_move (group, f->move))
        continue;
      args = g_strdup_printf ("transformed='%s'", f->move == EQS_MOVE_MIRROR ? _("mirrored") : _("turned"));
      problem = add (check, "W-DATA-ASYMMETRIC", args);
      fewer = dup_passing_group (group, findings);
      if (strcmp (fewer, eqk_group_get_id (group)) == 0)
        continue;
      label = g_strdup_printf (_("Use the group %s, which your data do not contradict"), eqk_group_get_notation (eqk_group_get (fewer)));
      eqs_problem_add_fix (problem, label, eqs_edit_new_set_group (fewer));
    }
}

static void
look_at_poses (EqsCheck *check, EqsSession *session)
{
  guint       n_rotations;
  const guint n_parallel = eqs_session_get_parallel_poses (session, &n_rotations);

  if (n_parallel > 0)
    eqs_pose_look_tell (check, n_parallel, n_rotations);
}

void
eqs_findings_add (EqsCheck *check, EqsSession *session)
{
  look_at_run (check, session);
  look_at_data (check, session);
  eqs_data_look_add (check, eqs_session_get_data_look (session));
  look_at_poses (check, session);
  if (eqs_session_is_audit_stale (session))
    add (check, "W-NOT-VERIFIED", NULL);
}

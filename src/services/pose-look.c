/*
 * Arrows of poses on samples. The design is compiled once more, so that every value keeps memory of its own and the arrows can be looked at after the pass. Which
 * operation makes a rotation of two arrows is seen by the type of what it makes and by the width of what it reads.
 */

#include "services/pose-look.h"

#include "eqk/op.h"
#include "services/batch.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MOST_SAMPLES = 256, BATCH = 16, TWO_ARROWS = 6 };

#define PARALLEL 1e-4

/* The operation that makes a rotation of two arrows, and the node it is of; NULL. */
static const EqkOp *
find_pose (const EqkTyped *typed, const EqkProgram *program, int *node)
{
  const EqkGraph *graph = eqk_typed_graph (typed);

  for (*node = 0; *node < eqk_graph_n_nodes (graph); ++*node)
    {
      const EqkPortType *type = eqk_typed_output (typed, *node, "pose");
      const int          value = type == NULL || type->kind != EQK_KIND_POSE ? -1 : eqk_program_port_value (program, *node, "pose");

      for (int i = 0; value >= 0 && i < eqk_program_n_ops (program); i++)
        {
          const EqkOp *op = eqk_program_op (program, i);

          if (op->out[0] == value && op->n_in == 1 && eqk_program_value (program, op->in[0])->width == TWO_ARROWS)
            return op;
        }
    }
  return NULL;
}

static gboolean
are_parallel (const float *a, const float *b)
{
  double cross = 0, aa = 0, bb = 0;

  for (int k = 0; k < 3; k++)
    {
      const double c = (double) a[(k + 1) % 3] * (double) b[(k + 2) % 3] - (double) a[(k + 2) % 3] * (double) b[(k + 1) % 3];

      cross += c * c;
      aa += (double) a[k] * (double) a[k];
      bb += (double) b[k] * (double) b[k];
    }
  return !(cross > PARALLEL * PARALLEL * aa * bb);
}

static gboolean
run_samples (EqkRun *run, EqsFeeder *feeder, EqsSplit *split, const EqkOp *op, guint *n_parallel, guint *n_rotations, GError **error)
{
  const guint n = eqs_split_get_n (split), step = n / MOST_SAMPLES + 1;
  guint       samples[BATCH], filled = 0;

  for (guint s = 0; s < n; s += step)
    {
      EqkDiag diag = EQK_DIAG_INIT;

      samples[filled++] = s;
      if (filled < BATCH && s + step < n)
        continue;
      if (!eqs_feeder_fill (feeder, run, samples, filled, EQS_TRANSFORM_NONE, NULL, 0, 0, error))
        return FALSE;
      if (eqk_run_forward (run, EQK_PASS_INFER, &diag) != EQK_OK)
        {
          eqs_compile_set_error (error, diag.status, &diag);
          return FALSE;
        }
      for (gsize r = 0; r < eqk_run_rows (run, op->in[0]); r++, ++*n_rotations)
        {
          const float *arrows = (const float *) eqk_run_value (run, op->in[0]) + TWO_ARROWS * r;

          *n_parallel += are_parallel (arrows, arrows + 3);
        }
      filled = 0;
    }
  return TRUE;
}

/* @param program  the model's, with memory for every value */
static gboolean
look_at_split (EqsModel *model, const EqkProgram *program, EqsSplit *split, guint *n_parallel, guint *n_rotations, GError **error)
{
  int                   node;
  const EqkOp          *op = find_pose (model->typed, program, &node);
  g_autoptr (EqsFeeder) feeder = eqs_feeder_new (program, split, FALSE, error);
  EqkRunOptions         options = { .precision = EQK_F32 };
  EqkDiag               diag = EQK_DIAG_INIT;
  EqkStore             *store = NULL;
  EqkRun               *run = NULL;
  gboolean              good;

  if (feeder == NULL || !eqs_feeder_take_species (feeder, model->run, error))
    return FALSE;
  options.capacity = eqs_feeder_get_capacity (feeder, MIN (BATCH, MAX (eqs_split_get_n (split), 1)));
  store = eqk_store_new (program, EQK_F32, 0);
  good = store != NULL && eqk_store_copy (store, model->store) == EQK_OK && eqk_run_new (program, store, &options, &run, &diag) == EQK_OK;
  if (!good)
    eqs_compile_set_error (error, diag.status, &diag);
  good = good && run_samples (run, feeder, split, op, n_parallel, n_rotations, error);
  eqk_run_free (run);
  eqk_store_unref (store);
  return good;
}

gboolean
eqs_pose_count_parallel (EqsModel *model, EqsSplit *split, guint *n_parallel, guint *n_rotations, GError **error)
{
  g_return_val_if_fail (model != NULL && split != NULL && n_parallel != NULL && n_rotations != NULL, FALSE);

  const EqkCompileOptions compile = { .keep_all = true };
  EqkDiag                 diag = EQK_DIAG_INIT;
  EqkProgram             *program = NULL;
  gboolean                good = TRUE;
  int                     node;

  *n_parallel = *n_rotations = 0;
  if (find_pose (model->typed, model->program, &node) == NULL)
    return TRUE;
  if (eqk_compile (model->typed, &compile, &program, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return FALSE;
    }
  good = look_at_split (model, program, split, n_parallel, n_rotations, error);
  eqk_program_free (program);
  return good;
}

/* Three arrows in the place of two, and the head that takes them, where it is seen which layer makes the two. */
static void
add_fix (EqsProblem *problem, const EqkTyped *typed, int node)
{
  const EqkGraph   *graph = eqk_typed_graph (typed);
  const EqkRep     *rep = NULL;
  const char       *port = NULL;
  g_autofree char  *head = eqs_compile_dup_path (eqk_graph_node_id (graph, node)), *maker = NULL, *three = NULL;
  GPtrArray        *edits;
  int               from = eqk_typed_source (typed, node, "x", 0, &port);

  if (from < 0 || eqk_typed_output (typed, from, port) == NULL)
    return;
  rep = eqk_typed_output (typed, from, port)->rep;
  for (; from >= 0 && maker == NULL; from = eqk_typed_source (typed, from, "x", 0, &port))
    {
      if (eqk_typed_output (typed, from, port) == NULL || eqk_typed_output (typed, from, port)->rep != rep)
        return;
      for (const EqkParam *p = eqk_graph_node_layer (graph, from)->params; p != NULL && p->name != NULL; p++)
        if (p->kind == EQK_PARAM_REP && g_strcmp0 (p->name, "out") == 0)
          maker = eqs_compile_dup_path (eqk_graph_node_id (graph, from));
    }
  if (maker == NULL)
    return;
  three = g_strdup_printf ("3x%s", eqk_field_get_name (eqk_rep_run (rep, 0).field));
  eqs_problem_add_fix (problem, _("Take the rotation nearest to three arrows"), eqs_edit_new_set_param (maker, "out", eqs_value_new_string (three)));
  edits = ((EqsFix *) g_ptr_array_index (problem->fixes, problem->fixes->len - 1))->edits;
  g_ptr_array_add (edits, eqs_edit_new_set_layer (head, "pose_svd", NULL));
}

gboolean
eqs_pose_is_of_two_arrows (const EqkTyped *typed, const EqkProgram *program)
{
  int node;

  return find_pose (typed, program, &node) != NULL;
}

void
eqs_pose_look_tell (EqsCheck *check, guint n_parallel, guint n_rotations)
{
  g_return_if_fail (check != NULL);

  const EqkLintRule *rule = eqk_lint_find ("W-POSE-DEGENERATE");
  g_autofree char   *path = NULL, *why = NULL;
  int                node;

  if (check->program == NULL || find_pose (check->typed, check->program, &node) == NULL)
    return;
  path = eqs_compile_dup_path (eqk_graph_node_id (eqk_typed_graph (check->typed), node));
  /* Translators: a sentence of the rule stands before; two counts of rotations */
  why = g_strdup_printf (_("%s With the present weights the arrows are parallel in %u of %u."), _(rule->why), n_parallel, n_rotations);
  g_ptr_array_add (check->problems, eqs_problem_new (rule->code, path, "x", _(rule->message), why));
  add_fix (g_ptr_array_index (check->problems, check->problems->len - 1), check->typed, node);
}

void
eqs_pose_look_add (EqsCheck *check, EqsModel *model, EqsSplit *split)
{
  g_return_if_fail (check != NULL && model != NULL && split != NULL);

  guint n_parallel, n_rotations;

  if (eqs_pose_count_parallel (model, split, &n_parallel, &n_rotations, NULL) && n_parallel > 0)
    eqs_pose_look_tell (check, n_parallel, n_rotations);
}

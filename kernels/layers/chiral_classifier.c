/* Scores of classes some of which are mirror images of each other: a pseudoscalar s gives the pair (s, -s). */

#include "layers/heads.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Invariants and pseudoscalars") }, { .name = NULL } };

static int
n_odd (const EqkRep *rep)
{
  return eqk_fields_count (rep, eqk_field_is_sign);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  EqkRepRun          runs[2];
  EqkPortType        y;
  const int          n = x == NULL ? 0 : n_odd (x->rep), n_even = x == NULL ? 0 : eqk_fields_count (x->rep, eqk_field_is_trivial);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (n == 0 || n + n_even != eqk_rep_get_dim (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "at least one 0o, and 0e", eqk_rep_get_text (x->rep));
  runs[0] = (EqkRepRun) { NULL, 2 * n };
  for (int f = 0; f < eqk_rep_n_fields (x->rep); f++)
    if (eqk_field_is_sign (eqk_rep_field (x->rep, f, NULL)))
      runs[0].field = eqk_rep_field (x->rep, f, NULL);
  runs[1] = (EqkRepRun) { eqk_group_trivial (x->symmetry.group), n_even };
  y = eqk_port_with_rep (x, eqk_rep_from_runs (x->symmetry.group, runs, 2));
  y.kind = EQK_KIND_LOGITS;
  return y.rep == NULL ? EQK_ERR_NO_MEMORY : eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType   *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const int            n = eqk_rep_get_dim (y->rep);
  EqkConstLinearParams p = { 0 };
  EqkSparse            m;
  int                  pair = 0, single = 2 * n_odd (x->rep);

  eqk_sparse_open (&m, eqk_rep_get_dim (x->rep), n);
  for (int f = 0; f < eqk_rep_n_fields (x->rep); f++)
    if (eqk_field_is_sign (eqk_rep_field (x->rep, f, NULL)))
      {
        eqk_sparse_add (&m, pair++, f, 1);
        eqk_sparse_add (&m, pair++, f, -1);
      }
    else
      eqk_sparse_add (&m, single++, f, 1);
  if (eqk_matrix_keep (b, &m, &p) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  return eqk_grid_done (b, eqk_grid_op (b, "const_linear", eqk_build_x (b, "x"), y->space, n, &p, sizeof p, diag), diag);
}

static void
lint (EqkInfer *ctx)
{
  eqk_infer_problem (ctx, "I-CHIRAL", "x", NULL);
}

static bool
admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (eqk_group_get_space_dim (symmetry->group) == 3 && !eqk_group_is_connected (symmetry->group))
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("Mirror pairs need a group with the inversion of space, O(3) or E(3)."));
  return false;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "sample 3x0e + 1x0o" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 2x0o + 1x0e" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_chiral_classifier = {
  .id = "chiral_classifier", .title = EQK_N_("Classes with mirror pairs"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = eqk_head_outputs, .admits = admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch.cat",
  .doc = EQK_N_("Tells classes apart of which some are mirror images of each other, such as left and right hands.\n\n"
                "Each pseudoscalar s (0o) gives the scores s and −s of two classes that are mirror images; each invariant (0e) gives one score. A mirror exchanges the pair and leaves the others. "
                "The pairs come first. Source: the tetris example of Thomas et al. 2018."),
};

/* Lengths of fields. */

#include "layers/steerable.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Any fields") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("One invariant a field") }, { .name = NULL } };

static const EqkParam params[] = {
  { "squared", EQK_N_("Squared"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Squared length: smooth also at zero") },
  { "eps", EQK_N_("Smallest length"), EQK_PARAM_REAL, "1e-8", 0, 1, NULL, EQK_N_("Stands in the root beside the length, so that the slope stays bounded") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_rep_n_fields (x->rep)));
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  if (eqk_infer_bool (ctx, "squared") || eqk_infer_real (ctx, "eps") > 0)
    return;
  eqk_infer_problem (ctx, "W-NORM-GRAD", "x", NULL);
  eqk_infer_fix (ctx, EQK_N_("Keep a small number in the root"));
  eqk_fix_set (ctx, "$", "eps", "1e-8");
  eqk_infer_fix (ctx, EQK_N_("Take the squared length"));
  eqk_fix_set (ctx, "$", "squared", "on");
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType       *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkFieldPoolParams p = { eqk_rep_get_dim (x->rep), eqk_rep_n_fields (x->rep), eqk_grid_fields (b, x->rep), eqk_build_bool (b, "squared"), eqk_build_real (b, "eps") };

  return eqk_grid_done (b, p.first == NULL ? -1 : eqk_grid_op (b, "field_length", eqk_build_x (b, "x"), y->space, p.n_fields, &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "SO2", .inputs = { "grid 5x5 2x f1 + 1x f2" }, .settings = "" },
  { .group = "D4", .inputs = { "sample 2x f1 + 1x reg" }, .settings = "squared=on" },
  { .group = "O3", .inputs = { "nodes 3x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_norm_pool = {
  .id = "norm_pool", .title = EQK_N_("Norm pooling"), .category = EQK_N_("Pooling"), .domains = "any",
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.NormPool|e3nn.o3.Norm",
  .doc = EQK_N_("Keeps the length of each arrow and forgets its direction.\n\n"
                "y_f = √(‖v_f‖² + ε²), or ‖v_f‖²: representations are orthogonal, so lengths stay. Exact. Source: Worrall et al. 2017; escnn's NormPool, e3nn's Norm."),
};

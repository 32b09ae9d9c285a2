/* Numbers from invariants. */

#include "layers/heads.h"

static const EqkParam params[] = {
  { "out", EQK_N_("Numbers"), EQK_PARAM_INT, "1", 0, 4096, NULL, EQK_N_("Numbers of the answer; 0: the inputs are the answer already") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_head_input (ctx, diag);
  EqkPortType        y;
  int                n;

  if (x == NULL)
    return EQK_ERR_TYPE;
  n = eqk_infer_int (ctx, "out");
  y = eqk_head_output (x, n > 0 ? n : eqk_rep_get_dim (x->rep), EQK_KIND_FEATURE);
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");

  if (eqk_build_int (b, "out") == 0)
    return eqk_grid_done (b, eqk_build_x (b, "x"), diag);
  return eqk_grid_done (b, eqk_dense (b, "", eqk_build_x (b, "x"), x->space, eqk_rep_get_dim (x->rep), eqk_rep_get_dim (y->rep), true, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "sample 6x triv" }, .settings = "out=2" },
  { .group = "D4", .inputs = { "sample 2x reg" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_regression_head = {
  .id = "regression_head", .title = EQK_N_("Numbers"), .category = EQK_N_("Head"), .domains = "any", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_head_inputs, .outputs = eqk_head_outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.nn.Linear",
  .doc = EQK_N_("y = W x + b from invariants; targets are standardised in training. Source: torch's Linear."),
};

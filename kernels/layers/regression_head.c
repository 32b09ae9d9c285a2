/* Numbers from invariants. */

#include "layers/heads.h"

static const EqkParam params[] = {
  { "out", EQK_N_("Numbers"), EQK_PARAM_INT, "1", 0, 4096, NULL, EQK_N_("Numbers of the answer; 0: the inputs are the answer already") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_linear_head_infer (ctx, "out", EQK_KIND_FEATURE, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_linear_head_expand (b, "out", diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "sample 6x triv" }, .settings = "out=2" },
  { .group = "D4", .inputs = { "sample 2x reg" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_regression_head = {
  .id = "regression_head", .title = EQK_N_("Numbers"), .category = EQK_N_("Head"), .domains = "any", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_head_inputs, .outputs = eqk_head_outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.nn.Linear",
  .doc = EQK_N_("Answers with numbers.\n\n"
                "y = W x + b from invariants; targets are standardised in training. Source: torch's Linear."),
};

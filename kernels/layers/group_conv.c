/* Group convolution: functions on the group to functions on the group. */

#include "layers/group-conv.h"

static const EqkParam params[] = { EQK_GROUP_CONV_PARAMS };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_group_conv_infer (ctx, false, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_group_conv_expand (b, false, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 7x7 2x reg" }, .settings = "out=2 k=3" },
  { .group = "D4", .inputs = { "grid 7x7 1x reg" }, .settings = "out=2 k=3 stride=2" },
  { .group = "D4@axis=90", .inputs = { "grid 6x6 1x reg" }, .settings = "out=1 k=3 dilation=2" },
  { .group = "C2", .inputs = { "grid 6x7 2x reg" }, .settings = "out=1 k=4 bias=off" },
  { .group = "C4", .inputs = { "grid 7x7 2x reg" }, .settings = "out=2 k=3 relax=0.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_group_conv = {
  .id = "group_conv", .title = EQK_N_("Group convolution"), .category = EQK_N_("Convolution"), .domains = "image", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .admits = eqk_group_conv_admits, .infer = infer, .lint = eqk_group_conv_lint,
  .expand = expand, .specimens = specimens, .exports = "escnn.nn.R2Conv",
  .doc = EQK_N_("Looks for a pattern at every place and in every pose at once.\n\n"
                "y_c(x, g) = Σ_c' Σ_h Σ_u f_c'(x + u, h) ψ_cc'(g⁻¹ u, g⁻¹ h) + b_c, as one correlation with turned and permuted filters. Exact. "
                "Source: Cohen & Welling 2016, arXiv:1602.07576."),
};

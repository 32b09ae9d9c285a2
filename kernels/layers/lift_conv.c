/* Lifting convolution: scalars on a picture become functions on the group. */

#include "layers/group-conv.h"

static const EqkParam params[] = { EQK_GROUP_CONV_PARAMS };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_group_conv_infer (ctx, true, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_group_conv_expand (b, true, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 7x7 2x triv" }, .settings = "out=2 k=3" },
  { .group = "D4", .inputs = { "grid 8x8 1x triv" }, .settings = "out=2 k=2 stride=2 pad=0" },
  { .group = "D4", .inputs = { "grid 8x8 1x triv" }, .settings = "out=1 k=3 stride=2" },
  { .group = "D2", .inputs = { "grid 7x5 2x triv" }, .settings = "out=2 k=3 bias=off" },
  { .group = "flip", .inputs = { "grid 6x7 1x triv" }, .settings = "out=2 k=3 pad_mode=replicate" },
  { .group = "C2", .inputs = { "grid 6x6 1x triv" }, .settings = "out=2 k=3 pad_mode=circular" },
  { .group = "C4", .inputs = { "grid 7x7 2x triv" }, .settings = "out=2 k=3 relax=0.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_lift_conv = {
  .id = "lift_conv", .title = EQK_N_("Lifting convolution"), .category = EQK_N_("Convolution"), .domains = "image", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .admits = eqk_group_conv_admits, .infer = infer, .lint = eqk_group_conv_lint,
  .expand = expand, .specimens = specimens, .exports = "escnn.nn.R2Conv",
  .doc = EQK_N_("Spreads a picture over all poses: looks for each pattern in every orientation.\n\n"
                "y_c(x, g) = Σ_c' Σ_u f_c'(x + u) ψ_cc'(g⁻¹ u) + b_c: the same kernel in every orientation of the group. Exact. Source: Cohen & Welling 2016, arXiv:1602.07576."),
};

/* Tensor-field convolution: messages are products of features and harmonics; a node keeps a linear map of itself. */

#include "layers/interaction.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features of each node") },
  { .name = "harmonics", .doc = EQK_N_("Harmonics of each edge") },
  { .name = "radial", .doc = EQK_N_("Radial functions of each edge") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Features of each node, with the scalars for a gate") }, { .name = NULL } };

static const EqkParam params[] = {
  EQK_INTERACTION_PARAMS,
  { "residual", EQK_N_("Keep the input"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Add a linear map of the node's own features") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_interaction_infer (ctx, eqk_infer_bool (ctx, "residual"), diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkSelf self = { .self = eqk_build_bool (b, "residual"), .kinds = -1, .table = -1, .self_name = "residual" };

  return eqk_interaction_expand (b, &self, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o", "edges 1x0e + 1x1o + 1x2e", "radial 5x triv" }, .settings = "out=3x0e + 2x1o + 2x2e hidden=[6] neighbours=3" },
  { .group = "O3", .inputs = { "nodes 9x0o + 2x1e", "edges 1x0e + 1x1o", "radial 4x triv" }, .settings = "out=3x0e + 2x0o + 2x1e + 1x1o hidden=[] residual=off gates=off" },
  { .group = "SO3", .inputs = { "nodes 17x0 + 18x1", "edges 1x0 + 1x1 + 1x2", "radial 4x triv" }, .settings = "out=2x0 + 2x1 + 1x2 + 1x3 hidden=[4,5]" },
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o", "edges 1x0e + 1x1o + 1x2e", "radial 5x triv" }, .settings = "out=3x0e+2x1o+2x2e hidden=[6] neighbours=3 drop_paths=1o*2e>1o,0e*0e>0e" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_tfn_conv = {
  .id = "tfn_conv", .title = EQK_N_("Tensor-field convolution"), .category = EQK_N_("Message passing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = eqk_interaction_lint, .expand = expand,
  .specimens = specimens, .exports = "e3nn.o3.TensorProduct",
  .doc = EQK_N_("Each point combines what its neighbours know with the direction they lie in.\n\n"
                "y_i = W2 Σ_j R(|r_ij|) (W1 x_j ⊗ Y(r_ij)) / √n + W3 x_i: each copy of an irrep is multiplied with the harmonics of the edge, R is a network without bias of the radial functions. "
                "Exact under rotations, translations and renumbering, and under mirrors with parities. Source: Thomas et al. 2018, arXiv:1802.08219."),
};

/* The general linear map from nodes to pairs of nodes. */

#include "layers/pairs.h"

static const EqkParam params[] = { EQK_PAIRS_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_pairs_infer (ctx, EQK_SPACE_NODES, EQK_SPACE_PAIRS, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_pairs_expand (b, EQK_NODES_TO_PAIRS, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 2x triv" }, .settings = "channels=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_ign_1to2 = {
  .id = "ign_1to2", .title = EQK_N_("Nodes to pairs"), .category = EQK_N_("Permutation"), .domains = "graph", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_nodes_in, .outputs = eqk_pairs_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_pairs_lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("From facts about nodes to facts about pairs of nodes, in every way that ignores their order.\n\n"
                "Every linear map from rows of nodes to n × n matrices that commutes with renaming the nodes: the rows of both ends, on the diagonal too, and their mean everywhere and on the diagonal. Exact. Source: Maron et al. 2019, arXiv:1812.09902."),
};

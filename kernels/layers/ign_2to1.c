/* The general linear map from pairs of nodes to nodes. */

#include "layers/pairs.h"

static const EqkParam params[] = { EQK_PAIRS_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_pairs_infer (ctx, EQK_SPACE_PAIRS, EQK_SPACE_NODES, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_pairs_expand (b, EQK_PAIRS_TO_NODES, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "pairs 2x triv" }, .settings = "channels=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_ign_2to1 = {
  .id = "ign_2to1", .title = EQK_N_("Pairs to nodes"), .category = EQK_N_("Permutation"), .domains = "graph", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_pairs_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = NULL, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("From facts about pairs back to facts about nodes.\n\n"
                "Every linear map from n × n matrices to rows of nodes that commutes with renaming them: sums of row and column, the diagonal entry, and the sums of all and of the diagonal. Exact. Source: Maron et al. 2019, arXiv:1812.09902."),
};

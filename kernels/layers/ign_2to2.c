/* The general linear map of pairs of nodes that permutations pass through. */

#include "layers/pairs.h"

static const EqkParam params[] = { EQK_PAIRS_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_pairs_infer (ctx, EQK_SPACE_PAIRS, EQK_SPACE_PAIRS, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_pairs_expand (b, EQK_PAIRS_TO_PAIRS, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "pairs 2x triv" }, .settings = "channels=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_ign_2to2 = {
  .id = "ign_2to2", .title = EQK_N_("Pairs to pairs"), .category = EQK_N_("Permutation"), .domains = "graph", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_pairs_in, .outputs = eqk_pairs_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Mixes facts about pairs of nodes in every way that ignores their order.\n\n"
                "Every linear map of n × n matrices that commutes with renaming the nodes: fifteen numbers for each pair of channels (the entry, its mirror image, the diagonal, sums of rows, columns, diagonal and of all, in all places where they can go) and two biases. Sums are divided by n or n², so that graphs of other sizes make sense. Exact. Source: Maron et al. 2019, arXiv:1812.09902."),
};

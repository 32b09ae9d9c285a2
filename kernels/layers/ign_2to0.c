/* The general linear map from pairs of nodes to one row a graph. */

#include "layers/pairs.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of the whole graph") }, { .name = NULL } };

static const EqkParam params[] = { EQK_PAIRS_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_pairs_infer (ctx, EQK_SPACE_PAIRS, EQK_SPACE_SAMPLE, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_pairs_expand (b, EQK_PAIRS_TO_SAMPLES, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "pairs 2x triv" }, .settings = "channels=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_ign_2to0 = {
  .id = "ign_2to0", .title = EQK_N_("Pairs to one row"), .category = EQK_N_("Pooling"), .domains = "graph", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_pairs_in, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = NULL, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("From facts about pairs to one row for the whole graph.\n\n"
                "Every linear map from n × n matrices to a row that renaming the nodes leaves alone: the mean of all entries and of the diagonal. Exact. Source: Maron et al. 2019, arXiv:1812.09902."),
};

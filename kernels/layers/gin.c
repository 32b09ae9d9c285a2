/* As strong as message passing gets without edge features: sums tell multisets apart. */

#include "layers/isomorphism.h"

static const EqkParam params[] = { EQK_ISOMORPHISM_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_isomorphism_infer (ctx, false, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType       *x = eqk_build_in (b, "x");
  const EqkNeighbourParams sum = { 1, false, false };

  return eqk_isomorphism_expand (b, eqk_graph_neighbours (b, eqk_build_x (b, "x"), -1, x->space, eqk_build_in (b, "edges")->space, eqk_rep_get_dim (x->rep), &sum, "sum", diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "widths=[5,4]" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "widths=[5,4] eps=0.3 learn_eps=on norm=on" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "widths=[4] eps=0.3 act=silu" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_gin = {
  .id = "gin", .title = EQK_N_("Isomorphism layer (GIN)"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_graph_lint_ignored, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.GINConv",
  .doc = EQK_N_("Each node sums up its neighbours and thinks about the sum: tells apart as much as message passing can.\n\n"
                "y_i = MLP((1 + ε) x_i + Σ_j x_j) over the edges j → i. A stack of these tells graphs apart that the Weisfeiler–Leman test of colours tells apart, and no others. Exact. "
                "Source: Xu et al. 2019, arXiv:1810.00826."),
};

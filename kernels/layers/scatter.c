/* The rows of edges put together at the nodes they lead to. */

#include "layers/graphs.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Scalars of each edge") }, { .name = NULL } };

static const EqkParam params[] = {
  { "pool", EQK_N_("Pool"), EQK_PARAM_CHOICE, "sum", 0, 0, "sum|mean|max", EQK_N_("How the edges are put together") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  EqkPortType        y = *x;

  if (x->space.kind != EQK_SPACE_EDGES || x->kind != EQK_KIND_FEATURE || !eqk_rep_is_trivial (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars of edges", eqk_rep_get_text (x->rep));
  y.space.kind = EQK_SPACE_NODES;
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_graph_done (b, eqk_nodes_pool (b, eqk_build_x (b, "x"), eqk_build_out (b, "y")->space, eqk_rep_get_dim (eqk_build_in (b, "x")->rep), eqk_build_text (b, "pool"), diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "edges 3x triv" }, .settings = "" },
  { .group = "triv", .inputs = { "edges 3x triv" }, .settings = "pool=mean" },
  { .group = "triv", .inputs = { "edges 3x triv" }, .settings = "pool=max" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_scatter = {
  .id = "scatter", .title = EQK_N_("Edges to nodes"), .category = EQK_N_("Structure"), .domains = "graph|points|molecule",
  .inputs = inputs, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch_geometric.utils.scatter",
  .doc = EQK_N_("y_i = Σ_j x_ij, the mean or the largest, over the edges j → i; a node without any takes 0. Exact."),
};

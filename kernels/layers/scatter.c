/* The rows of edges put together at the nodes they lead to. */

#include "layers/graphs.h"
#include "layers/set-pool.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Features of each edge") }, { .name = NULL } };

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Features of each node") }, { .name = NULL } };

static const EqkParam params[] = {
  { "pool", EQK_N_("Pool"), EQK_PARAM_CHOICE, "sum", 0, 0, "sum|mean|max", EQK_N_("How the edges are put together") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  EqkPortType        y = *x;

  if (x->space.kind != EQK_SPACE_EDGES || x->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of edges", x->kind != EQK_KIND_FEATURE ? eqk_kind_name (x->kind) : eqk_rep_get_text (x->rep));
  eqk_set_pool_check (ctx, x, "sum");
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
  { .group = "O3", .inputs = { "edges 2x0e + 1x1o + 1x2e" }, .settings = "" },
  { .group = "SO3", .inputs = { "edges 2x1" }, .settings = "pool=mean" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_scatter = {
  .id = "scatter", .title = EQK_N_("Edges to nodes"), .category = EQK_N_("Structure"), .domains = "graph|points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch_geometric.utils.scatter",
  .doc = EQK_N_("Gathers at each node what its connections carry.\n\n"
                "y_i = Σ_j x_ij, the mean or the largest, over the edges j → i; a node without any takes 0. Exact; the largest needs invariants."),
};

/* The rows of nodes at their edges. */

#include "layers/graphs.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Features of each node") }, EQK_GRAPH_EDGES_PORT, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Features of each edge") }, { .name = NULL } };

static const EqkParam params[] = {
  { "end", EQK_N_("End"), EQK_PARAM_CHOICE, "source", 0, 0, "source|target", EQK_N_("The node that an edge comes from, or the one it leads to") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *edges = eqk_infer_input (ctx, "edges");
  EqkPortType        y = *x;

  if (x->space.kind != EQK_SPACE_NODES || x->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes", x->kind != EQK_KIND_FEATURE ? eqk_kind_name (x->kind) : eqk_rep_get_text (x->rep));
  if (edges->space.kind != EQK_SPACE_EDGES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "edges", "edges of a graph", eqk_rep_get_text (edges->rep));
  y.space = edges->space;
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkSpace edges = eqk_build_in (b, "edges")->space;
  const int      c = eqk_rep_get_dim (eqk_build_in (b, "x")->rep), x = eqk_build_x (b, "x");

  return eqk_graph_done (b, strcmp (eqk_build_text (b, "end"), "source") == 0 ? eqk_graph_sources (b, x, edges, c, diag) : eqk_graph_targets (b, x, edges, c, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "end=target" },
  { .group = "O3", .inputs = { "nodes 2x0e + 1x1o + 1x2e", "length" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_gather = {
  .id = "gather", .title = EQK_N_("Nodes to edges"), .category = EQK_N_("Structure"), .domains = "graph|points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "x[edge_index]",
  .doc = EQK_N_("Copies what a node knows to its connections.\n\n"
                "y_ij = x_j, or x_i, for every edge j → i. Exact."),
};

/* A node and what its neighbours are on the whole, each with a map of its own. */

#include "layers/graphs.h"

static const EqkParam params[] = {
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "64", 1, 4096, NULL, EQK_N_("Numbers made for each node") },
  { "pool", EQK_N_("Neighbours"), EQK_PARAM_CHOICE, "mean", 0, 0, "mean|sum|max|lstm", EQK_N_("How the neighbours are put together") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, false, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (strcmp (eqk_infer_text (ctx, "pool"), "lstm") == 0)
    {
      eqk_infer_problem (ctx, "E-LSTM-AGGR", "x", NULL);
      eqk_infer_fix (ctx, EQK_N_("Use the mean"));
      eqk_fix_set (ctx, "$", "pool", "mean");
    }
  return eqk_graph_set_width (ctx, x, eqk_infer_int (ctx, "channels"));
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType       *x = eqk_build_in (b, "x");
  const char              *pool = eqk_build_text (b, "pool");
  const int                c = eqk_rep_get_dim (x->rep), n = eqk_build_int (b, "channels"), own = eqk_build_x (b, "x");
  const EqkNeighbourParams p = { 1, strcmp (pool, "mean") == 0, false };
  const int                h = eqk_graph_neighbours (b, own, -1, x->space, eqk_build_in (b, "edges")->space, c, &p, pool, diag);

  return eqk_graph_done (b, h < 0 ? h : eqk_rows_add (b, eqk_dense (b, "lin_l", h, x->space, c, n, true, diag), eqk_dense (b, "lin_r", own, x->space, c, n, false, diag), x->space, n, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4 pool=sum" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4 pool=max" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_sage = {
  .id = "sage", .title = EQK_N_("Sample and aggregate (GraphSAGE)"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_graph_lint_ignored, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.SAGEConv",
  .doc = EQK_N_("Each node mixes itself with a summary of its neighbours.\n\n"
                "y_i = W_l pool_j(x_j) + W_r x_i + b over the edges j → i; a node without any takes 0 for the pool. Exact. Source: Hamilton et al. 2017, arXiv:1706.02216."),
};

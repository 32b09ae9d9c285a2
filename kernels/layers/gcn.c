/* Graph convolution: a smoothed mean of a node and its neighbours, mixed. */

#include "layers/graphs.h"

static const EqkParam params[] = {
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "64", 1, 4096, NULL, EQK_N_("Numbers made for each node") },
  { "weights", EQK_N_("Edges are weights"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Edges carry one number each, by which they count") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const bool         weights = eqk_infer_bool (ctx, "weights");
  const EqkPortType *x = eqk_graph_input (ctx, weights, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (weights && eqk_graph_edge_width (eqk_infer_input (ctx, "edges")) != 1)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "edges", "one number, the weight", "more");
  return eqk_graph_set_width (ctx, x, eqk_infer_int (ctx, "channels"));
}

/* GCN layers from an input to this one. */
static void
lint (EqkInfer *ctx)
{
  int n = 1;

  for (int i = 0; i < eqk_infer_n_nodes (ctx); i++)
    n += i != eqk_infer_node (ctx) && eqk_infer_layer_of (ctx, i) == eqk_infer_layer_of (ctx, eqk_infer_node (ctx)) && eqk_infer_is_upstream (ctx, i, eqk_infer_node (ctx));
  if (n == 5)
    eqk_infer_problem (ctx, "W-OVERSMOOTH", NULL, "n=%d", n);
  if (!eqk_infer_bool (ctx, "weights"))
    eqk_graph_lint_ignored (ctx);
}

/* s (Σ_j w_ij s_j x_j + s_i x_i) with s = D^-1/2, then the linear map. */
static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType       *x = eqk_build_in (b, "x"), *edges = eqk_build_in (b, "edges");
  const int                c = eqk_rep_get_dim (x->rep), weights = eqk_build_bool (b, "weights") ? eqk_build_x (b, "edges") : -1;
  const EqkDegreeParams    degree = { 1, -0.5, true };
  const EqkNeighbourParams sum = { 1, false, true };
  const int                s = eqk_rows_op (b, "degree", &weights, weights < 0 ? 0 : 1, x->space, 1, &degree, sizeof degree, diag);
  const int                own = eqk_rows_mul (b, eqk_build_x (b, "x"), s, x->space, c, 1, diag);
  int                      h = eqk_graph_neighbours (b, own, weights, x->space, edges->space, c, &sum, "sum", diag);

  h = eqk_rows_mul (b, eqk_rows_add (b, h, own, x->space, c, diag), s, x->space, c, 1, diag);
  return eqk_graph_done (b, h < 0 ? h : eqk_dense (b, "", h, x->space, c, eqk_build_int (b, "channels"), true, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4" },
  { .group = "triv", .inputs = { "nodes 3x triv", "length" }, .settings = "channels=4 weights=on" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_gcn = {
  .id = "gcn", .title = EQK_N_("Graph convolution (GCN)"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.GCNConv",
  .doc = EQK_N_("y = D^(−1/2) (A + I) D^(−1/2) x W + b, where D counts the edges into a node and itself, or adds up their weights. Exact. Source: Kipf & Welling 2017, arXiv:1609.02907."),
};

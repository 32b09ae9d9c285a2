/* Attention in the way of transformers: along edges, or of every node to all nodes of its graph. */

#include "layers/graphs.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Scalars of each node") },
                                  { .name = "edges", .doc = EQK_N_("Who is linked to whom, and what the edges carry; not read by attention to all nodes"), .optional = true }, { .name = NULL } };

static const EqkParam params[] = {
  { "over", EQK_N_("Looks at"), EQK_PARAM_CHOICE, "edges", 0, 0, "edges|all", EQK_N_("edges: the nodes that edges come from; all: every node of the graph") },
  { "channels", EQK_N_("Channels of a head"), EQK_PARAM_INT, "16", 1, 4096, NULL, EQK_N_("Numbers made for each node by each head") },
  { "heads", EQK_N_("Heads"), EQK_PARAM_INT, "4", 1, 64, NULL, EQK_N_("Separate attentions, side by side") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);
  const bool         linked = eqk_infer_input (ctx, "edges") != NULL;

  if (x == NULL || (linked && eqk_graph_edges (ctx, diag) == NULL))
    return EQK_ERR_TYPE;
  if (!linked && strcmp (eqk_infer_text (ctx, "over"), "edges") == 0)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "edges", "edges of a graph", "nothing; attention to all nodes does without");
  return eqk_graph_set_width (ctx, x, eqk_infer_int (ctx, "channels") * eqk_infer_int (ctx, "heads"));
}

/* Attention to all nodes costs their square, and does not see edges. */
static void
lint (EqkInfer *ctx)
{
  const double n = eqk_infer_fact (ctx, "N", 0);

  if (strcmp (eqk_infer_text (ctx, "over"), "edges") == 0)
    return;
  if (eqk_infer_input (ctx, "edges") != NULL)
    eqk_graph_lint_ignored (ctx);
  if (n <= 500)
    return;
  eqk_infer_problem (ctx, "W-SAB-QUAD", "x", "n=%g", n);
  eqk_infer_fix (ctx, EQK_N_("Go through a few learned elements (ISAB)"));
  eqk_fix_replace (ctx, "$", "isab", "form=original");
}

/* y_i = W x_i + Σ_j α_ij v_j over all nodes j of the graph. */
static EqkStatus
expand_all (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType       *x = eqk_build_in (b, "x");
  const int                heads = eqk_build_int (b, "heads"), n = eqk_build_int (b, "channels"), width = heads * n, c = eqk_rep_get_dim (x->rep), own = eqk_build_x (b, "x");
  const EqkAttentionParams p = { heads, 1 / sqrt ((double) n) };
  const int                in[3] = { eqk_dense (b, "query", own, x->space, c, width, true, diag), eqk_dense (b, "key", own, x->space, c, width, true, diag),
                                     eqk_dense (b, "value", own, x->space, c, width, true, diag) };
  const int                y = in[1] < 0 || in[2] < 0 ? -1 : eqk_rows_op (b, "attention", in, 3, x->space, width, &p, sizeof p, diag);

  return eqk_graph_done (b, eqk_rows_add (b, y, eqk_dense (b, "skip", own, x->space, c, width, true, diag), x->space, width, diag));
}

/* y_i = W x_i + Σ_j α_ij (v_j + e_ij), α = softmax_j (q_i . (k_j + e_ij) / √d) */
static EqkStatus
expand_edges (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType            *x = eqk_build_in (b, "x"), *links = eqk_build_in (b, "edges");
  const EqkSpace                nodes = x->space, edges = links->space;
  const int                     heads = eqk_build_int (b, "heads"), n = eqk_build_int (b, "channels"), width = heads * n, c = eqk_rep_get_dim (x->rep), ce = eqk_graph_edge_width (links);
  const int                     own = eqk_build_x (b, "x"), q = eqk_dense (b, "query", own, nodes, c, width, true, diag), k = eqk_dense (b, "key", own, nodes, c, width, true, diag);
  const int                     v = eqk_dense (b, "value", own, nodes, c, width, true, diag), e = ce > 0 ? eqk_dense (b, "edge", eqk_build_x (b, "edges"), edges, ce, width, false, diag) : -1;
  const EqkSegmentSoftmaxParams softmax = { EQK_OVER_TARGETS, false };
  const EqkNeighbourParams      sum = { heads, false, false };
  int                           key = eqk_graph_sources (b, k, edges, width, diag), a, y;

  if (ce > 0)
    key = eqk_rows_add (b, key, e, edges, width, diag);
  a = eqk_rows_scale (b, eqk_head_dot (b, eqk_graph_targets (b, q, edges, width, diag), key, edges, heads, n, diag), edges, heads, 1 / sqrt ((double) n), diag);
  a = eqk_rows_op (b, "segment_softmax", &a, 1, edges, heads, &softmax, sizeof softmax, diag);
  if (ce > 0)
    y = eqk_nodes_pool (b, eqk_rows_mul (b, eqk_rows_add (b, eqk_graph_sources (b, v, edges, width, diag), e, edges, width, diag), a, edges, width, heads, diag), nodes, width, "sum", diag);
  else
    y = a < 0 ? -1 : eqk_graph_neighbours (b, v, a, nodes, edges, width, &sum, "sum", diag);
  return eqk_graph_done (b, eqk_rows_add (b, y, eqk_dense (b, "skip", own, nodes, c, width, true, diag), nodes, width, diag));
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return strcmp (eqk_build_text (b, "over"), "all") == 0 ? expand_all (b, diag) : expand_edges (b, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4 heads=2" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "channels=4 heads=2" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "over=all channels=4 heads=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_graph_transformer = {
  .id = "graph_transformer", .title = EQK_N_("Graph transformer"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.TransformerConv",
  .doc = EQK_N_("Nodes ask each other questions along connections and listen by how well the answers fit.\n\n"
                "y_i = W x_i + b + Σ_j α_ij (v_j + e_ij) over the edges j → i, α = softmax over j of q_i·(k_j + e_ij)/√d in each head; e is a linear map of what edges carry; or over all nodes j of the graph, without e. Exact; where a node stands in its "
                "graph is told by random walks. Source: Shi et al. 2021, arXiv:2009.03509."),
};

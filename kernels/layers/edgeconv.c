/* What a neighbour is, seen from the node: the largest over all. */

#include "layers/graphs.h"

static const EqkParam params[] = {
  EQK_GRAPH_EDGE_WIDTHS,
  { "pool", EQK_N_("Edges"), EQK_PARAM_CHOICE, "max", 0, 0, "max|sum|mean", EQK_N_("How they are put together at a node") },
  EQK_MLP_ACT (EQK_N_("Between the layers")),
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  int                widths[32];
  const int          n = eqk_infer_ints (ctx, "widths", widths, 32);
  EqkPortType        type;

  if (x->space.kind == EQK_SPACE_NODES && x->kind == EQK_KIND_POSITION && eqk_graph_edges (ctx, diag) != NULL)
    {
      eqk_infer_problem (ctx, "E-EDGECONV-ROT", "x", NULL);      /* it can run; turned coordinates give another answer */
      eqk_infer_lose (ctx, 0, "E-EDGECONV-ROT");
    }
  else if (eqk_graph_input (ctx, false, diag) == NULL)
    return EQK_ERR_TYPE;
  if (n < 1 || n > 32)
    return eqk_fail_expected (diag, EQK_ERR_LIMIT, "widths", "1 to 32 layers", n < 1 ? "none" : "more");
  type = *x;
  type.kind = EQK_KIND_FEATURE;
  return eqk_graph_set_width (ctx, &type, widths[n - 1]);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkSpace     edges = eqk_build_in (b, "edges")->space;
  const EqkMlpForm   form = { .act = eqk_build_text (b, "act") };
  const int          c = eqk_rep_get_dim (x->rep), own = eqk_build_x (b, "x"), target = eqk_graph_targets (b, own, edges, c, diag);
  const int          other = eqk_rows_add (b, eqk_graph_sources (b, own, edges, c, diag), eqk_rows_scale (b, target, edges, c, -1, diag), edges, c, diag);
  const int          pair[2] = { target, other }, parts[2] = { c, c };
  int                widths[32], width = 2 * c, m;
  const int          n = eqk_build_ints (b, "widths", widths, 32);

  m = eqk_mlp (b, "", eqk_rows_concat (b, pair, parts, 2, edges, diag), edges, &width, widths, n, &form, diag);
  return eqk_graph_done (b, eqk_nodes_pool (b, m, x->space, width, eqk_build_text (b, "pool"), diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "widths=[5,4] act=silu" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "widths=[4] pool=mean" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_edgeconv = {
  .id = "edgeconv", .title = EQK_N_("Edge convolution"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_graph_lint_ignored, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.EdgeConv",
  .doc = EQK_N_("Each point compares itself with its neighbours and keeps what stands out most.\n\n"
                "y_i = max_j MLP(x_i, x_j − x_i) over the edges j → i. Exact for permutations; raw coordinates are no invariants and may not go in. Source: Wang et al. 2019, arXiv:1801.07829."),
};

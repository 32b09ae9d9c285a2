/* A graph as a matrix. */

#include "layers/pairs.h"

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, false, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), 1 + eqk_rep_get_dim (x->rep) + eqk_graph_edge_width (eqk_infer_input (ctx, "edges"))));
  y.space.kind = EQK_SPACE_PAIRS;
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int                 ce = eqk_graph_edge_width (eqk_build_in (b, "edges")), c = eqk_rep_get_dim (eqk_build_in (b, "x")->rep);
  const EqkPairsGraphParams p = { c, ce };
  const int                 in[2] = { eqk_build_x (b, "x"), ce > 0 ? eqk_build_x (b, "edges") : -1 };

  return eqk_graph_done (b, eqk_rows_op (b, "pairs_of_graph", in, 2, eqk_build_out (b, "y")->space, 1 + c + ce, &p, sizeof p, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 2x triv", "edges 1x triv as edges" }, .settings = "" },
  { .group = "triv", .inputs = { "nodes 2x triv", "edges 3x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_graph_pairs = {
  .id = "graph_pairs", .title = EQK_N_("Graph as a matrix"), .category = EQK_N_("Structure"), .domains = "graph",
  .inputs = eqk_graph_in, .outputs = eqk_pairs_out, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_pairs_lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Writes a graph as a table: who is connected with whom, and by what.\n\n"
                "Numbers of each pair (i, j) of nodes: 1 where an edge leads from j to i, what that edge carries, and on the diagonal what the node carries. Renaming nodes permutes rows and columns together. Exact."),
};

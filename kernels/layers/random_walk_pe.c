/* A node's place in its graph, told by walks that come back. */

#include "layers/graphs.h"

static const EqkParam params[] = {
  { "steps", EQK_N_("Steps"), EQK_PARAM_INT, "16", 1, 256, NULL, EQK_N_("Longest walk; one number for each length") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, false, diag);

  return x == NULL ? EQK_ERR_TYPE : eqk_graph_set_width (ctx, x, eqk_rep_get_dim (x->rep) + eqk_infer_int (ctx, "steps"));
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType        *x = eqk_build_in (b, "x");
  const EqkRandomWalkParams p = { eqk_build_int (b, "steps") };
  const int                 pair[2] = { eqk_build_x (b, "x"), eqk_rows_op (b, "random_walk", NULL, 0, x->space, p.steps, &p, sizeof p, diag) };
  const int                 widths[2] = { eqk_rep_get_dim (x->rep), p.steps };

  return eqk_graph_done (b, eqk_rows_concat (b, pair, widths, 2, x->space, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "steps=4" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_random_walk_pe = {
  .id = "random_walk_pe", .title = EQK_N_("Random walks"), .category = EQK_N_("Attribute"), .domains = "graph|points|molecule",
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.transforms.AddRandomWalkPE",
  .doc = EQK_N_("Tells every node how likely a random walk comes back to it.\n\n"
                "y_i = (x_i, P_ii, P²_ii, …, Pᵏ_ii), the chances that a walk along the edges is back at node i after 1, 2, … k steps. They tell nodes apart by where they stand, without naming them. Exact. "
                "Source: Dwivedi et al. 2022, arXiv:2110.07875."),
};

/* GIN that reads edges. */

#include "layers/isomorphism.h"

static const EqkParam params[] = { EQK_ISOMORPHISM_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_isomorphism_infer (ctx, true, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *edges = eqk_build_in (b, "edges");
  const int          c = eqk_rep_get_dim (x->rep), e = eqk_dense (b, "edge", eqk_build_x (b, "edges"), edges->space, eqk_rep_get_dim (edges->rep), c, true, diag);
  int                m = eqk_rows_add (b, eqk_graph_sources (b, eqk_build_x (b, "x"), edges->space, c, diag), e, edges->space, c, diag);

  m = m < 0 ? m : eqk_dense_act (b, "relu", m, edges->space, c, 1, diag);
  return eqk_isomorphism_expand (b, eqk_nodes_pool (b, m, x->space, c, "sum", diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "widths=[5,4] learn_eps=on" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "widths=[4] eps=0.3 norm=on" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_gine = {
  .id = "gine", .title = EQK_N_("Isomorphism layer with edges (GINE)"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.GINEConv",
  .doc = EQK_N_("As the isomorphism layer, and what connections carry is read, too.\n\n"
                "y_i = MLP((1 + ε) x_i + Σ_j ReLU(x_j + W e_ij + b)) over the edges j → i. Exact. Source: Hu et al. 2020, arXiv:1905.12265."),
};

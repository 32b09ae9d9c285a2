/* Dropout of whole edges. */

#include "layers/graphs.h"

static const EqkPort inputs[] = { EQK_GRAPH_EDGES_PORT, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("What edges carry; in training nothing for some. Of links alone: 1 for each") }, { .name = NULL } };

static const EqkParam params[] = {
  { "p", EQK_N_("Probability"), EQK_PARAM_REAL, "0.1", 0, 0.9, NULL, EQK_N_("Share of edges whose numbers are set to zero in training") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *edges = eqk_graph_edges (ctx, diag);
  EqkPortType        y;

  if (edges == NULL)
    return EQK_ERR_TYPE;
  y = *edges;
  y.kind = EQK_KIND_FEATURE;
  y.rep = eqk_rep_single (eqk_group_trivial (edges->symmetry.group), eqk_graph_edge_width (edges) > 0 ? eqk_graph_edge_width (edges) : 1);
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType     *edges = eqk_build_in (b, "edges");
  const int              width = eqk_graph_edge_width (edges), in = width > 0 ? eqk_build_x (b, "edges") : eqk_rows_constant (b, edges->space, 1, 1, diag);
  const EqkDropoutParams p = { .n_channels = width > 0 ? width : 1, .p = eqk_build_real (b, "p"), .unit = EQK_DROP_ROWS };

  return eqk_graph_done (b, eqk_rows_op (b, "dropout", &in, 1, edges->space, p.n_channels, &p, sizeof p, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "edges 2x triv" }, .settings = "p=0.4" },
  { .group = "triv", .inputs = { "edges 1x triv as edges" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_edge_dropout = {
  .id = "edge_dropout", .title = EQK_N_("Edge dropout"), .category = EQK_N_("Regularisation"), .domains = "graph|points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch_geometric.utils.dropout_edge",
  .doc = EQK_N_("Silences connections at random in training, against learning by heart.\n\n"
                "In training each edge loses its numbers with probability p and the others are divided by 1 − p; in use nothing happens. Links alone become weights, which a graph convolution that "
                "reads weights then leaves out. Exact in distribution. Source: Rong et al. 2020 (DropEdge), arXiv:1907.10903."),
};

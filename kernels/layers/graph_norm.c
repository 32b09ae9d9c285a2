/* The nodes of each graph on a scale of their own. */

#include "layers/graphs.h"

static const EqkParam params[] = {
  { "eps", EQK_N_("ε"), EQK_PARAM_REAL, "1e-5", 1e-12, 1, NULL, EQK_N_("Added to the mean square") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);

  return x == NULL ? EQK_ERR_TYPE : eqk_infer_set_output (ctx, "y", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType       *x = eqk_build_in (b, "x");
  const EqkGraphNormParams p = { eqk_build_real (b, "eps") };
  const EqkInit            ones = { EQK_INIT_ONES, 0, NULL };
  const int                c = eqk_rep_get_dim (x->rep);
  const int                in[4] = { eqk_build_x (b, "x"), eqk_build_weight (b, "weight", &c, 1, ones), eqk_build_weight (b, "bias", &c, 1, (EqkInit) { EQK_INIT_ZEROS, 0, NULL }),
                                     eqk_build_weight (b, "mean_scale", &c, 1, ones) };

  return eqk_graph_done (b, in[1] < 0 || in[2] < 0 || in[3] < 0 ? -1 : eqk_rows_op (b, "graph_norm", in, 4, x->space, c, &p, sizeof p, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "" },
  { .group = "triv", .inputs = { "nodes 2x triv" }, .settings = "eps=0.01" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_graph_norm = {
  .id = "graph_norm", .title = EQK_N_("Graph norm"), .category = EQK_N_("Normalisation"), .domains = "set|graph|points|molecule",
  .inputs = eqk_nodes_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch_geometric.nn.GraphNorm",
  .doc = EQK_N_("Brings channels to a common size within each graph.\n\n"
                "y = w (x − α mean) / √(mean of (x − α mean)² + ε) + b, channel by channel over the nodes of each graph, with α learned: how large a mean is may tell graphs apart, and a plain "
                "instance norm would take it away. The same in training and use. Exact. Source: Cai et al. 2021, arXiv:2009.03294."),
};

/* A weighted mean whose weights are learned. */

#include "layers/graphs.h"
#include "layers/set-pool.h"

static const EqkParam params[] = {
  { "gate", EQK_N_("Gate"), EQK_PARAM_INT_LIST, "[]", 1, 4096, NULL, EQK_N_("Hidden layers of the network that gives each node its weight") },
  { "values", EQK_N_("Values"), EQK_PARAM_INT_LIST, "[]", 1, 4096, NULL, EQK_N_("Layers of the network that makes what is averaged; none: the nodes themselves") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);
  int                widths[32];
  const int          n = eqk_infer_ints (ctx, "values", widths, 32);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = eqk_port_with_rep (x, n > 0 && n <= 32 ? eqk_rep_single (eqk_group_trivial (x->symmetry.group), widths[n - 1]) : x->rep);
  y.space = eqk_of_samples;
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType            *x = eqk_build_in (b, "x");
  const EqkMlpForm              form = { .act = "relu" };
  const EqkSegmentSoftmaxParams softmax = { EQK_OVER_SAMPLES, false };
  int                           widths[33], values[32], width = eqk_rep_get_dim (x->rep), gate = eqk_build_x (b, "x"), h = gate;
  int                           n = eqk_graph_widths (b, "gate", 1, widths), m = eqk_build_ints (b, "values", values, 32);

  gate = n == 0 ? -1 : eqk_mlp (b, "gate.", gate, x->space, &width, widths, n, &form, diag);
  gate = eqk_rows_op (b, "segment_softmax", &gate, 1, x->space, 1, &softmax, sizeof softmax, diag);
  width = eqk_rep_get_dim (x->rep);
  h = m > 32 ? -1 : eqk_mlp (b, "values.", h, x->space, &width, values, m, &form, diag);
  return eqk_graph_done (b, eqk_nodes_pool (b, eqk_rows_mul (b, h, gate, x->space, width, 1, diag), eqk_of_samples, width, "sum", diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "gate=[5]" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "values=[4]" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_attention_pool = {
  .id = "attention_pool", .title = EQK_N_("Attention pool"), .category = EQK_N_("Pooling"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_nodes_in, .outputs = eqk_nodes_whole_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_attention_pool_lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.aggr.AttentionalAggregation",
  .doc = EQK_N_("Gathers all nodes into one row and learns how much each of them counts.\n\n"
                "y = Σ_i softmax_i(gate(x_i)) h(x_i) over the nodes of each graph. Exact. Source: Li et al. 2016, arXiv:1511.05493."),
};

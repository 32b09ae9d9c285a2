/* The nodes that score highest, put together. */

#include "layers/graphs.h"
#include "layers/set-pool.h"

static const EqkParam params[] = {
  { "ratio", EQK_N_("Part kept"), EQK_PARAM_REAL, "0.5", 0.01, 1, NULL, EQK_N_("Of the nodes of each graph, rounded up") },
  { "pool", EQK_N_("Kept nodes"), EQK_PARAM_CHOICE, "mean", 0, 0, "mean|sum", EQK_N_("How they are put together") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (eqk_infer_real (ctx, "ratio") < 1)
    {
      eqk_infer_problem (ctx, "W-TOPK-TIES", "x", NULL);
      eqk_infer_fix (ctx, EQK_N_("Weigh all nodes by attention"));
      eqk_fix_replace (ctx, "$", "attention_pool", "");
      eqk_infer_lose (ctx, EQK_ALL_ELEMENTS, "W-TOPK-TIES");      /* of turns it is none the worse */
    }
  return eqk_set_pool_whole (ctx, x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkTopParams p = { eqk_build_real (b, "ratio"), strcmp (eqk_build_text (b, "pool"), "mean") == 0 };
  const int          c = eqk_rep_get_dim (x->rep), shape[2] = { 1, c };
  const int          in[2] = { eqk_build_x (b, "x"), eqk_build_weight (b, "weight", shape, 2, (EqkInit) { EQK_INIT_UNIFORM, 1 / sqrt ((double) c), NULL }) };

  return eqk_graph_done (b, in[1] < 0 ? -1 : eqk_nodes_pool (b, eqk_rows_op (b, "top_rows", in, 2, x->space, c, &p, sizeof p, diag), eqk_of_samples, c, "sum", diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "" },
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "ratio=0.3 pool=sum" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_topk_pool = {
  .id = "topk_pool", .title = EQK_N_("Top-k pool"), .category = EQK_N_("Pooling"), .domains = "set|graph|points|molecule",
  .inputs = eqk_nodes_in, .outputs = eqk_nodes_whole_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.TopKPooling",
  .doc = EQK_N_("Keeps the nodes with the highest scores; where scores are equal, their order decides.\n\n"
                "s_i = x_i·w/|w| scores nodes; the ⌈ratio n⌉ highest of each graph are kept, and y is the mean or the sum of x_i tanh(s_i) over them. Of nodes with equal scores the first ones are kept, "
                "so the order of nodes shows where scores are equal; attention has no such step. The smaller graph is not passed on. Source: Gao & Ji 2019, arXiv:1905.05178."),
};

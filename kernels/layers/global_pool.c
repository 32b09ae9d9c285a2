/* One row a graph out of the rows of its nodes. */

#include "layers/set-pool.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Features of each node") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Features of the whole graph") }, { .name = NULL } };

static const EqkParam params[] = {
  { "pool", EQK_N_("Pool"), EQK_PARAM_CHOICE, "sum", 0, 0, "sum|mean|max|softmax", EQK_N_("How the nodes are put together") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_NODES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes", eqk_rep_get_text (x->rep));
  eqk_set_pool_check (ctx, x, "mean");
  return eqk_set_pool_whole (ctx, x);
}

/* Each channel's mean, weighted by the softmax of t times itself: between the mean (t = 0) and the largest (t large). */
static int
soft_pool (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType            *x = eqk_build_in (b, "x");
  const int                     one = 1, c = eqk_rep_get_dim (x->rep), in[2] = { eqk_build_x (b, "x"), eqk_build_weight (b, "t", &one, 1, (EqkInit) { EQK_INIT_ONES, 0, NULL }) };
  const EqkSegmentSoftmaxParams p = { EQK_OVER_SAMPLES, false };
  int                           weights = in[1] < 0 ? -1 : eqk_rows_op (b, "scale_learned", in, 2, x->space, c, NULL, 0, diag);

  weights = eqk_rows_op (b, "segment_softmax", &weights, 1, x->space, c, &p, sizeof p, diag);
  return eqk_nodes_pool (b, eqk_rows_mul (b, in[0], weights, x->space, c, c, diag), eqk_of_samples, c, "sum", diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int out = strcmp (eqk_build_text (b, "pool"), "softmax") == 0 ? soft_pool (b, diag) : eqk_set_pool_expand (b, diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o + 1x2e + 1x0o" }, .settings = "" },
  { .group = "SO3", .inputs = { "nodes 2x0 + 2x1" }, .settings = "pool=sum" },
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "pool=max" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "pool=softmax" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "pool=mean" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_global_pool = {
  .id = "global_pool", .title = EQK_N_("Graph pool"), .category = EQK_N_("Pooling"), .domains = "graph|points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_set_pool_lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.global_add_pool, global_mean_pool, global_max_pool",
  .doc = EQK_N_("Gathers all nodes of a graph into one row.\n\n"
                "y = Σ_i x_i, the mean, the largest, or a mean weighted by the softmax of t x with a learned t, of each channel over the nodes of each graph. Sums are kept in float64. Sum and mean turn as the nodes' features do; the largest needs invariants."),
};

/* Sum or mean over the nodes of a sample, of any features that turn: the sum turns with them. */

#include "layers/nodes.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Features of each node") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Features of the whole sample") }, { .name = NULL } };

static const EqkParam params[] = {
  { "pool", EQK_N_("Pool"), EQK_PARAM_CHOICE, "mean", 0, 0, "sum|mean", EQK_N_("Sums grow with the number of nodes, means do not") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  EqkPortType        y = *x;

  if (x->space.kind != EQK_SPACE_NODES || x->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes", eqk_kind_name (x->kind));
  y.space = (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 };
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int out = eqk_nodes_pool (b, eqk_build_x (b, "x"), eqk_of_samples, eqk_rep_get_dim (eqk_build_in (b, "x")->rep), eqk_build_text (b, "pool"), diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o + 1x2e + 1x0o" }, .settings = "" },
  { .group = "SO3", .inputs = { "nodes 2x0 + 2x1" }, .settings = "pool=sum" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_global_pool = {
  .id = "global_pool", .title = EQK_N_("Pool over nodes"), .category = EQK_N_("Pooling"), .domains = "points|molecule|graph",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.global_add_pool, global_mean_pool",
  .doc = EQK_N_("y = Σ_i x_i or the mean of the x_i over the nodes of a sample, in float64. Linear, so arrows stay arrows; no order of the nodes can change it."),
};

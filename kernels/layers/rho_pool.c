/* One row a set out of the rows of its elements. */

#include "layers/set-pool.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Scalars of each element") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of the whole set") }, { .name = NULL } };

static const EqkParam params[] = {
  { "pool", EQK_N_("Pool"), EQK_PARAM_CHOICE, "sum", 0, 0, EQK_POOL_CHOICES, EQK_N_("How the elements are put together") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);

  return x == NULL ? EQK_ERR_TYPE : eqk_set_pool_whole (ctx, x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int out = eqk_set_pool_expand (b, diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "C1", .inputs = { "nodes 4x triv" }, .settings = "" },
  { .group = "C1", .inputs = { "nodes 3x triv" }, .settings = "pool=mean" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "pool=sum" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "pool=max" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "pool=logsumexp" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_rho_pool = {
  .id = "rho_pool", .title = EQK_N_("Set pool"), .category = EQK_N_("Pooling"), .domains = "set|graph|points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_set_pool_lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.aggr.SumAggregation, MeanAggregation, MaxAggregation",
  .doc = EQK_N_("Gathers all elements of a set into one row.\n\n"
                "y = Σ_i x_i, or the mean, the largest or log Σ_i exp x_i, over the elements of each sample; sums are kept in float64, so that no order of the elements shows. "
                "A sum grows with the size of the set; a mean cannot count; the largest sees one element of each channel. "
                "Source: Zaheer et al. 2017 (Deep Sets)."),
};

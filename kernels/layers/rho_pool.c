/* One row a set out of the rows of its elements. */

#include "layers/nodes.h"

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
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = *x;
  y.space = (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 };
  return eqk_infer_set_output (ctx, "y", &y);
}

/* Each way loses something; the other way does not lose the same. */
static void
lint (EqkInfer *ctx)
{
  const char *pool = eqk_infer_text (ctx, "pool");
  const bool  mean = strcmp (pool, "mean") == 0;

  if (!mean && strcmp (pool, "sum") != 0)
    return;
  eqk_infer_problem (ctx, mean ? "I-MEAN-COUNT" : "I-SUM-SIZE", "x", NULL);
  eqk_infer_fix (ctx, mean ? EQK_N_("Use the sum") : EQK_N_("Use the mean"));
  eqk_fix_set (ctx, "$", "pool", mean ? "sum" : "mean");
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int out = eqk_nodes_pool (b, eqk_build_x (b, "x"), eqk_of_samples, eqk_rep_get_dim (eqk_build_in (b, "x")->rep), eqk_build_text (b, "pool"), diag);

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
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.aggr.SumAggregation, MeanAggregation, MaxAggregation",
  .doc = EQK_N_("y = Σ_i x_i, or the mean, the largest or log Σ_i exp x_i, over the elements of each sample; sums are kept in float64, so that no order of the elements shows. "
                "A sum grows with the size of the set; a mean cannot count; the largest sees one element of each channel. "
                "Source: Zaheer et al. 2017 (Deep Sets)."),
};

/* Learned questions put to a set. */

#include "layers/attending.h"
#include "layers/set-pool.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of the whole set: the answers one after the other") }, { .name = NULL } };

static const EqkParam params[] = {
  { "seeds", EQK_N_("Questions"), EQK_PARAM_INT, "1", 1, 64, NULL, EQK_N_("Learned elements that look at the set; each gives a row of the channels") },
  EQK_ATTENDING_PARAMS,
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);
  const int          seeds = eqk_infer_int (ctx, "seeds");
  EqkPortType        type;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (eqk_attending_check (ctx, x, diag) != EQK_OK)
    return EQK_ERR_SHAPE;
  type = eqk_attending_type (ctx, x);
  type.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), seeds * eqk_infer_int (ctx, "channels"));
  type.space = eqk_of_samples;
  return eqk_infer_set_output (ctx, "y", &type);
}

/* The answers of a sample lie one after the other already, so making one row of them is a copy. */
static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType   *x = eqk_build_in (b, "x");
  const int            c = eqk_build_int (b, "channels"), m = eqk_build_int (b, "seeds");
  const EqkSpace       places = eqk_seed_space (m);
  const EqkScaleParams same = { 1 };
  int                  from = eqk_build_x (b, "x"), cx = eqk_rep_get_dim (x->rep), out;

  if (strcmp (eqk_build_text (b, "form"), "usual") == 0)
    {
      from = eqk_dense (b, "ff", from, x->space, cx, c, true, diag);
      from = from < 0 ? from : eqk_dense_act (b, "relu", from, x->space, c, 1, diag);
      cx = c;
    }
  out = eqk_mab (b, "mab.", eqk_seeds (b, "seeds", m, c, places, diag), places, c, from, x->space, cx, diag);
  if (m > 1)
    out = eqk_rows_op (b, "scale", &out, 1, eqk_of_samples, m * c, &same, sizeof same, diag);
  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "channels=4 heads=2" },
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "seeds=3 channels=4 heads=2 form=original norm=off" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "seeds=2 channels=4 heads=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_pma = {
  .id = "pma", .title = EQK_N_("Pool by attention"), .category = EQK_N_("Pooling"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_attending_in, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_attention_pool_lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.aggr.SetTransformerAggregation",
  .doc = EQK_N_("Asks the whole set a few learned questions; its order does not matter.\n\n"
                "y = MAB(S, ReLU(W X + b)) with learned questions S, whose answers do not depend on the order of the set; in the original form MAB(S, X). Exact. "
                "Source: Lee et al. 2019 (Set Transformer), arXiv:1810.00825."),
};

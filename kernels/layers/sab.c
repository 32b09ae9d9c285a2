/* Elements of a set look at each other. */

#include "layers/attending.h"

static const EqkParam params[] = { EQK_ATTENDING_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);
  EqkPortType        type;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (eqk_attending_check (ctx, x, diag) != EQK_OK)
    return EQK_ERR_SHAPE;
  type = eqk_attending_type (ctx, x);
  return eqk_infer_set_output (ctx, "y", &type);
}

static void
lint (EqkInfer *ctx)
{
  const double n = eqk_infer_fact (ctx, "N", 0);
  char         text[160];

  if (n <= 500)
    return;
  eqk_infer_problem (ctx, "W-SAB-QUAD", "x", "n=%g", n);
  eqk_infer_fix (ctx, EQK_N_("Go through a few learned elements (ISAB)"));
  snprintf (text, sizeof text, "channels=%d heads=%d form=%s norm=%s", eqk_infer_int (ctx, "channels"), eqk_infer_int (ctx, "heads"), eqk_infer_text (ctx, "form"),
            eqk_infer_bool (ctx, "norm") ? "on" : "off");
  eqk_fix_replace (ctx, "$", "isab", text);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          from = eqk_build_x (b, "x"), c = eqk_rep_get_dim (x->rep), out = eqk_mab (b, "", from, x->space, c, from, x->space, c, diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "channels=4 heads=2" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "channels=4 heads=2" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "channels=4 heads=4 form=original" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_sab = {
  .id = "sab", .title = EQK_N_("Self-attention"), .category = EQK_N_("Permutation"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_attending_in, .outputs = eqk_attending_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.aggr.utils.SetAttentionBlock",
  .doc = EQK_N_("Every element of a set looks at all the others.\n\n"
                "MAB(X, X): every element looks at all of its set, at a cost that grows with the square of its size. Exact. Source: Lee et al. 2019 (Set Transformer), arXiv:1810.00825."),
};

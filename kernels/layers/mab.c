/* Elements of one set look at those of another. */

#include "layers/attending.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Scalars of the elements that look") },
  { .name = "y", .doc = EQK_N_("Scalars of what is looked at: elements of the same sets, the pixels of a picture, or one row a sample") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each element of x") }, { .name = NULL } };

static const EqkParam params[] = { EQK_ATTENDING_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag), *y = eqk_infer_input (ctx, "y");
  EqkPortType        type;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (y->kind != EQK_KIND_FEATURE || (y->space.kind != EQK_SPACE_NODES && y->space.kind != EQK_SPACE_SAMPLE && y->space.kind != EQK_SPACE_GRID) || !eqk_rep_is_trivial (y->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "y", "scalars of nodes, pixels or samples", eqk_rep_get_text (y->rep));
  if (eqk_attending_check (ctx, x, diag) != EQK_OK)
    return EQK_ERR_SHAPE;
  type = eqk_attending_type (ctx, x);
  return eqk_infer_set_output (ctx, "y", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_in (b, "y");
  const int          out = eqk_mab (b, "", eqk_build_x (b, "x"), x->space, eqk_rep_get_dim (x->rep), eqk_build_x (b, "y"), y->space, eqk_rep_get_dim (y->rep), diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 4x triv", "nodes 3x triv" }, .settings = "channels=4 heads=2" },
  { .group = "triv", .inputs = { "nodes 3x triv", "nodes 5x triv" }, .settings = "channels=4 heads=2 form=original norm=off" },
  { .group = "triv", .inputs = { "nodes 4x triv", "sample 3x triv" }, .settings = "channels=4 heads=1" },
  { .group = "triv", .inputs = { "nodes 4x triv", "grid 2x3 3x triv" }, .settings = "channels=4 heads=2" },
  { .group = "triv", .inputs = { "nodes 4x triv", "grid 3x190 2x triv" }, .settings = "channels=4 heads=2 norm=off" },      /* more keys than are turned */
  { .group = NULL }
};

const EqkLayerType eqk_layer_mab = {
  .id = "mab", .title = EQK_N_("Attention block"), .category = EQK_N_("Permutation"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.aggr.utils.MultiheadAttentionBlock",
  .doc = EQK_N_("Elements of one set ask those of another, then think about what they heard.\n\n"
                "H = LN(X + Att(X, Y, Y)), y = LN(H + ReLU(W H + b)): every element of X takes a weighted mean of those of Y, weighted by softmax of q·k/√d in each head. "
                "Permuting X permutes the result, permuting Y does nothing. Exact. Source: Lee et al. 2019 (Set Transformer), arXiv:1810.00825."),
};

/* Elements of a set look at each other through a few learned ones. */

#include "layers/attending.h"

static const EqkParam params[] = {
  { "points", EQK_N_("Learned elements"), EQK_PARAM_INT, "16", 1, 1024, NULL, EQK_N_("Elements that gather what the set holds") },
  EQK_ATTENDING_PARAMS,
  { NULL }
};

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

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          from = eqk_build_x (b, "x"), cx = eqk_rep_get_dim (x->rep), c = eqk_build_int (b, "channels"), m = eqk_build_int (b, "points");
  const EqkSpace     points = eqk_seed_space (m);
  const int          seeds = eqk_seeds (b, "points", m, c, points, diag);
  const int          h = eqk_mab (b, "gather.", seeds, points, c, from, x->space, cx, diag);
  const int          out = eqk_mab (b, "give.", from, x->space, cx, h, points, c, diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "points=3 channels=4 heads=2" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "points=2 channels=4 heads=2 form=original" },
  { .group = "triv", .inputs = { "nodes 48x triv" }, .settings = "points=20 channels=48 heads=1 norm=off" },      /* whole vectors, and more rows than are taken together */
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "points=1 channels=4 heads=2 norm=off" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_isab = {
  .id = "isab", .title = EQK_N_("Induced self-attention"), .category = EQK_N_("Permutation"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_attending_in, .outputs = eqk_attending_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.aggr.utils.InducedSetAttentionBlock",
  .doc = EQK_N_("Elements look at each other by way of a few learned go-betweens: cheap for large sets.\n\n"
                "H = MAB(I, X), y = MAB(X, H) with a few learned elements I: attention within the set at a cost that grows with its size, not with the square. Exact. "
                "Source: Lee et al. 2019 (Set Transformer), arXiv:1810.00825."),
};

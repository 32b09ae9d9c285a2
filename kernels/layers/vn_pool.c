/* Pool of vector neurons: of each channel the arrow that goes farthest in the channel's mean direction. */

#include "layers/directions.h"
#include "layers/set-pool.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Irreps of each point") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Irreps of the whole sample") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_NODES || x->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes", eqk_rep_get_text (x->rep));
  return eqk_set_pool_whole (ctx, x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          n = eqk_rep_get_dim (x->rep), value = eqk_build_x (b, "x");
  const int          in[2] = { value, eqk_nodes_spread (b, eqk_nodes_pool (b, value, eqk_of_samples, n, "mean", diag), x->space, n, diag) };
  EqkDirectionParams p = { 0 };
  int                y;

  if (in[1] < 0 || !eqk_direction_params (b, x->rep, &p))
    return EQK_ERR_NO_MEMORY;
  y = eqk_rows_op (b, "direction_max", in, 2, eqk_of_samples, n, &p, sizeof p, diag);
  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x1o" }, .settings = "" },
  { .group = "SO3", .inputs = { "nodes 2x0 + 2x1 + 1x2" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_vn_pool = {
  .id = "vn_pool", .title = EQK_N_("Farthest arrow"), .category = EQK_N_("Pooling"), .domains = "points|molecule",
  .inputs = inputs, .outputs = outputs, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Of all points the arrow stays that reaches farthest along the common direction.\n\n"
                "y = x_i for the point i with the largest ⟨x_i, mean_j x_j⟩, for each copy of an irrep by itself: a maximum that does not depend on the frame. Exact; another point may win at once when points move. "
                "Source: Deng et al. 2021, arXiv:2104.12229, with the mean for the direction."),
};

/* Coordinates moved by arrows. */

#include "layers/coordinates.h"
#include "layers/irreps.h"

static const EqkPort inputs[] = {
  { .name = "positions", .doc = EQK_N_("Coordinates") },
  { .name = "x", .doc = EQK_N_("Arrows of each point") },
  { .name = NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_coord_input (ctx, diag), *arrows = eqk_infer_input (ctx, "x");

  if (x == NULL || eqk_coord_arrows (x, arrows, "x", diag) == 0)
    return EQK_ERR_TYPE;
  if (!eqk_space_equal (&x->space, &arrows->space))
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "x", "arrows of the points", "other places");
  return eqk_infer_set_output (ctx, "positions", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType    *x = eqk_build_in (b, "positions");
  const EqkIrrepsLinear spec = { .name = "", .in = eqk_build_in (b, "x")->rep, .out = x->rep, .kinds = -1, .table = -1 };
  const int             step = eqk_irreps_linear (b, &spec, eqk_build_x (b, "x"), x->space, diag);
  const int             out = eqk_rows_add (b, eqk_build_x (b, "positions"), step, x->space, 3, diag);

  eqk_build_set_output (b, "positions", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "positions", "nodes 3x1o" }, .settings = "" },
  { .group = "SO3", .inputs = { "positions", "nodes 1x1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_coord_update = {
  .id = "coord_update", .title = EQK_N_("Move points"), .category = EQK_N_("Structure"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = eqk_coord_out, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Moves the points along arrows that were computed.\n\n"
                "x_i ← x_i + Σ_u w_u v_iu / √n: coordinates stay coordinates when arrows are added to them. Exact."),
};

/* A constant factor. */

#include "layers/grids.h"

static const EqkParam params[] = {
  { "factor", EQK_N_("Factor"), EQK_PARAM_REAL, "1", -1e6, 1e6, NULL, EQK_N_("What everything is multiplied by") },
  { NULL }
};

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType   *x = eqk_build_in (b, "x");
  const EqkScaleParams p = { eqk_build_real (b, "factor") };

  return eqk_grid_done (b, eqk_grid_op (b, "scale", eqk_build_x (b, "x"), x->space, eqk_rep_get_dim (x->rep), &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 1x reg + 1x f1" }, .settings = "factor=-0.5" },
  { .group = "O3", .inputs = { "nodes 3x triv" }, .settings = "factor=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_scale_const = {
  .id = "scale_const", .title = EQK_N_("Scale"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = eqk_fields_same, .expand = expand, .specimens = specimens, .exports = "torch.mul",
  .doc = EQK_N_("Multiplies everything by one fixed number.\n\n"
                "y = c x with a constant c. Exact."),
};

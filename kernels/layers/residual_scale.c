/* A learned factor for a branch of a residual connection. */

#include "layers/grids.h"

static const EqkParam params[] = {
  { "init", EQK_N_("First value"), EQK_PARAM_REAL, "0", -10, 10, NULL, EQK_N_("0 starts the branch switched off") },
  { NULL }
};

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          one = 1, values[2] = { eqk_build_x (b, "x"), eqk_build_weight (b, "weight", &one, 1, (EqkInit){ EQK_INIT_CONSTANT, eqk_build_real (b, "init"), NULL }) };
  int                y = eqk_build_value (b, x->space, eqk_rep_get_dim (x->rep));

  if (values[1] < 0 || y < 0)
    return EQK_ERR_NO_MEMORY;
  if (eqk_build_op (b, "scale_learned", values, 2, &y, 1, NULL, 0, diag) != EQK_OK)
    y = -1;
  return eqk_grid_done (b, y, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 1x reg + 1x f1" }, .settings = "init=0.5" },
  { .group = "O3", .inputs = { "nodes 3x triv" }, .settings = "init=1" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_residual_scale = {
  .id = "residual_scale", .title = EQK_N_("Learned scale"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = eqk_fields_same, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Multiplies a branch by one learned number; at 0 it starts switched off.\n\n"
                "y = a x with one learned number a. Exact. Source: Bachlechner et al. 2020 (ReZero), arXiv:2003.04887."),
};

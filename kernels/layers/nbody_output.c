/* Where points are next: coordinates as the answer. */

#include "layers/coordinates.h"

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_coord_input (ctx, diag);

  return x == NULL ? EQK_ERR_TYPE : eqk_infer_set_output (ctx, "positions", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "positions");
  const int          y = eqk_rows_scale (b, eqk_build_x (b, "positions"), x->space, 3, 1, diag);

  eqk_build_set_output (b, "positions", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "positions" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_nbody_output = {
  .id = "nbody_output", .title = EQK_N_("Next positions"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_coord_in, .outputs = eqk_coord_out, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("The answer is where the points will be.\n\n"
                "The coordinates as the answer: they shift and turn with the input. The loss is the squared distance to where the points really are. Exact."),
};

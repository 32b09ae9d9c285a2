/* Points or atoms: coordinates and a kind of atom for each. */

#include "layers/coordinates.h"

static const EqkPort outputs[] = {
  { .name = "positions", .doc = EQK_N_("Coordinates in Å; they shift and turn with the cloud") },
  { .name = "species", .doc = EQK_N_("Number of the kind of atom, from 0") },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "species", EQK_N_("Kinds of atoms"), EQK_PARAM_INT, "4", 1, 118, NULL, EQK_N_("How many kinds of atoms there are") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkStatus status = eqk_coord_set_input (ctx, diag);

  return status != EQK_OK ? status : eqk_coord_set_scalars (ctx, "species", EQK_KIND_SPECIES, 1);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  eqk_build_set_output (b, "positions", eqk_build_feed (b, "positions", eqk_build_out (b, "positions")->space, 3, false));
  eqk_build_set_output (b, "species", eqk_build_feed (b, "species", eqk_build_out (b, "species")->space, 1, true));
  return EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "" }, .settings = "species=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_input_points = {
  .id = "input_points", .title = EQK_N_("Points or atoms"), .category = EQK_N_("Input"), .domains = "points|molecule",
  .flags = EQK_LAYER_INPUT, .outputs = outputs, .params = params, .admits = eqk_coord_admits, .infer = infer, .expand = expand,
  .specimens = specimens, .exports = "pos, z tensors",
  .doc = EQK_N_("Points or atoms go in here: where they are and of which kind.\n\n"
                "A cloud of points: x_i in space and a kind z_i. Coordinates are of an affine type: only differences of them may enter features."),
};

/* Points on the way from noise to data: coordinates, kinds of atoms as numbers, and how much of all that is noise. */

#include "layers/coordinates.h"

static const EqkPort outputs[] = {
  { .name = "positions", .doc = EQK_N_("Coordinates with noise, about their centre") },
  { .name = "types", .doc = EQK_N_("One number for each kind of atom, with noise") },
  { .name = "time", .doc = EQK_N_("How much is noise: 0 is data, 1 is noise alone; the same at all points of a sample") },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "species", EQK_N_("Kinds of atoms"), EQK_PARAM_INT, "5", 1, 118, NULL, EQK_N_("How many kinds of atoms there are") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkStatus status = eqk_coord_set_input (ctx, diag);

  if (status != EQK_OK)
    return status;
  eqk_coord_set_scalars (ctx, "types", EQK_KIND_FEATURE, eqk_infer_int (ctx, "species"));
  return eqk_coord_set_scalars (ctx, "time", EQK_KIND_FEATURE, 1);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkSpace nodes = eqk_build_out (b, "positions")->space;
  const int      positions = eqk_build_feed (b, "positions", nodes, 3, false), types = eqk_build_feed (b, "types", nodes, eqk_build_int (b, "species"), false);
  const int      time = eqk_build_feed (b, "time", nodes, 1, false);

  eqk_build_set_output (b, "positions", positions);
  eqk_build_set_output (b, "types", types);
  eqk_build_set_output (b, "time", time);
  return positions < 0 || types < 0 || time < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "" }, .settings = "species=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_noisy_points = {
  .id = "noisy_points", .title = EQK_N_("Points with noise"), .category = EQK_N_("Input"), .domains = "points|molecule", .flags = EQK_LAYER_INPUT,
  .outputs = outputs, .params = params, .admits = eqk_coord_admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "x_t, h_t, t tensors",
  .doc = EQK_N_("What networks that make molecules read: points between data and noise.\n\n"
                "What a network that makes molecules reads: coordinates x_t and kinds h_t between data and noise, and the time t. Training mixes noise into the data, as the settings of the denoising head say; "
                "sampling begins with noise alone. The noise is isotropic and without a mean, so that turned noise is as likely. Source: Hoogeboom et al. 2022, arXiv:2203.17003."),
};

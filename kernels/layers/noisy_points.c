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
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  const EqkField    *vector = eqk_group_irrep_by_id (symmetry->group, eqk_group_is_connected (symmetry->group) ? 0 : 1, 1);
  EqkPortType        type = { .space = { EQK_SPACE_NODES, 0, 0, 0 }, .symmetry = *symmetry, .kind = EQK_KIND_POSITION };

  if (eqk_group_get_space_dim (symmetry->group) != 3)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "points of space", "SO(3), O(3), SE(3) or E(3)", eqk_group_get_notation (symmetry->group));
  type.rep = eqk_rep_single (vector, 1);
  eqk_infer_set_output (ctx, "positions", &type);
  type.kind = EQK_KIND_FEATURE;
  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), eqk_infer_int (ctx, "species"));
  eqk_infer_set_output (ctx, "types", &type);
  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), 1);
  return eqk_infer_set_output (ctx, "time", &type);
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

static bool
admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (eqk_group_get_space_dim (symmetry->group) == 3)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("Points in space need a group that acts on space, such as E(3)."));
  return false;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "" }, .settings = "species=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_noisy_points = {
  .id = "noisy_points", .title = EQK_N_("Points with noise"), .category = EQK_N_("Input"), .domains = "points|molecule", .flags = EQK_LAYER_INPUT,
  .outputs = outputs, .params = params, .admits = admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "x_t, h_t, t tensors",
  .doc = EQK_N_("What networks that make molecules read: points between data and noise.\n\n"
                "What a network that makes molecules reads: coordinates x_t and kinds h_t between data and noise, and the time t. Training mixes noise into the data, as the settings of the denoising head say; "
                "sampling begins with noise alone. The noise is isotropic and without a mean, so that turned noise is as likely. Source: Hoogeboom et al. 2022, arXiv:2203.17003."),
};

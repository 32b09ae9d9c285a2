/* Points or atoms: coordinates and a kind of atom for each. */

#include "eqk/layer.h"

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
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  const EqkField    *vector = eqk_group_irrep_by_id (symmetry->group, eqk_group_is_connected (symmetry->group) ? 0 : 1, 1);   /* inversion turns arrows round */
  EqkPortType        type = { .space = { EQK_SPACE_NODES, 0, 0, 0 }, .symmetry = *symmetry, .kind = EQK_KIND_POSITION };

  if (eqk_group_get_space_dim (symmetry->group) != 3)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "points of space", "SO(3), O(3), SE(3) or E(3)", eqk_group_get_notation (symmetry->group));
  type.rep = eqk_rep_single (vector, 1);
  eqk_infer_set_output (ctx, "positions", &type);
  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), 1);
  type.kind = EQK_KIND_SPECIES;
  return eqk_infer_set_output (ctx, "species", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  eqk_build_set_output (b, "positions", eqk_build_feed (b, "positions", eqk_build_out (b, "positions")->space, 3, false));
  eqk_build_set_output (b, "species", eqk_build_feed (b, "species", eqk_build_out (b, "species")->space, 1, true));
  return EQK_OK;
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

const EqkLayerType eqk_layer_input_points = {
  .id = "input_points", .title = EQK_N_("Points or atoms"), .category = EQK_N_("Input"), .domains = "points|molecule",
  .flags = EQK_LAYER_INPUT, .outputs = outputs, .params = params, .admits = admits, .infer = infer, .expand = expand,
  .specimens = specimens, .exports = "pos, z tensors",
  .doc = EQK_N_("Points or atoms go in here: where they are and of which kind.\n\n"
                "A cloud of points: x_i in space and a kind z_i. Coordinates are of an affine type: only differences of them may enter features."),
};

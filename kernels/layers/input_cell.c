/* The lattice of periodic samples: three arrows each. */

#include "eqk/layer.h"

static const EqkPort outputs[] = { { .name = "cell", .doc = EQK_N_("Rows of the lattice in Å; a row of zeros: not periodic along it") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  EqkPortType        type = { .space = { EQK_SPACE_SAMPLE, 0, 0, 0 }, .symmetry = *symmetry, .kind = EQK_KIND_CELL };

  if (eqk_group_get_space_dim (symmetry->group) != 3)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "a lattice in space", "SO(3), O(3), SE(3) or E(3)", eqk_group_get_notation (symmetry->group));
  type.rep = eqk_rep_single (eqk_group_irrep_by_id (symmetry->group, eqk_group_is_connected (symmetry->group) ? 0 : 1, 1), 3);
  return eqk_infer_set_output (ctx, "cell", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  eqk_build_set_output (b, "cell", eqk_build_feed (b, "cell", eqk_build_out (b, "cell")->space, 9, false));
  return EQK_OK;
}

static bool
admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (eqk_group_get_space_dim (symmetry->group) == 3)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("A lattice in space needs a group that acts on space, such as E(3)."));
  return false;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_input_cell = {
  .id = "input_cell", .title = EQK_N_("Periodic cell"), .category = EQK_N_("Input"), .domains = "molecule|points",
  .flags = EQK_LAYER_INPUT, .outputs = outputs, .admits = admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "cell tensor",
  .doc = EQK_N_("The box that repeats in a crystal.\n\n"
                "Three arrows a, b, c: what stands at x stands at x + k a + l b + m c too. They turn with the sample and do not move when it is shifted."),
};

/* Stress as the exact derivative of the energy by a strain of atoms and lattice: a transform of the program, as forces are. */

#include "eqk/layer.h"

static const EqkPort inputs[] = {
  { .name = "energy", .doc = EQK_N_("Energies") },
  { .name = "positions", .doc = EQK_N_("The coordinates that are strained") },
  { .name = "cell", .doc = EQK_N_("The lattice that is strained with them") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "stress", .doc = EQK_N_("Stress of each cell, in eV/Å³; tension is positive") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *energy = eqk_infer_input (ctx, "energy"), *positions = eqk_infer_input (ctx, "positions"), *cell = eqk_infer_input (ctx, "cell");
  EqkPortType        type = *cell;

  if (energy->kind != EQK_KIND_ENERGY)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "energy", "energies", eqk_kind_name (energy->kind));
  if (positions->kind != EQK_KIND_POSITION)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "positions", "coordinates", eqk_kind_name (positions->kind));
  if (cell->kind != EQK_KIND_CELL)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "cell", "a lattice", eqk_kind_name (cell->kind));
  if (eqk_rep_parse (type.symmetry.group, eqk_group_is_connected (type.symmetry.group) ? "1x0+1x2" : "1x0e+1x2e", &type.rep, diag) != EQK_OK)
    return EQK_ERR_GROUP;
  type.kind = EQK_KIND_STRESS;
  return eqk_infer_set_output (ctx, "stress", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int result = eqk_build_stress (b, eqk_build_x (b, "energy"), eqk_build_x (b, "positions"), eqk_build_x (b, "cell"));

  if (result < 0)
    return eqk_fail (diag, EQK_ERR_UNSUPPORTED, "a design has one node that makes stress, of the energy and the positions that forces are of");
  eqk_build_set_output (b, "stress", result);
  return EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "energy_readout{hidden=[5]}(schnet_cfconv{filters=6}(nodes 4x triv; "
                               "radial_basis{n=4 cutoff=2.5}(radius_graph{cutoff=2.5}(&positions; &cell))))", "&positions", "&cell" } },
  { .group = NULL }
};

const EqkLayerType eqk_layer_stress_from_energy = {
  .id = "stress_from_energy", .title = EQK_N_("Stress"), .category = EQK_N_("Head"), .domains = "molecule|points", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "nequip.nn.ForceStressOutput",
  .doc = EQK_N_("How the energy changes when the whole crystal is stretched.\n\n"
                "σ = (1/V) ∂E/∂ε for x → (1 + ε) x and the same of the lattice, through the whole network. Six numbers, 1x0e + 1x2e: the trace over √3, "
                "then the five that turn like a quadrupole, so that lengths are those of the matrix. Positive where the energy rises when the cell is stretched (tension); programs that print pressures have the other sign. Zero where a sample is not periodic in all three directions."),
};

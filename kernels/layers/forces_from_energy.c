/* Forces as the exact negative gradient of the energy: a transform of the program, not arithmetic of this layer. */

#include "eqk/layer.h"

static const EqkPort inputs[] = {
  { .name = "energy", .doc = EQK_N_("Energies") },
  { .name = "positions", .doc = EQK_N_("The coordinates it is differentiated by") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "forces", .doc = EQK_N_("Force on each atom, in eV/Å") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *energy = eqk_infer_input (ctx, "energy"), *positions = eqk_infer_input (ctx, "positions");
  EqkPortType        type = *positions;

  if (energy->kind != EQK_KIND_ENERGY)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "energy", "energies", eqk_kind_name (energy->kind));
  if (positions->kind != EQK_KIND_POSITION)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "positions", "coordinates", eqk_kind_name (positions->kind));
  type.kind = EQK_KIND_FORCE;
  return eqk_infer_set_output (ctx, "forces", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int result = eqk_build_gradient (b, eqk_build_x (b, "energy"), eqk_build_x (b, "positions"));

  if (result < 0)
    return eqk_fail (diag, EQK_ERR_UNSUPPORTED, "a design has one node that makes forces");
  eqk_build_set_output (b, "forces", result);
  return EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "energy_readout{hidden=[5]}(schnet_cfconv{filters=6}(nodes 4x triv; "
                               "radial_basis{n=4 cutoff=2.5}(radius_graph{cutoff=2.5}(&positions))))", "&positions" } },
  { .group = NULL }
};

const EqkLayerType eqk_layer_forces_from_energy = {
  .id = "forces_from_energy", .title = EQK_N_("Forces"), .category = EQK_N_("Head"), .domains = "molecule|points", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "nequip.nn.ForceStressOutput",
  .doc = EQK_N_("The force on each atom: how the energy falls when it moves.\n\n"
                "F = −∂E/∂x through the whole network: curl-free, and they sum to zero. Trained by one tangent and one second reverse pass."),
};

/* Vector neuron with ReLU: a linear map, cut off along a direction that a second linear map gives. */

#include "layers/directions.h"
#include "layers/fields.h"

static const EqkParam params[] = {
  { "out", EQK_N_("Output"), EQK_PARAM_REP, "16x1o", 0, 0, NULL, EQK_N_("Irreps of the output, such as 16x1o; each must be among those of the input") },
  { "slope", EQK_N_("Slope of the cut part"), EQK_PARAM_REAL, "0.2", 0, 1, NULL, EQK_N_("What is left of the part that points against the direction: 0 cuts it off, 1 is linear") },
  { NULL }
};

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  EqkIrrepsLinear    spec = { .name = "map", .in = x->rep, .out = y->rep, .kinds = -1, .table = -1 };
  EqkDirectionParams p = { .slope = eqk_build_real (b, "slope"), .eps = 1e-10 };
  int                in[2], out;

  in[0] = eqk_irreps_linear (b, &spec, eqk_build_x (b, "x"), y->space, diag);
  spec.name = "direction";
  in[1] = in[0] < 0 ? -1 : eqk_irreps_linear (b, &spec, eqk_build_x (b, "x"), y->space, diag);
  if (in[1] < 0 || !eqk_direction_params (b, y->rep, &p))
    return EQK_ERR_NO_MEMORY;
  out = eqk_rows_op (b, "direction_relu", in, 2, y->space, p.n_channels, &p, sizeof p, diag);
  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x1o" }, .settings = "out=4x1o" },
  { .group = "O3", .inputs = { "nodes 2x0e + 3x1o + 2x2e" }, .settings = "out=2x1o + 3x2e + 1x0e slope=0" },
  { .group = "SO3", .inputs = { "sample 3x1" }, .settings = "out=2x1 slope=0.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_vn_relu = {
  .id = "vn_relu", .title = EQK_N_("Vector neurons with ReLU"), .category = EQK_N_("Non-linearity"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .admits = eqk_irreps_admits, .infer = eqk_irreps_map_infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("A ReLU for arrows: what points against a learned direction is cut off.\n\n"
                "q = W x, k = U x; y = q where ⟨q, k⟩ ≥ 0, else q − (1 − α) ⟨q, k̂⟩ k̂: what points against the learned direction is cut off. The direction turns along, so this is exact for every irrep; "
                "continuous, with a kink. A vector neuron without ReLU is the linear map of irreps. Source: Deng et al. 2021, arXiv:2104.12229."),
};

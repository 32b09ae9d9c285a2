/* Linear map of irreps: copies of the same irrep mix, nothing else may. */

#include "layers/irreps.h"
#include "layers/fields.h"

static const EqkParam params[] = {
  { "out", EQK_N_("Output"), EQK_PARAM_REP, "32x0e + 8x1o", 0, 0, NULL, EQK_N_("Irreps of the output, such as 32x0e + 8x1o") },
  { "bias", EQK_N_("Bias"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Learn an offset of the invariants") },
  { NULL }
};

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType    *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkIrrepsLinear spec = { .name = "", .in = x->rep, .out = y->rep, .bias = eqk_build_bool (b, "bias"), .kinds = -1, .table = -1 };
  const int             out = eqk_irreps_linear (b, &spec, eqk_build_x (b, "x"), y->space, diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 5x0e + 3x1o + 2x2e" }, .settings = "out=4x0e + 2x1o + 3x2e bias=on" },
  { .group = "O3", .inputs = { "nodes 2x1o + 3x0o + 3x1o" }, .settings = "out=2x1o + 1x0o" },
  { .group = "SO3", .inputs = { "sample 3x1 + 2x3" }, .settings = "out=2x3 + 2x1" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_irreps_linear = {
  .id = "irreps_linear", .title = EQK_N_("Linear map of irreps"), .category = EQK_N_("Mixing"), .domains = "points|molecule|sphere", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .admits = eqk_irreps_admits, .infer = eqk_irreps_map_infer, .expand = expand,
  .specimens = specimens, .exports = "e3nn.o3.Linear",
  .doc = EQK_N_("Mixes features of the same kind with each other; different kinds never mix.\n\n"
                "y[w,m] = Σ_u W[u,w] x[u,m] / √fan-in for each irrep; W is shared by the components m, which is all that Schur's lemma allows. A bias may stand on invariants alone. "
                "Source: Thomas et al. 2018, arXiv:1802.08219."),
};

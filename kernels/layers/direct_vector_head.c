/* Arrows or tensors straight from features: a linear map to the irreps of the answer, at each node or summed over a sample. */

#include "layers/vector-head.h"

static const EqkParam params[] = {
  { "out", EQK_N_("Answer"), EQK_PARAM_REP, "1x1o", 0, 0, NULL, EQK_N_("1x1o for a dipole or a force, 1x0e + 1x2e for a symmetric tensor such as a polarisability") },
  EQK_VECTOR_HEAD_OF,
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const EqkRep      *out = eqk_irreps_param (ctx, "out", diag);

  return out == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK ? EQK_ERR_TYPE : eqk_vector_head_infer (ctx, x->rep, out, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_vector_head_expand (b, "", eqk_build_x (b, "x"), eqk_build_in (b, "x")->rep, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o + 2x2e" }, .settings = "out=1x0e + 1x2e of=node" },
  { .group = "SO3", .inputs = { "nodes 2x1 + 1x0" }, .settings = "out=1x1 of=mean" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_direct_vector_head = {
  .id = "direct_vector_head", .title = EQK_N_("Arrows and tensors"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_vector_head_in, .outputs = eqk_vector_head_out, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "e3nn.o3.Linear",
  .doc = EQK_N_("Answers with arrows or tensors that turn along with the sample.\n\n"
                "y = W x irrep by irrep, summed or averaged over the nodes: a dipole (1o) of a neutral molecule, a polarisability (0e + 2e), one vector for each atom. Forces made this way are not the slope of an energy. "
                "Source: Thomas et al. 2018; Schütt et al. 2021."),
};

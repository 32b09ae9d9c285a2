/* A tensor of two indices for a sample or for each node: its trace and its traceless part, or all of it. */

#include "layers/vector-head.h"

static const EqkParam params[] = {
  { "symmetric", EQK_N_("Symmetric"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Polarisability and stress are symmetric: six numbers; else nine, with an antisymmetric part") },
  EQK_VECTOR_HEAD_OF,
  { NULL }
};

/* 0e + 2e, or 0e + 1e + 2e. */
static const EqkRep *
tensor_of (const EqkGroup *group, bool symmetric)
{
  EqkRepRun runs[3];
  int       n = 0;

  for (int l = 0; l <= 2; l++)
    if (l != 1 || !symmetric)
      runs[n++] = (EqkRepRun) { eqk_group_irrep_by_id (group, 0, l), 1 };
  return eqk_rep_from_runs (group, runs, n);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const EqkRep      *out;

  if (eqk_irreps_check (x, "x", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  out = tensor_of (x->symmetry.group, eqk_infer_bool (ctx, "symmetric"));
  return out == NULL ? EQK_ERR_NO_MEMORY : eqk_vector_head_infer (ctx, x->rep, out, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_vector_head_expand (b, "", eqk_build_x (b, "x"), eqk_build_in (b, "x")->rep, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o + 2x2e" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1e + 2x2e" }, .settings = "symmetric=off of=node" },
  { .group = "SO3", .inputs = { "sample 2x0 + 1x2" }, .settings = "of=mean" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_tensor_head = {
  .id = "tensor_head", .title = EQK_N_("Tensor"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_vector_head_in, .outputs = eqk_vector_head_out, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "e3nn.o3.Linear, e3nn.io.CartesianTensor",
  .doc = EQK_N_("Answers with a 3 × 3 table that turns along with the sample, such as a polarisability.\n\n"
                "y = W x irrep by irrep to 0e + 2e, the trace and the traceless part of a symmetric tensor (with 1e, the antisymmetric part, where it is not symmetric), summed or averaged over nodes. "
                "“Tensors of two indices” makes the 3 × 3 numbers of it. Exact. Source: Grisafi et al. 2018, arXiv:1709.06757."),
};

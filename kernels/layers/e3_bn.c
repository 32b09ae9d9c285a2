/* Batch normalisation of irreps: invariants are centred, every copy is divided by the root of its mean square. */

#include "layers/batch-norm.h"
#include "layers/irreps.h"

static const EqkParam params[] = {
  EQK_BATCH_NORM_PARAMS,
  { "normalise", EQK_N_("Normalise"), EQK_PARAM_CHOICE, "component", 0, 0, "component|norm", EQK_N_("Whether the numbers of a copy get mean square 1, or its length does") },
  { "reduce", EQK_N_("Over the points of a sample"), EQK_PARAM_CHOICE, "mean", 0, 0, "mean|max", EQK_N_("Squared lengths averaged over the points, or the largest of each sample; over samples they are averaged") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  return eqk_infer_set_output (ctx, "y", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkBatchNormParams like = { .mode = EQK_NORM_TIED, .biased = true, .sums = strcmp (eqk_build_text (b, "normalise"), "norm") == 0,
                                    .peak = strcmp (eqk_build_text (b, "reduce"), "max") == 0 };

  return eqk_batch_norm_expand_like (b, EQK_COLUMNS_TRIVIAL, &like, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 1x0o + 2x1o + 1x2e" }, .settings = "" },
  { .group = "SO3", .inputs = { "nodes 2x1 + 1x0" }, .settings = "affine=off" },
  { .group = "O3", .inputs = { "nodes 1x0e + 2x1o" }, .settings = "normalise=norm" },
  { .group = "O3", .inputs = { "nodes 2x0e + 1x1o" }, .settings = "reduce=max" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_e3_bn = {
  .id = "e3_bn", .title = EQK_N_("Batch norm of irreps"), .category = EQK_N_("Normalisation"), .domains = "points|molecule",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = eqk_batch_norm_lint, .expand = expand,
  .specimens = specimens, .exports = "e3nn.nn.BatchNorm",
  .doc = EQK_N_("Brings features to a common size over many samples without bending arrows.\n\n"
                "y = w (x − μ)/√(var + ε) + b for each copy: μ and b on invariants (0e) alone, var the mean of |x|²/(2l+1) (or of |x|²) over nodes and batch, or of the largest of each sample. Pseudoscalars (0o) are not centred, since a mean of them would "
                "change its sign under mirrors. Exact. Source: e3nn's BatchNorm."),
};

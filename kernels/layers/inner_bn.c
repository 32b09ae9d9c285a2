/* Batch normalisation with one mean and variance for all channels of a field. */

#include "layers/batch-norm.h"

static const EqkParam params[] = { EQK_BATCH_NORM_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_batch_norm_infer (ctx, EQK_ACTS_BY_PERMUTATION, "E-INNERBN-IRREP", diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_batch_norm_expand (b, EQK_COLUMNS_ONES, EQK_NORM_TIED, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 2x reg + 1x triv" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 5x5 1x reg + 2x D4/C4" }, .settings = "affine=off" },
  { .group = "C8", .inputs = { "sample 2x reg" }, .settings = "" },
  { .group = "C8", .inputs = { "grid 5x5 2x f1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_inner_bn = {
  .id = "inner_bn", .title = EQK_N_("Inner batch norm"), .category = EQK_N_("Normalisation"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = infer, .lint = eqk_batch_norm_lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.InnerBatchNorm",
  .doc = EQK_N_("Batch norm for fields with a channel per pose: all poses are treated alike.\n\n"
                "y = w (x − mean)/√(var + ε) + b with one mean, variance, scale and offset for each field, over batch, places and the channels of the field. "
                "The biased variance normalises, the unbiased one runs. Exact where the group permutes channels. Source: Weiler & Cesa 2019; escnn's InnerBatchNorm."),
};

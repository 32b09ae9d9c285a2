/* Ordinary batch normalisation: every channel for itself. */

#include "layers/batch-norm.h"

static const EqkParam params[] = { EQK_BATCH_NORM_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_batch_norm_infer (ctx, EQK_ACTS_TRIVIALLY, "E-BN-COMPONENT", diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_batch_norm_expand (b, EQK_COLUMNS_CHANNELS, EQK_NORM_TIED, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 4x triv" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 3x triv" }, .settings = "affine=off" },
  { .group = "C4", .inputs = { "grid 5x5 1x reg + 1x triv" }, .settings = "" },
  { .group = "SO2", .inputs = { "sample 3x f1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_batchnorm_plain = {
  .id = "batchnorm_plain", .title = EQK_N_("Batch norm of channels"), .category = EQK_N_("Normalisation"), .domains = "any", .flags = EQK_LAYER_BREAKS,
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = infer, .lint = eqk_batch_norm_lint, .expand = expand,
  .specimens = specimens, .exports = "torch.nn.BatchNorm2d",
  .doc = EQK_N_("Brings every channel by itself to a common size; fine only for numbers that stay the same.\n\n"
                "y_c = w_c (x_c − mean_c)/√(var_c + ε) + b_c with mean and variance of each channel over batch and places. Exact only for invariant channels: "
                "the channels of one field get different statistics. Source: Ioffe & Szegedy 2015, arXiv:1502.03167."),
};

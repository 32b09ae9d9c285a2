/* Batch normalisation of any field: invariant part centred, one variance for the whole field. */

#include "layers/batch-norm.h"

static const EqkParam params[] = { EQK_BATCH_NORM_PARAMS, { NULL } };

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_batch_norm_expand (b, EQK_COLUMNS_TRIVIAL, EQK_NORM_IID, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "SO2", .inputs = { "grid 5x5 2x triv + 2x f1 + 1x f2" }, .settings = "" },
  { .group = "SO2", .inputs = { "grid 5x5 2x bl2" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 5x5 1x reg + 1x f1 + 1x D4/C4" }, .settings = "" },
  { .group = "C4", .inputs = { "sample 2x reg + 1x f1" }, .settings = "affine=off" },
  { .group = "O3", .inputs = { "nodes 3x triv + 2x (1,1)" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_iid_bn = {
  .id = "iid_bn", .title = EQK_N_("IID batch norm"), .category = EQK_N_("Normalisation"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = eqk_fields_same, .lint = eqk_batch_norm_lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.IIDBatchNorm2d|e3nn.nn.BatchNorm",
  .doc = EQK_N_("Batch norm for fields: all parts of an arrow are scaled alike, as if they were drawn independently (IID).\n\n"
                "y = w (v − μ)/√(var + ε) + Σ b q, where μ is the part of the mean along the invariant directions q of the field and var the unbiased variances of its "
                "channels, averaged: a number that does not change under the group. Statistics are constants in the gradient. Exact for every group. Source: escnn's IIDBatchNorm2d."),
};

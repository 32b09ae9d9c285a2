/* Batch normalisation by the mean square length of fields, without centring. */

#include "layers/batch-norm.h"

static const EqkParam params[] = {
  EQK_BATCH_NORM_PARAMS,
  { "batch_statistics", EQK_N_("Statistics of the batch"), EQK_PARAM_BOOL, "off", 0, 0, NULL,
    EQK_N_("Normalise in training by the batch alone, with its gradient; off: by the running value, as escnn does") },
  { NULL }
};

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_batch_norm_expand (b, EQK_COLUMNS_NONE, eqk_build_bool (b, "batch_statistics") ? EQK_NORM_LENGTH_BATCH : EQK_NORM_LENGTH, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "SO2", .inputs = { "grid 5x5 2x f1 + 1x f2" }, .settings = "" },
  { .group = "O2", .inputs = { "grid 5x5 2x sign + 2x f1" }, .settings = "batch_statistics=on" },
  { .group = "O3", .inputs = { "nodes 2x (1,1)" }, .settings = "affine=off" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_norm_bn = {
  .id = "norm_bn", .title = EQK_N_("Norm batch norm"), .category = EQK_N_("Normalisation"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = eqk_fields_same, .lint = eqk_batch_norm_lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.NormBatchNorm|e3nn.nn.BatchNorm",
  .doc = EQK_N_("Batch norm for arrows: only their length is brought to a common size.\n\n"
                "y = w v/√(var + ε), var = N/(N − 1) · mean ‖v‖²/d over N = batch × places; nothing is subtracted. For fields without an invariant part. "
                "In training the running variance, already updated, is used and no gradient goes through it, as in escnn. Exact for every group. Source: Weiler & Cesa 2019."),
};

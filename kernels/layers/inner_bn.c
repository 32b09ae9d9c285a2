/* Batch normalisation with one mean and variance for all channels of a field. */

#include "layers/batch-norm.h"

static const EqkParam params[] = { EQK_BATCH_NORM_PARAMS, { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->kind != EQK_KIND_POSITION && !eqk_rep_is_permutation (x->rep))
    {
      char type[300];

      eqk_fields_text (x->rep, eqk_field_is_not_permutation, type, sizeof type);
      eqk_infer_problem (ctx, "E-INNERBN-IRREP", "x", "type='%s'", type);
      eqk_norm_fix (ctx, x->rep);
      eqk_infer_lose (ctx, eqk_fields_mask (x->rep, EQK_ACTS_BY_PERMUTATION), "E-INNERBN-IRREP");
    }
  return eqk_infer_set_output (ctx, "y", x);
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
  .doc = EQK_N_("y = w (x − mean)/√(var + ε) + b with one mean, variance, scale and offset for each field, over batch, places and the channels of the field. "
                "The biased variance normalises, the unbiased one runs. Exact where the group permutes channels. Source: Weiler & Cesa 2019; escnn's InnerBatchNorm."),
};

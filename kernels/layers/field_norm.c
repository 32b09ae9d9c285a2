/* Normalisation of each field at each place. */

#include "layers/batch-norm.h"

static const EqkParam params[] = {
  { "eps", EQK_N_("ε"), EQK_PARAM_REAL, "1e-5", 1e-12, 1, NULL, EQK_N_("Added to the mean square") },
  { "affine", EQK_N_("Learned scale and offset"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("One scale for each field and one offset for each invariant part") },
  { NULL }
};

static void
lint (EqkInfer *ctx)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");

  if (eqk_fields_count (x->rep, eqk_field_is_trivial) == 0)
    return;
  eqk_infer_problem (ctx, "W-FIELDNORM-TRIV", "x", NULL);
  eqk_infer_fix (ctx, EQK_N_("Use a batch norm"));
  eqk_fix_replace (ctx, "$", eqk_norm_for (x->rep), "");
  if (x->space.kind == EQK_SPACE_GRID || x->space.kind == EQK_SPACE_NODES)
    {
      eqk_infer_fix (ctx, EQK_N_("Use the instance norm"));
      eqk_fix_replace (ctx, "$", "instance_norm", "");
    }
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_field_norm_expand (b, "field_norm", EQK_COLUMNS_TRIVIAL, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C8", .inputs = { "grid 5x5 2x reg" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 5x5 1x reg + 2x f1" }, .settings = "affine=off" },
  { .group = "SO2", .inputs = { "sample 2x f1 + 1x bl2" }, .settings = "" },
  { .group = "C4", .inputs = { "grid 5x5 2x triv + 1x f1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_field_norm = {
  .id = "field_norm", .title = EQK_N_("Field norm"), .category = EQK_N_("Normalisation"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = eqk_fields_same, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.FieldNorm",
  .doc = EQK_N_("Brings each field at each place to a common length.\n\n"
                "y = w (v − μ)/√(‖v − μ‖²/d + ε) + Σ b q at each place for each field, μ the part of v along its invariant directions q. "
                "The same in training and inference. Exact for every group; a field of one invariant number becomes constant. Source: escnn's FieldNorm."),
};

/* Normalisation of each field at each place. */

#include "layers/batch-norm.h"

static const EqkParam params[] = {
  { "eps", EQK_N_("ε"), EQK_PARAM_REAL, "1e-5", 1e-12, 1, NULL, EQK_N_("Added to the mean square") },
  { "affine", EQK_N_("Learned scale and offset"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("One scale for each field and one offset for each invariant part") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  return x == NULL ? EQK_ERR_TYPE : eqk_infer_set_output (ctx, "y", x);
}

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
  const EqkPortType *y = eqk_build_out (b, "y");
  EqkFieldNormParams p = { .eps = eqk_build_real (b, "eps") };
  const bool         affine = eqk_build_bool (b, "affine");
  int                in[3], out = eqk_build_value (b, y->space, eqk_rep_get_dim (y->rep));

  if (out < 0 || !eqk_layout_build (b, y->rep, EQK_COLUMNS_TRIVIAL, &p.layout))
    return EQK_ERR_NO_MEMORY;
  in[0] = eqk_build_x (b, "x");
  in[1] = affine ? eqk_fields_weight (b, "weight", p.layout.n_fields, 1) : -1;
  in[2] = affine ? eqk_fields_weight (b, "bias", p.layout.n_means, 0) : -1;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "field_norm", in, 3, &out, 1, &p, sizeof p, diag);
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
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.FieldNorm",
  .doc = EQK_N_("Brings each field at each place to a common length.\n\n"
                "y = w (v − μ)/√(‖v − μ‖²/d + ε) + Σ b q at each place for each field, μ the part of v along its invariant directions q. "
                "The same in training and inference. Exact for every group; a field of one invariant number becomes constant. Source: escnn's FieldNorm."),
};

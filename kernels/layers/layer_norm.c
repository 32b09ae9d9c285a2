/* Each row on its own scale. */

#include "layers/attending.h"

static const EqkParam params[] = {
  { "eps", EQK_N_("ε"), EQK_PARAM_REAL, "1e-5", 1e-12, 1, NULL, EQK_N_("Added to the variance") },
  { "affine", EQK_N_("Learned scale and offset"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("One of each for every channel") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (!eqk_rep_is_trivial (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "invariant numbers", eqk_rep_get_text (x->rep));
  return eqk_infer_set_output (ctx, "y", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          out = eqk_row_norm (b, "", eqk_build_x (b, "x"), x->space, eqk_rep_get_dim (x->rep), eqk_build_bool (b, "affine"), eqk_build_real (b, "eps"), diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "" },
  { .group = "C4", .inputs = { "sample 5x triv" }, .settings = "affine=off eps=0.001" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_layer_norm = {
  .id = "layer_norm", .title = EQK_N_("Layer norm"), .category = EQK_N_("Normalisation"), .domains = "set|graph|points|molecule",
  .inputs = eqk_attending_in, .outputs = eqk_attending_out, .params = params, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.nn.LayerNorm",
  .doc = EQK_N_("Brings the numbers of each row to a common size.\n\n"
                "y = w (x − mean) / √(var + ε) + b with mean and variance over the channels of each row. Exact on invariants. Source: Ba et al. 2016, arXiv:1607.06450."),
};

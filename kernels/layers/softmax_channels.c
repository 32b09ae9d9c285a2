/* Softmax over the channels of each place. */

#include "layers/fields.h"

#include "ops/plane.h"

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  /* All channels are treated alike, so permuting them does no harm; comparing components of an arrow does. */
  if (x->kind != EQK_KIND_POSITION && !eqk_rep_is_permutation (x->rep))
    {
      char type[300];

      eqk_fields_text (x->rep, eqk_field_is_not_permutation, type, sizeof type);
      eqk_infer_problem (ctx, "E-SOFTMAX-IRREP", "x", "type='%s'", type);
      if (eqk_layer_find ("norm_pool") != NULL)
        {
          eqk_infer_fix (ctx, EQK_N_("Softmax over the lengths of the fields"));
          eqk_fix_insert_before (ctx, "$", "x", "norm_pool", "");
        }
      eqk_infer_lose (ctx, eqk_fields_mask (x->rep, EQK_ACTS_BY_PERMUTATION), "E-SOFTMAX-IRREP");
    }
  return eqk_infer_set_output (ctx, "y", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  EqkSoftmaxParams   p = { eqk_rep_get_dim (y->rep) };
  int                in = eqk_build_x (b, "x"), out = eqk_build_value (b, y->space, p.width);

  if (out < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "softmax", &in, 1, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 4x triv" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 5x5 1x reg + 2x triv" }, .settings = "" },
  { .group = "C8", .inputs = { "sample 2x f1" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 3x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_softmax_channels = {
  .id = "softmax_channels", .title = EQK_N_("Softmax over channels"), .category = EQK_N_("Non-linearity"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.nn.Softmax",
  .doc = EQK_N_("Turns scores into shares that add up to 1.\n\n"
                "y_c = e^{x_c} / Σ_k e^{x_k} at each place. Exact where the group at most permutes the channels: invariant, regular and quotient fields. "
                "Source: Bridle 1990."),
};

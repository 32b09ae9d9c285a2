/* Ordinary dropout of single numbers. */

#include "layers/fields.h"

static const EqkParam params[] = {
  { "p", EQK_N_("Probability"), EQK_PARAM_REAL, "0.5", 0, 0.9, NULL, EQK_N_("Share of numbers that are set to zero in training") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->kind != EQK_KIND_POSITION && eqk_fields_count (x->rep, eqk_field_is_wide) > 0)
    {
      char type[300];

      eqk_fields_text (x->rep, eqk_field_is_wide, type, sizeof type);
      eqk_infer_problem (ctx, "E-DROPOUT-COMPONENT", "x", "type='%s'", type);
      eqk_infer_fix (ctx, EQK_N_("Drop whole fields"));
      eqk_fix_replace (ctx, "$", "field_dropout", "");
      eqk_infer_lose (ctx, eqk_fields_mask (x->rep, EQK_ACTS_BY_SIGNS), "E-DROPOUT-COMPONENT");
    }
  return eqk_infer_set_output (ctx, "y", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  EqkDropoutParams   p = { .n_channels = eqk_rep_get_dim (y->rep), .p = eqk_build_real (b, "p"), .unit = EQK_DROP_NUMBERS };
  int                in = eqk_build_x (b, "x"), out = eqk_build_value (b, y->space, p.n_channels);

  if (out < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "dropout", &in, 1, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 4x triv" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "p=0.2" },
  { .group = "D4", .inputs = { "sample 6x (1,0)" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_dropout_plain = {
  .id = "dropout_plain", .title = EQK_N_("Dropout of numbers"), .category = EQK_N_("Regularisation"), .domains = "any", .flags = EQK_LAYER_BREAKS,
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = infer, .expand = expand,
  .specimens = specimens, .exports = "torch.nn.Dropout",
  .doc = EQK_N_("Switches numbers off at random in training, against learning by heart.\n\n"
                "In training each number is set to zero with probability p and the others are divided by 1 − p; in use nothing happens. Right for invariant channels only: "
                "half an arrow is none. Source: Srivastava et al. 2014."),
};

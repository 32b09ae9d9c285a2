/* One row a picture: the mean, or the largest value, of every channel. */

#include "layers/steerable.h"

static const EqkParam params[] = {
  { "mode", EQK_N_("Kind"), EQK_PARAM_CHOICE, "mean", 0, 0, "mean|max", EQK_N_("Mean of any field, or the largest value of each channel") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = *x;
  y.space = (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 };
  if (strcmp (eqk_infer_text (ctx, "mode"), "max") == 0 && !eqk_rep_is_permutation (x->rep))
    {
      eqk_infer_problem (ctx, "W-MAX-IRREP", "x", NULL);
      eqk_infer_fix (ctx, EQK_N_("Take the mean"));
      eqk_fix_set (ctx, "$", "mode", "mean");
      eqk_infer_lose (ctx, eqk_grid_rep_mask (ctx, x->rep, EQK_ACTS_BY_PERMUTATION), "W-MAX-IRREP");
    }
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType        *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkGlobalPoolParams p = { x->space.h * x->space.w, eqk_rep_get_dim (x->rep) };
  const char               *op = strcmp (eqk_build_text (b, "mode"), "max") == 0 ? "global_max" : "global_mean";

  return eqk_grid_done (b, eqk_grid_op (b, op, eqk_build_x (b, "x"), y->space, p.channels, &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 7x7 2x triv + 1x reg" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 6x6 2x f1" }, .settings = "" },
  { .group = "C4", .inputs = { "grid 7x7 2x reg" }, .settings = "mode=max" },
  { .group = "C4", .inputs = { "grid 7x7 2x f1" }, .settings = "mode=max" },
  { .group = NULL }
};

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("One row a picture") }, { .name = NULL } };

const EqkLayerType eqk_layer_global_avg = {
  .id = "global_avg", .title = EQK_N_("Global pooling"), .category = EQK_N_("Pooling"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.PointwiseAdaptiveAvgPool2D",
  .doc = EQK_N_("Forgets where in the picture something is: one row for all of it.\n\n"
                "y = mean over all pixels, or the largest value of each channel. The place is forgotten, so shifts no longer matter; fields turn as before. "
                "The largest value suits only fields whose channels the group permutes. Source: Lin et al. 2013; Weiler & Cesa 2019."),
};

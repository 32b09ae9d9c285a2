/* Steerable convolution with one channel group for every field, or for a few of them. */

#include "layers/steerable.h"

static const EqkParam params[] = {
  EQK_R2CONV_PARAM_OUT, EQK_PARAM_K ("5"), EQK_PARAM_STRIDE, EQK_PARAM_PAD, EQK_PARAM_DILATION, EQK_PARAM_PAD_MODE, EQK_PARAM_BIAS,
  { "groups", EQK_N_("Channel groups"), EQK_PARAM_INT, "0", 0, 1024, NULL, EQK_N_("Parts of the fields that are convolved apart; 0: one for each field") },
  EQK_STEERABLE_BASIS_PARAMS, EQK_PARAM_RELAX, { NULL }
};

static EqkWindow
window_infer (const EqkInfer *ctx)
{
  return (EqkWindow){ eqk_infer_int (ctx, "k"), eqk_infer_int (ctx, "stride"), eqk_infer_int (ctx, "pad"), eqk_infer_int (ctx, "dilation") };
}

static int
groups_of (int given, const EqkRep *rep)
{
  const int n = eqk_rep_n_fields (rep);

  return given > 0 ? given : n > 0 ? n : 1;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_r2conv_infer (ctx, window_infer (ctx), groups_of (eqk_infer_int (ctx, "groups"), eqk_infer_input (ctx, "x")->rep), diag);
}

static void
lint (EqkInfer *ctx)
{
  eqk_r2conv_lint (ctx, window_infer (ctx), groups_of (eqk_infer_int (ctx, "groups"), eqk_infer_input (ctx, "x")->rep), "pad");
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkWindow win = { eqk_build_int (b, "k"), eqk_build_int (b, "stride"), eqk_build_int (b, "pad"), eqk_build_int (b, "dilation") };

  return eqk_r2conv_expand (b, win, groups_of (eqk_build_int (b, "groups"), eqk_build_in (b, "x")->rep), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 7x7 3x reg" }, .settings = "out=3x reg k=3" },
  { .group = "D4", .inputs = { "grid 7x7 4x f1" }, .settings = "out=2x reg k=3 groups=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_depthwise_r2conv = {
  .id = "depthwise_r2conv", .title = EQK_N_("Field-wise steerable convolution"), .category = EQK_N_("Convolution"), .domains = "image", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .admits = eqk_admits_plane, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.R2Conv",
  .doc = EQK_N_("A steerable convolution that is cheaper, since fields do not look at each other.\n\n"
                "A steerable convolution in which each group of fields sees only itself: the weights are those of one group times the number of groups. All groups must "
                "hold the same fields. Source: Weiler & Cesa 2019; escnn's groups."),
};

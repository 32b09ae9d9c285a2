/* Gaussian blur, then stride. */

#include "layers/blur.h"

static const EqkParam params[] = {
  { "stride", EQK_N_("Stride"), EQK_PARAM_INT, "2", 1, 4, NULL, EQK_N_("Pixels from one output to the next") },
  { "sigma", EQK_N_("Blur"), EQK_PARAM_REAL, "0", 0, 8, NULL, EQK_N_("Width of the Gaussian in pixels; 0: 0.66 times half the stride") },
  { NULL }
};

static double
width (double sigma, int stride)
{
  return sigma > 0 ? sigma : 0.66 * stride / 2;
}

static EqkWindow
window_of (double sigma, int stride)
{
  return eqk_blur_window (2 * (int) floor (3 * width (sigma, stride) + 0.5) + 1, stride);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);
  const EqkWindow    win = window_of (eqk_infer_real (ctx, "sigma"), eqk_infer_int (ctx, "stride"));
  EqkPortType        y;
  EqkStatus          status = x == NULL ? EQK_ERR_TYPE : eqk_grid_through (ctx, x, &win, &y, diag);

  return status != EQK_OK ? status : eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  const EqkWindow win = window_of (eqk_infer_real (ctx, "sigma"), eqk_infer_int (ctx, "stride"));

  eqk_grid_lint_centre (ctx, &win, NULL);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const int          stride = eqk_build_int (b, "stride");
  const double       sigma = eqk_build_real (b, "sigma");
  const EqkWindow    win = window_of (sigma, stride);

  return eqk_grid_done (b, eqk_blur (b, eqk_build_x (b, "x"), &x->space, &y->space, eqk_rep_get_dim (x->rep), width (sigma, stride), &win, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 9x9 1x reg + 1x f1" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 8x8 1x f1" }, .settings = "" },
  { .group = "SO2", .inputs = { "grid 9x9 1x f1" }, .settings = "stride=4 sigma=1" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_blur_pool = {
  .id = "blur_pool", .title = EQK_N_("Blurred pooling"), .category = EQK_N_("Pooling"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.PointwiseAvgPoolAntialiased2D",
  .doc = EQK_N_("Blurs before it leaves pixels out, so that shifts and turns lose less.\n\n"
                "Every channel is blurred with exp(−r²/(2σ²)), cut to 2·round(3σ) + 1 pixels and normalised to sum 1 (not again at the border), then every stride-th pixel is kept: "
                "what is too fine for the coarse grid is gone before it can alias. Source: Zhang 2019, arXiv:1904.11486; escnn's PointwiseAvgPoolAntialiased."),
};

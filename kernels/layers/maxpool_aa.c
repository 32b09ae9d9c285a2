/* Largest value of each channel with stride 1, then a blur with the stride. */

#include "layers/blur.h"

static const EqkParam params[] = {
  EQK_POOL_PARAMS ("2", "2"),
  { "sigma", EQK_N_("Blur"), EQK_PARAM_REAL, "0.6", 0.1, 8, NULL, EQK_N_("Width of the Gaussian in pixels") },
  { NULL }
};

static EqkWindow
blur_window (double sigma, int stride)
{
  return eqk_blur_window (2 * (int) floor (4 * sigma + 0.5) + 1, stride);
}

/* Both steps as one window: the maximum has stride 1, so it only shrinks the picture. */
static EqkWindow
both (EqkWindow max, EqkWindow blur)
{
  return (EqkWindow){ max.k + blur.k - 1, blur.stride, max.pad + blur.pad, 1 };
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_pool_input (ctx, diag);
  const EqkWindow    max = eqk_pool_window (ctx), win = both (max, blur_window (eqk_infer_real (ctx, "sigma"), max.stride));
  EqkPortType        y;
  EqkStatus          status = x == NULL ? EQK_ERR_TYPE : eqk_grid_through (ctx, x, &win, &y, diag);

  if (status != EQK_OK)
    return status;
  if (x->space.h + 2 * max.pad < max.k || x->space.w + 2 * max.pad < max.k)
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "window", "a picture at least as large as the window", "a smaller one");
  if (!eqk_rep_is_permutation (x->rep))
    {
      char type[300], text[64];

      eqk_fields_text (x->rep, eqk_field_is_not_permutation, type, sizeof type);
      snprintf (text, sizeof text, "k=%d stride=%d pad=%d", max.k, max.stride, max.pad);
      eqk_infer_problem (ctx, "E-PW-ON-IRREP", "x", "irr='%s'", type);
      eqk_infer_fix (ctx, EQK_N_("Pool the longest vector of each field"));
      eqk_fix_replace (ctx, "$", "normmaxpool", text);
      eqk_infer_lose (ctx, eqk_grid_rep_mask (ctx, x->rep, EQK_ACTS_BY_PERMUTATION), "E-PW-ON-IRREP");
    }
  return eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  const EqkWindow max = eqk_pool_window (ctx), win = both (max, blur_window (eqk_infer_real (ctx, "sigma"), max.stride));

  eqk_grid_lint_centre (ctx, &win, NULL);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType  *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkWindow     max = eqk_pool_window_built (b), blur = blur_window (eqk_build_real (b, "sigma"), max.stride);
  const int           channels = eqk_rep_get_dim (x->rep);
  const EqkSpace      middle = { EQK_SPACE_GRID, x->space.h + 2 * max.pad - max.k + 1, x->space.w + 2 * max.pad - max.k + 1, 0 };
  const EqkPoolParams p = { x->space.h, x->space.w, channels, max.k, 1, max.pad, middle.h, middle.w, 0, NULL };
  const int           largest = eqk_grid_op (b, "pool_max", eqk_build_x (b, "x"), middle, channels, &p, sizeof p, diag);

  return eqk_grid_done (b, largest < 0 ? -1 : eqk_blur (b, largest, &middle, &y->space, channels, eqk_build_real (b, "sigma"), &blur, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 8x8 2x reg" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 9x9 1x reg + 1x triv" }, .settings = "k=3 pad=1" },
  { .group = "C4", .inputs = { "grid 9x9 1x reg" }, .settings = "" },
  { .group = "C4", .inputs = { "grid 8x8 2x f1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_maxpool_aa = {
  .id = "maxpool_aa", .title = EQK_N_("Anti-aliased max pooling"), .category = EQK_N_("Pooling"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.PointwiseMaxPoolAntialiased2D",
  .doc = EQK_N_("Makes the picture smaller by its strongest answers, softly, so that shifts and turns lose less.\n\n"
                "The largest value of each channel in windows of k × k pixels with stride 1, blurred with a Gaussian of width σ on 2·round(4σ) + 1 pixels, every stride-th pixel kept. "
                "Source: Zhang 2019, arXiv:1904.11486; escnn's PointwiseMaxPoolAntialiased."),
};

/* Steerable convolution of one pixel: Schur's linear map at every place. */

#include "layers/steerable.h"

static const EqkParam params[] = {
  EQK_R2CONV_PARAM_OUT, EQK_PARAM_STRIDE, EQK_PARAM_BIAS, EQK_PARAM_RELAX,
  { NULL }
};

/* The basis of one pixel knows no rings. */
static const EqkKernelSpec spec = { .size = 1, .dilation = 1 };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkWindow    win = { 1, eqk_infer_int (ctx, "stride"), 0, 1 };
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);
  const EqkRep      *out = x == NULL ? NULL : eqk_infer_rep (ctx, "out", diag);
  EqkPortType        y;
  EqkStatus          status;

  if (out == NULL)
    return x == NULL ? EQK_ERR_TYPE : EQK_ERR_PARSE;
  if (eqk_rep_get_dim (out) == 0)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "out", "at least one field", "none");
  status = eqk_steerable_check (ctx, x->rep, out, &spec, diag);
  if (status != EQK_OK)
    return status;
  eqk_relax_infer (ctx);
  status = eqk_grid_through (ctx, x, &win, &y, diag);
  if (status != EQK_OK)
    return status;
  y.rep = out;
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  const EqkWindow win = { 1, eqk_infer_int (ctx, "stride"), 0, 1 };

  eqk_relax_lint (ctx);
  eqk_steerable_lint (ctx, eqk_infer_input (ctx, "x")->rep, eqk_infer_output (ctx, "y")->rep, &spec);
  eqk_grid_lint_centre (ctx, &win, NULL);
  eqk_steerable_lint_alias (ctx, win.stride);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkWindow    win = { 1, eqk_build_int (b, "stride"), 0, 1 };
  const int          filter = eqk_steerable_filter (b, x->rep, y->rep, &spec, false, diag);
  int                bias = -1;

  if (eqk_build_bool (b, "bias") && eqk_steerable_bias (b, y->rep, &bias, diag) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  return eqk_grid_done (b, eqk_grid_conv (b, eqk_build_x (b, "x"), &x->space, &y->space, filter, bias, eqk_rep_get_dim (x->rep), eqk_rep_get_dim (y->rep),
                                          &win, 1, "zeros", diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 7x7 2x reg" }, .settings = "out=3x reg" },
  { .group = "SO2", .inputs = { "grid 7x7 2x triv + 3x f1" }, .settings = "out=2xf1+1xf0" },
  { .group = "D4", .inputs = { "grid 8x8 1x reg" }, .settings = "out=2x triv stride=2" },
  { .group = "O2", .inputs = { "grid 5x5 2x f1" }, .settings = "out=1x f1 bias=off" },
  { .group = "D4", .inputs = { "grid 8x8 1x reg" }, .settings = "out=2x triv relax=0.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_r2conv_1x1 = {
  .id = "r2conv_1x1", .title = EQK_N_("Steerable 1×1 convolution"), .category = EQK_N_("Convolution"), .domains = "image", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .admits = eqk_admits_plane, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.R2Conv",
  .doc = EQK_N_("Mixes the fields at each pixel, in the ways that the symmetry allows.\n\n"
                "y = W x + b at every pixel, with W ρ_in(g) = ρ_out(g) W: by Schur's lemma only equal irreps mix, with one number a pair (two where the irrep is "
                "of complex type). Exact for all angles. Source: Weiler & Cesa 2019."),
};

/* Steerable convolution between any fields of a group on the plane. */

#include "layers/steerable.h"

static const EqkParam params[] = {
  EQK_R2CONV_PARAM_OUT, EQK_PARAM_K ("5"), EQK_PARAM_STRIDE, EQK_PARAM_PAD, EQK_PARAM_DILATION, EQK_PARAM_PAD_MODE, EQK_PARAM_BIAS,
  { "groups", EQK_N_("Channel groups"), EQK_PARAM_INT, "1", 1, 1024, NULL, EQK_N_("Parts of the fields that are convolved apart; each must hold the same fields") },
  EQK_STEERABLE_BASIS_PARAMS, EQK_PARAM_RELAX, { NULL }
};

static EqkWindow
window_infer (const EqkInfer *ctx)
{
  return (EqkWindow){ eqk_infer_int (ctx, "k"), eqk_infer_int (ctx, "stride"), eqk_infer_int (ctx, "pad"), eqk_infer_int (ctx, "dilation") };
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_r2conv_infer (ctx, window_infer (ctx), eqk_infer_int (ctx, "groups"), diag);
}

static void
lint (EqkInfer *ctx)
{
  eqk_r2conv_lint (ctx, window_infer (ctx), eqk_infer_int (ctx, "groups"), "pad");
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkWindow win = { eqk_build_int (b, "k"), eqk_build_int (b, "stride"), eqk_build_int (b, "pad"), eqk_build_int (b, "dilation") };

  return eqk_r2conv_expand (b, win, eqk_build_int (b, "groups"), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 7x7 1x triv" }, .settings = "out=2x reg k=3" },
  { .group = "C4", .inputs = { "grid 9x9 2x reg" }, .settings = "out=1x reg + 1x triv + 1x f1 k=5 stride=2" },
  { .group = "C4", .inputs = { "grid 8x8 1x reg" }, .settings = "out=2x reg k=3 stride=2" },
  { .group = "D4", .inputs = { "grid 7x7 1x reg + 1x f1" }, .settings = "out=1x reg + 2x f1 k=3 dilation=2 pad=1" },
  { .group = "C8", .inputs = { "grid 9x9 1x reg" }, .settings = "out=1x reg + 1x f3 k=5 policy=3" },
  { .group = "SO2", .inputs = { "grid 9x9 1x triv + 1x f1" }, .settings = "out=2xf0+1xf1+1xf2 k=5 bias=on" },
  { .group = "O2", .inputs = { "grid 9x9 1x triv + 1x f1" }, .settings = "out=1x triv + 1x (1,0) + 1xf2 k=5" },
  { .group = "D4", .inputs = { "grid 6x6 2x f1" }, .settings = "out=1x f1 k=3 pad_mode=circular bias=off" },
  { .group = "C4", .inputs = { "grid 7x7 4x f1" }, .settings = "out=2x reg k=3 groups=2 pad=0" },
  { .group = "D4", .inputs = { "grid 7x7 1x reg + 1x f1" }, .settings = "out=1x reg + 1x f1 k=3 relax=0.5" },
  { .group = "C4", .inputs = { "grid 7x7 4x f1" }, .settings = "out=2x reg k=3 groups=2 relax=1" },
  { .group = "C3", .inputs = { "grid 7x7 1x reg" }, .settings = "out=1x reg k=4" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_r2conv = {
  .id = "r2conv", .title = EQK_N_("Steerable convolution"), .category = EQK_N_("Convolution"), .domains = "image", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .admits = eqk_admits_plane, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.R2Conv",
  .doc = EQK_N_("A convolution whose filters keep the symmetry: turn the picture and what it finds turns along.\n\n"
                "y(x) = Σ_u K(u) f(x + u) + b, with K = Σ_w w κ_w and every κ_w a solution of κ(g u) = ρ_out(g) κ(u) ρ_in(g)⁻¹, sampled on rings. The bias lies "
                "along trivial irreps: b/√|G| on each channel of a regular field. Exact for turns and mirrors that map pixels to pixels, approximate for others. With “relaxed by” r > 0, K + r F with a free filter F that begins at zero: no longer exact, for data that are nearly symmetric (Finzi, Benton & Wilson 2021, arXiv:2112.01388). "
                "Source: Weiler & Cesa 2019, arXiv:1911.08251."),
};

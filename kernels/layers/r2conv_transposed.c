/* Steerable transposed convolution: every input pixel spreads its kernel over the output. */

#include "layers/steerable.h"

static const EqkParam params[] = {
  EQK_R2CONV_PARAM_OUT, EQK_PARAM_K ("5"), { "stride", EQK_N_("Stride"), EQK_PARAM_INT, "1", 1, 4, NULL, EQK_N_("Output pixels from one input pixel to the next") },
  EQK_PARAM_PAD, { "output_pad", EQK_N_("Output padding"), EQK_PARAM_INT, "0", 0, 3, NULL, EQK_N_("Pixels added at the right and below; less than the stride") },
  EQK_PARAM_DILATION, EQK_PARAM_BIAS, EQK_STEERABLE_BASIS_PARAMS, EQK_PARAM_RELAX, { NULL }
};

typedef struct { EqkWindow win; int more; } Shape;

static Shape
shape_infer (const EqkInfer *ctx)
{
  Shape s = { { eqk_infer_int (ctx, "k"), eqk_infer_int (ctx, "stride"), eqk_infer_int (ctx, "pad"), eqk_infer_int (ctx, "dilation") }, eqk_infer_int (ctx, "output_pad") };

  eqk_window_fix (&s.win);
  return s;
}

static int
out_size (const Shape *s, int n)
{
  return (n - 1) * s->win.stride - 2 * s->win.pad + s->win.dilation * (s->win.k - 1) + s->more + 1;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType  *x = eqk_grid_input (ctx, "x", diag);
  const EqkRep       *out = x == NULL ? NULL : eqk_infer_rep (ctx, "out", diag);
  const Shape         s = shape_infer (ctx);
  const EqkKernelSpec spec = eqk_steerable_spec_infer (ctx, s.win.k, s.win.dilation);
  const EqkGroup     *group = eqk_infer_symmetry (ctx)->group;
  EqkPortType         y;
  EqkStatus           status;

  if (out == NULL)
    return x == NULL ? EQK_ERR_TYPE : EQK_ERR_PARSE;
  status = eqk_steerable_check (ctx, x->rep, out, &spec, diag);
  if (status != EQK_OK)
    return status;
  if (s.more >= s.win.stride)
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "output_pad", "less than the stride", "as much or more");
  y = eqk_port_with_grid (x, out_size (&s, x->space.h), out_size (&s, x->space.w));
  if (y.space.h < 1 || y.space.w < 1)
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "pad", "a border smaller than the output", "more");
  if (s.more > 0 && eqk_group_turns (group, false))
    {
      eqk_infer_problem (ctx, "W-PAD-ASYM", "x", NULL);
      eqk_infer_fix (ctx, EQK_N_("No output padding"));
      eqk_fix_set (ctx, "$", "output_pad", "0");
      eqk_infer_lose (ctx, eqk_guarantee_unflipped (group, true, true), "W-PAD-ASYM");
    }
  eqk_relax_infer (ctx);
  y.rep = out;
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  const Shape         s = shape_infer (ctx);
  const EqkKernelSpec spec = eqk_steerable_spec_infer (ctx, s.win.k, s.win.dilation);

  eqk_relax_lint (ctx);
  eqk_steerable_lint (ctx, eqk_infer_input (ctx, "x")->rep, eqk_infer_output (ctx, "y")->rep, &spec);
  if (s.win.stride > 1)
    {
      char text[200];

      eqk_infer_problem (ctx, "W-CHECKERBOARD", NULL, NULL);
      eqk_infer_fix (ctx, EQK_N_("Enlarge first, then convolve"));
      snprintf (text, sizeof text, "k=%d out=%.150s", s.win.k | 1, eqk_infer_text (ctx, "out"));
      eqk_fix_replace (ctx, "$", "r2conv", text);
      eqk_fix_insert_before (ctx, "$", "x", "upsample", s.more > 0 || s.win.stride != 2 ? "rule=double" : "rule=odd");
    }
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType  *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  EqkWindow           win = { eqk_build_int (b, "k"), eqk_build_int (b, "stride"), eqk_build_int (b, "pad"), eqk_build_int (b, "dilation") };
  const EqkKernelSpec spec = eqk_steerable_spec_build (b, win.k, win.dilation);
  const int           cx = eqk_rep_get_dim (x->rep), cy = eqk_rep_get_dim (y->rep);
  EqkConvParams       p;
  int                 values[3] = { eqk_build_x (b, "x"), eqk_steerable_filter (b, x->rep, y->rep, &spec, true, diag), -1 }, out;

  eqk_window_fix (&win);
  if (eqk_build_bool (b, "bias") && eqk_steerable_bias (b, y->rep, &values[2], diag) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  /* The convolution whose adjoint this is goes from the output to the input. */
  p = (EqkConvParams){ y->space.h, y->space.w, cy, cx, win.k, win.stride, win.pad, win.dilation, 1, 0, x->space.h, x->space.w };
  out = eqk_build_value (b, y->space, cy);
  if (values[1] < 0 || out < 0 || eqk_build_op (b, "conv2d_transposed", values, 3, &out, 1, &p, sizeof p, diag) != EQK_OK)
    out = -1;
  return eqk_grid_done (b, out, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 2x reg" }, .settings = "out=1x reg + 1x f1 k=3" },
  { .group = "D4", .inputs = { "grid 4x4 1x reg" }, .settings = "out=1x reg k=3 stride=2" },
  { .group = "C4", .inputs = { "grid 4x4 1x reg" }, .settings = "out=2x triv k=3 stride=2 output_pad=1" },
  { .group = "C4", .inputs = { "grid 4x4 1x reg" }, .settings = "out=2x triv k=3 stride=2 relax=0.5" },
  { .group = "SO2", .inputs = { "grid 5x5 1x f1" }, .settings = "out=1x f0 + 1x f2 k=5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_r2conv_transposed = {
  .id = "r2conv_transposed", .title = EQK_N_("Steerable transposed convolution"), .category = EQK_N_("Convolution"), .domains = "image", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .admits = eqk_admits_plane, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.R2ConvTransposed",
  .doc = EQK_N_("Makes the picture larger again by learned filters that keep the symmetry.\n\n"
                "y(s x + u) = Σ K(u) f(x) + b, with the kernels of the steerable convolution; extent (n − 1) s − 2 pad + dilation (k − 1) + output padding + 1. With a stride above 1 "
                "neighbouring outputs see different parts of the kernel, a grid pattern. Source: Weiler & Cesa 2019."),
};

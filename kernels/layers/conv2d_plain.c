/* Ordinary convolution: right without a point group, offered under one to show what goes wrong. */

#include "layers/steerable.h"
#include "core/memory.h"

static const EqkParam params[] = {
  { "out", EQK_N_("Output channels"), EQK_PARAM_REP, "16x triv", 0, 0, NULL, EQK_N_("Channels of the output, such as 16x triv") },
  EQK_PARAM_K ("3"), EQK_PARAM_STRIDE, EQK_PARAM_PAD, EQK_PARAM_DILATION, EQK_PARAM_PAD_MODE,
  { "bias", EQK_N_("Bias"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Learn an offset for each channel") },
  { "groups", EQK_N_("Channel groups"), EQK_PARAM_INT, "1", 1, 4096, NULL, EQK_N_("Parts of the channels that are convolved apart") },
  { NULL }
};

static EqkWindow
window_infer (const EqkInfer *ctx)
{
  EqkWindow win = { eqk_infer_int (ctx, "k"), eqk_infer_int (ctx, "stride"), eqk_infer_int (ctx, "pad"), eqk_infer_int (ctx, "dilation") };

  eqk_window_fix (&win);
  return win;
}

/* A kernel of one pixel on channels that stay as they are under g looks the same when turned. */
static bool
is_plain (const EqkRep *in, const EqkRep *out, int k)
{
  return k == 1 && eqk_rep_is_trivial (in) && eqk_rep_is_trivial (out);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);
  const EqkRep      *out = x == NULL ? NULL : eqk_infer_rep (ctx, "out", diag);
  const EqkWindow    win = window_infer (ctx);
  const int          groups = eqk_infer_int (ctx, "groups");
  EqkPortType        y;
  EqkStatus          status;

  if (out == NULL)
    return x == NULL ? EQK_ERR_TYPE : EQK_ERR_PARSE;
  if (eqk_rep_get_dim (out) == 0 || eqk_rep_get_dim (out) % groups != 0 || eqk_rep_get_dim (x->rep) % groups != 0)
    {
      eqk_infer_problem (ctx, "E-GROUPS-TYPE", "x", NULL);
      return eqk_fail (diag, EQK_ERR_TYPE, "groups");
    }
  if (eqk_group_get_order (eqk_infer_symmetry (ctx)->group) != 1 && !is_plain (x->rep, out, win.k))
    eqk_infer_lose (ctx, 1, "E-PLAIN-CONV");
  status = eqk_grid_check_border (x, win.pad, eqk_infer_text (ctx, "pad_mode"), diag);
  if (status == EQK_OK)
    status = eqk_grid_through (ctx, x, &win, &y, diag);
  if (status != EQK_OK)
    return status;
  y.rep = out;
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

/* The same width of work: regular fields are |G| channels and cost as much as √|G| plain ones each. */
static void
fix_steerable (EqkInfer *ctx, const EqkGroup *group, const EqkRep *out, int k)
{
  const int order = eqk_group_get_order (group), n = eqk_rep_get_dim (out);
  char      text[160];

  if (eqk_group_is_finite (group))
    {
      const int fields = (int) ceil (n / sqrt ((double) order));

      snprintf (text, sizeof text, "out=%dx reg k=%d stride=%d pad=%d", fields, k % 2 == 0 ? k + 1 : k < 3 ? 3 : k, eqk_infer_int (ctx, "stride"), eqk_infer_int (ctx, "pad"));
    }
  else
    snprintf (text, sizeof text, "out=%dxf0+%dxf1+%dxf2 k=%d stride=%d pad=%d", (n + 3) / 4, (n + 3) / 4, (n + 7) / 8, k < 5 ? 5 : k | 1, eqk_infer_int (ctx, "stride"),
              eqk_infer_int (ctx, "pad"));
  eqk_infer_fix (ctx, EQK_N_("Replace by a steerable convolution"));
  eqk_fix_replace (ctx, "$", "r2conv", text);
}

static void
lint (EqkInfer *ctx)
{
  const EqkGroup *group = eqk_infer_symmetry (ctx)->group;
  const EqkRep   *in = eqk_infer_input (ctx, "x")->rep, *out = eqk_infer_output (ctx, "y")->rep;
  const EqkWindow win = window_infer (ctx);

  if (eqk_group_get_order (group) != 1 && !is_plain (in, out, win.k))
    {
      eqk_infer_problem (ctx, "E-PLAIN-CONV", "x", "G='%s'", eqk_group_get_notation (group));
      fix_steerable (ctx, group, out, win.k);
      return;
    }
  eqk_grid_lint_centre (ctx, &win, "pad");
}

/* Weights stand as torch's, [out, in, row, column]; the filter has channels inside. */
static int
filter_of (EqkBuild *b, int weight, int k, int cin, int cout, EqkDiag *diag)
{
  const int n = k * k * cin * cout;
  int32_t  *map = eqk_malloc ((size_t) n * sizeof *map);
  int       filter;

  if (map == NULL)
    return -1;
  for (int p = 0; p < k * k; p++)
    for (int i = 0; i < cin; i++)
      for (int o = 0; o < cout; o++)
        map[(p * cin + i) * cout + o] = (o * cin + i) * k * k + p;
  filter = eqk_grid_index (b, weight, n, map, n, diag);
  free (map);
  return filter;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  EqkWindow          win = { eqk_build_int (b, "k"), eqk_build_int (b, "stride"), eqk_build_int (b, "pad"), eqk_build_int (b, "dilation") };
  const int          groups = eqk_build_int (b, "groups"), cin = eqk_rep_get_dim (x->rep), cout = eqk_rep_get_dim (y->rep);
  const int          shape[4] = { cout, cin / groups, win.k, win.k };
  const EqkInit      init = { EQK_INIT_UNIFORM, 1 / sqrt ((double) (cin / groups * win.k * win.k)), NULL };
  const int          weight = eqk_build_weight (b, "weight", shape, 4, init);
  const int          bias = eqk_build_bool (b, "bias") ? eqk_build_weight (b, "bias", shape, 1, init) : -1;

  eqk_window_fix (&win);
  if (weight < 0)
    return EQK_ERR_NO_MEMORY;
  return eqk_grid_done (b, eqk_grid_conv (b, eqk_build_x (b, "x"), &x->space, &y->space, filter_of (b, weight, win.k, cin / groups, cout, diag), bias, cin, cout,
                                          &win, groups, eqk_build_text (b, "pad_mode"), diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "grid 7x9 2x triv" }, .settings = "out=3x triv k=3" },
  { .group = "triv", .inputs = { "grid 8x8 4x triv" }, .settings = "out=4x triv k=2 stride=2 pad=0 groups=2 bias=off" },
  { .group = "triv", .inputs = { "grid 8x8 1x triv" }, .settings = "out=2x triv k=3 dilation=2 pad_mode=reflect" },
  { .group = "C4", .inputs = { "grid 7x7 2x triv" }, .settings = "out=3x triv k=3" },
  { .group = "D4", .inputs = { "grid 7x7 2x triv" }, .settings = "out=3x triv k=1" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_conv2d_plain = {
  .id = "conv2d_plain", .title = EQK_N_("Ordinary convolution"), .category = EQK_N_("Convolution"), .domains = "image", .flags = EQK_LAYER_LINEAR | EQK_LAYER_BREAKS,
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "torch.nn.Conv2d",
  .doc = EQK_N_("The usual convolution: it does not care where something is, but it does care how it is turned.\n\n"
                "y(x)_o = Σ_i Σ_u W_oi(u) f(x + u)_i + b_o, a cross-correlation with free weights. It respects shifts; turns and mirrors are lost, except with a window of one pixel "
                "on scalars. Source: LeCun et al. 1989; torch's Conv2d."),
};

/* Largest value of each channel in a window. */

#include "layers/pooling.h"

static const EqkParam params[] = { EQK_POOL_PARAMS ("2", "2"), { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_pool_input (ctx, diag);
  const EqkWindow    win = eqk_pool_window (ctx);
  EqkPortType        y;
  EqkStatus          status = x == NULL ? EQK_ERR_TYPE : eqk_grid_through (ctx, x, &win, &y, diag);

  if (status != EQK_OK)
    return status;
  if (!eqk_rep_is_permutation (x->rep))
    {
      char type[300], text[64];

      eqk_fields_text (x->rep, eqk_field_is_not_permutation, type, sizeof type);
      snprintf (text, sizeof text, "k=%d stride=%d pad=%d", win.k, win.stride, win.pad);
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
  const EqkWindow win = eqk_pool_window (ctx);
  char            text[64];

  eqk_pool_lint (ctx);
  if (win.stride == 1 || !eqk_group_leaves_grid (eqk_infer_input (ctx, "x")->symmetry.group))
    return;
  eqk_infer_problem (ctx, "W-STRIDE-ALIAS", "x", NULL);
  snprintf (text, sizeof text, "k=%d stride=%d", win.k | 1, win.stride);
  eqk_infer_fix (ctx, EQK_N_("Blur before the stride"));
  eqk_fix_replace (ctx, "$", "maxpool_aa", text);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType  *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkWindow     win = eqk_pool_window_built (b);
  const int           channels = eqk_rep_get_dim (x->rep);
  const EqkPoolParams p = { x->space.h, x->space.w, channels, win.k, win.stride, win.pad, y->space.h, y->space.w, 0, NULL };

  return eqk_grid_done (b, eqk_grid_op (b, "pool_max", eqk_build_x (b, "x"), y->space, channels, &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 8x8 2x reg" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 7x7 1x reg + 2x triv" }, .settings = "k=3 stride=2 pad=1" },
  { .group = "C4", .inputs = { "grid 7x7 1x reg" }, .settings = "k=2 stride=2" },
  { .group = "C4", .inputs = { "grid 8x8 2x f1" }, .settings = "" },
  { .group = "triv", .inputs = { "grid 7x8 3x triv" }, .settings = "k=3 stride=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_maxpool_pw = {
  .id = "maxpool_pw", .title = EQK_N_("Max pooling"), .category = EQK_N_("Pooling"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.PointwiseMaxPool2D",
  .doc = EQK_N_("Makes the picture smaller: of each window the strongest answer stays.\n\n"
                "The largest value of each channel in windows of k × k pixels; the gradient goes to the first one on ties. Exact where the group permutes channels: regular and "
                "quotient fields and scalars. Source: Weiler & Cesa 2019; escnn's PointwiseMaxPool."),
};

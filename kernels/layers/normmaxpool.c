/* Of every field the longest vector in a window. */

#include "layers/pooling.h"

static const EqkParam params[] = { EQK_POOL_PARAMS ("2", "2"), { NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_pool_input (ctx, diag);
  const EqkWindow    win = eqk_pool_window (ctx);
  EqkPortType        y;
  EqkStatus          status = x == NULL ? EQK_ERR_TYPE : eqk_grid_through (ctx, x, &win, &y, diag);

  return status != EQK_OK ? status : eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  eqk_pool_lint (ctx);
  eqk_infer_problem (ctx, "I-TIES", "x", NULL);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType  *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkWindow     win = eqk_pool_window_built (b);
  const int           channels = eqk_rep_get_dim (x->rep);
  const EqkPoolParams p = { x->space.h, x->space.w, channels, win.k, win.stride, win.pad, y->space.h, y->space.w, eqk_rep_n_fields (x->rep), eqk_grid_fields (b, x->rep) };

  return eqk_grid_done (b, p.first == NULL ? -1 : eqk_grid_op (b, "pool_norm_max", eqk_build_x (b, "x"), y->space, channels, &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 8x8 2x f1 + 1x triv" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 7x7 2x f1 + 1x reg" }, .settings = "k=3 stride=2 pad=1" },
  { .group = "SO2", .inputs = { "grid 9x9 1x f1 + 1x f2" }, .settings = "k=3 stride=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_normmaxpool = {
  .id = "normmaxpool", .title = EQK_N_("Norm max pooling"), .category = EQK_N_("Pooling"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.NormMaxPool",
  .doc = EQK_N_("Makes the picture smaller: of each window the longest arrow stays.\n\n"
                "Of every field the vector with the largest norm in a window of k × k pixels; the first one on ties. Norms stay when the input turns, so any field may be pooled. "
                "Source: Weiler & Cesa 2019; escnn's NormMaxPool."),
};

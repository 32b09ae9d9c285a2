/* Mean over a window. */

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

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkWindow    win = eqk_pool_window_built (b);
  double             weights[15];
  EqkSparse          rows, columns;

  for (int i = 0; i < win.k; i++)
    weights[i] = 1.0 / win.k;
  eqk_sparse_window (&rows, &win, weights, x->space.h);
  eqk_sparse_window (&columns, &win, weights, x->space.w);
  return eqk_grid_done (b, eqk_grid_linear (b, eqk_build_x (b, "x"), y->space, eqk_rep_get_dim (x->rep), &rows, &columns, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 8x8 1x reg + 1x f1" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 7x7 2x f1" }, .settings = "k=3 stride=2 pad=1" },
  { .group = "C4", .inputs = { "grid 7x7 1x f1" }, .settings = "k=2 stride=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_avgpool = {
  .id = "avgpool", .title = EQK_N_("Average pooling"), .category = EQK_N_("Pooling"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .lint = eqk_pool_lint, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.PointwiseAvgPool2D",
  .doc = EQK_N_("Makes the picture smaller by averaging windows of pixels.\n\n"
                "The mean over windows of k × k pixels, zeros outside counting. Linear, so any field may be pooled; off the pixel grid less exact than the blurred pooling. "
                "Source: escnn's PointwiseAvgPool."),
};

/* A picture on another grid: adapts the extent of data to what a design wants. */

#include "layers/resampling.h"

static const EqkParam params[] = {
  { "height", EQK_N_("Height"), EQK_PARAM_INT, "29", 1, 4096, NULL, EQK_N_("Rows of the output") },
  { "width", EQK_N_("Width"), EQK_PARAM_INT, "29", 1, 4096, NULL, EQK_N_("Columns of the output") },
  { "mode", EQK_N_("Interpolation"), EQK_PARAM_CHOICE, "bilinear", 0, 0, "bilinear|nearest", EQK_N_("Between the pixels") },
  { "corners", EQK_N_("Aligned corners"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("The outer pixels lie on each other; else the outer edges") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkResampling r = { eqk_infer_int (ctx, "height"), eqk_infer_int (ctx, "width"), eqk_infer_bool (ctx, "corners"), strcmp (eqk_infer_text (ctx, "mode"), "nearest") == 0, false };

  return eqk_resample_infer (ctx, &r, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkResampling r = { eqk_build_int (b, "height"), eqk_build_int (b, "width"), eqk_build_bool (b, "corners"), strcmp (eqk_build_text (b, "mode"), "nearest") == 0, false };

  return eqk_resample_expand (b, &r, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 8x8 1x reg" }, .settings = "height=9 width=9" },
  { .group = "D4", .inputs = { "grid 9x9 1x f1" }, .settings = "height=6 width=6 corners=off" },
  { .group = "D2", .inputs = { "grid 7x9 1x reg" }, .settings = "height=9 width=9" },
  { .group = "C4", .inputs = { "grid 7x7 1x reg" }, .settings = "height=9 width=8" },
  { .group = "C4", .inputs = { "grid 7x7 1x reg" }, .settings = "height=6 width=6 mode=nearest" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_resize = {
  .id = "resize", .title = EQK_N_("Resize"), .category = EQK_N_("Structure"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch.nn.functional.interpolate",
  .doc = EQK_N_("Brings the picture to another number of pixels.\n\n"
                "The picture on a grid of other extents, by linear interpolation channel by channel. Exact for turns and mirrors that map both grids to themselves. "
                "Source: torch's interpolate."),
};

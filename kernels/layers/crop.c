/* A picture without its border. */

#include "layers/border.h"

static const EqkParam params[] = {
  { "crop", EQK_N_("All sides"), EQK_PARAM_INT, "1", 0, 512, NULL, EQK_N_("Pixels cut on every side") }, EQK_BORDER_SIDES, { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_border_infer (ctx, eqk_border_of (eqk_infer_int (ctx, "crop"), eqk_infer_int (ctx, "left"), eqk_infer_int (ctx, "right"), eqk_infer_int (ctx, "top"),
                                               eqk_infer_int (ctx, "bottom"), -1), "zeros", diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_border_expand (b, eqk_border_of (eqk_build_int (b, "crop"), eqk_build_int (b, "left"), eqk_build_int (b, "right"), eqk_build_int (b, "top"),
                                              eqk_build_int (b, "bottom"), -1), "zeros", diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 7x7 1x reg" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 7x7 1x f1" }, .settings = "crop=2" },
  { .group = "C4", .inputs = { "grid 7x7 1x triv" }, .settings = "crop=1 left=0" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_crop = {
  .id = "crop", .title = EQK_N_("Crop"), .category = EQK_N_("Structure"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch.nn.functional.pad",
  .doc = EQK_N_("Cuts pixels off the sides.\n\n"
                "The picture without pixels at its sides. Exact where all sides lose the same. Source: torch's pad with negative numbers."),
};

/* A border around a picture. */

#include "layers/border.h"

static const EqkParam params[] = {
  { "pad", EQK_N_("All sides"), EQK_PARAM_INT, "1", 0, 512, NULL, EQK_N_("Pixels added on every side") }, EQK_BORDER_SIDES,
  { "mode", EQK_N_("Border"), EQK_PARAM_CHOICE, "zeros", 0, 0, EQK_PAD_CHOICES, EQK_N_("What stands in the border; circular is right for periodic data only") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_border_infer (ctx, eqk_border_of (eqk_infer_int (ctx, "pad"), eqk_infer_int (ctx, "left"), eqk_infer_int (ctx, "right"), eqk_infer_int (ctx, "top"),
                                               eqk_infer_int (ctx, "bottom"), 1), eqk_infer_text (ctx, "mode"), diag);
}

static void
lint (EqkInfer *ctx)
{
  eqk_steerable_lint_leak (ctx, eqk_infer_int (ctx, "pad"), eqk_infer_text (ctx, "mode"));
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_border_expand (b, eqk_border_of (eqk_build_int (b, "pad"), eqk_build_int (b, "left"), eqk_build_int (b, "right"), eqk_build_int (b, "top"),
                                              eqk_build_int (b, "bottom"), 1), eqk_build_text (b, "mode"), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 1x reg" }, .settings = "pad=2" },
  { .group = "D4", .inputs = { "grid 6x6 1x f1" }, .settings = "mode=circular" },
  { .group = "D4", .inputs = { "grid 5x5 1x triv" }, .settings = "mode=reflect pad=3" },
  { .group = "C4", .inputs = { "grid 5x5 1x triv" }, .settings = "mode=replicate" },
  { .group = "D4", .inputs = { "grid 5x5 1x reg" }, .settings = "left=0 top=0" },
  { .group = "D2", .inputs = { "grid 5x7 1x reg" }, .settings = "pad=0 top=1 bottom=1" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_pad = {
  .id = "pad", .title = EQK_N_("Pad"), .category = EQK_N_("Structure"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch.nn.functional.pad",
  .doc = EQK_N_("Puts a border around the picture.\n\n"
                "A border of zeros, of the other side (circular), mirrored or of the edge's pixels. Exact where the border is the same on all sides. Source: torch's pad."),
};

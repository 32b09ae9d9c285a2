/* Enlarging a picture. */

#include "layers/resampling.h"

static const EqkParam params[] = {
  { "rule", EQK_N_("Size"), EQK_PARAM_CHOICE, "double", 0, 0, "double|odd|size", EQK_N_("double: n to 2n; odd: n to 2n − 1, which undoes a stride of 2 on odd sizes; size: as given") },
  { "size", EQK_N_("Given size"), EQK_PARAM_INT, "0", 0, 4096, NULL, EQK_N_("Side of the output in pixels with the rule “size”") },
  { "mode", EQK_N_("Interpolation"), EQK_PARAM_CHOICE, "bilinear", 0, 0, "bilinear|nearest", EQK_N_("Between the pixels") },
  { NULL }
};

static EqkResampling
resampling (const char *rule, int size, const char *mode, const EqkSpace *in)
{
  EqkResampling r = { 2 * in->h, 2 * in->w, false, strcmp (mode, "nearest") == 0, true };

  if (strcmp (rule, "odd") == 0)
    r = (EqkResampling){ 2 * in->h - 1, 2 * in->w - 1, true, r.nearest, false };
  else if (strcmp (rule, "size") == 0)
    r = (EqkResampling){ size, size, true, r.nearest, false };
  return r;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkResampling r = resampling (eqk_infer_text (ctx, "rule"), eqk_infer_int (ctx, "size"), eqk_infer_text (ctx, "mode"), &eqk_infer_input (ctx, "x")->space);

  return eqk_resample_infer (ctx, &r, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkResampling r = resampling (eqk_build_text (b, "rule"), eqk_build_int (b, "size"), eqk_build_text (b, "mode"), &eqk_build_in (b, "x")->space);

  return eqk_resample_expand (b, &r, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 1x reg + 1x f1" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 5x5 1x reg" }, .settings = "rule=odd" },
  { .group = "C4", .inputs = { "grid 5x5 1x f1" }, .settings = "rule=size size=8" },
  { .group = "D4", .inputs = { "grid 4x4 1x f1" }, .settings = "mode=nearest" },
  { .group = "C4", .inputs = { "grid 4x4 1x reg" }, .settings = "rule=odd mode=nearest" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_upsample = {
  .id = "upsample", .title = EQK_N_("Enlarge"), .category = EQK_N_("Pooling"), .domains = "image",
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.R2Upsampling",
  .doc = EQK_N_("Makes the picture larger by values in between.\n\n"
                "Linear interpolation between pixels, channel by channel. “double” lays the outer edges on each other (half-pixel centres), “odd” and “size” the outer pixels "
                "(aligned corners). Exact for turns and mirrors that map pixels to pixels. Source: escnn's R2Upsampling."),
};

/* Hides the corners, which leave the picture when it is turned. */

#include "layers/steerable.h"
#include "core/memory.h"

static const EqkParam params[] = {
  { "margin", EQK_N_("Margin"), EQK_PARAM_REAL, "0", 0, 90, NULL, EQK_N_("Part of the radius that is left free, in percent") },
  { "sigma", EQK_N_("Edge"), EQK_PARAM_REAL, "2", 0.01, 64, NULL, EQK_N_("Width of the soft edge in pixels") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);

  return x == NULL ? EQK_ERR_TYPE : eqk_infer_set_output (ctx, "y", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          h = x->space.h, w = x->space.w;
  const double       edge = ((h < w ? h : w) - 1) / 2.0 * (1 - eqk_build_real (b, "margin") / 100), sigma = eqk_build_real (b, "sigma");
  EqkMaskParams      p = { h * w, eqk_rep_get_dim (x->rep), NULL };
  double            *mask = eqk_malloc ((size_t) p.places * sizeof *mask);

  for (int i = 0; mask != NULL && i < p.places; i++)
    {
      const double column = i % w - (w - 1) / 2.0, row = (h - 1) / 2.0 - i / w, square = column * column + row * row;

      mask[i] = square <= edge * edge ? 1 : exp ((edge * edge - square) / (sigma * sigma));
    }
  p.mask = mask == NULL ? NULL : eqk_build_keep (b, mask, (size_t) p.places * sizeof *mask);
  free (mask);
  return eqk_grid_done (b, p.mask == NULL ? -1 : eqk_grid_op (b, "mul_mask", eqk_build_x (b, "x"), x->space, p.channels, &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "SO2", .inputs = { "grid 9x9 1x triv + 1x f1" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 8x8 1x reg" }, .settings = "margin=10 sigma=1" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_disk_mask = {
  .id = "disk_mask", .title = EQK_N_("Disk mask"), .category = EQK_N_("Structure"), .domains = "image", .flags = EQK_LAYER_MASKS,
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.MaskModule",
  .doc = EQK_N_("Hides the corners of the picture, which leave it when it is turned.\n\n"
                "y = m(r) x with m = 1 inside the radius R = (S − 1)/2 · (1 − margin/100) and exp((R² − r²)/σ²) outside: a disk looks the same in every orientation. "
                "Source: escnn's MaskModule."),
};

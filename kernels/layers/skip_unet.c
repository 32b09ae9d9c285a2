/* The skip of a U-Net: the branch from above and the one from the other side, on the same grid. */

#include "layers/joining.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features that come up from the coarse grid") },
  { .name = "skip", .doc = EQK_N_("Features of the same grid on the way down") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Both, side by side") }, { .name = NULL } };

/* The branch from below is brought to the size of the skip. */
static void
report_size (EqkInfer *ctx, const EqkSpace *a, const EqkSpace *b)
{
  char text[64];

  eqk_infer_problem (ctx, "E-SKIP-SIZE", "x", "H=%d W=%d h=%d w=%d", a->h, a->w, b->h, b->w);
  if ((a->h - b->h) == (a->w - b->w) && abs (a->h - b->h) % 2 == 0)
    {
      const int sides = abs (a->h - b->h) / 2;

      snprintf (text, sizeof text, "%s=%d", a->h > b->h ? "crop" : "pad", sides);
      eqk_infer_fix (ctx, a->h > b->h ? EQK_N_("Crop the branch from below on all sides") : EQK_N_("Pad the branch from below on all sides"));
      eqk_fix_insert_before (ctx, "$", "x", a->h > b->h ? "crop" : "pad", text);
    }
  snprintf (text, sizeof text, "height=%d width=%d", b->h, b->w);
  eqk_infer_fix (ctx, EQK_N_("Resize the branch from below"));
  eqk_fix_insert_before (ctx, "$", "x", "resize", text);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x[2] = { eqk_grid_input (ctx, "x", diag), NULL };
  EqkPortType        y;
  EqkStatus          status;

  x[1] = x[0] == NULL ? NULL : eqk_grid_input (ctx, "skip", diag);
  if (x[1] == NULL)
    return EQK_ERR_TYPE;
  if (!eqk_space_equal (&x[0]->space, &x[1]->space))
    {
      report_size (ctx, &x[0]->space, &x[1]->space);
      return eqk_fail (diag, EQK_ERR_SHAPE, "skip");
    }
  status = eqk_join_types (ctx, x, 2, &y, diag);
  return status != EQK_OK ? status : eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int     values[2] = { eqk_build_x (b, "x"), eqk_build_x (b, "skip") };
  const int32_t widths[2] = { eqk_rep_get_dim (eqk_build_in (b, "x")->rep), eqk_rep_get_dim (eqk_build_in (b, "skip")->rep) };

  return eqk_join_expand (b, values, widths, 2, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "D4", .inputs = { "grid 5x5 2x reg", "grid 5x5 1x reg + 1x f1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_skip_unet = {
  .id = "skip_unet", .title = EQK_N_("Skip connection"), .category = EQK_N_("Structure"), .domains = "image",
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.cat",
  .doc = EQK_N_("Brings fine detail from the way down to the way up.\n\n"
                "Fields of the way down beside those that come up, on grids of equal extent. Exact. Source: Ronneberger et al. 2015, arXiv:1505.04597."),
};

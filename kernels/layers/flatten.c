/* All numbers of a sample in one row. */

#include "layers/grids.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Features of a picture or of a sample") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("One row a sample") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_GRID && x->space.kind != EQK_SPACE_SAMPLE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "a picture or one row a sample", "a varying number of rows");
  y = *x;
  if (x->space.kind == EQK_SPACE_GRID)
    {
      const int64_t n = (int64_t) x->space.h * x->space.w * eqk_rep_get_dim (x->rep);

      if (n > 65535)
        return eqk_fail_expected (diag, EQK_ERR_LIMIT, "x", "at most 65535 numbers", "more");
      y.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), (int) n);
      y.space = (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 };
      if (x->space.h * x->space.w > 1)
        {
          eqk_infer_problem (ctx, "E-FLATTEN-SPATIAL", "x", "H=%d W=%d", x->space.h, x->space.w);
          eqk_infer_fix (ctx, EQK_N_("Pool over the picture and over orientations"));
          eqk_fix_replace (ctx, "$", "global_avg", "");
          if (!eqk_rep_is_trivial (x->rep))
            eqk_fix_insert_before (ctx, "$", "x", eqk_rep_is_permutation (x->rep) ? "group_pool" : "norm_pool", "");
          eqk_infer_lose (ctx, 1, "E-FLATTEN-SPATIAL");
        }
      else
        y.rep = x->rep;
    }
  return eqk_infer_set_output (ctx, "y", &y);
}

/* Rows of a picture lie one after the other already, so this is a copy. */
static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType   *y = eqk_build_out (b, "y");
  const EqkScaleParams p = { 1 };

  return eqk_grid_done (b, eqk_grid_op (b, "scale", eqk_build_x (b, "x"), y->space, eqk_rep_get_dim (y->rep), &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "sample 2x f1" }, .settings = "" },
  { .group = "C4", .inputs = { "grid 5x5 2x triv" }, .settings = "" },
  { .group = "triv", .inputs = { "grid 3x4 2x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_flatten = {
  .id = "flatten", .title = EQK_N_("Flatten"), .category = EQK_N_("Structure"), .domains = "image", .flags = EQK_LAYER_BREAKS,
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.nn.Flatten",
  .doc = EQK_N_("Writes all pixels into one row; after that, where something is does matter.\n\n"
                "All pixels of a picture as one row, place by place. Every place then has weights of its own, so shifts and turns change the answer."),
};

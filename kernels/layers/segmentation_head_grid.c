/* Scores of classes for every pixel of the input. */

#include "layers/heads.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Fields on a picture") }, { .name = NULL } };

static const EqkParam params[] = {
  { "out", EQK_N_("Classes"), EQK_PARAM_INT, "0", 0, 4096, NULL, EQK_N_("Number of classes; as many scalars as that, or any with 0, are taken as the scores") },
  { "interpolate", EQK_N_("Size of the input"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Bring the scores to the extents of the picture that came in") },
  { NULL }
};

/* The input holds the scores already. */
static bool
are_scores (const EqkRep *rep, int classes)
{
  return eqk_rep_is_trivial (rep) && (classes == 0 || classes == eqk_rep_get_dim (rep));
}

/* Extents of the picture that the design reads; those of x when there is none. */
static EqkSpace
wanted_size (const EqkInfer *ctx, const EqkPortType *x)
{
  for (int i = 0; i < eqk_infer_n_nodes (ctx); i++)
    if ((eqk_infer_layer_of (ctx, i)->flags & EQK_LAYER_INPUT) != 0 && eqk_infer_is_upstream (ctx, i, eqk_infer_node (ctx)))
      {
        const EqkPortType *type = eqk_infer_type_of (ctx, i, NULL);

        if (type != NULL && type->space.kind == EQK_SPACE_GRID)
          return type->space;
      }
  return x->space;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const int          classes = eqk_infer_int (ctx, "out");
  EqkSpace           size;
  EqkPortType        y;

  if (x->space.kind == EQK_SPACE_SAMPLE)
    {
      const char *pool = eqk_head_pooled_by (ctx, EQK_SPACE_GRID);

      eqk_infer_problem (ctx, "E-SEG-POOLED", "x", "node='%s'", pool == NULL ? "" : pool);
      if (pool != NULL)
        {
          eqk_infer_fix (ctx, EQK_N_("Remove the pooling"));
          eqk_fix_delete (ctx, pool);
        }
      return eqk_fail (diag, EQK_ERR_TYPE, "positions");
    }
  if (eqk_grid_input (ctx, "x", diag) == NULL)
    return EQK_ERR_TYPE;
  if (classes == 0 && !eqk_rep_is_trivial (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars, or a number of classes", eqk_rep_get_text (x->rep));
  if (!are_scores (x->rep, classes))
    {
      const EqkKernelSpec spec = { .size = 1, .dilation = 1 };
      const EqkRep       *scores = eqk_rep_single (eqk_group_trivial (x->symmetry.group), classes);
      const EqkStatus     status = scores == NULL ? eqk_fail (diag, EQK_ERR_NO_MEMORY, "scores") : eqk_steerable_check (ctx, x->rep, scores, &spec, diag);

      if (status != EQK_OK)
        return status;
    }
  y = eqk_head_output (x, classes > 0 ? classes : eqk_rep_get_dim (x->rep), EQK_KIND_LOGITS);
  size = wanted_size (ctx, x);
  if (eqk_infer_bool (ctx, "interpolate"))
    y = eqk_port_with_grid (&y, size.h, size.w);
  else if (!eqk_space_equal (&size, &x->space))
    {
      eqk_infer_problem (ctx, "W-SEG-SIZE", "y", "h=%d w=%d H=%d W=%d", x->space.h, x->space.w, size.h, size.w);
      eqk_infer_fix (ctx, EQK_N_("Interpolate to the size of the input"));
      eqk_fix_set (ctx, "$", "interpolate", "on");
    }
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType  *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkKernelSpec spec = { .size = 1, .dilation = 1 };
  const EqkWindow     win = { 1, 1, 0, 1 };
  const int           classes = eqk_rep_get_dim (y->rep);
  int                 h = eqk_build_x (b, "x");

  if (!are_scores (x->rep, eqk_build_int (b, "out")))
    {
      const int filter = eqk_steerable_filter (b, x->rep, y->rep, &spec, false, diag);
      int       bias = -1;

      if (filter < 0 || eqk_steerable_bias (b, y->rep, &bias, diag) != EQK_OK)
        return EQK_ERR_NO_MEMORY;
      h = eqk_grid_conv (b, h, &x->space, &x->space, filter, bias, eqk_rep_get_dim (x->rep), classes, &win, 1, "zeros", diag);
    }
  if (h >= 0 && !eqk_space_equal (&x->space, &y->space))
    {
      EqkSparse rows, columns;

      eqk_sparse_resize (&rows, x->space.h, y->space.h, true, false);
      eqk_sparse_resize (&columns, x->space.w, y->space.w, true, false);
      h = eqk_grid_linear (b, h, y->space, classes, &rows, &columns, diag);
    }
  return eqk_grid_done (b, h, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "D4", .inputs = { "grid 7x7 2x reg + 1x f1" }, .settings = "out=3" },
  { .group = "C4", .inputs = { "grid 7x7 4x triv" }, .settings = "" },
  { .group = "C4", .inputs = { "upsample{rule=odd}(grid 4x4 1x reg)" }, .settings = "out=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_segmentation_head_grid = {
  .id = "segmentation_head_grid", .title = EQK_N_("Classes of pixels"), .category = EQK_N_("Head"), .domains = "image", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = eqk_head_outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens, .exports = "escnn.nn.R2Conv",
  .doc = EQK_N_("Tells the class of every pixel.\n\n"
                "Scores of the classes at every pixel by a steerable 1×1 convolution to scalars, interpolated linearly to the extents of the input (aligned corners). "
                "Exact where the grids are. Source: Long et al. 2015."),
};

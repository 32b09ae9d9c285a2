/* One row a sample, copied to every place of another value. */

#include "layers/grids.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("One row a sample") },
  { .name = "like", .doc = EQK_N_("A value whose places are taken: pixels or nodes") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The row at every place") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag), *like = eqk_infer_input (ctx, "like");
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_SAMPLE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "one row a sample", "many rows");
  if (like->space.kind != EQK_SPACE_GRID && like->space.kind != EQK_SPACE_NODES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "like", "a picture or nodes", "another space");
  y = *x;
  y.space = like->space;
  y.symmetry.translations = like->symmetry.translations;
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType       *y = eqk_build_out (b, "y");
  const EqkBroadcastParams p = { eqk_rep_get_dim (y->rep), y->space.kind == EQK_SPACE_GRID ? y->space.h * y->space.w : 0 };

  return eqk_grid_done (b, eqk_grid_op (b, "broadcast", eqk_build_x (b, "x"), y->space, p.width, &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "sample 1x reg + 1x f1", "grid 5x5 1x triv" }, .settings = "" },
  { .group = "O3", .inputs = { "sample 3x triv", "nodes 2x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_broadcast_global = {
  .id = "broadcast_global", .title = EQK_N_("Broadcast"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.Tensor.expand",
  .doc = EQK_N_("Hands what is known of the whole to each of its places.\n\n"
                "The row of a sample at each of its places. Fields turn as before. Exact."),
};

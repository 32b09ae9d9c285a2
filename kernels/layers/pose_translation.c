/* A place: the centre of the cloud, moved by an arrow. */

#include "layers/coordinates.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("One arrow a sample, from the centre to the place") },
  { .name = "positions", .doc = EQK_N_("Coordinates of the points") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "place", .doc = EQK_N_("One place a sample; it shifts and turns with the cloud") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *positions = eqk_coord_input (ctx, diag), *x = eqk_infer_input (ctx, "x");
  EqkPortType        y;

  if (positions == NULL)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_SAMPLE || eqk_coord_arrows (positions, x, "x", diag) != 1)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "one arrow a sample", eqk_rep_get_text (x->rep));
  y = *positions;
  y.space = x->space;
  return eqk_infer_set_output (ctx, "place", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int centre = eqk_nodes_pool (b, eqk_build_x (b, "positions"), eqk_of_samples, 3, "mean", diag);
  const int y = eqk_rows_add (b, centre, eqk_build_x (b, "x"), eqk_of_samples, 3, diag);

  eqk_build_set_output (b, "place", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "sample 1x1o", "positions" }, .settings = "" },
  { .group = "SO3", .inputs = { "sample 1x1", "positions" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_pose_translation = {
  .id = "pose_translation", .title = EQK_N_("Place of the cloud"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Tells where the object is.\n\n"
                "t = mean of the x_i + v: a point that shifts and turns with the cloud, such as the origin of an object of which only a part was seen. With a rotation it is a whole pose. Exact."),
};

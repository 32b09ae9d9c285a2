/* Coordinates about their mean: arrows of nodes, which no shift changes. */

#include "layers/coordinates.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("One arrow for each point, from the centre of its sample to it") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_coord_input (ctx, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = *x;
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  eqk_infer_problem (ctx, "I-CENTER-OUTLIER", NULL, NULL);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkSpace nodes = eqk_build_in (b, "positions")->space;
  const int      x = eqk_build_x (b, "positions");
  const int      centre = eqk_nodes_spread (b, eqk_nodes_pool (b, x, eqk_of_samples, 3, "mean", diag), nodes, 3, diag);

  const int      y = eqk_rows_add (b, x, eqk_rows_scale (b, centre, nodes, 3, -1, diag), nodes, 3, diag);

  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "positions" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_center_coords = {
  .id = "center_coords", .title = EQK_N_("About the centre"), .category = EQK_N_("Structure"), .domains = "points|molecule",
  .inputs = eqk_coord_in, .outputs = outputs, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens, .exports = "x - x.mean(0)",
  .doc = EQK_N_("Measures all places from the middle of the sample, so that shifting it changes nothing.\n\n"
                "y_i = x_i − mean of the x of its sample: coordinates become arrows. Exact."),
};

/* Marks fields as the answer of a design: vectors, flows, pictures. */

#include "layers/grids.h"

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = *x;
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_grid_done (b, eqk_build_x (b, "x"), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "D4", .inputs = { "grid 5x5 1x f1 + 2x triv" }, .settings = "" },
  { .group = "C4", .inputs = { "sample 1x f1" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 3x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_field_output = {
  .id = "field_output", .title = EQK_N_("Fields as the answer"), .category = EQK_N_("Head"), .domains = "any", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("The features themselves are the answer; they turn along with the input.\n\n"
                "The input unchanged, as a result of the design: the answer turns along with the input as its fields say."),
};

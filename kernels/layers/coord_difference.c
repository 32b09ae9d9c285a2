/* Edge vectors: differences are what coordinates may give to features. */

#include "layers/coordinates.h"

static const EqkPort inputs[] = {
  { .name = "positions", .doc = EQK_N_("Coordinates, also those that a layer has moved") },
  { .name = "edges", .doc = EQK_N_("Which points are neighbours") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "vector", .doc = EQK_N_("Vector of each edge from source to target") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_coord_input (ctx, diag), *edges = eqk_infer_input (ctx, "edges");
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (edges->space.kind != EQK_SPACE_EDGES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "edges", "edges", eqk_kind_name (edges->kind));
  y = *x;
  y.space = edges->space;
  y.kind = EQK_KIND_EDGE_VECTOR;
  return eqk_infer_set_output (ctx, "vector", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int x = eqk_build_x (b, "positions"), y = eqk_rows_op (b, "edge_vector", &x, 1, eqk_build_out (b, "vector")->space, 3, NULL, 0, diag);

  eqk_build_set_output (b, "vector", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "&positions", "radius_graph{cutoff=2.5}(&positions)" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_coord_difference = {
  .id = "coord_difference", .title = EQK_N_("Edge vectors"), .category = EQK_N_("Structure"), .domains = "points|molecule",
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens, .exports = "pos[dst] - pos[src]",
  .doc = EQK_N_("The arrow along each connection, from one point to the other.\n\n"
                "r_ij = x_i − x_j for every edge j → i, target minus source: shifts drop out. Exact."),
};

/* Neighbour list: who is within the cut-off of whom. */

#include "eqk/layer.h"

#include "ops/irreps.h"
#include "ops/ragged.h"

static const EqkPort inputs[] = { { .name = "positions", .doc = EQK_N_("Coordinates") }, { .name = NULL } };
static const EqkPort outputs[] = {
  { .name = "length", .doc = EQK_N_("Length of each directed edge, in Å") },
  { .name = "vector", .doc = EQK_N_("Vector of each edge from source to target, in Å") },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "cutoff", EQK_N_("Cut-off"), EQK_PARAM_REAL, "5", 0.5, 50, NULL, EQK_N_("Points closer than this are neighbours, in Å") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "positions");
  EqkPortType        type = *x;

  if (x->kind != EQK_KIND_POSITION)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "positions", "coordinates", eqk_kind_name (x->kind));
  type.space = (EqkSpace){ EQK_SPACE_EDGES, 0, 0, 0 };
  type.kind = EQK_KIND_EDGE_VECTOR;
  eqk_infer_set_output (ctx, "vector", &type);
  type.kind = EQK_KIND_EDGE_LENGTH;
  type.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), 1);
  return eqk_infer_set_output (ctx, "length", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int      in = eqk_build_x (b, "positions");
  const int      structure = eqk_build_structure (b, in, eqk_build_real (b, "cutoff"), false);
  const EqkSpace edges = { EQK_SPACE_EDGES, 0, 0, structure };
  const int      length = eqk_build_value (b, edges, 1), vector = eqk_build_value (b, edges, 3);
  EqkStatus      status;

  if (structure != 0)
    return eqk_fail (diag, EQK_ERR_LIMIT, "a design has one neighbour list; link both to one “Neighbours” node");
  eqk_build_set_output (b, "length", length);
  eqk_build_set_output (b, "vector", vector);
  status = eqk_build_op (b, "edge_length", &in, 1, &length, 1, &(EqkEdgeParams){ structure }, sizeof (EqkEdgeParams), diag);
  return status != EQK_OK ? status : eqk_build_op (b, "edge_vector", &in, 1, &vector, 1, &(EqkEdgeVectorParams){ structure }, sizeof (EqkEdgeVectorParams), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "positions" }, .settings = "cutoff=2.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_radius_graph = {
  .id = "radius_graph", .title = EQK_N_("Neighbours"), .category = EQK_N_("Input"), .domains = "points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_cluster.radius_graph",
  .doc = EQK_N_("Directed edges j → i with |x_i − x_j| ≤ r_c, both ways, sorted by (target, source). The set of edges is not differentiated; a smooth cut-off hides its changes."),
};

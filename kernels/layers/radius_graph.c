/* Neighbour list: who is within the cut-off of whom. */

#include "layers/neighbours.h"

static const EqkParam params[] = {
  { "cutoff", EQK_N_("Cut-off"), EQK_PARAM_REAL, "5", 0.5, 50, NULL, EQK_N_("Points closer than this are neighbours, in Å") },
  { NULL }
};

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_neighbours_expand (b, eqk_build_real (b, "cutoff"), false, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "positions" }, .settings = "cutoff=2.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_radius_graph = {
  .id = "radius_graph", .title = EQK_N_("Neighbours"), .category = EQK_N_("Input"), .domains = "points|molecule",
  .inputs = eqk_neighbours_in, .outputs = eqk_neighbours_out, .params = params, .infer = eqk_neighbours_infer, .expand = expand, .specimens = specimens,
  .exports = "torch_cluster.radius_graph",
  .doc = EQK_N_("Directed edges j → i with |x_i − x_j| ≤ r_c, both ways, sorted by (target, source). The set of edges is not differentiated; a smooth cut-off hides its changes."),
};

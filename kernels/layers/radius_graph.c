/* Neighbour list: who is within the cut-off of whom. */

#include "layers/neighbours.h"

static const EqkParam params[] = {
  { "cutoff", EQK_N_("Cut-off"), EQK_PARAM_REAL, "5", 0.5, 50, NULL, EQK_N_("Points closer than this are neighbours, in Å") },
  { NULL }
};

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_neighbours_expand (b, (EqkStructureRule){ .cutoff = eqk_build_real (b, "cutoff") }, eqk_build_x (b, "cell"), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "positions" }, .settings = "cutoff=2.5" },
  { .group = "O3", .inputs = { "positions", "cell" }, .settings = "cutoff=2.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_radius_graph = {
  .id = "radius_graph", .title = EQK_N_("Neighbours"), .category = EQK_N_("Input"), .domains = "points|molecule",
  .inputs = eqk_neighbours_cell_in, .outputs = eqk_neighbours_out, .params = params, .infer = eqk_neighbours_cell_infer, .expand = expand, .specimens = specimens,
  .exports = "torch_cluster.radius_graph",
  .doc = EQK_N_("Joins all points that are nearer to each other than a distance.\n\n"
                "Directed edges j → i with |x_i − x_j| ≤ r_c, both ways, sorted by (target, source). With a lattice the images of points count, also several of one point and "
                "its own: r = x_i − x_j − n · cell. The set of edges is not differentiated; a smooth cut-off hides its changes."),
};

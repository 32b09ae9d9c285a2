/* Neighbour list: everybody's k nearest. */

#include "layers/neighbours.h"

static const EqkParam params[] = {
  { "k", EQK_N_("Neighbours"), EQK_PARAM_INT, "16", 1, 64, NULL, EQK_N_("So many nearest points are neighbours, or all there are") },
  { NULL }
};

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_neighbours_expand (b, (EqkStructureRule){ .nearest = eqk_build_int (b, "k") }, eqk_build_x (b, "cell"), diag);
}

static void
lint (EqkInfer *ctx)
{
  const EqkKind use = eqk_neighbours_use (ctx);

  if (use == EQK_KIND_FEATURE)
    return;
  if (use == EQK_KIND_FORCE)
    eqk_infer_problem (ctx, "E-FORCES-NONSMOOTH", NULL, "node='%s'", eqk_infer_id_of (ctx, eqk_infer_node (ctx)));
  else
    eqk_infer_problem (ctx, "W-KNN-FORCES", NULL, NULL);
  eqk_infer_fix (ctx, EQK_N_("Link those within a cut-off"));
  eqk_fix_replace (ctx, "$", "radius_graph", "cutoff=5");
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "positions" }, .settings = "k=2" },
  { .group = "O3", .inputs = { "positions", "cell" }, .settings = "k=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_knn_graph = {
  .id = "knn_graph", .title = EQK_N_("Nearest points"), .category = EQK_N_("Input"), .domains = "points|molecule",
  .inputs = eqk_neighbours_cell_in, .outputs = eqk_neighbours_out, .params = params, .infer = eqk_neighbours_cell_infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch_cluster.knn_graph",
  .doc = EQK_N_("Joins each point with the few that are nearest.\n\n"
                "Directed edges j → i from the k points that are nearest to i, sorted by (target, source); of equally near ones those that come first. With a lattice images of points count, "
                "and all that are as near as the k-th. "
                "Neighbours change at once when points move, so energies jump; forces need a cut-off."),
};

/* Neighbour list: who is within the cut-off of whom. */

#include "layers/neighbours.h"

static const EqkParam params[] = {
  { "cutoff", EQK_N_("Cut-off"), EQK_PARAM_REAL, "5", 0.5, 50, NULL, EQK_N_("Points closer than this are neighbours, in Å") },
  { "max_neighbours", EQK_N_("Most neighbours"), EQK_PARAM_INT, "0", 0, 1024, EQK_N_("no limit"), EQK_N_("Of more neighbours than this each point keeps the nearest; 0: all") },
  { NULL }
};

static void
fix_limit (EqkInfer *ctx)
{
  eqk_infer_fix (ctx, EQK_N_("Keep all neighbours"));
  eqk_fix_set (ctx, "$", "max_neighbours", "0");
}

/* Of two that are equally near the one that comes first is kept: another order, another answer. Turns are none the worse for it. */
static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  if (eqk_infer_int (ctx, "max_neighbours") > 0)
    {
      eqk_infer_problem (ctx, "W-MAX-NEIGH", "positions", NULL);
      fix_limit (ctx);
      eqk_infer_lose (ctx, EQK_ALL_ELEMENTS, "W-MAX-NEIGH");
    }
  return eqk_neighbours_cell_infer (ctx, diag);
}

static void
lint (EqkInfer *ctx)
{
  if (eqk_infer_int (ctx, "max_neighbours") == 0 || eqk_neighbours_use (ctx) != EQK_KIND_FORCE)
    return;
  eqk_infer_problem (ctx, "E-FORCES-NONSMOOTH", NULL, "node='%s'", eqk_infer_id_of (ctx, eqk_infer_node (ctx)));
  fix_limit (ctx);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_neighbours_expand (b, (EqkStructureRule){ .cutoff = eqk_build_real (b, "cutoff"), .most = eqk_build_int (b, "max_neighbours") }, eqk_build_x (b, "cell"), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "positions" }, .settings = "cutoff=2.5" },
  { .group = "O3", .inputs = { "positions", "cell" }, .settings = "cutoff=2.5" },
  { .group = "O3", .inputs = { "positions" }, .settings = "cutoff=2.5 max_neighbours=2" },
  { .group = "O3", .inputs = { "positions", "cell" }, .settings = "cutoff=2.5 max_neighbours=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_radius_graph = {
  .id = "radius_graph", .title = EQK_N_("Neighbours"), .category = EQK_N_("Input"), .domains = "points|molecule",
  .inputs = eqk_neighbours_cell_in, .outputs = eqk_neighbours_out, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch_cluster.radius_graph",
  .doc = EQK_N_("Joins all points that are nearer to each other than a distance.\n\n"
                "Directed edges j → i with |x_i − x_j| ≤ r_c, both ways, sorted by (target, source). With a lattice the images of points count, also several of one point and "
                "its own: r = x_i − x_j − n · cell. The set of edges is not differentiated; a smooth cut-off hides its changes. "
                "A limit bounds the cost of dense places: each point then keeps its nearest neighbours, of equally near ones those that come first, so that the answer depends on the order there and jumps "
                "when two change places."),
};

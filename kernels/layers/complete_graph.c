/* Every point is everybody's neighbour. */

#include "layers/neighbours.h"

enum { MANY_POINTS = 64 };     /* guidance.md §3.5 */

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_neighbours_expand (b, (EqkStructureRule){ .complete = true }, -1, diag);
}

static void
lint (EqkInfer *ctx)
{
  const double n = eqk_infer_fact (ctx, "N", 0);

  if (n <= MANY_POINTS)
    return;
  eqk_infer_problem (ctx, "W-QUADRATIC", NULL, "E=%.0f", n * (n - 1));
  eqk_infer_fix (ctx, EQK_N_("Link those within a cut-off"));
  eqk_fix_replace (ctx, "$", "radius_graph", "cutoff=5");
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "positions" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_complete_graph = {
  .id = "complete_graph", .title = EQK_N_("All pairs"), .category = EQK_N_("Input"), .domains = "points|molecule",
  .inputs = eqk_neighbours_in, .outputs = eqk_neighbours_out, .infer = eqk_neighbours_infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.transforms.FullyConnected",
  .doc = EQK_N_("Joins every point with every other.\n\n"
                "Directed edges j → i between all different points of a sample, n (n − 1) of them, sorted by (target, source). Nothing appears or vanishes when points move. For small clouds."),
};

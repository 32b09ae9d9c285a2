/* Product of the features at an edge's source with the edge's features, copy by copy, weighted by the edge, summed at the target. */

#include "layers/irreps.h"

#include <math.h>
#include <stdio.h>

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features of each node") },
  { .name = "harmonics", .doc = EQK_N_("Harmonics of each edge") },
  { .name = "weights", .doc = EQK_N_("As many numbers of each edge as the paths have copies, from a radial network") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Sums over the neighbours, sorted by degree") }, { .name = NULL } };

static const EqkParam params[] = {
  { "keep", EQK_N_("Keep"), EQK_PARAM_REP, "1x0e + 1x1o + 1x2e", 0, 0, NULL, EQK_N_("Irreps that are kept; how many copies there are follows from the paths") },
  { "neighbours", EQK_N_("Mean number of neighbours"), EQK_PARAM_REAL, "10", 0.01, 10000, NULL, EQK_N_("Sums are divided by its root, so that features keep their size") },
  EQK_DROP_PATHS_PARAM,
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *y = eqk_infer_input (ctx, "harmonics"), *w = eqk_infer_input (ctx, "weights");
  const EqkRep      *keep = eqk_irreps_param (ctx, "keep", diag), *mid;
  const char        *drop = eqk_irreps_drop_param (ctx, diag);
  EqkPortType        out;
  char               needed[48], found[48];

  if (keep == NULL || drop == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK || eqk_irreps_check (y, "harmonics", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_NODES || x->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes", eqk_kind_name (x->kind));
  if (y->space.kind != EQK_SPACE_EDGES || y->kind != EQK_KIND_FEATURE || eqk_rep_n_fields (y->rep) != eqk_rep_n_runs (y->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "harmonics", "one copy of each irrep, on edges", eqk_rep_get_text (y->rep));
  if (w->space.kind != EQK_SPACE_EDGES || !eqk_rep_is_trivial (w->rep) || w->kind == EQK_KIND_EDGE_VECTOR)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "weights", "scalars of edges", eqk_rep_get_text (w->rep));
  mid = eqk_irreps_products (x->rep, y->rep, keep, drop);
  if (mid == NULL)
    return EQK_ERR_NO_MEMORY;
  if (eqk_rep_get_dim (mid) == 0)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "keep", "irreps that a product of x and the harmonics reaches", eqk_rep_get_text (keep));
  snprintf (needed, sizeof needed, "%d numbers", eqk_irreps_n_paths_weights (x->rep, y->rep, mid, drop));
  snprintf (found, sizeof found, "%d numbers", eqk_rep_get_dim (w->rep));
  if (eqk_rep_get_dim (w->rep) != eqk_irreps_n_paths_weights (x->rep, y->rep, mid, drop))
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "weights", needed, found);
  out = eqk_port_with_rep (x, mid);
  return eqk_infer_set_output (ctx, "y", &out);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_in (b, "harmonics"), *out = eqk_build_out (b, "y");
  int                h = eqk_irreps_reorder (b, eqk_build_x (b, "x"), x->rep, x->space, true, diag);

  h = h < 0 ? -1 : eqk_irreps_convolve (b, x->rep, y->rep, out->rep, eqk_build_text (b, "drop_paths"), h, eqk_build_x (b, "harmonics"), eqk_build_x (b, "weights"), y->space.structure,
                                        1 / sqrt (eqk_build_real (b, "neighbours")), diag);
  h = h < 0 ? -1 : eqk_irreps_reorder (b, h, out->rep, out->space, false, diag);
  eqk_build_set_output (b, "y", h);
  return h < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o", "edges 1x0e + 1x1o + 1x2e", "edges 17x0e" }, .settings = "keep=1x0e + 1x1o + 1x2e" },
  { .group = "O3", .inputs = { "nodes 45x0e + 45x1o", "edges 1x0e + 1x1o + 1x2e + 1x3o", "edges 315x0e" }, .settings = "keep=1x0e + 1x1o + 1x3o" },   /* copies of every width of register */
  { .group = "O3", .inputs = { "nodes 17x4e", "edges 1x0e + 1x2e + 1x4e", "edges 68x0e" }, .settings = "keep=1x0e + 1x4e" },
  { .group = "O3", .inputs = { "nodes 18x2e + 17x3o", "edges 1x0e + 1x1o", "edges 70x0e" }, .settings = "keep=1x2e + 1x3o" },   /* and of every degree that turns in registers */
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o", "edges 1x0e + 1x1o + 1x2e", "edges 10x0e" }, .settings = "keep=1x0e+1x1o+1x2e drop_paths=0e*2e>2e,1o*1o>0e,1o*0e>1o" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_tp_uvu = {
  .id = "tp_uvu", .title = EQK_N_("Product with harmonics"), .category = EQK_N_("Message passing"), .domains = "points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "e3nn.o3.TensorProduct",
  .doc = EQK_N_("Each feature meets the direction of the connection; distances weigh the ways to combine them.\n\n"
                "y_i = Σ_j w_ij (x_j ⊗ Y_ij) / √n: each copy of each irrep with each harmonic, all couplings whose irrep is kept, one weight a path, copy and edge (“uvu”). Source: Batzner et al. 2022; e3nn."),
};

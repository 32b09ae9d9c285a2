/* MACE's interaction: one-particle sums over neighbours, the same number of copies of each degree. */

#include "layers/irreps.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features of each node") },
  { .name = "harmonics", .doc = EQK_N_("Harmonics of each edge") },
  { .name = "radial", .doc = EQK_N_("Radial functions of each edge") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Sums over the neighbours of each node") }, { .name = NULL } };

static const EqkParam params[] = {
  { "out", EQK_N_("Output"), EQK_PARAM_REP, "64x0e + 64x1o + 64x2e + 64x3o", 0, 0, NULL, EQK_N_("Irreps of the sums, the same number of copies of each") },
  { "hidden", EQK_N_("Radial network"), EQK_PARAM_INT_LIST, "[64,64,64]", 1, 1024, NULL, EQK_N_("Hidden widths of the network that makes the weights from the radial functions") },
  { "neighbours", EQK_N_("Mean number of neighbours"), EQK_PARAM_REAL, "10", 0.01, 10000, NULL, EQK_N_("Sums are divided by it") },
  EQK_DROP_PATHS_PARAM,
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *y = eqk_infer_input (ctx, "harmonics"), *radial = eqk_infer_input (ctx, "radial");
  const EqkRep      *out = eqk_irreps_param (ctx, "out", diag), *mid;
  const char        *drop = eqk_irreps_drop_param (ctx, diag);
  EqkPortType        type;

  if (out == NULL || drop == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK || eqk_irreps_check (y, "harmonics", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_NODES || x->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes", eqk_kind_name (x->kind));
  if (y->space.kind != EQK_SPACE_EDGES || y->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "harmonics", "harmonics of edges", eqk_kind_name (y->kind));
  if (radial->kind != EQK_KIND_RADIAL)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "radial", "radial functions", eqk_kind_name (radial->kind));
  mid = eqk_irreps_products (x->rep, y->rep, out, drop);
  if (mid == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int r = 0; r < eqk_rep_n_runs (out); r++)
    if (eqk_irreps_count (mid, eqk_rep_run (out, r).field) == 0)
      return eqk_fail_expected (diag, EQK_ERR_TYPE, "out", "irreps that a product of x and the harmonics reaches", eqk_field_get_name (eqk_rep_run (out, r).field));
  type = eqk_port_with_rep (x, out);
  return eqk_infer_set_output (ctx, "y", &type);
}

static void
lint (EqkInfer *ctx)
{
  const EqkPortType *out = eqk_infer_output (ctx, "y");

  for (int r = 1; out != NULL && r < eqk_rep_n_runs (out->rep); r++)
    if (eqk_rep_run (out->rep, r).mul != eqk_rep_run (out->rep, 0).mul)
      {
        eqk_infer_problem (ctx, "W-MACE-EQUALMUL", "y", NULL);
        return;
      }
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType    *x = eqk_build_in (b, "x"), *y = eqk_build_in (b, "harmonics"), *radial = eqk_build_in (b, "radial"), *out = eqk_build_out (b, "y");
  const char           *drop = eqk_build_text (b, "drop_paths");
  const EqkRep         *mid = eqk_irreps_products (x->rep, y->rep, out->rep, drop);
  const EqkIrrepsLinear up = { .name = "linear_up", .in = x->rep, .out = x->rep, .out_by_component = true, .kinds = -1, .table = -1 };
  const EqkIrrepsLinear down = { .name = "linear", .in = mid, .out = out->rep, .in_by_component = true, .kinds = -1, .table = -1 };
  int                   hidden[16], h, w;
  const int             n = eqk_build_ints (b, "hidden", hidden, 16);

  if (mid == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "interaction");
  h = eqk_irreps_linear (b, &up, eqk_build_x (b, "x"), x->space, diag);
  w = h < 0 ? -1 : eqk_radial_mlp (b, "radial", eqk_build_x (b, "radial"), radial->space, eqk_rep_get_dim (radial->rep), hidden, n,
                                   eqk_irreps_n_paths_weights (x->rep, y->rep, mid, drop), "silu", "exact", false, diag);
  h = w < 0 ? -1 : eqk_irreps_convolve (b, x->rep, y->rep, mid, drop, h, eqk_build_x (b, "harmonics"), w, radial->space.structure, 1 / eqk_build_real (b, "neighbours"), diag);
  h = h < 0 ? -1 : eqk_irreps_linear (b, &down, h, x->space, diag);
  eqk_build_set_output (b, "y", h);
  return h < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o", "edges 1x0e + 1x1o + 1x2e", "radial 5x triv" }, .settings = "out=3x0e + 3x1o + 3x2e hidden=[6] neighbours=3" },
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o", "edges 1x0e + 1x1o + 1x2e", "radial 5x triv" }, .settings = "out=3x0e+3x1o+3x2e hidden=[6] neighbours=3 drop_paths=1o*1o>2e" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_mace_interaction = {
  .id = "mace_interaction", .title = EQK_N_("MACE interaction"), .category = EQK_N_("Message passing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "mace.modules.RealAgnosticResidualInteractionBlock",
  .doc = EQK_N_("Each atom sums up what its neighbours are and where they stand.\n\n"
                "A_i = W2 Σ_j R(|r_ij|) (W1 x_j ⊗ Y(r_ij)) / n, n the mean number of neighbours. A “MACE product” stands behind and makes many-body features of the sums. Exact. "
                "Source: Batatia et al. 2022, arXiv:2206.07697."),
};

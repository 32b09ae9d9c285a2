/*
 * The dipole of a molecule: charges of its atoms times where they are, and an arrow of each atom. The charges are made to add up to nothing, so that the
 * dipole does not know where the origin is; a total charge would stand at the centre and adds itself times that.
 */

#include "layers/coordinates.h"
#include "layers/irreps.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features of atoms: scalars for their charges, arrows for their own dipoles, or both") },
  { .name = "positions", .doc = EQK_N_("Coordinates of the atoms") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("One arrow a sample") }, { .name = NULL } };

static const EqkParam params[] = {
  { "charge", EQK_N_("Total charge"), EQK_PARAM_REAL, "0", -100, 100, NULL, EQK_N_("Of the molecules, in the unit of the charges; other than 0 the dipole depends on the origin, and shifts are no longer promised") },
  { NULL }
};

static const EqkField *
arrow_of (const EqkPortType *positions)
{
  return eqk_rep_run (positions->rep, 0).field;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *positions = eqk_coord_input (ctx, diag), *x = eqk_infer_input (ctx, "x");
  EqkPortType        y;

  if (positions == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  if (x->kind != EQK_KIND_FEATURE || !eqk_space_equal (&x->space, &positions->space))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of the atoms", eqk_kind_name (x->kind));
  if (x->symmetry.group != positions->symmetry.group)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "x", eqk_group_get_id (positions->symmetry.group), eqk_group_get_id (x->symmetry.group));
  if (eqk_irreps_count (x->rep, arrow_of (positions)) + eqk_irreps_count (x->rep, eqk_group_trivial (x->symmetry.group)) == 0)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars or arrows among the features", eqk_rep_get_text (x->rep));
  y = eqk_port_with_rep (x, eqk_rep_single (arrow_of (positions), 1));
  y.space = eqk_of_samples;
  return eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  const double charge = eqk_infer_real (ctx, "charge");

  if (charge >= 0 && charge <= 0)
    return;
  eqk_infer_problem (ctx, "W-DIPOLE-CHARGE", NULL, NULL);
  eqk_infer_fix (ctx, EQK_N_("Take the dipole about the centre"));
  eqk_fix_set (ctx, "$", "charge", "0");
  eqk_infer_lose (ctx, 0, "W-DIPOLE-CHARGE");
}

/* A linear map of x to one copy of `field`; -1 where x has none of that kind, or without memory. */
static int
one_of (EqkBuild *b, const char *name, const EqkField *field, EqkDiag *diag)
{
  const EqkPortType    *x = eqk_build_in (b, "x");
  const EqkIrrepsLinear spec = { .name = name, .in = x->rep, .out = eqk_rep_single (field, 1), .kinds = -1, .table = -1 };

  return eqk_irreps_count (x->rep, field) == 0 ? -1 : eqk_irreps_linear (b, &spec, eqk_build_x (b, "x"), x->space, diag);
}

/* Each row less the mean of its sample. */
static int
less_mean (EqkBuild *b, int x, int mean, EqkSpace nodes, int width, EqkDiag *diag)
{
  const int spread = eqk_nodes_spread (b, mean, nodes, width, diag);

  return spread < 0 ? -1 : eqk_rows_add (b, x, eqk_rows_scale (b, spread, nodes, width, -1, diag), nodes, width, diag);
}

/* Σ (q − mean q)(x − mean x); -1 without memory. */
static int
of_charges (EqkBuild *b, int charges, int centre, EqkSpace nodes, EqkDiag *diag)
{
  const int mean = eqk_nodes_pool (b, charges, eqk_of_samples, 1, "mean", diag);
  const int places = less_mean (b, eqk_build_x (b, "positions"), centre, nodes, 3, diag), neutral = less_mean (b, charges, mean, nodes, 1, diag);
  const int products = eqk_rows_mul (b, places, neutral, nodes, 3, 1, diag);

  return products < 0 ? -1 : eqk_nodes_pool (b, products, eqk_of_samples, 3, "sum", diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *positions = eqk_build_in (b, "positions");
  const EqkSpace     nodes = positions->space;
  const int          centre = eqk_nodes_pool (b, eqk_build_x (b, "positions"), eqk_of_samples, 3, "mean", diag);
  const int          charges = one_of (b, "charges", eqk_group_trivial (positions->symmetry.group), diag);
  const int          arrows = one_of (b, "arrows", arrow_of (positions), diag);
  const double       charge = eqk_build_real (b, "charge");
  int                y = charges < 0 ? -1 : of_charges (b, charges, centre, nodes, diag);

  if (arrows >= 0)
    {
      const int own = eqk_nodes_pool (b, arrows, eqk_of_samples, 3, "sum", diag);

      y = charges < 0 ? own : eqk_rows_add (b, y, own, eqk_of_samples, 3, diag);
    }
  if (charge > 0 || charge < 0)
    y = eqk_rows_add (b, y, eqk_rows_scale (b, centre, eqk_of_samples, 3, charge, diag), eqk_of_samples, 3, diag);
  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o", "positions" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 2x1o + 1x1e", "positions" }, .settings = "" },
  { .group = "SO3", .inputs = { "nodes 2x0 + 1x2", "positions" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_dipole_head = {
  .id = "dipole_head", .title = EQK_N_("Dipole"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "mace.modules.LinearDipoleReadoutBlock",
  .doc = EQK_N_("How unevenly charge lies over a molecule: one arrow.\n\n"
                "μ = Σ (q_i − mean q)(x_i − mean x) + Σ v_i + Q mean x with charges q and arrows v linear in the features: the charges add up to the total charge Q, and without one the answer does not depend on the origin. Exact for Q = 0. "
                "Source: Schütt et al. 2021, arXiv:2102.03150."),
};

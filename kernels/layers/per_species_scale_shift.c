/* What an atom contributes to the energy, in the unit of the data: scaled and shifted by its kind. */

#include "layers/nodes.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("One number of each atom") },
  { .name = "species", .doc = EQK_N_("Kind of each atom") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The energy of each atom, in eV; their sum is that of the sample") }, { .name = NULL } };

static const EqkParam params[] = {
  { "species", EQK_N_("Kinds of atoms"), EQK_PARAM_INT, "4", 1, 118, NULL, EQK_N_("How many kinds the shifts are for") },
  { "trainable", EQK_N_("Trainable"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Learn a scale and a shift for each kind, beginning at the statistics of the data") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag), *species = eqk_infer_input (ctx, "species");
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (eqk_rep_get_dim (x->rep) != 1)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "one number of each atom", eqk_rep_get_text (x->rep));
  if (species->kind != EQK_KIND_SPECIES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "species", "kinds of atoms", eqk_kind_name (species->kind));
  y = *x;
  y.kind = EQK_KIND_ENERGY;
  return eqk_infer_set_output (ctx, "y", &y);
}

/* A learned number of each kind, at each atom. */
static int
number_of_kind (EqkBuild *b, const char *name, EqkInitKind init, EqkSpace space, EqkDiag *diag)
{
  const EqkEmbedParams p = { eqk_build_int (b, "species") };
  const int            shape[2] = { p.n_species, 1 };
  const int            in[2] = { eqk_build_x (b, "species"), eqk_build_weight (b, name, shape, 2, (EqkInit) { init, 0, NULL }) };

  return in[1] < 0 ? -1 : eqk_rows_op (b, "embed", in, 2, space, 1, &p, sizeof p, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkSpace space = eqk_build_in (b, "x")->space;
  const int      n = eqk_build_int (b, "species"), one = 1;
  int            in[4] = { eqk_build_x (b, "x"), eqk_build_x (b, "species"), -1, -1 }, y;

  if (eqk_build_bool (b, "trainable"))
    {
      in[0] = eqk_rows_mul (b, in[0], number_of_kind (b, "scale", EQK_INIT_ONES, space, diag), space, 1, 1, diag);
      in[0] = eqk_rows_add (b, in[0], number_of_kind (b, "shift", EQK_INIT_ZEROS, space, diag), space, 1, diag);
    }
  in[2] = eqk_build_state (b, "energy_shift", &n, 1, (EqkInit) { EQK_INIT_ZEROS, 0, NULL });
  in[3] = eqk_build_state (b, "energy_scale", &one, 1, (EqkInit) { EQK_INIT_ONES, 0, NULL });
  y = in[2] < 0 || in[3] < 0 ? -1 : eqk_rows_op (b, "species_affine", in, 4, space, 1, NULL, 0, diag);
  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 1x triv", "species" }, .settings = "species=3" },
  { .group = "O3", .inputs = { "nodes 1x triv", "species" }, .settings = "species=3 trainable=on" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_per_species_scale_shift = {
  .id = "per_species_scale_shift", .title = EQK_N_("Scale and shift by kind"), .category = EQK_N_("Structure"), .domains = "molecule|points",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "nequip.nn.PerTypeScaleShift",
  .doc = EQK_N_("Brings what each atom contributes into the unit of the data, on top of the energy its kind has on average.\n\n"
                "e_i = σ (a_z x_i + b_z) + shift_z: σ and the shifts are statistics of the training data (root mean square of the forces, least-squares energies of the kinds); "
                "a and b are 1 and 0, or learned. “Graph pool” sums the atoms up to the energy of the sample. “Energy” does all of it in one layer. Source: Batzner et al. 2022, arXiv:2101.03164."),
};

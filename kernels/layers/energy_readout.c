/* Energy as a sum of learned contributions of nodes. */

#include "eqk/layer.h"

#include "layers/dense.h"
#include "layers/fields.h"
#include "ops/ragged.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Scalars of each node") },
  { .name = "species", .doc = EQK_N_("Kind of each atom: adds the mean energy of its kind in the training data"), .optional = true },
  { .name = "also", .doc = EQK_N_("Scalars of an earlier layer, read by a linear map and added"), .optional = true },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "energy", .doc = EQK_N_("One energy a sample, in eV") }, { .name = NULL } };

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden layers"), EQK_PARAM_INT_LIST, "[]", 1, 1024, NULL, EQK_N_("Widths between the features and the contribution") },
  { "act", EQK_N_("Activation"), EQK_PARAM_CHOICE, "ssp", 0, 0, "ssp|silu|tanh|gelu|softplus", EQK_N_("After each hidden layer") },
  { "bias", EQK_N_("Bias"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Learn offsets of hidden layers") },
  { "species", EQK_N_("Kinds of atoms"), EQK_PARAM_INT, "4", 1, 118, NULL, EQK_N_("How many kinds the shifts are for") },
  { NULL }
};

/* Pseudoscalars among the numbers: the energy of a mirror image would be another. */
static bool
has_pseudoscalars (EqkInfer *ctx, const EqkPortType *x)
{
  const char *param = NULL;
  const int   decider = eqk_fields_decider (ctx, &param), n = eqk_fields_count (x->rep, eqk_field_is_trivial);
  char        out[48];

  if (x->space.kind != EQK_SPACE_NODES || x->kind != EQK_KIND_FEATURE || eqk_rep_is_trivial (x->rep) || eqk_rep_n_fields (x->rep) != eqk_rep_get_dim (x->rep))
    return false;
  eqk_infer_problem (ctx, "E-ENERGY-PARITY", "x", NULL);
  if (decider >= 0 && n > 0)
    {
      snprintf (out, sizeof out, "%dx %s", n, eqk_field_get_name (eqk_group_trivial (x->symmetry.group)));
      eqk_infer_fix (ctx, EQK_N_("Make scalars alone"));
      eqk_fix_set (ctx, eqk_infer_id_of (ctx, decider), param, out);
    }
  eqk_infer_lose (ctx, 0, "E-ENERGY-PARITY");
  return true;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *also = eqk_infer_input (ctx, "also");
  EqkPortType        type = *x;

  if (!has_pseudoscalars (ctx, x) && (x->space.kind != EQK_SPACE_NODES || !eqk_rep_is_trivial (x->rep)))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars of nodes", eqk_rep_get_text (x->rep));
  if (also != NULL && (also->space.kind != EQK_SPACE_NODES || also->kind != EQK_KIND_FEATURE || !eqk_rep_is_trivial (also->rep)))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "also", "scalars of nodes", eqk_rep_get_text (also->rep));
  type.space = (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 };
  type.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), 1);
  type.kind = EQK_KIND_ENERGY;
  return eqk_infer_set_output (ctx, "energy", &type);
}

/* e_i ← scale e_i + shift[z_i]: statistics of the training data, so that the network learns what they leave. */
static int
add_statistics (EqkBuild *b, int energies, EqkSpace nodes, EqkDiag *diag)
{
  const int n = eqk_build_int (b, "species"), one = 1;
  int       in[4] = { energies, eqk_build_x (b, "species") }, out;

  if (in[1] < 0 || energies < 0)
    return energies;
  in[2] = eqk_build_state (b, "energy_shift", &n, 1, (EqkInit){ EQK_INIT_ZEROS, 0, NULL });
  in[3] = eqk_build_state (b, "energy_scale", &one, 1, (EqkInit){ EQK_INIT_ONES, 0, NULL });
  out = eqk_build_value (b, nodes, 1);
  return out < 0 || eqk_build_op (b, "species_affine", in, 4, &out, 1, NULL, 0, diag) != EQK_OK ? -1 : out;
}

/* e_i ← e_i + W x'_i */
static int
add_earlier (EqkBuild *b, int energies, EqkSpace nodes, EqkDiag *diag)
{
  const EqkPortType *also = eqk_build_in (b, "also");
  int                add[2] = { energies, -1 }, out;

  if (also == NULL || energies < 0)
    return energies;
  add[1] = eqk_dense (b, "also", eqk_build_x (b, "also"), nodes, eqk_rep_get_dim (also->rep), 1, false, diag);
  out = eqk_build_value (b, nodes, 1);
  return add[1] < 0 || out < 0 || eqk_build_op (b, "add", add, 2, &out, 1, NULL, 0, diag) != EQK_OK ? -1 : out;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  int                hidden[64], width = eqk_rep_get_dim (x->rep), h = eqk_build_x (b, "x"), out;
  const int          n = eqk_build_ints (b, "hidden", hidden, 64);
  const bool         bias = eqk_build_bool (b, "bias");
  char               name[16];

  for (int i = 0; i < n; i++)
    {
      snprintf (name, sizeof name, "%d", i);
      h = eqk_dense (b, name, h, x->space, width, hidden[i], bias, diag);
      h = h < 0 ? h : eqk_dense_act (b, eqk_build_text (b, "act"), h, x->space, hidden[i], 1, diag);
      width = hidden[i];
    }
  snprintf (name, sizeof name, "%d", n);
  h = h < 0 ? h : eqk_dense (b, name, h, x->space, width, 1, n > 0 && bias, diag);
  h = add_earlier (b, h, x->space, diag);
  h = add_statistics (b, h, x->space, diag);
  out = eqk_build_value (b, eqk_build_out (b, "energy")->space, 1);
  eqk_build_set_output (b, "energy", out);
  return h < 0 ? EQK_ERR_NO_MEMORY : eqk_build_op (b, "segment_sum", &h, 1, &out, 1, &(EqkSegmentParams){ 0 }, sizeof (EqkSegmentParams), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "hidden=[5]" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 4x triv", "species" }, .settings = "species=3" },
  { .group = "O3", .inputs = { "nodes 4x triv", "species", "nodes 3x triv" }, .settings = "species=3 hidden=[5] bias=off act=silu" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_energy_readout = {
  .id = "energy_readout", .title = EQK_N_("Energy"), .category = EQK_N_("Head"), .domains = "molecule|points", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "mace.modules.LinearReadoutBlock",
  .doc = EQK_N_("Sums what each atom contributes to one energy.\n\n"
                "E = Σ_i (s (MLP(x_i) + W x′_i) + shift[z_i]): energies are extensive, so contributions are summed, in float64; shift and scale are statistics of the training data. Source: Behler & Parrinello 2007; Schütt et al. 2017."),
};

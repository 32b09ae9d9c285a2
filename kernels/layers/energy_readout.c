/* Energy as a sum of learned contributions of nodes. */

#include "eqk/layer.h"

#include "layers/dense.h"
#include "ops/ragged.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Scalars of each node") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "energy", .doc = EQK_N_("One energy a sample, in eV") }, { .name = NULL } };

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden layers"), EQK_PARAM_INT_LIST, "[]", 1, 1024, NULL, EQK_N_("Widths between the features and the contribution") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  EqkPortType        type = *x;

  if (x->space.kind != EQK_SPACE_NODES || !eqk_rep_is_trivial (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars of nodes", eqk_rep_get_text (x->rep));
  type.space = (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 };
  type.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), 1);
  type.kind = EQK_KIND_ENERGY;
  return eqk_infer_set_output (ctx, "energy", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  int                hidden[64], width = eqk_rep_get_dim (x->rep), h = eqk_build_x (b, "x"), out;
  const int          n = eqk_build_ints (b, "hidden", hidden, 64);
  char               name[16];

  for (int i = 0; i < n; i++)
    {
      snprintf (name, sizeof name, "%d", i);
      h = eqk_dense (b, name, h, x->space, width, hidden[i], true, diag);
      h = h < 0 ? h : eqk_dense_act (b, "ssp", h, x->space, hidden[i], 1, diag);
      width = hidden[i];
    }
  snprintf (name, sizeof name, "%d", n);
  h = h < 0 ? h : eqk_dense (b, name, h, x->space, width, 1, n > 0, diag);
  out = eqk_build_value (b, eqk_build_out (b, "energy")->space, 1);
  eqk_build_set_output (b, "energy", out);
  return h < 0 ? EQK_ERR_NO_MEMORY : eqk_build_op (b, "segment_sum", &h, 1, &out, 1, &(EqkSegmentParams){ 0 }, sizeof (EqkSegmentParams), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "hidden=[5]" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_energy_readout = {
  .id = "energy_readout", .title = EQK_N_("Energy"), .category = EQK_N_("Head"), .domains = "molecule|points", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "mace.modules.LinearReadoutBlock",
  .doc = EQK_N_("E = Σ_i MLP(x_i): energies are extensive, so contributions are summed, in float64. Source: Behler & Parrinello 2007; Schütt et al. 2017."),
};

/* A learned vector of scalars for each kind of atom. */

#include "eqk/layer.h"

#include "ops/ragged.h"

static const EqkPort inputs[] = { { .name = "species", .doc = EQK_N_("Kind of each atom") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each atom") }, { .name = NULL } };

static const EqkParam params[] = {
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "32", 1, 512, NULL, EQK_N_("Numbers kept for each kind") },
  { "species", EQK_N_("Kinds of atoms"), EQK_PARAM_INT, "4", 1, 118, NULL, EQK_N_("Rows of the table") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "species");
  EqkPortType        type = *x;

  if (x->kind != EQK_KIND_SPECIES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "species", "kinds of atoms", eqk_kind_name (x->kind));
  type.kind = EQK_KIND_FEATURE;
  type.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_infer_int (ctx, "channels"));
  return eqk_infer_set_output (ctx, "y", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int shape[2] = { eqk_build_int (b, "species"), eqk_build_int (b, "channels") };
  const int in[2] = { eqk_build_x (b, "species"), eqk_build_weight (b, "weight", shape, 2, (EqkInit){ EQK_INIT_NORMAL, 1, NULL }) };
  const int out = eqk_build_value (b, eqk_build_out (b, "y")->space, shape[1]);

  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "embed", in, 2, &out, 1, &(EqkEmbedParams){ shape[0] }, sizeof (EqkEmbedParams), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "species" }, .settings = "channels=5 species=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_species_embed = {
  .id = "species_embed", .title = EQK_N_("Kind embedding"), .category = EQK_N_("Attribute"), .domains = "points|molecule|graph",
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch.nn.Embedding",
  .doc = EQK_N_("y_i = W[z_i], one row of learned scalars for each kind. Source: Schütt et al. 2017 (SchNet)."),
};

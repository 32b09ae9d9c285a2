/* NequIP's interaction: as the tensor-field convolution, and what a node keeps of itself depends on its kind. */

#include "layers/interaction.h"

#include "eqk/op.h"
#include "ops/ragged.h"

#include <string.h>

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features of each node") },
  { .name = "harmonics", .doc = EQK_N_("Harmonics of each edge") },
  { .name = "radial", .doc = EQK_N_("Radial functions of each edge") },
  { .name = "species", .doc = EQK_N_("Kind of each atom: a node keeps a map of itself, with weights of its kind"), .optional = true },
  { .name = "attributes", .doc = EQK_N_("Embedding of the kinds: the weights are sums over it instead of one set a kind"), .optional = true },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Features of each node, with the scalars for a gate") }, { .name = NULL } };

static const EqkParam params[] = {
  EQK_INTERACTION_PARAMS,
  { "species", EQK_N_("Kinds of atoms"), EQK_PARAM_INT, "4", 1, 118, NULL, EQK_N_("How many kinds the weights are for") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *species = eqk_infer_input (ctx, "species"), *attributes = eqk_infer_input (ctx, "attributes");

  if (species != NULL && species->kind != EQK_KIND_SPECIES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "species", "kinds of atoms", eqk_kind_name (species->kind));
  if (attributes != NULL && (attributes->space.kind != EQK_SPACE_NODES || attributes->kind != EQK_KIND_FEATURE || !eqk_rep_is_trivial (attributes->rep)))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "attributes", "an embedding of the kinds", eqk_rep_get_text (attributes->rep));
  return eqk_interaction_infer (ctx, species != NULL || attributes != NULL, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int    attributes = eqk_build_x (b, "attributes");
  const EqkOp *lookup = attributes < 0 ? NULL : eqk_build_producer (b, attributes);
  EqkSelf      self = { .kinds = eqk_build_x (b, "species"), .n_kinds = eqk_build_int (b, "species"), .table = -1, .self_name = "self" };

  if (attributes >= 0)
    {
      /* Rows of a table: the weights of a kind are made once from its row, not for each atom. */
      if (lookup == NULL || strcmp (lookup->id, "embed") != 0)
        return eqk_fail_expected (diag, EQK_ERR_TYPE, "attributes", "the output of a “Kind embedding” node", "features of another layer");
      self.kinds = lookup->in[0];
      self.table = lookup->in[1];
      self.n_kinds = ((const EqkEmbedParams *) lookup->params)->n_species;
      self.width = eqk_rep_get_dim (eqk_build_in (b, "attributes")->rep);
    }
  self.self = self.kinds >= 0;
  self.n_kinds = self.self ? self.n_kinds : 0;
  return eqk_interaction_expand (b, &self, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x0e", "edges 1x0e + 1x1o + 1x2e", "radial 5x triv" }, .settings = "out=3x0e + 2x1o + 2x2e hidden=[6] neighbours=3" },
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o + 9x2e", "edges 1x0e + 1x1o + 1x2e", "radial 5x triv", "species" }, .settings = "out=3x0e + 2x1o + 2x2e hidden=[6] species=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_nequip_interaction = {
  .id = "nequip_interaction", .title = EQK_N_("NequIP interaction"), .category = EQK_N_("Message passing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = eqk_interaction_lint, .expand = expand,
  .specimens = specimens, .exports = "nequip.nn.InteractionBlock",
  .doc = EQK_N_("Atoms exchange arrows and finer patterns with their neighbours.\n\n"
                "y_i = W2 Σ_j R(|r_ij|) (W1 x_j ⊗ Y(r_ij)) / √n + W_z x_i, z the kind of atom i; a gate stands behind. Without a link at “species” and “attributes” there is no last term, "
                "so that an atom by itself gets nothing. Exact under E(3) and renumbering. Source: Batzner et al. 2022, arXiv:2101.03164."),
};

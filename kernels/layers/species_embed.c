/* A learned vector of scalars for each kind of atom. */

#include "eqk/layer.h"
#include "core/memory.h"

#include "ops/ragged.h"

#include <stdlib.h>

static const EqkPort inputs[] = { { .name = "species", .doc = EQK_N_("Kind of each atom") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each atom") }, { .name = NULL } };

static const EqkParam params[] = {
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "32", 1, 512, NULL, EQK_N_("Numbers kept for each kind") },
  { "species", EQK_N_("Kinds of atoms"), EQK_PARAM_INT, "4", 1, 118, NULL, EQK_N_("Rows of the table") },
  { "one_hot", EQK_N_("One channel a kind"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Nothing is learned: a 1 in the channel of the kind, as many channels as kinds; of one kind alone a constant 1") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const char *channels = eqk_infer_bool (ctx, "one_hot") ? "species" : "channels";
  const EqkPortType *x = eqk_infer_input (ctx, "species");
  EqkPortType        type = *x;

  if (x->kind != EQK_KIND_SPECIES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "species", "kinds of atoms", eqk_kind_name (x->kind));
  type.kind = EQK_KIND_FEATURE;
  type.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_infer_int (ctx, channels));
  return eqk_infer_set_output (ctx, "y", &type);
}

/* Row z is 1 at channel z. */
static int
identity (EqkBuild *b, int n)
{
  double *table = eqk_calloc ((size_t) n * (size_t) n, sizeof *table);
  int     value = -1;

  for (int z = 0; table != NULL && z < n; z++)
    table[z * n + z] = 1;
  if (table != NULL)
    value = eqk_build_const (b, table, (size_t) n * (size_t) n);
  free (table);
  return value;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const bool one_hot = eqk_build_bool (b, "one_hot");
  const int  n = eqk_build_int (b, "species"), shape[2] = { n, one_hot ? n : eqk_build_int (b, "channels") };
  const int  in[2] = { eqk_build_x (b, "species"), one_hot ? identity (b, n) : eqk_build_weight (b, "weight", shape, 2, (EqkInit){ EQK_INIT_NORMAL, 1, NULL }) };
  const int  out = eqk_build_value (b, eqk_build_out (b, "y")->space, shape[1]);

  if (in[1] < 0 || out < 0)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "embedding");
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "embed", in, 2, &out, 1, &(EqkEmbedParams){ n }, sizeof (EqkEmbedParams), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "species" }, .settings = "channels=5 species=3" },
  { .group = "O3", .inputs = { "species" }, .settings = "species=3 one_hot=on" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_species_embed = {
  .id = "species_embed", .title = EQK_N_("Kind embedding"), .category = EQK_N_("Attribute"), .domains = "points|molecule|graph",
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch.nn.Embedding",
  .doc = EQK_N_("Gives each kind of atom a learned row of numbers.\n\n"
                "y_i = W[z_i], one row of learned scalars for each kind. Source: Schütt et al. 2017 (SchNet)."),
};

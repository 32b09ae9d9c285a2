/* Distances as a smooth vector of scalars that vanishes at the cut-off. */

#include "layers/neighbours.h"

#include <string.h>

static const EqkPort inputs[] = { { .name = "length", .doc = EQK_N_("Edge lengths, or one number at each place, such as its distance from a centre") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Radial functions of each length") }, { .name = NULL } };

static const EqkParam params[] = {
  { "kind", EQK_N_("Functions"), EQK_PARAM_CHOICE, "bessel", 0, 0, "bessel|gaussian", EQK_N_("Family of functions") },
  { "n", EQK_N_("Number"), EQK_PARAM_INT, "8", 2, 128, NULL, EQK_N_("How many functions") },
  { "cutoff", EQK_N_("Cut-off"), EQK_PARAM_REAL, "5", 0.5, 50, NULL, EQK_N_("In Å; the same as that of the neighbours") },
  { "envelope", EQK_N_("Envelope"), EQK_PARAM_CHOICE, "polynomial", 0, 0, "polynomial|cosine|none", EQK_N_("What makes the functions vanish at the cut-off") },
  { "p", EQK_N_("Envelope order"), EQK_PARAM_INT, "6", 2, 12, NULL, EQK_N_("Order of the polynomial envelope") },
  { NULL }
};

static bool
is_edge_length (const EqkPortType *x)
{
  return x->kind == EQK_KIND_EDGE_LENGTH;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "length");
  EqkPortType        type = *x;

  if (!is_edge_length (x) && (x->kind != EQK_KIND_FEATURE || eqk_rep_get_dim (x->rep) != 1 || !eqk_rep_is_trivial (x->rep)))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "length", "edge lengths, or one scalar at each place", x->kind == EQK_KIND_FEATURE ? eqk_rep_get_text (x->rep) : eqk_kind_name (x->kind));
  if (is_edge_length (x))
    type.kind = EQK_KIND_RADIAL;
  type.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_infer_int (ctx, "n"));
  return eqk_infer_set_output (ctx, "y", &type);
}

/* Whether all that read these functions fade out themselves, by the lengths that are linked to them too. */
static bool
fades_behind (const EqkInfer *ctx)
{
  int       nodes[64];
  const int n = eqk_infer_consumers (ctx, eqk_infer_node (ctx), nodes, 64);

  for (int i = 0; i < n; i++)
    if (i == 64 || eqk_infer_source_of (ctx, nodes[i], "length", 0) < 0)
      return false;
  return n > 0;
}

/* Distances of other things than neighbours cross no cut-off. */
static void
lint (EqkInfer *ctx)
{
  if (!is_edge_length (eqk_infer_input (ctx, "length")))
    return;
  eqk_neighbours_lint_cutoff (ctx);
  if (strcmp (eqk_infer_text (ctx, "envelope"), "none") == 0 && !fades_behind (ctx))
    {
      eqk_infer_problem (ctx, "W-NO-CUTOFF", NULL, NULL);
      eqk_infer_fix (ctx, EQK_N_("Use the polynomial envelope"));
      eqk_fix_set (ctx, "$", "envelope", "polynomial");
    }
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const char     *envelope = eqk_build_text (b, "envelope");
  EqkRadialParams p = { .kind = strcmp (eqk_build_text (b, "kind"), "bessel") == 0 ? EQK_RADIAL_BESSEL : EQK_RADIAL_GAUSSIAN,
                        .n = eqk_build_int (b, "n"), .p = eqk_build_int (b, "p"), .cutoff = eqk_build_real (b, "cutoff") };
  const int       in = eqk_build_x (b, "length");
  const int       out = eqk_build_value (b, eqk_build_out (b, "y")->space, p.n);

  p.envelope = strcmp (envelope, "none") == 0 ? EQK_ENVELOPE_NONE : strcmp (envelope, "cosine") == 0 ? EQK_ENVELOPE_COSINE : EQK_ENVELOPE_POLYNOMIAL;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "radial_basis", &in, 1, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "length" }, .settings = "n=4 cutoff=2.5" },
  { .group = "O3", .inputs = { "length" }, .settings = "kind=gaussian n=6 cutoff=2.5 envelope=cosine" },
  { .group = "SO3", .inputs = { "nodes 1x0" }, .settings = "kind=gaussian n=5 cutoff=3 envelope=none" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_radial_basis = {
  .id = "radial_basis", .title = EQK_N_("Radial functions"), .category = EQK_N_("Attribute"), .domains = "points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "mace.modules.RadialEmbeddingBlock",
  .doc = EQK_N_("Describes a distance by a row of smooth bumps.\n\n"
                "Bessel: √(2/r_c) sin(nπr/r_c)/r; Gaussian: exp(−γ(r−μ)²); times an envelope that is 0 at r_c with zero first and second derivative. Source: Gasteiger et al. 2020; Schütt et al. 2017."),
};

/* PaiNN's message: scalars and arrows of the neighbours, and new arrows along the edges, filtered by distance. */

#include "layers/neighbours.h"
#include "layers/painn.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Scalars and as many arrows of each node; in the first layer scalars alone") },
  { .name = "harmonics", .doc = EQK_N_("Harmonics of degrees 0 and 1 of each edge") },
  { .name = "radial", .doc = EQK_N_("Radial functions of each edge") },
  { .name = "length", .doc = EQK_N_("Length of each edge: filters fade to zero at the cut-off") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars and as many arrows of each node") }, { .name = NULL } };

static const EqkParam params[] = {
  { "cutoff", EQK_N_("Cut-off"), EQK_PARAM_REAL, "5", 0.5, 50, NULL, EQK_N_("In Å; the same as that of the neighbours") },
  { "neighbours", EQK_N_("Mean number of neighbours"), EQK_PARAM_REAL, "1", 0.01, 10000, NULL, EQK_N_("Sums are divided by its root; 1 is PaiNN's plain sum") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *y = eqk_infer_input (ctx, "harmonics"), *radial = eqk_infer_input (ctx, "radial"), *length = eqk_infer_input (ctx, "length");
  const int          copies = eqk_painn_copies (x, false, diag);
  EqkPortType        out;

  if (copies == 0)
    return EQK_ERR_TYPE;
  if (y->space.kind != EQK_SPACE_EDGES || y->rep != eqk_irreps_harmonics (y->symmetry.group, 1))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "harmonics", "degrees 0 and 1 of edges", eqk_rep_get_text (y->rep));
  if (radial->kind != EQK_KIND_RADIAL)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "radial", "radial functions", eqk_kind_name (radial->kind));
  if (length->kind != EQK_KIND_EDGE_LENGTH)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "length", "edge lengths", eqk_kind_name (length->kind));
  out = eqk_port_with_rep (x, eqk_painn_rep (x->symmetry.group, copies));
  return out.rep == NULL ? EQK_ERR_NO_MEMORY : eqk_infer_set_output (ctx, "y", &out);
}

/* (W e + b) f_cut(r), three parts side by side: scalars, arrows along the edge, arrows of the neighbour. */
static int
make_filter (EqkBuild *b, int copies, EqkSpace edges, EqkDiag *diag)
{
  const EqkRadialParams p = { .kind = EQK_RADIAL_ENVELOPE, .envelope = EQK_ENVELOPE_POLYNOMIAL, .n = 1, .p = 6, .cutoff = eqk_build_real (b, "cutoff") };
  const int             length = eqk_build_x (b, "length"), cut = eqk_build_value (b, edges, 1);
  const int             filter = eqk_dense (b, "filter", eqk_build_x (b, "radial"), edges, eqk_rep_get_dim (eqk_build_in (b, "radial")->rep), 3 * copies, true, diag);

  if (cut < 0 || eqk_build_op (b, "radial_basis", &length, 1, &cut, 1, &p, sizeof p, diag) != EQK_OK)
    return -1;
  return eqk_painn_times (b, filter, cut, edges, 3 * copies, 1, 1, diag);
}

/* New arrows: along the edges by the second part, those of the neighbours by the third. */
static int
sum_arrows (EqkBuild *b, int phi, int v, int filter, int copies, double scale, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_in (b, "harmonics");
  const EqkRep      *arrows = eqk_rep_single (eqk_rep_run (eqk_build_out (b, "y")->rep, 1).field, copies), *both = eqk_rep_single (eqk_rep_run (arrows, 0).field, 2 * copies);
  const int          s = eqk_painn_slice (b, phi, x->space, 3 * copies, copies, copies, diag);
  int                h, parts[2], w;

  if (v < 0)
    {
      w = eqk_painn_slice (b, filter, y->space, 3 * copies, copies, copies, diag);
      h = s < 0 || w < 0 ? -1 : eqk_irreps_convolve (b, eqk_rep_single (eqk_group_trivial (x->symmetry.group), copies), y->rep, arrows, NULL, s, eqk_build_x (b, "harmonics"), w,
                                                     y->space.structure, scale, diag);
      return h < 0 ? -1 : eqk_irreps_reorder (b, h, arrows, x->space, false, diag);
    }
  parts[0] = s;
  parts[1] = eqk_painn_times (b, v, eqk_painn_slice (b, phi, x->space, 3 * copies, 2 * copies, copies, diag), x->space, copies, 3, copies, diag);
  parts[1] = parts[1] < 0 ? -1 : eqk_irreps_reorder (b, parts[1], arrows, x->space, true, diag);
  h = eqk_painn_concat (b, parts, (const int32_t[]){ copies, 3 * copies }, 2, x->space, diag);
  w = eqk_painn_slice (b, filter, y->space, 3 * copies, copies, 2 * copies, diag);
  h = h < 0 || w < 0 ? -1 : eqk_irreps_convolve (b, eqk_painn_rep (x->symmetry.group, copies), y->rep, both, NULL, h, eqk_build_x (b, "harmonics"), w, y->space.structure, scale, diag);
  h = h < 0 ? -1 : eqk_irreps_reorder (b, h, both, x->space, false, diag);
  return eqk_painn_add (b, eqk_painn_slice (b, h, x->space, 6 * copies, 0, 3 * copies, diag), eqk_painn_slice (b, h, x->space, 6 * copies, 3 * copies, 3 * copies, diag), x->space,
                        3 * copies, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_in (b, "harmonics");
  const int          copies = eqk_rep_run (x->rep, 0).mul, width = eqk_rep_get_dim (x->rep), value = eqk_build_x (b, "x");
  const EqkRep      *scalars = eqk_rep_single (eqk_group_trivial (x->symmetry.group), copies);
  const bool         has_arrows = width > copies;
  const double       scale = 1 / sqrt (eqk_build_real (b, "neighbours"));
  const int          s = has_arrows ? eqk_painn_slice (b, value, x->space, width, 0, copies, diag) : value;
  const int          v = has_arrows ? eqk_painn_slice (b, value, x->space, width, copies, 3 * copies, diag) : -1;
  const int          filter = make_filter (b, copies, y->space, diag);
  int                phi, parts[2], out;

  phi = eqk_dense (b, "0", s, x->space, copies, copies, true, diag);
  phi = phi < 0 ? -1 : eqk_dense_act (b, "silu", phi, x->space, copies, 1, diag);
  phi = phi < 0 ? -1 : eqk_dense (b, "1", phi, x->space, copies, 3 * copies, true, diag);
  if (phi < 0 || filter < 0)
    return EQK_ERR_NO_MEMORY;
  parts[0] = eqk_irreps_convolve (b, scalars, y->rep, scalars, NULL, eqk_painn_slice (b, phi, x->space, 3 * copies, 0, copies, diag), eqk_build_x (b, "harmonics"),
                                  eqk_painn_slice (b, filter, y->space, 3 * copies, 0, copies, diag), y->space.structure, scale, diag);
  parts[1] = sum_arrows (b, phi, v, filter, copies, scale, diag);
  parts[0] = eqk_painn_add (b, s, parts[0], x->space, copies, diag);
  if (has_arrows)
    parts[1] = eqk_painn_add (b, v, parts[1], x->space, 3 * copies, diag);
  out = eqk_painn_concat (b, parts, (const int32_t[]){ copies, 3 * copies }, 2, x->space, diag);
  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 3x1o", "edges 1x0e + 1x1o", "radial 4x triv", "length" }, .settings = "cutoff=2.5" },
  { .group = "O3", .inputs = { "nodes 3x0e", "edges 1x0e + 1x1o", "radial 4x triv", "length" }, .settings = "cutoff=2.5 neighbours=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_painn_message = {
  .id = "painn_message", .title = EQK_N_("PaiNN message"), .category = EQK_N_("Message passing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = eqk_neighbours_lint_cutoff, .expand = expand, .specimens = specimens,
  .exports = "schnetpack.representation.PaiNNInteraction",
  .doc = EQK_N_("Atoms send each other numbers and arrows.\n\n"
                "φ(s_j) ∘ (W e_ij + b) f_cut(r_ij) in three parts a, b, c: s_i ← s_i + Σ_j a; v_i ← v_i + Σ_j b Y₁(r_ij) + c v_j, with φ = Linear–SiLU–Linear and Y₁ the direction times √3. Exact. "
                "Source: Schütt et al. 2021, arXiv:2102.03150."),
};

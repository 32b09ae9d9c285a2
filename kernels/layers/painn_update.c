/* PaiNN's update: scalars and arrows of one node talk to each other through lengths and products. */

#include "layers/painn.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Scalars and as many arrows of each node") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars and as many arrows of each node") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");

  return eqk_painn_copies (x, true, diag) == 0 ? EQK_ERR_TYPE : eqk_infer_set_output (ctx, "y", x);
}

static int
mix (EqkBuild *b, const char *name, int v, const EqkRep *arrows, EqkSpace space, EqkDiag *diag)
{
  const EqkIrrepsLinear spec = { .name = name, .in = arrows, .out = arrows, .kinds = -1, .table = -1 };

  return v < 0 ? -1 : eqk_irreps_linear (b, &spec, v, space, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType  *x = eqk_build_in (b, "x");
  const int           c = eqk_rep_run (x->rep, 0).mul, value = eqk_build_x (b, "x");
  const EqkRep       *arrows = eqk_rep_single (eqk_rep_run (x->rep, 1).field, c);
  const EqkCopyParams copies = { c, 3, 1e-4 };
  const int           s = eqk_painn_slice (b, value, x->space, 4 * c, 0, c, diag), v = eqk_painn_slice (b, value, x->space, 4 * c, c, 3 * c, diag);
  const int           u = mix (b, "U", v, arrows, x->space, diag), w = mix (b, "V", v, arrows, x->space, diag), pair[2] = { u, w };
  const int           length = eqk_build_value (b, x->space, c), product = eqk_build_value (b, x->space, c);
  int                 a, parts[2], out;

  if (u < 0 || w < 0 || length < 0 || product < 0 || eqk_build_op (b, "copy_norm", &w, 1, &length, 1, &copies, sizeof copies, diag) != EQK_OK ||
      eqk_build_op (b, "copy_dot", pair, 2, &product, 1, &copies, sizeof copies, diag) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  parts[0] = s;
  parts[1] = length;
  a = eqk_painn_concat (b, parts, (const int32_t[]){ c, c }, 2, x->space, diag);
  a = a < 0 ? -1 : eqk_dense (b, "0", a, x->space, 2 * c, c, true, diag);
  a = a < 0 ? -1 : eqk_dense_act (b, "silu", a, x->space, c, 1, diag);
  a = a < 0 ? -1 : eqk_dense (b, "1", a, x->space, c, 3 * c, true, diag);
  parts[0] = eqk_painn_times (b, product, eqk_painn_slice (b, a, x->space, 3 * c, c, c, diag), x->space, c, 1, c, diag);
  parts[0] = eqk_painn_add (b, parts[0], eqk_painn_slice (b, a, x->space, 3 * c, 2 * c, c, diag), x->space, c, diag);
  parts[0] = eqk_painn_add (b, s, parts[0], x->space, c, diag);
  parts[1] = eqk_painn_times (b, u, eqk_painn_slice (b, a, x->space, 3 * c, 0, c, diag), x->space, c, 3, c, diag);
  parts[1] = eqk_painn_add (b, v, parts[1], x->space, 3 * c, diag);
  out = eqk_painn_concat (b, parts, (const int32_t[]){ c, 3 * c }, 2, x->space, diag);
  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 3x1o" }, .settings = "" },
  { .group = "SO3", .inputs = { "nodes 2x0 + 2x1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_painn_update = {
  .id = "painn_update", .title = EQK_N_("PaiNN update"), .category = EQK_N_("Mixing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "schnetpack.representation.PaiNNMixing",
  .doc = EQK_N_("Each atom lets its numbers and its arrows change each other.\n\n"
                "a = Linear–SiLU–Linear of (s, |V v|), in three parts: v ← v + a₁ U v, s ← s + a₂ ⟨U v, V v⟩ + a₃. Exact. Source: Schütt et al. 2021, arXiv:2102.03150."),
};

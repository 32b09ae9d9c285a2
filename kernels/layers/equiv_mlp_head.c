/* A small network of arrows and tensors: linear map, gates, linear map. */

#include "layers/vector-head.h"

#include "layers/gating.h"

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden irreps"), EQK_PARAM_REP, "16x0e + 8x1o", 0, 0, NULL, EQK_N_("Between the two linear maps, without the gates, which are added") },
  { "out", EQK_N_("Answer"), EQK_PARAM_REP, "1x1o", 0, 0, NULL, EQK_N_("1x1o for a dipole or a force, 1x0e + 1x2e for a symmetric tensor such as a polarisability") },
  EQK_VECTOR_HEAD_OF,
  { NULL }
};

static const EqkGateForm form = { "silu", "sigmoid", "gate", "exact", true, false };

/* hidden with a gate for each field that takes one. */
static const EqkRep *
with_gates (const EqkRep *hidden)
{
  return eqk_irreps_add_invariants (hidden, eqk_gate_count (hidden, form.odd, form.scalars, true));
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const EqkRep      *hidden = eqk_irreps_param (ctx, "hidden", diag), *out = hidden == NULL ? NULL : eqk_irreps_param (ctx, "out", diag), *wide;

  if (out == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  wide = with_gates (hidden);
  for (int r = 0; wide != NULL && r < eqk_rep_n_runs (wide); r++)
    if (eqk_irreps_count (x->rep, eqk_rep_run (wide, r).field) == 0)
      {
        if (eqk_rep_is_trivial (x->rep))
          eqk_infer_problem (ctx, "E-VECTOR-FROM-INVARIANT", "x", NULL);
        return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", eqk_field_get_name (eqk_rep_run (wide, r).field), eqk_rep_get_text (x->rep));
      }
  return wide == NULL ? EQK_ERR_NO_MEMORY : eqk_vector_head_infer (ctx, hidden, out, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkRep      *hidden = eqk_build_rep (b, "hidden"), *wide = hidden == NULL ? NULL : with_gates (hidden);
  EqkIrrepsLinear    spec = { .name = "0", .in = x->rep, .out = wide, .kinds = -1, .table = -1 };
  int                h = wide == NULL ? -1 : eqk_irreps_linear (b, &spec, eqk_build_x (b, "x"), x->space, diag);

  if (h >= 0)
    h = eqk_gate_rows (b, h, wide, -1, NULL, x->space, &form, diag);
  return eqk_vector_head_expand (b, "1", h, hidden, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o" }, .settings = "hidden=4x0e + 2x1o" },
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o + 2x2e + 1x0o" }, .settings = "hidden=3x0e + 2x2e + 1x0o out=1x0e + 1x2e of=node" },
  { .group = "SO3", .inputs = { "sample 2x0 + 1x1" }, .settings = "hidden=2x1 out=1x1 of=mean" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_equiv_mlp_head = {
  .id = "equiv_mlp_head", .title = EQK_N_("Network for arrows"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_vector_head_in, .outputs = eqk_vector_head_out, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "e3nn.o3.Linear, e3nn.nn.Gate",
  .doc = EQK_N_("Answers with arrows or tensors after one more layer of its own.\n\n"
                "y = W₁ gate (W₀ x), summed or averaged over the nodes: W₀ makes the hidden irreps and a scalar for each of them that turns, whose sigmoid it is multiplied by. "
                "A single linear map could not let numbers decide how long an arrow is. Exact. Source: Weiler et al. 2018, arXiv:1807.02547."),
};

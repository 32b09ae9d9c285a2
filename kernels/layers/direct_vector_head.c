/* Arrows or tensors straight from features: a linear map to the irreps of the answer, at each node or summed over a sample. */

#include "layers/irreps.h"
#include "layers/nodes.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Features with the irreps of the answer among them") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The answer, which turns with the sample") }, { .name = NULL } };

static const EqkParam params[] = {
  { "out", EQK_N_("Answer"), EQK_PARAM_REP, "1x1o", 0, 0, NULL, EQK_N_("1x1o for a dipole or a force, 1x0e + 1x2e for a symmetric tensor such as a polarisability") },
  { "of", EQK_N_("Of"), EQK_PARAM_CHOICE, "sample", 0, 0, "sample|mean|node", EQK_N_("Sum over the nodes of a sample, their mean, or one answer for each node") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const EqkRep      *out = eqk_irreps_param (ctx, "out", diag);
  EqkPortType        y;

  if (out == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  if (x->kind != EQK_KIND_FEATURE || (x->space.kind != EQK_SPACE_NODES && x->space.kind != EQK_SPACE_SAMPLE))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes or samples", eqk_kind_name (x->kind));
  for (int r = 0; r < eqk_rep_n_runs (out); r++)
    if (eqk_irreps_count (x->rep, eqk_rep_run (out, r).field) == 0)
      {
        if (eqk_rep_is_trivial (x->rep))
          eqk_infer_problem (ctx, "E-VECTOR-FROM-INVARIANT", "x", NULL);
        return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", eqk_field_get_name (eqk_rep_run (out, r).field), eqk_rep_get_text (x->rep));
      }
  y = eqk_port_with_rep (x, out);
  if (strcmp (eqk_infer_text (ctx, "of"), "node") != 0)
    y.space = (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 };
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType    *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkIrrepsLinear spec = { .name = "", .in = x->rep, .out = y->rep, .kinds = -1, .table = -1 };
  int                   h = eqk_irreps_linear (b, &spec, eqk_build_x (b, "x"), x->space, diag);

  if (h >= 0 && x->space.kind == EQK_SPACE_NODES && y->space.kind == EQK_SPACE_SAMPLE)
    h = eqk_nodes_pool (b, h, y->space, eqk_rep_get_dim (y->rep), strcmp (eqk_build_text (b, "of"), "mean") == 0 ? "mean" : "sum", diag);
  eqk_build_set_output (b, "y", h);
  return h < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o + 2x2e" }, .settings = "out=1x0e + 1x2e of=node" },
  { .group = "SO3", .inputs = { "nodes 2x1 + 1x0" }, .settings = "out=1x1 of=mean" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_direct_vector_head = {
  .id = "direct_vector_head", .title = EQK_N_("Arrows and tensors"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "e3nn.o3.Linear",
  .doc = EQK_N_("Answers with arrows or tensors that turn along with the sample.\n\n"
                "y = W x irrep by irrep, summed or averaged over the nodes: a dipole (1o) of a neutral molecule, a polarisability (0e + 2e), one vector for each atom. Forces made this way are not the slope of an energy. "
                "Source: Thomas et al. 2018; Schütt et al. 2021."),
};

#pragma once

/** What heads for arrows and tensors share: a linear map to the irreps of the answer, of each node or of the whole. Static, header only. */

#include "layers/irreps.h"
#include "layers/nodes.h"

#define EQK_VECTOR_HEAD_OF { "of", EQK_N_("Of"), EQK_PARAM_CHOICE, "sample", 0, 0, "sample|mean|node", EQK_N_("Sum over the nodes of a sample, their mean, or one answer for each node") }

static const EqkPort eqk_vector_head_in[] EQK_NODES_UNUSED = { { .name = "x", .doc = EQK_N_("Features with the irreps of the answer among them") }, { .name = NULL } };
static const EqkPort eqk_vector_head_out[] EQK_NODES_UNUSED = { { .name = "y", .doc = EQK_N_("The answer, which turns with the sample") }, { .name = NULL } };

/** Features of nodes or samples at "x" become `out`, each of whose irreps must be among `from`, which a layer before makes of them. */
static inline EqkStatus
eqk_vector_head_infer (EqkInfer *ctx, const EqkRep *from, const EqkRep *out, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  EqkPortType        y;

  if (x->kind != EQK_KIND_FEATURE || (x->space.kind != EQK_SPACE_NODES && x->space.kind != EQK_SPACE_SAMPLE))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes or samples", eqk_kind_name (x->kind));
  for (int r = 0; r < eqk_rep_n_runs (out); r++)
    if (eqk_irreps_count (from, eqk_rep_run (out, r).field) == 0)
      {
        if (eqk_rep_is_trivial (x->rep))
          eqk_infer_problem (ctx, "E-VECTOR-FROM-INVARIANT", "x", NULL);
        return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", eqk_field_get_name (eqk_rep_run (out, r).field), eqk_rep_get_text (from));
      }
  y = eqk_port_with_rep (x, out);
  if (strcmp (eqk_infer_text (ctx, "of"), "node") != 0)
    y.space = eqk_of_samples;
  return eqk_infer_set_output (ctx, "y", &y);
}

/** The linear map `name` of h, of irreps `from`, and the sum or mean over nodes; becomes output y. h -1: no memory. */
static inline EqkStatus
eqk_vector_head_expand (EqkBuild *b, const char *name, int h, const EqkRep *from, EqkDiag *diag)
{
  const EqkPortType    *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkIrrepsLinear spec = { .name = name, .in = from, .out = y->rep, .kinds = -1, .table = -1 };

  h = h < 0 ? h : eqk_irreps_linear (b, &spec, h, x->space, diag);
  if (h >= 0 && x->space.kind == EQK_SPACE_NODES && y->space.kind == EQK_SPACE_SAMPLE)
    h = eqk_nodes_pool (b, h, y->space, eqk_rep_get_dim (y->rep), strcmp (eqk_build_text (b, "of"), "mean") == 0 ? "mean" : "sum", diag);
  eqk_build_set_output (b, "y", h);
  return h < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

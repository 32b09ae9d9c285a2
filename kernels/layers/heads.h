#pragma once

/** What heads on invariants share: the finding about other inputs, layers of an MLP. */

#include "layers/dense.h"
#include "layers/steerable.h"

static const EqkPort eqk_head_inputs[] EQK_FIELDS_UNUSED = { { .name = "x", .doc = EQK_N_("Invariants") }, { .name = NULL } };
static const EqkPort eqk_head_outputs[] EQK_FIELDS_UNUSED = { { .name = "y", .doc = EQK_N_("The answer") }, { .name = NULL } };

/** Scores of classes out of pseudoscalars: what a mirror does to them is right for pairs (s, −s) alone. */
static inline void
eqk_head_pseudoscalars (EqkInfer *ctx)
{
  eqk_infer_problem (ctx, "W-0O-CLASS", "x", NULL);
  eqk_infer_fix (ctx, EQK_N_("Pairs of scores for mirror images"));
  eqk_fix_replace (ctx, "$", "chiral_classifier", "");
  eqk_infer_lose (ctx, 0, "W-0O-CLASS");
}

/** The input of a head with results of a kind; where it is not invariant E-MLP-ON-IRREP with the fitting pool, and only elements that do nothing to it stay. */
static inline const EqkPortType *
eqk_head_input (EqkInfer *ctx, EqkKind kind, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL || eqk_rep_is_trivial (x->rep) || x->kind == EQK_KIND_POSITION)
    return x;
  if (kind == EQK_KIND_LOGITS && eqk_rep_n_fields (x->rep) == eqk_rep_get_dim (x->rep) && eqk_group_get_space_dim (x->symmetry.group) == 3)
    {
      eqk_head_pseudoscalars (ctx);
      return x;
    }
  eqk_infer_problem (ctx, "E-MLP-ON-IRREP", "x", "type='%.200s'", eqk_rep_get_text (x->rep));
  eqk_infer_fix (ctx, eqk_rep_is_permutation (x->rep) ? EQK_N_("Pool over orientations") : EQK_N_("Take the length of each field"));
  eqk_fix_insert_before (ctx, "$", "x", eqk_rep_is_permutation (x->rep) ? "group_pool" : "norm_pool", "");
  if (eqk_fields_count (x->rep, eqk_field_is_trivial) > 0)
    {
      eqk_infer_fix (ctx, EQK_N_("Take the scalars alone"));
      eqk_fix_insert_before (ctx, "$", "x", "extract_scalars", "");
    }
  eqk_infer_lose (ctx, eqk_grid_rep_mask (ctx, x->rep, EQK_ACTS_TRIVIALLY), "E-MLP-ON-IRREP");
  return x;
}

/** The layer on the way up to the input that took the places of this kind away; NULL where none did. */
static inline const char *
eqk_head_pooled_by (const EqkInfer *ctx, EqkSpaceKind places)
{
  int node = eqk_infer_source_of (ctx, eqk_infer_node (ctx), "x", 0);

  while (node >= 0)
    {
      const EqkLayerType *layer = eqk_infer_layer_of (ctx, node);
      const int           before = layer->inputs == NULL || layer->inputs[0].name == NULL ? -1 : eqk_infer_source_of (ctx, node, layer->inputs[0].name, 0);
      const EqkPortType  *type = before < 0 ? NULL : eqk_infer_type_of (ctx, before, NULL);

      if (type == NULL || type->space.kind == places)
        break;
      node = before;
    }
  return node < 0 ? NULL : eqk_infer_id_of (ctx, node);
}

/** x with n invariants of a kind. */
static inline EqkPortType
eqk_head_output (const EqkPortType *x, int n, EqkKind kind)
{
  EqkPortType y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), n));

  y.kind = kind;
  return y;
}

/** A head of one affine map: `size` is the setting that counts its results, 0 where the invariants are the results already. */
static inline EqkStatus
eqk_linear_head_infer (EqkInfer *ctx, const char *size, EqkKind kind, EqkDiag *diag)
{
  const EqkPortType *x = eqk_head_input (ctx, kind, diag);
  EqkPortType        y;
  int                n;

  if (x == NULL)
    return EQK_ERR_TYPE;
  n = eqk_infer_int (ctx, size);
  y = eqk_head_output (x, n > 0 ? n : eqk_rep_get_dim (x->rep), kind);
  return eqk_infer_set_output (ctx, "y", &y);
}

static inline EqkStatus
eqk_linear_head_expand (EqkBuild *b, const char *size, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");

  if (eqk_build_int (b, size) == 0)
    return eqk_grid_done (b, eqk_build_x (b, "x"), diag);
  return eqk_grid_done (b, eqk_dense (b, "", eqk_build_x (b, "x"), x->space, eqk_rep_get_dim (x->rep), eqk_rep_get_dim (y->rep), true, diag), diag);
}

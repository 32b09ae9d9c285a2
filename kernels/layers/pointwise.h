#pragma once

/**
 * Point-wise activations: one function on every number. Exact where the group only permutes channels; an odd function also
 * where it changes signs. Everywhere else the promise is lost, and the ways out are offered. Static, header only: a layer's
 * file defines EQK_POINTWISE_ACT ("relu") before and the entry of the registry after.
 */

#include "layers/dense.h"
#include "layers/fields.h"

#include "eqk/graph.h"
#include "core/memory.h"

static inline int
eqk_pointwise_parity (void)
{
  return eqk_act_parity (eqk_act_find (EQK_POINTWISE_ACT));
}

/* Fields on which the activation does harm: those that are not permuted; an odd function spares signs. */
static inline bool
eqk_pointwise_harms (const EqkField *field)
{
  return !eqk_field_is_permutation (field) && !(eqk_field_get_dim (field) == 1 && eqk_pointwise_parity () < 0);
}

/* What an element may do to channels without being noticed. */
static inline EqkActsHow
eqk_pointwise_spares (void)
{
  return eqk_pointwise_parity () < 0 ? EQK_ACTS_BY_SIGNED_PERMUTATION : EQK_ACTS_BY_PERMUTATION;
}

/* Text of a gate with the same activation on scalars. */
static inline const char *
eqk_pointwise_gate (void)
{
  return strcmp (EQK_POINTWISE_ACT, "relu") == 0 ? "scalars=relu" : strcmp (EQK_POINTWISE_ACT, "elu") == 0 ? "scalars=elu"
         : strcmp (EQK_POINTWISE_ACT, "tanh") == 0 ? "scalars=tanh" : "scalars=silu";
}

/* "Replace by Gate": the layer that makes the fields also makes one scalar for each field that turns. */
static inline void
eqk_pointwise_fix_gate (EqkInfer *ctx, const EqkRep *rep)
{
  const char *param, *text = eqk_rep_get_text (rep);
  const int   decider = eqk_fields_decider (ctx, &param);
  const size_t size = strlen (text) + 64;
  char       *out = decider < 0 ? NULL : eqk_malloc (size);

  if (out == NULL)
    return;
  snprintf (out, size, "%s + %dx %s", text, eqk_fields_count (rep, eqk_field_is_not_trivial),
            eqk_field_get_name (eqk_group_trivial (eqk_rep_get_group (rep))));
  eqk_infer_fix (ctx, EQK_N_("Replace by Gate"));
  eqk_fix_set (ctx, eqk_infer_id_of (ctx, decider), param, out);
  eqk_fix_replace (ctx, "$", "gate", eqk_pointwise_gate ());
  free (out);
}

/* "Regular fields": about as many channels as before. */
static inline void
eqk_pointwise_fix_regular (EqkInfer *ctx, const EqkRep *rep)
{
  const EqkField *regular = eqk_group_regular (eqk_rep_get_group (rep));
  const char     *param;
  const int       decider = regular == NULL ? -1 : eqk_fields_decider (ctx, &param);
  char            out[64];
  int             n;

  if (decider < 0)
    return;
  n = eqk_rep_get_dim (rep) / eqk_field_get_dim (regular);
  snprintf (out, sizeof out, "%dx %s", n > 0 ? n : 1, eqk_field_get_name (regular));
  eqk_infer_fix (ctx, EQK_N_("Use regular fields"));
  eqk_fix_set (ctx, eqk_infer_id_of (ctx, decider), param, out);
}

static inline EqkStatus
eqk_pointwise_infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  char               type[300];

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->kind == EQK_KIND_POSITION)
    return eqk_infer_set_output (ctx, "y", x);
  eqk_fields_text (x->rep, eqk_field_bends, type, sizeof type);
  if (type[0] != '\0')
    {
      eqk_infer_problem (ctx, "E-RELU-ON-VECTOR", "x", "act='%s' type='%s'", eqk_infer_layer_of (ctx, eqk_infer_node (ctx))->title, type);
      eqk_pointwise_fix_gate (ctx, x->rep);
      eqk_infer_fix (ctx, EQK_N_("Replace by norm activation"));
      eqk_fix_replace (ctx, "$", "norm_act", "");
      eqk_pointwise_fix_regular (ctx, x->rep);
      eqk_infer_lose (ctx, eqk_fields_mask (x->rep, eqk_pointwise_spares ()), "E-RELU-ON-VECTOR");
    }
  else if (eqk_fields_count (x->rep, eqk_pointwise_harms) > 0)
    {
      const bool all_signs = eqk_fields_count (x->rep, eqk_field_is_sign) == eqk_rep_n_fields (x->rep);

      eqk_fields_text (x->rep, eqk_field_is_sign, type, sizeof type);
      eqk_infer_problem (ctx, "E-ODD-SCALAR-ACT", "x", "act='%s' irr='%s'", eqk_infer_layer_of (ctx, eqk_infer_node (ctx))->title, type);
      eqk_infer_fix (ctx, EQK_N_("Use tanh"));
      eqk_fix_replace (ctx, "$", "tanh_pw", "");
      if (all_signs)
        {
          eqk_infer_fix (ctx, EQK_N_("Use concatenated ReLU"));
          eqk_fix_replace (ctx, "$", "crelu_concat", "");
        }
      eqk_infer_lose (ctx, eqk_fields_mask (x->rep, eqk_pointwise_spares ()), "E-ODD-SCALAR-ACT");
    }
  return eqk_infer_set_output (ctx, "y", x);
}

static inline EqkStatus
eqk_pointwise_expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  const int          out = eqk_dense_act (b, EQK_POINTWISE_ACT, eqk_build_x (b, "x"), y->space, eqk_rep_get_dim (y->rep), 1, diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen eqk_pointwise_specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 2x reg" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 5x5 1x reg + 1x D4/C4 + 2x triv" }, .settings = "" },
  { .group = "SO2", .inputs = { "sample 6x triv" }, .settings = "" },
  { .group = "C2", .inputs = { "grid 5x5 2x f1 + 1x triv" }, .settings = "" },
  { .group = "C8", .inputs = { "grid 5x5 2x f1" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "" },
  { .group = NULL }
};

#define EQK_POINTWISE_ENTRY                                                                                            \
  .category = EQK_N_("Non-linearity"), .domains = "any", .inputs = eqk_fields_in, .outputs = eqk_fields_out,           \
  .infer = eqk_pointwise_infer, .expand = eqk_pointwise_expand, .specimens = eqk_pointwise_specimens

#pragma once

/** What the batch normalisations share: settings, expansion, the finding about small batches. Static, header only. */

#include "layers/fields.h"

#define EQK_BATCH_NORM_PARAMS                                                                                                              \
  { "momentum", EQK_N_("Momentum"), EQK_PARAM_REAL, "0.1", 0.001, 1, NULL, EQK_N_("Share of the present batch in the running statistics") }, \
  { "eps", EQK_N_("ε"), EQK_PARAM_REAL, "1e-5", 1e-12, 1, NULL, EQK_N_("Added to the variance") },                                          \
  { "affine", EQK_N_("Learned scale and offset"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("One scale for each field and one offset for each invariant part") }

/** The normalisation that suits a representation. */
static inline const char *
eqk_norm_for (const EqkRep *rep)
{
  if (eqk_rep_is_permutation (rep))
    return "inner_bn";
  return eqk_group_get_space_dim (eqk_rep_get_group (rep)) == 3 && eqk_layer_find ("e3_bn") != NULL ? "e3_bn" : "iid_bn";
}

static inline void
eqk_norm_fix (EqkInfer *ctx, const EqkRep *rep)
{
  const char *id = eqk_norm_for (rep);

  eqk_infer_fix (ctx, strcmp (id, "inner_bn") == 0 ? EQK_N_("Use the inner batch norm") : strcmp (id, "iid_bn") == 0 ? EQK_N_("Use the IID batch norm")
                                                                                         : EQK_N_("Use the batch norm of irreps"));
  eqk_fix_replace (ctx, "$", id, "");
  if (eqk_rep_n_trivial (rep) == 0)
    {
      eqk_infer_fix (ctx, EQK_N_("Use the norm batch norm"));
      eqk_fix_replace (ctx, "$", "norm_bn", "");
    }
}

/** Type as it comes; elements that act on a field in another way than `how` are lost, said by the problem `code` with a fix. */
static inline EqkStatus
eqk_batch_norm_infer (EqkInfer *ctx, EqkActsHow how, const char *code, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->kind != EQK_KIND_POSITION && !(how == EQK_ACTS_TRIVIALLY ? eqk_rep_is_trivial (x->rep) : eqk_rep_is_permutation (x->rep)))
    {
      char type[300];

      eqk_fields_text (x->rep, how == EQK_ACTS_TRIVIALLY ? eqk_field_is_not_trivial : eqk_field_is_not_permutation, type, sizeof type);
      eqk_infer_problem (ctx, code, "x", "type='%s'", type);
      eqk_norm_fix (ctx, x->rep);
      eqk_infer_lose (ctx, eqk_fields_mask (x->rep, how), code);
    }
  return eqk_infer_set_output (ctx, "y", x);
}

static inline void
eqk_batch_norm_lint (EqkInfer *ctx)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const double       batch = eqk_infer_fact (ctx, "batch", 0);

  if (batch <= 0 || batch >= 8)
    return;
  eqk_infer_problem (ctx, "I-BN-SMALL-BATCH", NULL, "batch=%g", batch);
  if (x->space.kind == EQK_SPACE_GRID || x->space.kind == EQK_SPACE_NODES)
    {
      eqk_infer_fix (ctx, EQK_N_("Use statistics of each sample"));
      eqk_fix_replace (ctx, "$", "instance_norm", "");
    }
}

/** like: how variances are taken; layout, momentum and ε are filled in here. */
static inline EqkStatus
eqk_batch_norm_expand_like (EqkBuild *b, EqkColumns columns, const EqkBatchNormParams *like, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  EqkBatchNormParams p = *like;
  const bool         affine = eqk_build_bool (b, "affine");
  int                in[5], out = eqk_build_value (b, y->space, eqk_rep_get_dim (y->rep));

  p.momentum = eqk_build_real (b, "momentum");
  p.eps = eqk_build_real (b, "eps");
  if (out < 0 || !eqk_layout_build (b, y->rep, columns, &p.layout))
    return EQK_ERR_NO_MEMORY;
  in[0] = eqk_build_x (b, "x");
  in[1] = affine ? eqk_fields_weight (b, "weight", p.layout.n_fields, 1) : -1;
  in[2] = affine ? eqk_fields_weight (b, "bias", p.layout.n_means, 0) : -1;
  in[3] = p.layout.n_means == 0 ? -1 : eqk_build_state (b, "running_mean", &p.layout.n_means, 1, (EqkInit) { EQK_INIT_ZEROS, 0, NULL });
  in[4] = eqk_build_state (b, "running_var", &p.layout.n_fields, 1, (EqkInit) { EQK_INIT_ONES, 1, NULL });
  if (in[4] < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, p.peak ? "batch_norm_peak" : "batch_norm", in, 5, &out, 1, &p, sizeof p, diag);
}

static inline EqkStatus
eqk_batch_norm_expand (EqkBuild *b, EqkColumns columns, EqkNormMode mode, EqkDiag *diag)
{
  return eqk_batch_norm_expand_like (b, columns, &(EqkBatchNormParams) { .mode = mode }, diag);
}

#pragma once

/** What the pools of sets and of graphs share: the type of the whole, and what each way of pooling loses. Static, header only. */

#include "layers/nodes.h"

/** x with one row a sample, as the output "y". */
static inline EqkStatus
eqk_set_pool_whole (EqkInfer *ctx, const EqkPortType *x)
{
  EqkPortType y = *x;

  y.space = eqk_of_samples;
  return eqk_infer_set_output (ctx, "y", &y);
}

/** The largest of components depends on the frame: where x is no invariant, a finding and the loss, with the way of pooling that mends it. */
static inline void
eqk_set_pool_check (EqkInfer *ctx, const EqkPortType *x, const char *better)
{
  const char *pool = eqk_infer_text (ctx, "pool");

  if ((strcmp (pool, "max") != 0 && strcmp (pool, "softmax") != 0) || eqk_rep_is_trivial (x->rep))
    return;
  eqk_infer_problem (ctx, "E-MAX-IRREP", "x", "ir='%.200s'", eqk_rep_get_text (x->rep));
  eqk_infer_fix (ctx, strcmp (better, "mean") == 0 ? EQK_N_("Use the mean") : EQK_N_("Use the sum"));
  eqk_fix_set (ctx, "$", "pool", better);
  eqk_infer_lose (ctx, eqk_fields_mask (x->rep, EQK_ACTS_TRIVIALLY), "E-MAX-IRREP");
}

/** A pool whose weights add up to one. */
static inline void
eqk_attention_pool_lint (EqkInfer *ctx)
{
  eqk_infer_problem (ctx, "I-ATTENTION-COUNT", "x", NULL);
}

/** Each way loses something; the other way does not lose the same. */
static inline void
eqk_set_pool_lint (EqkInfer *ctx)
{
  const char *pool = eqk_infer_text (ctx, "pool");
  const bool  mean = strcmp (pool, "mean") == 0;

  if (strcmp (pool, "softmax") == 0)
    eqk_attention_pool_lint (ctx);
  if (!mean && strcmp (pool, "sum") != 0)
    return;
  if (eqk_infer_input (ctx, "x")->kind == EQK_KIND_ENERGY)
    {
      if (mean)
        {
          eqk_infer_problem (ctx, "W-ENERGY-MEAN", "x", NULL);
          eqk_infer_fix (ctx, EQK_N_("Use the sum"));
          eqk_fix_set (ctx, "$", "pool", "sum");
        }
      return;
    }
  eqk_infer_problem (ctx, mean ? "I-MEAN-COUNT" : "I-SUM-SIZE", "x", NULL);
  eqk_infer_fix (ctx, mean ? EQK_N_("Use the sum") : EQK_N_("Use the mean"));
  eqk_fix_set (ctx, "$", "pool", mean ? "sum" : "mean");
}

/** The pool of the setting "pool": a value of samples, or -1. */
static inline int
eqk_set_pool_expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_nodes_pool (b, eqk_build_x (b, "x"), eqk_of_samples, eqk_rep_get_dim (eqk_build_in (b, "x")->rep), eqk_build_text (b, "pool"), diag);
}

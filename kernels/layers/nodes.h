#pragma once

/** What layers on the elements of a set share: their input, and rows of a sample against rows of its elements. Static, header only. */

#include "layers/dense.h"
#include "layers/fields.h"

#include "ops/ragged.h"

#define EQK_NODES_UNUSED __attribute__ ((unused))

/** Invariant numbers of each element at port "x"; NULL with diag filled when it carries something else. */
static inline const EqkPortType *
eqk_nodes_input (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");

  if (x->space.kind == EQK_SPACE_NODES && x->kind == EQK_KIND_FEATURE && eqk_rep_is_trivial (x->rep))
    return x;
  eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars of nodes",
                     x->space.kind == EQK_SPACE_NODES && x->kind != EQK_KIND_FEATURE ? eqk_kind_name (x->kind) : eqk_rep_get_text (x->rep));
  return NULL;
}

/** Elements belong to sets and to clouds of points. */
static bool EQK_NODES_UNUSED
eqk_nodes_admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (symmetry->permutations != EQK_PERMUTE_NONE || eqk_group_get_space_dim (symmetry->group) == 3)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("Elements of a set need permutations, or points in space."));
  return false;
}

/** Sum or mean of the rows x [nodes, width] of each sample: a value [samples, width], or -1. */
static inline int
eqk_nodes_pool (EqkBuild *b, int x, int width, bool mean, EqkDiag *diag)
{
  const EqkSegmentParams p = { mean };
  const int              out = eqk_build_value (b, (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 }, width);

  return x < 0 || out < 0 || eqk_build_op (b, "segment_sum", &x, 1, &out, 1, &p, sizeof p, diag) != EQK_OK ? -1 : out;
}

/** The row of each sample given to all its elements: a value [nodes, width], or -1. */
static inline int
eqk_nodes_spread (EqkBuild *b, int x, EqkSpace nodes, int width, EqkDiag *diag)
{
  const EqkSegmentParams p = { 0 };
  const int              out = eqk_build_value (b, nodes, width);

  return x < 0 || out < 0 || eqk_build_op (b, "segment_spread", &x, 1, &out, 1, &p, sizeof p, diag) != EQK_OK ? -1 : out;
}

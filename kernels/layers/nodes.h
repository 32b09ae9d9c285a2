#pragma once

/** What layers on the elements of a set share: their input, and rows of a sample against rows of its elements. Static, header only. */

#include "layers/dense.h"
#include "layers/fields.h"

#include "ops/ragged.h"

#include <stdlib.h>

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

/** The ways to put rows together, as a choice setting offers them. */
#define EQK_POOL_CHOICES "sum|mean|max|logsumexp"

/** Nodes pooled into their sample, or edges into the node they lead to (`to` says which): a value of `to`'s rows, or -1. */
static inline int
eqk_nodes_pool (EqkBuild *b, int x, EqkSpace to, int width, const char *pool, EqkDiag *diag)
{
  const EqkSegmentParams p = { strcmp (pool, "mean") == 0, to.kind == EQK_SPACE_SAMPLE ? EQK_OVER_SAMPLES : EQK_OVER_TARGETS };
  const char            *op = strcmp (pool, "max") == 0 ? "segment_max" : strcmp (pool, "logsumexp") == 0 ? "segment_lse" : "segment_sum";
  const int              out = eqk_build_value (b, to, width);

  return x < 0 || out < 0 || eqk_build_op (b, op, &x, 1, &out, 1, &p, sizeof p, diag) != EQK_OK ? -1 : out;
}

/** The row of each sample given to all its nodes, or that of a node to the edges that lead to it: a value of `to`'s rows, or -1. */
static inline int
eqk_nodes_spread (EqkBuild *b, int x, EqkSpace to, int width, EqkDiag *diag)
{
  const EqkSegmentParams p = { 0, to.kind == EQK_SPACE_NODES ? EQK_OVER_SAMPLES : EQK_OVER_TARGETS };
  const int              out = eqk_build_value (b, to, width);

  return x < 0 || out < 0 || eqk_build_op (b, "segment_spread", &x, 1, &out, 1, &p, sizeof p, diag) != EQK_OK ? -1 : out;
}

/** One operation on rows of one space: a value of `width`, or -1. */
static inline int
eqk_rows_op (EqkBuild *b, const char *op, const int *in, int n_in, EqkSpace space, int width, const void *params, size_t size, EqkDiag *diag)
{
  const int out = eqk_build_value (b, space, width);

  for (int k = 0; k < n_in; k++)
    if (in[k] < 0 && k == 0)
      return -1;
  return out < 0 || eqk_build_op (b, op, in, n_in, &out, 1, params, size, diag) != EQK_OK ? -1 : out;
}

/** a + b, or -1. */
static inline int
eqk_rows_add (EqkBuild *b, int x, int y, EqkSpace space, int width, EqkDiag *diag)
{
  const int in[2] = { x, y };

  return x < 0 || y < 0 ? -1 : eqk_rows_op (b, "add", in, 2, space, width, NULL, 0, diag);
}

static const EqkSpace eqk_of_samples EQK_NODES_UNUSED = { EQK_SPACE_SAMPLE, 0, 0, 0 };

/** x with a part p of its numbers dropped in training; x itself for p = 0. */
static inline int
eqk_rows_drop (EqkBuild *b, int x, EqkSpace space, int width, double p, EqkDiag *diag)
{
  int32_t         *first = p > 0 ? malloc (((size_t) width + 1) * sizeof *first) : NULL;
  EqkDropoutParams params = { width, width, NULL, p, 1 };

  if (p <= 0)
    return x;
  for (int i = 0; first != NULL && i <= width; i++)
    first[i] = i;
  params.first = first == NULL ? NULL : eqk_build_keep (b, first, ((size_t) width + 1) * sizeof *first);
  free (first);
  return params.first == NULL ? -1 : eqk_rows_op (b, "dropout", &x, 1, space, width, &params, sizeof params, diag);
}

/** What a small network of rows is like. */
typedef struct
{
  const char *act;
  bool        end;            /**< the activation after the last layer too */
  double      dropout;        /**< between the layers */
} EqkMlpForm;

/** Layers named "<name><i>" of the widths: a value, or -1. *width is that of x and then of the result. */
static inline int
eqk_mlp (EqkBuild *b, const char *name, int x, EqkSpace space, int *width, const int *widths, int n, const EqkMlpForm *form, EqkDiag *diag)
{
  char layer[32];

  for (int i = 0; i < n && x >= 0; i++)
    {
      snprintf (layer, sizeof layer, "%.20s%d", name, i);
      x = eqk_dense (b, layer, x, space, *width, widths[i], true, diag);
      *width = widths[i];
      if (x >= 0 && (i + 1 < n || form->end))
        x = eqk_dense_act (b, form->act, x, space, *width, 1, diag);
      if (x >= 0 && i + 1 < n)
        x = eqk_rows_drop (b, x, space, *width, form->dropout, diag);
    }
  return x;
}

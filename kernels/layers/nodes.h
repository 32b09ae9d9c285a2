#pragma once

/** What layers on the elements of a set share: their input, and rows of a sample against rows of its elements. Static, header only. */

#include "layers/dense.h"
#include "layers/fields.h"

#include "ops/plane.h"
#include "ops/ragged.h"
#include "core/memory.h"

#include <stdlib.h>

#define EQK_NODES_UNUSED __attribute__ ((unused))

static const EqkPort eqk_nodes_in[] EQK_NODES_UNUSED = { { .name = "x", .doc = EQK_N_("Scalars of each node") }, { .name = NULL } };
static const EqkPort eqk_nodes_whole_out[] EQK_NODES_UNUSED = { { .name = "y", .doc = EQK_N_("Scalars of the whole graph or set") }, { .name = NULL } };

/** The setting for what stands between the layers of a small network. */
#define EQK_MLP_ACT(doc) { "act", EQK_N_("Activation"), EQK_PARAM_CHOICE, "relu", 0, 0, EQK_ACT_CHOICES, doc }

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
  int32_t         *first = p > 0 ? eqk_malloc (((size_t) width + 1) * sizeof *first) : NULL;
  EqkDropoutParams params = { width, width, NULL, p, EQK_DROP_NUMBERS };

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
  bool        norm;           /**< batch norm between a layer and its activation, "<name><i>.norm" */
} EqkMlpForm;

/** Batch norm of every channel for itself, with weights "<name>.weight" …: a value, or -1. */
static inline int
eqk_rows_batch_norm (EqkBuild *b, const char *name, int x, EqkSpace space, int width, EqkDiag *diag)
{
  EqkBatchNormParams p = { .mode = EQK_NORM_TIED, .momentum = 0.1, .eps = 1e-5 };
  char               part[4][48];
  static const char *const parts[4] = { "weight", "bias", "running_mean", "running_var" };
  int                in[5];

  for (int i = 0; i < 4; i++)
    snprintf (part[i], sizeof part[i], "%.30s.%s", name, parts[i]);
  if (!eqk_layout_build (b, eqk_rep_single (eqk_group_trivial (eqk_build_symmetry (b)->group), width), EQK_COLUMNS_CHANNELS, &p.layout))
    return -1;
  in[0] = x;
  in[1] = eqk_build_weight (b, part[0], &width, 1, (EqkInit) { EQK_INIT_ONES, 0, NULL });
  in[2] = eqk_build_weight (b, part[1], &width, 1, (EqkInit) { EQK_INIT_ZEROS, 0, NULL });
  in[3] = eqk_build_state (b, part[2], &width, 1, (EqkInit) { EQK_INIT_ZEROS, 0, NULL });
  in[4] = eqk_build_state (b, part[3], &width, 1, (EqkInit) { EQK_INIT_ONES, 0, NULL });
  return in[1] < 0 || in[2] < 0 || in[3] < 0 || in[4] < 0 ? -1 : eqk_rows_op (b, "batch_norm", in, 5, space, width, &p, sizeof p, diag);
}

/** Layers named "<name><i>" of the widths: a value, or -1. *width is that of x and then of the result. */
static inline int
eqk_mlp (EqkBuild *b, const char *name, int x, EqkSpace space, int *width, const int *widths, int n, const EqkMlpForm *form, EqkDiag *diag)
{
  char layer[48];

  for (int i = 0; i < n && x >= 0; i++)
    {
      snprintf (layer, sizeof layer, "%.20s%d", name, i);
      x = eqk_dense (b, layer, x, space, *width, widths[i], true, diag);
      *width = widths[i];
      if (x >= 0 && form->norm && (i + 1 < n || form->end))
        {
          snprintf (layer, sizeof layer, "%.20s%d.norm", name, i);
          x = eqk_rows_batch_norm (b, layer, x, space, *width, diag);
        }
      if (x >= 0 && (i + 1 < n || form->end))
        x = eqk_dense_act (b, form->act, x, space, *width, 1, diag);
      if (x >= 0 && i + 1 < n)
        x = eqk_rows_drop (b, x, space, *width, form->dropout, diag);
    }
  return x;
}

/** Values of one space side by side: a value, or -1. */
static inline int
eqk_rows_concat (EqkBuild *b, const int *x, const int *widths, int n, EqkSpace space, EqkDiag *diag)
{
  int32_t         width[8];
  int             whole = 0;
  EqkConcatParams p = { n, NULL };

  for (int i = 0; i < n; i++)
    {
      width[i] = widths[i];
      whole += widths[i];
      if (x[i] < 0)
        return -1;
    }
  p.width = eqk_build_keep (b, width, (size_t) n * sizeof *width);
  return p.width == NULL ? -1 : eqk_rows_op (b, "concat", x, n, space, whole, &p, sizeof p, diag);
}

/** Channels [first, first + n) of each row: a value, or -1. */
static inline int
eqk_rows_slice (EqkBuild *b, int x, EqkSpace space, int width, int first, int n, EqkDiag *diag)
{
  const EqkSliceParams p = { width, first, n };

  return x < 0 ? -1 : eqk_rows_op (b, "slice", &x, 1, space, n, &p, sizeof p, diag);
}

/** Channels map[0 … n_out - 1] of each row of n, each at most once: a value, or -1. */
static inline int
eqk_rows_take (EqkBuild *b, int x, EqkSpace space, int n, const int32_t *map, int n_out, EqkDiag *diag)
{
  int32_t      *back = eqk_malloc (((size_t) n + 1) * sizeof *back);
  EqkTakeParams p = { .n_in = n, .n_out = n_out };

  for (int i = 0; back != NULL && i < n; i++)
    back[i] = -1;
  for (int i = 0; back != NULL && i < n_out; i++)
    back[map[i]] = i;
  p.map = eqk_build_keep (b, map, (size_t) n_out * sizeof *map);
  p.back = back == NULL ? NULL : eqk_build_keep (b, back, (size_t) n * sizeof *back);
  free (back);
  return p.map == NULL || p.back == NULL || x < 0 ? -1 : eqk_rows_op (b, "take_channels", &x, 1, space, n_out, &p, sizeof p, diag);
}

/** x times s, where a number of s counts for width / heads channels of x: a value, or -1. */
static inline int
eqk_rows_mul (EqkBuild *b, int x, int s, EqkSpace space, int width, int heads, EqkDiag *diag)
{
  EqkMulScalarParams p = { width, heads, NULL };
  int32_t           *of = eqk_malloc (((size_t) width + 1) * sizeof *of);
  const int          in[2] = { x, s };

  for (int k = 0; of != NULL && k < width; k++)
    of[k] = k / (width / heads);
  p.of = of == NULL ? NULL : eqk_build_keep (b, of, (size_t) width * sizeof *of);
  free (of);
  return p.of == NULL || x < 0 || s < 0 ? -1 : eqk_rows_op (b, "mul_scalar", in, 2, space, width, &p, sizeof p, diag);
}

static inline int
eqk_rows_scale (EqkBuild *b, int x, EqkSpace space, int width, double factor, EqkDiag *diag)
{
  const EqkScaleParams p = { factor };

  return x < 0 ? -1 : eqk_rows_op (b, "scale", &x, 1, space, width, &p, sizeof p, diag);
}

/** One row, a weight or a constant, for every row of the space: a value, or -1. */
static inline int
eqk_rows_tile (EqkBuild *b, int row, EqkSpace space, int width, EqkDiag *diag)
{
  const EqkGlobalPoolParams p = { 1, width };

  return row < 0 ? -1 : eqk_rows_op (b, "tile", &row, 1, space, width, &p, sizeof p, diag);
}

/** The same number everywhere: a value, or -1. */
static inline int
eqk_rows_constant (EqkBuild *b, EqkSpace space, int width, double number, EqkDiag *diag)
{
  double *row = eqk_malloc ((size_t) width * sizeof *row);
  int     value;

  for (int k = 0; row != NULL && k < width; k++)
    row[k] = number;
  value = row == NULL ? -1 : eqk_build_const (b, row, (size_t) width);
  free (row);
  return eqk_rows_tile (b, value, space, width, diag);
}

/** x with a learned offset for each channel: a value, or -1. */
static inline int
eqk_rows_bias (EqkBuild *b, const char *name, int x, EqkSpace space, int width, EqkDiag *diag)
{
  const int bias = eqk_build_weight (b, name, &width, 1, (EqkInit) { EQK_INIT_ZEROS, 0, NULL });

  return eqk_rows_add (b, x, eqk_rows_tile (b, bias, space, width, diag), space, width, diag);
}

#pragma once

/** What layers of attention on sets share: the attention block, its settings, its checks. Static, header only. */

#include "layers/nodes.h"

#include "ops/plane.h"

#define EQK_ATTENDING_PARAMS                                                                                                                                \
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "128", 1, 4096, NULL, EQK_N_("Numbers of each element inside and after the block; a multiple of the heads") }, \
  { "heads", EQK_N_("Heads"), EQK_PARAM_INT, "4", 1, 64, NULL, EQK_N_("Separate attentions, on contiguous blocks of the channels") },                          \
  { "form", EQK_N_("Form"), EQK_PARAM_CHOICE, "usual", 0, 0, "usual|original",                                                                               \
    EQK_N_("usual: an output projection, scores over the root of a head's width, residual on the input; original: as in the authors' code") },               \
  { "norm", EQK_N_("Layer norms"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("After the attention and after the feed-forward part") }

/** A learned row of numbers for each of m places, the same in every sample: a value of m rows a sample, or -1. */
static inline int
eqk_seeds (EqkBuild *b, const char *name, int m, int width, EqkSpace space, EqkDiag *diag)
{
  const int                 shape[2] = { m, width };
  const EqkGlobalPoolParams p = { m, width };
  const int                 w = eqk_build_weight (b, name, shape, 2, (EqkInit) { EQK_INIT_UNIFORM, sqrt (6.0 / (m + width)), NULL });

  return eqk_rows_op (b, "tile", &w, 1, space, width, &p, sizeof p, diag);
}

/** m rows a sample; for m = 1 the row of the sample. */
static inline EqkSpace
eqk_seed_space (int m)
{
  return m == 1 ? eqk_of_samples : (EqkSpace) { EQK_SPACE_GRID, m, 1, 0 };
}

/** Layer norm with weights "<name>.weight", "<name>.bias": a value, or -1. */
static inline int
eqk_row_norm (EqkBuild *b, const char *name, int x, EqkSpace space, int width, bool affine, double eps, EqkDiag *diag)
{
  const EqkRowNormParams p = { eps };
  char                   weight[48], bias[48];
  int                    in[3] = { x, -1, -1 };

  snprintf (weight, sizeof weight, "%.30s%sweight", name, name[0] == '\0' ? "" : ".");
  snprintf (bias, sizeof bias, "%.30s%sbias", name, name[0] == '\0' ? "" : ".");
  if (affine)
    {
      in[1] = eqk_build_weight (b, weight, &width, 1, (EqkInit) { EQK_INIT_ONES, 0, NULL });
      in[2] = eqk_build_weight (b, bias, &width, 1, (EqkInit) { EQK_INIT_ZEROS, 0, NULL });
      if (in[1] < 0 || in[2] < 0)
        return -1;
    }
  return eqk_rows_op (b, "row_norm", in, 3, space, width, &p, sizeof p, diag);
}

/**
 * MAB(X, Y): H = LN (R + Att (X, Y, Y)), y = LN (H + ReLU (W H + b)), where R is X (usual) or the projected query (original). x has cx
 * channels in space xs, y has cy in ys; the result has those of the setting "channels" in xs. Weights "<name>q.weight" …
 */
static inline int
eqk_mab (EqkBuild *b, const char *name, int x, EqkSpace xs, int cx, int y, EqkSpace ys, int cy, EqkDiag *diag)
{
  const int          c = eqk_build_int (b, "channels"), heads = eqk_build_int (b, "heads");
  const bool         original = strcmp (eqk_build_text (b, "form"), "original") == 0, norm = eqk_build_bool (b, "norm");
  EqkAttentionParams p = { heads, 1 / sqrt ((double) (original ? c : c / heads)) };
  char               part[32];
  int                in[3], h, f;

#define EQK_PART(what) (snprintf (part, sizeof part, "%.20s" what, name), part)
  in[0] = x < 0 ? -1 : eqk_dense (b, EQK_PART ("q"), x, xs, cx, c, true, diag);
  in[1] = y < 0 ? -1 : eqk_dense (b, EQK_PART ("k"), y, ys, cy, c, true, diag);
  in[2] = y < 0 ? -1 : eqk_dense (b, EQK_PART ("v"), y, ys, cy, c, true, diag);
  if (in[0] < 0 || in[1] < 0 || in[2] < 0)
    return -1;
  h = eqk_rows_op (b, "attention", in, 3, xs, c, &p, sizeof p, diag);
  if (!original && h >= 0)
    h = eqk_dense (b, EQK_PART ("out"), h, xs, c, c, true, diag);
  h = eqk_rows_add (b, original ? in[0] : x, h, xs, c, diag);
  if (norm && h >= 0)
    h = eqk_row_norm (b, EQK_PART ("norm0"), h, xs, c, true, 1e-5, diag);
  f = h < 0 ? h : eqk_dense (b, EQK_PART ("ff"), h, xs, c, c, true, diag);
  f = f < 0 ? f : eqk_dense_act (b, "relu", f, xs, c, 1, diag);
  h = eqk_rows_add (b, h, f, xs, c, diag);
  if (norm && h >= 0)
    h = eqk_row_norm (b, EQK_PART ("norm1"), h, xs, c, true, 1e-5, diag);
#undef EQK_PART
  return h;
}

/** The settings fit each other, and the usual form's residual the width of x. `x` is NULL where the query is learned. */
static inline EqkStatus
eqk_attending_check (EqkInfer *ctx, const EqkPortType *x, EqkDiag *diag)
{
  const int c = eqk_infer_int (ctx, "channels"), heads = eqk_infer_int (ctx, "heads");
  char      expected[48], found[48];

  if (c % heads != 0)
    {
      snprintf (expected, sizeof expected, "a multiple of %d heads", heads);
      snprintf (found, sizeof found, "%d", c);
      return eqk_fail_expected (diag, EQK_ERR_SHAPE, "channels", expected, found);
    }
  if (x != NULL && strcmp (eqk_infer_text (ctx, "form"), "usual") == 0 && eqk_rep_get_dim (x->rep) != c)
    {
      snprintf (expected, sizeof expected, "%d channels, as the block has", c);
      snprintf (found, sizeof found, "%d; put an element MLP before it", eqk_rep_get_dim (x->rep));
      return eqk_fail_expected (diag, EQK_ERR_SHAPE, "x", expected, found);
    }
  return EQK_OK;
}

static inline EqkPortType
eqk_attending_type (EqkInfer *ctx, const EqkPortType *x)
{
  return eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_infer_int (ctx, "channels")));
}

static const EqkPort eqk_attending_in[] EQK_NODES_UNUSED = { { .name = "x", .doc = EQK_N_("Scalars of each element") }, { .name = NULL } };
static const EqkPort eqk_attending_out[] EQK_NODES_UNUSED = { { .name = "y", .doc = EQK_N_("Scalars of each element, with what it saw of the others") }, { .name = NULL } };

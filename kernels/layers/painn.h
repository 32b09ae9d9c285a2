#pragma once

/** What PaiNN's two layers share: scalars and as many arrows, and pieces of rows. Static, header only. */

#include "layers/dense.h"
#include "layers/irreps.h"
#include "ops/plane.h"
#include "core/memory.h"

#include <stdlib.h>

/** Channels [first, first + n) of rows of `width`. */
static inline int
eqk_painn_slice (EqkBuild *b, int x, EqkSpace space, int width, int first, int n, EqkDiag *diag)
{
  const EqkSliceParams p = { width, first, n };
  const int            out = eqk_build_value (b, space, n);

  return x < 0 || out < 0 || eqk_build_op (b, "slice", &x, 1, &out, 1, &p, sizeof p, diag) != EQK_OK ? -1 : out;
}

static inline int
eqk_painn_concat (EqkBuild *b, const int *x, const int32_t *widths, int n, EqkSpace space, EqkDiag *diag)
{
  const EqkConcatParams p = { n, eqk_build_keep (b, widths, (size_t) n * sizeof *widths) };
  int                   width = 0, out;

  for (int i = 0; i < n; i++)
    {
      width += widths[i];
      if (x[i] < 0)
        return -1;
    }
  out = eqk_build_value (b, space, width);
  return p.width == NULL || out < 0 || eqk_build_op (b, "concat", x, n, &out, 1, &p, sizeof p, diag) != EQK_OK ? -1 : out;
}

static inline int
eqk_painn_add (EqkBuild *b, int x, int y, EqkSpace space, int width, EqkDiag *diag)
{
  const int in[2] = { x, y }, out = eqk_build_value (b, space, width);

  return x < 0 || y < 0 || out < 0 || eqk_build_op (b, "add", in, 2, &out, 1, NULL, 0, diag) != EQK_OK ? -1 : out;
}

/** y[u][m] = s[u] x[u][m] for n copies of dim components; with one scalar for all when n_scalars is 1. */
static inline int
eqk_painn_times (EqkBuild *b, int x, int s, EqkSpace space, int n, int dim, int n_scalars, EqkDiag *diag)
{
  const int          in[2] = { x, s }, width = n * dim, out = eqk_build_value (b, space, width);
  int32_t           *of = eqk_malloc ((size_t) width * sizeof *of);
  EqkMulScalarParams p = { width, n_scalars, NULL };

  for (int c = 0; of != NULL && c < width; c++)
    of[c] = n_scalars == 1 ? 0 : c / dim;
  p.of = of == NULL ? NULL : eqk_build_keep (b, of, (size_t) width * sizeof *of);
  free (of);
  return x < 0 || s < 0 || out < 0 || p.of == NULL || eqk_build_op (b, "mul_scalar", in, 2, &out, 1, &p, sizeof p, diag) != EQK_OK ? -1 : out;
}

/** "C x0e + C x1o", or "C x0e" alone where arrows may be missing. @return C, or 0 with diag filled */
static inline int
eqk_painn_copies (const EqkPortType *x, bool arrows, EqkDiag *diag)
{
  const EqkRep *rep = x->rep;
  const int     n_runs = eqk_rep_n_runs (rep);
  const bool    first = n_runs > 0 && eqk_field_is_trivial (eqk_rep_run (rep, 0).field);
  const bool    second = n_runs == 2 && eqk_field_get_dim (eqk_rep_run (rep, 1).field) == 3 && eqk_field_irrep_j (eqk_rep_run (rep, 1).field) == !eqk_group_is_connected (eqk_rep_get_group (rep)) &&
                         eqk_rep_run (rep, 1).mul == eqk_rep_run (rep, 0).mul;

  if (x->space.kind == EQK_SPACE_NODES && x->kind == EQK_KIND_FEATURE && first && (second || (n_runs == 1 && !arrows)))
    return eqk_rep_run (rep, 0).mul;
  eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars and as many arrows, such as 64x0e + 64x1o", eqk_rep_get_text (rep));
  return 0;
}

/** C scalars and C arrows. */
static inline const EqkRep *
eqk_painn_rep (const EqkGroup *group, int copies)
{
  const EqkRepRun runs[2] = { { eqk_group_trivial (group), copies }, { eqk_group_irrep_by_id (group, eqk_group_is_connected (group) ? 0 : 1, 1), copies } };

  return eqk_rep_from_runs (group, runs, 2);
}

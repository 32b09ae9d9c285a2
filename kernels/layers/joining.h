#pragma once

/** What concat and skip_unet share: channels of several branches side by side. */

#include "layers/grids.h"
#include "core/memory.h"

/** Type of n branches joined; the i-th is given by `get`. */
static inline EqkStatus
eqk_join_types (EqkInfer *ctx, const EqkPortType *const *x, int n, EqkPortType *y, EqkDiag *diag)
{
  const EqkRep **reps = eqk_malloc ((size_t) n * sizeof *reps);

  if (reps == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int i = 0; i < n; i++)
    {
      if (x[i]->kind == EQK_KIND_SPECIES || x[i]->kind == EQK_KIND_EDGES || x[i]->symmetry.group != x[0]->symmetry.group)
        {
          free (reps);
          if (x[i]->symmetry.group == x[0]->symmetry.group)
            return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "numbers", eqk_kind_name (x[i]->kind));
          eqk_infer_problem (ctx, "E-GROUP-MISMATCH", NULL, "G='%s' H='%s'", eqk_group_get_notation (x[0]->symmetry.group), eqk_group_get_notation (x[i]->symmetry.group));
          eqk_fix_restrict (ctx);
          return eqk_fail (diag, EQK_ERR_GROUP, "concat");
        }
      if (x[i]->kind == EQK_KIND_POSITION)
        {
          eqk_infer_problem (ctx, "E-COORD-AS-FEATURE", NULL, NULL);
          eqk_infer_lose (ctx, 0, "E-COORD-AS-FEATURE");
        }
      reps[i] = x[i]->rep;
    }
  *y = eqk_port_with_rep (x[0], eqk_rep_concat (reps, n));
  y->kind = EQK_KIND_FEATURE;
  free (reps);
  return y->rep == NULL ? eqk_fail (diag, EQK_ERR_LIMIT, "more channels than a type can hold") : EQK_OK;
}

static inline EqkStatus
eqk_join_expand (EqkBuild *b, const int *values, const int32_t *widths, int n, EqkDiag *diag)
{
  const EqkPortType    *y = eqk_build_out (b, "y");
  const EqkConcatParams p = { n, eqk_build_keep (b, widths, (size_t) n * sizeof *widths) };
  int                   out = eqk_build_value (b, y->space, eqk_rep_get_dim (y->rep));

  if (p.width == NULL || out < 0)
    return EQK_ERR_NO_MEMORY;
  if (eqk_build_op (b, "concat", values, n, &out, 1, &p, sizeof p, diag) != EQK_OK)
    out = -1;
  return eqk_grid_done (b, out, diag);
}

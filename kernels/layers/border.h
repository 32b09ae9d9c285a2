#pragma once

/** What pad and crop share: one number for all sides, or each side on its own. */

#include "layers/steerable.h"

#define EQK_BORDER_SIDES \
  { "left", EQK_N_("Left"), EQK_PARAM_INT, "-1", -1, 512, EQK_N_("as all sides"), EQK_N_("Pixels at the left; −1: as on all sides") }, \
  { "right", EQK_N_("Right"), EQK_PARAM_INT, "-1", -1, 512, EQK_N_("as all sides"), EQK_N_("Pixels at the right; −1: as on all sides") }, \
  { "top", EQK_N_("Top"), EQK_PARAM_INT, "-1", -1, 512, EQK_N_("as all sides"), EQK_N_("Pixels above; −1: as on all sides") }, \
  { "bottom", EQK_N_("Bottom"), EQK_PARAM_INT, "-1", -1, 512, EQK_N_("as all sides"), EQK_N_("Pixels below; −1: as on all sides") }

/** Pixels on each side; negative ones are cut. */
typedef struct { int left, right, top, bottom; } EqkBorder;

static inline EqkBorder
eqk_border_of (int all, int left, int right, int top, int bottom, int sign)
{
  return (EqkBorder){ sign * (left < 0 ? all : left), sign * (right < 0 ? all : right), sign * (top < 0 ? all : top), sign * (bottom < 0 ? all : bottom) };
}

/** Elements for which the border is the same on the sides they exchange; W-PAD-ASYM where others are lost. */
static inline EqkStatus
eqk_border_infer (EqkInfer *ctx, EqkBorder s, const char *mode, EqkDiag *diag)
{
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);
  const EqkGroup    *group = eqk_infer_symmetry (ctx)->group;
  EqkPortType        y;
  uint64_t           grid, kept;
  int                most = s.left;

  if (x == NULL)
    return EQK_ERR_TYPE;
  most = s.right > most ? s.right : most;
  most = s.top > most ? s.top : most;
  most = s.bottom > most ? s.bottom : most;
  y = eqk_port_with_grid (x, x->space.h + s.top + s.bottom, x->space.w + s.left + s.right);
  if (y.space.h < 1 || y.space.w < 1)
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "border", "less than the picture", "all of it");
  if (eqk_grid_check_border (x, most, mode, diag) != EQK_OK)
    return EQK_ERR_SHAPE;
  grid = eqk_guarantee_grid_mask (group, x->space.h, x->space.w);
  kept = grid & eqk_guarantee_unflipped (group, s.left != s.right, s.top != s.bottom) & eqk_guarantee_grid_mask (group, y.space.h, y.space.w);
  if (s.left != s.top || s.right != s.bottom)   /* the diagonal mirrors exchange left with top, or left with bottom */
    kept &= eqk_guarantee_grid_mask (group, 8, 9) | (s.left == s.right && s.top == s.bottom && y.space.h == y.space.w ? grid : 0);
  if (kept != grid)
    {
      eqk_infer_problem (ctx, "W-PAD-ASYM", "x", NULL);
      eqk_infer_fix (ctx, EQK_N_("The same on all sides"));
      eqk_fix_set (ctx, "$", "left", "-1");
      eqk_fix_set (ctx, "$", "right", "-1");
      eqk_fix_set (ctx, "$", "top", "-1");
      eqk_fix_set (ctx, "$", "bottom", "-1");
      eqk_infer_lose (ctx, kept, "W-PAD-ASYM");
    }
  return eqk_infer_set_output (ctx, "y", &y);
}

static inline EqkStatus
eqk_border_expand (EqkBuild *b, EqkBorder s, const char *mode, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const int          kind = eqk_pad_mode (mode);
  EqkSparse          rows, columns;

  if (kind < 0)
    return eqk_fail (diag, EQK_ERR_NAME, mode);
  eqk_sparse_border (&rows, x->space.h, s.top, s.bottom, kind);
  eqk_sparse_border (&columns, x->space.w, s.left, s.right, kind);
  return eqk_grid_done (b, eqk_grid_linear (b, eqk_build_x (b, "x"), y->space, eqk_rep_get_dim (x->rep), &rows, &columns, diag), diag);
}

#pragma once

/** What the spatial poolings share: settings k, stride, pad and the finding about the sampling grid. */

#include "layers/steerable.h"

#define EQK_POOL_PARAMS(size, step) \
  { "k", EQK_N_("Window"), EQK_PARAM_INT, size, 1, 15, NULL, EQK_N_("Side of the window in pixels") }, \
  { "stride", EQK_N_("Stride"), EQK_PARAM_INT, step, 1, 8, NULL, EQK_N_("Pixels from one window to the next") }, \
  { "pad", EQK_N_("Padding"), EQK_PARAM_INT, "0", 0, 7, NULL, EQK_N_("Pixels added on every side; at most half the window") }

static inline EqkWindow
eqk_pool_window (const EqkInfer *ctx)
{
  return (EqkWindow){ eqk_infer_int (ctx, "k"), eqk_infer_int (ctx, "stride"), eqk_infer_int (ctx, "pad"), 1 };
}

static inline EqkWindow
eqk_pool_window_built (const EqkBuild *b)
{
  return (EqkWindow){ eqk_build_int (b, "k"), eqk_build_int (b, "stride"), eqk_build_int (b, "pad"), 1 };
}

/** The input, after the check that no window lies wholly outside of the picture. */
static inline const EqkPortType *
eqk_pool_input (EqkInfer *ctx, EqkDiag *diag)
{
  if (2 * eqk_infer_int (ctx, "pad") > eqk_infer_int (ctx, "k"))
    {
      eqk_fail_expected (diag, EQK_ERR_SHAPE, "pad", "at most half the window", "more");
      return NULL;
    }
  return eqk_grid_input (ctx, "x", diag);
}

static inline void
eqk_pool_lint (EqkInfer *ctx)
{
  const EqkWindow win = eqk_pool_window (ctx);

  eqk_grid_lint_centre (ctx, &win, NULL);
}

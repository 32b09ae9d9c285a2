#pragma once

/** What upsample and resize share: the map of one axis, which elements it keeps, the findings. */

#include "layers/steerable.h"

typedef struct
{
  int  h, w;
  bool corners, nearest, doubling;
} EqkResampling;

/** Extents and guarantee of the output. */
EqkStatus eqk_resample_infer  (EqkInfer *ctx, const EqkResampling *r, EqkDiag *diag);
/** One grid_linear by the maps of rows and of columns. EQK_ERR_NO_MEMORY. */
EqkStatus eqk_resample_expand (EqkBuild *b, const EqkResampling *r, EqkDiag *diag);

#pragma once

/** What the lifting and the group convolution share: filters of the base weights turned by every element, on pixels. */

#include "layers/steerable.h"

#define EQK_GROUP_CONV_PARAMS \
  { "out", EQK_N_("Output fields"), EQK_PARAM_INT, "16", 1, 4096, NULL, EQK_N_("Regular fields of the output, each one channel an element of the group") }, \
  EQK_PARAM_K ("3"), EQK_PARAM_STRIDE, EQK_PARAM_PAD, EQK_PARAM_DILATION, EQK_PARAM_PAD_MODE, \
  { "bias", EQK_N_("Bias"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Learn one offset a field, the same on all its channels") }, EQK_PARAM_RELAX, { NULL }

/**
 * Scalars (lifts) or regular fields at "x", regular fields at "y". E-GRID-GROUP and EQK_ERR_GROUP for groups that are
 * not of the grid.
 */
EqkStatus eqk_group_conv_infer  (EqkInfer *ctx, bool lifts, EqkDiag *diag);
/** What a window that leaves pixels over says of the centre. */
void      eqk_group_conv_lint   (EqkInfer *ctx);
/** Turns the base weights by every element into one filter, then an ordinary convolution (Cohen & Welling 2016). */
EqkStatus eqk_group_conv_expand (EqkBuild *b, bool lifts, EqkDiag *diag);
/** Groups whose elements all map pixels to pixels; why->what says so otherwise. */
bool      eqk_group_conv_admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why);

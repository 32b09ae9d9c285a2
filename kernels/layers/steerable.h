#pragma once

/** What the steerable convolutions share: settings, findings, the filter made of weights and the bias along trivial columns. */

#include "layers/grids.h"

#define EQK_STEERABLE_BASIS_PARAMS \
  { "rings", EQK_N_("Rings"), EQK_PARAM_INT, "0", 0, 64, NULL, EQK_N_("Radii at which the kernel has angular patterns; 0: half of k, rounded up") }, \
  { "sigma", EQK_N_("Width of rings"), EQK_PARAM_REAL, "0", 0, 8, NULL, EQK_N_("Width of the Gaussian profile in pixels; 0: 0.6, 0.4 on the outermost ring") }, \
  { "policy", EQK_N_("Band limit"), EQK_PARAM_INT, "1", 0, 3, NULL, EQK_N_("Highest frequency on each ring: rule 1, 2 or 3; 0 takes the frequency factor") }, \
  { "frequency_factor", EQK_N_("Frequency factor"), EQK_PARAM_REAL, "3", 0, 16, NULL, EQK_N_("With band limit 0: highest frequency per pixel of radius") }

/** The basis as the settings rings, sigma, policy and frequency_factor have it. */
EqkKernelSpec eqk_steerable_spec_infer (const EqkInfer *ctx, int k, int dilation);
/** The same while expanding. */
EqkKernelSpec eqk_steerable_spec_build (const EqkBuild *b, int k, int dilation);

/** How far a filter may leave those that the symmetry allows; every steerable convolution has it. */
#define EQK_PARAM_RELAX { "relax", EQK_N_("Relaxed by"), EQK_PARAM_REAL, "0", 0, 1, NULL, EQK_N_("How far the filters may leave those that the symmetry allows: 0 not at all; 1 as freely as an ordinary convolution. Where the data are not quite symmetric") }

/** With the setting relax: the promise is lost here. */
void eqk_relax_infer  (EqkInfer *ctx);
/** W-RELAXED. */
void eqk_relax_lint   (EqkInfer *ctx);
/**
 * Filter + relax · free, with weights "free" [k, k, c_in, c_out] that begin at zero: the network begins exact, and leaves the symmetry as far as
 * the data pull it. Source: Finzi, Benton & Wilson 2021, arXiv:2112.01388 (a residual path beside the symmetric one).
 * @return the filter itself where relax is 0, -1 on failure
 */
int  eqk_relax_filter (EqkBuild *b, int filter, int k, int c_in, int c_out, EqkDiag *diag);

/** Fields of one of `groups` equal parts of a representation; NULL when they are not equal (E-GROUPS-TYPE). */
const EqkRep *eqk_steerable_part (const EqkRep *rep, int groups);
/** E-EMPTY-BASIS and EQK_ERR_TYPE when there is no kernel at all. @return EQK_OK, EQK_ERR_TYPE or EQK_ERR_NO_MEMORY */
EqkStatus     eqk_steerable_check (EqkInfer *ctx, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, EqkDiag *diag);
/** W-K2, W-FREQ-KERNEL, I-NO-MIX. */
void          eqk_steerable_lint (EqkInfer *ctx, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec);
/** W-STRIDE-ALIAS of a layer with a setting `stride`. */
void          eqk_steerable_lint_alias (EqkInfer *ctx, int stride);
/** W-ZERO-PAD-LEAK. */
void          eqk_steerable_lint_leak (EqkInfer *ctx, int pad, const char *mode);
/** An admits rule: groups on the plane, and the trivial one. */
bool          eqk_admits_plane (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why);

/** The dense filter of steerable weights named "weight"; transposed as filter_expand has it. -1 on failure. */
int eqk_steerable_filter (EqkBuild *b, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, bool transposed, EqkDiag *diag);
/** Weights named "bias", one for each trivial irrep, along its column of Q, spread over the channels; -1: there are none. */
EqkStatus eqk_steerable_bias (EqkBuild *b, const EqkRep *out, int *value, EqkDiag *diag);

/* The whole of a steerable convolution with settings out, bias, pad_mode and the basis; k, stride … are the layer's. */
/**
 * Type of "y", by the setting out. EQK_ERR_TYPE, _GROUP or _PARSE with the problem raised, where there is no such
 * kernel too.
 */
EqkStatus eqk_r2conv_infer  (EqkInfer *ctx, EqkWindow win, int groups, EqkDiag *diag);
/** All findings of the basis, the sampling grid, strides and borders; the output must have been inferred. */
void      eqk_r2conv_lint   (EqkInfer *ctx, EqkWindow win, int groups, const char *pad_param);
/** Filter by the basis, then an ordinary convolution, with a bias along trivial irreps where the settings want it. */
EqkStatus eqk_r2conv_expand (EqkBuild *b, EqkWindow win, int groups, EqkDiag *diag);

extern const EqkPort eqk_r2conv_inputs[], eqk_r2conv_outputs[];
#define EQK_R2CONV_PARAM_OUT { "out", EQK_N_("Output fields"), EQK_PARAM_REP, "16x reg", 0, 0, NULL, EQK_N_("Representation of the output, such as 16x reg or 8xf0+8xf1") }
#define EQK_PARAM_K(fallback) { "k", EQK_N_("Window"), EQK_PARAM_INT, fallback, 1, 15, NULL, EQK_N_("Side of the window in pixels") }
#define EQK_PARAM_STRIDE { "stride", EQK_N_("Stride"), EQK_PARAM_INT, "1", 1, 8, NULL, EQK_N_("Pixels from one window to the next") }
#define EQK_PARAM_PAD { "pad", EQK_N_("Padding"), EQK_PARAM_INT, "-1", -1, 64, EQK_N_("same size"), EQK_N_("Pixels added on every side; −1: half the window, so that the size stays") }
#define EQK_PARAM_DILATION { "dilation", EQK_N_("Dilation"), EQK_PARAM_INT, "1", 1, 16, NULL, EQK_N_("Distance of neighbouring pixels of the window") }
#define EQK_PARAM_PAD_MODE { "pad_mode", EQK_N_("Border"), EQK_PARAM_CHOICE, "zeros", 0, 0, EQK_PAD_CHOICES, EQK_N_("What stands outside the picture; circular is right for periodic data only") }
#define EQK_PARAM_BIAS { "bias", EQK_N_("Bias"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Learn an offset along each invariant direction") }

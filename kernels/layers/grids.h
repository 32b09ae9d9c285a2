#pragma once

/**
 * What layers on pictures share: their input, windows with their sizes and the rule for the sampling grid, maps of one axis,
 * tables for operations on channels. grids.c holds no layer.
 */

#include "layers/fields.h"
#include "ops/plane.h"

/** "zeros|circular|reflect|replicate", in the order of EqkPadMode (core/planar.h). */
#define EQK_PAD_CHOICES "zeros|circular|reflect|replicate"
/** Number of a name in that order; -1 for any other word. */
int eqk_pad_mode (const char *name);

/** The input `port`, which must be features on a picture. NULL with diag filled when it is not. */
const EqkPortType *eqk_grid_input (EqkInfer *ctx, const char *port, EqkDiag *diag);

/** A window that goes over a picture. pad -1: half the window, so that the size stays with stride 1. */
typedef struct { int k, stride, pad, dilation; } EqkWindow;

/** Output extent; 0 when the window does not fit. */
int  eqk_window_out (const EqkWindow *win, int n);
/** Pixels left over at the end: 0 means that the sampled pixels lie symmetrically. */
int  eqk_window_rest (const EqkWindow *win, int n);
/** Resolves pad -1. */
void eqk_window_fix (EqkWindow *win);

/**
 * x seen through the window: extents for the output, and the guarantee by the grid rule: where pixels are left over, the
 * elements that flip this axis are lost (W-STRIDE-ASYM).
 */
EqkStatus eqk_grid_through (EqkInfer *ctx, const EqkPortType *x, const EqkWindow *win, EqkPortType *y, EqkDiag *diag);
/**
 * W-STRIDE-ASYM of the node; where another size of an input or a resize upstream mends it and all others, W-EVEN-STRIDE-GRID of the first of them.
 * pad_param: NULL when it has none.
 */
void      eqk_grid_lint_centre (EqkInfer *ctx, const EqkWindow *win, const char *pad_param);

/** Elements, as bits of the design's guarantee, that lie in a subgroup. */
uint64_t  eqk_grid_mask_of (const EqkInfer *ctx, const EqkGroup *sub);
/** Elements that act on every field in this way, as bits of the design's guarantee. */
uint64_t  eqk_grid_rep_mask (const EqkInfer *ctx, const EqkRep *rep, EqkActsHow how);
/** Some element of the group does not map pixels to pixels. */
bool      eqk_group_leaves_grid (const EqkGroup *group);
/** Some element exchanges or flips axes; with `exchange` only those that exchange count. */
bool      eqk_group_turns (const EqkGroup *group, bool exchange);
/** Whether a layer that hides what leaves the picture (EQK_LAYER_MASKS) stands upstream of the node. */
bool      eqk_grid_has_mask (const EqkInfer *ctx, int node);

/* ---- maps of one axis ---- */

/** A sparse matrix in the making. Free with eqk_axis_clear; eqk_axis_keep makes the tables of an operation. */
typedef struct
{
  int      n_in, n_out, n, room;
  int32_t *row, *column;
  double  *value;
  bool     failed;
} EqkSparse;

/** Without entries. */
void eqk_sparse_open  (EqkSparse *self, int n_in, int n_out);
/** One entry; 0 is left out. Without memory `failed` is set, which eqk_axis_keep and eqk_matrix_keep tell. */
void eqk_sparse_add   (EqkSparse *self, int row, int column, double value);
/** Frees the entries; may be called again. */
void eqk_sparse_clear (EqkSparse *self);
/** Tables of both directions, kept by the program; clears self. */
EqkStatus eqk_axis_keep (EqkBuild *b, EqkSparse *self, EqkAxisMap *out);
/** The same for the operation const_linear; clears self. EQK_ERR_NO_MEMORY. */
EqkStatus eqk_matrix_keep (EqkBuild *b, EqkSparse *self, EqkConstLinearParams *out);

/** Weights of a window, over zeros outside. */
void eqk_sparse_window (EqkSparse *self, const EqkWindow *win, const double *weights, int n_in);
/** Linear or nearest resampling; corners: the outermost pixels lie on each other, else the outermost edges do. */
void eqk_sparse_resize (EqkSparse *self, int n_in, int n_out, bool corners, bool nearest);
/** A border of `before` and `after` pixels; negative numbers cut. */
void eqk_sparse_border (EqkSparse *self, int n_in, int before, int after, int mode);
/** True when the map looks the same from the other end. */
bool eqk_sparse_symmetric (const EqkSparse *self);

/* ---- expansion ---- */

/** One operation from x to a new value. @return the value, or -1 */
int eqk_grid_op (EqkBuild *b, const char *op, int x, EqkSpace space, int width, const void *params, size_t size, EqkDiag *diag);
/** grid_linear by the maps of rows and columns, which are cleared. */
int eqk_grid_linear (EqkBuild *b, int x, EqkSpace space, int channels, EqkSparse *rows, EqkSparse *columns, EqkDiag *diag);
/** index_map of a static value. @return the value, or -1 */
int eqk_grid_index (EqkBuild *b, int x, int n_in, const int32_t *map, int n_out, EqkDiag *diag);
/** First channel of each field and the end, kept by the program; NULL when memory is short. */
const int32_t *eqk_grid_fields (EqkBuild *b, const EqkRep *rep);
/** A fixed value for what weights make. */
EqkSpace eqk_space_fixed (void);
/** Sets output y and says whether the value is there. */
EqkStatus eqk_grid_done (EqkBuild *b, int y, EqkDiag *diag);
/** conv2d; filter [k, k, cin / groups, cout], bias or -1. @return the value, or -1 */
int eqk_grid_conv (EqkBuild *b, int x, const EqkSpace *in, const EqkSpace *out, int filter, int bias, int cin, int cout, const EqkWindow *win, int groups,
                   const char *pad_mode, EqkDiag *diag);
/** circular and reflected borders must not be wider than the picture. */
EqkStatus eqk_grid_check_border (const EqkPortType *x, int pad, const char *mode, EqkDiag *diag);

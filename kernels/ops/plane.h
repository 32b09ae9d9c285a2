#pragma once

/**
 * Parameters of the operations on pictures and on lists of channels: convolutions and the filters they take, pooling,
 * resampling, structure. Tables live as long as the program (eqk_build_keep). Rows are pixels, [sample][row][column].
 */

#include "eqk/program.h"

#include <stddef.h>
#include <stdint.h>

/* ---- values made of weights alone ---- */

/**
 * index_map: y[i] = w[map[i]], 0 where map[i] < 0. in: w [n_in]; out: y [n_out]. `back` lists, for every number of w, the
 * places it goes to, `back_first` [n_in + 1] where its list begins: so the reverse pass sums in a fixed order, owner by owner.
 */
typedef struct
{
  int            n_in, n_out;
  const int32_t *map;
  const int32_t *back_first, *back;
} EqkIndexMapParams;

/**
 * const_linear: y = M x for every row, M sparse and constant. in: x [rows, n_in]; out: y [rows, n_out]. Both M and its
 * transpose are kept, row by row: `first` [n + 1], then column and value of each entry.
 */
typedef struct
{
  int            n_in, n_out;
  const int32_t *first, *column;
  const double  *value;
  const int32_t *t_first, *t_column;
  const double  *t_value;
} EqkConstLinearParams;

/** A run of equal fields on one side of a steerable filter. */
typedef struct { int32_t channel, dim, mul; } EqkFilterRun;

/** What the basis of one pair of runs (output, input) says. */
typedef struct
{
  int32_t n;             /**< elements; 0: no kernel */
  size_t  table;         /**< first number of its table in the constant input: [n, k * k, d_in, d_out] */
  size_t  weight;        /**< first weight of the pair among those of one output field */
} EqkFilterPair;

/**
 * filter_expand: the dense filter [k, k, c_in, c_out] of a steerable convolution. in: weights, tables; out: filter.
 * Weights: output field, input field, element. `transposed` writes [k, k, c_out, c_in].
 */
typedef struct
{
  int                  k, c_in, c_out, transposed;
  int                  n_out_runs, n_in_runs, n_out_fields;
  const EqkFilterRun  *out_runs, *in_runs;
  const EqkFilterPair *pairs;        /**< [n_out_runs, n_in_runs] */
  const size_t        *out_weight;   /**< [n_out_runs] first weight of the run's first field */
  const size_t        *out_stride;   /**< [n_out_runs] weights of one output field */
} EqkFilterExpandParams;

/* ---- convolution ---- */

/**
 * conv2d: in: x [n, h, w, cin], filter [k, k, cin / groups, cout], bias [cout] or -1; out: y [n, out_h, out_w, cout].
 * conv2d_transposed: the adjoint of that in x, so in: x [n, out_h, out_w, cout], filter, bias [cin] or -1; out: y [n, h, w, cin].
 */
typedef struct
{
  int h, w, cin, cout;
  int k, stride, pad, dilation, groups;
  int pad_mode;                      /**< EqkPadMode of core/planar.h */
  int out_h, out_w;
} EqkConvParams;

/* ---- pooling and resampling ---- */

/**
 * pool_max: the largest value of each channel in windows of k x k pixels; the first one on ties; outside counts as -infinity.
 * pool_norm_max: of each field the vector with the largest norm.
 */
typedef struct
{
  int            h, w, channels;
  int            k, stride, pad;
  int            out_h, out_w;
  int            n_fields;
  const int32_t *first;              /**< [n_fields + 1], pool_norm_max only */
} EqkPoolParams;

/** One axis of a separable map of pictures: row i of the sparse matrix [n_out, n_in] and of its transpose. */
typedef struct
{
  int            n_in, n_out;
  const int32_t *first, *from;
  const double  *weight;
  const int32_t *t_first, *t_from;
  const double  *t_weight;
} EqkAxisMap;

/**
 * grid_linear: y = (rows x columns) x for every channel: blurring, average pooling, resampling, padding, cropping.
 * in: x [n, rows.n_in, columns.n_in, channels]; out: y [n, rows.n_out, columns.n_out, channels].
 */
typedef struct
{
  EqkAxisMap rows, columns;
  int        channels;
} EqkGridLinearParams;

/** global_mean, global_max: over the places of each sample. in: x [n, places, channels]; out: y [n, channels]. */
typedef struct { int places, channels; } EqkGlobalPoolParams;

/** field_max, field_length: one number of each field. in: x [rows, n_channels]; out: y [rows, n_fields]. */
typedef struct
{
  int            n_channels, n_fields;
  const int32_t *first;              /**< [n_fields + 1] */
  int            squared;            /**< field_length: the squared norm; else sqrt (|v|^2 + eps^2) */
  double         eps;
} EqkFieldPoolParams;

/** mul_mask: y = m x with one constant number a place. */
typedef struct
{
  int           places, channels;
  const double *mask;                /**< [places] */
} EqkMaskParams;

/* ---- structure ---- */

/** concat: in: any number of values; out: their channels side by side. */
typedef struct
{
  int            n;
  const int32_t *width;              /**< [n] */
} EqkConcatParams;

/** slice: channels [first, first + n_out) of a row. */
typedef struct { int n_in, first, n_out; } EqkSliceParams;

/**
 * take_channels: y[c] = x[map[c]] of every row; no channel of x is taken twice. back[i]: where channel i goes, or -1. Where map does no more than
 * turn blocks of copies, [mul][dim] to [dim][mul] with `to_components` or back, it says so in `blocks`, which cover the row.
 */
typedef struct { int32_t at, mul, dim; } EqkTakeBlock;
typedef struct
{
  int                 n_in, n_out;
  const int32_t      *map, *back;
  int                 n_blocks;
  const EqkTakeBlock *blocks;
  bool                to_components;
} EqkTakeParams;

/** scale: y = factor x. */
typedef struct { double factor; } EqkScaleParams;

/** mul_scalar: y[c] = s[of[c]] x[c] of every row. in: x [rows, n_channels], s [rows, n_scalars]; out: y. */
typedef struct
{
  int            n_channels, n_scalars;
  const int32_t *of;                 /**< [n_channels] */
} EqkMulScalarParams;

/** broadcast: y = x of the row's sample. in: x [samples, width]; out: y [places of all samples, width], a picture or nodes. */
typedef struct
{
  int width;
  int places;                        /**< of a picture; 0: nodes of the structure */
} EqkBroadcastParams;

/** softmax: of every row. */
typedef struct { int width; } EqkSoftmaxParams;

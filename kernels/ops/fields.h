#pragma once

/**
 * Parameters of the operations that treat a row as a list of fields: normalisations, norm activation, gate, dropout.
 * A field is a run of neighbouring channels that the group mixes; its invariant directions are given as columns, so an
 * operation never asks which group or representation it works on. Tables live as long as the program (eqk_build_keep).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where the fields of a row lie and which directions in them are invariant. */
typedef struct
{
  int           n_channels, n_fields;
  const int32_t *first;         /**< [n_fields + 1] first channel of each field; the last entry is n_channels */
  int           n_means;        /**< invariant directions in all fields together */
  const int32_t *mean_field;    /**< [n_means] field, ascending */
  const int32_t *mean_offset;   /**< [n_means] where the column starts in `column` */
  const double  *column;        /**< columns of the means, packed; of one field orthogonal, of any length */
  int           n_column;       /**< numbers in `column` */
} EqkFieldLayout;

typedef enum
{
  EQK_NORM_TIED,      /**< one variance a field about the invariant mean, over rows and channels; biased, gradient through it */
  EQK_NORM_LENGTH,    /**< mean squared length, N/(N-1); normalises by the updated running value, no gradient through it */
  EQK_NORM_LENGTH_BATCH, /**< the same with the value of the batch and the gradient through it */
  EQK_NORM_IID        /**< unbiased variances of the channels, averaged over the field; constants in reverse */
} EqkNormMode;

/**
 * batch_norm: in x, weight [n_fields], bias [n_means], running_mean [n_means], running_var [n_fields]; means and biases are
 * coefficients of the columns. weight, bias, running_mean may be open.
 * batch_norm_peak (mode EQK_NORM_TIED): the variance is the mean over samples of the largest |x - mu|^2 among the rows of a sample.
 */
typedef struct
{
  EqkFieldLayout layout;
  EqkNormMode    mode;
  double         momentum, eps;
  bool           biased;        /**< the running variance takes that of the batch as it is, without N/(N-1) */
  bool           sums;          /**< tied: |x - mu|^2 summed over the channels of a field, not averaged */
  bool           peak;          /**< of batch_norm_peak */
} EqkBatchNormParams;

/** instance_norm (statistics of one sample) and field_norm (of one row): in x, weight [n_fields], bias [n_means], both may be open. */
typedef struct
{
  EqkFieldLayout layout;
  double         eps;
} EqkFieldNormParams;

typedef enum
{
  EQK_LENGTH_RELU,       /**< max(n - e^beta, 0) */
  EQK_LENGTH_SOFTPLUS,   /**< softplus(n - e^beta) */
  EQK_LENGTH_SIGMOID,    /**< sigmoid(n - e^beta) */
  EQK_LENGTH_SQUASH      /**< n / (1 + n), no beta */
} EqkLengthAct;

/** A run of equal fields. */
typedef struct { int32_t channel, dim, mul; } EqkFieldRun;

/** norm_act: in x, beta [fields] (open for squash); y = phi(|v|) v / |v|, zero where |v| <= 1e-10. */
typedef struct
{
  int                n_channels, n_runs, n_fields;
  const EqkFieldRun *runs;      /**< covering all channels; beta counts fields run by run, copy by copy */
  EqkLengthAct       act;
} EqkNormActParams;

/** Activations of gates and of the scalars beside them. */
typedef enum { EQK_GATE_IDENTITY, EQK_GATE_RELU, EQK_GATE_ELU, EQK_GATE_SILU, EQK_GATE_SIGMOID, EQK_GATE_TANH } EqkGateAct;

/** A piece of a gate's output: n scalars through an activation, or mul fields of a dimension with one gate each. */
typedef struct
{
  int32_t    from, to;      /**< first channel in x and in y */
  int32_t    dim, mul;      /**< scalars: dim 1 */
  int32_t    gate;          /**< first gate channel, in x or, when there is a third input, in that; -1: scalars */
  int32_t    gate_stride;   /**< channels between gates */
  int32_t    bias;          /**< number of the first gate, for the bias */
  EqkGateAct act;           /**< of the scalars or of the gates */
  double     scale;         /**< constant of the second moment; 1 without */
} EqkGatePiece;

/** gate: in x, bias [n_gates] (may be open: gate = act(g - bias)), gates (may be open: they are in x). */
typedef struct
{
  int                 n_in, n_out, n_gates, gate_width, n_pieces;   /**< gate_width: channels of the third input; 0 without */
  const EqkGatePiece *pieces;                                        /**< together they read every channel of x */
} EqkGateParams;

/** vector_field: n channels of each field become one vector: relu(max) at the angle of the first largest channel. */
typedef struct
{
  int           n_fields, order;
  int           dim;            /**< of the vector: 2, for order 2 it is 1 */
  const double *direction;      /**< [order][dim] */
} EqkVectorFieldParams;

/** What is dropped at once: a field in a whole sample, a number of a row, a row. */
typedef enum { EQK_DROP_FIELDS, EQK_DROP_NUMBERS, EQK_DROP_ROWS } EqkDropUnit;

/** dropout: in training each unit is dropped with p and the rest scaled by 1/(1-p). */
typedef struct
{
  int            n_channels, n_fields;
  const int32_t *first;         /**< [n_fields + 1] */
  double         p;
  EqkDropUnit    unit;
} EqkDropoutParams;

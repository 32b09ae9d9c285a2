#pragma once

/** Parameters of the operations that compare each field of a row with a direction (vector neurons). */

#include "ops/fields.h"

/**
 * "direction_relu": in: q, k [rows, n_channels]; out: y = q where <q, k> >= 0, else q less its part along k but for `slope` of it, field by field; the square
 * of k is kept above eps.
 * "direction_max": in: q, k [nodes, n_channels]; out: y [samples, n_channels], for each field of a sample the q of the node with the largest <q, k>, of equal
 * ones the first; 0 for a sample without nodes. The choice has no gradient.
 */
typedef struct
{
  int                n_channels, n_runs;
  const EqkFieldRun *runs;      /**< covering all channels */
  double             slope, eps;
} EqkDirectionParams;

#pragma once

/** What a network answers against what is true, number by number: for parity plots. */

#include "data/split.h"
#include "services/checkpoint.h"

G_BEGIN_DECLS

/** One result with numbers as answers. */
typedef struct
{
  char   *name, *unit;        /**< owned; unit is nullable */
  double *truth, *told;       /**< owned [n]: of all numbers, or of some evenly among them */
  gsize   n, n_all;
  double  mae, rmse;          /**< over all */
  double  spread;             /**< standard deviation of the truth: what the mean alone would be wrong by, as rmse */
} EqsParity;

/** One element of what eqs_parity_measure gave. */
void       eqs_parity_free    (EqsParity *self);
/**
 * Runs all samples; takes a while. Any thread.
 * @param most  numbers that are kept of each result
 * @return (element-type EqsParity) (transfer full) empty where no result has numbers as answers; NULL with an error
 */
GPtrArray *eqs_parity_measure (EqsModel *model, EqsSplit *split, gsize most, int threads, GError **error);

G_END_DECLS

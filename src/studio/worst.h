#pragma once

/** The samples of the test part that a network answers worst: those it is surest about and wrong, or farthest from. */

#include "data/dataset.h"
#include "services/checkpoint.h"

G_BEGIN_DECLS

typedef struct
{
  guint  sample;            /**< in the split */
  double loss;              /**< cross-entropy, or mean absolute error of the answer */
  int    truth, told;       /**< classes; -1: the answer is no class */
  double share;             /**< what it gave to the class it told, 0 … 1 */
} EqsWorstSample;

/**
 * Measures every sample; takes a while. Any thread.
 * @param n at most so many, worst first  @param n_wrong (out) (optional) wrong answers in all; 0 for answers that are no class
 * @return (element-type EqsWorstSample) (transfer full) NULL with an error, such as for answers that are not one a sample
 */
GArray *eqs_worst_find (EqsModel *model, EqsSplit *split, guint n, int threads, guint *n_wrong, GError **error);

G_END_DECLS

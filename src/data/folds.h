#pragma once

#include "data/dataset.h"

G_BEGIN_DECLS

/**
 * Cross-validation. All samples of all parts of a data set are cut into `folds` pieces of equal size: p is the permutation by eqk_random (seed,
 * EQK_RANDOM_SPLIT, 0, 0, 0), then sorted by class where the first target of samples is one (so that every piece has its share of each), and the
 * sample at place k goes into piece k modulo folds. Of fold f piece f is tested, the one after it chooses the model, the others train.
 */
typedef enum { EQS_FOLD_TRAIN, EQS_FOLD_VALID, EQS_FOLD_TEST } EqsFoldPart;

/**
 * @param fold   0 .. folds-1
 * @param folds  3 or more
 * @return (transfer full) NULL with EQS_DATA_ERROR, _EMPTY when there are fewer samples than folds
 */
EqsSplit *eqs_fold_load (EqsDataset *dataset, guint fold, guint folds, EqsFoldPart part, guint64 seed, GError **error);

G_END_DECLS

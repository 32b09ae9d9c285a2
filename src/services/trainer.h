#pragma once

/**
 * Training: a design and data into weights. Runs in the thread that calls it (a worker, in the window); looks at a cancel flag
 * between batches and reports through a function. What it writes is a run folder: design.equi, metrics.jsonl (a line an
 * epoch), last.safetensors, best.safetensors (by the score of the validation part; of epochs with equal scores the one with the lower loss).
 * last.safetensors is written after each epoch, and once a minute within a long one, so that little is lost whatever happens.
 */

#include "data/dataset.h"
#include "model/document.h"
#include "services/batch.h"
#include "services/checkpoint.h"

G_BEGIN_DECLS

/** What the command line or the window says; whatever is negative or NULL comes from the design's training object. */
typedef struct
{
  int         epochs;          /**< < 0: the design's */
  double      max_seconds;     /**< <= 0: none. Schedules then follow elapsed / limit */
  gint64      seed;            /**< < 0 */
  int         threads;         /**< <= 0: all cores */
  int         batch;           /**< < 0 */
  int         limit;           /**< training samples; <= 0: all */
  const char *optimizer, *schedule, *augment;   /**< (nullable) */
  const char *split;           /**< (nullable) part to train on: "train", or such as "train_upright" */
  int         folds, fold;     /**< cross-validation: samples are those of a fold of all of them (data/folds.h), cut by the design's data seed; folds 0: no */
  double      lr;              /**< < 0 */
  gboolean    f64;
  const char *init;            /**< (nullable) checkpoint to start from */
  const char *folder;          /**< where to write; NULL: nowhere */
  gboolean    resume, force;
} EqsTrainOptions;

#define EQS_TRAIN_OPTIONS_INIT { -1, 0, -1, 0, -1, 0, NULL, NULL, NULL, NULL, 0, 0, -1, FALSE, NULL, NULL, FALSE, FALSE }

/** A number with its name, such as accuracy 0.953. */
typedef struct
{
  char    name[32];
  char    unit[24];
  double  value;
} EqsMetric;

typedef struct
{
  guint   epoch, epochs;        /**< epoch now (from 1), epochs in all (0: by time) */
  guint   step, steps;          /**< batch in the epoch */
  double  elapsed, left;        /**< seconds; left < 0: not known yet */
  double  rate;                 /**< samples a second */
  double  loss;                 /**< running mean of the epoch */
  double  step_loss;            /**< of the last batch; NaN: no batch yet */
  double  symmetry_error;       /**< on a probe batch; < 0: not measured yet */
  gboolean epoch_done;          /**< metrics below are fresh */
  GArray *train, *valid;        /**< of EqsMetric; borrowed */
} EqsTrainProgress;

typedef void (*EqsTrainFunc) (const EqsTrainProgress *progress, gpointer data);

typedef struct
{
  guint    epochs;              /**< completed */
  double   seconds, cpu_seconds;
  GArray  *train, *valid;       /**< owned, of EqsMetric: of the last epoch */
  GArray  *best;                /**< owned (nullable), of EqsMetric: validation of the best epoch */
  double   best_score;
  guint    best_epoch;
  double   symmetry_error;
  char    *checkpoint;          /**< owned (nullable): best.safetensors */
  gboolean reproducible, cancelled;
} EqsTrainResult;

/** Frees what the result owns, not itself; may be called again. */
void eqs_train_result_clear (EqsTrainResult *self);

/** The group whose elements judge a network: that of the setting "probe" of its plan (nullable), else the design's own. */
const EqkGroup *eqs_probe_group (const EqkTyped *typed, const EqsMap *plan);

/**
 * @param cancel  (nullable) set from anywhere to 1: training stops after the batch and saves last.safetensors
 * @return FALSE with an error; what this training had saved stays. A run that is written over is gone from the start
 */
gboolean eqs_train (EqsDocument *document, EqsDataset *dataset, const EqsTrainOptions *options, int *cancel, EqsTrainFunc func, gpointer data,
                    EqsTrainResult *result, GError **error);

/**
 * Metrics of a model on a split, in batches; (element-type EqsMetric). transform as in EqsTransform.
 * @param confusion (out) (optional) (transfer full) [n_classes, n_classes], the true class in the row; NULL where the answer is no class
 */
GArray  *eqs_evaluate_counts (EqsModel *model, EqsSplit *split, EqsTransform transform, guint64 seed, int threads, guint64 **confusion, guint *n_classes,
                              GError **error);
/** The same without the counts. (transfer full) NULL with an error */
GArray  *eqs_evaluate (EqsModel *model, EqsSplit *split, EqsTransform transform, guint64 seed, int threads, GError **error);

G_END_DECLS

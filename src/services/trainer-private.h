#pragma once

/* The state of a training run, shared by the files that make it up: set-up, loop, files. */

#include "model/compile.h"
#include "services/checkpoint.h"
#include "services/trainer.h"

typedef struct
{
  EqsDocument           *document;
  EqsDataset            *dataset;
  const EqsTrainOptions *options;
  int                   *cancel;
  EqsTrainFunc           func;
  gpointer               func_data;
  EqsTrainResult        *result;

  EqsMap       *plan;          /* owned: the design's, with what was asked for this run */
  EqsCheck     *check;
  EqkProgram   *program;       /* of check */
  EqkStore     *store;
  EqkOptimizer *optimizer;
  EqkPool      *pool;
  EqkStore     *eval_store;    /* averaged weights where the design asks for them, else store */
  EqkRun       *train_run, *eval_run;
  EqsSplit     *train, *valid;
  EqsFeeder    *train_feeder, *valid_feeder;
  EqsTally     *tally;         /* of the epoch in progress */

  guint         epochs, batch, threads;
  guint64       seed;
  EqkSchedule   schedule;
  EqsTransform  augment;
  const EqkGroup *augment_group;
  EqkPrecision  precision;

  guint         epoch, step;           /* epochs done; batches done of the epoch in progress */
  guint         steps_per_epoch;
  double        loss_sum, epoch_loss;  /* of the epoch in progress; mean of the last one */
  int           reductions;
  guint         since_best;
  double        best_score;
  guint         best_epoch;
  guint         early_stop;            /* epochs without improvement after which training ends; 0: never */
  guint         norm_samples;          /* from which statistics of batch norms are measured anew after each epoch; 0: not */
  double        average;               /* decay of the weights' moving average; 0: none */
  double        elapsed_before;        /* seconds of earlier sessions of this run */
  gint64        started, saved;        /* monotonic time of the start, of the last save in mid-epoch */
  double        symmetry_error;
  char         *data_hash;
  int           folder_lock;           /* descriptor + 1; 0: none */
} EqsTrainer;

gboolean eqs_trainer_set_up    (EqsTrainer *self, GError **error);
void     eqs_trainer_tear_down (EqsTrainer *self);
double   eqs_trainer_elapsed   (const EqsTrainer *self);

/* Run folder */
gboolean eqs_trainer_open_folder (EqsTrainer *self, GError **error);
gboolean eqs_trainer_resume      (EqsTrainer *self, GError **error);
gboolean eqs_trainer_save        (EqsTrainer *self, const char *file, GError **error);
gboolean eqs_trainer_log_epoch   (EqsTrainer *self, GError **error);

/** Symmetry error of the present weights on a probe batch: largest relative deviation over elements that are exact on the grid, or
 * of points, sets and graphs after a turn, a shift and another order drawn anew each epoch; < 0 where it is not defined. */
double   eqs_trainer_probe       (EqsTrainer *self);

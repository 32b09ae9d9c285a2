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
  double        step_loss;             /* of the last batch */
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

/**
 * Compiles, reads plan and data, makes weights, optimiser, runs and threads. On FALSE call eqs_trainer_tear_down all
 * the same.
 */
gboolean eqs_trainer_set_up    (EqsTrainer *self, GError **error);
/** Frees what set_up made, as far as it came; the result stays. */
void     eqs_trainer_tear_down (EqsTrainer *self);
/** One step on these samples of the training part. FALSE with an error: loss or gradients are no numbers. */
gboolean eqs_trainer_batch     (EqsTrainer *self, const guint *samples, guint n, GError **error);
/** Seconds of this run, earlier sessions included. */
double   eqs_trainer_elapsed   (const EqsTrainer *self);

/* Run folder */
/**
 * Makes it and writes the design into it; with --force what an earlier run left there goes first.
 * @return TRUE also where no folder is asked for; FALSE (EQS_MODEL_ERROR_IO) when it exists and neither resume nor
 *   force was said
 */
gboolean eqs_trainer_open_folder (EqsTrainer *self, GError **error);
/**
 * Goes on from last.safetensors of the folder (TRUE where there is no folder).
 * @return FALSE when there is none, or it is of another seed, batch, limit, precision, plan or of other data
 */
gboolean eqs_trainer_resume      (EqsTrainer *self, GError **error);
/**
 * Weights and all that a run needs to go on, under this name in the folder; "best.safetensors" gets the weights that
 * are evaluated. Atomic.
 */
gboolean eqs_trainer_save        (EqsTrainer *self, const char *file, GError **error);
/**
 * Writes the line of the epoch just done into metrics.jsonl; lines of later epochs, of a run that was killed, go.
 * Atomic.
 */
gboolean eqs_trainer_log_epoch   (EqsTrainer *self, GError **error);

/** Symmetry error of the present weights on a probe batch: largest relative deviation over elements that are exact on the grid, or
 * of points, sets and graphs after a turn, a shift and another order drawn anew each epoch; < 0 where it is not defined. */
double   eqs_trainer_probe       (EqsTrainer *self);

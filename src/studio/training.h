#pragma once

/**
 * A run: a design that is, or was, trained in a thread of its own. The thread writes a run folder as `equi train` does and
 * leaves its figures behind a lock; the main thread picks them up at most four times a second. Pause holds the thread
 * between two batches; stop ends it after the batch at hand.
 */

#include "data/dataset.h"
#include "services/trainer.h"
#include "studio/kept-run.h"
#include "studio/metric-text.h"

G_BEGIN_DECLS

typedef enum
{
  EQS_TRAINING_WAITING,      /**< made, not started */
  EQS_TRAINING_RUNNING,
  EQS_TRAINING_PAUSED,
  EQS_TRAINING_STOPPING,
  EQS_TRAINING_TESTING,      /**< trained; the test part is being measured */
  EQS_TRAINING_DONE,
  EQS_TRAINING_STOPPED,      /**< by a person; what was reached is saved */
  EQS_TRAINING_FAILED,       /**< eqs_training_get_error */
  EQS_TRAINING_KEPT          /**< read from its folder, and read again when more is written there */
} EqsTrainingState;

/** Figures of an epoch. NaN where there is none. */
typedef struct
{
  guint  epoch;              /**< from 1 */
  double train_loss, valid_loss;
  double metric;             /**< the metric models are chosen by, on the validation part: accuracy 0 … 1, an error … */
  double symmetry_error;     /**< < 0: not defined for this design */
  double seconds;            /**< since the start */
} EqsTrainingPoint;

/** Loss of a batch. */
typedef struct
{
  double at;                 /**< epochs done by then: 0.25 is a quarter of the first */
  double loss;
} EqsTrainingStep;

/** Figures of a moment. */
typedef struct
{
  guint  epoch, epochs, step, steps;
  double elapsed, left, rate, loss;   /**< seconds; left < 0: not known; samples a second */
} EqsTrainingNow;

#define EQS_TYPE_TRAINING (eqs_training_get_type ())
G_DECLARE_FINAL_TYPE (EqsTraining, eqs_training, EQS, TRAINING, GObject)

/**
 * @param document copied  @param options copied; folder inside them is ignored
 * @param folder   of the run; made when it starts
 */
EqsTraining      *eqs_training_new         (const char *name, EqsDocument *document, EqsDataset *dataset, const EqsTrainOptions *options, const char *folder);
/** Starts the thread; only while waiting. The run lives until the thread has ended. */
void              eqs_training_start       (EqsTraining *self);
/** Starts when another has ended, by the signal "finished"; is stopped where that was stopped or failed. While waiting. */
void              eqs_training_start_after (EqsTraining *self, EqsTraining *before);
/** A run that is not trained here but stands in a folder, which may grow: another window or `equi train` may be writing it. @param kept copied */
EqsTraining      *eqs_training_new_kept    (const EqsKeptRun *kept);
/** The name is kept in the folder as well. */
void              eqs_training_set_name    (EqsTraining *self, const char *name);
/** Whether its curves are drawn beside those of the run that is shown. */
void              eqs_training_set_compared (EqsTraining *self, gboolean compared);
/** See eqs_training_set_compared. */
gboolean          eqs_training_is_compared (EqsTraining *self);
/** The thread waits before its next batch. Nothing unless running. */
void              eqs_training_pause       (EqsTraining *self);
/** Goes on. Nothing unless paused. */
void              eqs_training_resume      (EqsTraining *self);
/** One batch, then paused again. Only while paused. */
void              eqs_training_step        (EqsTraining *self);
/** One that was not started yet is stopped at once. */
void              eqs_training_stop        (EqsTraining *self);
/** Whether it was stopped, and left in its folder what it can go on from. */
gboolean          eqs_training_can_go_on   (EqsTraining *self);
/** Goes on from where it was stopped: in the end the weights are those of a run that was not. Nothing unless it can. */
void              eqs_training_go_on       (EqsTraining *self);
/** Stops and waits for the thread; for closing a window. */
void              eqs_training_join        (EqsTraining *self);

/** For people; borrowed until it is changed. */
const char       *eqs_training_get_name    (EqsTraining *self);
/** An ordinary twin belongs to the run it is compared with. */
void              eqs_training_set_twin_of (EqsTraining *self, EqsTraining *of);
/** The run it is compared with; borrowed. NULL: it is no twin. */
EqsTraining      *eqs_training_get_twin_of (EqsTraining *self);
/** A run of the same plan with another seed belongs to the first of them. */
void              eqs_training_set_seed_of (EqsTraining *self, EqsTraining *of);
/** The first of the runs of its plan; borrowed. NULL: it is the first, or alone. */
EqsTraining      *eqs_training_get_seed_of (EqsTraining *self);
/** Of the design, for tables of runs; emits nothing. */
void              eqs_training_set_parameters (EqsTraining *self, gint64 parameters);
/** 0: not known. */
gint64            eqs_training_get_parameters (EqsTraining *self);
/** As they were given, its own copy; borrowed. */
const EqsTrainOptions *eqs_training_get_options (EqsTraining *self);
/** Where the run is written; borrowed. Need not exist before the start. */
const char       *eqs_training_get_folder  (EqsTraining *self);
/** The design that was trained, a copy of its own; borrowed. */
EqsDocument      *eqs_training_get_document (EqsTraining *self);
/** Of what decides which weights there are in that design; borrowed. */
const char       *eqs_training_get_network_hash (EqsTraining *self);
/** Borrowed. NULL: a kept run whose data are not here. */
EqsDataset       *eqs_training_get_dataset (EqsTraining *self);
/** As the main thread knows it; changes with "changed". */
EqsTrainingState  eqs_training_get_state   (EqsTraining *self);
/** Waiting, running, paused, stopping or testing. */
gboolean          eqs_training_is_active   (EqsTraining *self);
/** What failed, in a sentence; NULL: nothing. A run whose test part could not be measured is done all the same, and says so here. */
const char       *eqs_training_get_error   (EqsTraining *self);
/** The newest figures that were picked up, zero before the first. */
EqsTrainingNow    eqs_training_get_now     (EqsTraining *self);
/** One an epoch; (element-type EqsTrainingPoint), borrowed, only grows. */
const GArray     *eqs_training_get_points  (EqsTraining *self);
/** The loss while an epoch goes on, of at most 512 batches evenly over all of the run; (element-type EqsTrainingStep), borrowed. Empty: a kept run, or none yet. */
const GArray     *eqs_training_get_steps   (EqsTraining *self);
/** "accuracy", "miou", "force_mae" …; borrowed. NULL before the first epoch. */
const char       *eqs_training_get_metric_name (EqsTraining *self);
/** "" where it has none; borrowed. */
const char       *eqs_training_get_metric_unit (EqsTraining *self);
/** Metrics on the test part; (element-type EqsMetric). NULL until training has ended, and where there is no such part. */
const GArray     *eqs_training_get_test    (EqsTraining *self);
/** The same metrics on the test part turned at random by the group that the run is judged by; (element-type EqsMetric). NULL as above, and where nothing is a picture. */
const GArray     *eqs_training_get_turned  (EqsTraining *self);
/** How the run keeps the symmetry: "exact", "relaxed" or "augmented" (services/ways.h); borrowed. */
const char       *eqs_training_get_way     (EqsTraining *self);
/** What no training can bring this network to tell apart on the test part, in a sentence (services/colouring.h). NULL as above, and where nothing limits it. */
const char       *eqs_training_get_limit   (EqsTraining *self);
/** How often which class of the test part was told as which: [n_classes, n_classes], the true class in the row. NULL as above, and for other tasks. */
const guint64    *eqs_training_get_confusion (EqsTraining *self, guint *n_classes);
/** The best weights so far; NULL: no epoch is done. */
const char       *eqs_training_get_checkpoint (EqsTraining *self);
/** From 1; 0: no epoch is done. */
guint             eqs_training_get_best_epoch (EqsTraining *self);

/* Signals: "changed" — any figure or the state, at most four times a second and at each epoch; "finished" — the thread has ended. */

/** A network with weights that any thread may open. Immutable, counted by reference. */
typedef struct
{
  gatomicrefcount refs;
  EqsDocument    *document;      /* owned: never changed */
  char           *checkpoint;    /* owned (nullable): NULL means initial weights */
  char           *label;         /* owned: "best weights of Run 3, epoch 15", "initial weights" */
} EqsModelSource;

/** @param document copied */
EqsModelSource *eqs_model_source_new   (EqsDocument *document, const char *checkpoint, const char *label);
/** One more owner, from any thread. @return self */
EqsModelSource *eqs_model_source_ref   (EqsModelSource *self);
/** One owner less, from any thread; the checkpoint's file stays. */
void            eqs_model_source_unref (EqsModelSource *self);
/** A network of its own for the caller, from any thread. */
EqsModel       *eqs_model_source_open  (EqsModelSource *self, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsModelSource, eqs_model_source_unref)

G_END_DECLS

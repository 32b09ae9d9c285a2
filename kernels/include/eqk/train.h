#pragma once

/** Losses, metrics, optimisers and schedules. Plain functions over the memory of runs; nothing allocates after _new. */

#include "eqk/run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- losses ---- */
typedef enum { EQK_LOSS_CROSS_ENTROPY, EQK_LOSS_MSE, EQK_LOSS_MAE, EQK_LOSS_HUBER, EQK_LOSS_LENGTH, EQK_N_LOSSES } EqkLossKind;

/** By name: "cross_entropy", "mse", "mae", "huber", "length"; false when there is none. */
bool        eqk_loss_find (const char *name, EqkLossKind *kind);

/**
 * Cross-entropy of logits [rows, classes] with labels [rows] (negative: ignored). Writes the gradient of the mean over counted
 * rows, times weight, to grad (may be NULL). class_weights [classes] may be NULL. @return sum over counted rows of the loss;
 * *hits counts rows whose largest logit is the label, *counted the rows
 */
double eqk_loss_cross_entropy (EqkPrecision precision, EqkPool *pool, const void *logits, const int32_t *labels, const float *class_weights,
                               size_t rows, int classes, double weight, void *grad, size_t *hits, size_t *counted);
/**
 * Mean over numbers of the loss of (y - target) / scale, times weight; the gradient goes to grad (may be NULL). Huber: delta 1. Length: the root mean square over the
 * `width` numbers of a row (n is a multiple of it), averaged over rows; like the square it does not change when rows turn, and it minds far misses less.
 */
double eqk_loss_numbers (EqkLossKind kind, EqkPrecision precision, const void *y, const void *target, size_t n, size_t width, double scale, double weight, void *grad);

/* ---- optimisers ---- */
typedef enum { EQK_OPTIMIZER_SGD, EQK_OPTIMIZER_ADAM, EQK_OPTIMIZER_ADAMW } EqkOptimizerKind;

typedef struct
{
  EqkOptimizerKind kind;
  double lr;
  double momentum;        /**< SGD */
  double beta1, beta2, epsilon;
  double weight_decay;    /**< SGD, Adam: added to the gradient; AdamW: decoupled */
  double clip;            /**< largest norm of the whole gradient; 0: none */
  double average;         /**< decay of the moving average of the weights; 0: none */
} EqkOptimizerOptions;

#define EQK_OPTIMIZER_DEFAULTS { EQK_OPTIMIZER_ADAM, 1e-3, 0.9, 0.9, 0.999, 1e-8, 0, 0, 0 }

typedef struct EqkOptimizer EqkOptimizer;

/** By name: "sgd", "adam", "adamw"; false when there is none, *kind is then as before. */
bool          eqk_optimizer_find (const char *name, EqkOptimizerKind *kind);
/** State for n_weights numbers of that precision, all zero; options are copied. NULL without memory. */
EqkOptimizer *eqk_optimizer_new  (const EqkOptimizerOptions *options, EqkPrecision precision, size_t n_weights);
/** NULL is let pass; the store and its weights stay. */
void          eqk_optimizer_free (EqkOptimizer *self);
/** One step with the options' rate times `factor`. Changes the store's weights and touches it. @return norm of the gradient before clipping; NaN leaves the weights as they were */
double        eqk_optimizer_step (EqkOptimizer *self, EqkStore *store, const void *grads, double factor, EqkPool *pool);
/** Steps taken so far; the bias corrections of Adam (Kingma & Ba 2015) count with it. */
uint64_t      eqk_optimizer_steps (const EqkOptimizer *self);
/** For a training that goes on from a checkpoint, with eqk_optimizer_state. */
void          eqk_optimizer_set_steps (EqkOptimizer *self, uint64_t steps);
/** State for checkpoints: 0 first moment or velocity, 1 second moment, 2 averaged weights; NULL when there is none. n_weights numbers. */
void         *eqk_optimizer_state (EqkOptimizer *self, int which);

/* ---- schedules ---- */
typedef enum { EQK_SCHEDULE_CONSTANT, EQK_SCHEDULE_STEP, EQK_SCHEDULE_COSINE, EQK_SCHEDULE_PLATEAU } EqkScheduleKind;

typedef struct
{
  EqkScheduleKind kind;
  double warm_up;      /**< part of the training in which the rate rises linearly, 0..1 */
  double step_every;   /**< STEP: part of the training after which the rate is multiplied by `factor` */
  double factor;       /**< STEP, PLATEAU */
  int    patience;     /**< PLATEAU: epochs without improvement */
  double floor;        /**< least factor */
} EqkSchedule;

#define EQK_SCHEDULE_DEFAULTS { EQK_SCHEDULE_COSINE, 0, 1.0 / 3, 0.5, 3, 0 }

/** By name: "constant", "step", "cosine", "plateau"; false when there is none, *kind is then as before. */
bool   eqk_schedule_find (const char *name, EqkScheduleKind *kind);
/** Factor at `progress` 0..1 of the training; `reductions` counts the plateau's cuts so far. */
double eqk_schedule_factor (const EqkSchedule *self, double progress, int reductions);

#ifdef __cplusplus
}
#endif

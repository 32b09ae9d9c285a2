#pragma once

/* What the parts of the audit share: the list of elements, measurements of whole networks, of nodes, statistics. */

#include "check/audit.h"
#include "check/rig.h"

enum { EQK_AUDIT_MAX_ELEMENTS = 80 };

typedef enum { EQK_MOVE_NONE, EQK_MOVE_CYCLE, EQK_MOVE_SWAP, EQK_MOVE_RANDOM, EQK_MOVE_EVERY } EqkAuditMove;

/* One thing to try. */
typedef struct
{
  EqkElement   g;
  char         name[80];
  bool         promised, on_grid, shifted;
  EqkAuditMove move;
  int          times;           /* how often the whole network is tried with it, each time another permutation; the worst counts */
} EqkAuditTrial;

typedef struct
{
  EqkAuditTrial items[EQK_AUDIT_MAX_ELEMENTS];
  int           n;
  int           farthest;       /* the trial farthest from a grid symmetry; -1 */
  EqkSymmetry   symmetry;
} EqkAuditTrials;

/**
 * Elements to try for the symmetry of the program's design: the identity first, then promised ones and others, with
 * shifts and permutations where the design has them.
 */
void eqk_audit_list_trials (const EqkProgram *program, uint64_t seed, EqkAuditTrials *trials);

/*
 * By how much an action alone makes roundings larger: 1 + |t|/radius for points that it shifts by t, 1 for everything else. Errors in
 * float32 are divided by it, because the rounding of shifted coordinates is not the network's (guidance.md §4.2).
 */
double eqk_audit_shift_rounding (const EqkRig *rig, const EqkAction *action);
/* The action of a trial on a rig's inputs, time 0 … times - 1; frees with eqk_audit_end, also after EQK_ERR_NO_MEMORY. shift is [3] memory of the caller. */
EqkStatus eqk_audit_begin (const EqkAuditTrials *trials, int i, int time, const EqkRig *rig, uint64_t seed, double *shift, EqkAction *action);
/** Frees the permutation that eqk_audit_begin drew. */
void eqk_audit_end   (EqkAction *action);

/* Errors of whole networks: by trial and sample, the largest over outputs. Forces apart. */
typedef struct
{
  int     samples, n_trials;
  double *error;                 /* [n_trials][samples]; NaN: not applicable */
  double *forces;                /* the same; NaN: none */
  double *sensitive;             /* [n_trials][samples] e_s */
  double *roundings;             /* [samples] the largest error in units of the precision's rounding, without what shifts add */
  int     batch;                 /* inputs drawn at a time: the same seed and batch draw the same inputs */
  float  *first;                 /* outputs of the first samples for the comparison of kernels; numbers of output 0 */
  size_t  n_first;
  bool    zero_output;           /* some output is (nearly) zero */
  bool    constant_output;       /* some output hardly depends on the input */
} EqkAuditErrors;

typedef struct
{
  EqkPrecision precision;
  EqkFill      fill;
  int          samples;
  bool         warm_up;          /* running statistics to the network's own values first (control) */
  bool         between;          /* only trials off the grid; else only those on it */
} EqkAuditPlan;

/**
 * Runs all samples as they are and under every trial of the plan, and fills errors (eqk_audit_errors_clear), which is
 * empty on failure.
 * @return EQK_OK, EQK_ERR_NO_MEMORY, EQK_ERR_CANCELLED, or what a run refuses
 */
EqkStatus eqk_audit_measure (const EqkProgram *program, const EqkStore *store, const EqkAuditTrials *trials, const EqkAuditPlan *plan,
                             const EqkAuditOptions *options, EqkAuditErrors *errors, EqkDiag *diag);
/** Frees the tables; may be called again. */
void      eqk_audit_errors_clear (EqkAuditErrors *errors);
/** Of those that are numbers, none of which may be negative; NaN when there is none. */
double    eqk_audit_median (const double *values, size_t n);
/** NaN when there is none. */
double    eqk_audit_largest (const double *values, size_t n);

/* Intrinsic errors of nodes, in one precision: the largest over trials. on-grid and off-grid apart; accumulated over on-grid. */
typedef struct { double grid, between, accumulated; bool measured, zero; } EqkAuditNodeErrors;

/**
 * Each node alone on exactly moved inputs, for a few of the trials on the grid, or (between) for the farthest one off
 * it. errors: [nodes], only raised.
 */
EqkStatus eqk_audit_nodes (const EqkProgram *program, const EqkStore *store, EqkPrecision precision, bool between,
                           const EqkAuditTrials *trials, const EqkAuditOptions *options, EqkAuditNodeErrors *errors, EqkDiag *diag);
/* |a - b| / max (|a|, |b|), inside the disk of a grid where wanted. */
double    eqk_check_norms (const EqkRig *rig, const EqkPortType *type, bool disk, const void *a, const void *b, size_t n);

/* Gradients of a loss that is moved along: of inputs and of weights. NaN when the network cannot be differentiated. */
EqkStatus eqk_audit_gradients (const EqkProgram *program, const EqkStore *store, const EqkAuditTrials *trials,
                               const EqkAuditOptions *options, double *inputs, double *weights, EqkDiag *diag);

/** Of all errors that are numbers, with a bootstrap by the seed; all zero where there are none. @return EQK_OK or EQK_ERR_NO_MEMORY */
EqkStatus eqk_audit_statistics (const EqkAuditErrors *errors, double threshold, uint64_t seed, EqkAuditStatistics *statistics);

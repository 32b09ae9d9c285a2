#pragma once

/**
 * The audit: does a network do what its types promise? By guidance.md §4: f(g x) against g f(x) on the kernels in use, on
 * direct kernels and in float64; every node alone on exactly transformed inputs, so that a break has a culprit; a control of
 * equal shape without the symmetry, which must fail, or the test had no power; gradients; statistics.
 */

#include "eqk/graph.h"
#include "eqk/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { EQK_VERDICT_EXACT, EQK_VERDICT_WITHIN_LIMIT, EQK_VERDICT_INCONCLUSIVE, EQK_VERDICT_BROKEN } EqkVerdict;

typedef struct
{
  int       samples;        /**< inputs; 2 … 10000 */
  uint64_t  seed;
  uint64_t  weight_seed;    /**< of the initialiser, where no weights are given */
  EqkPool  *pool;           /**< borrowed; NULL: this thread */
  /** May be NULL. done is 0 … 1, or negative for a sign of life within a step. @return false to stop: EQK_ERR_CANCELLED */
  bool    (*progress) (void *data, double done);
  void     *data;
} EqkAuditOptions;

#define EQK_AUDIT_OPTIONS_INIT { .samples = 16, .seed = 1 }

/** One element, or one permutation or shift beside the point group. Errors are the largest over outputs and samples. */
typedef struct
{
  EqkElement g;
  char       name[80];
  bool       promised;      /**< the types promise it exactly */
  bool       on_grid;       /**< no interpolation */
  bool       applicable;    /**< false: a quarter turn of a rectangle, an element that a restriction gave up */
  double     error;         /**< e(g) in float32 on the kernels in use; NaN when not applicable, and of an output that is zero */
  double     error_direct, error_f64;
  double     median_s, worst_s;       /**< sensitivity-normalised e_s(g) */
  double     control_s;               /**< median e_s of the control */
} EqkAuditElement;

typedef struct
{
  int         node;
  const char *id;
  bool        measured;     /**< sources and forces have no error of their own */
  double      error;        /**< intrinsic, float32 in use: exactly transformed inputs */
  double      error_f64;
  double      error_between;   /**< intrinsic, off the grid symmetries, float64: reported only; NaN where none was tried */
  double      accumulated;  /**< of its output in the whole network, float64; NAN where nothing was measured */
  EqkVerdict  verdict;
} EqkAuditNode;

/** Of e(g) over inputs and elements, float32 on the kernels in use. */
typedef struct
{
  size_t n;
  double mean, deviation, median, p95, p99, max;
  double mean_low, mean_high;    /**< 95 % bootstrap interval of the mean */
  double p_value;                /**< one-sided bootstrap, null hypothesis: the mean is at or above the threshold */
  double pass_rate;              /**< share at or below the threshold */
} EqkAuditStatistics;

typedef struct
{
  EqkVerdict         verdict;
  const char        *reason;     /**< EQK_N_: why it is not exact, in one sentence; NULL when exact */
  const char        *weights;    /**< "given", "initial" or "random": what the figures below are of */
  double             worst, worst_direct, worst_f64;
  double             worst_forces, worst_forces_f64;     /**< NaN without forces */
  double             threshold, threshold_direct, threshold_f64, threshold_forces;
  double             amplified;                          /**< largest factor by which float64 shows that an input makes roundings larger; float32
                                                              errors of that input are divided by it. 1: none does, at most 100 */
  bool               fast_kernels;                       /**< kernels in use differ from the direct ones */
  double             gradient_inputs, gradient_weights;  /**< NaN when not measured */
  double             threshold_gradient;
  bool               judges_between;                     /**< angles between grid points have a limit: no stride that aliases */
  bool               axioms;                             /**< the group passed its own test */
  int                samples;
  uint64_t           seed;
  EqkAuditElement   *elements;
  int                n_elements;
  EqkAuditNode      *nodes;      /**< in topological order */
  int                n_nodes;
  double             control_error, control_design;      /**< median e_s (deviation over the spread of the answers) of the control, of the design */
  double             control_ratio;                      /**< of the two; the design's counts as rounding at least */
  double             control_ratio_between;              /**< at the angle farthest from the grid; NaN when there is none */
  int                culprit;    /**< node, or -1 */
  const char        *culprit_id; /**< or NULL */
  EqkAuditStatistics statistics;
  EqkTyped          *typed;      /**< owned reference: ids live in it */
} EqkAudit;

/**
 * Audits a design. store NULL: it was never trained; its initial weights and random ones are audited and the worse is kept.
 * The store may be of any precision.
 */
EqkStatus eqk_audit (EqkTyped *typed, const EqkStore *store, const EqkAuditOptions *options, EqkAudit **out, EqkDiag *diag);

/**
 * As above for programs: `in_use` and `direct` are of one design, compiled with keep_all, the second with exact. A mutated
 * program is audited as the design it no longer is.
 */
EqkStatus eqk_audit_programs (const EqkProgram *in_use, const EqkProgram *direct, const EqkStore *store,
                              const EqkAuditOptions *options, EqkAudit **out, EqkDiag *diag);
/** With elements, nodes and the reference to the types; NULL is let pass. */
void      eqk_audit_free (EqkAudit *self);

/** Largest relative error in float32 that counts as exact. @param fast_kernels  kernels in use differ from the direct ones */
double    eqk_audit_limit         (bool fast_kernels);
/** Band of a single wire for turns between pixels: a steerable convolution at any angle (guidance.md §4.3). */
double    eqk_audit_limit_between (void);
/** Of a whole network for an angle between grid points: median and largest error over the output's own change. */
double    eqk_audit_limit_median_s (void);
/** The second of the two. */
double    eqk_audit_limit_worst_s  (void);
/** Of forces, which are slopes. */
double    eqk_audit_limit_forces  (void);

/** "exact", "within_limit", "broken", "inconclusive". */
const char *eqk_verdict_name (EqkVerdict verdict);

/** Closure, associativity, identity and inverses on random triples (domain.md §1.4). */
bool eqk_audit_axioms (const EqkGroup *group, uint64_t seed, int triples);

#ifdef __cplusplus
}
#endif

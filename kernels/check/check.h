#pragma once

/** Checkers: laws that every layer and every operation must keep. Each says how far the worst case was off, and where. */

#include "check/rig.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct
{
  double worst;        /**< largest relative error */
  int    n;            /**< comparisons made */
  char   where[160];   /**< the worst one: name of the weight, feed, operation or element */
} EqkCheck;

/**
 * Gradients of L = sum of <c, y> over all outputs (c random; forces included) against central differences of step 1e-5 along
 * random directions, one tensor and one input at a time, so that a small tensor cannot hide behind a large one. Points near a
 * kink are found by a second step width and drawn again. The rig must be float64 and planned for training.
 */
EqkStatus eqk_check_gradient (EqkRig *rig, EqkPassMode mode, uint64_t seed, EqkCheck *check, EqkDiag *diag);

/**
 * The mode in which differences see what the reverse pass of an operation gives: training, but for norms that are defined with statistics that
 * are constants in reverse (layers.md D3, D4), which differences see in evaluation only.
 */
EqkPassMode eqk_check_mode (const EqkOp *op);

/** What one operation is checked for; checks that do not apply have n = 0. */
typedef struct
{
  EqkCheck reverse;    /**< reverse against central differences of forward */
  EqkCheck adjoint;    /**< <J v, u> = <v, J^T u> */
  EqkCheck tangent;    /**< tangent against central differences of forward */
  EqkCheck second;     /**< reverse2 against central differences of <c, y> + <e, J v> */
} EqkOpChecks;

/** Checks operation number `op` of the rig's program (keep_all, float64) at the point where the last forward pass left it. */
EqkStatus eqk_check_operation (EqkRig *rig, int op, EqkPassMode mode, uint64_t seed, EqkOpChecks *checks, EqkDiag *diag);

/** One element at one output: what the types say and what was measured. */
typedef struct
{
  EqkElement g;
  int        output;
  bool       promised;      /**< the inferred guarantee says exact */
  bool       on_grid;       /**< measured without interpolation */
  bool       applicable;    /**< the element acts on the inputs and on this output */
  double     error;         /**< |f(g x) - g f(x)| / |f(x)|, the worst sample */
  char       name[48];
} EqkElementCheck;

enum { EQK_MAX_ELEMENT_CHECKS = 512 };

typedef struct
{
  EqkElementCheck items[EQK_MAX_ELEMENT_CHECKS];
  int             n;
  bool            zero_output;   /**< an output so small that nothing follows from it */
  bool            together;      /**< of a group of space, whose elements are promised all or none: one that is off shows that the promise is lost */
} EqkEquivarianceCheck;

/**
 * Measures every element of a finite group (others: grid symmetries, or 16 samples) at every output, each with a random
 * permutation of nodes and a shift of positions where the symmetry has them.
 */
EqkStatus eqk_check_equivariance (EqkRig *rig, EqkPassMode mode, uint64_t seed, EqkEquivarianceCheck *check, EqkDiag *diag);

/**
 * Prediction against measurement: a promised element must be exact within `tolerance`; one that is not promised, though it
 * could be measured without interpolation, must be off by more than ten times that (of `together` one of them). @return NULL, or the first item at fault
 */
const EqkElementCheck *eqk_check_prediction (const EqkEquivarianceCheck *check, double tolerance);

/** Shapes, finiteness and counts: what was inferred is what is produced, parameters are what is allocated. */
EqkStatus eqk_check_shapes (EqkRig *rig, EqkDiag *diag);


/** Random permutation of the nodes of each sample; in samples of three or more its first three rows make a 3-cycle. NULL: none are ragged. */
int32_t *eqk_check_moves (const EqkRig *rig, uint64_t seed);

#ifdef __cplusplus
}
#endif

#pragma once

/**
 * A program of what one function builds, with feeds a sample each, in float64: for kernels that no single layer offers as a file has them. Or of one layer
 * of the registry, with the feed "x" of irreps of O(3).
 */

#include "reference.h"

#include "eqk/graph.h"
#include "eqk/run.h"

typedef struct OneOp OneOp;

/** Builds operations from feeds it declares itself. @return the value of the result, or -1 */
typedef int (*OneOpBuild) (EqkBuild *b, void *data, EqkDiag *diag);

/** NULL, with the case failed, when it cannot be built. width: numbers of a row of the result. */
OneOp  *one_op_new      (RefCase *c, int batch, int width, OneOpBuild build, void *data);
/**
 * A layer with one input and one output, its weights and states by their own names. points: nodes of each of the samples; 0 for rows of samples. NULL, with
 * the case failed, when the layer refuses.
 */
OneOp  *one_layer_new   (RefCase *c, const char *layer, const char *settings, const char *irreps, int samples, int points);
void    one_op_free     (OneOp *self);
/** Copies numbers into a feed, [batch, width]. */
void    one_op_feed     (OneOp *self, const char *name, const double *x);
/** A trainable tensor, to be written before one_op_forward. */
double *one_op_weight   (OneOp *self, const char *name);
double *one_op_state    (OneOp *self, const char *name);
/** The result, [batch, width]. train: as in training. */
const double *one_op_forward (OneOp *self, bool train);
/** Gradients of the sum of result times v. */
void    one_op_backward (OneOp *self, const double *v);
const double *one_op_gradient        (OneOp *self, const char *feed);
const double *one_op_weight_gradient (OneOp *self, const char *name);
void    one_op_commit   (OneOp *self);

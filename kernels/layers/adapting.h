#pragma once

/** Layers that lead from one type to another, as fixes of a problem; or the sentence that nothing can. */

#include "eqk/layer.h"

/**
 * Offers to put layers behind an output so that what it feeds gets fields of `to`, as fixes of the problem raised last: a new order of the
 * fields, a linear map, lengths, products of the features with themselves. Where none of them leads there, the problem says whether
 * anything could.
 * @param source  the node, and `from` the type of its first output, which all that it feeds then reads through the new layers
 * @return whether a fix was added
 */
bool eqk_adapting_fix (EqkInfer *ctx, int source, const EqkPortType *from, const EqkRep *to);

#pragma once

/** Fixes that layers cannot offer, since they take a look at the whole design: which wire to cut or to draw, which layer to put into one. */

#include "model/document.h"
#include "model/problem.h"

G_BEGIN_DECLS

/**
 * Adds fixes to a problem of the main graph: of loops, of open inputs, and of types that do not meet. What is offered for the latter two was
 * tried on a copy: with it there is no error at the node and what is new; layers are only put in where the design has fewer errors then. Where types do not meet and nothing that was tried helps, the problem says so.
 * @param told  the problem as people read it, `found` as the kernels found it in `typed`
 */
void eqs_mend_add_fixes (EqsProblem *told, EqsDocument *document, const EqkTyped *typed, const EqkProblem *found);

G_END_DECLS

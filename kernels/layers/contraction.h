#pragma once

/** Bases of symmetric polynomials that transform as an irrep: the tables of the symmetric contraction. */

#include "layers/irreps.h"

typedef struct EqkContraction EqkContraction;

/**
 * Polynomials up to `order` (1..3) of the components of one copy of each run of `in`, for each run of `out`. Paths are numbered
 * run by run of the output, order by order. NULL when memory is short.
 */
EqkContraction *eqk_contraction_new  (const EqkRep *in, const EqkRep *out, int order);
/** With its bases; NULL is let pass. */
void            eqk_contraction_free (EqkContraction *self);
/** Paths of all orders to all runs of the output. */
int             eqk_contraction_n_paths (const EqkContraction *self);
/** Paths of one order to one run of the output: 0 where no polynomial transforms so. */
int             eqk_contraction_count (const EqkContraction *self, int run, int order);
/** Parameters of the operation, its tables kept by the program, and the value of its constants. False when memory is short. */
bool            eqk_contraction_build (const EqkContraction *self, EqkBuild *b, EqkContractionParams *out, int *constants);

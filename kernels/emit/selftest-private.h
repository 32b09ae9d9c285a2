#pragma once

/* What the files that write selftest.c share. */

#include "emit/emit-private.h"

enum { N_PAIRS = 16, N_ELEMENTS = 3 };

/* Largest relative difference of an output, where its input determines it; also in the text of selftest.c. */
#define USUALLY_ALLOWED 1e-5

/* ---- selftest-pairs.c ---- */

/* Where an operation picks the largest of several numbers, coarse inputs would make ties, which break differently when turned. */
bool   eqk_selftest_needs_fine (const EqkEmitter *self);
/* Inputs and outputs of all pairs, as tables; sizes and edges of each into the emitter. */
void   eqk_selftest_pairs      (EqkEmitter *self, EqkText *out);
/* Relative to the largest number of an output, as the self-test compares. */
double eqk_selftest_allowed    (const EqkEmitter *self, int pair);

/* ---- selftest-symmetry.c ---- */

/* Three elements that the types promise exactly, spread over the list; fewer where the group has fewer. */
int    eqk_selftest_elements   (const EqkEmitter *self, const EqkSymmetry *symmetry, EqkElement out[N_ELEMENTS]);
/* The elements as matrices of pixels and of channels, and what turns an input or output by one. */
void   eqk_selftest_symmetry   (EqkEmitter *self, EqkText *out, const EqkSymmetry *symmetry, const EqkElement *elements, int n);
/* Rows of a ragged port in the pair p; 1 for others. */
const char *eqk_selftest_rows  (EqkEmitter *self, const EqkSpace *space);

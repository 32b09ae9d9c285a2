#pragma once

/** Seeded inputs for checks: noise for symmetries of the grid, oriented pictures for other angles, clouds with a least distance. */

#include "eqk/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum
{
  EQK_FILL_NOISE,      /**< independent normal numbers */
  EQK_FILL_ORIENTED    /**< grids: bars and wedges inside a disk (guidance.md §4.2); elsewhere as noise */
} EqkFill;


/**
 * Writes one value of this type in double; sample k is the same whatever the size of the batch.
 * @param structure  nodes of each sample; NULL where the value is not ragged
 * @param cutoff     of the neighbour list, for positions; 0: none
 */
void eqk_inputs_fill (const EqkPortType *type, const EqkStructure *structure, int batch, double cutoff, EqkFill fill,
                      uint64_t seed, uint32_t stream, double *out);

/** Points of a periodic sample: anywhere in the lattice, none too near an image of another, none at the cut-off. cell: [9], x: [n, 3] */
void eqk_inputs_settle (const double *cell, double cutoff, size_t n, uint64_t seed, double *x);

/** First row and number of rows that sample s has in a value of this type. */
void eqk_inputs_rows (const EqkPortType *type, const EqkStructure *structure, int s, size_t *first, size_t *n);

/** Nodes of sample k: 3 … 7. */
int32_t eqk_inputs_nodes (uint64_t seed, int sample);

#ifdef __cplusplus
}
#endif

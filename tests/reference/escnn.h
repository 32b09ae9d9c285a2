#pragma once

/**
 * What the escnn files have in common: their names of groups, irreps, fields and subgroups. Their mirror axis is the
 * vertical one, so D_n and O(2) are read with "@axis=90" and nothing else has to be converted.
 */

#include "eqk/rep.h"
#include "reference.h"

/** "C4", "D4", "SO2", "SO(2)"; NULL and a failed case when it is none. */
const EqkGroup *escnn_group (RefCase *self, const cJSON *name);
/** An irrep id: [k] of C_n and SO(2), [j, k] of D_n and O(2). */
const EqkField *escnn_irrep (RefCase *self, const EqkGroup *group, const cJSON *id);
/** "irrep_1,2". */
void            escnn_irrep_name (const EqkField *irrep, char *text, size_t size);
/** The id has exactly the numbers of this irrep. */
bool            escnn_same_irrep (RefCase *self, const char *what, const cJSON *id, const EqkField *irrep);
/** A subgroup id: m of C_n and SO(2); [null, m] and [f, m] of D_n and O(2). */
const EqkGroup *escnn_subgroup (RefCase *self, const EqkGroup *group, const cJSON *id);
/** "regular", "trivial", ["irrep", id], ["quotient", id], ["bl_regular", L]. */
const EqkField *escnn_field (RefCase *self, const EqkGroup *group, const cJSON *description);
/** A list of [field, multiplicity]. */
const EqkRep   *escnn_rep (RefCase *self, const EqkGroup *group, const cJSON *list);
/** escnn's own name of a field, as in "per_field_pair". */
bool            escnn_same_field_name (RefCase *self, const cJSON *name, const EqkField *field, const cJSON *description);

/**
 * Largest distance of the rows of `vectors` [n, size] from the span of the rows of `basis` [m, size], each relative to
 * 1 + its length. The rows of basis need not be independent.
 */
double escnn_span_distance (const double *vectors, size_t n, const double *basis, size_t m, size_t size);
/** Rank of the rows of vectors [n, size], to 1e-4 of the longest. */
int    escnn_rank (const double *vectors, size_t n, size_t size);

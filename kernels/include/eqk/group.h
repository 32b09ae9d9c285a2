#pragma once

/**
 * Groups as objects with methods: nothing outside a group's own file asks which group it is by name.
 *
 * Conventions (fixed once, here, for the whole product):
 *  - plane: x to the right, y up; positive rotation counter-clockwise; R(t) = [[cos t, -sin t], [sin t, cos t]];
 *  - pixel (row i, column j) of an H x W grid is the point x = j - (W-1)/2, y = (H-1)/2 - i;
 *  - an element of D_n or O(2) is g = r_t s^f: mirror first, then rotate; s has its axis as a parameter of the group
 *    (axis_deg = 0: y -> -y);
 *  - element order of a finite group is the index f*n + r.
 */

#include "eqk/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct EqkGroup EqkGroup;
typedef struct EqkField EqkField;

/** One element. Which fields count is the group's business; unused ones are zero. */
typedef struct
{
  int    mirror;      /**< 0 or 1: mirrored (plane) or inverted (space) */
  int    index;       /**< rotation step of C_n, D_n */
  double angle;       /**< radians: SO(2), O(2) */
  double q[4];        /**< unit quaternion w, x, y, z: SO(3), O(3) */
} EqkElement;

/**
 * The group with this id: "triv", "C4", "D8", "flip", "SO2", "O2", optionally "@axis=90" for the mirror axis in degrees.
 * n runs from 1 to 16. Groups are interned and live as long as the process: the same id gives the same pointer
 * ("flip" is D1). Thread-safe.
 * @return NULL when there is no such group
 */
const EqkGroup *eqk_group_get (const char *id);

/** Canonical id, such as "D4@axis=90". */
const char *eqk_group_get_id       (const EqkGroup *self);
/** For people: "D₄". */
const char *eqk_group_get_notation (const EqkGroup *self);
/** Not translated (EQK_N_): "Rotations by quarter turns and mirrors". */
const char *eqk_group_get_title    (const EqkGroup *self);
/** False for SO(2), O(2), SO(3), O(3). */
bool        eqk_group_is_finite    (const EqkGroup *self);
/** Whether any two elements commute, so that the irreps over the complex numbers have dimension 1. */
bool        eqk_group_is_abelian   (const EqkGroup *self);
/** Whether every element can be reached from the identity by turning alone (SO(2), SO(3), the trivial group). */
bool        eqk_group_is_connected (const EqkGroup *self);
/** Whether some element has determinant -1: mirrored in the plane, inverted in space. */
bool        eqk_group_has_mirror   (const EqkGroup *self);
/** Number of elements; 0 when infinite. */
int         eqk_group_get_order    (const EqkGroup *self);
/** Rotation steps n of C_n and D_n; 0 for SO(2), O(2). */
int         eqk_group_get_n        (const EqkGroup *self);
/** 2: acts on the plane; 3: on space; 0: on neither. */
int         eqk_group_get_space_dim (const EqkGroup *self);
/** Mirror axis in degrees; 0 where there is none. */
double      eqk_group_get_axis_deg (const EqkGroup *self);

/* Elements. Index order is that of finite groups; for infinite ones use the sampler. */
/** Element 0 … order - 1 (not checked) of a finite group; of an infinite one, one of its identity component. */
EqkElement eqk_group_element  (const EqkGroup *self, int index);
/** Number of g in the order above; -1 for infinite groups. */
int        eqk_group_index_of (const EqkGroup *self, const EqkElement *g);
/** The element that moves nothing. */
EqkElement eqk_group_identity (const EqkGroup *self);
/** a b: b first, then a. */
EqkElement eqk_group_compose  (const EqkGroup *self, const EqkElement *a, const EqkElement *b);
/** The element that undoes g. */
EqkElement eqk_group_inverse  (const EqkGroup *self, const EqkElement *g);
/** Exact for finite groups; of infinite ones, whether the matrices agree within 1e-9 at every place. */
bool       eqk_group_equal    (const EqkGroup *self, const EqkElement *a, const EqkElement *b);
/**
 * Elements whose products give the whole group; of an infinite one a dense part of it. @return how many, at most 4
 */
int        eqk_group_generators (const EqkGroup *self, EqkElement out[4]);
/** Haar-distributed element number `counter` of the stream `seed`. */
EqkElement eqk_group_sample   (const EqkGroup *self, uint64_t seed, uint64_t counter);
/** Short name for people, such as "e", "90°", "mirror", "mirror, 90°". At most size bytes with the final 0. */
void       eqk_group_element_name (const EqkGroup *self, const EqkElement *g, char *text, size_t size);
/** The orthogonal matrix by which g acts on the plane or on space, row-major [dim, dim]. */
void       eqk_group_action   (const EqkGroup *self, const EqkElement *g, double *matrix);
/** True when g maps every centred square pixel grid to itself (quarter turns and the four grid mirrors). */
bool       eqk_group_on_grid  (const EqkGroup *self, const EqkElement *g);

/* Irreducible representations over the reals; `id` is j, k: j = 1 for mirror-odd or two-dimensional ones of D_n, O(2). */
/** How many have a frequency of at most max_frequency. */
int             eqk_group_n_irreps (const EqkGroup *self, int max_frequency);
/** By index in ascending frequency; interned. */
const EqkField *eqk_group_irrep    (const EqkGroup *self, int index);
/** NULL when there is none. */
const EqkField *eqk_group_irrep_by_id (const EqkGroup *self, int j, int k);
/** The one that leaves a number as it is. */
const EqkField *eqk_group_trivial  (const EqkGroup *self);
/** NULL for infinite groups. */
const EqkField *eqk_group_regular  (const EqkGroup *self);

/* Subgroups. H is a subgroup of G when every element of H is one of G, acting alike. */
/** Whether sub is one of self, found out on its generators; false for groups of plane and of space. */
bool            eqk_group_contains (const EqkGroup *self, const EqkGroup *sub);
/** The element of self that acts as h of sub does. False when there is none. */
bool            eqk_group_embed    (const EqkGroup *self, const EqkGroup *sub, const EqkElement *h, EqkElement *out);
/** The largest common subgroup; at least triv. */
const EqkGroup *eqk_group_common   (const EqkGroup *a, const EqkGroup *b);

/** Multiplication table [order, order] of a finite group: table[i*order + j] = index of e_i e_j. Owned by the group. */
const int *eqk_group_table (const EqkGroup *self);

/** The ids offered in lists (groups command, picker), in order; *n is their number. */
const char *const *eqk_group_catalogue (int *n);

#ifdef __cplusplus
}
#endif

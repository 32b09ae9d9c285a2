#pragma once

/**
 * What an element of the symmetry does to the numbers on a wire: it moves pixels, nodes and edges, and turns channels by
 * rho(g). The checkers and the audit compare f(g x) with g f(x) by it, so it is written from domain.md §0 alone and shares
 * nothing with the layers it judges.
 */

#include "eqk/run.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An element of the whole symmetry: of the point group, with a shift and a permutation of nodes. */
typedef struct
{
  const EqkGroup     *group;      /**< the design's group */
  EqkElement          g;
  const double       *shift;      /**< [space dim] or NULL: added to positions after g */
  int                 roll_rows, roll_cols;   /**< grids: circular shift in pixels after g (row down, column right) */
  const int32_t      *moves;      /**< [nodes] or NULL: node k goes to row moves[k] of the new batch */
  const int32_t      *wraps;      /**< [nodes, 3] or NULL: so many lattice vectors are added to node k (of the old batch) */
  const EqkStructure *from, *to;  /**< structures of the run before and after, by number; edges are matched by their ends and shifts */
} EqkAction;

/**
 * out = a . in for a value of this type, in physical order (grids [sample][row][column][channel]). Species and other index
 * values (int32) are only moved. Grid symmetries are exact permutations of pixels; other angles are interpolated bicubically
 * about the centre, with zeros outside.
 * @return EQK_ERR_SHAPE: this element does not map the grid to itself (a quarter turn of a rectangle);
 *         EQK_ERR_GROUP: the element is none of the wire's group (behind a restriction)
 */
EqkStatus eqk_action_apply (const EqkAction *a, const EqkPortType *type, EqkPrecision precision, const EqkSizes *sizes,
                            const void *in, void *out);

/** As above for an element of the wire's own group, without shift and permutation. */
EqkStatus eqk_act_on_value (const EqkPortType *type, const EqkElement *g, EqkPrecision precision, const EqkSizes *sizes,
                            const void *in, void *out);

/**
 * After eqk_action_apply to a feed whose rows move: what its columns say of places (EqkTelling) stays in its place, what might as well have the other
 * sign takes it.
 */
void eqk_action_leave (const EqkAction *a, const EqkValue *feed, EqkPrecision precision, size_t rows, const void *in, void *out);

/** Whether the action on such a wire is free of interpolation. */
bool eqk_action_is_exact (const EqkAction *a, const EqkPortType *type);

/** Whether pixel row * w + column of a grid lies in the disk that every turn leaves in the picture with room for interpolation: radius 0.4 min (h, w) (guidance.md §4.2). */
bool eqk_action_in_disk (const EqkSpace *grid, size_t pixel);

#ifdef __cplusplus
}
#endif

#pragma once

/** What travels on a wire: where the values live, how they transform, what they are, and what is guaranteed of them. */

#include "eqk/rep.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum
{
  EQK_SPACE_SAMPLE,   /**< one row a sample */
  EQK_SPACE_GRID,     /**< H x W rows a sample */
  EQK_SPACE_NODES,    /**< one row a node (atom, point, set element); ragged */
  EQK_SPACE_EDGES,    /**< one row a directed edge of a structure; ragged */
  EQK_SPACE_PAIRS,    /**< n x n rows a sample; ragged */
  EQK_SPACE_FIXED     /**< a fixed number of rows, without samples: weights and what is computed from them alone */
} EqkSpaceKind;

typedef struct
{
  EqkSpaceKind kind;
  int          h, w;        /**< grid: extents; fixed: h rows */
  int          structure;   /**< nodes, edges, pairs: number of the structure in the design (nodes of one cloud: 0) */
} EqkSpace;

typedef enum { EQK_PERMUTE_NONE, EQK_PERMUTE_SET, EQK_PERMUTE_GRAPH } EqkPermutations;

typedef struct
{
  const EqkGroup *group;          /**< point group */
  bool            translations;
  EqkPermutations permutations;
} EqkSymmetry;

typedef enum
{
  EQK_KIND_FEATURE, EQK_KIND_POSITION, EQK_KIND_SPECIES, EQK_KIND_EDGES, EQK_KIND_EDGE_VECTOR, EQK_KIND_EDGE_LENGTH,
  EQK_KIND_RADIAL, EQK_KIND_LOGITS, EQK_KIND_ENERGY, EQK_KIND_FORCE, EQK_KIND_POSE, EQK_KIND_MASK,
  EQK_KIND_CELL,       /**< of a sample: three arrows, the rows of a lattice */
  EQK_KIND_STRESS      /**< of a sample: 1x0e + 1x2e, see eqk_stress_to_irreps */
} EqkKind;

/** How far the promise is kept at a wire. */
typedef enum
{
  EQK_HOLDS_EXACT,      /**< every element of the design's group, to rounding */
  EQK_HOLDS_PARTLY,     /**< the elements of the mask exactly, the others within a band (sampling, aliasing) */
  EQK_HOLDS_LOST        /**< a node upstream broke it */
} EqkHolds;

/**
 * Elements that hold exactly: bit i is element i of a finite group; of an infinite plane group bit f*4 + r is the grid
 * symmetry "f mirrors, then r quarter turns". Groups of space hold all or nothing: EQK_ALL_ELEMENTS.
 */
typedef struct
{
  EqkHolds    holds;
  uint64_t    exact;       /**< mask of exact elements */
  int         node;        /**< index of the first node that lowered it; -1 */
  const char *code;        /**< lint code of the reason, or NULL */
} EqkGuarantee;

#define EQK_ALL_ELEMENTS (~(uint64_t) 0)

typedef struct
{
  EqkSpace      space;
  EqkSymmetry   symmetry;
  const EqkRep *rep;        /**< channels of a row; for index kinds (species, edges) one trivial channel */
  EqkKind       kind;
  EqkGuarantee  guarantee;
} EqkPortType;

/** "grid 28x28", "nodes", "one per sample" … into text. */
void eqk_space_text (const EqkSpace *space, char *text, size_t size);
/** A constant English word, "edge vector", for messages; not translated. */
const char *eqk_kind_name (EqkKind kind);
/** Same kind and, as far as the kind has them, same extents or same structure. */
bool eqk_space_equal (const EqkSpace *a, const EqkSpace *b);

/** The mask of elements of the group that map an H x W grid to itself exactly (see EqkGuarantee). */
uint64_t eqk_guarantee_grid_mask (const EqkGroup *group, int h, int w);
/** Mask of all elements that the mask of this group can hold. */
uint64_t eqk_guarantee_full_mask (const EqkGroup *group);
/** The element bit number `bit` of a mask stands for. */
EqkElement eqk_guarantee_element (const EqkGroup *group, int bit);
/** Elements that stay exact when the sampling grid is off-centre along x and/or y: those that flip no such axis. */
uint64_t eqk_guarantee_unflipped (const EqkGroup *group, bool off_x, bool off_y);
/** The weaker of two guarantees: intersection of masks, the worse verdict, the first culprit. */
EqkGuarantee eqk_guarantee_meet (EqkGuarantee a, EqkGuarantee b);

#ifdef __cplusplus
}
#endif

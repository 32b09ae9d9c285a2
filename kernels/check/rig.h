#pragma once

/** A program with weights and seeded inputs, ready to run in one precision: what the checkers and the audit measure on. */

#include "check/action.h"
#include "check/inputs.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct
{
  EqkPrecision precision;
  bool         train;        /**< plans reverse passes, with gradients of the inputs */
  int          batch;        /**< samples; at least 1 */
  uint64_t     seed;         /**< of inputs, and of weights where none are given */
  EqkFill      fill;
  EqkPool     *pool;         /**< borrowed; NULL: this thread */
} EqkRigOptions;

typedef struct
{
  int          value;
  EqkPortType  type;
  bool         index;
  size_t       count;        /**< numbers */
  double      *data;         /**< inputs before any action; owned */
} EqkRigFeed;

/** Fields are for reading. */
typedef struct
{
  const EqkProgram *program;
  EqkStore         *store;       /**< own copy, in the precision of the rig */
  EqkRun           *run;
  EqkRigOptions     options;
  EqkSizes          sizes;       /**< of the batch */
  EqkRigFeed       *feeds;
  int               n_feeds;
  int32_t          *nodes;       /**< [batch]; NULL when nothing is ragged */
  int32_t          *wraps;       /**< [nodes, 3] of periodic samples, else NULL: see EqkAction */
  int32_t          *edge_src, *edge_dst;   /**< graph of a program that has no neighbour rule of its own */
  size_t            n_edges;
  EqkStructure      base[EQK_MAX_STRUCTURES];   /**< structures of the inputs as they are */
  int               n_structures;
} EqkRig;

/** weights: copied; NULL draws random ones (eqk_store_randomise) from the seed. */
EqkStatus eqk_rig_new  (const EqkProgram *program, const EqkStore *weights, const EqkRigOptions *options, EqkRig **out, EqkDiag *diag);
/** With run, weights and inputs; NULL is let pass. */
void      eqk_rig_free (EqkRig *self);
/** Keeps the structures as they are now: after a forward pass of the inputs as they are, the parts that were selected too. */
EqkStatus eqk_rig_keep (EqkRig *self);
/** Draws other inputs of the same sizes. */
void      eqk_rig_refill (EqkRig *self, uint64_t seed);
/** Feeds the inputs, moved by `action` where it is not NULL (its structures are filled in). Columns that tell of places (EqkTelling) are not moved with their rows. */
EqkStatus eqk_rig_load (EqkRig *self, EqkAction *action, EqkDiag *diag);
/** Moves points of the run by the lattice vectors of action->wraps (none where that is NULL); the lattice has been moved already. */
void      eqk_rig_wrap (EqkRig *self, const EqkAction *action);
/** Number i of a value, or of any buffer of the rig's precision. */
double    eqk_rig_number (const EqkRig *self, const void *buffer, size_t i);
/** Rounded to the precision of the rig. */
void      eqk_rig_set_number (const EqkRig *self, void *buffer, size_t i, double value);
/** Numbers in a value for the present batch, and its bytes. */
size_t    eqk_rig_count (const EqkRig *self, int value);
/** Its bytes: int32 of index values, else numbers of the rig's precision. */
size_t    eqk_rig_bytes (const EqkRig *self, int value);

#ifdef __cplusplus
}
#endif

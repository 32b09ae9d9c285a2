#pragma once

/* The plan of a run: which memory each value has in which lane, what each pass does at each operation. */

#include "eqk/op.h"
#include "graph/graph-private.h"

enum { EQK_GIN_NONE, EQK_GIN_DIRECT, EQK_GIN_ADD };

/* One reverse pass: which operations it runs and where input gradients go. */
typedef struct
{
  bool   *active;        /* by operation */
  bool   *second;        /* by operation: reverse2 instead of reverse */
  char   *mode;          /* by input slot: EQK_GIN_… */
  void  **target;        /* by input slot: where the operation writes */
  void  **lane;          /* by value: gradients of this pass */
  size_t *zero_bytes;    /* by value: outputs nobody writes a gradient for are zeroed before their operation runs */
  void  **scratch;       /* by operation */
} EqkReversePlan;

struct EqkRunPrivate
{
  char          *arena;
  size_t         arena_bytes;
  bool           train, input_grads, export_plan;
  EqkSizes       capacity;
  int           *slot;              /* by operation: first input slot */
  int            n_slots;
  bool          *keeps;             /* by value: memory lives to the end of the step */
  bool          *tangent;           /* by operation: moves with the positions */
  void         **scratch;           /* by operation, forward */
  void         **tangent_scratch;
  EqkReversePlan first, main;       /* to the positions; to the weights */
  void          *grads;             /* flat, of the store's precision */
  double        *macs;              /* by operation, of one forward at capacity */
  uint64_t       static_version;    /* of the store, when static values were computed last */
  EqkStructure   structures[EQK_MAX_STRUCTURES];
  EqkHeap       *heap;
};

/** Plans memory and passes for the capacity; fills run->x, g, g1, xd, saved. */
EqkStatus eqk_plan (EqkRun *run, const EqkRunOptions *options, EqkDiag *diag);

/** Whether an exported program turns this feed from [channel][row][column] to the order of kernels. */
bool eqk_feed_is_turned (const EqkValue *value);

/** Fills in how many rows selected parts can have at most. */
void eqk_sizes_bound (const EqkProgram *program, EqkSizes *sizes);
/** Nodes and pairs of a selected part in each sample, which follow from those of its parent; edges come with the selection. */
void eqk_selection_set_nodes (EqkRun *run, int structure);
/** Number of structures that a run has: those with edges by a rule, or the one of nodes alone, and selected parts. */
int  eqk_run_n_structures (const EqkProgram *program);
/** The lists of edges by where they come from; src, n_nodes and n_edges are set. */
void eqk_structure_index_sources (EqkStructure *structure);

/** Bytes of a value for any sizes: int32 of index values, else numbers of the run's precision. */
size_t eqk_run_bytes_of (const EqkRun *run, int value, const EqkSizes *sizes);

#pragma once

/**
 * A run: a program with memory. One arena is planned for a capacity; forward, reverse, tangent and reverse2 never allocate.
 * Several runs (training, evaluation, other precision) can share one set of weights (EqkStore).
 */

#include "eqk/pool.h"
#include "eqk/program.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { EQK_F32 = 32, EQK_F64 = 64 } EqkPrecision;

/** Rows of one structure in all samples together. */
typedef struct
{
  size_t nodes, edges, pairs;
} EqkExtent;

/** Structure 0 is that of the data; the others are parts of one before them, which a pool has selected (EqkSelection). */
enum { EQK_MAX_SELECTIONS = 3, EQK_MAX_STRUCTURES = 1 + EQK_MAX_SELECTIONS };

/** Capacity or actual size of a batch. */
typedef struct
{
  int       batch;                      /**< samples */
  size_t    nodes, edges, pairs;        /**< structure 0 */
  EqkExtent kept[EQK_MAX_SELECTIONS];   /**< structures 1, 2 …: runs find them; callers leave them out */
} EqkSizes;

/** Rows of a structure. */
static inline EqkExtent
eqk_sizes_of (const EqkSizes *sizes, int structure)
{
  if (structure == 0)
    return (EqkExtent){ sizes->nodes, sizes->edges, sizes->pairs };
  return sizes->kept[structure - 1];
}

/* ---- weights ---- */
typedef struct EqkStore EqkStore;

/** Weights and states of a program, initialised by its seed. */
EqkStore *eqk_store_new  (const EqkProgram *program, EqkPrecision precision, uint64_t seed);
/** One more owner, from any thread. @return self */
EqkStore *eqk_store_ref  (EqkStore *self);
/** One owner less, from any thread; the last one frees the numbers. NULL is let pass. */
void      eqk_store_unref(EqkStore *self);
/** Of all its numbers. */
EqkPrecision eqk_store_precision (const EqkStore *self);
/** Trainable numbers. */
size_t    eqk_store_n_weights (const EqkStore *self);
/** Numbers that are kept but not trained. */
size_t    eqk_store_n_state   (const EqkStore *self);
/** Flat; float or double. Call eqk_store_touch after a change. */
void     *eqk_store_weights   (EqkStore *self);
/** Flat; float or double, as the weights. */
void     *eqk_store_state     (EqkStore *self);
/** What was computed from weights alone is made anew. */
void      eqk_store_touch     (EqkStore *self);
/** Grows with every eqk_store_touch, so that who keeps something made of the weights sees that it is old. */
uint64_t  eqk_store_version   (const EqkStore *self);
/** Copies weights and states, converting precision. Both must be of programs with equal weights. */
EqkStatus eqk_store_copy      (EqkStore *to, const EqkStore *from);
/** Random weights for audits (guidance.md §4.1): no layer output near zero, biases not zero, legal running statistics. */
void      eqk_store_randomise (EqkStore *self, const EqkProgram *program, uint64_t seed);

/* ---- structures ---- */
/** Nodes and edges of a batch. Edges are sorted by (dst, src, shift); an edge goes from src to dst. Arrays are owned by the run. */
typedef struct
{
  int     n_samples;
  size_t  n_nodes, n_edges;
  int32_t *node_offset;     /**< [n_samples + 1] */
  int32_t *src, *dst;       /**< [n_edges] */
  int32_t *by_dst;          /**< [n_nodes + 1]: edges of a target */
  int32_t *by_src, *src_edge; /**< [n_nodes + 1] and [n_edges]: edges of a source */
  int32_t *shift;           /**< [n_edges, 3] of a periodic list: the edge comes from the image of src at x + shift · cell; NULL otherwise */
  size_t  *pair_offset;     /**< [n_samples + 1]: where the pairs of a sample begin, row by row */
  int      parent;          /**< of a selected part: the structure it is a part of */
  int32_t *node_of, *edge_of;  /**< [n_nodes] and [n_edges] of a selected part: rows in its parent, ascending; else NULL */
  int32_t *place;           /**< [nodes of the parent]: the row of a node in this part, or -1 */
} EqkStructure;

/* ---- runs ---- */
typedef struct EqkRun EqkRun;

typedef enum { EQK_PASS_INFER, EQK_PASS_TRAIN } EqkPassMode;

typedef struct
{
  EqkPrecision precision;
  bool         train;        /**< plans reverse passes (and tangent, reverse2 where the program has forces) */
  bool         input_grads;  /**< gradients of real feeds too (gradient tests) */
  bool         export_plan;  /**< plans as the exported C does: one sample, direct kernels, no memory for weights; implies plan_only */
  bool         plan_only;    /**< sizes and costs without memory: the run cannot be run; the store may be NULL */
  EqkSizes     capacity;
  EqkPool     *pool;         /**< borrowed; NULL: this thread alone */
} EqkRunOptions;

/**
 * Plans memory for a capacity and fills in the constants.
 * @param program  borrowed: outlives the run
 * @param store    a reference is taken; NULL with plan_only or export_plan
 * @param out      (owned by the caller: eqk_run_free) unset on failure
 * @return EQK_OK, EQK_ERR_NO_MEMORY, EQK_ERR_INTERNAL (the store is of another program or precision), or what an
 *   operation's plan refuses
 */
EqkStatus eqk_run_new  (const EqkProgram *program, EqkStore *store, const EqkRunOptions *options, EqkRun **out, EqkDiag *diag);
/** Frees the memory of the run and drops its reference to the store; NULL is let pass. */
void      eqk_run_free (EqkRun *self);
/** Bytes of the one block in which feeds, values, gradients and scratch lie; weights are apart. */
size_t    eqk_run_arena_bytes (const EqkRun *self);
/** MACs of one forward pass of the planned capacity, of one node (node >= 0) or all (-1); without what is computed
 *  from weights alone, unless the run was planned for training. */
double    eqk_run_macs (const EqkRun *self, int node);
/** Borrowed, as it was given. */
const EqkProgram *eqk_run_program (const EqkRun *self);

/** Sets the sizes of the batch to come; fails beyond the capacity. */
EqkStatus eqk_run_set_sizes (EqkRun *self, const EqkSizes *sizes, EqkDiag *diag);
/** Nodes of each sample, then neighbour structures from the fed positions. Call after feeding. */
EqkStatus eqk_run_set_nodes (EqkRun *self, const int32_t *nodes_per_sample, int n, EqkDiag *diag);
/**
 * Finds the edges of all rules that are not "given", in the positions fed. EQK_ERR_LIMIT for more than planned,
 * EQK_ERR_SHAPE for positions that are not finite or a cell without volume, EQK_ERR_NO_MEMORY.
 */
EqkStatus eqk_run_build_structures (EqkRun *self, EqkDiag *diag);
/**
 * How many edges a rule finds among n points, for the capacity of a run: all that eqk_run_build_structures would find.
 *
 * @param x     [n, 3]
 * @param cell  [9] where the rule has a lattice, else NULL
 * @return EQK_OK, EQK_ERR_SHAPE (a cell without volume, positions that are not finite), EQK_ERR_LIMIT, EQK_ERR_NO_MEMORY
 */
EqkStatus eqk_structure_count (const EqkStructureRule *rule, const double *x, size_t n, const double *cell, size_t *count, EqkDiag *diag);
/**
 * How far each of n points is from the nearest other one, images included; INFINITY where there is none.
 *
 * @param x     [n, 3]
 * @param cell  [9] rows of a lattice, zeros along which it is not periodic; NULL: none
 * @param apart [n]
 * @return as eqk_structure_count
 */
EqkStatus eqk_structure_nearest (const double *x, size_t n, const double *cell, double *apart, EqkDiag *diag);
/**
 * Edges that come with the data, in any order, ends being nodes of the batch: they are sorted by (dst, src), equal ones as they came.
 * Call after eqk_run_set_nodes and before eqk_run_build_structures, which leaves given edges alone.
 *
 * @param order  [n] (may be NULL) gets the number of the edge that stands at each row, for what is fed on edges
 * @return EQK_OK, EQK_ERR_LIMIT (more than planned), EQK_ERR_SHAPE (an end that is no node, or of another sample than the other; diag->index
 *         is the edge), EQK_ERR_NO_MEMORY
 */
EqkStatus eqk_run_set_edges (EqkRun *self, const int32_t *src, const int32_t *dst, size_t n, uint32_t *order, EqkDiag *diag);
/** Memory of a feed, physical order (grid: [sample][row][column][channel]; nodes: [node][channel]); real or int32. */
void     *eqk_run_feed (EqkRun *self, int value);
/** Rows of a value in the present batch. */
size_t    eqk_run_rows (const EqkRun *self, int value);
/** Present contents of a value (physical order); NULL when its memory has been used again. */
const void *eqk_run_value (const EqkRun *self, int value);
/** As eqk_run_value, to be written: for audits that change what lies on a wire. */
void     *eqk_run_value_mut (EqkRun *self, int value);
/** Gradient lane of a value after reverse; NULL when not kept. */
void     *eqk_run_grad (EqkRun *self, int value);

/** Which random numbers the passes to come draw (dropout). */
void      eqk_run_set_step (EqkRun *self, uint64_t seed, uint32_t step);
/** Forward pass; with a gradient rule also the reverse pass to the positions, so that forces are there. */
EqkStatus eqk_run_forward (EqkRun *self, EqkPassMode mode, EqkDiag *diag);
/** Runs only the operations of one node on the present contents of its inputs. Needs a keep_all program. */
EqkStatus eqk_run_forward_node (EqkRun *self, EqkPassMode mode, int node, EqkDiag *diag);
/**
 * After a forward pass of a run planned for training (in INFER mode running statistics are constants): seeds are the loss gradients of the outputs (write to eqk_run_seed before). Fills the gradients of
 * all weights (eqk_run_weight_grads, overwritten). With forces: tangent and reverse2.
 */
EqkStatus eqk_run_backward (EqkRun *self, EqkDiag *diag);
/** Where the loss gradient of output i is to be written; real, [rows, width]. Zero it when the output has no loss. */
void     *eqk_run_seed (EqkRun *self, int output);
/**
 * [n_weights] in the precision of the run, owned by it, overwritten by each eqk_run_backward; NULL unless planned for
 * training.
 */
void     *eqk_run_weight_grads (EqkRun *self);
/** Lets operations update their states (running statistics): after a training step. */
void      eqk_run_commit (EqkRun *self);
/**
 * The same after the k-th (from 1) of several forward passes in TRAIN mode with the weights as they are: the states become the
 * mean over those k batches, whatever they were before ("precise" batch norm, Wu & Johnson 2021).
 */
void      eqk_run_commit_mean (EqkRun *self, int k);
/** Whether the program has states that a commit changes. */
bool      eqk_run_has_states (const EqkRun *self);
/** Call with fresh feeds: runs forward again and looks at each result; first value that holds a NaN or infinity, -1 when none. */
int       eqk_run_find_nan (EqkRun *self);

#ifdef __cplusplus
}
#endif

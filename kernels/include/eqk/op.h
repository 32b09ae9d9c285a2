#pragma once

/**
 * The registry of operations: the only numerics. An operation's file in kernels/ops is compiled for every precision and
 * processor variant (core/real.h) and defines `const EqkOpType EQK_SYM (op_<id>)`.
 *
 * Rules
 *  - memory of rows is contiguous, [rows, width], channels innermost; grids are [sample][row][column][channel];
 *  - forward writes outputs; reverse OVERWRITES the gradient of every input for which EQK_GIN is not NULL (the run adds up
 *    when a value is used several times); a missing gradient of an output never happens: it is zero-filled;
 *  - tangent writes the tangent of outputs from those of inputs (NULL: zero);
 *  - reverse2 is the reverse pass of J = c.E + dE/dv: for y = f(x), g2x = J^T g2y + d/dx <g1y, J xd>, likewise for weights,
 *    where g1 is the adjoint of the energy, xd the tangent, g2 the adjoint wanted. It overwrites EQK_GIN too;
 *  - results do not depend on the number of threads: outputs are computed by their owner, sums run in a fixed order
 *    (fixed partial buffers in scratch).
 */

#include "eqk/program.h"
#include "eqk/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct EqkEmitter EqkEmitter;

/** How smooth an operation is in its real inputs: JUMPS and C0 are refused under forces. */
typedef enum { EQK_SMOOTH, EQK_SMOOTH_C1, EQK_SMOOTH_C0, EQK_SMOOTH_JUMPS } EqkSmooth;

enum
{
  EQK_KEEP_IN0   = 1 << 0,    /**< reverse reads input 0 */
  EQK_KEEP_IN1   = 1 << 1,
  EQK_KEEP_IN2   = 1 << 2,
  EQK_KEEP_IN3   = 1 << 3,
  EQK_KEEP_OUT   = 1 << 4,    /**< reverse reads the outputs */
  EQK_KEEP_ALL_IN = 1 << 5,
  EQK_INPLACE    = 1 << 6,    /**< output 0 may lie in the memory of input 0 */
  EQK_INPLACE_REVERSE = 1 << 7, /**< gradient of input 0 may lie in the memory of the gradient of output 0 */
  EQK_RANDOMISED = 1 << 8,    /**< does something else in training (dropout): reported, off in tests of symmetry */
  EQK_ACROSS     = 1 << 9     /**< reads rows of one structure and writes rows of another: its C names sizes by eqk_emit_word */
};

/** What an operation needs at given sizes; filled by plan, zero before. */
typedef struct
{
  size_t scratch;           /**< bytes during forward */
  size_t scratch_reverse;   /**< bytes during reverse, tangent, reverse2 */
  size_t saved;             /**< bytes kept from forward to reverse */
  size_t kept;              /**< bytes kept from call to call (EqkRun.kept): what is made of static values while EqkRun.fresh */
  double macs;              /**< multiply-adds of forward */
  int    n_threads;         /**< in: threads of the run */
  bool   train, export_plan, exact;   /**< in */
} EqkOpPlan;

typedef struct EqkOpType
{
  const char *id;
  EqkSmooth   smooth;
  unsigned    flags;
  EqkStatus (*plan)     (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes);   /**< NULL: needs nothing */
  void      (*forward)  (EqkRun *run, const EqkOp *op);
  void      (*reverse)  (EqkRun *run, const EqkOp *op);
  void      (*tangent)  (EqkRun *run, const EqkOp *op);
  void      (*reverse2) (EqkRun *run, const EqkOp *op);
  void      (*commit)   (EqkRun *run, const EqkOp *op);
  EqkStatus (*emit_c)   (EqkEmitter *emitter, const EqkOp *op);     /**< NULL: cannot be exported */
  /** Writes input 0, rows of nodes, so that the operation has to choose between rows that differ and count the same: what an audit moves to see
   *  by what it chooses. NULL: it never does. @return false where there are no such rows */
  bool      (*level)    (EqkRun *run, const EqkOp *op);
} EqkOpType;

/** Fields that operations read; made and owned by the run. */
struct EqkRun
{
  const EqkProgram       *program;
  EqkStore               *store;
  EqkPool                *pool;
  const EqkOpType *const *types;       /**< by EqkOp.type, of the variant in use */
  EqkPrecision            precision;
  EqkPassMode             mode;
  bool                    exact;       /**< direct kernels only */
  bool                    fresh;       /**< weights may have changed since the last call: what is kept is made anew */
  EqkSizes                sizes;
  uint64_t                seed;
  uint32_t                step;
  double                  share;       /**< of the present batch in running statistics; 0: as the layer says */
  void                  **x;           /**< contents by value */
  void                  **g;           /**< gradient lane of the pass in progress, by value */
  void                  **g1;          /**< adjoint of the energy, by value (forces) */
  void                  **xd;          /**< tangents, by value; NULL is zero */
  void                  **gin;         /**< by input of the operation in progress */
  void                   *scratch;     /**< of the operation in progress */
  void                  **saved;       /**< by operation */
  void                  **kept;        /**< by operation */
  const EqkStructure     *structures;
  struct EqkRunPrivate   *priv;
};

#define EQK_X(run, value)      ((eqk_real *) (run)->x[value])
#define EQK_XI(run, value)     ((int32_t *) (run)->x[value])
#define EQK_GOUT(run, op, i)   ((const eqk_real *) (run)->g[(op)->out[i]])
#define EQK_GIN(run, op, i)    ((eqk_real *) (run)->gin[i])
#define EQK_G1OUT(run, op, i)  ((const eqk_real *) (run)->g1[(op)->out[i]])
#define EQK_XD(run, value)     ((eqk_real *) (run)->xd[value])

/** Rows of a value for sizes; used by plans. */
size_t eqk_value_rows (const EqkProgram *program, int value, const EqkSizes *sizes);
/** Numbers in a value: rows * width. */
size_t eqk_value_count (const EqkProgram *program, int value, const EqkSizes *sizes);

/** Number of the structure whose rows an operation works on: that of the first ragged output, else input; 0 where there is none. */
static inline int
eqk_op_structure (const EqkProgram *program, const EqkOp *op)
{
  for (int i = 0; i < op->n_out + op->n_in; i++)
    {
      const int       value = i < op->n_out ? op->out[i] : op->in[i - op->n_out];
      const EqkSpace *space = value < 0 ? NULL : &eqk_program_value (program, value)->space;

      if (space != NULL && (space->kind == EQK_SPACE_NODES || space->kind == EQK_SPACE_EDGES || space->kind == EQK_SPACE_PAIRS))
        return space->structure;
    }
  return 0;
}

/** That structure in the present batch. */
static inline const EqkStructure *
eqk_run_structure (const EqkRun *run, const EqkOp *op)
{
  return &run->structures[eqk_op_structure (run->program, op)];
}

/** Nodes of that structure. */
static inline size_t
eqk_run_n_nodes (const EqkRun *run, const EqkOp *op)
{
  return eqk_sizes_of (&run->sizes, eqk_op_structure (run->program, op)).nodes;
}

/**
 * Makes a selected part out of its parent: the nodes for which chosen [nodes of the parent] is not 0, in their order, and the edges that lead from one
 * to another. Each sample has to keep as many as the rule says (ceil (ratio n)). Called by the operation that selects, in forward, before any other on that part.
 */
void eqk_run_select (EqkRun *run, int structure, const int32_t *chosen);

/** Calls func over [0, n) in chunks of `grain` (fixed by the caller, so that sums by chunk are the same for any thread count). */
typedef void (*EqkRangeFunc) (void *data, size_t begin, size_t end, size_t chunk, int lane);
/** Calls func over [0, n) in chunks of `grain` rows; returns when all are done. pool may be NULL. */
void eqk_run_range (EqkPool *pool, size_t n, size_t grain, EqkRangeFunc func, void *data);

/** Operation number by id; -1. The same in all variants. */
int eqk_op_find (const char *id);
/** Operations of the registry; EqkOp.type is below it. */
int eqk_op_count (void);
/** Table of a variant: by EqkOp.type. simd: 0 base, 1 avx2, 2 avx512; NULL when not built or not on this processor. */
const EqkOpType *const *eqk_op_table (EqkPrecision precision, int simd);

#ifdef __cplusplus
}
#endif

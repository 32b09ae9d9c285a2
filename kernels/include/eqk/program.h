#pragma once

/**
 * A program: a flat list of operations over numbered values, made from a typed graph, immutable afterwards. It knows no
 * batch size; a run (eqk/run.h) plans it for one.
 */

#include "eqk/layer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct EqkProgram EqkProgram;
typedef struct EqkTyped EqkTyped;

typedef enum
{
  EQK_VALUE_COMPUTED, EQK_VALUE_FEED, EQK_VALUE_WEIGHT, EQK_VALUE_STATE, EQK_VALUE_CONST,
  EQK_VALUE_GRADIENT      /**< made by a reverse pass (forces) */
} EqkValueKind;

typedef struct
{
  EqkValueKind kind;
  EqkSpace     space;
  int          width;          /**< numbers a row; rows follow from space and batch */
  bool         index;          /**< int32 instead of real */
  bool         is_static;      /**< computed from weights, states and constants alone */
  int          producer;       /**< operation that writes it; -1 */
  int          node;           /**< node of the design it belongs to; -1 */
  const char  *name;           /**< of weights, states, feeds; else NULL */
  int          shape[6], n_dims; /**< of weights and states, as files show them */
  EqkInit      init;
  size_t       offset;         /**< weights: first number in the flat weight buffer; states: in the state buffer */
  const double *data;          /**< constants; NULL: `table` makes them from `recipe` when a run is made */
  EqkTableFunc  table;
  const void   *recipe;
  int          structure;      /**< structure of ragged spaces */
  const EqkTelling *telling;   /**< feeds: what each column says; NULL: nothing but what the row is */
} EqkValue;

/** One operation. `params` is the plain struct that the operation's own header declares. */
typedef struct EqkOp
{
  const char  *id;
  int          type;           /**< index in the table of operations */
  int          index;          /**< position in the program */
  int          node;           /**< node of the design */
  int          n_in, n_out;
  const int   *in, *out;       /**< value numbers; an open optional input is -1 */
  const void  *params;
} EqkOp;

typedef struct EqkStructureRule
{
  double cutoff;
  bool   complete;
  bool   given;                /**< edges come with the data (eqk_run_set_edges); nothing else counts */
  int    positions;            /**< value; -1 where edges are given */
  int    nearest;              /**< each node gets edges from so many nearest others; 0: by the cut-off */
  int    most;                 /**< of those within the cut-off each node gets edges from so many nearest at most, of equally near ones those that come first; 0: from all */
  int    cell;                 /**< value: rows of a lattice for each sample, whose images are neighbours too; -1: none */
} EqkStructureRule;

/** A structure that is a part of one before it: the first ceil (ratio n) nodes of each sample by some score, and the edges between them. */
typedef struct
{
  int    parent;               /**< number of the structure it is a part of */
  double ratio;
} EqkSelection;

/** What an energy is differentiated by after the forward pass. Values; -1: there is none. */
typedef struct
{
  int energy, positions;
  int result;                  /**< forces: minus the gradient at the positions */
  int cell, stress;            /**< stress: 1/V of the derivative by a strain of positions and cell together, so that tension is positive and a pressure negative */
} EqkGradientRule;

/**
 * A symmetric tensor as irreps 1x0e + 1x2e and back; lengths stay (of all nine numbers). irreps: [6], matrix: [9] row by row.
 *
 * s_0 = tr / √3, s_xz √2, s_xy √2, √(3/2) (s_yy - tr / 3), s_yz √2, (s_zz - s_xx) / √2: the order of m is that of domain.md §0.
 */
void eqk_stress_to_irreps   (const double *matrix, double *irreps);
/** The way back: [6] to the symmetric [9]. */
void eqk_stress_from_irreps (const double *irreps, double *matrix);

typedef struct
{
  const char  *node, *port;    /**< of the design */
  const char  *name;           /**< "logits", "energy", "forces", "output" … */
  int          value;
  EqkPortType  type;
} EqkProgramOutput;

/** Operations, in the order in which a forward pass runs them. */
int             eqk_program_n_ops    (const EqkProgram *self);
/** Operation i of 0 … n - 1 (not checked); owned by the program, as is all that these getters give. */
const EqkOp    *eqk_program_op       (const EqkProgram *self, int i);
/** Weights, states, constants and feeds count too. */
int             eqk_program_n_values (const EqkProgram *self);
/** Value i of 0 … n - 1 (not checked). */
const EqkValue *eqk_program_value    (const EqkProgram *self, int i);
/** Results of the design: unconsumed outputs of heads, forces and stress too. */
int             eqk_program_n_outputs(const EqkProgram *self);
/** Result i of 0 … n - 1 (not checked). */
const EqkProgramOutput *eqk_program_output (const EqkProgram *self, int i);
/** Sets of edges that a batch needs, by a rule or given. */
int             eqk_program_n_structures (const EqkProgram *self);
/** Rule i of 0 … n - 1 (not checked). */
const EqkStructureRule *eqk_program_structure (const EqkProgram *self, int i);
/** Parts of nodes that pools select. */
int             eqk_program_n_selections (const EqkProgram *self);
/** Selection i of 0 … n - 1 (not checked): it makes structure i + 1. */
const EqkSelection     *eqk_program_selection (const EqkProgram *self, int i);
/** NULL when there are no forces. */
const EqkGradientRule  *eqk_program_gradient  (const EqkProgram *self);
/** Trainable numbers: the parameters. */
size_t          eqk_program_n_weights (const EqkProgram *self);
/** Value of a node's output port, or -1. */
int             eqk_program_port_value (const EqkProgram *self, int node, const char *port);
/** Feed by name, or -1. */
int             eqk_program_feed (const EqkProgram *self, const char *name);
/** Type of the value as it stands on the wire; NULL for inner values. */
const EqkPortType *eqk_program_value_type (const EqkProgram *self, int value);
/** The typed design it was made from; the program holds a reference. */
const EqkTyped *eqk_program_typed (const EqkProgram *self);
/** NULL is let pass. No run and no twin of the program may be left. */
void            eqk_program_free (EqkProgram *self);

/** What a broken twin does to the output of a node. */
typedef enum
{
  EQK_MUTATE_SWAP,       /**< exchanges two components of the first field of dimension > 1 (or two channels) */
  EQK_MUTATE_BIAS,       /**< adds a constant to one component */
  EQK_MUTATE_SIGN,       /**< flips the sign of one component */
  EQK_MUTATE_INDEX,      /**< adds a ramp over positions, nodes or channels */
  EQK_MUTATE_RANDOM,     /**< replaces by random numbers of the same size: of a kernel, the ordinary one */
  EQK_MUTATE_WEIGH       /**< multiplies each row by a number of its place: sums over rows then depend on their order */
} EqkMutation;

/**
 * A copy of the program in which the output `port` of `node` is changed so that the symmetry is lost there. For tests and
 * for the control of the audit. Shares weights' names and order with the original, which must outlive it.
 */
EqkStatus eqk_program_mutate (const EqkProgram *self, int node, const char *port, EqkMutation kind, double strength, EqkProgram **out, EqkDiag *diag);

/**
 * The control of the audit: a twin of equal shape without the symmetry. Kernels that are expanded from weights become random
 * ones of the same size (ordinary convolutions). Where there are none, or with `thorough`, the outputs of all mixing layers
 * are spoilt too: components swapped, position or index added as a feature. As above, the original must outlive it.
 */
EqkStatus eqk_program_control (const EqkProgram *self, bool thorough, EqkProgram **out, EqkDiag *diag);

#ifdef __cplusplus
}
#endif

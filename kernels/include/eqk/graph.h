#pragma once

/** The design as the kernels see it: nodes, links, settings; its types and problems; its program. */

#include "eqk/program.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the graph ---- */
/** Without nodes; the symmetry is copied. (eqk_graph_free) NULL without memory. */
EqkGraph *eqk_graph_new  (const EqkSymmetry *symmetry);
/** Frees nodes, links and settings; NULL is let pass. */
void      eqk_graph_free (EqkGraph *self);
/** What the design promises and is for; drives E-NO-OUTPUT, E-OUTPUT-TYPE. task: "classification" … or ""; equivariant: output turns along. */
void      eqk_graph_set_task (EqkGraph *self, const char *task, bool equivariant);
/** A named number of the training plan that lints look at ("batch"). */
void      eqk_graph_set_fact (EqkGraph *self, const char *name, double value);
/** What eqk_graph_set_fact said of this name, or `fallback`. */
double    eqk_graph_get_fact (const EqkGraph *self, const char *name, double fallback);
/**
 * Adds a node. settings may be NULL and are copied. An unknown layer is EQK_ERR_NAME. weight_path names its weights (NULL: the
 * id); equal paths share weights. @return EQK_OK, and *index (may be NULL) the node's number
 */
EqkStatus eqk_graph_add  (EqkGraph *self, const char *id, const char *layer, const EqkSettings *settings, const char *weight_path, int *index, EqkDiag *diag);
/**
 * Leads an output into an input; a variadic input keeps its links in the order of the calls.
 * @return EQK_OK, EQK_ERR_NAME (no such node or port), EQK_ERR_GRAPH (the input has a link and takes one only) or
 *   EQK_ERR_NO_MEMORY; the graph is then as before
 */
EqkStatus eqk_graph_link (EqkGraph *self, const char *from, const char *from_port, const char *to, const char *to_port, EqkDiag *diag);
/** Nodes are numbered 0 … n - 1 in the order in which they were added. */
int                 eqk_graph_n_nodes  (const EqkGraph *self);
/** The id given at eqk_graph_add; owned by the graph, as is all that the next three give. `node` is not checked. */
const char         *eqk_graph_node_id  (const EqkGraph *self, int node);
/** Its row of the registry; lives as long as the process. */
const EqkLayerType *eqk_graph_node_layer (const EqkGraph *self, int node);
/** What the design says, without defaults; NULL or a list that the graph owns. */
const EqkSettings  *eqk_graph_node_settings (const EqkGraph *self, int node);
/** Number of the node with this id, or -1. */
int                 eqk_graph_find     (const EqkGraph *self, const char *id);
/** Its weights are named "<path>.<name>". */
const char         *eqk_graph_node_weight_path (const EqkGraph *self, int node);
/** The node whose output *from_port leads into input `port` of `node`, number i where several may; -1 when there is none. */
int                 eqk_graph_node_source (const EqkGraph *self, int node, const char *port, int i, const char **from_port);
/** What the design promises; borrowed from the graph. */
const EqkSymmetry  *eqk_graph_get_symmetry (const EqkGraph *self);

/* ---- problems ---- */
typedef enum { EQK_SEVERITY_NOTE, EQK_SEVERITY_WARNING, EQK_SEVERITY_ERROR } EqkSeverity;
typedef enum { EQK_BLOCKS_NOTHING, EQK_BLOCKS_PROMISE, EQK_BLOCKS_RUN } EqkBlocks;

/** A row of guidance.md §3. */
typedef struct
{
  const char *code;
  EqkBlocks   blocks;
  const char *message;     /**< EQK_N_, with {placeholders} */
  const char *why;         /**< EQK_N_: one sentence for people who half-know group theory */
} EqkLintRule;

typedef enum { EQK_EDIT_SET, EQK_EDIT_REPLACE, EQK_EDIT_INSERT_BEFORE, EQK_EDIT_INSERT_AFTER, EQK_EDIT_JOIN_AFTER, EQK_EDIT_DELETE } EqkEditKind;

typedef struct
{
  EqkEditKind kind;
  const char *node, *port, *layer, *text;    /**< text: value (SET; port is the param), settings, or the second source (JOIN_AFTER: "node.port" or "node.port>input") */
} EqkEdit;

typedef struct
{
  const char *label;       /**< EQK_N_ */
  EqkEdit    *edits;
  int         n_edits;
} EqkFix;

typedef struct
{
  const EqkLintRule *rule;
  EqkSeverity        severity;
  int                node;       /**< -1: the design */
  const char        *port;       /**< or NULL */
  const char        *args;       /**< "k=5 type='8x f1'", or NULL */
  EqkFix            *fixes;
  int                n_fixes;
} EqkProblem;

/** All lints, constant; mistakes that no design may hold are found by code only. *n (may be NULL) is their number. */
const EqkLintRule *const *eqk_lint_rules (int *n);
/** The row with this code, mistakes too; NULL when there is none or code is NULL. */
const EqkLintRule *eqk_lint_find (const char *code);
/** By the first letter: E an error, W a warning, all else (NULL too) a note. */
EqkSeverity        eqk_lint_severity (const char *code);
/** Copies the value of placeholder `name` out of args. @return false when it is not there */
bool eqk_lint_arg (const char *args, const char *name, char *value, size_t size);
/** The message with placeholders filled in, in the given (translated) template. */
void eqk_lint_format (const char *template_text, const char *args, char *text, size_t size);

/* ---- types ---- */
/** Infers all types and collects all problems. Fails only for want of memory: a bad design is a list of problems. Keeps a reference to nothing: the graph is copied. */
EqkStatus          eqk_graph_infer (const EqkGraph *graph, EqkTyped **out, EqkDiag *diag);
/** One more owner; may be called from any thread. @return self */
EqkTyped          *eqk_typed_ref   (EqkTyped *self);
/** One owner less, from any thread; the last one frees graph, types and problems. NULL is let pass. */
void               eqk_typed_unref (EqkTyped *self);
/** The copy that was inferred; borrowed. */
const EqkGraph    *eqk_typed_graph (const EqkTyped *self);
/** Of the whole design, notes and warnings too. */
int                eqk_typed_n_problems (const EqkTyped *self);
/** Problem i of 0 … n - 1 (not checked); borrowed, with all its texts. */
const EqkProblem  *eqk_typed_problem (const EqkTyped *self, int i);
/** Worst block of all problems: RUN means there is no program. */
EqkBlocks          eqk_typed_blocks (const EqkTyped *self);
/** NULL when the type could not be found out. */
const EqkPortType *eqk_typed_output (const EqkTyped *self, int node, const char *port);
/** The node that feeds input `port` number i of `node`, and by which of its outputs; -1 when nothing does. out_port may be NULL. */
int                eqk_typed_source (const EqkTyped *self, int node, const char *port, int i, const char **out_port);
/** Nodes in topological order; n = number of nodes unless there is a cycle. */
const int         *eqk_typed_order (const EqkTyped *self, int *n);
/** The guarantee at the results of the design. */
EqkGuarantee       eqk_typed_guarantee (const EqkTyped *self);

/** How far shifts are exact. Groups of space and sets have no grid. */
typedef enum
{
  EQK_SHIFTS_NONE,      /**< not promised */
  EQK_SHIFTS_ALL,       /**< any shift: there is no grid */
  EQK_SHIFTS_PIXELS,    /**< by whole pixels: one extent throughout, and all borders are circular */
  EQK_SHIFTS_INSIDE     /**< borders or strides disturb them */
} EqkShifts;
/**
 * How far shifts hold, from borders and strides of the grids on all wires; NONE where the design promises no
 * translations.
 */
EqkShifts          eqk_typed_shifts (const EqkTyped *self);
/** "C8: exact for no turn; 90 deg; …, approximate for the others; shifts …": English, ASCII, for files that leave the studio. */
void               eqk_typed_promise_text (const EqkTyped *self, char *text, size_t size);

/* ---- compilation ---- */
typedef struct
{
  bool keep_all;      /**< every value of a wire keeps memory of its own (audit, peeking); no sharing */
  bool exact;         /**< direct kernels only */
} EqkCompileOptions;

/** Expands into operations. Fails when a problem blocks the run. options may be NULL. */
EqkStatus eqk_compile (EqkTyped *typed, const EqkCompileOptions *options, EqkProgram **out, EqkDiag *diag);

#ifdef __cplusplus
}
#endif

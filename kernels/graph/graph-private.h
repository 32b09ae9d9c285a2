#pragma once

/* What the files of graph/ share: the graph's nodes and links, the typed graph, the contexts of inference and expansion. */

#include "eqk/graph.h"
#include "eqk/run.h"

#include "core/heap.h"

typedef struct
{
  const char         *id, *weight_path;
  const EqkLayerType *layer;
  EqkSettings        *settings;
  const EqkPortType  *probe;       /* type of a source made for tests; NULL otherwise */
} EqkNode;

typedef struct
{
  int from, from_port;             /* node and index of its output port */
  int to, to_port;
} EqkLink;

struct EqkGraph
{
  EqkSymmetry symmetry;
  EqkHeap    *heap;
  EqkNode    *nodes;
  EqkLink    *links;
  int         n_nodes, n_links, nodes_room, links_room;
  char        task[32];
  bool        equivariant;
  bool        bare;                /* a single layer for tests: no findings on the design as a whole */
  struct { char name[24]; double value; } facts[16];
  int         n_facts;
};

enum { EQK_MAX_PORTS = 8 };

typedef struct
{
  EqkPortType type[EQK_MAX_PORTS];
  bool        known[EQK_MAX_PORTS];
  bool        failed;              /* inference of this node failed, or something upstream */
  bool        off_centre;          /* eqk_infer_set_off_centre */
} EqkNodeTypes;

struct EqkTyped
{
  int           refs;
  EqkGraph     *graph;
  EqkHeap      *heap;
  EqkNodeTypes *types;
  int          *order, n_order;
  EqkProblem   *problems;
  int           n_problems, problems_room;
  int           n_selections, parent_of[EQK_MAX_SELECTIONS];     /* of selected parts */
  bool          no_memory;
};

struct EqkInfer
{
  EqkTyped    *typed;
  int          node;
  EqkGuarantee guarantee;
  int          n_raised;           /* problems raised for this node in this call */
  bool         raised_run;
};

/* The node whose rule is asked. */
static inline const EqkNode *
eqk_infer_own (const EqkInfer *ctx)
{
  return &ctx->typed->graph->nodes[ctx->node];
}

/* The group of a node's first input, or that of the graph; graph/infer-context.c. */
const EqkGroup *eqk_typed_group_at (const EqkTyped *typed, int node);

/** Place of a port in its table (which may be NULL); -1. */
int eqk_port_index (const EqkPort *ports, const char *name);
/** Ports of a table; 0 for NULL. */
int eqk_port_count (const EqkPort *ports);
/* Index into links of link number i into (node, port); -1. */
int eqk_graph_link_into (const EqkGraph *graph, int node, int port, int i);

/** As eqk_graph_add, for a layer that need not be in the registry. */
EqkStatus eqk_graph_add_type (EqkGraph *self, const char *id, const EqkLayerType *layer, const EqkSettings *settings,
                              const char *weight_path, int *index, EqkDiag *diag);
/** A source of any type, for tests of single layers. Its feed has the node's id. */
EqkStatus eqk_graph_add_probe (EqkGraph *self, const char *id, const EqkPortType *type, int *index, EqkDiag *diag);
extern const EqkLayerType eqk_layer_probe;

/* Design-level findings: no output, unused nodes, wrong output type; graph/design-lints.c. */
void eqk_design_lints (EqkInfer *ctx);
/* W-NO-NORM, W-NO-RESIDUAL; graph/stack-lints.c. */
void eqk_stack_lints (EqkInfer *ctx);
/* Raises a problem of another node than the context's own. */
void eqk_infer_problem_at (EqkInfer *ctx, int node, const char *code, const char *port, const char *args);

/* What the numbers of a weight stand for; the last one of a weight counts. */
typedef struct EqkFormEntry
{
  const struct EqkFormEntry  *next;
  const struct EqkWeightForm *form;
  int                         weight;
} EqkFormEntry;

struct EqkProgram
{
  EqkHeap          *heap;
  EqkTyped         *typed;
  EqkValue         *values;
  int               n_values, values_room;
  EqkOp            *ops;
  int               n_ops, ops_room;
  EqkProgramOutput *outputs;
  int               n_outputs;
  EqkStructureRule  structures[4];
  int               n_structures;
  EqkSelection      selections[EQK_MAX_SELECTIONS];
  int               n_selections;
  EqkGradientRule   gradient;
  bool              has_gradient;
  size_t            n_weights, n_state;
  int              *port_values;      /* [node * EQK_MAX_PORTS + port] */
  bool              keep_all, exact;
  bool              no_memory;
  const EqkFormEntry *forms;
};

struct EqkBuild
{
  EqkProgram *program;
  EqkTyped   *typed;
  int         node;
  EqkDiag    *diag;
};

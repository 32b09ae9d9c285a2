#pragma once

/**
 * The registry of layers: what people see. One entry says everything the product knows of a layer: ports, settings, which
 * symmetries admit it, type inference with the guarantee, lints with fixes, expansion into operations, help, specimens.
 * No numerics here: they are in the operations (eqk/op.h). Nobody outside a layer's own file asks for its id.
 */

#include "eqk/settings.h"
#include "eqk/type.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct EqkInfer EqkInfer;      /* context of one node during inference and linting */
typedef struct EqkBuild EqkBuild;      /* context of one node during expansion */
typedef struct EqkGraph EqkGraph;
typedef struct EqkLayerType EqkLayerType;

/** A port. Tables end with an entry whose name is NULL. */
typedef struct
{
  const char *name;
  const char *doc;         /**< EQK_N_ */
  bool        optional;
  bool        variadic;    /**< takes any number of links (add, concat); links keep their order */
} EqkPort;

typedef enum
{
  EQK_LAYER_INPUT  = 1 << 0,   /**< a source: its outputs are fed from data */
  EQK_LAYER_HEAD   = 1 << 1,   /**< its unconsumed outputs are results of the design */
  EQK_LAYER_BREAKS = 1 << 2,   /**< offered to show a mistake; its presence can break a promise (plain convolution …) */
  EQK_LAYER_LINEAR = 1 << 3,   /**< counts as a mixing layer for depth rules (norm, residual, receptive field) */
  EQK_LAYER_MASKS  = 1 << 4,   /**< hides what leaves the picture when it is turned */
  EQK_LAYER_JOINS_PARTS = 1 << 5   /**< takes nodes of a selected part together with those of the whole */
} EqkLayerFlags;

/** Settings with input types on which the tests run: one for every distinct behaviour. Tables end with inputs[0] == NULL. */
typedef struct
{
  const char *group;         /**< "C4" */
  const char *inputs[4];     /**< one per input port: "grid 9x9 2x reg", "sample 6x triv", "nodes 4x triv"; sources: "" */
  const char *settings;      /**< text form */
} EqkSpecimen;

/** What a column of the data says beside what its row is. The audit moves rows and leaves the first three where they stand. */
typedef enum
{
  EQK_TELLS_NOTHING,
  EQK_TELLS_NUMBER,          /**< 0, 1, 2 … in the order in which the rows stand */
  EQK_TELLS_ONE_HOT,         /**< the same number, as a one at its place */
  EQK_TELLS_PLACE,           /**< something else of where a row stands, as positional encodings do */
  EQK_TELLS_SIGN             /**< the row, but for a sign that might as well be the other one for all rows of a sample */
} EqkTelling;

/** Names of columns that say such a thing, parted by "|", and the finding that is raised where one of them is read. */
typedef struct
{
  EqkTelling  says;
  const char *words;
  const char *code;
} EqkTellingName;

struct EqkLayerType
{
  const char     *id;              /**< in saved files: never renamed, never reused */
  const char     *title;           /**< EQK_N_ */
  const char     *category;        /**< EQK_N_: "Input", "Convolution", "Non-linearity", "Normalisation", "Pooling", "Structure", "Head", "Permutation" … */
  const char     *domains;         /**< "image", "image|points|molecule", "any" */
  unsigned        flags;
  const EqkPort  *inputs, *outputs;
  const EqkParam *params;          /**< NULL: none */
  /** May this layer stand in a design of this symmetry, with these settings (NULL: any)? On false, why->what is the reason
   *  in plain words (EQK_N_). NULL: always. */
  bool      (*admits) (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why);
  EqkStatus (*infer)  (EqkInfer *ctx, EqkDiag *diag);
  void      (*lint)   (EqkInfer *ctx);           /**< NULL: none; may look up- and downstream */
  EqkStatus (*expand) (EqkBuild *build, EqkDiag *diag);
  const EqkSpecimen *specimens;
  const EqkTellingName *telling;   /**< names of columns that break the promise by what they say; ends with words NULL. NULL: none */
  const char     *doc;             /**< EQK_N_: what it does in a sentence without a formula; after an empty line what it computes, source */
  const char     *exports;         /**< class in the usual libraries, "escnn.nn.R2Conv", another for space: "escnn.nn.NormPool|e3nn.o3.Norm"; NULL: its own */
};

/** The first name by which a layer knows columns of that kind, for what is found in data; NULL: the layer knows none. */
const char                *eqk_layer_telling_name (const EqkLayerType *layer, EqkTelling says, char *out, size_t size);

/** All layers in the order of the registry; *n is their number. */
const EqkLayerType *const *eqk_layers (int *n);
/** The layer with this id; NULL when there is none. */
const EqkLayerType        *eqk_layer_find (const char *id);

/* ---- inference ---- */
/** What the design promises; borrowed. */
const EqkSymmetry *eqk_infer_symmetry (const EqkInfer *ctx);
/** Type at an input port; NULL when an optional one is open. Variadic ports: use _at. */
const EqkPortType *eqk_infer_input    (const EqkInfer *ctx, const char *port);
/** Type of link i into a port; NULL past the last one, or where the source has no type. */
const EqkPortType *eqk_infer_input_at (const EqkInfer *ctx, const char *port, int i);
/** Links into a port. */
int                eqk_infer_n_inputs (const EqkInfer *ctx, const char *port);
/** Output type set before (for lints). NULL when inference failed. */
const EqkPortType *eqk_infer_output   (const EqkInfer *ctx, const char *port);
/** Starts from the meet of the guarantees of all inputs (lower with eqk_infer_lower). */
EqkStatus          eqk_infer_set_output (EqkInfer *ctx, const char *port, const EqkPortType *type);
/** x with another representation. */
EqkPortType        eqk_port_with_rep  (const EqkPortType *x, const EqkRep *rep);
/** A new structure, a part of x's nodes: its number for spaces of nodes, edges and pairs; -1 when a design has too many. */
int                eqk_infer_select   (EqkInfer *ctx, const EqkPortType *x);
/** Whether structure `part` was selected from `whole` in one step. */
bool               eqk_infer_is_part  (const EqkInfer *ctx, int part, int whole);
/** x on a grid of h rows and w columns, all else as it is. */
EqkPortType        eqk_port_with_grid (const EqkPortType *x, int h, int w);
/** The guarantee at this node: starts as the meet of its inputs. Lowering applies to outputs set afterwards. */
EqkGuarantee      *eqk_infer_guarantee (EqkInfer *ctx);
/** The promise is lost here for all elements but those of `still_exact` (0: all lost) because of lint `code`. */
void               eqk_infer_lose   (EqkInfer *ctx, uint64_t still_exact, const char *code);
/** Elements outside `exact` now hold only within a band. */
void               eqk_infer_approximate (EqkInfer *ctx, uint64_t exact, const char *code);
/** This layer samples a picture off its centre, so that elements which flip that axis are lost (the grid rule, domain.md 8.8). */
void               eqk_infer_set_off_centre (EqkInfer *ctx);
/** Whether eqk_infer_set_off_centre was called at this node. */
bool               eqk_infer_is_off_centre  (const EqkInfer *ctx, int node);
/**
 * Types of the whole design, were these settings ("height=33 width=33") those of `node`: no lints are run. True when every
 * node that has a type now still has one and none samples off its centre.
 */
bool               eqk_infer_try_centred    (const EqkInfer *ctx, int node, const char *settings);

/** The node's setting, or the default of the layer's table. */
int         eqk_infer_int  (const EqkInfer *ctx, const char *param);
/** Likewise. */
double      eqk_infer_real (const EqkInfer *ctx, const char *param);
/** Likewise; false where the table has no default. */
bool        eqk_infer_bool (const EqkInfer *ctx, const char *param);
/** Likewise; "" where the table has no default. Borrowed. */
const char *eqk_infer_text (const EqkInfer *ctx, const char *param);
/** Likewise; at most max written. @return how many the list holds */
int         eqk_infer_ints (const EqkInfer *ctx, const char *param, int *out, int max);
/** A representation setting, read for the group of the node's first input (or of the design). NULL with diag filled. */
const EqkRep *eqk_infer_rep (EqkInfer *ctx, const char *param, EqkDiag *diag);
/** Whether the setting is given in the design, not by default. */
bool        eqk_infer_has  (const EqkInfer *ctx, const char *param);

/* ---- the neighbourhood of a node, for lints ---- */
/** Number of the node that is inferred or linted. */
int                 eqk_infer_node       (const EqkInfer *ctx);
/** Of the whole design. */
int                 eqk_infer_n_nodes    (const EqkInfer *ctx);
/** Row of the registry of node 0 … n - 1 (not checked). */
const EqkLayerType *eqk_infer_layer_of   (const EqkInfer *ctx, int node);
/** Its id in the design; borrowed. */
const char         *eqk_infer_id_of      (const EqkInfer *ctx, int node);
/** What the design says of it, without defaults; may be NULL. Borrowed. */
const EqkSettings  *eqk_infer_settings_of(const EqkInfer *ctx, int node);
/** Type at an output (NULL: the first one); NULL when it could not be found out. */
const EqkPortType  *eqk_infer_type_of    (const EqkInfer *ctx, int node, const char *out_port);
/** Node that feeds input `port` number i of `node`; -1 when open. */
int                 eqk_infer_source_of  (const EqkInfer *ctx, int node, const char *port, int i);
/** Nodes fed by any output of `node`; at most max written. @return how many there are */
int                 eqk_infer_consumers  (const EqkInfer *ctx, int node, int *out, int max);
/** Whether anything reads this output of the node. */
bool                eqk_infer_is_read    (const EqkInfer *ctx, const char *out_port);
/** Whether a chain of links leads from `ancestor` to `node`; a node is no ancestor of itself. False without memory. */
bool                eqk_infer_is_upstream(const EqkInfer *ctx, int ancestor, int node);
/** Position of the node in topological order, and number of mixing layers up to it and in all. */
void                eqk_infer_depth      (const EqkInfer *ctx, int node, int *before, int *total);

/** A named number of the training plan ("batch"); see eqk_graph_set_fact. */
double              eqk_infer_fact       (const EqkInfer *ctx, const char *name, double fallback);

/* ---- problems and fixes ---- */
/**
 * Raises a lint of guidance.md §3 at this node. Severity, what it blocks and the message come from the table (graph/lint-table.c).
 * `args` fills the message's placeholders: "k=5 irr=f1"; values with blanks in quotes: "type='8x f1'". NULL: none.
 * Fixes are added afterwards and belong to the problem raised last.
 */
void eqk_infer_problem (EqkInfer *ctx, const char *code, const char *port, const char *args_format, ...) __attribute__ ((format (printf, 4, 5)));
/** A fix: the label for people, then edits. Edits name nodes by id; "$" is this node's id. */
void eqk_infer_fix        (EqkInfer *ctx, const char *label);
/** Edit: the setting `param` of the node gets this value, in text form. */
void eqk_fix_set          (EqkInfer *ctx, const char *node, const char *param, const char *value_text);
/** Edit: the node becomes one of another layer with these settings; its id, title, place and links stay. */
void eqk_fix_replace      (EqkInfer *ctx, const char *node, const char *layer, const char *settings_text);
/** Edit: a new node in the link that leads into the input `port`. */
void eqk_fix_insert_before(EqkInfer *ctx, const char *node, const char *port, const char *layer, const char *settings_text);
/** Edit: a new node behind the output `port`, which all that it fed then reads. */
void eqk_fix_insert_after (EqkInfer *ctx, const char *node, const char *port, const char *layer, const char *settings_text);
/**
 * A layer of two or more inputs after the port, into which `source` leads as well: "node.port", for the same input of the layer
 * (a skip around what lies between), or "node.port>input" for another one.
 */
void eqk_fix_join_after   (EqkInfer *ctx, const char *node, const char *port, const char *layer, const char *source);
/** The fix of a group mismatch: what feeds this node is restricted to the largest common subgroup. */
void eqk_fix_restrict     (EqkInfer *ctx);
/** Edit: the node goes, and what fed it feeds what it fed. */
void eqk_fix_delete       (EqkInfer *ctx, const char *node);

/* ---- expansion ---- */
typedef enum { EQK_INIT_ZEROS, EQK_INIT_ONES, EQK_INIT_CONSTANT, EQK_INIT_NORMAL, EQK_INIT_UNIFORM, EQK_INIT_TABLE } EqkInitKind;

/** How a weight starts: NORMAL with std `a`, UNIFORM in [-a, a], CONSTANT a, TABLE: normal with table[i] as std (copied). */
typedef struct
{
  EqkInitKind   kind;
  double        a;
  const double *table;
} EqkInit;

/** What the design promises; borrowed. */
const EqkSymmetry *eqk_build_symmetry (const EqkBuild *b);
/** Type at an input port; NULL when open. */
const EqkPortType *eqk_build_in       (const EqkBuild *b, const char *port);
/** Type of link i into a port; NULL past the last one. */
const EqkPortType *eqk_build_in_at    (const EqkBuild *b, const char *port, int i);
/** Type inferred at an output. */
const EqkPortType *eqk_build_out      (const EqkBuild *b, const char *port);
/** Links into a port. */
int                eqk_build_n_in     (const EqkBuild *b, const char *port);
/** Value at an input port; -1 when open. */
int                eqk_build_x        (const EqkBuild *b, const char *port);
/** Value of link i into a port; -1 past the last one. */
int                eqk_build_x_at     (const EqkBuild *b, const char *port, int i);
/** The node's setting, or the default of the layer's table. */
int                eqk_build_int  (const EqkBuild *b, const char *param);
/** Likewise. */
double             eqk_build_real (const EqkBuild *b, const char *param);
/** Likewise; false where the table has no default. */
bool               eqk_build_bool (const EqkBuild *b, const char *param);
/** Likewise; "" where the table has no default. Borrowed. */
const char        *eqk_build_text (const EqkBuild *b, const char *param);
/** Likewise; at most max written. @return how many the list holds */
int                eqk_build_ints (const EqkBuild *b, const char *param, int *out, int max);
/**
 * Read for the group of the first input, or of the design; NULL, with the expansion's diag filled, when it cannot be
 * read.
 */
const EqkRep      *eqk_build_rep  (EqkBuild *b, const char *param);

/** A trainable tensor named "<node>.<name>"; the shape is what files show. @return value number, or -1 (no memory) */
int eqk_build_weight (EqkBuild *b, const char *name, const int *shape, int n_dims, EqkInit init);
/** A tensor that is kept but not trained (running statistics), changed only by an operation's commit. */
int eqk_build_state  (EqkBuild *b, const char *name, const int *shape, int n_dims, EqkInit init);
/** A constant table of n numbers; copied, rounded once to the precision of the run. */
int eqk_build_const  (EqkBuild *b, const double *data, size_t n);
/** Writes a table's numbers: EQK_OK, or EQK_ERR_NO_MEMORY. The recipe is not changed: several threads may make the same table at once. */
typedef EqkStatus (*EqkTableFunc) (const void *recipe, double *to);
/**
 * A constant table of n numbers that is made by each run and not before, for those that may take hundreds of megabytes: types, costs and
 * plans need only its size. The recipe (a plain struct) is copied.
 */
int eqk_build_table  (EqkBuild *b, EqkTableFunc make, const void *recipe, size_t recipe_size, size_t n);
/** A value computed by an operation: rows of `space`, `width` numbers a row. */
int eqk_build_value  (EqkBuild *b, EqkSpace space, int width);
/** A fed value: data of input port named `name` ("image", "positions", "species"); kind INDEX values are int32. */
int eqk_build_feed   (EqkBuild *b, const char *name, EqkSpace space, int width, bool index);
/** What the columns of a feed say (copied: [width of the feed]); without a call all belong to the rows that they stand in. @return false: no memory */
bool eqk_build_telling (EqkBuild *b, int feed, const EqkTelling *says);
/** Memory that lives as long as the program, filled with `data`; for tables inside operation parameters. */
const void *eqk_build_keep (EqkBuild *b, const void *data, size_t bytes);
/** Emits an operation by id; params (a plain struct, copied) is what the operation's header says. */
EqkStatus eqk_build_op (EqkBuild *b, const char *op, const int *in, int n_in, const int *out, int n_out, const void *params, size_t params_size, EqkDiag *diag);
/** The operation that makes a value, so that an expansion may look behind what is linked to it; NULL for feeds and weights. */
const struct EqkOp *eqk_build_producer (const EqkBuild *b, int value);
struct EqkStructureRule;
/** Neighbour structure by a rule (eqk/program.h); its number for edge spaces, -1 when there are too many. */
int eqk_build_structure (EqkBuild *b, const struct EqkStructureRule *rule);
/** Edges that come with the data; their number for edge spaces. */
int eqk_build_edges (EqkBuild *b);
/** The part of `parent` whose number inference gave (eqk_infer_select): the ceil (ratio n) nodes of each sample that an operation selects, and the edges between them. */
EqkStatus eqk_build_select (EqkBuild *b, int structure, int parent, double ratio, EqkDiag *diag);
/** Forces: the value of -d(sum of energies)/d(positions), available after the reverse pass. A transform of the program. */
int eqk_build_gradient (EqkBuild *b, int energy_value, int positions_value);
/** Likewise the stress of the same energy, by a strain of these positions and the cell; the value, or -1. */
int eqk_build_stress (EqkBuild *b, int energy_value, int positions_value, int cell_value);
/**
 * The value that the output `port` stands for; what is linked to it reads it. Nothing for a port that the layer does
 * not have.
 */
void eqk_build_set_output (EqkBuild *b, const char *port, int value);

#ifdef __cplusplus
}
#endif

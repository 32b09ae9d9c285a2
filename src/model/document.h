#pragma once

/**
 * The document: what a person edited, and nothing that can be derived from it.
 *
 * It knows no layer: a node holds a layer's id and its settings as values, so that layers of a newer version, or those
 * that do not exist, survive reading and writing. Types, shapes, costs and problems are made from it elsewhere.
 *
 * Scopes. A node may have a body (repeat_block, subgraph): a graph of its own. The document may also hold named
 * definitions, which several nodes use by their setting `block`. A *path* names a node: "conv1" in the main graph,
 * "block/lin" in the body of block, "#cell/lin" in the definition cell. Paths go through a use into its definition: with
 * use1 and use2 of cell, "use1/lin", "use2/lin" and "#cell/lin" are one node. A *scope* is the path of the owner of a graph:
 * NULL or "" for the main graph, "block", "#cell". In a body, a link end with an empty node name is the port of the
 * block itself: ".x" is its input x, seen from inside.
 *
 * Changing. All functions that change something check first and change afterwards: after FALSE the document is as it
 * was. Once an EqsHistory is attached, changes must come from its commands (command.h); before, while a document is
 * being made, they are called directly. The document belongs to the main thread; eqs_document_dup gives a worker its own.
 */

#include "model/error.h"
#include "model/value.h"

G_BEGIN_DECLS

#define EQS_MAX_NODES   10000
#define EQS_MAX_LINKS   50000
#define EQS_MAX_NESTING 16
#define EQS_MAX_ID      64

typedef struct _EqsNode     EqsNode;
typedef struct _EqsGraph    EqsGraph;

#define EQS_TYPE_DOCUMENT (eqs_document_get_type ())
G_DECLARE_FINAL_TYPE (EqsDocument, eqs_document, EQS, DOCUMENT, GObject)

/** What "changed" reports. */
typedef enum
{
  EQS_CHANGED_NODES    = 1 << 0,   /**< nodes came or went, or one got another id */
  EQS_CHANGED_LINKS    = 1 << 1,
  EQS_CHANGED_SETTINGS = 1 << 2,   /**< layer, params or bypass of a node */
  EQS_CHANGED_LOOK     = 1 << 3,   /**< title, colour, position … of a node: no number depends on it */
  EQS_CHANGED_NOTES    = 1 << 4,   /**< frames and notes */
  EQS_CHANGED_SYMMETRY = 1 << 5,
  EQS_CHANGED_TRAINING = 1 << 6,
  EQS_CHANGED_DATA     = 1 << 7,   /**< data, nominal sizes */
  EQS_CHANGED_SPEC     = 1 << 8,
  EQS_CHANGED_PREVIEW  = 1 << 9,
  EQS_CHANGED_OTHER    = 1 << 10,  /**< name and fields unknown to this version */

  /** After one of these the types have to be inferred again. */
  EQS_CHANGED_MEANING  = EQS_CHANGED_NODES | EQS_CHANGED_LINKS | EQS_CHANGED_SETTINGS | EQS_CHANGED_SYMMETRY
                         | EQS_CHANGED_DATA | EQS_CHANGED_SPEC
} EqsChanged;

/** A connection. Immutable, counted by reference; the order of links in a graph is that of variadic inputs. */
typedef struct
{
  const char *from_node, *from_port;   /**< from_node "": an input of the enclosing block */
  const char *to_node,   *to_port;     /**< to_node "": an output of the enclosing block */
} EqsLink;

/** The objects at the top of a design, each an ordered table of names and values. */
typedef enum
{
  EQS_SECTION_SYMMETRY,   /**< group, translations, permutations */
  EQS_SECTION_SPEC,       /**< task, domain, output behaviour, limits (max_…), questionnaire */
  EQS_SECTION_DATA,       /**< name or path of the bound data and details */
  EQS_SECTION_NOMINAL,    /**< N, E: sizes for costs */
  EQS_SECTION_TRAINING,   /**< epochs, batch, optimizer, lr, schedule, weight_decay, augment, seed, loss … */
  EQS_SECTION_PREVIEW,    /**< "node.param": value */
  EQS_N_SECTIONS
} EqsSection;

typedef enum
{
  EQS_ITEM_FRAME,
  EQS_ITEM_NOTE,
  EQS_N_ITEM_KINDS
} EqsItemKind;

/* Ids */
/** Whether it is 1 to 64 of A-Z a-z 0-9 _ - (NULL is not). */
gboolean    eqs_id_is_valid        (const char *id);
/** The key at the top of a file: "training". Constant. */
const char *eqs_section_get_name   (EqsSection section);
/** Splits "node.port" (node may be empty). @param node, port (transfer full) */
gboolean    eqs_endpoint_split     (const char *endpoint, char **node, char **port);

/* Nodes: pointers stay valid as long as the document holds the node; take a reference to keep one longer. */
#define EQS_TYPE_NODE (eqs_node_get_type ())
GType       eqs_node_get_type      (void);
/** In no document, at (0, 0), without settings. The id must be valid. (transfer full) */
EqsNode    *eqs_node_new           (const char *id, const char *layer);
/** One more owner, from any thread. @return self */
EqsNode    *eqs_node_ref           (EqsNode *self);
/** One owner less, from any thread; the last one frees body and settings. */
void        eqs_node_unref         (EqsNode *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsNode, eqs_node_unref)
/** A copy with another id (NULL: the same), body included, that is in no document. */
EqsNode    *eqs_node_dup           (const EqsNode *self, const char *id);

/** Borrowed from the node until it is changed, as all texts and values below. */
const char   *eqs_node_get_id      (const EqsNode *self);
/** Id of a layer, which this version need not know. */
const char   *eqs_node_get_layer   (const EqsNode *self);
/** NULL when it has none of its own. */
const char   *eqs_node_get_title   (const EqsNode *self);
/** Its own title, else that of its layer, translated; the id where nothing is known. */
const char   *eqs_node_get_shown_title (const EqsNode *self);
/** Its title says no more than which layer it is: "ReLU", "Max pool 2" of a "Max pooling". Such a title goes when the layer changes. */
gboolean      eqs_node_title_says_layer (const EqsNode *self);
/** NULL: no settings; borrowed. */
const EqsMap *eqs_node_get_params  (const EqsNode *self);
/** NULL: the design leaves it at the default of the layer; (transfer none). */
EqsValue     *eqs_node_get_param   (const EqsNode *self, const char *name);
/** On the canvas, in its units; 0 when not given. */
double        eqs_node_get_x       (const EqsNode *self);
/** Likewise, downwards. */
double        eqs_node_get_y       (const EqsNode *self);
/** Stepped over when the design is compiled. */
gboolean      eqs_node_is_bypassed (const EqsNode *self);
/** NULL when it has none. */
EqsGraph     *eqs_node_get_body    (const EqsNode *self);
/** In the file it was read from; or 0. */
guint         eqs_node_get_line    (const EqsNode *self);

/* Before a node is in a document: */
/** One setting more, or another value of it. @param value (transfer full) */
void          eqs_node_set_param    (EqsNode *self, const char *name, EqsValue *value);
/** NULL or "": none of its own. Must be UTF-8. */
void          eqs_node_set_title    (EqsNode *self, const char *title);
/** Finite numbers only. */
void          eqs_node_set_position (EqsNode *self, double x, double y);
/** Any key but "id", "layer" and "body". @param value (transfer full) */
void          eqs_node_set_field    (EqsNode *self, const char *key, EqsValue *value);
/** Its body, made empty when it has none. Borrowed from the node. */
EqsGraph     *eqs_node_ensure_body  (EqsNode *self);

/* Graphs: the main one and the bodies. Only read here, but for a body that is in no document yet. */
/** Nodes of this graph, not of bodies. */
guint          eqs_graph_get_n_nodes (const EqsGraph *self);
/** Node 0 … n_nodes - 1; borrowed. */
EqsNode       *eqs_graph_get_node    (const EqsGraph *self, guint index);
/** By id, in this graph alone, not in bodies; borrowed. NULL when there is none. The first call makes a table. */
EqsNode       *eqs_graph_find_node   (EqsGraph *self, const char *id);
/** Place among the nodes, or -1. */
int            eqs_graph_index_of    (const EqsGraph *self, const EqsNode *node);
/** Links inside this graph, not in bodies. */
guint          eqs_graph_get_n_links (const EqsGraph *self);
/** Link 0 … n_links - 1; borrowed. */
const EqsLink *eqs_graph_get_link    (const EqsGraph *self, guint index);
/** The first link with these ends, or -1; NULL for an end or port lets any pass. */
int            eqs_graph_find_link   (const EqsGraph *self, const char *from_node, const char *from_port,
                                      const char *to_node, const char *to_port);
/** Line of the file it was read from; or 0. */
guint          eqs_link_get_line     (const EqsLink *self);
/* Building a body before its node joins a document: */
/** At the end. FALSE with EQS_MODEL_ERROR_ID when the id is taken. @param node (transfer full) freed then, too */
gboolean       eqs_graph_add_node    (EqsGraph *self, EqsNode *node, GError **error);
/** Ends are "node.port", or ".port" of the block. FALSE with NOT_FOUND for nodes that are not in this graph. */
gboolean       eqs_graph_connect     (EqsGraph *self, const char *from, const char *to, GError **error);

/* The document */
/** Empty, of the present format version. (transfer full) */
EqsDocument *eqs_document_new           (void);
/** Independent, without history; for the use of one other thread. (transfer full) */
EqsDocument *eqs_document_dup           (EqsDocument *self);

/** Never NULL; "" when it has none. Borrowed. */
const char  *eqs_document_get_name      (EqsDocument *self);
/** Read from a file of a newer format version: all changes are refused. */
gboolean     eqs_document_is_read_only  (EqsDocument *self);
/** Of the format of the file it was read from; the present one for a new document. */
int          eqs_document_get_version   (EqsDocument *self);
/** Any field at the top, unknown ones too; borrowed, NULL when absent. */
EqsValue    *eqs_document_get_field     (EqsDocument *self, const char *key);

/** Id of the point group; "triv" when not given. Need not be a group that the kernels know. */
const char  *eqs_document_get_group     (EqsDocument *self);
/** Whether shifts are promised; FALSE when not given. */
gboolean     eqs_document_has_translations (EqsDocument *self);
/** As it stands: "none" (when not given), "set" or "graph". */
const char  *eqs_document_get_permutations (EqsDocument *self);

/** Borrowed; NULL when absent or no object, which eqs_map_get_… take as empty. */
const EqsMap *eqs_document_get_section  (EqsDocument *self, EqsSection section);
/** One value of a section; borrowed, NULL when absent. */
EqsValue     *eqs_document_get_entry    (EqsDocument *self, EqsSection section, const char *key);

/** The graph that a scope names; borrowed. NULL when there is no such node or it stands for no graph. */
EqsGraph    *eqs_document_get_graph     (EqsDocument *self, const char *scope);
/** The node that a path names; borrowed. NULL when there is none. */
EqsNode     *eqs_document_find_node     (EqsDocument *self, const char *path);
/** The graph a node stands for: its own body, or the definition named by its setting `block`; NULL for plain layers. */
EqsGraph    *eqs_document_get_body      (EqsDocument *self, const EqsNode *node);
/** Named graphs that nodes use by their setting `block`. */
guint        eqs_document_get_n_definitions (EqsDocument *self);
/** Definition 0 … n_definitions - 1; borrowed. */
EqsNode     *eqs_document_get_definition    (EqsDocument *self, guint index);
/** What a use is a use of; borrowed. NULL: a plain layer, a block with a body of its own, or there is no such definition. */
EqsNode     *eqs_document_get_definition_of (EqsDocument *self, const EqsNode *node);
/** How many nodes of the main graph, of bodies and of other definitions use it. */
guint        eqs_document_count_uses        (EqsDocument *self, const char *id);
/**
 * Ports of a block: what wires inside of it come from or lead to, each once, in their order; empty for plain layers. The names are
 * borrowed from the wires. (element-type utf8) (transfer container)
 */
GPtrArray   *eqs_document_list_border       (EqsDocument *self, const EqsNode *node, gboolean output);
/** What it is called for people: its title, else that of what it is a use of, else that of its layer. Borrowed. */
const char  *eqs_document_get_shown_title   (EqsDocument *self, const EqsNode *node);
/** Nodes of all graphs together. */
guint        eqs_document_count_nodes   (EqsDocument *self);

/** Frames or notes, in the order of the file. */
guint         eqs_document_get_n_items  (EqsDocument *self, EqsItemKind kind);
/** Its fields, "id", "text" …; borrowed. index must be below n_items. */
const EqsMap *eqs_document_get_item     (EqsDocument *self, EqsItemKind kind, guint index);
/** Index of the item with this id, or -1. */
int           eqs_document_find_item    (EqsDocument *self, EqsItemKind kind, const char *id);

/** A free id in that scope ("#": among the definitions): base itself, or base2, base3 … Characters an id cannot have are replaced. */
char        *eqs_document_unique_id     (EqsDocument *self, const char *scope, const char *base);
/**
 * SHA-256 in hexadecimal over what determines the network: not the design's and the nodes' names for people,
 * positions, colours, notes and frames, nor the order of nodes and keys.
 */
char        *eqs_document_dup_hash      (EqsDocument *self);
/** The same without what only tells how to train it and on what: two designs with the same one take the same samples and the same weights. */
char        *eqs_document_dup_network_hash (EqsDocument *self);

/* Changing. Nodes are named by path, see above. EQS_MODEL_ERROR_READ_ONLY for a document that is. */
/** Not NULL; INVALID for what is not UTF-8. */
gboolean eqs_document_set_name       (EqsDocument *self, const char *name, GError **error);
/**
 * A field of the top that this version gives no meaning to; those it knows are refused (INVALID). @param value
 * (transfer none) NULL removes it
 */
gboolean eqs_document_set_field      (EqsDocument *self, const char *key, EqsValue *value, GError **error);
/** @param value (transfer none) NULL removes the entry */
gboolean eqs_document_set_entry      (EqsDocument *self, EqsSection section, const char *key, EqsValue *value, GError **error);
/** Replaces a whole section; NULL removes it. @param map (transfer none) copied */
gboolean eqs_document_set_section    (EqsDocument *self, EqsSection section, const EqsMap *map, GError **error);
/** Point group and its companions in one go. @param permutations NULL: as it is; translations < 0: as it is */
gboolean eqs_document_set_symmetry   (EqsDocument *self, const char *group, int translations, const char *permutations,
                                      GError **error);

/** @param node (transfer none) becomes the document's  @param index < 0: at the end */
gboolean eqs_document_add_node       (EqsDocument *self, const char *scope, EqsNode *node, int index, GError **error);
/**
 * Removes a node, its links, its entries in `preview` and its membership in frames.
 * @param rejoin  what went into its first connected input goes on to everything it fed
 */
gboolean eqs_document_remove_node    (EqsDocument *self, const char *path, gboolean rejoin, GError **error);
/** The id changes in links, `preview` and frames too. */
gboolean eqs_document_rename_node    (EqsDocument *self, const char *path, const char *id, GError **error);
/** @param value (transfer none) NULL: back to the layer's default */
gboolean eqs_document_set_param      (EqsDocument *self, const char *path, const char *name, EqsValue *value, GError **error);
/** Another layer and settings (params NULL: none); id, title, position and links stay. */
gboolean eqs_document_set_layer      (EqsDocument *self, const char *path, const char *layer, const EqsMap *params,
                                      GError **error);
/** NULL or "": none of its own. NOT_FOUND, INVALID for what is not UTF-8. */
gboolean eqs_document_set_title      (EqsDocument *self, const char *path, const char *title, GError **error);
/** NOT_FOUND when there is no such node. */
gboolean eqs_document_set_bypass     (EqsDocument *self, const char *path, gboolean bypass, GError **error);
/** NOT_FOUND; INVALID for positions that are not finite. */
gboolean eqs_document_move_node      (EqsDocument *self, const char *path, double x, double y, GError **error);

/**
 * Connects "node.port" to "node.port".
 * @param index    where among the links (order of variadic inputs); < 0: at the end
 * @param replace  what was connected to that input is disconnected first, and its place taken
 */
gboolean eqs_document_connect        (EqsDocument *self, const char *scope, const char *from, const char *to, int index,
                                      gboolean replace, GError **error);
/** NOT_FOUND when there is no such link. */
gboolean eqs_document_disconnect     (EqsDocument *self, const char *scope, const char *from, const char *to, GError **error);
/** Puts a node (already in the scope) on a link: from → node.in_port, node.out_port → to, at the link's place; makes room for it. */
gboolean eqs_document_insert_on_link (EqsDocument *self, const char *scope, const char *from, const char *to,
                                      const char *id, const char *in_port, const char *out_port, GError **error);
/**
 * A node that has come between two others stands in line with the one before it (or the one it leads to), what stands behind it in that row goes right as
 * far as is needed, and it joins the frames that both are in.
 *
 * @param before, after  (nullable) ids in the scope
 */
void     eqs_document_make_room      (EqsDocument *self, const char *scope, const char *id, const char *before, const char *after);
/** Moves a place for a new node to the nearest where its card covers no other one; as it is where none is near. */
void     eqs_document_find_free_place (EqsDocument *self, const char *scope, double *x, double *y);
/** All links that start at from start at new_from instead, but those into the node of new_from. */
gboolean eqs_document_redirect       (EqsDocument *self, const char *scope, const char *from, const char *new_from, GError **error);

/** A definition is a node with a body; nodes use it by their setting block. @param node (transfer none) */
gboolean eqs_document_add_definition    (EqsDocument *self, EqsNode *node, GError **error);
/** Refused while a node uses it. */
gboolean eqs_document_remove_definition (EqsDocument *self, const char *id, GError **error);
/**
 * The body of a block becomes the definition `id`, called as the block was, and the block its first use; links, settings, place and what
 * names it stay. INVALID where the node has no body of its own.
 */
gboolean eqs_document_define_block      (EqsDocument *self, const char *path, const char *id, GError **error);
/** A use gets a copy of the definition as a body of its own; weights are named as before. INVALID where it is no use. */
gboolean eqs_document_detach_use        (EqsDocument *self, const char *path, GError **error);
/** Detaches every use in the main graph and in what that holds, for what changes layers use by use. LIMIT for too many or too deep. */
gboolean eqs_document_detach_all        (EqsDocument *self, GError **error);

/** @param fields (transfer none) copied; "id" is made when absent */
gboolean eqs_document_add_item       (EqsDocument *self, EqsItemKind kind, const EqsMap *fields, GError **error);
/** NOT_FOUND when there is none with this id. */
gboolean eqs_document_remove_item    (EqsDocument *self, EqsItemKind kind, const char *id, GError **error);
/** Any key but "id" (INVALID). NOT_FOUND when there is no such item. @param value (transfer none) NULL removes it */
gboolean eqs_document_set_item_field (EqsDocument *self, EqsItemKind kind, const char *id, const char *key, EqsValue *value,
                                      GError **error);

/*
 * Signal "changed" (document, guint what, const char *const *paths): once after each command, undo, redo, or direct
 * change. `what` is a set of EqsChanged; `paths` (NULL-terminated, sorted) are the nodes concerned.
 */

G_END_DECLS

#pragma once

/* For the reader, the writer, the history and the hash. */

#include "model/document.h"

G_BEGIN_DECLS

struct _EqsNode
{
  EqsMap     *fields;   /* owned: all of the node, in the order of the file; "body" is only a marker */
  EqsGraph   *body;     /* owned (nullable) */
  EqsGraph   *parent;   /* borrowed from itself: the graph the node is in now, or NULL */
  guint       line;
};

struct _EqsGraph
{
  EqsMap     *fields;   /* owned: "nodes" and "links" are only markers; the document's own map for the main graph */
  GPtrArray  *nodes;    /* owned: EqsNode */
  GPtrArray  *links;    /* owned: Link */
  GHashTable *index;    /* owned (nullable): id → node, made when needed */
  EqsNode    *owner;    /* borrowed: the node whose body this is; NULL for the main graph and the definitions */
};

struct _EqsDocument
{
  GObject     parent_instance;

  EqsGraph   *graph;                     /* owned; graph->fields is the map of the top level */
  EqsGraph   *definitions;               /* owned: nodes only */
  GPtrArray  *items[EQS_N_ITEM_KINDS];   /* owned: EqsMap */
  gboolean    read_only;

  GPtrArray  *journal;                   /* owned: EqsChange, while a command is recorded */
  gboolean    guarded;                   /* a history is attached */
  guint       hold;                      /* changes are collected while > 0 */
  guint       changed;
  GHashTable *changed_paths;             /* owned */
};

/** Without nodes and links; owner may be NULL. (transfer full) */
EqsGraph *eqs_graph_new  (EqsNode *owner);
/** Drops its nodes and links; nodes that others hold are in no graph then. */
void      eqs_graph_free (EqsGraph *self);
/** Copies of all nodes and links, and the fields, into a graph that is in no document yet and has none. */
void      eqs_graph_copy_into (const EqsGraph *self, EqsGraph *copy);
/* Where `key` belongs among those present when it is not there yet. */
int       eqs_map_place  (const EqsMap *map, const char *const *order, const char *key);

/* What the changes of nodes, links and the rest share; on FALSE or NULL, error says why. */
/** FALSE with READ_ONLY. Changing behind a history that is attached is a programmer's error. */
gboolean  eqs_document_check_writable (EqsDocument *self, GError **error);
/** The graph of a scope that may be changed, borrowed. NULL with READ_ONLY or NOT_FOUND. */
EqsGraph *eqs_document_require_graph  (EqsDocument *self, const char *scope, GError **error);
/** The node of a path that may be changed, borrowed. NULL with READ_ONLY or NOT_FOUND. */
EqsNode  *eqs_document_require_node   (EqsDocument *self, const char *path, GError **error);
/** FALSE with INVALID for what is not UTF-8; NULL is let pass. */
gboolean  eqs_document_check_text     (const char *text, GError **error);
/** FALSE with INVALID for NULL, "" or what is not UTF-8. */
gboolean  eqs_document_check_key      (const char *key, GError **error);
/** FALSE with ID when it is no id, or a node of the graph has it. */
gboolean  eqs_document_check_new_id   (EqsGraph *graph, const char *id, GError **error);
/** FALSE with LIMIT when node and body would pass EQS_MAX_NODES, or EQS_MAX_NESTING in that graph. */
gboolean  eqs_document_check_room     (EqsDocument *self, const EqsGraph *graph, const EqsNode *node, GError **error);
/** FALSE with INVALID where the node, put into that graph, would make a definition hold a use of itself. */
gboolean  eqs_document_check_no_circle (EqsDocument *self, const EqsGraph *graph, const EqsNode *node, GError **error);
/* The link with other ends, in its place. (transfer full) */
EqsLink  *eqs_link_with               (const EqsLink *old, const char *from_node, const char *from_port, const char *to_node, const char *to_port);
/** Two changes of the journal: out with the link, in with the other at its place. @param link (transfer full) */
void      eqs_document_replace_link   (EqsDocument *self, EqsGraph *graph, guint index, EqsLink *link);
/* With all that is inside of blocks. */
guint     eqs_graph_count_nodes       (const EqsGraph *graph);

extern const char *const eqs_document_keys[];
extern const char *const eqs_graph_keys[];
extern const char *const eqs_node_keys[];
extern const char *const eqs_item_names[EQS_N_ITEM_KINDS];

/** Texts are copied; the link makes its fields from them when there are none. @param line in the file, or 0 */
EqsLink *eqs_link_new   (const char *from_node, const char *from_port, const char *to_node, const char *to_port,
                         EqsMap *fields, guint line);
/** One more owner, from any thread. @return self, as links never change */
EqsLink *eqs_link_ref   (const EqsLink *self);
/** One owner less, from any thread. */
void     eqs_link_unref (EqsLink *self);
/** Always there: "from", "to" and unknown ones. Borrowed. */
EqsMap  *eqs_link_get_fields (const EqsLink *self);

/** In no graph, without body; fields are not checked. @param fields (transfer full)  @param line in the file, or 0 */
EqsNode *eqs_node_new_from_fields (EqsMap *fields, guint line);

/*
 * The journal: each change is an exchange with what it stores, so playing one backwards undoes it and playing it again
 * redoes it. All changes of a document are made by journal.c.
 */
typedef struct _EqsChange EqsChange;

/** Drops all that the change holds; the document stays. */
void       eqs_change_free              (EqsChange *change);
/** From here changes are recorded, and "changed" waits. Not while one is recorded. */
void       eqs_document_begin_journal   (EqsDocument *self);
/** What was recorded since begin, in order (transfer full: EqsChange); then "changed" is emitted when anything did. */
GPtrArray *eqs_document_end_journal     (EqsDocument *self);
/** Undoes (backwards) or redoes the changes of a journal; one "changed" for all of them. */
void       eqs_document_play            (EqsDocument *self, GPtrArray *journal, gboolean backwards);
/* Appends the changes of next (emptied), dropping those that an earlier change of the same field covers. */
void       eqs_journal_absorb           (GPtrArray *journal, GPtrArray *next);
/** "changed" waits until as many calls of eqs_document_release. Nests. */
void       eqs_document_hold            (EqsDocument *self);
/** At the last one, "changed" is emitted once for all that was collected, if anything was. */
void       eqs_document_release         (EqsDocument *self);

G_END_DECLS

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

EqsGraph *eqs_graph_new  (EqsNode *owner);
void      eqs_graph_free (EqsGraph *self);
/* Where `key` belongs among those present when it is not there yet. */
int       eqs_map_place  (const EqsMap *map, const char *const *order, const char *key);

/* What the changes of nodes, links and the rest share; on FALSE or NULL, error says why. */
gboolean  eqs_document_check_writable (EqsDocument *self, GError **error);
EqsGraph *eqs_document_require_graph  (EqsDocument *self, const char *scope, GError **error);
EqsNode  *eqs_document_require_node   (EqsDocument *self, const char *path, GError **error);
gboolean  eqs_document_check_text     (const char *text, GError **error);
gboolean  eqs_document_check_key      (const char *key, GError **error);
gboolean  eqs_document_check_new_id   (EqsGraph *graph, const char *id, GError **error);
gboolean  eqs_document_check_room     (EqsDocument *self, const EqsGraph *graph, const EqsNode *node, GError **error);
/* The link with other ends, in its place. (transfer full) */
EqsLink  *eqs_link_with               (const EqsLink *old, const char *from_node, const char *from_port, const char *to_node, const char *to_port);
void      eqs_document_replace_link   (EqsDocument *self, EqsGraph *graph, guint index, EqsLink *link);
/* With all that is inside of blocks. */
guint     eqs_graph_count_nodes       (const EqsGraph *graph);

extern const char *const eqs_document_keys[];
extern const char *const eqs_graph_keys[];
extern const char *const eqs_node_keys[];
extern const char *const eqs_item_names[EQS_N_ITEM_KINDS];

EqsLink *eqs_link_new   (const char *from_node, const char *from_port, const char *to_node, const char *to_port,
                         EqsMap *fields, guint line);   /* fields (transfer full) (nullable): all of the link in the file */
EqsLink *eqs_link_ref   (const EqsLink *self);
void     eqs_link_unref (EqsLink *self);
EqsMap  *eqs_link_get_fields (const EqsLink *self);     /* always there: "from", "to" and unknown ones */

EqsNode *eqs_node_new_from_fields (EqsMap *fields, guint line);   /* fields (transfer full) */

/*
 * The journal: each change is an exchange with what it stores, so playing one backwards undoes it and playing it again
 * redoes it. All changes of a document go through eqs_document_apply_change.
 */
typedef struct _EqsChange EqsChange;

void       eqs_change_free              (EqsChange *change);
void       eqs_document_begin_journal   (EqsDocument *self);
GPtrArray *eqs_document_end_journal     (EqsDocument *self);                       /* (transfer full): EqsChange */
void       eqs_document_play            (EqsDocument *self, GPtrArray *journal, gboolean backwards);
/* Appends the changes of next (emptied), dropping those that an earlier change of the same field covers. */
void       eqs_journal_absorb           (GPtrArray *journal, GPtrArray *next);
void       eqs_document_hold            (EqsDocument *self);
void       eqs_document_release         (EqsDocument *self);                       /* emits "changed" when anything did */

G_END_DECLS

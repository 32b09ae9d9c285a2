#pragma once

/**
 * Edits: small records of what to change, for quick-fixes of problems, the guide, and commands. A fix is a list of them,
 * applied as one undo step.
 *
 * An edit may refer to a node that an earlier edit of the list adds by the id it asks for; when that id was taken, the
 * later edits are led to the id that was given instead.
 */

#include "model/command.h"

G_BEGIN_DECLS

typedef enum
{
  EQS_EDIT_SET_PARAM,       /**< node, name, value (NULL: the default) */
  EQS_EDIT_SET_LAYER,       /**< node, layer, params: id, title, place and links stay */
  EQS_EDIT_SET_TITLE,       /**< node, name */
  EQS_EDIT_SET_BYPASS,      /**< node, flag */
  EQS_EDIT_RENAME,          /**< node, name: the new id */
  EQS_EDIT_MOVE,            /**< node, x, y */
  EQS_EDIT_INSERT_AFTER,    /**< node, port: all links from that port start at the new node's output instead; from: leads into it too (to: its input) */
  EQS_EDIT_INSERT_BEFORE,   /**< node, port: all links into that port go to the new node's input instead */
  EQS_EDIT_INSERT_ON_LINK,  /**< from, to, and the new node */
  EQS_EDIT_DELETE_NODE,     /**< node, flag: rejoin */
  EQS_EDIT_ADD_NODE,        /**< the new node */
  EQS_EDIT_CONNECT,         /**< from, to, flag: replace */
  EQS_EDIT_DISCONNECT,      /**< from, to */
  EQS_EDIT_SET_ENTRY,       /**< section, name, value */
  EQS_EDIT_SET_SYMMETRY     /**< name: group or NULL; translations; permutations */
} EqsEditKind;

typedef struct
{
  EqsEditKind kind;
  char       *scope;                 /* owned (nullable): of from, to and new nodes */
  char       *node;                  /* owned: a path */
  char       *port;                  /* owned */
  char       *from, *to;             /* owned: "node.port" */
  char       *name;                  /* owned */
  char       *layer;                 /* owned */
  EqsMap     *params;                /* owned (nullable) */
  EqsValue   *value;                 /* owned (nullable) */
  EqsNode    *new_node;              /* owned (nullable) */
  char       *in_port, *out_port;    /* owned: of the new node; NULL: "x", "y" */
  char       *permutations;          /* owned (nullable) */
  double      x, y;
  EqsSection  section;
  int         translations;          /* < 0: as it is */
  gboolean    flag;
  gboolean    only_simple;           /* DELETE_NODE: rejoin only where one link comes in and one output is used */
} EqsEdit;

/* Constructors. Strings are copied; values, maps and nodes are (transfer full) and may be NULL where that makes sense. */
/** value NULL: back to the layer's default. */
EqsEdit *eqs_edit_new_set_param      (const char *node, const char *name, EqsValue *value);
/** Another layer with these settings (NULL: none); id, title, place and links stay. */
EqsEdit *eqs_edit_new_set_layer      (const char *node, const char *layer, EqsMap *params);
/** NULL or "": none of its own. */
EqsEdit *eqs_edit_new_set_title      (const char *node, const char *title);
/** Step over the node, or no more. */
EqsEdit *eqs_edit_new_set_bypass     (const char *node, gboolean bypass);
/** Links, preview and frames follow. */
EqsEdit *eqs_edit_new_rename         (const char *node, const char *id);
/** To these coordinates of the canvas. */
EqsEdit *eqs_edit_new_move           (const char *node, double x, double y);
/** The new node gets an id made from the layer, and a place between its neighbours. */
EqsEdit *eqs_edit_new_insert_after   (const char *node, const char *port, const char *layer, EqsMap *params);
/** Likewise before the input `port`: its links lead into the new node instead. */
EqsEdit *eqs_edit_new_insert_before  (const char *node, const char *port, const char *layer, EqsMap *params);
/** from → new node → to, in the place of the link between them. */
EqsEdit *eqs_edit_new_insert_on_link (const char *scope, const char *from, const char *to, EqsNode *new_node);
/** @param rejoin  where exactly one link comes in and one output is used, they are joined (clear only_simple: the first) */
EqsEdit *eqs_edit_new_delete_node    (const char *node, gboolean rejoin);
/** A node without links, into the graph of that scope (NULL: the main one). */
EqsEdit *eqs_edit_new_add_node       (const char *scope, EqsNode *new_node);
/** Ends are "node.port". With `replace`, what led into that input goes first. */
EqsEdit *eqs_edit_new_connect        (const char *scope, const char *from, const char *to, gboolean replace);
/** Fails when there is no such link. */
EqsEdit *eqs_edit_new_disconnect     (const char *scope, const char *from, const char *to);
/** value NULL removes the entry. */
EqsEdit *eqs_edit_new_set_entry      (EqsSection section, const char *key, EqsValue *value);
/** group and permutations NULL, translations < 0: as it is. */
EqsEdit *eqs_edit_new_set_symmetry   (const char *group, int translations, const char *permutations);
/** The point group alone. */
EqsEdit *eqs_edit_new_set_group      (const char *group);

/** Other port names of the new node than "x" and "y". @return edit */
EqsEdit *eqs_edit_with_ports         (EqsEdit *edit, const char *in_port, const char *out_port);
/** Texts are copied; values, settings and the new node are shared. (transfer full) */
EqsEdit *eqs_edit_copy               (const EqsEdit *edit);
/** And all that it owns. */
void     eqs_edit_free               (EqsEdit *edit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsEdit, eqs_edit_free)

/** An empty list that owns its edits. */
GPtrArray *eqs_edits_new   (void);
/** Applies them in order. On FALSE some may have been applied: a command (eqs_command_new_edits) takes them back. */
gboolean   eqs_edits_apply (GPtrArray *edits, EqsDocument *document, GError **error);
/** Applies one edit and keeps it. @param kept (nullable) a copy is appended when it could be applied; @param edit (transfer full) */
gboolean   eqs_edits_do    (GPtrArray *kept, EqsDocument *document, EqsEdit *edit, GError **error);

G_END_DECLS

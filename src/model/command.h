#pragma once

/**
 * Commands: what people do to a document, each one undo step with a name. A command is made, given to eqs_history_do,
 * and undone and redone by the history. Most are lists of edits (edits.h); anything else is a function that changes the
 * document by the functions of document.h. How to undo it need not be said: the document keeps a journal.
 */

#include "model/document.h"

G_BEGIN_DECLS

#define EQS_TYPE_COMMAND (eqs_command_get_type ())
G_DECLARE_FINAL_TYPE (EqsCommand, eqs_command, EQS, COMMAND, GObject)

/** Changes the document. May fail half-way: what it had done is taken back. */
typedef gboolean (*EqsPerform) (EqsDocument *document, gpointer data, GError **error);

/** @param label  translated, as in a menu: "Tidy up"  @param destroy (nullable) for data */
EqsCommand *eqs_command_new          (const char *label, EqsPerform perform, gpointer data, GDestroyNotify destroy);
/** @param edits (transfer full) of EqsEdit */
EqsCommand *eqs_command_new_edits    (const char *label, GPtrArray *edits);

/* The common ones, with their labels. @param node (transfer full) */
/** Into a scope, without links; it gets another id where its own is taken. */
EqsCommand *eqs_command_new_add_node     (const char *scope, EqsNode *node);
/** @param paths NULL-terminated  @param rejoin what fed a node feeds its consumers */
EqsCommand *eqs_command_new_remove_nodes (const char *const *paths, gboolean rejoin);
/**
 * Ends are "node.port". With `replace`, what led into that input goes first; how many links an input takes is not
 * looked at here.
 */
EqsCommand *eqs_command_new_connect      (const char *scope, const char *from, const char *to, gboolean replace);
/** Removes the link between two "node.port"; fails when there is none. */
EqsCommand *eqs_command_new_disconnect   (const char *scope, const char *from, const char *to);
/** Typing and dragging sliders: absorbed while the same setting of the same node changes. @param value (transfer full) (nullable) */
EqsCommand *eqs_command_new_set_param    (const char *path, const char *name, EqsValue *value);
/** "" or NULL: the layer's own. Typing is absorbed while the same title changes. */
EqsCommand *eqs_command_new_set_title    (const char *path, const char *title);
/** The id changes in links, preview and frames too; refused when it is taken or no id. */
EqsCommand *eqs_command_new_rename       (const char *path, const char *id);
/** Steps over these nodes, or no more. @param paths  NULL-terminated */
EqsCommand *eqs_command_new_set_bypass   (const char *const *paths, gboolean bypass);
/** Positions xy: [n_paths, 2]. A drag is one step: absorbed while the same nodes move. */
EqsCommand *eqs_command_new_move         (const char *const *paths, const double *xy);
/** NULL and negative values leave what they are for as it is. */
EqsCommand *eqs_command_new_set_symmetry (const char *group, int translations, const char *permutations);
/** For training, data, spec, nominal and preview; absorbed while the same entry changes. @param value (transfer full) (nullable) */
EqsCommand *eqs_command_new_set_entry    (EqsSection section, const char *key, EqsValue *value);
/** Drops a new node on a link. @param node (transfer full) */
EqsCommand *eqs_command_new_insert_on_link (const char *scope, const char *from, const char *to, EqsNode *node,
                                            const char *in_port, const char *out_port);
/** A new node with a link to or from it, as when a wire is dropped on the empty canvas. @param node (transfer full) */
EqsCommand *eqs_command_new_add_connected (const char *scope, EqsNode *node, const char *from, const char *to);

/** Commands with the same absorb key that follow each other become one step. NULL: never. */
void        eqs_command_set_absorb_key (EqsCommand *self, const char *key);
/** Translated; owned by the command. */
const char *eqs_command_get_label      (EqsCommand *self);

/* For the history. */
/** The first time, and to redo. On FALSE the document is as it was. */
gboolean eqs_command_apply    (EqsCommand *self, EqsDocument *document, GError **error);
/** Takes back what the last apply changed; it must have been applied. */
void     eqs_command_revert   (EqsCommand *self, EqsDocument *document);
/**
 * Adds the changes of `next`, applied after self, when both have the same key that is not NULL.
 * @return whether it did; next is then empty
 */
gboolean eqs_command_absorb   (EqsCommand *self, EqsCommand *next);
/** As absorb, whatever the keys: for groups. Both must have been applied. */
void     eqs_command_append   (EqsCommand *self, EqsCommand *next);
/** Not applied yet, or applied and it changed nothing. */
gboolean eqs_command_is_empty (EqsCommand *self);

G_END_DECLS

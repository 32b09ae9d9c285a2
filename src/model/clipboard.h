#pragma once

/**
 * Copying parts of a design as text. The text is a design of its own (it opens as a file), with the links that came in
 * from outside in the field "incoming", so it passes between windows, into a mail and back.
 */

#include "model/command.h"

G_BEGIN_DECLS

/**
 * @param scope  the graph of the nodes, see document.h
 * @param ids    NULL-terminated; ids that do not exist are left out
 * @return (transfer full)
 */
char *eqs_clipboard_copy (EqsDocument *document, const char *scope, const char *const *ids);

/** TRUE when the text is a design, that is: can be pasted. */
gboolean eqs_clipboard_can_paste (const char *text);

/**
 * Where a copy can be put so that it covers nothing: from the wished (dx, dy) downwards by steps, at last below everything. Its cards
 * keep their places to each other. A text that is no copy leaves dx and dy as they are.
 */
void     eqs_clipboard_find_place (const char *text, EqsDocument *document, const char *scope, double step, double *dx, double *dy);

/**
 * Pastes under free ids, moved by (dx, dy). Definitions of blocks come along: one that is already there is used, one
 * that differs from another of its name gets a new name.
 *
 * @param keep_incoming  links from nodes that exist here are made again
 * @param pasted         (nullable) gets the paths of the new nodes when the command is done (char *, freed by the array)
 * @return (transfer full) NULL with EQS_MODEL_ERROR when the text is not a design
 */
EqsCommand *eqs_command_new_paste (const char *text, const char *scope, double dx, double dy, gboolean keep_incoming,
                                   GPtrArray *pasted, GError **error);

G_END_DECLS

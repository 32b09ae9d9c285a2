#pragma once

/**
 * Blocks that a design uses in several places: made from a block, used, detached, renamed, deleted. Each is one undo step; why not is
 * told by "message".
 */

#include "studio/session.h"

G_BEGIN_DECLS

/** The selected node is a block with a body of its own. */
gboolean eqs_session_can_define        (EqsSession *self);
/** The selected node is a use of a definition. */
gboolean eqs_session_can_detach        (EqsSession *self);
/** The selected block becomes a definition, and its first use. It stays selected. */
gboolean eqs_session_define            (EqsSession *self);
/** The selected use becomes a block of its own. It stays selected. */
gboolean eqs_session_detach            (EqsSession *self);
/** Refused while anything uses it. @param id of the definition, without # */
gboolean eqs_session_remove_definition (EqsSession *self, const char *id);
/** Its title, which its uses without one of their own show. Typing is one undo step. */
gboolean eqs_session_rename_definition (EqsSession *self, const char *id, const char *title);

/**
 * A use behind the selected node, on its way on, as one undo step; selects it.
 * @return FALSE, and nothing is done, where no node or several are selected, a port is missing or something in it would have an error
 */
gboolean eqs_session_insert_use        (EqsSession *self, const char *id);
/** Likewise; where that cannot be it is added on its own beside the selected node. */
void     eqs_session_add_use           (EqsSession *self, const char *id);

/** A use in no document yet. @param definition its id, without # (transfer full) */
EqsNode *eqs_definition_new_use (EqsDocument *document, const char *definition, const char *id);
/** Whether the definition may be used in that scope: it must not come to hold itself. */
gboolean eqs_definition_fits    (EqsDocument *document, const char *scope, const char *definition);

G_END_DECLS

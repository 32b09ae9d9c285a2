#pragma once

/** Notes and frames: made, changed and removed as undo steps. */

#include "studio/session.h"

G_BEGIN_DECLS

/** Around the selection, when it is of the main graph. @return id of the frame (transfer full), or NULL */
char     *eqs_session_add_frame    (EqsSession *self);
/** @return id of the note (transfer full), or NULL */
char     *eqs_session_add_note     (EqsSession *self, const char *text, double x, double y);
/** Title of a frame or text of a note. */
gboolean  eqs_session_set_item_text (EqsSession *self, EqsItemKind kind, const char *id, const char *text);
/** One step while the same note moves. */
gboolean  eqs_session_move_note    (EqsSession *self, const char *id, double x, double y);
/** One undo step. FALSE when there is none with this id, which "message" tells. */
gboolean  eqs_session_remove_item  (EqsSession *self, EqsItemKind kind, const char *id);
/** "text" of a note, "title" of a frame. */
const char *eqs_item_get_text      (const EqsMap *item, EqsItemKind kind);

G_END_DECLS

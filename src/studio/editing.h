#pragma once

/** Changes of the selection and of single wires that canvas and outline share. Each is one undo step; why not is told by "message". */

#include "studio/session.h"

G_BEGIN_DECLS

/** Changes places with the one layer before (step -1) or after (1) in the flow. @return whether that could be done */
gboolean eqs_session_move_in_flow (EqsSession *self, const char *path, int step);
/** The wire at a place of a port that takes several, one place earlier (-1) or later (1). */
gboolean eqs_session_move_wire    (EqsSession *self, const char *path, const char *port, guint place, int step);
/** Takes a wire away; ends are a node's path and a port, of one graph. */
gboolean eqs_session_cut_wire     (EqsSession *self, const char *from, const char *from_port, const char *to, const char *to_port);
/** Joins two ends of one graph; a port that takes one wire loses the one it had. */
gboolean eqs_session_join         (EqsSession *self, const char *from, const char *from_port, const char *to, const char *to_port);
/** Nodes of the selection into a block of their own, whose ports are the wires that crossed. Selects it. */
gboolean eqs_session_group        (EqsSession *self);
/** The selected block's nodes stand in its place. Selects them. */
gboolean eqs_session_ungroup      (EqsSession *self);

G_END_DECLS

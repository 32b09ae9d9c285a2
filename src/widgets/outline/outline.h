#pragma once

/**
 * The outline: the design as a tree that can be read and changed by keyboard alone, in step with the canvas. Rows are nodes in the order
 * of the flow; an opened node shows the ends of its wires, a block its nodes. What it does not do itself it asks the canvas for, by
 * the window's action "win.canvas".
 */

#include "studio/session.h"
#include "widgets/action-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_OUTLINE (eqs_outline_get_type ())
G_DECLARE_FINAL_TYPE (EqsOutline, eqs_outline, EQS, OUTLINE, GtkWidget)

GtkWidget  *eqs_outline_widget_new (EqsSession *session);
/** The row of a node, or of an end of one of its wires (nullable port); NULL: not shown. */
GtkWidget  *eqs_outline_find_row   (EqsOutline *self, const char *path, const char *port);
/** Shows the ends of a node's wires, or hides them. */
void        eqs_outline_set_open   (EqsOutline *self, const char *path, gboolean open);

/** The actions "outline.…" with their keys. */
extern const EqsActionRow eqs_outline_actions[];

G_END_DECLS

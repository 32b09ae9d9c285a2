#pragma once

/** Lists to choose from beside a node, by keyboard: what it can be joined to, which layer comes after it, how it is called. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * Ends of the other side of the same graph, those that fit first; the others say why not, and can be chosen all the same. Choosing joins.
 * @param port NULL: the node's first output
 * @return a popover without parent; NULL: the node has no such end (the session says so)
 */
GtkWidget *eqs_connect_popover_new (EqsSession *session, const char *path, const char *port, gboolean from_output);
/** Layers that may be added after the selected node. */
GtkWidget *eqs_layer_popover_new   (EqsSession *session);
/** The title of a node. */
GtkWidget *eqs_title_popover_new   (EqsSession *session, const char *path);
/** Shows a popover of these at a place of a widget. */
void       eqs_end_popover_show    (GtkWidget *popover, GtkWidget *parent, const GdkRectangle *at);

G_END_DECLS

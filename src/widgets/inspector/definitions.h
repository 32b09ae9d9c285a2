#pragma once

/** Blocks that a design uses in several places, in the inspector: what a block is, and all of them in the sheet of the design. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Of a block: whether it is one of its own or a use, with the button that makes it the other. @return NULL: the node is no block */
GtkWidget *eqs_definition_part_new  (EqsSession *session, const char *path);
/** The name of what the node is a use of, to be changed. (transfer floating) @return NULL: it is no use */
GtkWidget *eqs_definition_entry_new (EqsSession *session, const char *path);
/** The entry again, when the name was changed elsewhere. */
void       eqs_definition_entry_refresh (GtkWidget *entry);
/** Every definition with its uses, to be opened or deleted; nothing where there is none. */
void       eqs_definitions_append   (GtkWidget *box, EqsSession *session);

G_END_DECLS

#pragma once

/* The outline for its own files: state, and the rows that actions are about. */

#include "studio/outline.h"
#include "widgets/outline/outline.h"

struct _EqsOutline
{
  GtkWidget   parent_instance;

  EqsSession *session;         /* owned */
  GPtrArray  *rows;            /* owned: of EqsOutlineRow, as listed */
  GHashTable *open;            /* owned: paths of opened nodes */
  gboolean    stale, filling;  /* filling: the list changes, not a person */

  GtkWidget  *box, *list, *menu;     /* borrowed */
};

/* outline.c */
const EqsOutlineRow *eqs_outline_row_of (EqsOutline *self, GtkListBoxRow *row);

/* outline-actions.c */
/* The row that has the keyboard, else the first that is chosen; NULL. */
const EqsOutlineRow *eqs_outline_row_at_hand (EqsOutline *self);
/* A frame or a note. */
gboolean             eqs_outline_is_item     (const EqsOutlineRow *row);
/* The graph that a node stands in. (transfer full) */
char                *eqs_outline_dup_scope   (const char *path);
/* The menu, the keys of the list and the secondary button. */
void                 eqs_outline_add_menu    (EqsOutline *self);
/** "outline.…" with their keys, and the keys of the canvas that act on the selection. */
void                 eqs_outline_class_install_actions (GtkWidgetClass *widget_class);

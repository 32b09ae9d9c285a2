#pragma once

/** A row of the action table: what people can do, by which keys. The shortcuts window and the command search are made from it. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *action;        /**< detailed name: "win.undo", "canvas.duplicate" */
  const char *title;         /**< N_(): "Undo" */
  const char *group;         /**< N_(): "Editing" */
  const char *keys[3];       /**< accelerators; the first is shown */
} EqsActionRow;              /* tables end with action NULL */

G_END_DECLS

#pragma once

/* What the files of editing share: paths, ends of wires. */

#include "studio/editing.h"

#include <string.h>

static inline const char *
id_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? path : slash + 1;
}

static inline char *
join (const char *scope, const char *id)
{
  return scope[0] == '\0' ? g_strdup (id) : g_strconcat (scope, "/", id, NULL);
}

static inline char *
end_text (const char *node, const char *port)
{
  return g_strconcat (node, ".", port, NULL);
}

/* A copy of a wire's ends, since wires go while they are moved. */
typedef struct { char *from, *to; guint index; } EqsWireEnds;

/** Of an EqsWireEnds, as a GDestroyNotify. */
void       eqs_wire_ends_free (gpointer data);
/* Wires into (or out of) a node. (transfer full) */
GPtrArray *eqs_wires_of       (EqsGraph *graph, const char *id, gboolean output);

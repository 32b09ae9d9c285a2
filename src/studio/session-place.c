/* Where people are in a session: scope, selection, and what the symmetry view looks at. */

#include "studio/session-private.h"

#include <string.h>

const char *
eqs_session_get_scope (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->scope;
}

void
eqs_session_set_scope (EqsSession *self, const char *scope)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  if (scope == NULL)
    scope = "";
  if (strcmp (scope, self->scope) == 0 || eqs_document_get_graph (self->document, scope) == NULL)
    return;
  g_free (self->scope);
  self->scope = g_strdup (scope);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_SCOPE_CHANGED], 0);
  eqs_session_select (self, NULL);
}

const char *const *
eqs_session_get_selection (EqsSession *self)
{
  return (const char *const *) self->selection->pdata;
}

guint
eqs_session_get_n_selected (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), 0);
  return self->selection->len - 1;
}

gboolean
eqs_session_is_selected (EqsSession *self, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return g_strv_contains (eqs_session_get_selection (self), path);
}

/* Length of the part before the last "/" of a path: its scope. */
static gsize
scope_length (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? 0 : (gsize) (slash - path);
}

void
eqs_session_select (EqsSession *self, const char *const *paths)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  GPtrArray *selection = g_ptr_array_new_with_free_func (g_free);
  gboolean   same;

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    if (scope_length (paths[i]) == strlen (self->scope) && g_str_has_prefix (paths[i], self->scope) &&
        eqs_document_find_node (self->document, paths[i]) != NULL)
      g_ptr_array_add (selection, g_strdup (paths[i]));
  g_ptr_array_add (selection, NULL);
  same = g_strv_equal ((const char *const *) selection->pdata, eqs_session_get_selection (self));
  g_ptr_array_unref (self->selection);
  self->selection = selection;
  if (!same)
    g_signal_emit (self, eqs_session_signals[EQS_SESSION_SELECTION_CHANGED], 0);
}

void
eqs_session_select_one (EqsSession *self, const char *path)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  const char *const paths[] = { path, NULL };
  g_autofree char  *scope = path == NULL ? NULL : g_strndup (path, scope_length (path));

  if (scope != NULL)
    eqs_session_set_scope (self, scope);
  eqs_session_select (self, paths);
}

void
eqs_session_reveal (EqsSession *self, const char *path)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  g_autofree char *scope = g_strndup (path, scope_length (path));

  eqs_session_set_scope (self, scope);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_REVEAL], 0, path);
}

void
eqs_session_look_at (EqsSession *self, const char *path)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  g_autofree char *scope = g_strndup (path, scope_length (path));

  eqs_session_set_scope (self, scope);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_LOOK_AT], 0, path);
}

const char *
eqs_session_get_probe_node (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->probe_node;
}

const char *
eqs_session_get_probe_port (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->probe_port;
}

void
eqs_session_set_probe (EqsSession *self, const char *path, const char *port)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  if (g_strcmp0 (path, self->probe_node) == 0 && g_strcmp0 (port, self->probe_port) == 0)
    return;
  g_free (self->probe_node);
  g_free (self->probe_port);
  self->probe_node = g_strdup (path);
  self->probe_port = g_strdup (port);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_PROBE_CHANGED], 0);
}

double
eqs_session_get_angle (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), 0);
  return self->angle_rad;
}

gboolean
eqs_session_get_mirror (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return self->mirror;
}

void
eqs_session_set_element (EqsSession *self, double angle_rad, gboolean mirror)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  if (angle_rad == self->angle_rad && mirror == self->mirror)
    return;
  self->angle_rad = angle_rad;
  self->mirror = mirror;
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_ELEMENT_CHANGED], 0);
}

/* Changes of links, and of what a design holds beside its graph: frames, notes. Checked first, then made through the journal. */

#include "model/document.h"
#include "model/document-private.h"
#include "model/journal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Links */

typedef struct
{
  char *from_node, *from_port, *to_node, *to_port;   /* owned */
} Ends;

static void
ends_clear (Ends *ends)
{
  g_free (ends->from_node);
  g_free (ends->from_port);
  g_free (ends->to_node);
  g_free (ends->to_port);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ends, ends_clear)

static gboolean
check_end (const EqsGraph *graph, const char *endpoint, char **node, char **port, GError **error)
{
  if (!eqs_endpoint_split (endpoint, node, port))
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("“%s” is not of the form node.port."), endpoint);
  else if ((*node)[0] == 0 && graph->owner == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("“%s” names no node; only inside a block a port may stand alone."), endpoint);
  else if ((*node)[0] != 0 && eqs_graph_find_node ((EqsGraph *) graph, *node) == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no node “%s”."), *node);
  else
    return TRUE;
  return FALSE;
}

static EqsGraph *
require_ends (EqsDocument *self, const char *scope, const char *from, const char *to, Ends *ends, GError **error)
{
  GError *local = NULL;
  EqsGraph *graph = eqs_document_require_graph (self, scope, &local);

  if (graph == NULL)
    {
      g_propagate_error (error, local);
      return NULL;
    }
  return check_end (graph, from, &ends->from_node, &ends->from_port, error)
         && check_end (graph, to, &ends->to_node, &ends->to_port, error) ? graph : NULL;
}

static guint
count_into (const EqsGraph *graph, const Ends *ends)
{
  guint n = 0;

  for (guint i = 0; i < graph->links->len; i++)
    {
      const EqsLink *link = graph->links->pdata[i];

      n += strcmp (link->to_node, ends->to_node) == 0 && strcmp (link->to_port, ends->to_port) == 0;
    }
  return n;
}

gboolean
eqs_document_connect (EqsDocument *self, const char *scope, const char *from, const char *to, int index, gboolean replace,
                      GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_auto (Ends) ends = { 0 };
  EqsGraph *graph = require_ends (self, scope, from, to, &ends, error);

  if (graph == NULL)
    return FALSE;
  if (graph->links->len - (replace ? count_into (graph, &ends) : 0) >= EQS_MAX_LINKS)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("A graph holds at most %d links."), EQS_MAX_LINKS);
      return FALSE;
    }
  eqs_document_hold (self);
  for (guint i = graph->links->len; replace && i-- > 0;)
    {
      const EqsLink *link = graph->links->pdata[i];

      if (strcmp (link->to_node, ends.to_node) == 0 && strcmp (link->to_port, ends.to_port) == 0)
        {
          eqs_journal_remove_link (self, graph, i);
          index = (int) i;
        }
    }
  if (index < 0 || (guint) index > graph->links->len)
    index = (int) graph->links->len;
  eqs_journal_insert_link (self, graph, (guint) index,
                           eqs_link_new (ends.from_node, ends.from_port, ends.to_node, ends.to_port, NULL, 0));
  eqs_document_release (self);
  return TRUE;
}

static int
require_link (EqsGraph *graph, const Ends *ends, const char *from, const char *to, GError **error)
{
  const int index = eqs_graph_find_link (graph, ends->from_node, ends->from_port, ends->to_node, ends->to_port);

  if (index < 0)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("“%s” and “%s” are not connected."), from, to);
  return index;
}

gboolean
eqs_document_disconnect (EqsDocument *self, const char *scope, const char *from, const char *to, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_auto (Ends) ends = { 0 };
  EqsGraph *graph = require_ends (self, scope, from, to, &ends, error);
  const int index = graph == NULL ? -1 : require_link (graph, &ends, from, to, error);

  if (index < 0)
    return FALSE;
  eqs_journal_remove_link (self, graph, (guint) index);
  return TRUE;
}

gboolean
eqs_document_insert_on_link (EqsDocument *self, const char *scope, const char *from, const char *to, const char *id,
                             const char *in_port, const char *out_port, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_auto (Ends) ends = { 0 };
  EqsGraph *graph = require_ends (self, scope, from, to, &ends, error);
  const int index = graph == NULL ? -1 : require_link (graph, &ends, from, to, error);
  const EqsLink *old;

  if (index < 0)
    return FALSE;
  if (eqs_graph_find_node (graph, id) == NULL || !eqs_id_is_valid (in_port) || !eqs_id_is_valid (out_port))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no node “%s”."), id);
      return FALSE;
    }
  if (strcmp (id, ends.from_node) == 0 || strcmp (id, ends.to_node) == 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” is already an end of this link."), id);
      return FALSE;
    }
  old = graph->links->pdata[index];
  eqs_document_hold (self);
  eqs_document_replace_link (self, graph, (guint) index, eqs_link_with (old, id, out_port, ends.to_node, ends.to_port));
  eqs_journal_insert_link (self, graph, (guint) index, eqs_link_new (ends.from_node, ends.from_port, id, in_port, NULL, 0));
  eqs_document_make_room (self, scope, id, ends.from_node, ends.to_node);
  eqs_document_release (self);
  return TRUE;
}

gboolean
eqs_document_redirect (EqsDocument *self, const char *scope, const char *from, const char *new_from, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_auto (Ends) old = { 0 };
  EqsGraph *graph = require_ends (self, scope, from, new_from, &old, error);

  if (graph == NULL)
    return FALSE;
  eqs_document_hold (self);
  for (guint i = 0; i < graph->links->len; i++)
    {
      const EqsLink *link = graph->links->pdata[i];

      /* in `old` the new source stands at the place of a target */
      if (strcmp (link->from_node, old.from_node) == 0 && strcmp (link->from_port, old.from_port) == 0
          && strcmp (link->to_node, old.to_node) != 0)
        eqs_document_replace_link (self, graph, i, eqs_link_with (link, old.to_node, old.to_port, link->to_node, link->to_port));
    }
  eqs_document_release (self);
  return TRUE;
}

/* Frames and notes */

gboolean
eqs_document_add_item (EqsDocument *self, EqsItemKind kind, const EqsMap *fields, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_autoptr (EqsMap) item = eqs_map_copy (fields);
  const char *id = eqs_map_get_string (item, "id", NULL);

  if (!eqs_document_check_writable (self, error))
    return FALSE;
  if (id == NULL)
    {
      char made[32];
      guint i = 1;

      do
        g_snprintf (made, sizeof made, "%s%u", kind == EQS_ITEM_FRAME ? "frame" : "note", i++);
      while (eqs_document_find_item (self, kind, made) >= 0);
      eqs_map_remove (item, "id");
      eqs_map_insert (item, 0, "id", eqs_value_new_string (made));
    }
  else if (!eqs_id_is_valid (id) || eqs_document_find_item (self, kind, id) >= 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("The id “%s” is taken; choose another."), id);
      return FALSE;
    }
  eqs_journal_insert_item (self, self->items[kind], self->items[kind]->len, item);
  return TRUE;
}

static int
require_item (EqsDocument *self, EqsItemKind kind, const char *id, GError **error)
{
  const int index = eqs_document_check_writable (self, error) ? eqs_document_find_item (self, kind, id) : -1;

  if (index < 0 && !self->read_only)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no note or frame “%s”."), id);
  return index;
}

gboolean
eqs_document_remove_item (EqsDocument *self, EqsItemKind kind, const char *id, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  const int index = require_item (self, kind, id, error);

  if (index < 0)
    return FALSE;
  eqs_journal_remove_item (self, self->items[kind], (guint) index);
  return TRUE;
}

gboolean
eqs_document_set_item_field (EqsDocument *self, EqsItemKind kind, const char *id, const char *key, EqsValue *value,
                             GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  const int index = require_item (self, kind, id, error);

  if (index < 0 || !eqs_document_check_key (key, error))
    return FALSE;
  if (strcmp (key, "id") == 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” cannot be set as a plain field."), key);
      return FALSE;
    }
  eqs_journal_set_field (self, EQS_CHANGED_NOTES, NULL, self->items[kind]->pdata[index], NULL, key, value);
  return TRUE;
}

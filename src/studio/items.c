/* Commands over the items of a document. */

#include "studio/items.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  EqsItemKind kind;
  char       *id;          /* owned (nullable) */
  EqsMap     *fields;      /* owned (nullable): set, one by one, or all of a new item */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->id);
  g_clear_pointer (&change->fields, eqs_map_unref);
  g_free (change);
}

static gboolean
add_cb (EqsDocument *document, gpointer data, GError **error)
{
  const Change *change = data;

  return eqs_document_add_item (document, change->kind, change->fields, error);
}

static gboolean
set_cb (EqsDocument *document, gpointer data, GError **error)
{
  const Change *change = data;

  for (guint i = 0; i < eqs_map_get_size (change->fields); i++)
    if (!eqs_document_set_item_field (document, change->kind, change->id, eqs_map_get_key (change->fields, i), eqs_map_get_value (change->fields, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
remove_cb (EqsDocument *document, gpointer data, GError **error)
{
  const Change *change = data;

  return eqs_document_remove_item (document, change->kind, change->id, error);
}

/* @param fields (transfer full) (nullable) */
static Change *
change_new (EqsItemKind kind, const char *id, EqsMap *fields)
{
  Change *change = g_new0 (Change, 1);

  change->kind = kind;
  change->id = g_strdup (id);
  change->fields = fields;
  return change;
}

const char *
eqs_item_get_text (const EqsMap *item, EqsItemKind kind)
{
  return eqs_map_get_string (item, kind == EQS_ITEM_FRAME ? "title" : "text", "");
}

/* The item that came last; (transfer full) */
static char *
dup_newest (EqsSession *self, EqsItemKind kind)
{
  EqsDocument *document = eqs_session_get_document (self);
  const guint  n = eqs_document_get_n_items (document, kind);

  return n == 0 ? NULL : g_strdup (eqs_map_get_string (eqs_document_get_item (document, kind, n - 1), "id", ""));
}

char *
eqs_session_add_frame (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  const char *const *paths = eqs_session_get_selection (self);
  EqsMap *fields;

  if (paths[0] == NULL || eqs_session_get_scope (self)[0] != '\0')
    {
      eqs_session_message (self, "%s", _("Select the layers of the main design that the frame should hold."));
      return NULL;
    }
  fields = eqs_map_new ();
  eqs_map_set (fields, "title", eqs_value_new_string (_("Frame")));
  eqs_map_set (fields, "members", eqs_value_new_strings (paths));
  return eqs_session_do (self, eqs_command_new (_("Frame"), add_cb, change_new (EQS_ITEM_FRAME, NULL, fields), change_free)) ? dup_newest (self, EQS_ITEM_FRAME) : NULL;
}

char *
eqs_session_add_note (EqsSession *self, const char *text, double x, double y)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);

  EqsMap *fields = eqs_map_new ();

  eqs_map_set (fields, "text", eqs_value_new_string (text));
  eqs_map_set (fields, "x", eqs_value_new_number (x));
  eqs_map_set (fields, "y", eqs_value_new_number (y));
  return eqs_session_do (self, eqs_command_new (_("Add note"), add_cb, change_new (EQS_ITEM_NOTE, NULL, fields), change_free)) ? dup_newest (self, EQS_ITEM_NOTE) : NULL;
}

gboolean
eqs_session_set_item_text (EqsSession *self, EqsItemKind kind, const char *id, const char *text)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  EqsMap          *fields = eqs_map_new ();
  EqsCommand      *command;
  g_autofree char *key = g_strdup_printf ("item-text\n%d\n%s", kind, id);

  eqs_map_set (fields, kind == EQS_ITEM_FRAME ? "title" : "text", eqs_value_new_string (text));
  command = eqs_command_new (kind == EQS_ITEM_FRAME ? _("Title of a frame") : _("Write a note"), set_cb, change_new (kind, id, fields), change_free);
  eqs_command_set_absorb_key (command, key);
  return eqs_session_do (self, command);
}

gboolean
eqs_session_move_note (EqsSession *self, const char *id, double x, double y)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  EqsMap          *fields = eqs_map_new ();
  EqsCommand      *command;
  g_autofree char *key = g_strconcat ("item-place\n", id, NULL);

  eqs_map_set (fields, "x", eqs_value_new_number (x));
  eqs_map_set (fields, "y", eqs_value_new_number (y));
  command = eqs_command_new (_("Move a note"), set_cb, change_new (EQS_ITEM_NOTE, id, fields), change_free);
  eqs_command_set_absorb_key (command, key);
  return eqs_session_do (self, command);
}

gboolean
eqs_session_remove_item (EqsSession *self, EqsItemKind kind, const char *id)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return eqs_session_do (self, eqs_command_new (kind == EQS_ITEM_FRAME ? _("Remove the frame") : _("Delete the note"), remove_cb, change_new (kind, id, NULL), change_free));
}

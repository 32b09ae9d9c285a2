/* A command is performed once, while the document keeps its journal; from then on it is that journal, played backwards
 * and forwards. So undo and redo cannot disagree with what was done, and absorbing is joining two journals. */

#include "model/command.h"
#include "model/document-private.h"
#include "model/edits.h"

#include <glib/gi18n-lib.h>

struct _EqsCommand
{
  GObject         parent_instance;

  char           *label;        /* owned */
  char           *absorb_key;   /* owned (nullable) */
  EqsPerform      perform;
  gpointer        data;         /* owned by destroy */
  GDestroyNotify  destroy;
  GPtrArray      *journal;      /* owned (nullable): what was done; NULL until then */
};

G_DEFINE_FINAL_TYPE (EqsCommand, eqs_command, G_TYPE_OBJECT)

static void
drop_data (EqsCommand *self)
{
  if (self->destroy != NULL)
    self->destroy (self->data);
  self->destroy = NULL;
  self->data = NULL;
}

static void
eqs_command_finalize (GObject *object)
{
  EqsCommand *self = EQS_COMMAND (object);

  drop_data (self);
  g_clear_pointer (&self->journal, g_ptr_array_unref);
  g_free (self->label);
  g_free (self->absorb_key);

  G_OBJECT_CLASS (eqs_command_parent_class)->finalize (object);
}

static void
eqs_command_class_init (EqsCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eqs_command_finalize;
}

static void
eqs_command_init (EqsCommand *self)
{
}

EqsCommand *
eqs_command_new (const char *label, EqsPerform perform, gpointer data, GDestroyNotify destroy)
{
  EqsCommand *self = g_object_new (EQS_TYPE_COMMAND, NULL);

  self->label = g_strdup (label);
  self->perform = perform;
  self->data = data;
  self->destroy = destroy;
  return self;
}

void
eqs_command_set_absorb_key (EqsCommand *self, const char *key)
{
  g_return_if_fail (EQS_IS_COMMAND (self));
  g_free (self->absorb_key);
  self->absorb_key = g_strdup (key);
}

const char *
eqs_command_get_label (EqsCommand *self)
{
  g_return_val_if_fail (EQS_IS_COMMAND (self), NULL);
  return self->label;
}

gboolean
eqs_command_apply (EqsCommand *self, EqsDocument *document, GError **error)
{
  g_return_val_if_fail (EQS_IS_COMMAND (self), FALSE);

  GPtrArray *journal;
  gboolean ok;

  if (self->journal != NULL)
    {
      eqs_document_play (document, self->journal, FALSE);
      return TRUE;
    }
  if (eqs_document_is_read_only (document))
    return eqs_document_set_name (document, "", error);   /* says why not */

  eqs_document_hold (document);
  eqs_document_begin_journal (document);
  ok = self->perform == NULL || self->perform (document, self->data, error);
  journal = eqs_document_end_journal (document);
  if (ok)
    {
      self->journal = journal;
      drop_data (self);
    }
  else
    {
      eqs_document_play (document, journal, TRUE);
      g_ptr_array_unref (journal);
    }
  eqs_document_release (document);
  return ok;
}

void
eqs_command_revert (EqsCommand *self, EqsDocument *document)
{
  g_return_if_fail (self->journal != NULL);
  eqs_document_play (document, self->journal, TRUE);
}

void
eqs_command_append (EqsCommand *self, EqsCommand *next)
{
  g_return_if_fail (self->journal != NULL && next->journal != NULL);
  eqs_journal_absorb (self->journal, next->journal);
}

gboolean
eqs_command_absorb (EqsCommand *self, EqsCommand *next)
{
  g_return_val_if_fail (EQS_IS_COMMAND (self), FALSE);
  if (self->absorb_key == NULL || g_strcmp0 (self->absorb_key, next->absorb_key) != 0)
    return FALSE;
  eqs_command_append (self, next);
  return TRUE;
}

gboolean
eqs_command_is_empty (EqsCommand *self)
{
  g_return_val_if_fail (EQS_IS_COMMAND (self), FALSE);
  return self->journal == NULL || self->journal->len == 0;
}

/* The common ones */

static gboolean
perform_edits (EqsDocument *document, gpointer data, GError **error)
{
  return eqs_edits_apply (data, document, error);
}

EqsCommand *
eqs_command_new_edits (const char *label, GPtrArray *edits)
{
  return eqs_command_new (label, perform_edits, edits, (GDestroyNotify) g_ptr_array_unref);
}

static EqsCommand *
new_single (const char *label, EqsEdit *edit)
{
  GPtrArray *edits = eqs_edits_new ();

  g_ptr_array_add (edits, edit);
  return eqs_command_new_edits (label, edits);
}

static EqsCommand *
with_key (EqsCommand *command, const char *kind, const char *a, const char *b)
{
  g_free (command->absorb_key);
  command->absorb_key = g_strjoin ("\n", kind, a, b, NULL);
  return command;
}

EqsCommand *
eqs_command_new_add_node (const char *scope, EqsNode *node)
{
  return new_single (_("Add layer"), eqs_edit_new_add_node (scope, node));
}

EqsCommand *
eqs_command_new_remove_nodes (const char *const *paths, gboolean rejoin)
{
  GPtrArray *edits = eqs_edits_new ();
  const guint n = g_strv_length ((char **) paths);

  for (guint i = 0; i < n; i++)
    {
      EqsEdit *edit = eqs_edit_new_delete_node (paths[i], rejoin);

      edit->only_simple = FALSE;   /* a person asked: join what there is */
      g_ptr_array_add (edits, edit);
    }
  return eqs_command_new_edits (ngettext ("Delete layer", "Delete layers", n), edits);
}

EqsCommand *
eqs_command_new_connect (const char *scope, const char *from, const char *to, gboolean replace)
{
  return new_single (_("Connect layers"), eqs_edit_new_connect (scope, from, to, replace));
}

EqsCommand *
eqs_command_new_disconnect (const char *scope, const char *from, const char *to)
{
  return new_single (_("Disconnect layers"), eqs_edit_new_disconnect (scope, from, to));
}

EqsCommand *
eqs_command_new_set_param (const char *path, const char *name, EqsValue *value)
{
  return with_key (new_single (_("Change setting"), eqs_edit_new_set_param (path, name, value)), "param", path, name);
}

EqsCommand *
eqs_command_new_set_title (const char *path, const char *title)
{
  return with_key (new_single (_("Change title"), eqs_edit_new_set_title (path, title)), "title", path, "");
}

EqsCommand *
eqs_command_new_rename (const char *path, const char *id)
{
  return new_single (_("Rename layer"), eqs_edit_new_rename (path, id));
}

EqsCommand *
eqs_command_new_set_bypass (const char *const *paths, gboolean bypass)
{
  GPtrArray *edits = eqs_edits_new ();

  for (; *paths != NULL; paths++)
    g_ptr_array_add (edits, eqs_edit_new_set_bypass (*paths, bypass));
  return eqs_command_new_edits (bypass ? _("Bypass") : _("Stop bypassing"), edits);
}

EqsCommand *
eqs_command_new_move (const char *const *paths, const double *xy)
{
  GPtrArray *edits = eqs_edits_new ();
  g_autofree char *all = g_strjoinv ("\n", (char **) paths);

  for (guint i = 0; paths[i] != NULL; i++)
    g_ptr_array_add (edits, eqs_edit_new_move (paths[i], xy[2 * i], xy[2 * i + 1]));
  return with_key (eqs_command_new_edits (_("Move"), edits), "move", all, "");
}

EqsCommand *
eqs_command_new_set_symmetry (const char *group, int translations, const char *permutations)
{
  return new_single (_("Change symmetry"), eqs_edit_new_set_symmetry (group, translations, permutations));
}

EqsCommand *
eqs_command_new_set_entry (EqsSection section, const char *key, EqsValue *value)
{
  const char *label = section == EQS_SECTION_TRAINING ? _("Change training")
                      : section == EQS_SECTION_DATA   ? _("Change data")
                                                      : _("Change design");

  return with_key (new_single (label, eqs_edit_new_set_entry (section, key, value)), "entry",
                   eqs_section_get_name (section), key);
}

EqsCommand *
eqs_command_new_insert_on_link (const char *scope, const char *from, const char *to, EqsNode *node, const char *in_port,
                                const char *out_port)
{
  return new_single (_("Insert layer"),
                     eqs_edit_with_ports (eqs_edit_new_insert_on_link (scope, from, to, node), in_port, out_port));
}

EqsCommand *
eqs_command_new_add_connected (const char *scope, EqsNode *node, const char *from, const char *to)
{
  GPtrArray *edits = eqs_edits_new ();

  g_ptr_array_add (edits, eqs_edit_new_add_node (scope, node));
  g_ptr_array_add (edits, eqs_edit_new_connect (scope, from, to, TRUE));
  return eqs_command_new_edits (_("Add layer"), edits);
}

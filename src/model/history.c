/* A list of commands and a position in it. The saved mark is a position too: -1 when that state can't be reached. */

#include "model/history.h"
#include "model/document-private.h"

#include <glib/gi18n-lib.h>

struct _EqsHistory
{
  GObject      parent_instance;

  EqsDocument *document;    /* owned */
  GPtrArray   *steps;       /* owned: EqsCommand */
  guint        position;    /* steps applied */
  int          saved;       /* position on disk, or -1 */
  gboolean     sealed;      /* the last step absorbs nothing more */
  guint        depth;       /* of groups */
  EqsCommand  *group;       /* owned (nullable): collects a group */
};

G_DEFINE_FINAL_TYPE (EqsHistory, eqs_history, G_TYPE_OBJECT)

static guint changed_signal;

static void
eqs_history_dispose (GObject *object)
{
  EqsHistory *self = EQS_HISTORY (object);

  if (self->document != NULL)
    self->document->guarded = FALSE;
  g_clear_object (&self->group);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (eqs_history_parent_class)->dispose (object);
}

static void
eqs_history_class_init (EqsHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_history_dispose;

  changed_signal = g_signal_new ("changed", EQS_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
eqs_history_init (EqsHistory *self)
{
  self->steps = g_ptr_array_new_with_free_func (g_object_unref);
}

EqsHistory *
eqs_history_new (EqsDocument *document)
{
  EqsHistory *self;

  g_return_val_if_fail (EQS_IS_DOCUMENT (document) && !document->guarded, NULL);
  self = g_object_new (EQS_TYPE_HISTORY, NULL);
  self->document = g_object_ref (document);
  document->guarded = TRUE;
  return self;
}

EqsDocument *
eqs_history_get_document (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), NULL);
  return self->document;
}

static void
forget_redo (EqsHistory *self)
{
  if (self->saved > (int) self->position)
    self->saved = -1;
  g_ptr_array_set_size (self->steps, (int) self->position);
}

static void
remember (EqsHistory *self, EqsCommand *command)
{
  EqsCommand *last;

  forget_redo (self);
  last = self->position > 0 ? self->steps->pdata[self->position - 1] : NULL;
  /* The state on disk lies after a step: that step must not grow. */
  if (last != NULL && !self->sealed && self->saved != (int) self->position && eqs_command_absorb (last, command))
    return;
  g_ptr_array_add (self->steps, g_object_ref (command));
  self->position++;
  self->sealed = FALSE;
}

gboolean
eqs_history_do (EqsHistory *self, EqsCommand *command, GError **error)
{
  G_GNUC_UNUSED g_autoptr (EqsCommand) own = command;

  g_return_val_if_fail (EQS_IS_HISTORY (self) && EQS_IS_COMMAND (command), FALSE);

  /* "changed" of the document is emitted when history and document agree again. */
  eqs_document_hold (self->document);
  if (!eqs_command_apply (command, self->document, error))
    {
      eqs_document_release (self->document);
      return FALSE;
    }
  if (!eqs_command_is_empty (command))
    {
      if (self->group != NULL)
        eqs_command_append (self->group, command);
      else
        remember (self, command);
      g_signal_emit (self, changed_signal, 0);
    }
  eqs_document_release (self->document);
  return TRUE;
}

gboolean
eqs_history_can_undo (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), FALSE);
  return self->position > 0 && self->group == NULL;
}

gboolean
eqs_history_can_redo (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), FALSE);
  return self->position < self->steps->len && self->group == NULL;
}

static void
step_back (EqsHistory *self)
{
  eqs_command_revert (self->steps->pdata[--self->position], self->document);
}

static void
step_forward (EqsHistory *self)
{
  eqs_command_apply (self->steps->pdata[self->position++], self->document, NULL);
}

void
eqs_history_go_to (EqsHistory *self, guint n)
{
  const guint target = MIN (n, self->steps->len);

  g_return_if_fail (self->group == NULL);
  if (target == self->position)
    return;
  eqs_document_hold (self->document);
  while (self->position > target)
    step_back (self);
  while (self->position < target)
    step_forward (self);
  self->sealed = TRUE;
  g_signal_emit (self, changed_signal, 0);
  eqs_document_release (self->document);
}

gboolean
eqs_history_undo (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), FALSE);
  if (!eqs_history_can_undo (self))
    return FALSE;
  eqs_history_go_to (self, self->position - 1);
  return TRUE;
}

gboolean
eqs_history_redo (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), FALSE);
  if (!eqs_history_can_redo (self))
    return FALSE;
  eqs_history_go_to (self, self->position + 1);
  return TRUE;
}

const char *
eqs_history_get_undo_label (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), NULL);
  return eqs_history_can_undo (self) ? eqs_history_get_label (self, self->position - 1) : NULL;
}

const char *
eqs_history_get_redo_label (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), NULL);
  return eqs_history_can_redo (self) ? eqs_history_get_label (self, self->position) : NULL;
}

guint
eqs_history_get_n_steps (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), 0);
  return self->steps->len;
}

guint
eqs_history_get_position (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), 0);
  return self->position;
}

const char *
eqs_history_get_label (EqsHistory *self, guint index)
{
  g_return_val_if_fail (index < self->steps->len, NULL);
  return eqs_command_get_label (self->steps->pdata[index]);
}

void
eqs_history_begin_group (EqsHistory *self, const char *label)
{
  g_return_if_fail (EQS_IS_HISTORY (self));
  if (self->depth++ > 0)
    return;
  self->group = eqs_command_new (label, NULL, NULL, NULL);
  if (!eqs_document_is_read_only (self->document))
    eqs_command_apply (self->group, self->document, NULL);   /* an empty journal to append to */
}

void
eqs_history_end_group (EqsHistory *self)
{
  g_autoptr (EqsCommand) group = NULL;

  g_return_if_fail (self->depth > 0);
  if (--self->depth > 0)
    return;
  group = g_steal_pointer (&self->group);
  self->sealed = TRUE;
  if (!eqs_document_is_read_only (self->document) && !eqs_command_is_empty (group))
    {
      remember (self, group);
      self->sealed = TRUE;
    }
  g_signal_emit (self, changed_signal, 0);
}

void
eqs_history_cancel_group (EqsHistory *self)
{
  g_autoptr (EqsCommand) group = g_steal_pointer (&self->group);

  g_return_if_fail (group != NULL);
  self->depth = 0;
  if (!eqs_document_is_read_only (self->document))
    eqs_command_revert (group, self->document);
  g_signal_emit (self, changed_signal, 0);
}

void
eqs_history_seal (EqsHistory *self)
{
  g_return_if_fail (EQS_IS_HISTORY (self));
  self->sealed = TRUE;
}

void
eqs_history_mark_saved (EqsHistory *self)
{
  g_return_if_fail (EQS_IS_HISTORY (self));
  self->saved = (int) self->position;
  self->sealed = TRUE;
  g_signal_emit (self, changed_signal, 0);
}

void
eqs_history_mark_unsaved (EqsHistory *self)
{
  g_return_if_fail (EQS_IS_HISTORY (self));
  self->saved = -1;
  g_signal_emit (self, changed_signal, 0);
}

gboolean
eqs_history_is_modified (EqsHistory *self)
{
  g_return_val_if_fail (EQS_IS_HISTORY (self), FALSE);
  return self->saved != (int) self->position || (self->group != NULL && !eqs_command_is_empty (self->group));
}

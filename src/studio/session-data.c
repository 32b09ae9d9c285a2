/* The data of a session: read in a thread, from a copy of what the document says of them; only the newest reading is taken over. */

#include "studio/session-private.h"

#include "services/bind-notes.h"
#include "services/bind.h"
#include "services/bound-data.h"

#include <string.h>

typedef struct
{
  EqsDocument *document;       /* owned: a copy, which says how the data are read */
  char        *key;            /* owned */
  EqsDataLook *look;           /* owned (nullable) */
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->document);
  g_free (reading->key);
  g_clear_pointer (&reading->look, eqs_data_look_free);
  g_free (reading);
}

static void
data_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading    *reading = data;
  GError     *error = NULL;
  EqsDataset *dataset = eqs_bound_data_open (reading->document, NULL, &error);

  if (dataset == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  reading->look = eqs_data_look_new (dataset);
  g_task_return_pointer (task, dataset, g_object_unref);
}

/* A unit that was said by a fix is converted from now on: what the design does not note yet is told. */
static void
tell_conversions (EqsSession *self)
{
  g_autoptr (EqsDocument) copy = eqs_document_dup (self->document);
  g_autoptr (GPtrArray)   edits = eqs_edits_new (), changes = g_ptr_array_new_with_free_func (g_free);

  eqs_bound_data_note (copy, self->dataset, edits, changes, NULL);
  for (guint i = 0; i < changes->len; i++)
    eqs_session_message (self, "%s", (const char *) g_ptr_array_index (changes, i));
}

static void
data_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsSession *self = EQS_SESSION (source);
  Reading    *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDataset) dataset = g_task_propagate_pointer (G_TASK (result), &error);

  /* Other data have been asked for meanwhile: their own task reports. */
  if (self->document == NULL || g_strcmp0 (reading->key, self->data_key) != 0)
    return;
  self->loading = FALSE;
  g_set_object (&self->dataset, dataset);
  g_free (self->data_error);
  self->data_error = error == NULL ? NULL : g_strdup (error->message);
  g_clear_pointer (&self->data_look, eqs_data_look_free);
  self->data_look = g_steal_pointer (&reading->look);
  if (self->dataset != NULL)
    tell_conversions (self);
  if (self->data_look != NULL)
    eqs_session_check_again (self);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_DATA_CHANGED], 0);
}

/* Which data, and how they are read; NULL: none. */
static char *
dup_data_key (EqsSession *self)
{
  static const char *const keys[] = { "map", "columns", "units" };
  const EqsMap *bound = eqs_document_get_section (self->document, EQS_SECTION_DATA);
  const char   *name = eqs_bound_data_get_name (self->document);
  GString      *text = name == NULL ? NULL : g_string_new (name);

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (keys); i++)
    {
      EqsValue *value = eqs_map_get (bound, keys[i]);

      g_string_append_c (text, '\n');
      if (value != NULL)
        eqs_value_append_text (value, text);
    }
  return text == NULL ? NULL : g_string_free (text, FALSE);
}

void
eqs_session_read_data (EqsSession *self)
{
  g_autofree char *key = dup_data_key (self);
  g_autoptr (GTask) task = NULL;
  Reading *reading;

  if (g_strcmp0 (key, self->data_key) == 0)
    return;
  g_free (self->data_key);
  self->data_key = g_strdup (key);
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->data_look, eqs_data_look_free);
  eqs_data_test_reset (self->data_test);
  g_clear_pointer (&self->data_error, g_free);
  self->loading = key != NULL;
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_DATA_CHANGED], 0);
  if (key == NULL)
    return;
  reading = g_new0 (Reading, 1);
  reading->document = eqs_document_dup (self->document);
  reading->key = g_steal_pointer (&key);
  task = g_task_new (self, NULL, data_done_cb, NULL);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  g_task_run_in_thread (task, data_worker);
}

const EqsDataLook *
eqs_session_get_data_look (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->data_look;
}

void
eqs_session_data_test_changed_cb (EqsDataTest *test, EqsSession *self)
{
  if (!eqs_data_test_is_running (test))
    eqs_session_check_again (self);
}

EqsDataTest *
eqs_session_get_data_test (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->data_test;
}

EqsDataset *
eqs_session_get_dataset (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->dataset;
}

gboolean
eqs_session_is_loading (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return self->loading;
}

const char *
eqs_session_get_data_error (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->data_error;
}

gboolean
eqs_session_bind (EqsSession *self, EqsDataset *dataset, GPtrArray **changes, GError **error)
{
  g_autoptr (GPtrArray) list = NULL, notes = NULL;

  if (!eqs_bind (self->document, dataset, self->history, &list, error))
    return FALSE;
  notes = eqs_bind_notes (self->document, dataset);
  for (guint i = 0; i < notes->len; i++)
    eqs_session_message (self, "%s", (const char *) g_ptr_array_index (notes, i));
  if (changes != NULL)
    *changes = g_steal_pointer (&list);
  /* The same folder may be understood otherwise than before. */
  if (!self->loading && g_set_object (&self->dataset, dataset))
    g_signal_emit (self, eqs_session_signals[EQS_SESSION_DATA_CHANGED], 0);
  return TRUE;
}

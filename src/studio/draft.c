/*
 * Writing goes through a worker, one text at a time and the newest only: the main thread makes the text (well below a
 * millisecond for a thousand nodes) and never waits for a disk.
 */

#include "studio/draft.h"

#include "model/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define DELAY_MS 1000

struct _EqsDraft
{
  GObject     parent_instance;

  EqsSession *session;         /* owned */
  char       *id;              /* owned */
  char       *design, *note, *lock_path;   /* owned: files */
  int         lock;            /* descriptor; -1 */
  guint       timeout;
  gboolean    writing, discarded;
  char       *next;            /* owned (nullable): text to be written when the worker is free */
};

G_DEFINE_FINAL_TYPE (EqsDraft, eqs_draft, G_TYPE_OBJECT)

static char *
drafts_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "equistudio", "drafts", NULL);
}

static char *
draft_file (const char *id, const char *ending)
{
  g_autofree char *folder = drafts_folder (), *name = g_strconcat (id, ending, NULL);

  return g_build_filename (folder, name, NULL);
}

/* The lock of a draft, or -1 while another process holds it. */
static int
take_lock (const char *path)
{
  const int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

static void
eqs_draft_finalize (GObject *object)
{
  EqsDraft *self = EQS_DRAFT (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->session);
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->id);
  g_free (self->design);
  g_free (self->note);
  g_free (self->lock_path);
  g_free (self->next);

  G_OBJECT_CLASS (eqs_draft_parent_class)->finalize (object);
}

static void
eqs_draft_class_init (EqsDraftClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eqs_draft_finalize;
}

static void
eqs_draft_init (EqsDraft *self)
{
  self->lock = -1;
}

/* ---- writing ---- */

/* What the worker gets: copies, for a worker that is about to end must keep neither the draft nor its lock alive. */
typedef struct
{
  char *path, *text;           /* owned */
} Writing;

static void
writing_free (Writing *self)
{
  g_free (self->path);
  g_free (self->text);
  g_free (self);
}

/* A file that is there wholly or not at all; a draft that cannot be written must not disturb the work. */
static void
write_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Writing *writing = data;

  g_task_return_boolean (task, g_file_set_contents_full (writing->path, writing->text, -1,
                                                         G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL));
}

static void write_next (EqsDraft *self);

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (EqsDraft) self = data;

  g_task_propagate_boolean (G_TASK (result), NULL);
  self->writing = FALSE;
  if (self->discarded)
    g_unlink (self->design);
  else
    write_next (self);
}

static gboolean
prepare (EqsDraft *self)
{
  g_autofree char *folder = drafts_folder ();
  const char *path = eqs_session_get_path (self->session);

  if (self->lock >= 0)
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) != 0 || (self->lock = take_lock (self->lock_path)) < 0)
    return FALSE;
  return g_file_set_contents (self->note, path == NULL ? "" : path, -1, NULL);
}

static void
write_next (EqsDraft *self)
{
  g_autoptr (GTask) task = NULL;
  Writing *writing;

  if (self->writing || self->next == NULL || !prepare (self))
    return;
  self->writing = TRUE;
  writing = g_new (Writing, 1);
  writing->path = g_strdup (self->design);
  writing->text = g_steal_pointer (&self->next);
  task = g_task_new (NULL, NULL, written_cb, g_object_ref (self));
  g_task_set_task_data (task, writing, (GDestroyNotify) writing_free);
  g_task_run_in_thread (task, write_worker);
}

static void
write_draft (EqsDraft *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_free (self->next);
  self->next = eqs_file_to_text (eqs_session_get_document (self->session), NULL);
  write_next (self);
}

static gboolean
timeout_cb (gpointer data)
{
  EqsDraft *self = data;

  self->timeout = 0;
  write_draft (self);
  return G_SOURCE_REMOVE;
}

static void
remove_files (EqsDraft *self)
{
  g_unlink (self->design);
  g_unlink (self->note);
  g_unlink (self->lock_path);
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static void
file_changed_cb (EqsSession *session, EqsDraft *self)
{
  if (self->discarded)
    return;
  if (eqs_history_is_modified (eqs_session_get_history (session)))
    {
      if (self->timeout == 0)
        self->timeout = g_timeout_add (DELAY_MS, timeout_cb, self);
      return;
    }
  /* Saved, or back at what is on disk. */
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->next, g_free);
  if (!self->writing)
    remove_files (self);
}

EqsDraft *
eqs_draft_new (EqsSession *session, const char *id)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsDraft *self = g_object_new (EQS_TYPE_DRAFT, NULL);

  self->session = g_object_ref (session);
  self->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  self->design = draft_file (self->id, ".equi");
  self->note = draft_file (self->id, ".path");
  self->lock_path = draft_file (self->id, ".lock");
  if (id != NULL)
    prepare (self);
  g_signal_connect_object (session, "file-changed", G_CALLBACK (file_changed_cb), self, 0);
  return self;
}

void
eqs_draft_flush (EqsDraft *self)
{
  g_return_if_fail (EQS_IS_DRAFT (self));
  if (self->timeout != 0)
    write_draft (self);
  while (self->writing)
    g_main_context_iteration (NULL, TRUE);
}

void
eqs_draft_discard (EqsDraft *self)
{
  g_return_if_fail (EQS_IS_DRAFT (self));
  self->discarded = TRUE;
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->next, g_free);
  remove_files (self);
}

/* ---- what a crash left behind ---- */

void
eqs_left_draft_free (EqsLeftDraft *self)
{
  g_free (self->id);
  g_clear_object (&self->document);
  g_free (self->path);
  g_free (self);
}

static EqsLeftDraft *
read_left (const char *id)
{
  g_autofree char *design = draft_file (id, ".equi"), *note = draft_file (id, ".path"), *lock_path = draft_file (id, ".lock"), *path = NULL;
  g_autoptr (EqsDocument) document = NULL;
  EqsLeftDraft *left;
  const int     lock = take_lock (lock_path);

  if (lock < 0)
    return NULL;                  /* its process lives */
  document = eqs_file_load (design, NULL);
  close (lock);
  if (document == NULL)
    {
      g_autofree char *aside = g_strconcat (design, ".broken", NULL);

      g_rename (design, aside);
      return NULL;
    }
  g_file_get_contents (note, &path, NULL, NULL);
  left = g_new0 (EqsLeftDraft, 1);
  left->id = g_strdup (id);
  left->document = g_steal_pointer (&document);
  left->path = path == NULL || path[0] == '\0' ? NULL : g_steal_pointer (&path);
  return left;
}

GPtrArray *
eqs_drafts_list_left (void)
{
  GPtrArray       *list = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_left_draft_free);
  g_autofree char *folder = drafts_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".equi"))
      {
        g_autofree char *id = g_strndup (name, strlen (name) - strlen (".equi"));
        EqsLeftDraft    *left = read_left (id);

        if (left != NULL)
          g_ptr_array_add (list, left);
      }
  return list;
}

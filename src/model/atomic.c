/* See the header. The directory is synced after the rename as well: without it the new name may be lost with the power,
 * and the old contents with it on some file systems. */

#include "model/atomic.h"
#include "model/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _EqsAtomicFile
{
  char  *target;      /* owned: links resolved */
  char  *temporary;   /* owned */
  int    fd;
};

static void
set_write_error (GError **error, const char *path, int code)
{
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO,
               g_file_test (path, G_FILE_TEST_EXISTS) ? _("“%s” could not be written: %s. The old file is unchanged.") : _("“%s” could not be written: %s."),
               path, g_strerror (code));
}

static void
atomic_file_free (EqsAtomicFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->target);
  g_free (self->temporary);
  g_free (self);
}

void
eqs_atomic_file_abort (EqsAtomicFile *self)
{
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  atomic_file_free (self);
}

/* Also where a link points to a file that does not exist yet. */
static char *
resolve (const char *path)
{
  char *real = realpath (path, NULL);
  g_autofree char *linked = NULL;

  if (real != NULL)
    {
      char *copy = g_strdup (real);

      free (real);
      return copy;
    }
  linked = g_file_read_link (path, NULL);
  if (linked == NULL)
    return g_strdup (path);
  if (g_path_is_absolute (linked))
    return g_steal_pointer (&linked);
  else
    {
      g_autofree char *directory = g_path_get_dirname (path);

      return g_build_filename (directory, linked, NULL);
    }
}

EqsAtomicFile *
eqs_atomic_file_open (const char *path, GError **error)
{
  EqsAtomicFile *self = g_new0 (EqsAtomicFile, 1);
  g_autofree char *directory = NULL;
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;
  struct stat info;
  int code;

  self->fd = -1;
  self->target = resolve (path);
  /* A rename would put a plain file in the place of a device or a pipe. */
  if (stat (self->target, &info) == 0 && !S_ISREG (info.st_mode))
    {
      set_write_error (error, path, S_ISDIR (info.st_mode) ? EISDIR : EINVAL);
      atomic_file_free (self);
      return NULL;
    }

  directory = g_path_get_dirname (self->target);
  base = g_path_get_basename (self->target);
  base[MIN (strlen (base), 200)] = 0;   /* room for the suffix within NAME_MAX */
  name = g_strdup_printf (".%s.XXXXXX", base);
  self->temporary = g_build_filename (directory, name, NULL);
  /* A file that may not be written is not replaced either, although the directory would allow it. */
  if (g_file_test (self->target, G_FILE_TEST_EXISTS) && g_access (self->target, W_OK) != 0)
    code = errno;
  else
    {
      self->fd = g_mkstemp_full (self->temporary, O_RDWR | O_CLOEXEC, 0666);
      code = errno;
    }
  if (self->fd < 0)
    {
      set_write_error (error, path, code);
      atomic_file_free (self);
      return NULL;
    }
  return self;
}

gboolean
eqs_atomic_file_write (EqsAtomicFile *self, const void *data, gsize length, GError **error)
{
  const char *p = data;

  while (length > 0)
    {
      const ssize_t n = write (self->fd, p, MIN (length, (gsize) 1 << 30));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_write_error (error, self->target, errno);
          return FALSE;
        }
      p += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static void
sync_directory (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  const int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  (void) fsync (fd);   /* not every file system can; the data themselves are safe */
  close (fd);
}

gboolean
eqs_atomic_file_commit (EqsAtomicFile *self, GError **error)
{
  struct stat info;
  int code = 0;

  /* Where permissions cannot be set (FAT, some network mounts), the contents still count. */
  if (stat (self->target, &info) == 0)
    (void) !fchmod (self->fd, info.st_mode & 07777);
  if (fsync (self->fd) != 0 && errno != EINVAL && errno != ENOSYS)
    code = errno;
  if (close (self->fd) != 0 && code == 0)
    code = errno;
  self->fd = -1;
  if (code == 0 && g_rename (self->temporary, self->target) != 0)
    code = errno;
  if (code != 0)
    {
      set_write_error (error, self->target, code);
      eqs_atomic_file_abort (self);
      return FALSE;
    }
  sync_directory (self->target);
  atomic_file_free (self);
  return TRUE;
}

gboolean
eqs_file_write_atomic (const char *path, const void *data, gssize length, GError **error)
{
  EqsAtomicFile *file = eqs_atomic_file_open (path, error);

  if (file == NULL)
    return FALSE;
  if (!eqs_atomic_file_write (file, data, length < 0 ? strlen (data) : (gsize) length, error))
    {
      eqs_atomic_file_abort (file);
      return FALSE;
    }
  return eqs_atomic_file_commit (file, error);
}

static gboolean
read_all (int fd, GByteArray *bytes, gsize max_bytes, int *code)
{
  guint8 buffer[16384];

  for (;;)
    {
      const ssize_t n = read (fd, buffer, sizeof buffer);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          *code = errno;
          return FALSE;
        }
      if (n == 0)
        return TRUE;
      g_byte_array_append (bytes, buffer, (guint) n);
      if (bytes->len > max_bytes)
        {
          *code = EFBIG;
          return FALSE;
        }
    }
}

char *
eqs_file_read_bounded (const char *path, gsize max_bytes, gsize *length, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int fd, code = 0;
  gboolean ok;

  g_return_val_if_fail (max_bytes < G_MAXUINT - 65536, NULL);

  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);   /* a pipe without a writer must not hang */
  if (fd < 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("“%s” could not be read: %s."), path, g_strerror (errno));
      return NULL;
    }
  ok = read_all (fd, bytes, max_bytes, &code);
  close (fd);
  if (!ok && code == EFBIG)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("“%s” is larger than %zu MB, the most that is read."),
                 path, max_bytes >> 20);
  else if (!ok)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("“%s” could not be read: %s."), path, g_strerror (code));
  if (!ok)
    return NULL;

  if (length != NULL)
    *length = bytes->len;
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (g_steal_pointer (&bytes), FALSE);
}

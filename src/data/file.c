/* Data files into memory. They may be large, so that the size is asked for first and read in one piece; writing is
 * model/atomic.h's. */

#include "data/file.h"
#include "data/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static void
set_read_error (GError **error, const char *path, int code)
{
  g_autofree char *shown = g_filename_display_name (path);

  /* Translators: a file, then the system's reason */
  g_set_error (error, EQS_DATA_ERROR, code == ENOENT ? EQS_DATA_ERROR_MISSING : EQS_DATA_ERROR_IO,
               _("“%s” could not be read: %s."), shown, g_strerror (code));
}

static gboolean
read_all (int fd, guint8 *data, gsize length, gsize *n_read)
{
  *n_read = 0;
  while (*n_read < length)
    {
      const gssize n = read (fd, data + *n_read, length - *n_read);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      if (n == 0)
        break;
      *n_read += (gsize) n;
    }
  return TRUE;
}

GBytes *
eqs_file_read (const char *path, guint64 max_length, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree guint8 *data = NULL;
  struct stat st;
  gsize n_read;
  int fd, code;

  /* Non-blocking: a pipe with the name of a data file must not hang the program. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &st) != 0)
    {
      code = errno;
      if (fd >= 0)
        close (fd);
      set_read_error (error, path, code);
      return NULL;
    }
  if (!S_ISREG (st.st_mode))
    {
      close (fd);
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_IO, _("“%s” is not a regular file."), shown);
      return NULL;
    }
  if ((guint64) st.st_size > max_length)
    {
      g_autofree char *limit = g_format_size (max_length);

      close (fd);
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT, _("“%s” is larger than %s, the most that is read."),
                   shown, limit);
      return NULL;
    }
  data = g_try_malloc (MAX ((gsize) st.st_size, 1));
  if (data == NULL || !read_all (fd, data, (gsize) st.st_size, &n_read))
    {
      code = data == NULL ? ENOMEM : errno;
      close (fd);
      set_read_error (error, path, code);
      return NULL;
    }
  close (fd);
  return g_bytes_new_take (g_steal_pointer (&data), n_read);
}

gboolean
eqs_gzip_is (GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  return length >= 2 && data[0] == 0x1f && data[1] == 0x8b;
}

gsize
eqs_gzip_peek (GBytes *bytes, guint8 *out, gsize length)
{
  gsize available;
  const guint8 *data = g_bytes_get_data (bytes, &available);
  z_stream z = { 0 };

  if (inflateInit2 (&z, 15 + 16) != Z_OK)
    return 0;
  z.next_in = (Bytef *) data;
  z.avail_in = (uInt) MIN (available, G_MAXUINT32);
  z.next_out = out;
  z.avail_out = (uInt) length;
  inflate (&z, Z_SYNC_FLUSH);
  length -= z.avail_out;
  inflateEnd (&z);
  return length;
}

/* One gzip member, or the next part of it. FALSE with error set. */
static gboolean
expand_step (z_stream *z, GByteArray *out, gsize max_length, const char *name, GError **error)
{
  guint8 chunk[32768];
  int code;

  z->next_out = chunk;
  z->avail_out = sizeof chunk;
  code = inflate (z, Z_NO_FLUSH);
  if (sizeof chunk - z->avail_out > max_length - out->len)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT,
                   _("“%s” expands to more than the %zu bytes that belong there."), name, max_length);
      return FALSE;
    }
  g_byte_array_append (out, chunk, sizeof chunk - z->avail_out);

  if (code == Z_STREAM_END)
    return z->avail_in == 0 || inflateReset (z) == Z_OK;
  if (code == Z_BUF_ERROR || (code == Z_OK && z->avail_in == 0 && z->avail_out > 0))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_TRUNCATED,
                   _("“%s” ends in the middle of its compressed data. Copy or download it again."), name);
      return FALSE;
    }
  if (code != Z_OK)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   _("“%s” is damaged: its compressed data cannot be expanded."), name);
      return FALSE;
    }
  return TRUE;
}

GBytes *
eqs_gzip_expand (GBytes *bytes, gsize max_length, const char *name, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  z_stream z = { 0 };
  gboolean fine;

  /* GByteArray and zlib count in 32 bits. */
  max_length = MIN (max_length, (gsize) 1 << 30);
  if (length > G_MAXUINT32 || inflateInit2 (&z, 15 + 16) != Z_OK)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT, _("“%s” is too large to be expanded."), name);
      return NULL;
    }
  z.next_in = (Bytef *) data;
  z.avail_in = (uInt) length;
  do
    fine = expand_step (&z, out, max_length, name, error);
  while (fine && (z.avail_in > 0 || z.avail_out == 0));
  inflateEnd (&z);
  return fine ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

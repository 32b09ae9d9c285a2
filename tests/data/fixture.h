#pragma once

/* Folders and files of bad input, shared by the tests of src/data. */

#include "data/error.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

/* Bytes from a string literal, NULs included. */
#define LITERAL(text) g_bytes_new_static (text, sizeof (text) - 1)

static inline void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

static inline void
free_folder (char *path)
{
  if (path != NULL)
    remove_tree (path);
  g_free (path);
}

typedef char Folder;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Folder, free_folder)

static inline Folder *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("eqs-test-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

static inline void
put (const char *folder, const char *name, const void *data, gsize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
}

static inline void
put_text (const char *folder, const char *name, const char *text)
{
  put (folder, name, text, strlen (text));
}

static inline void
put_bytes (const char *folder, const char *name, GBytes *bytes)
{
  put (folder, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_bytes_unref (bytes);
}

/* An IDX file of bytes; dims[0] is the number of samples. */
static inline GBytes *
make_idx (guint8 code, guint n_dims, const guint *dims, const void *data, gsize length)
{
  GByteArray *out = g_byte_array_new ();
  const guint8 head[4] = { 0, 0, code, (guint8) n_dims };

  g_byte_array_append (out, head, 4);
  for (guint d = 0; d < n_dims; d++)
    {
      const guint32 size = GUINT32_TO_BE (dims[d]);

      g_byte_array_append (out, (const guint8 *) &size, 4);
    }
  if (length > 0)
    g_byte_array_append (out, data, (guint) length);
  return g_byte_array_free_to_bytes (out);
}

/* The error is of our domain and this code, is one line, and says part. */
#define assert_refused(error, expected, part) \
  G_STMT_START { \
    g_assert_error ((error), EQS_DATA_ERROR, (int) (expected)); \
    if (strstr ((error)->message, (part)) == NULL) \
      g_error ("“%s” does not say “%s”", (error)->message, (part)); \
    g_assert_null (strchr ((error)->message, '\n')); \
  } G_STMT_END

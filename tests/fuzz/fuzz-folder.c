/*
 * Data folders of several files: the TU layout of graphs, point clouds with names of classes, and dataset.json with tables of nodes, edges and sets. The bytes are files one after
 * the other, each begun by a line "@@ NAME"; names are of letters, digits, "_", "-" and "." only. All parts are read, and all their columns copied.
 */

#include "fuzz-data.h"
#include "data/dataset.h"

#include <glib/gstdio.h>
#include <stdlib.h>

enum { MAX_FILES = 12, MAX_NAME = 40 };

static char *folder;

static void
empty_folder (void)
{
  GDir       *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  if (dir != NULL)
    g_dir_close (dir);
}

static void
remove_folder (void)
{
  empty_folder ();
  g_rmdir (folder);
}

/* The length of the name that follows "@@ " at text, or 0. */
static size_t
name_at (const char *text, size_t size)
{
  size_t n = 0;

  if (size < 4 || memcmp (text, "@@ ", 3) != 0)
    return 0;
  while (3 + n < size && n < MAX_NAME && (g_ascii_isalnum (text[3 + n]) || strchr ("_-.", text[3 + n]) != NULL) && text[3 + n] != '\0')
    n++;
  return 3 + n < size && text[3 + n] == '\n' && text[3] != '.' ? n : 0;
}

static void
write_files (const char *text, size_t size)
{
  for (guint files = 0; files < MAX_FILES && size > 0; files++)
    {
      const size_t     n = name_at (text, size);
      g_autofree char *name = n == 0 ? NULL : g_strndup (text + 3, n), *path = n == 0 ? NULL : g_build_filename (folder, name, NULL);
      const char      *body = text + 4 + n, *end;

      if (n == 0)
        return;
      size -= 4 + n;
      for (end = body; (size_t) (end - body) < size && !((end == body || end[-1] == '\n') && name_at (end, size - (size_t) (end - body)) > 0);)
        end++;
      g_file_set_contents (path, body, end - body, NULL);
      size -= (size_t) (end - body);
      text = end;
    }
}

static void
copy_columns (const EqsSplit *split)
{
  const gsize n = eqs_split_get_n (split);

  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);
      const gsize      rows = eqs_split_count (split, column, NULL, n);
      g_autofree float *values = g_new (float, rows * column->n_values + 1);

      eqs_split_copy (split, column, NULL, n, values);
      for (gsize k = 0; k < rows * column->n_values; k++)
        g_assert_true (values[k] - values[k] == 0);      /* finite */
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  const char *const     *parts;

  if (folder == NULL)
    {
      folder = g_dir_make_tmp ("fuzz-folder-XXXXXX", NULL);
      atexit (remove_folder);
    }
  empty_folder ();
  write_files ((const char *) data, size);
  dataset = eqs_dataset_open (folder, &error);
  if (dataset == NULL)
    {
      check_refusal (&error);
      return 0;
    }
  parts = eqs_dataset_get_splits (dataset);
  for (guint i = 0; parts[i] != NULL && i < 8; i++)
    {
      g_autoptr (EqsSplit) split = eqs_dataset_load (dataset, parts[i], &error);

      if (split == NULL)
        check_refusal (&error);
      else
        copy_columns (split);
    }
  return 0;
}

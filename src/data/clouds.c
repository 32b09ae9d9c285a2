/* Folders of point clouds by file names: {split}-points with one cloud of each sample, {split}-labels with its class, classes.txt with their names. */

#include "data/clouds.h"

#include "data/file.h"
#include "data/tables.h"

#include <string.h>

/* Lines "NAME" or "NUMBER NAME", in order; NULL where the file is absent or its numbers do not count from 0. */
static char **
read_names (const char *path)
{
  g_autofree char      *file = g_build_filename (path, "classes.txt", NULL);
  g_autoptr (GBytes)    bytes = g_file_test (file, G_FILE_TEST_IS_REGULAR) ? eqs_file_read (file, 1 << 16, NULL) : NULL;
  g_autofree char      *text = bytes == NULL ? NULL : g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv)        lines = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *name = g_strstrip (lines[i]), *end = name;
      char       *after = NULL;

      if (*name == '\0')
        continue;
      if (g_ascii_isdigit (*name) && g_ascii_strtoull (name, &after, 10) == names->len && g_ascii_isspace (*after))
        end = after + strspn (after, " \t");
      else if (g_ascii_isdigit (*name) && after != NULL && g_ascii_isspace (*after))
        return NULL;
      g_ptr_array_add (names, g_strdup (end));
    }
  if (names->len < 2)
    return NULL;
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

gboolean
eqs_clouds_guess (const char *path, EqsDatasetSpec *spec)
{
  g_autofree char *points = NULL, *labels = NULL;
  EqsColumnSpec   *column;

  if (!eqs_dataset_spec_find_parts (path, "points", spec, &points))
    return FALSE;
  spec->domain = g_strdup ("points");
  column = eqs_dataset_spec_add (spec, "positions", EQS_ROLE_INPUT, EQS_VALUES_POSITION, points);
  column->kind = EQS_COLUMN_PER_NODE;
  column->representation = g_strdup ("1x1o");
  if (!eqs_dataset_spec_find_parts (path, "labels", spec, &labels))
    return TRUE;
  spec->task = g_strdup ("classification");
  column = eqs_dataset_spec_add (spec, "label", EQS_ROLE_TARGET, EQS_VALUES_LABEL, labels);
  column->task = g_strdup ("classification");
  column->class_names = read_names (path);
  column->n_classes = column->class_names == NULL ? 0 : g_strv_length (column->class_names);
  return TRUE;
}

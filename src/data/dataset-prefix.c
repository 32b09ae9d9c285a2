/* Folders that hold several data sets: monomer_train.xyz, monomer_test.xyz, dimer_train.xyz … Each is opened as the folder with what its names begin with,
 * "water/dimer", and has the parts "train" and "test". A folder of one such set is opened as itself. */

#include "data/dataset-private.h"
#include "data/tables.h"

#include <string.h>

static const char *const endings[] = { ".xyz", ".npz", ".npy", ".csv" };

/* "dimer_" of "dimer_train.xyz", "dimer-" of "dimer-train.xyz"; NULL of other names. (transfer full) */
static char *
prefix_of (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      const gsize length = strlen ("train") + strlen (endings[i]), whole = strlen (name);

      if (!g_str_has_suffix (name, endings[i]) || whole <= length + 1 || strncmp (name + whole - length, "train", 5) != 0 || strchr ("_-", name[whole - length - 1]) == NULL)
        continue;
      return g_strndup (name, whole - length);
    }
  return NULL;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Sorted; empty where the folder has a "train" of its own, or cannot be read. */
static GPtrArray *
find_prefixes (const char *folder)
{
  g_autoptr (GDir)      dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  gboolean              own = FALSE;

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      char *prefix = prefix_of (name);

      for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
        own = own || (g_str_has_prefix (name, "train") && g_str_equal (name + 5, endings[i]));
      if (prefix != NULL && g_utf8_validate (prefix, -1, NULL) && !g_ptr_array_find_with_equal_func (list, prefix, g_str_equal, NULL))
        g_ptr_array_add (list, prefix);
      else
        g_free (prefix);
    }
  if (own)
    g_ptr_array_set_size (list, 0);
  g_ptr_array_sort (list, compare_texts);
  return g_steal_pointer (&list);
}

char *
eqs_dataset_find_folder (const char *path, char **prefix)
{
  g_autofree char      *base = g_path_get_basename (path), *folder = g_path_get_dirname (path);
  g_autoptr (GPtrArray) list = NULL;

  *prefix = NULL;
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      list = find_prefixes (path);
      *prefix = g_strdup (list->len == 1 ? list->pdata[0] : "");
      return g_strdup (path);
    }
  list = find_prefixes (folder);
  for (guint i = 0; i < list->len && *prefix == NULL; i++)
    if (strlen (list->pdata[i]) == strlen (base) + 1 && g_str_has_prefix (list->pdata[i], base))
      *prefix = g_strdup (list->pdata[i]);
  if (*prefix != NULL)
    return g_steal_pointer (&folder);
  *prefix = g_strdup ("");
  return NULL;
}

void
eqs_dataset_spec_find_training (EqsDatasetSpec *spec)
{
  const char *only = NULL;
  guint       n = 0;

  for (guint i = 0; i < spec->splits->len; i++)
    if (g_str_has_prefix (spec->splits->pdata[i], "train"))
      {
        only = spec->splits->pdata[i];
        n++;
      }
  if (n != 1 || g_str_equal (only, "train") || strchr ("_-", only[5]) == NULL)
    return;
  for (guint i = 0; i < spec->columns->len; i++)
    {
      const EqsColumnSpec *column = spec->columns->pdata[i];

      g_hash_table_replace (spec->files, g_strconcat ("train/", column->name, NULL), eqs_dataset_spec_dup_file (spec, column, only));
    }
  eqs_dataset_spec_add_split (spec, "train");
}

char *
eqs_dataset_list_prefixes (const char *folder)
{
  g_autoptr (GPtrArray) list = find_prefixes (folder);
  GString              *text = list->len < 2 ? NULL : g_string_new (NULL);

  for (guint i = 0; text != NULL && i < list->len; i++)
    g_string_append_printf (text, "%s%.*s", i == 0 ? "" : ", ", (int) strlen (list->pdata[i]) - 1, (const char *) list->pdata[i]);
  return text == NULL ? NULL : g_string_free (text, FALSE);
}

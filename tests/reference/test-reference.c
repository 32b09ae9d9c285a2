/*
 * The checker is checked: eqk-reference has to accept the golden files and to refuse each of them as soon as one number in
 * it is changed, a case is taken away, or the file is of no known family.
 *
 * Arguments after GLib's: the program, the folder of golden files.
 */

#include <cjson/cJSON.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define MUTATIONS 25   /* numbers changed in each file, spread over it */

static const char *program, *golden;

/** Runs the program on a folder. @return its status; *last_line is what it ended with */
static int
run (const char *folder, char **last_line)
{
  const char *argv[] = { program, folder, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  char *line;
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error));
  g_strchomp (output);
  line = strrchr (output, '\n');
  if (last_line != NULL)
    *last_line = g_strdup (line != NULL ? line + 1 : output);
  return g_spawn_check_wait_status (status, NULL) ? 0 : 1;
}

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

/** The files of one network say something only together: the others of its name's beginning. */
static void
write_siblings (const char *folder, const char *name)
{
  g_autoptr (GDir) dir = g_dir_open (golden, 0, NULL);
  const char *other;

  while (g_str_has_prefix (name, "network_") && (other = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (other, "network_") && strcmp (other, name) != 0)
      {
        g_autofree char *path = g_build_filename (golden, other, NULL), *text = NULL;

        g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
        write_file (folder, other, text);
      }
}

/** Whether the program refuses a folder with only this file and what belongs to it. */
static gboolean
refuses (const char *name, const char *text)
{
  g_autofree char *folder = g_dir_make_tmp ("eqk-reference-XXXXXX", NULL), *last = NULL;
  int status;

  write_siblings (folder, name);
  write_file (folder, name, text);
  status = run (folder, &last);
  remove_folder (folder);
  g_assert_true (g_str_has_suffix (last, " failed"));
  g_assert_cmpint (g_str_has_suffix (last, " 0 failed"), ==, status == 0);
  return status != 0;
}

/*
 * Numbers that nothing compared depends on: "seed" tells how inputs were drawn, "epsilon" the length below which lengths are cut, and some weights of the
 * polynomial of cubes ("w1", "w2") belong to products that vanish for cubes.
 */
static gboolean
decides_nothing (const cJSON *item)
{
  static const char *const names[] = { "seed", "epsilon", "w1", "w2", NULL };

  return item->string != NULL && g_strv_contains (names, item->string);
}

static void
collect_numbers (cJSON *item, GPtrArray *numbers)
{
  cJSON *child;

  if (decides_nothing (item))
    return;
  if (cJSON_IsNumber (item))
    g_ptr_array_add (numbers, item);
  cJSON_ArrayForEach (child, item)
    collect_numbers (child, numbers);
}

static void
test_mutations (gconstpointer data)
{
  const char *name = data;
  g_autofree char *path = g_build_filename (golden, name, NULL), *text = NULL;
  g_autoptr (GPtrArray) numbers = g_ptr_array_new ();
  cJSON *root;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_false (refuses (name, text));
  root = cJSON_Parse (text);
  collect_numbers (root, numbers);
  g_assert_cmpuint (numbers->len, >, 0);
  for (guint m = 0; m < MUTATIONS; m++)
    {
      cJSON *number = g_ptr_array_index (numbers, (guint) ((guint64) m * 7919 * 7919 % numbers->len));
      const double old = cJSON_GetNumberValue (number);
      char *changed;

      cJSON_SetNumberValue (number, old == floor (old) ? old + 1 : old + 0.001 * (1 + fabs (old)));
      changed = cJSON_Print (root);
      if (!refuses (name, changed))
        g_error ("%s: number %g changed to %g and nobody noticed", name, old, cJSON_GetNumberValue (number));
      cJSON_free (changed);
      cJSON_SetNumberValue (number, old);
    }
  cJSON_Delete (root);
}

static void
test_accepts (void)
{
  g_autofree char *last = NULL;

  g_assert_cmpint (run (golden, &last), ==, 0);
  g_test_message ("%s", last);
}

/** Nothing compared is no agreement. */
static void
test_empty (void)
{
  g_autofree char *folder = g_dir_make_tmp ("eqk-reference-XXXXXX", NULL);

  g_assert_cmpint (run (folder, NULL), !=, 0);
  g_rmdir (folder);
  g_assert_cmpint (run ("/nonexistent-folder", NULL), !=, 0);
  g_assert_true (refuses ("nonsense_1.json", "{}"));
  g_assert_true (refuses ("group_C4.json", "{}"));
  g_assert_true (refuses ("group_C4.json", "[1, 2"));
  g_assert_true (refuses ("group_C4.json", "{\"group\": \"C4\"}"));
  g_assert_true (refuses ("kernel_basis_continuous_dims.json", "{\"rows\": []}"));
  g_assert_true (refuses ("sets.json", "[]"));
  g_assert_true (refuses ("graphs.json", "[{}]"));
  g_assert_true (refuses ("graphs.json", "[{\"layer\": \"GCNConv\", \"inputs\": [], \"edge_index\": [], \"batch\": []}]"));
  g_assert_true (refuses ("kernel_basis_sampled_1.json", "[]"));
  g_assert_true (refuses ("kernel_basis_sampled_1.json", "[{}]"));
  g_assert_true (refuses ("r2conv_param_counts.json", "{\"cases\": []}"));
  g_assert_true (refuses ("r2conv_param_counts.json", "{\"cases\": [{\"group\": \"C4\", \"in\": 3, \"out\": [[7]]}]}"));
  g_assert_true (refuses ("r2conv_x.json", "{\"group\": \"C4\", \"x\": {\"shape\": [1, -1, 2, 999999999]}}"));
  g_assert_true (refuses ("r2conv_x.json", "[]"));
  g_assert_true (refuses ("r2conv_x_basis.json", "[{}]"));
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  program = argv[1];
  golden = argv[2];
  dir = g_dir_open (golden, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    /* Of the weights of a network some do nothing for the molecules beside it: a changed one need not be noticed. */
    if (g_str_has_suffix (name, ".json") && !g_str_equal (name, "network_weights.json"))
      {
        g_autofree char *path = g_strdup_printf ("/reference/mutations/%s", name);
        char *kept = g_strdup (name);

        g_ptr_array_add (names, kept);
        g_test_add_data_func (path, kept, test_mutations);
      }
  g_test_add_func ("/reference/accepts", test_accepts);
  g_test_add_func ("/reference/empty", test_empty);
  return g_test_run ();
}

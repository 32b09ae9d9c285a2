/* Export of designs from files: what is in the folder, that it agrees with what check says, that it compiles and passes. */

#include "model/compile.h"
#include "services/export.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const names[] = { "model.h", "model.c", "model_weights.c", "selftest.c", "example.c", "CMakeLists.txt", "meson.build", "README.md", "model.json" };

static char *
scratch (void)
{
  g_autofree char *top = g_dir_make_tmp ("equi-export-XXXXXX", NULL);

  return g_build_filename (top, "a", "folder", NULL);
}

static void
run (const char *folder, const char *line)
{
  const char      *argv[] = { "/bin/sh", "-c", line, NULL };
  g_autofree char *out = NULL, *err = NULL;
  int              status = -1;

  g_assert_true (g_spawn_sync (folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, NULL));
  g_test_message ("%s%s", out, err);
  g_assert_cmpint (status, ==, 0);
}

static void
test_design (gconstpointer data)
{
  g_autofree char   *path = g_test_build_filename (G_TEST_DIST, data, NULL), *folder = scratch (), *top = NULL, *header_path = NULL, *header = NULL, *line = NULL, *hash = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsModel) model = eqs_model_open (path, &error);
  g_autoptr (EqsCheck) check = NULL;
  g_auto (GStrv)     files = NULL;

  g_assert_no_error (error);
  check = eqs_check_new (model->document, NULL);
  files = eqs_export_c (model, folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (files), ==, G_N_ELEMENTS (names));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (folder, names[i], NULL);

      g_assert_true (g_strv_contains ((const char *const *) files, file));
      g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
    }
  header_path = g_build_filename (folder, "model.h", NULL);
  g_assert_true (g_file_get_contents (header_path, &header, NULL, NULL));
  line = g_strdup_printf ("#define EQ_MODEL_ARENA_BYTES %" G_GSIZE_FORMAT "\n", check->arena_bytes);
  g_assert_nonnull (strstr (header, line));
  hash = eqs_document_dup_hash (model->document);
  g_assert_nonnull (strstr (header, hash));
  g_assert_nonnull (strstr (header, "Never trained"));
  run (folder, "gcc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror -O2 selftest.c model.c model_weights.c -lm -o selftest && ./selftest && "
               "gcc -std=c11 example.c model.c model_weights.c -lm -o example && ./example");
  top = g_strdup_printf ("rm -rf \"$(dirname \"$(dirname '%s')\")\"", folder);
  run ("/", top);
}

static void
test_folder_in_the_way (void)
{
  g_autofree char   *path = g_test_build_filename (G_TEST_DIST, "..", "golden", "designs", "ethanol.equi", NULL), *folder = scratch (), *parent = g_path_get_dirname (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsModel) model = eqs_model_open (path, NULL);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0777), ==, 0);
  g_assert_true (g_file_set_contents (folder, "a file", -1, NULL));
  g_assert_null (eqs_export_c (model, folder, NULL, &error));
  g_assert_nonnull (error);
  g_unlink (folder);
  g_rmdir (parent);
  g_clear_pointer (&folder, g_free);
  folder = g_path_get_dirname (parent);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/export/energies-and-forces", "../golden/designs/ethanol.equi", test_design);
  g_test_add_data_func ("/export/turned-digits", "../../data/templates/T01-turned-digits.equi", test_design);
  g_test_add_func ("/export/folder-in-the-way", test_folder_in_the_way);
  return g_test_run ();
}

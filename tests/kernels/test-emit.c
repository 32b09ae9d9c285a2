/*
 * Exported C, for every specimen of every layer: it must compile without a warning under strict flags, reproduce this library,
 * keep its symmetry, and notice a changed weight. What cannot be exported must say so.
 */

#include "check/specimen.h"
#include "eqk/export.h"
#include "eqk/op.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define STRICT "-std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror"
#define STRICT_CXX "-std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Werror"

static gboolean have_clang;

typedef struct
{
  const EqkLayerType *layer;
  const EqkSpecimen  *specimen;
} Case;

/* Runs a command in a folder; @return its exit status, output in *text. */
static int
command (const char *folder, const char *line, char **text)
{
  g_autofree char *both = g_strdup_printf ("exec 2>&1; %s", line);
  const char      *argv[] = { "/bin/sh", "-c", both, NULL };
  g_autofree char *out = NULL;
  int              status = -1;

  g_assert_true (g_spawn_sync (folder, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, NULL));
  if (text != NULL)
    *text = g_steal_pointer (&out);
  return status;
}

static char *
write_folder (const EqkExportFile *files, int n)
{
  char *folder = g_dir_make_tmp ("eqk-emit-XXXXXX", NULL);

  g_assert_nonnull (folder);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i].name, NULL);

      g_assert_true (g_file_set_contents (path, files[i].text, (gssize) files[i].length, NULL));
    }
  return folder;
}

static void
remove_folder (char *folder)
{
  if (g_getenv ("EQK_KEEP_EXPORTS") != NULL)
    g_test_message ("kept %s", folder);
  else
    {
      g_autofree char *line = g_strdup_printf ("rm -rf '%s'", folder);

      command ("/", line, NULL);
    }
  g_free (folder);
}

static void
expect (const char *folder, const char *line, gboolean success)
{
  g_autofree char *text = NULL;
  const int        status = command (folder, line, &text);

  g_test_message ("%s", text);
  if ((status == 0) != success)
    {
      g_test_message ("in %s: %s", folder, line);
      g_test_fail ();
    }
}

#define BUILD " model.c model_weights.c -lm "

static void
check_folder (const char *folder, const char *flags, gboolean all)
{
  g_autofree char *gcc = g_strdup_printf ("gcc " STRICT " %s selftest.c" BUILD "-o selftest && timeout 100 ./selftest", flags);

  expect (folder, gcc, TRUE);
  if (!all)
    return;
  expect (folder, "gcc " STRICT " -O0 example.c" BUILD "-o example && timeout 20 ./example > /dev/null", TRUE);
  expect (folder, "for f in *.c; do g++ -x c++ " STRICT_CXX " -fsyntax-only $f || exit 1; done", TRUE);
  if (have_clang)
    expect (folder, "for f in *.c; do clang " STRICT " -fsyntax-only $f && clang++ -x c++ " STRICT_CXX " -fsyntax-only $f || exit 1; done", TRUE);
}

static EqkProgram *
program_of (const Case *c)
{
  EqkProgram *program = NULL;
  EqkDiag     diag = EQK_DIAG_INIT;

  if (eqk_specimen_program (c->layer, c->specimen, NULL, &program, &diag) != EQK_OK)
    {
      g_test_message ("%s %s", diag.node, diag.what);
      g_test_fail ();
    }
  return program;
}

static void
export_and_check (EqkProgram *program, const EqkExportOptions *options, const char *flags, gboolean all)
{
  EqkStore      *store = eqk_store_new (program, EQK_F32, 1);
  EqkExportFile *files = NULL;
  EqkDiag        diag = EQK_DIAG_INIT;
  int            n = 0;

  eqk_store_randomise (store, program, 7);
  if (eqk_export_c (program, store, options, &files, &n, &diag) != EQK_OK)
    {
      g_test_message ("%s: %s", diag.node, diag.what);
      g_test_fail ();
    }
  else
    {
      char *folder = write_folder (files, n);

      check_folder (folder, flags, all);
      remove_folder (folder);
    }
  eqk_export_files_free (files, n);
  eqk_store_unref (store);
}

static void
test_specimen (gconstpointer data)
{
  const Case             *c = data;
  EqkProgram             *program = program_of (c);
  const EqkExportOptions  options = { .name = c->layer->id, .provenance = "A specimen. */ \"?\?/\"", .design_hash = "0123456789abcdef", .plain = true };
  const EqkExportOptions  compact = { .name = c->layer->id, .compact = true };

  if (program == NULL)
    return;
  export_and_check (program, &options, "-O0", TRUE);
  export_and_check (program, &compact, "-O2 -g0", FALSE);
  eqk_program_free (program);
}

static void
add_specimens (void)
{
  int                        n;
  const EqkLayerType *const *layers = eqk_layers (&n);

  for (int i = 0; i < n; i++)
    for (int k = 0; layers[i]->specimens != NULL && layers[i]->specimens[k].group != NULL; k++)
      {
        Case            *c = g_new (Case, 1);
        g_autofree char *path = g_strdup_printf ("/emit/%s/%d", layers[i]->id, k);

        *c = (Case){ layers[i], &layers[i]->specimens[k] };
        g_test_add_data_func_full (path, c, test_specimen, g_free);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  have_clang = command ("/", "clang --version > /dev/null", NULL) == 0;
  add_specimens ();
  return g_test_run ();
}

/*
 * Exported C, for every specimen of every layer: it must compile without a warning under strict flags, reproduce this library,
 * keep its symmetry, and notice a changed weight. What cannot be exported must say so.
 */

#include "check/specimen.h"
#include "emit/emit-private.h"
#include "eqk/export.h"
#include "eqk/op.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define STRICT "-std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror"
#define STRICT_CXX "-std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Werror"

static gboolean have_clang, have_fortran;

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
#define OBJECTS " model.o model_weights.o -lm "

/* EQK_EMIT_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover" looks for more than warnings. */
static const char *
more_flags (void)
{
  return g_getenv ("EQK_EMIT_FLAGS") != NULL ? g_getenv ("EQK_EMIT_FLAGS") : "";
}

/* "name[3] = 0.25" of two programs: the same lines, numbers to the digits that both print. */
#define SAME_LINES "paste -d' ' %s %s | awk 'NF != 6 || $1 != $4 || ($3 - $6) ^ 2 > 1e-10 * (1e-6 + $3 ^ 2) { bad = 1 } END { exit bad || NR < 1 }'"

/* The examples in C++ and Fortran say what that in C says. */
static void
check_languages (const char *folder)
{
  g_autofree char *cxx = g_strdup_printf ("gcc -std=c11 -c model.c model_weights.c && gcc example.c" OBJECTS "-o example && ./example > c.txt && "
                                          "g++ " STRICT_CXX " example.cc" OBJECTS "-o example && ./example > cc.txt && " SAME_LINES, "c.txt", "cc.txt");
  g_autofree char *fortran = g_strdup_printf ("gfortran -std=f2008 -Wall -Wextra -Wpedantic -Werror -fcheck=all model.f90 example.f90" OBJECTS "-o example && ./example > f90.txt && " SAME_LINES,
                                              "c.txt", "f90.txt");

  expect (folder, cxx, TRUE);
  if (have_fortran)
    {
      expect (folder, fortran, TRUE);
      /* The comparison sees a number that is another. */
      expect (folder, "sed -i '1s/= .*/= 77/' f90.txt && " "paste -d' ' c.txt f90.txt | awk 'NF != 6 || $1 != $4 || ($3 - $6) ^ 2 > 1e-10 * (1e-6 + $3 ^ 2) { bad = 1 } END { exit bad || NR < 1 }'", FALSE);
    }
  else
    g_test_message ("no gfortran here");
}

/* With `all` file by file, the model once for both programs that call it; else the three as one, which takes the compiler a fraction of the time. */
static void
check_folder (const char *folder, const char *flags, gboolean all)
{
  g_autofree char *options = g_strdup_printf ("gcc " STRICT " %s %s", flags, more_flags ());
  g_autofree char *files = g_strdup_printf ("%s -c model.c model_weights.c && %s selftest.c" OBJECTS "-o selftest && timeout 100 ./selftest", options, options);
  g_autofree char *one = g_strdup_printf ("cat > one.c <<END\n#include \"model.c\"\n#include \"model_weights.c\"\n#include \"selftest.c\"\nEND\n"
                                          "%s -pipe one.c -lm -o selftest && timeout 100 ./selftest", options);
  g_autofree char *example = g_strdup_printf ("%s example.c" OBJECTS "-o example && timeout 20 ./example > /dev/null", options);

  expect (folder, all ? files : one, TRUE);
  if (!all)
    return;
  expect (folder, example, TRUE);
  if (have_clang)
    expect (folder, "clang " STRICT " -fsyntax-only *.c", TRUE);
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

/* The folder of what is exported; NULL where it failed. */
static char *
export_to_folder (EqkProgram *program, const EqkExportOptions *options)
{
  EqkStore      *store = eqk_store_new (program, EQK_F32, 1);
  EqkExportFile *files = NULL;
  EqkDiag        diag = EQK_DIAG_INIT;
  char          *folder = NULL;
  int            n = 0;

  eqk_store_randomise (store, program, 7);
  if (eqk_export_c (program, store, options, &files, &n, &diag) != EQK_OK)
    {
      g_test_message ("%s: %s", diag.node, diag.what);
      g_test_fail ();
    }
  else
    folder = write_folder (files, n);
  eqk_export_files_free (files, n);
  eqk_store_unref (store);
  return folder;
}

static void
export_and_check (EqkProgram *program, const EqkExportOptions *options, const char *flags, gboolean all)
{
  char *folder = export_to_folder (program, options);

  if (folder == NULL)
    return;
  check_folder (folder, flags, all);
  remove_folder (folder);
}

static gboolean
is_first (const Case *c)
{
  return c->specimen == c->layer->specimens;
}

/* The first specimen of a layer goes through both compilers of C and both forms, and as C++ too; the others through gcc alone. */
static void
test_specimen (gconstpointer data)
{
  const Case             *c = data;
  EqkProgram             *program = program_of (c);
  const EqkExportOptions  plain = { .name = c->layer->id, .provenance = "A specimen. */ \"?\?/\"", .design_hash = "0123456789abcdef", .plain = true };
  const EqkExportOptions  compact = { .name = c->layer->id, .compact = true };

  if (program == NULL)
    return;
  if (is_first (c))
    export_and_check (program, &plain, "-O0", TRUE);
  export_and_check (program, &compact, is_first (c) ? "-O2" : "-O0", FALSE);
  eqk_program_free (program);
}

/* ---- as C++ ---- */

/* What several exports would define each in its own way. */
#define FORGET "#undef READY\n#undef TOLERANCE\n#undef SYMMETRY_TOLERANCE\n"

/* Each export in a namespace, so that one run of a compiler, which reads the headers of the system once, sees them all. */
static void
include_export (GString *text, const char *folder, int number)
{
  g_string_append_printf (text, "namespace c%d\n{\n#include \"%s/model.c\"\n#include \"%s/model_weights.c\"\nnamespace selftest\n{\n#include \"%s/selftest.c\"\n}\n"
                          "namespace example\n{\n#include \"%s/example.c\"\n}\n}\n" FORGET, number, folder, folder, folder, folder);
}

/* The first specimens of layers, in both forms. */
static void
test_cxx (gconstpointer data)
{
  const GPtrArray         *layers = data;
  g_autoptr (GString)      text = g_string_new ("#include <math.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n");
  g_autofree char         *top = g_dir_make_tmp ("eqk-emit-XXXXXX", NULL), *path = g_build_filename (top, "all.cc", NULL);
  g_autoptr (GPtrArray)    folders = g_ptr_array_new_with_free_func ((GDestroyNotify) remove_folder);

  for (guint i = 0; i < 2 * layers->len; i++)
    {
      const EqkLayerType     *layer = layers->pdata[i / 2];
      g_autofree char        *prefix = g_strdup_printf ("c%u", i);
      const EqkExportOptions  options = { .name = layer->id, .prefix = prefix, .plain = i % 2 == 0, .compact = i % 2 == 1 };
      EqkProgram             *program = program_of (&(Case) { layer, layer->specimens });
      char                   *folder = program == NULL ? NULL : export_to_folder (program, &options);

      eqk_program_free (program);
      if (folder == NULL)
        continue;
      g_ptr_array_add (folders, folder);
      include_export (text, folder, (int) i);
    }
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  expect (top, "g++ " STRICT_CXX " -fsyntax-only all.cc", TRUE);
  if (have_clang)
    expect (top, "clang++ " STRICT_CXX " -fsyntax-only all.cc", TRUE);
  remove_folder (g_steal_pointer (&top));
}

/* ---- a whole molecule ---- */

static EqkProgram *
build (const char *group, const char *const nodes[][3], size_t n_nodes, const char *const links[][4], size_t n_links)
{
  const EqkSymmetry symmetry = { eqk_group_get (group), true, EQK_PERMUTE_SET };
  EqkGraph         *graph = eqk_graph_new (&symmetry);
  EqkTyped         *typed = NULL;
  EqkProgram       *program = NULL;
  EqkDiag           diag = EQK_DIAG_INIT;

  for (size_t i = 0; i < n_nodes; i++)
    {
      EqkSettings *settings = NULL;

      g_assert_cmpint (eqk_settings_parse (nodes[i][2], &settings, NULL), ==, EQK_OK);
      g_assert_cmpint (eqk_graph_add (graph, nodes[i][0], nodes[i][1], settings, NULL, NULL, NULL), ==, EQK_OK);
      eqk_settings_free (settings);
    }
  for (size_t i = 0; i < n_links; i++)
    eqk_graph_link (graph, links[i][0], links[i][1], links[i][2], links[i][3], NULL);
  if (eqk_graph_infer (graph, &typed, &diag) != EQK_OK || eqk_compile (typed, NULL, &program, &diag) != EQK_OK)
    g_error ("%s: %s", diag.node, diag.what);
  eqk_graph_free (graph);
  eqk_typed_unref (typed);
  return program;
}

static EqkProgram *
molecule (void)
{
  const char *const nodes[][3] = { { "in", "input_points", "species=3" }, { "nb", "radius_graph", "cutoff=3" },
                                   { "rb", "radial_basis", "cutoff=3 n=6" }, { "emb", "species_embed", "channels=5 species=3" },
                                   { "int1", "schnet_cfconv", "filters=7" }, { "int2", "schnet_cfconv", "filters=4" },
                                   { "e", "energy_readout", "hidden=[6]" }, { "f", "forces_from_energy", "" } };
  const char *const links[][4] = { { "in", "positions", "nb", "positions" }, { "nb", "length", "rb", "length" }, { "in", "species", "emb", "species" },
                                   { "emb", "y", "int1", "x" }, { "rb", "y", "int1", "radial" }, { "int1", "y", "int2", "x" }, { "rb", "y", "int2", "radial" },
                                   { "int2", "y", "e", "x" }, { "in", "species", "e", "species" }, { "e", "energy", "f", "energy" }, { "in", "positions", "f", "positions" } };

  return build ("O3", nodes, G_N_ELEMENTS (nodes), links, G_N_ELEMENTS (links));
}

/* Energy and forces of a network whose reverse pass goes through attention over neighbours and through norms of fields, with means and without. */
static EqkProgram *
attending_molecule (void)
{
  const char *const nodes[][3] = { { "in", "input_points", "species=3" }, { "nb", "radius_graph", "cutoff=3" }, { "sh", "sph_harm", "degree=1" }, { "rb", "radial_basis", "cutoff=3 n=4" },
                                   { "emb", "species_embed", "channels=4 species=3" }, { "att", "se3_attention", "out=4x0e + 2x1o heads=2 hidden=[4] cutoff=3 gates=off" },
                                   { "even", "e3_layernorm", "" }, { "norm", "field_norm", "" }, { "both", "concat", "" }, { "conv", "tfn_conv", "out=4x0e hidden=[4] gates=off" },
                                   { "e", "energy_readout", "hidden=[6]" }, { "f", "forces_from_energy", "" } };
  const char *const links[][4] = { { "in", "positions", "nb", "positions" }, { "nb", "vector", "sh", "vector" }, { "nb", "length", "rb", "length" }, { "in", "species", "emb", "species" },
                                   { "emb", "y", "att", "x" }, { "sh", "y", "att", "harmonics" }, { "rb", "y", "att", "radial" }, { "nb", "length", "att", "length" },
                                   { "att", "y", "even", "x" }, { "att", "y", "norm", "x" }, { "even", "y", "both", "x" }, { "norm", "y", "both", "x" }, { "both", "y", "conv", "x" },
                                   { "sh", "y", "conv", "harmonics" }, { "rb", "y", "conv", "radial" }, { "conv", "y", "e", "x" }, { "in", "species", "e", "species" },
                                   { "e", "energy", "f", "energy" }, { "in", "positions", "f", "positions" } };

  return build ("O3", nodes, G_N_ELEMENTS (nodes), links, G_N_ELEMENTS (links));
}

/* Large arrows that cancel but for a little, 30 x + r² x averaged over the points, are to become a rotation: rounding is magnified by how nearly they do. */
static EqkProgram *
thin_frame (void)
{
  const char *const nodes[][3] = { { "in", "input_points", "species=1" }, { "c", "center_coords", "" }, { "n", "norm_pool", "squared=on" }, { "m", "multiply_by_scalar", "" },
                                   { "k", "multiply_by_scalar", "" }, { "big", "scale_const", "factor=30" }, { "sum", "add", "" }, { "both", "concat", "" }, { "p", "global_pool", "pool=mean" }, { "w", "irreps_linear", "out=3x1" },
                                   { "out", "pose_svd", "" } };
  const char *const links[][4] = { { "in", "positions", "c", "positions" }, { "c", "y", "n", "x" }, { "c", "y", "m", "x" }, { "n", "y", "m", "scalar" }, { "m", "y", "k", "x" },
                                   { "n", "y", "k", "scalar" }, { "c", "y", "big", "x" }, { "big", "y", "sum", "x" }, { "m", "y", "sum", "x" }, { "sum", "y", "both", "x" }, { "k", "y", "both", "x" }, { "both", "y", "p", "x" }, { "p", "y", "w", "x" },
                                   { "w", "y", "out", "x" } };

  return build ("SO3", nodes, G_N_ELEMENTS (nodes), links, G_N_ELEMENTS (links));
}

static void
test_molecule (void)
{
  EqkProgram            *program = molecule ();
  const EqkExportOptions options = { .name = "molecule", .prefix = "mol", .max_nodes = 12, .max_edges = 132 };
  char                  *folder = export_to_folder (program, &options);

  eqk_program_free (program);
  if (folder == NULL)
    return;
  check_folder (folder, "-O2", TRUE);
  check_languages (folder);
  /* Each file as C++ by itself. */
  expect (folder, "g++ -x c++ " STRICT_CXX " -fsyntax-only *.c", TRUE);
  if (have_clang)
    expect (folder, "clang++ -x c++ " STRICT_CXX " -fsyntax-only *.c", TRUE);
  remove_folder (folder);
}

/* Weights expanded at init, and a prefix that is no name in Fortran. */
static void
test_languages (void)
{
  const EqkLayerType    *layer = eqk_layer_find ("r2conv");
  EqkProgram            *program = program_of (&(Case) { layer, layer->specimens });
  const EqkExportOptions options = { .name = "turned ! \"arrows\"", .prefix = "_7turned", .compact = true, .provenance = "Trained on\nnothing" };
  char                  *folder = export_to_folder (program, &options);

  check_languages (folder);
  remove_folder (folder);
  eqk_program_free (program);
}

/* ---- refusals and facts ---- */

typedef struct
{
  EqkProgram    *program;
  EqkStore      *store;
  EqkExportFile *files;
  int            n;
} Made;

static Made
make_of (EqkProgram *program, const EqkExportOptions *options)
{
  Made    made = { .program = program };
  EqkDiag diag = EQK_DIAG_INIT;

  made.store = eqk_store_new (made.program, EQK_F32, 1);
  eqk_store_randomise (made.store, made.program, 7);
  if (eqk_export_c (made.program, made.store, options, &made.files, &made.n, &diag) != EQK_OK)
    g_error ("%s: %s", diag.node, diag.what);
  return made;
}

static Made
make (const EqkExportOptions *options)
{
  return make_of (molecule (), options);
}

static void
unmake (Made *made)
{
  eqk_export_files_free (made->files, made->n);
  eqk_store_unref (made->store);
  eqk_program_free (made->program);
}

static const EqkExportFile *
file_of (const Made *made, const char *name)
{
  for (int i = 0; i < made->n; i++)
    if (strcmp (made->files[i].name, name) == 0)
      return &made->files[i];
  g_assert_not_reached ();
}

static void
test_arena (void)
{
  const EqkExportOptions options = { .max_nodes = 21, .max_edges = 420 };
  Made                   made = make (&options);
  const EqkRunOptions    plan = { .precision = EQK_F32, .export_plan = true, .capacity = { 1, 21, 420, 441 } };
  EqkRun                *run = NULL;
  size_t                 bytes = 0;
  g_autofree char       *line = NULL;

  g_assert_cmpint (eqk_export_arena_bytes (made.program, &options, &bytes, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_run_new (made.program, NULL, &plan, &run, NULL), ==, EQK_OK);
  g_assert_cmpuint (eqk_run_arena_bytes (run), ==, bytes);
  line = g_strdup_printf ("#define EQ_MODEL_ARENA_BYTES %zu\n", bytes);
  g_assert_nonnull (strstr (file_of (&made, "model.h")->text, line));
  eqk_run_free (run);
  unmake (&made);
}

/* Changes a digit behind the point of number `which` of the weights file. */
static void
change_weight (char *text, int which)
{
  char *at = strstr (text, "= {\n");

  for (int i = 0; i <= which; i++)
    at = strstr (at + 1, "f,");
  while (*at != '.')
    at--;
  at++;
  *at = *at == '9' ? '8' : (char) (*at + 1);
}

static void
test_changed_weight (void)
{
  const int which[] = { 0, 17, 101 };

  for (size_t i = 0; i < G_N_ELEMENTS (which); i++)
    {
      Made  made = make (NULL);
      char *folder;

      change_weight (file_of (&made, "model_weights.c")->text, which[i]);
      folder = write_folder (made.files, made.n);
      expect (folder, "gcc " STRICT " selftest.c" BUILD "-o selftest", TRUE);
      expect (folder, "timeout 100 ./selftest", FALSE);
      /* not by the checksum alone */
      expect (folder, "sed -i 's/_checksum () != 0x[0-9a-f]*u/_checksum () == 0u/' selftest.c && gcc " STRICT " selftest.c" BUILD "-o selftest", TRUE);
      expect (folder, "timeout 100 ./selftest", FALSE);
      remove_folder (folder);
      unmake (&made);
    }
}

/* What is allowed grows with what the input leaves open, not with what the program does wrong. */
static void
test_thin_frame (void)
{
  Made           made = make_of (thin_frame (), NULL);
  const char    *text = file_of (&made, "selftest.c")->text, *pairs = strstr (text, "static const pair pairs[]");
  char          *folder = write_folder (made.files, made.n);

  g_assert_nonnull (pairs);
  g_assert_nonnull (strstr (text, "double allowed;"));
  g_assert_nonnull (strstr (pairs, "e-"));      /* one pair at least is allowed more than the rest */
  check_folder (folder, "-O1", FALSE);
  /* with what all others are held to, it fails; so it does with a weight that is off by a thousandth */
  expect (folder, "sed 's/own \\/ p->allowed/own \\/ TOLERANCE/' selftest.c > strict.c && gcc -std=c11 strict.c" BUILD "-o strict", TRUE);
  expect (folder, "timeout 100 ./strict", FALSE);
  remove_folder (folder);
  change_weight (file_of (&made, "model_weights.c")->text, 1);
  folder = write_folder (made.files, made.n);
  expect (folder, "sed -i 's/_checksum () != 0x[0-9a-f]*u/_checksum () == 0u/' selftest.c && gcc -std=c11 selftest.c" BUILD "-o selftest", TRUE);
  expect (folder, "timeout 100 ./selftest", FALSE);
  remove_folder (folder);
  unmake (&made);
}

/* The forces go back through both; a slip in either of their reverse passes must not pass. */
static void
test_attending_molecule (void)
{
  static const char *const slips[] = {
    "s/gx\\[i \\* c + k\\] = y\\[i \\* c + k\\] \\* (gy\\[i \\* c + k\\] - mean)/gx[i * c + k] = y[i * c + k] * gy[i * c + k]/",
    "s/gx\\[c\\] = factor \\* (gx\\[c\\] - along \\* centred)/gx[c] = factor * gx[c]/",
  };
  const EqkExportOptions options = { .max_nodes = 12, .max_edges = 132 };
  Made                   made = make_of (attending_molecule (), &options);
  const char            *text = file_of (&made, "model.c")->text;
  char                  *folder = write_folder (made.files, made.n);

  g_assert_nonnull (strstr (text, "segment_softmax_reverse ("));
  g_assert_nonnull (strstr (text, "field_norm_reverse ("));
  check_folder (folder, "-O1", TRUE);
  for (size_t i = 0; i < G_N_ELEMENTS (slips); i++)
    {
      g_autofree char *slip = g_strdup_printf ("sed '%s' model.c > slip.c && ! cmp -s model.c slip.c", slips[i]);

      expect (folder, slip, TRUE);
      expect (folder, "gcc -std=c11 selftest.c slip.c model_weights.c -lm -o slip", TRUE);
      expect (folder, "timeout 100 ./slip", FALSE);
    }
  remove_folder (folder);
  unmake (&made);
}

/* What the self-test found for one permutation. */
static double
worst_of_order (const char *told, const char *order)
{
  g_autofree char *line = g_strdup_printf ("symmetry, %s: worst relative difference ", order);
  const char      *at = strstr (told, line);

  g_assert_nonnull (at);
  return g_ascii_strtod (at + strlen (line), NULL);
}

/* Nodes change places in three ways. A slip that weighs them by their distance from the middle of the list is the same from either end: a cycle finds it. */
static void
test_orders (void)
{
  static const char slip[] =
    "#define eq_model_run inner_run\n#include \"model.c\"\n#undef eq_model_run\nstatic float copy[EQ_MODEL_NODES_COUNT];\n"
    "eq_model_status\neq_model_run (eq_model *m, int32_t n, const float *x, int32_t e, const int32_t *src, const int32_t *dst, float *y)\n{\n"
    "  for (int32_t i = 0; i < 2 * n; i++)\n    copy[i] = x[i] * (float) (1 + abs (2 * (i / 2) - n + 1));\n  return inner_run (m, n, copy, e, src, dst, y);\n}\n";
  const char *const nodes[][3] = { { "in", "input_graph", "channels=2" }, { "g", "gin", "widths=[5]" }, { "p", "global_pool", "" }, { "out", "mlp_head", "out=3" } };
  const char *const links[][4] = { { "in", "y", "g", "x" }, { "in", "edges", "g", "edges" }, { "g", "y", "p", "x" }, { "p", "y", "out", "x" } };
  const EqkExportOptions options = { .max_nodes = 12, .max_edges = 132 };
  Made             made = make_of (build ("triv", nodes, G_N_ELEMENTS (nodes), links, G_N_ELEMENTS (links)), &options);
  char            *folder = write_folder (made.files, made.n);
  g_autofree char *path = g_build_filename (folder, "slip.c", NULL), *good = NULL, *bad = NULL;

  check_folder (folder, "-O1", TRUE);
  g_assert_cmpint (command (folder, "timeout 100 ./selftest", &good), ==, 0);
  g_assert_true (g_file_set_contents (path, slip, -1, NULL));
  expect (folder, "gcc -std=c11 -include stdlib.h selftest.c slip.c model_weights.c -lm -o slip", TRUE);
  g_assert_cmpint (command (folder, "timeout 100 ./slip", &bad), !=, 0);
  g_assert_cmpfloat (worst_of_order (good, "order reversed"), <, 1e-4);
  g_assert_cmpfloat (worst_of_order (good, "all nodes in a cycle"), <, 1e-4);
  g_assert_cmpfloat (worst_of_order (good, "first and last node exchanged"), <, 1e-4);
  g_assert_cmpfloat (worst_of_order (bad, "order reversed"), <, 1e-4);
  g_assert_cmpfloat (worst_of_order (bad, "all nodes in a cycle"), >, 1e-3);
  remove_folder (folder);
  unmake (&made);
}

/* The arguments are checked before anything is read through them. */
static void
test_bad_calls (void)
{
  static const char program[] =
    "#include \"model.h\"\n#include <stdio.h>\nstatic EQ_MODEL_MEMORY (arena, EQ_MODEL_ARENA_BYTES + 64);\n"
    "static float x[3 * 200], e[1], f[3 * 200];\nstatic int32_t z[200], src[9000], dst[9000];\n"
    "#define EXPECT(call, status) if ((call) != EQ_MODEL_##status) { printf (\"%s\\n\", #call); return 1; }\n"
    "int\nmain (void)\n{\n  eq_model m = { NULL, NULL, 0 };\n"
    "  EXPECT (eq_model_run (&m, 2, x, z, 0, src, dst, e, f), ERROR_NOT_READY)\n"
    "  EXPECT (eq_model_init (NULL, arena, sizeof arena), ERROR_NULL)\n"
    "  EXPECT (eq_model_init (&m, NULL, sizeof arena), ERROR_NULL)\n"
    "  EXPECT (eq_model_init (&m, arena, EQ_MODEL_ARENA_BYTES - 1), ERROR_MEMORY)\n"
    "  EXPECT (eq_model_init (&m, arena + 4, EQ_MODEL_ARENA_BYTES), ERROR_MEMORY)\n"
    "  EXPECT (eq_model_init (&m, arena, EQ_MODEL_ARENA_BYTES), OK)\n"
    "  EXPECT (eq_model_run (NULL, 2, x, z, 0, src, dst, e, f), ERROR_NULL)\n"
    "  EXPECT (eq_model_run (&m, 2, NULL, z, 0, src, dst, e, f), ERROR_NULL)\n"
    "  EXPECT (eq_model_run (&m, 2, x, z, 0, src, dst, e, NULL), ERROR_NULL)\n"
    "  EXPECT (eq_model_run (&m, -1, x, z, 0, src, dst, e, f), ERROR_SIZE)\n"
    "  EXPECT (eq_model_run (&m, EQ_MODEL_MAX_NODES + 1, x, z, 0, src, dst, e, f), ERROR_SIZE)\n"
    "  EXPECT (eq_model_run (&m, 2, x, z, EQ_MODEL_MAX_EDGES + 1, src, dst, e, f), ERROR_SIZE)\n"
    "  EXPECT (eq_model_run (&m, 0, x, z, 0, src, dst, e, f), OK)\n"
    "  x[3] = 1.0f;\n  src[0] = 2;\n"
    "  EXPECT (eq_model_run (&m, 2, x, z, 1, src, dst, e, f), ERROR_INDEX)\n"
    "  src[0] = 1;\n"
    "  EXPECT (eq_model_run (&m, 2, x, z, 1, src, dst, e, f), OK)\n"
    "  src[0] = 0; dst[0] = 1; src[1] = 1; dst[1] = 0;\n"
    "  EXPECT (eq_model_run (&m, 2, x, z, 2, src, dst, e, f), ERROR_INDEX)\n"
    "  z[1] = 3;\n"
    "  EXPECT (eq_model_run (&m, 2, x, z, 0, src, dst, e, f), ERROR_INDEX)\n"
    "  EXPECT (eq_model_check (\"another\", EQ_MODEL_FORMAT), ERROR_MISMATCH)\n"
    "  EXPECT (eq_model_check (EQ_MODEL_DESIGN_HASH, EQ_MODEL_FORMAT + 1), ERROR_MISMATCH)\n"
    "  EXPECT (eq_model_check (eq_model_get_info ()->design_hash, eq_model_get_info ()->format), OK)\n"
    "  return 0;\n}\n";
  Made             made = make (NULL);
  char            *folder = write_folder (made.files, made.n);
  g_autofree char *path = g_build_filename (folder, "bad.c", NULL);

  g_assert_true (g_file_set_contents (path, program, -1, NULL));
  expect (folder, "gcc -std=c11 -fsanitize=address,undefined bad.c" BUILD "-o bad && timeout 100 ./bad", TRUE);
  remove_folder (folder);
  unmake (&made);
}

/* Two models live in one program when their prefixes differ. */
static void
test_two_models (void)
{
  const EqkExportOptions options = { .prefix = "second" };
  Made                   a = make (NULL), b = make (&options);
  char                  *first = write_folder (a.files, a.n), *second = write_folder (b.files, b.n);
  g_autofree char       *line = g_strdup_printf ("mkdir two && cp %s/model.h %s/model.c %s/model_weights.c two && "
                                                 "gcc -std=c11 -c model.c -o m1.o && gcc -std=c11 -c model_weights.c -o w1.o && cd two && gcc -std=c11 -c model.c -o ../m2.o && "
                                                 "gcc -std=c11 -c model_weights.c -o ../w2.o && cd .. && gcc -std=c11 selftest.c m1.o w1.o m2.o w2.o -lm -o both && ./both", second, second, second);

  expect (first, line, TRUE);
  remove_folder (first);
  remove_folder (second);
  unmake (&a);
  unmake (&b);
}

/* Nothing in the library may be writable, allocate or print. */
static void
test_symbols (void)
{
  Made  made = make (NULL);
  char *folder = write_folder (made.files, made.n);

  expect (folder, "gcc -std=c11 -O1 -fno-pie -fno-pic -c model.c model_weights.c && ! nm model.o model_weights.o | grep -E ' [bBdDC] ' && "
                  "! nm -u model.o model_weights.o | grep -E ' (malloc|calloc|realloc|free|printf|puts|fopen|abort|exit|setjmp|longjmp)$'", TRUE);
  remove_folder (folder);
  unmake (&made);
}

static void
test_refusals (void)
{
  EqkProgram    *program = molecule ();
  EqkStore      *store = eqk_store_new (program, EQK_F32, 1);
  EqkExportFile *files = NULL;
  int            n = 0;
  EqkDiag        diag = EQK_DIAG_INIT;
  const char    *prefixes[] = { "", "2nd", "a-b", "x y", "a;system(\"rm\")" };

  for (size_t i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      const EqkExportOptions options = { .prefix = prefixes[i] };

      g_assert_cmpint (eqk_export_c (program, store, &options, &files, &n, &diag), ==, EQK_ERR_NAME);
    }
  ((float *) eqk_store_weights (store))[eqk_store_n_weights (store) / 2] = 0.0f / 0.0f;
  g_assert_cmpint (eqk_export_c (program, store, NULL, &files, &n, &diag), ==, EQK_ERR_NAN);
  g_assert_null (files);
  eqk_store_unref (store);
  eqk_program_free (program);
}

/* Convolution by registers gives what the plain loops give: channels and pixels that do not fill the last tile, pieces longer than one, groups, steps, dilation. */
static void
test_convolution (void)
{
  static const char program[] =
    "#include \"model.c\"\n#include <stdio.h>\n#include <stdlib.h>\nstatic float x[40000], w[80000], bias[96], y[40000], z[40000];\n"
    "static int\ndiffers (size_t side, size_t cin, size_t cout, size_t k, size_t stride, size_t dilation, size_t groups)\n{\n"
    "  const size_t out = (side - dilation * (k - 1) - 1) / stride + 1, n = out * out * cout;\n"
    "  for (size_t i = 0; i < 40000; i++)\n    y[i] = z[i] = 7.0f;\n"
    "  conv_plain (x, w, bias, y, out, out, side, cin, cout, k, stride, dilation, groups);\n"
    "  conv_vector (x, w, bias, z, out, out, side, cin, cout, k, stride, dilation, groups);\n"
    "  for (size_t i = 0; i < 40000; i++)\n    if (fabsf (y[i] - z[i]) > (i < n ? 1e-3f : 0.0f))\n"
    "      return printf (\"%zu of %zu: %g, not %g (side %zu, %zu to %zu, k %zu, stride %zu, dilation %zu, groups %zu)\\n\", i, n, (double) z[i], (double) y[i], side, cin, cout, k, stride, dilation, groups);\n"
    "  return 0;\n}\n\nint\nmain (void)\n{\n"
    "  for (size_t i = 0; i < 40000; i++)\n    x[i] = (float) (rand () % 200 - 100) * 0.01f;\n"
    "  for (size_t i = 0; i < 80000; i++)\n    w[i] = (float) (rand () % 200 - 100) * 0.01f;\n"
    "  for (size_t i = 0; i < 96; i++)\n    bias[i] = (float) i;\n"
    "  return differs (9, 3, 35, 3, 1, 1, 1) || differs (8, 60, 40, 3, 1, 1, 1) || differs (10, 80, 70, 3, 2, 2, 2) || differs (7, 5, 33, 1, 1, 1, 1) ||\n"
    "         differs (12, 4, 64, 5, 1, 2, 1) || differs (11, 140, 35, 4, 3, 1, 1);\n}\n";
  const EqkLayerType     *layer = eqk_layer_find ("conv2d_plain");
  const EqkExportOptions  options = { .name = "convolution" };
  EqkProgram             *net = program_of (&(Case) { layer, layer->specimens });
  char                   *folder = export_to_folder (net, &options);
  g_autofree char        *path = g_build_filename (folder, "forms.c", NULL);

  g_assert_true (g_file_set_contents (path, program, -1, NULL));
  expect (folder, "gcc -std=c11 -O1 -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover forms.c model_weights.c -lm -o forms && ./forms", TRUE);
  remove_folder (folder);
  eqk_program_free (net);
}

/* Those of a part: number `part` of `parts`, so that every core has one (EMIT_PART=0/2). */
static void
add_specimens (guint part, guint parts)
{
  int                        n;
  guint                      number = 0;
  const EqkLayerType *const *layers = eqk_layers (&n);
  GPtrArray                 *firsts = g_ptr_array_new ();

  for (int i = 0; i < n; i++)
    for (int k = 0; layers[i]->specimens != NULL && layers[i]->specimens[k].group != NULL; k++)
      {
        Case            *c;
        g_autofree char *path = g_strdup_printf ("/emit/%s/%d", layers[i]->id, k);

        if (number++ % parts != part)
          continue;
        c = g_new (Case, 1);
        *c = (Case){ layers[i], &layers[i]->specimens[k] };
        g_test_add_data_func_full (path, c, test_specimen, g_free);
        if (k == 0)
          g_ptr_array_add (firsts, (gpointer) layers[i]);
      }
  g_test_add_data_func_full ("/emit/as-c++", firsts, test_cxx, (GDestroyNotify) g_ptr_array_unref);
}

/* Tables with the same contents are one, and only those: the second two differ and have the same hash. */
static void
test_equal_tables (void)
{
  static const uint32_t one[5] = { 1854675133u, 2755079505u, 1111971385u, 3449293725u, 104880314u }, other[5] = { 1014893490u, 2138649713u, 3243067485u, 1207572156u, 490817739u };
  EqkEmitter  e = { .heap = eqk_heap_new (), .prefix = "eq", .macro_prefix = "EQ" };
  int32_t     a[5], b[5];
  const char *names[4];

  memcpy (a, one, sizeof a);
  memcpy (b, other, sizeof b);
  names[0] = eqk_emit_table_i (&e, "a", a, 5);
  names[1] = eqk_emit_table_i (&e, "b", b, 5);
  names[2] = eqk_emit_table_i (&e, "a", a, 5);
  names[3] = eqk_emit_table_i (&e, "c", a, 4);
  g_assert_cmpint (e.status, ==, EQK_OK);
  g_assert_cmpint (e.n_tables, ==, 3);
  g_assert_true (e.tables[0].hash == e.tables[1].hash);   /* or this test has lost its point */
  g_assert_cmpstr (names[0], !=, names[1]);
  g_assert_cmpstr (names[0], ==, names[2]);
  g_assert_cmpstr (names[0], !=, names[3]);
  eqk_text_clear (&e.declarations);
  eqk_text_clear (&e.definitions);
  free (e.tables);
  eqk_heap_free (e.heap);
}

static void
add_whole (void)
{
  g_test_add_func ("/emit/equal-tables", test_equal_tables);
  g_test_add_func ("/emit/molecule", test_molecule);
  g_test_add_func ("/emit/languages", test_languages);
  g_test_add_func ("/emit/arena", test_arena);
  g_test_add_func ("/emit/convolution", test_convolution);
  g_test_add_func ("/emit/changed-weight", test_changed_weight);
  g_test_add_func ("/emit/attending-molecule", test_attending_molecule);
  g_test_add_func ("/emit/thin-frame", test_thin_frame);
  g_test_add_func ("/emit/orders", test_orders);
  g_test_add_func ("/emit/bad-calls", test_bad_calls);
  g_test_add_func ("/emit/two-models", test_two_models);
  g_test_add_func ("/emit/symbols", test_symbols);
  g_test_add_func ("/emit/refusals", test_refusals);
}

int
main (int argc, char **argv)
{
  guint part = 0, parts = 1;

  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("EMIT_PART") != NULL)
    g_assert_true (sscanf (g_getenv ("EMIT_PART"), "%u/%u", &part, &parts) == 2 && part < parts);
  have_clang = command ("/", "clang --version > /dev/null", NULL) == 0;
  have_fortran = command ("/", "gfortran --version > /dev/null", NULL) == 0;
  if (part == 0)
    add_whole ();
  add_specimens (part, parts);
  return g_test_run ();
}

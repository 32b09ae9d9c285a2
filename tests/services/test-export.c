/* Export of designs from files: what is in the folder, that it agrees with what check says, that it compiles and passes. */

#include "data/safetensors.h"
#include "model/compile.h"
#include "model/json.h"
#include "data/dataset.h"
#include "services/bind.h"
#include "services/code-size.h"
#include "services/compare-c.h"
#include "services/template.h"
#include "services/export.h"
#include "../sanitized.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const names[] = { "model.h", "model.c", "model_weights.c", "selftest.c", "example.c", "example.cc", "model.f90", "example.f90", "CMakeLists.txt", "meson.build", "README.md", "model.json" };

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

/* Runs the example in a thread on painted ground and says how deep it came. */
static const char deep[] =
  "#include <pthread.h>\n#include <stdio.h>\n#include <string.h>\n"
  "int example_main (void);\n"
  "static unsigned char ground[1 << 20] __attribute__ ((aligned (4096)));\n"
  "static void *nothing (void *x) { return x; }\n"
  "static void *work (void *x) { example_main (); return x; }\n"
  "static size_t depth_of (void *(*func) (void *))\n"
  "{\n"
  "  pthread_attr_t attr;\n  pthread_t thread;\n  size_t i = 0;\n"
  "  memset (ground, 0xa5, sizeof ground);\n  pthread_attr_init (&attr);\n  pthread_attr_setstack (&attr, ground, sizeof ground);\n"
  "  pthread_create (&thread, &attr, func, 0);\n  pthread_join (thread, 0);\n"
  "  while (ground[i] == 0xa5) i++;\n  return sizeof ground - i;\n}\n"
  "int main (void) { size_t before = depth_of (nothing); printf (\"%zu\\n\", depth_of (work) - before); return 0; }\n";

static void
check_depth (const char *folder, gsize bound)
{
  g_autofree char *source = g_build_filename (folder, "deep.c", NULL), *header = g_build_filename (folder, "quiet.h", NULL), *line = NULL;

  g_assert_true (g_file_set_contents (source, deep, -1, NULL));
  g_assert_true (g_file_set_contents (header, "#include <stdio.h>\n#define printf(...) ((void) 0)\n", -1, NULL));
  line = g_strdup_printf ("gcc -std=c11 -Os -Dmain=example_main -include quiet.h -c example.c -o example.o && gcc -std=gnu11 -Os deep.c example.o model.c model_weights.c -lm -lpthread "
                          "-Wl,-z,now -o deep && n=$(./deep) && echo \"stack: $n of %1$zu bytes\" && test \"$n\" -le $((%1$zu + 512)) && test $((2 * n)) -ge %1$zu", bound);
  run (folder, line);
}

static void
test_design (gconstpointer data)
{
  g_autofree char   *path = g_test_build_filename (G_TEST_DIST, data, NULL), *folder = scratch (), *top = NULL, *header_path = NULL, *header = NULL, *line = NULL, *hash = NULL, *table = NULL, *object = NULL, *code = NULL;
  g_autoptr (GError) error = NULL;
  EqsExportSizes     sizes;
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
  /* What is told beforehand is what the code and its object file hold: the linker may round tables up. */
  g_assert_true (eqs_export_c_measure (model, NULL, &sizes, &error));
  g_assert_cmpuint (sizes.arena_bytes, ==, check->arena_bytes);
  g_assert_cmpuint (sizes.expanded_bytes, ==, 0);
  table = g_strdup_printf ("#define EQ_MODEL_TABLE_BYTES %" G_GSIZE_FORMAT "\n", sizes.table_bytes);
  g_assert_nonnull (strstr (header, table));
  object = g_strdup_printf ("gcc -std=c11 -c model_weights.c && n=$(size -A model_weights.o | awk '/rodata/ { n += $2 } END { print n }') && "
                            "echo \"$n of %1$zu bytes\" && test \"$n\" -ge %1$zu && test \"$n\" -le $((%1$zu + 4096))", sizes.table_bytes);
  run (folder, object);
  run (folder, "gcc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror -O2 selftest.c model.c model_weights.c -lm -o selftest && ./selftest && "
               "gcc -std=c11 example.c model.c model_weights.c -lm -o example && ./example");
  /* So is what the code and a call take: of the code a quarter may be wrong, and the stack is a bound, without what libm takes. */
  code = g_strdup_printf ("gcc -std=c11 -Os -c model.c -o code.o && n=$(size code.o | awk 'NR == 2 { print $1 }') && echo \"$n of %1$zu bytes\" && "
                          "test $((4 * n)) -ge $((3 * %1$zu)) && test $((4 * n)) -le $((5 * %1$zu))", sizes.code_bytes);
  run (folder, code);
  check_depth (folder, sizes.stack_bytes);
  top = g_strdup_printf ("rm -rf \"$(dirname \"$(dirname '%s')\")\"", folder);
  run ("/", top);
}

/* gcc's call graph: the deepest chain, and nothing where a function comes back to itself, calls through a pointer or has a frame without a bound. */
static void
test_call_graph (void)
{
#define NODE(name, bytes, kind) "node: { title: \"" name "\" label: \"" name "\\nm.c:1:1\\n" bytes " bytes (" kind ")\" }\n"
#define EDGE(from, to) "edge: { sourcename: \"" from "\" targetname: \"" to "\" label: \"m.c:1:1\" }\n"
  static const struct { const char *text; gsize bytes; } graphs[] = {
    { "graph: { title: \"m.c\"\n}\n", 0 },
    { NODE ("run", "100", "static") NODE ("a", "8", "static") NODE ("b", "40", "dynamic,bounded") NODE ("c", "30", "static") "node: { title: \"expf\" label: \"expf\" shape : ellipse }\n"
      EDGE ("run", "a") EDGE ("run", "b") EDGE ("a", "c") EDGE ("b", "expf"), 140 },
    { NODE ("run", "100", "static") NODE ("a", "50", "static") NODE ("c", "30", "static") EDGE ("run", "a") EDGE ("a", "c"), 180 },
    { NODE ("run", "100", "static") NODE ("a", "8", "static") EDGE ("run", "a") EDGE ("a", "run"), 0 },
    { NODE ("run", "100", "static") EDGE ("run", "__indirect_call"), 0 },
    { NODE ("run", "100", "dynamic"), 0 },
    { "node: { title: \nedge: { sourcename: \"a", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (graphs); i++)
    g_assert_cmpuint (eqs_code_size_read_stack (graphs[i].text), ==, graphs[i].bytes);
}

/* Pictures with channels, a U-Net with an answer for each pixel, molecules with energies and forces, graphs with edges of their own. */
static void
test_compare (gconstpointer data)
{
  g_auto (GStrv)       words = g_strsplit (data, " ", 3);
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new (words[0], &error);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (words[1], &error);
  g_autoptr (GPtrArray) changes = NULL;
  const gboolean       bound = eqs_bind (document, dataset, NULL, &changes, &error);
  g_autoptr (EqsModel) model = bound ? eqs_model_new (document, &error) : NULL;
  g_autoptr (EqsSplit) split = eqs_dataset_load (dataset, "train", &error);
  g_autoptr (GPtrArray) outputs = NULL, other = NULL, broken = NULL;
  g_autofree char     *folder = scratch (), *header_path = g_build_filename (folder, "model.h", NULL), *top = NULL;
  g_auto (GStrv)       files = NULL;
  const EqsExportCOptions options = { .prefix = "net", .compact = words[2] != NULL };

  g_assert_no_error (error);
  files = eqs_export_c (model, folder, &options, &error);
  g_assert_no_error (error);
  outputs = eqs_compare_c (model, split, 1, folder, "net", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outputs->len, ==, (guint) eqk_program_n_outputs (model->program));
  for (guint i = 0; i < outputs->len; i++)
    {
      const EqsComparedOutput *output = g_ptr_array_index (outputs, i);

      g_test_message ("%s: %zu numbers, largest %.1e of %.1e", output->name, output->n, output->largest, output->scale);
      g_assert_cmpuint (output->n, >, 0);
      g_assert_cmpfloat (output->scale, >, 1e-20);
      g_assert_cmpfloat (output->largest / output->scale, <, 1e-4);
    }

  /* Other weights than those exported are told apart, and a header without the function is refused. */
  eqk_store_randomise (model->store, model->program, 5);
  eqk_store_touch (model->store);
  other = eqs_compare_c (model, split, 1, folder, "net", &error);
  g_assert_no_error (error);
  {
    const EqsComparedOutput *output = g_ptr_array_index (other, 0);

    g_assert_cmpfloat (output->largest / output->scale, >, 1e-2);
  }
  g_assert_true (g_file_set_contents (header_path, "int main_of_another;\n", -1, NULL));
  broken = eqs_compare_c (model, split, 1, folder, "net", &error);
  g_assert_null (broken);
  g_assert_nonnull (strstr (error->message, "net_run"));
  top = g_strdup_printf ("rm -rf \"$(dirname \"$(dirname '%s')\")\"", folder);
  run ("/", top);
}

static char *
text_of (const char *folder, const char *name)
{
  g_autofree char   *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char              *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
expect_in (const char *folder, const char *name, const char *words)
{
  g_autofree char *text = text_of (folder, name);

  if (strstr (text, words) == NULL)
    g_error ("%s does not say “%s”", name, words);
}

static void
remove_tree (const char *folder)
{
  g_autofree char *line = g_strdup_printf ("rm -rf \"$(dirname \"$(dirname '%s')\")\"", folder);

  run ("/", line);
}

static EqsModel *
open_model (const char *name)
{
  g_autofree char   *path = g_test_build_filename (G_TEST_DIST, "..", "..", name, NULL);
  g_autoptr (GError) error = NULL;
  EqsModel          *model = eqs_model_open (path, &error);

  g_assert_no_error (error);
  return model;
}

/* What bytes are divided by, which number is which class: a caller cannot guess it. */
static void
test_says_what_to_feed (void)
{
  const char *const  classes[] = { "nought", "a \"one\"", "2", "3", "4", "5", "6", "7", "8", "9", NULL };
  g_autofree char   *folder = scratch (), *json = NULL, *list = NULL, *ask = NULL;
  g_autoptr (EqsModel) model = open_model ("data/templates/T01-turned-digits.equi");
  g_autoptr (EqsValue) value = NULL, weights = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv)     files = eqs_export_c (model, folder, NULL, &error), more = NULL, lists = NULL;

  g_assert_no_error (error);
  expect_in (folder, "README.md", "nominally 0 to 1 (the model was never trained");
  expect_in (folder, "model.h", "nominally 0 to 1 (the model was never trained");
  expect_in (folder, "README.md", "rows from top to bottom, columns from left to right, one channel");
  model->trained = TRUE;
  eqs_map_set (model->run, "byte_scale", eqs_value_new_number ((double) (1.0f / 255)));
  eqs_map_set (model->run, "classes", eqs_value_new_strings (classes));
  more = eqs_export_c (model, folder, NULL, &error);
  g_assert_no_error (error);
  expect_in (folder, "README.md", "values 0 to 1: bytes divided by 255");
  expect_in (folder, "README.md", "0 = nought, 1 = a \"one\", 2 = 2");
  expect_in (folder, "model.h", "values 0 to 1: bytes divided by 255");
  expect_in (folder, "model.h", "extern const char *const eq_model_class_names[EQ_MODEL_N_CLASSES];");
  json = text_of (folder, "model.json");
  value = eqs_json_parse (json, strlen (json), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_value_get_length (eqs_map_get (eqs_value_get_map (value), "classes")), ==, 10);
  g_assert_nonnull (strstr (eqs_map_get_string (eqs_value_get_map (value), "feed", ""), "divided by 255"));
  ask = g_build_filename (folder, "ask.c", NULL);
  g_assert_true (g_file_set_contents (ask, "#include \"model.h\"\n#include <string.h>\nint main (void) { return strcmp (eq_model_class_names[1], \"a \\\"one\\\"\"); }\n", -1, NULL));
  run (folder, "gcc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror ask.c model.c model_weights.c -lm -o ask && ./ask && g++ -x c++ -std=c++17 -Wall -Werror -fsyntax-only model.c");
  lists = eqs_export_weights (model, folder, NULL, &error);
  g_assert_no_error (error);
  list = text_of (folder, "weights.json");
  weights = eqs_json_parse (list, strlen (list), &error);
  g_assert_cmpuint (eqs_value_get_length (eqs_map_get (eqs_value_get_map (weights), "classes")), ==, 10);
  g_assert_cmpfloat_with_epsilon (eqs_map_get_number (eqs_value_get_map (weights), "byte_scale", 0), 1.0 / 255, 1e-8);
  remove_tree (folder);
}

/* Weights of one tensor as a file has them. */
static float *
tensor_of (const char *folder, const char *name, gsize *n)
{
  g_autofree char *path = g_build_filename (folder, "weights.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  EqsSafetensors  *file = eqs_safetensors_open (path, &error);
  const EqsTensor *tensor;
  float           *out;

  g_assert_no_error (error);
  tensor = eqs_safetensors_find (file, name);
  g_assert_nonnull (tensor);
  *n = tensor->n_values;
  out = g_memdup2 (tensor->data, *n * sizeof *out);
  eqs_safetensors_free (file);
  return out;
}

/* NequIP's convention: odd columns with the other sign, kinds of atoms inside; opened here it is the same network. */
static void
test_other_convention (void)
{
  g_autofree char    *folder = scratch (), *path = g_build_filename (folder, "weights.safetensors", NULL), *list = NULL;
  g_autoptr (EqsModel) model = open_model ("data/templates/T09-energies-and-forces.equi"), again = NULL, painn = open_model ("data/templates/T12-molecule-energy.equi");
  g_autoptr (GError)  error = NULL;
  g_auto (GStrv)      ours = eqs_export_weights (model, folder, NULL, &error), theirs = NULL, refused = NULL;
  const float        *a = eqk_store_weights (model->store), *b;
  gsize               n = 0, m = 0;
  g_autofree float   *before = tensor_of (folder, "inter2.radial.1.weight", &n), *after = NULL;
  guint               flipped = 0;

  g_assert_no_error (error);
  theirs = eqs_export_weights (model, folder, "nequip", &error);
  g_assert_no_error (error);
  after = tensor_of (folder, "inter2.radial.1.weight", &m);
  g_assert_cmpuint (n, ==, m);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (after[i] == before[i] || after[i] == -before[i]);
      flipped += after[i] == -before[i];
    }
  g_assert_cmpuint (flipped, >, n / 5);
  g_assert_cmpuint (flipped, <, n);
  list = text_of (folder, "weights.json");
  g_assert_nonnull (strstr (list, "xyz mul_ir component no-phase to-source kinds-inside"));
  again = eqs_model_open (path, &error);
  g_assert_no_error (error);
  b = eqk_store_weights (again->store);
  g_assert_cmpuint (eqk_store_n_weights (again->store), ==, eqk_store_n_weights (model->store));
  g_assert_cmpmem (a, eqk_store_n_weights (model->store) * sizeof *a, b, eqk_store_n_weights (again->store) * sizeof *b);
  g_assert_null (eqs_map_get (again->run, "convention"));
  refused = eqs_export_weights (model, folder, "nequipp", &error);
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT);
  g_assert_null (refused);
  g_assert_nonnull (strstr (error->message, "nequipp"));
  g_clear_error (&error);
  refused = eqs_export_weights (painn, folder, "to-source", &error);
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  g_test_message ("%s", error->message);
  remove_tree (folder);
}

/* The cut-off, both directions, and which number is which atom: enough for a neighbour list. */
static void
test_says_who_is_a_neighbour (void)
{
  const double       species[] = { 1, 6, 8 };
  g_autofree char   *folder = scratch ();
  g_autoptr (EqsModel) model = open_model ("data/templates/T09-energies-and-forces.equi"), bodies = open_model ("data/templates/T17-charged-bodies.equi");
  g_autoptr (GError) error = NULL;
  g_autofree char   *radius = NULL;
  g_auto (GStrv)     files = NULL, more = NULL;

  radius = g_strdup_printf ("not farther apart than %g (angstrom), both src to dst and dst to src", eqk_program_structure (model->program, 0)->cutoff);
  model->trained = TRUE;
  eqs_map_set (model->run, "species", eqs_value_new_numbers (species, 3));
  files = eqs_export_c (model, folder, NULL, &error);
  g_assert_no_error (error);
  expect_in (folder, "README.md", radius);
  expect_in (folder, "model.h", radius);
  expect_in (folder, "model.json", radius);
  expect_in (folder, "README.md", "Irreps: a vector is (x, y, z), the pole of higher degrees is y");
  expect_in (folder, "README.md", "0 = H (1), 1 = C (6), 2 = O (8)");
  expect_in (folder, "model.h", "0 = H (1), 1 = C (6), 2 = O (8)");
  expect_in (folder, "model.c", "eq_model_kind_names[EQ_MODEL_N_KINDS] = { \"H (1)\", \"C (6)\", \"O (8)\" };");
  more = eqs_export_c (bodies, folder, NULL, &error);
  g_assert_no_error (error);
  expect_in (folder, "README.md", "all ordered pairs of different nodes, that is each pair both ways");
  expect_in (folder, "README.md", "x, y, z of each node in the unit of the data");
  remove_tree (folder);
}

/* On pixels only quarter turns of C8 are exact, and zeros at borders or strides disturb shifts: no file claims more. */
static void
test_promises_no_more (void)
{
  g_autofree char   *folder = scratch (), *text = NULL;
  g_autoptr (EqsModel) model = open_model ("data/templates/T01-turned-digits.equi"), flow = open_model ("data/templates/T24-flow-forecast.equi"), fine = NULL;
  g_autoptr (GError) error = NULL;
  char               words[2048];
  g_auto (GStrv)     files = NULL;

  g_assert_true (eqs_document_set_symmetry (model->document, "C8", -1, NULL, &error));
  fine = eqs_model_new (model->document, &error);
  g_assert_no_error (error);
  files = eqs_export_c (fine, folder, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    expect_in (folder, ((const char *[]) { "README.md", "model.json", "model.c" })[i],
               "C8: exact for no turn; 90 deg; 180 deg; 270 deg, approximate for the others; shifts are not exact");
  text = text_of (folder, "README.md");
  g_assert_null (strstr (text, "C8, translations"));
  g_assert_cmpint (eqk_typed_shifts (flow->typed), ==, EQK_SHIFTS_PIXELS);
  eqk_typed_promise_text (flow->typed, words, sizeof words);
  g_assert_cmpstr (words, ==, "D4: exact for all elements; exact for shifts by whole pixels, which wrap round the borders");
  remove_tree (folder);
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
  if (!SANITIZED)
    {
      g_test_add_data_func ("/export/compare/digits", "T01 mnist_rot", test_compare);
      g_test_add_data_func ("/export/compare/digits-compact", "T01 mnist_rot compact", test_compare);
      g_test_add_data_func ("/export/compare/pixels", "T03 digit_scene", test_compare);
    }
  g_test_add_data_func ("/export/compare/forces", "T09 ethanol_xtb", test_compare);
  g_test_add_data_func ("/export/compare/graphs", "T20 molgraph", test_compare);
  g_test_add_func ("/export/says-what-to-feed", test_says_what_to_feed);
  g_test_add_func ("/export/other-convention", test_other_convention);
  g_test_add_func ("/export/says-who-is-a-neighbour", test_says_who_is_a_neighbour);
  g_test_add_func ("/export/promises-no-more", test_promises_no_more);
  g_test_add_func ("/export/folder-in-the-way", test_folder_in_the_way);
  g_test_add_func ("/export/call-graph", test_call_graph);
  return g_test_run ();
}

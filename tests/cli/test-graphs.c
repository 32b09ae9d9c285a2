/* Sets and graphs from the command line: cross-validation, answers for tables and folders. */

#include "fixture.h"

#include <math.h>
#include <string.h>

static char *folder;

static void
put (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL), *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Rings of three and four nodes, of class 0 and 1, in the TU layout. */
static void
put_rings (void)
{
  g_autoptr (GString) edges = g_string_new (NULL), indicator = g_string_new (NULL), labels = g_string_new (NULL), kinds = g_string_new (NULL);
  guint node = 1;

  for (guint g = 0; g < 24; g++)
    {
      const guint n = 3 + g % 2;

      for (guint i = 0; i < n; i++)
        {
          g_string_append_printf (edges, "%u, %u\n%u, %u\n", node + i, node + (i + 1) % n, node + (i + 1) % n, node + i);
          g_string_append_printf (indicator, "%u\n", g + 1);
          g_string_append_printf (kinds, "%u\n", i == 0);
        }
      g_string_append_printf (labels, "%u\n", g % 2);
      node += n;
    }
  put ("rings/R_A.txt", edges->str);
  put ("rings/R_graph_indicator.txt", indicator->str);
  put ("rings/R_node_labels.txt", kinds->str);
  put ("rings/R_graph_labels.txt", labels->str);
}

static void
test_folds (void)
{
  g_autofree char *design = g_build_filename (folder, "rings.equi", NULL), *data = g_build_filename (folder, "rings", NULL), *run = g_build_filename (folder, "run", NULL);
  g_autofree char *third = g_build_filename (run, "fold-3", "best.safetensors", NULL);
  g_autoptr (EqsValue) json = NULL, answers = NULL;
  EqsValue *runs, *outputs;
  double    sum = 0;

  put_rings ();
  fixture_expect (0, "new", "gin", "--data", data, "-o", design, NULL);
  fixture_refuses (2, "3", "train", design, "--data", data, "--folds", "2", "-o", run, NULL);
  fixture_refuses (2, "--folds", "train", design, "--data", data, "--folds", "3", "--seeds", "1,2", "-o", run, NULL);
  json = fixture_json (0, "train", design, "--data", data, "--folds", "3", "--epochs", "2", "-o", run, NULL);
  runs = eqs_map_get (eqs_value_get_map (json), "runs");
  g_assert_cmpuint (eqs_value_get_length (runs), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      sum += fixture_number (eqs_value_get_item (runs, i), "test.accuracy");
      g_assert_cmpfloat (fixture_number (eqs_value_get_item (runs, i), "fold"), ==, i + 1);
    }
  g_assert_cmpfloat_with_epsilon (fixture_number (json, "test.accuracy"), sum / 3, 1e-12);
  g_assert_cmpfloat (fixture_number (json, "spread.test.accuracy"), >=, 0);

  /* Answers for the folder, of which there is only "train". */
  answers = fixture_json (0, "predict", third, data, NULL);
  outputs = eqs_map_get (eqs_value_get_map (answers), "outputs");
  g_assert_cmpuint (eqs_value_get_length (outputs), >=, 21);
  g_assert_cmpfloat (fixture_number (eqs_value_get_item (outputs, 0), "probability"), >=, 0.5);
  fixture_refuses (3, "nowhere", "predict", third, data, "--split", "nowhere", NULL);
}

static void
test_sets (void)
{
  g_autofree char *design = g_build_filename (folder, "sets.equi", NULL), *table = g_build_filename (folder, "two.csv", NULL);
  g_autoptr (EqsValue) json = NULL;
  EqsValue *outputs;

  put ("two.csv", "set,a,b,c\nx,1,2,3\nx,4,5,6\ny,7,8,9\n");
  fixture_expect (0, "new", "deepsets", "-o", design, NULL);
  json = fixture_json (0, "predict", design, table, NULL);
  outputs = eqs_map_get (eqs_value_get_map (json), "outputs");
  g_assert_cmpuint (eqs_value_get_length (outputs), ==, 2);
  g_assert_true (isfinite (fixture_number (eqs_value_get_item (outputs, 1), "output")));
}

/* Layers behind a pool that keeps nodes read the smaller graph: trained, audited (order decides ties, and it says so), exported; kept nodes with the edges of all are refused. */
static void
test_smaller_graph (void)
{
  static const char text[] =
    "{\"format\":\"equistudio.design\",\"version\":1,\"name\":\"t\",\"symmetry\":{\"group\":\"Sn\"},\"nodes\":["
    "{\"id\":\"graph\",\"layer\":\"input_graph\",\"params\":{\"channels\":2}},{\"id\":\"a\",\"layer\":\"gin\",\"params\":{\"widths\":[8]}},"
    "{\"id\":\"pool\",\"layer\":\"topk_pool\",\"params\":{\"ratio\":0.6}},{\"id\":\"b\",\"layer\":\"gin\",\"params\":{\"widths\":[8]}},"
    "{\"id\":\"all\",\"layer\":\"global_pool\",\"params\":{\"pool\":\"mean\"}},{\"id\":\"class\",\"layer\":\"mlp_head\",\"params\":{\"out\":2}}],\"links\":["
    "{\"from\":\"graph.y\",\"to\":\"a.x\"},{\"from\":\"graph.edges\",\"to\":\"a.edges\"},{\"from\":\"a.y\",\"to\":\"pool.x\"},{\"from\":\"graph.edges\",\"to\":\"pool.edges\"},"
    "{\"from\":\"pool.nodes\",\"to\":\"b.x\"},{\"from\":\"%s.edges\",\"to\":\"b.edges\"},{\"from\":\"b.y\",\"to\":\"all.x\"},{\"from\":\"all.y\",\"to\":\"class.x\"}]}";
  g_autofree char *design = g_build_filename (folder, "small.equi", NULL), *wrong = g_build_filename (folder, "wrong.equi", NULL), *data = g_build_filename (folder, "rings", NULL);
  g_autofree char *run = g_build_filename (folder, "small", NULL), *best = g_build_filename (run, "best.safetensors", NULL), *code = g_build_filename (folder, "small-c", NULL);
  g_autofree char *right = g_strdup_printf (text, "pool"), *mixed = g_strdup_printf (text, "graph"), *out = NULL, *build = NULL;
  g_autoptr (EqsValue) json = NULL;
  g_autoptr (GSubprocess) compiler = NULL;

  put_rings ();
  put ("small.equi", right);
  put ("wrong.equi", mixed);
  g_assert_cmpint (fixture_run (&out, NULL, "check", wrong, NULL), ==, 1);
  g_assert_nonnull (strstr (out, "one per kept node (part 1)"));
  fixture_expect (0, "train", design, "--data", data, "--epochs", "2", "-o", run, NULL);
  json = fixture_json (1, "audit", best, NULL);
  g_assert_cmpstr (eqs_map_get_string (eqs_value_get_map (json), "verdict", NULL), ==, "broken");
  g_assert_cmpstr (eqs_map_get_string (eqs_value_get_map (json), "culprit", NULL), ==, "pool");
  fixture_expect (0, "export", best, "--format", "c", "-o", code, NULL);
  build = g_strdup_printf ("cd '%s' && cc -std=c11 -O1 -Wall -Wextra -Werror selftest.c model.c model_weights.c -lm -o selftest && ./selftest", code);
  compiler = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, "sh", "-c", build, NULL);
  g_assert_true (g_subprocess_wait_check (compiler, NULL, NULL));
}

/* Clouds of points are sets of places, to designs on sets. */
static void
test_clouds (void)
{
  static const char points[] = "\0\0\x08\3\0\0\0\4\0\0\0\2\0\0\0\3" "abcdefghijklmnopqrstuvwx", labels[] = "\0\0\x08\1\0\0\0\4\0\1\2\0";
  g_autofree char *data = g_build_filename (folder, "clouds", NULL), *design = g_build_filename (folder, "clouds.equi", NULL), *run = g_build_filename (folder, "clouds-run", NULL), *out = NULL;
  g_autofree char *p = g_build_filename (data, "train-points.idx", NULL), *l = g_build_filename (data, "train-labels.idx", NULL);

  put ("clouds/classes.txt", "0 cube\n1 ball\n2 rod\n");
  g_assert_true (g_file_set_contents (p, points, sizeof points - 1, NULL));
  g_assert_true (g_file_set_contents (l, labels, sizeof labels - 1, NULL));
  g_assert_cmpint (fixture_run (&out, NULL, "new", "set-transformer", "--data", data, "-o", design, NULL), ==, 0);
  g_assert_nonnull (strstr (out, "takes the places of points as numbers"));
  g_assert_nonnull (strstr (out, "tells 3 classes apart"));
  fixture_expect (0, "train", design, "--data", data, "--epochs", "1", "-o", run, NULL);
}

static void
test_groups (void)
{
  g_autofree char *out = NULL;

  fixture_run (&out, NULL, "groups", NULL);
  g_assert_nonnull (strstr (out, "\nSn "));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = fixture_folder ();
  g_test_add_func ("/cli/graphs/folds", test_folds);
  g_test_add_func ("/cli/graphs/sets", test_sets);
  g_test_add_func ("/cli/graphs/smaller", test_smaller_graph);
  g_test_add_func ("/cli/graphs/clouds", test_clouds);
  g_test_add_func ("/cli/graphs/groups", test_groups);
  status = g_test_run ();
  g_free (folder);
  return status;
}

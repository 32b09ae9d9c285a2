/* Graphs in the TU layout and as tables of nodes and edges: broken files first, then what a good one becomes; the shipped and generated sets. */

#include "data/dataset.h"
#include "data/generate.h"
#include "data/tu.h"
#include "fixture.h"

/* Three graphs: a path of three nodes, a pair, a loner; the second is of the part "test". */
static void
put_good (const char *folder)
{
  put_text (folder, "G_A.txt", "1, 2\n2, 1\n2, 3\n3, 2\n5, 4\n");
  put_text (folder, "G_graph_indicator.txt", "1\n1\n1\n2\n2\n3\n");
  put_text (folder, "G_node_labels.txt", "7\n3\n7\n3\n3\n9\n");
  put_text (folder, "G_node_attributes.txt", "0.5, 1\n1.5, 2\n2.5, 3\n3.5, 4\n4.5, 5\n5.5, 6\n");
  put_text (folder, "G_edge_labels.txt", "0\n0\n2\n2\n0\n");
  put_text (folder, "G_graph_labels.txt", "-1\n1\n-1\n");
  put_text (folder, "G_graph_attributes.txt", "0.25\n0.5\n0.75\n");
  put_text (folder, "G_split.txt", "train\ntest\ntrain\n");
}

static void
refuse (const char *file, const char *text, EqsDataError code, const char *part)
{
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = NULL;

  put_good (folder);
  if (text != NULL)
    put_text (folder, file, text);
  else
    {
      g_autofree char *path = g_build_filename (folder, file, NULL);

      g_remove (path);
    }
  split = eqs_tu_read (folder, "G", "train", &error);
  g_assert_null (split);
  assert_refused (error, code, part);
}

static void
test_broken (void)
{
  refuse ("G_A.txt", NULL, EQS_DATA_ERROR_MISSING, "G_A.txt");
  refuse ("G_graph_indicator.txt", NULL, EQS_DATA_ERROR_MISSING, "graph_indicator");
  refuse ("G_graph_indicator.txt", "", EQS_DATA_ERROR_EMPTY, "graph_indicator");
  refuse ("G_A.txt", "1, 2\n2, x\n", EQS_DATA_ERROR_FORMAT, "line 2");
  refuse ("G_A.txt", "1, 2\n2\n", EQS_DATA_ERROR_FORMAT, "line 2");
  refuse ("G_A.txt", "1, 2, 3\n", EQS_DATA_ERROR_SHAPE, "two numbers");
  refuse ("G_A.txt", "1, 2\n0, 1\n", EQS_DATA_ERROR_FORMAT, "no node 0");
  refuse ("G_A.txt", "1, 2\n1, 7\n", EQS_DATA_ERROR_FORMAT, "no node 7");
  refuse ("G_A.txt", "1, 2\n1, 1.5\n", EQS_DATA_ERROR_FORMAT, "no node 1.5");
  refuse ("G_A.txt", "1, 2\n3, 4\n", EQS_DATA_ERROR_FORMAT, "graph 1 to graph 2");
  refuse ("G_A.txt", "1, nan\n", EQS_DATA_ERROR_FORMAT, "line 1");
  refuse ("G_graph_indicator.txt", "0\n1\n1\n2\n2\n3\n", EQS_DATA_ERROR_FORMAT, "line 1");
  refuse ("G_graph_indicator.txt", "1\n1\n1\n2\n2\n4\n", EQS_DATA_ERROR_FORMAT, "line 6");
  refuse ("G_graph_indicator.txt", "1\n2\n1\n2\n2\n3\n", EQS_DATA_ERROR_FORMAT, "line 3");
  refuse ("G_node_labels.txt", "7\n3\n", EQS_DATA_ERROR_COUNT, "2 lines for 6");
  refuse ("G_edge_labels.txt", "0\n0\n2\n", EQS_DATA_ERROR_COUNT, "3 lines for 5");
  refuse ("G_graph_labels.txt", "1\n1\n1\n1\n", EQS_DATA_ERROR_COUNT, "4 lines for 3");
  refuse ("G_split.txt", "train\n", EQS_DATA_ERROR_COUNT, "1 lines for 3");
  refuse ("G_split.txt", "a\nb\nc\n", EQS_DATA_ERROR_EMPTY, "train");
}

static double
value (EqsSplit *split, const char *name, gsize i)
{
  const EqsColumn *column = eqs_split_find (split, name);

  g_assert_nonnull (column);
  return eqs_array_get_double (column->array, i);
}

static void
test_good (void)
{
  static const double edges[] = { 0, 1, 1, 0, 1, 2, 2, 1 }, first[] = { 0, 1, 0, 0.5, 1 };
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) train = NULL, test = NULL;
  g_auto (GStrv)       parts = NULL;

  put_good (folder);
  train = eqs_tu_read (folder, "G", "train", &error);
  g_assert_no_error (error);
  test = eqs_tu_read (folder, "G", "test", &error);
  g_assert_no_error (error);
  parts = eqs_tu_list_parts (folder, "G", &error);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);

  g_assert_cmpuint (eqs_split_get_n (train), ==, 2);
  g_assert_cmpuint (eqs_split_get_n_nodes (train, 0), ==, 3);
  g_assert_cmpuint (eqs_split_get_n_nodes (train, 1), ==, 1);
  g_assert_cmpuint (eqs_split_get_n_edges (train, 0), ==, 4);
  g_assert_cmpuint (eqs_split_get_n_edges (train, 1), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (edges); i++)
    g_assert_cmpfloat (value (train, "edges", i), ==, edges[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (first); i++)      /* labels 3, 7, 9 one-hot, then attributes */
    g_assert_cmpfloat (value (train, "nodes", i), ==, first[i]);
  g_assert_cmpuint (eqs_split_find (train, "edge_features")->n_values, ==, 2);
  g_assert_cmpuint (eqs_split_find (train, "label")->n_classes, ==, 2);
  g_assert_cmpfloat (value (train, "label", 0), ==, 0);
  g_assert_cmpfloat (value (train, "attributes", 1), ==, 0.75);
  g_assert_cmpfloat (value (test, "edges", 0), ==, 1);  /* 5, 4 of the file */
  g_assert_cmpfloat (value (test, "edges", 1), ==, 0);
  g_assert_cmpfloat (value (test, "label", 0), ==, 1);
  g_assert_cmpuint (eqs_split_find (test, "nodes")->n_values, ==, eqs_split_find (train, "nodes")->n_values);
}

/* The same folder without a dataset.json. */
static void
test_folder (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   test = NULL;
  g_autofree char       *before = NULL, *after = NULL;

  put_good (folder);
  dataset = eqs_dataset_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "graph");
  g_assert_cmpstr (eqs_dataset_get_group (dataset), ==, "Sn");
  test = eqs_dataset_load (dataset, "test", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (test), ==, 1);
  before = eqs_dataset_dup_hash (dataset, &error);
  put_text (folder, "G_edge_labels.txt", "0\n0\n1\n2\n0\n");
  after = eqs_dataset_dup_hash (dataset, &error);
  g_assert_cmpstr (before, !=, after);      /* every file counts, not the one that is named */
}

/* One graph as tables: edges both ways, labels known in their part only. */
static void
test_tables (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL, again = NULL;
  g_autoptr (EqsSplit)   train = NULL, test = NULL, bad = NULL;

  put_text (folder, "edges.csv", "a,b,w\n0,1,0.5\n1,2,2\n");
  put_text (folder, "nodes.csv", "label,use\n1,train\n0,test\n1,test\n");
  put_text (folder, "dataset.json",
            "{\"version\": 1, \"domain\": \"graph\", \"columns\": ["
            "{\"name\": \"edges\", \"role\": \"input\", \"file\": \"edges.csv\", \"per\": \"edge\", \"fields\": [\"a\", \"b\"], \"values\": \"node index\", \"undirected\": true},"
            "{\"name\": \"w\", \"role\": \"input\", \"file\": \"edges.csv\", \"per\": \"edge\", \"undirected\": true},"
            "{\"name\": \"label\", \"role\": \"target\", \"file\": \"nodes.csv\", \"per\": \"node\", \"values\": \"label\", \"n_classes\": 2, \"part_field\": \"use\"}],"
            "\"splits\": [\"train\", \"valid\", \"test\"]}");
  dataset = eqs_dataset_open (folder, &error);
  g_assert_no_error (error);
  train = eqs_dataset_load (dataset, "train", &error);
  g_assert_no_error (error);
  test = eqs_dataset_load (dataset, "test", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (train), ==, 1);
  g_assert_cmpuint (eqs_split_get_n_edges (train, 0), ==, 4);
  g_assert_cmpfloat (value (train, "edges", 4), ==, 1);
  g_assert_cmpfloat (value (train, "edges", 5), ==, 0);
  g_assert_cmpfloat (value (train, "w", 3), ==, 2);
  g_assert_cmpfloat (value (train, "label", 0), ==, 1);
  g_assert_cmpfloat (value (train, "label", 1), ==, -1);
  g_assert_cmpfloat (value (test, "label", 0), ==, -1);
  g_assert_cmpfloat (value (test, "label", 2), ==, 1);

  put_text (folder, "edges.csv", "a,b,w\n0,1,0.5\n2,2,2\n");
  again = eqs_dataset_open (folder, &error);
  bad = eqs_dataset_load (again, "train", &error);
  g_assert_null (bad);
  assert_refused (error, EQS_DATA_ERROR_FORMAT, "row 2");
}

/* Every node has two neighbours, in one ring or in two, as the label says. */
static void
test_rings (void)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = eqs_generate ("wl_pairs", "test", 0, &error), none = NULL;
  const EqsColumn     *edges, *rings;
  gsize                edge = 0;

  g_assert_no_error (error);
  edges = eqs_split_find (split, "edges");
  rings = eqs_split_find (split, "rings");
  for (guint s = 0; s < eqs_split_get_n (split); s++)
    {
      const gsize n = eqs_split_get_n_nodes (split, s), m = eqs_split_get_n_edges (split, s);
      guint       degree[16] = { 0 }, component[16], n_components = 0;

      g_assert_cmpuint (n, <=, 16);
      g_assert_cmpuint (m, ==, 2 * n);
      for (guint i = 0; i < n; i++)
        component[i] = i;
      for (gsize e = edge; e < edge + m; e++)
        {
          const guint a = (guint) eqs_array_get_int (edges->array, 2 * e), b = (guint) eqs_array_get_int (edges->array, 2 * e + 1);

          degree[b]++;
          for (guint i = 0, old = component[a]; i < n; i++)
            component[i] = component[i] == old ? component[b] : component[i];
        }
      for (guint i = 0; i < n; i++)
        {
          g_assert_cmpuint (degree[i], ==, 2);
          n_components += component[i] == i;
        }
      g_assert_cmpint (eqs_array_get_int (rings->array, s), ==, n_components == 2);
      edge += m;
    }
  none = eqs_generate ("wl_pairs", "nowhere", 0, &error);
  g_assert_null (none);
  assert_refused (error, EQS_DATA_ERROR_MISSING, "nowhere");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graphs/broken", test_broken);
  g_test_add_func ("/graphs/good", test_good);
  g_test_add_func ("/graphs/folder", test_folder);
  g_test_add_func ("/graphs/tables", test_tables);
  g_test_add_func ("/graphs/rings", test_rings);
  return g_test_run ();
}

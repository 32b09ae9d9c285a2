/* Answers for sets and graphs in files: what is refused, that offsets cut samples where they say, that the order of rows does not count, and that answers
 * for nodes and edges come in the order of the file. */

#include "services/predict.h"

#include "../data/fixture.h"
#include "../data/npz-maker.h"
#include "model/file.h"

#include <math.h>

#define SET_DESIGN(channels) "{\"format\": \"equistudio.design\", \"version\": 1, \"name\": \"s\", \"symmetry\": {\"group\": \"Sn\"}, \"nodes\": [" \
  "{\"id\": \"in\", \"layer\": \"input_set\", \"params\": {\"channels\": " channels "}}, {\"id\": \"phi\", \"layer\": \"phi\", \"params\": {\"widths\": [5, 4]}}, " \
  "{\"id\": \"pool\", \"layer\": \"rho_pool\"}, {\"id\": \"out\", \"layer\": \"mlp_head\", \"params\": {\"out\": 2, \"gives\": \"numbers\"}}], " \
  "\"links\": [{\"from\": \"in.y\", \"to\": \"phi.x\"}, {\"from\": \"phi.y\", \"to\": \"pool.x\"}, {\"from\": \"pool.y\", \"to\": \"out.x\"}]}"
#define GRAPH_DESIGN(head) "{\"format\": \"equistudio.design\", \"version\": 1, \"name\": \"g\", \"symmetry\": {\"group\": \"Sn\"}, \"nodes\": [" \
  "{\"id\": \"in\", \"layer\": \"input_graph\", \"params\": {\"channels\": 2, \"edge_channels\": 1}}, " \
  "{\"id\": \"m\", \"layer\": \"mpnn\", \"params\": {\"message\": [5], \"widths\": [4]}}, " head

#define NODE_HEAD "{\"id\": \"out\", \"layer\": \"node_head\", \"params\": {\"out\": 2, \"gives\": \"numbers\"}}], " LINKS "]}"
#define EDGE_HEAD "{\"id\": \"out\", \"layer\": \"edge_head\", \"params\": {\"out\": 2, \"gives\": \"numbers\"}}], " LINKS ", {\"from\": \"in.edges\", \"to\": \"out.edges\"}]}"
#define LINKS "\"links\": [{\"from\": \"in.y\", \"to\": \"m.x\"}, {\"from\": \"in.edges\", \"to\": \"m.edges\"}, {\"from\": \"m.y\", \"to\": \"out.x\"}"

typedef struct
{
  GArray *values;      /* of float, of all samples */
  GArray *rows;        /* of gsize, a sample */
} Answers;

static void
take_cb (const EqsPrediction *p, gpointer data)
{
  Answers *answers = data;

  g_array_append_vals (answers->values, p->values, (guint) (p->rows * p->width));
  g_array_append_val (answers->rows, p->rows);
}

static Answers
answers_new (void)
{
  return (Answers) { g_array_new (FALSE, FALSE, sizeof (float)), g_array_new (FALSE, FALSE, sizeof (gsize)) };
}

static void
answers_clear (Answers *self)
{
  g_array_unref (self->values);
  g_array_unref (self->rows);
}

static EqsModel *
model_of (const char *folder, const char *design)
{
  g_autofree char   *path = g_build_filename (folder, "d.equi", NULL);
  g_autoptr (GError) error = NULL;
  EqsModel          *model;

  put_text (folder, "d.equi", design);
  model = eqs_model_open (path, &error);
  g_assert_no_error (error);
  return model;
}

static Answers
ask (EqsModel *model, const char *folder, const char *file)
{
  g_autofree char     *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = eqs_predict_read (model, path, &error);
  Answers              answers = answers_new ();

  g_assert_no_error (error);
  eqs_predict (model, split, 1, take_cb, &answers, &error);
  g_assert_no_error (error);
  return answers;
}

static void
refuse (EqsModel *model, const char *folder, const char *file, const char *part)
{
  g_autofree char     *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = eqs_predict_read (model, path, &error);

  g_assert_null (split);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not say “%s”", error->message, part);
}

static void
assert_near (const Answers *a, const Answers *b)
{
  g_assert_cmpuint (a->values->len, ==, b->values->len);
  for (guint i = 0; i < a->values->len; i++)
    g_assert_cmpfloat_with_epsilon (g_array_index (a->values, float, i), g_array_index (b->values, float, i), 1e-6);
}

static void
test_sets (void)
{
  static const double rows[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, begin[3] = { 0, 2, 5 }, short_of[3] = { 0, 2, 4 };
  g_autoptr (Folder)  folder = make_folder ();
  EqsModel           *model = model_of (folder, SET_DESIGN ("2"));
  NpzMaker            good = npz_begin (), bad = npz_begin ();
  Answers             one, two, swapped, array;

  put_text (folder, "two.csv", "set,p,q\na,1,2\na,3,4\nb,5,6\nb,7,8\nb,9,10\n");
  put_text (folder, "swapped.csv", "p,set,q\n3,a,4\n1,a,2\n9,b,10\n7,b,8\n5,b,6\n");
  put_text (folder, "one.csv", "p,q\n1,2\n3,4\n");
  put_text (folder, "parted.csv", "set,p,q\na,1,2\nb,3,4\na,5,6\n");
  put_text (folder, "narrow.csv", "set,p\na,1\n");
  put_text (folder, "broken.csv", "set,p,q\na,1,x\n");
  npz_add (&good, "elements", 2, (const guint64[]) { 5, 2 }, rows);
  npz_add (&good, "node_offsets", 1, (const guint64[]) { 3 }, begin);
  put_bytes (folder, "two.npz", npz_end (&good));
  npz_add (&bad, "elements", 2, (const guint64[]) { 5, 2 }, rows);
  npz_add (&bad, "node_offsets", 1, (const guint64[]) { 3 }, short_of);
  put_bytes (folder, "short.npz", npz_end (&bad));
  one = ask (model, folder, "one.csv");
  two = ask (model, folder, "two.csv");
  swapped = ask (model, folder, "swapped.csv");
  array = ask (model, folder, "two.npz");
  g_assert_cmpuint (two.rows->len, ==, 2);
  g_assert_cmpuint (two.values->len, ==, 4);
  g_assert_cmpfloat (fabsf (g_array_index (two.values, float, 0) - g_array_index (two.values, float, 2)), >, 1e-3f);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpfloat_with_epsilon (g_array_index (one.values, float, i), g_array_index (two.values, float, i), 1e-6);
  assert_near (&two, &swapped);
  assert_near (&two, &array);
  refuse (model, folder, "parted.csv", "line 4: rows of the sample “a” stand in two places");
  refuse (model, folder, "narrow.csv", "1 numbers beside “set”, the network takes 2");
  refuse (model, folder, "broken.csv", "line 2");
  refuse (model, folder, "short.npz", "“node_offsets”[2] is 4");
  answers_clear (&one);
  answers_clear (&two);
  answers_clear (&swapped);
  answers_clear (&array);
  eqs_model_free (model);
}

static const double nodes[10] = { 1, 2, -1, 0.5, 3, 4, 0.25, -2, 2, 1 }, ends[10] = { 0, 1, 1, 0, 2, 0, 0, 1, 1, 0 }, numbers[5] = { 0.5, 1, 1.5, 2, -1 };
static const double node_begin[3] = { 0, 3, 5 }, edge_begin[3] = { 0, 3, 5 };

/* Graphs of three and two nodes; which: 0 good, 1 in the form of PyTorch Geometric, 2 the edges of a graph in another order, 3.. broken. */
static void
put_graph (const char *folder, const char *file, int which)
{
  static const double transposed[10] = { 0, 1, 2, 0, 1, 1, 0, 0, 1, 0 }, turned[10] = { 2, 0, 0, 1, 1, 0, 1, 0, 0, 1 }, their[5] = { 1.5, 0.5, 1, -1, 2 };
  static const double far[10] = { 0, 1, 1, 0, 2, 0, 0, 1, 1, 2 }, late[3] = { 0, 2, 6 };
  const double       *of = which == 2 ? turned : which == 3 ? far : ends;
  NpzMaker            npz = npz_begin ();

  npz_add (&npz, "nodes", 2, (const guint64[]) { 5, 2 }, nodes);
  npz_add (&npz, "node_offsets", 1, (const guint64[]) { 3 }, node_begin);
  if (which == 1)
    npz_add (&npz, "edge_index", 2, (const guint64[]) { 2, 5 }, transposed);
  else if (which != 4)
    npz_add (&npz, "edges", 2, (const guint64[]) { 5, 2 }, of);
  if (which != 5)
    npz_add (&npz, "edge_features", 2, (const guint64[]) { 5, 1 }, which == 2 ? their : numbers);
  npz_add (&npz, "edge_offsets", 1, (const guint64[]) { 3 }, which == 6 ? late : edge_begin);
  put_bytes (folder, file, npz_end (&npz));
}

static void
test_graphs (void)
{
  g_autoptr (Folder) folder = make_folder ();
  EqsModel          *model = model_of (folder, GRAPH_DESIGN (NODE_HEAD));
  Answers            good, geometric, turned;

  for (int which = 0; which < 7; which++)
    {
      g_autofree char *file = g_strdup_printf ("%d.npz", which);

      put_graph (folder, file, which);
    }
  good = ask (model, folder, "0.npz");
  geometric = ask (model, folder, "1.npz");
  turned = ask (model, folder, "2.npz");
  g_assert_cmpuint (good.rows->len, ==, 2);
  g_assert_cmpuint (g_array_index (good.rows, gsize, 0), ==, 3);
  g_assert_cmpuint (g_array_index (good.rows, gsize, 1), ==, 2);
  assert_near (&good, &geometric);
  assert_near (&good, &turned);
  refuse (model, folder, "3.npz", "ends at 2, which is none of its 2 nodes");
  refuse (model, folder, "4.npz", "“edge_index” [2, edges]");
  refuse (model, folder, "6.npz", "“edge_offsets”[2] is 6");
  put_text (folder, "x.csv", "a,b\n1,2\n");
  refuse (model, folder, "x.csv", "several inputs");
  answers_clear (&good);
  answers_clear (&geometric);
  answers_clear (&turned);
  eqs_model_free (model);
}

/* A run sorts edges by where they lead; the answers come as the edges came. */
static void
test_edges (void)
{
  static const guint from[5] = { 2, 0, 1, 4, 3 };      /* which edge of the first file stands at each place of the second */
  g_autoptr (Folder) folder = make_folder ();
  EqsModel          *model = model_of (folder, GRAPH_DESIGN (EDGE_HEAD));
  Answers            good, turned;

  put_graph (folder, "0.npz", 0);
  put_graph (folder, "2.npz", 2);
  good = ask (model, folder, "0.npz");
  turned = ask (model, folder, "2.npz");
  g_assert_cmpuint (good.values->len, ==, 10);
  g_assert_cmpuint (g_array_index (good.rows, gsize, 0), ==, 3);
  for (guint e = 0; e < 5; e++)
    for (guint k = 0; k < 2; k++)
      g_assert_cmpfloat_with_epsilon (g_array_index (turned.values, float, 2 * e + k), g_array_index (good.values, float, 2 * from[e] + k), 1e-6);
  g_assert_cmpfloat (fabsf (g_array_index (good.values, float, 0) - g_array_index (good.values, float, 4)), >, 1e-4f);
  answers_clear (&good);
  answers_clear (&turned);
  eqs_model_free (model);
}

/* A folder is a data set, of which a part is read. */
static void
test_folder (void)
{
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (GError)   error = NULL, none = NULL;
  g_autoptr (EqsSplit) test = NULL, train = NULL, missing = NULL;
  EqsModel            *model = model_of (folder, GRAPH_DESIGN (NODE_HEAD));
  g_autofree char     *path = g_build_filename (folder, "tu", NULL);

  put_text (folder, "tu/G_A.txt", "1, 2\n2, 1\n3, 3\n");
  put_text (folder, "tu/G_graph_indicator.txt", "1\n1\n2\n");
  put_text (folder, "tu/G_node_attributes.txt", "1, 2\n3, 4\n5, 6\n");
  put_text (folder, "tu/G_edge_attributes.txt", "1\n2\n3\n");
  put_text (folder, "tu/G_graph_labels.txt", "0\n1\n");
  put_text (folder, "tu/G_split.txt", "valid\ntest\n");
  test = eqs_predict_read (model, path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n_nodes (test, 0), ==, 1);
  train = eqs_predict_read_part (model, path, "valid", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n_nodes (train, 0), ==, 2);
  missing = eqs_predict_read_part (model, path, "nowhere", &none);
  g_assert_null (missing);
  assert_refused (none, EQS_DATA_ERROR_MISSING, "nowhere");
  eqs_model_free (model);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/predict/sets", test_sets);
  g_test_add_func ("/predict/graphs", test_graphs);
  g_test_add_func ("/predict/edges", test_edges);
  g_test_add_func ("/predict/folder", test_folder);
  return g_test_run ();
}

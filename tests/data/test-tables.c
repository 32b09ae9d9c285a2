/* Tables of nodes, edges and sets, and arrays whose rows are of many samples: broken files first, then what good ones become. */

#include "data/dataset.h"
#include "fixture.h"
#include "npz-maker.h"

#define COLUMN(name, role, file, rest) "{\"name\": \"" name "\", \"role\": \"" role "\", \"file\": \"" file "\", " rest "}"
#define SETS "{\"version\": 1, \"domain\": \"set\", \"columns\": [" \
  COLUMN ("elements", "input", "s.csv", "\"per\": \"node\", \"fields\": [\"p\", \"q\"], \"sample_field\": \"who\", \"part_field\": \"split\"") ", " \
  COLUMN ("label", "target", "s.csv", "\"values\": \"label\", \"n_classes\": 2, \"sample_field\": \"who\", \"part_field\": \"split\"") "], \"splits\": [\"train\", \"valid\", \"test\"]}"
#define GRAPHS "{\"version\": 1, \"domain\": \"graph\", \"columns\": [" \
  COLUMN ("nodes", "input", "n.csv", "\"per\": \"node\", \"fields\": [\"x\"], \"sample_field\": \"g\"") ", " \
  COLUMN ("edges", "input", "e.csv", "\"per\": \"edge\", \"fields\": [\"a\", \"b\"], \"values\": \"node index\", \"undirected\": true, \"sample_field\": \"g\"") ", " \
  COLUMN ("w", "input", "e.csv", "\"per\": \"edge\", \"undirected\": true, \"sample_field\": \"g\"") "], \"splits\": [\"test\"]}"
#define RAGGED "{\"version\": 1, \"domain\": \"set\", \"columns\": [" \
  COLUMN ("elements", "input", "{split}.npz", "\"per\": \"node\", \"offsets\": \"begin\"") ", " COLUMN ("y", "target", "{split}.npz", "\"per\": \"sample\"") "], \"splits\": [\"test\"]}"

static const char good_sets[] = "who,label,split,p,q\nann,1,train,1,2\nann,1,train,3,4\nbob,0,test,5,6\ncid,0,train,7,8\n";
static const char good_nodes[] = "g,x\n1,10\n1,11\n1,12\n2,20\n3,30\n3,31\n", good_edges[] = "g,a,b,w\n1,0,1,0.5\n1,2,1,1.5\n3,1,0,2.5\n";

static double
value (EqsSplit *split, const char *name, gsize i)
{
  const EqsColumn *column = eqs_split_find (split, name);

  g_assert_nonnull (column);
  return eqs_array_get_double (column->array, i);
}

static EqsSplit *
load (const char *folder, const char *part, GError **error)
{
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (folder, error);

  return dataset == NULL ? NULL : eqs_dataset_load (dataset, part, error);
}

/* ---- sets ---- */

static void
refuse_set (const char *text, EqsDataError code, const char *part)
{
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = NULL;

  put_text (folder, "dataset.json", SETS);
  put_text (folder, "s.csv", text);
  split = load (folder, "train", &error);
  g_assert_null (split);
  assert_refused (error, code, part);
}

static void
test_broken_sets (void)
{
  refuse_set ("who,label,split,p\nann,1,train,1\n", EQS_DATA_ERROR_MISSING, "q");
  refuse_set ("label,split,p,q\n1,train,1,2\n", EQS_DATA_ERROR_MISSING, "who");
  refuse_set ("who,label,split,p,q\nann,1,train,1,x\n", EQS_DATA_ERROR_FORMAT, "line 2");
  refuse_set ("who,label,split,p,q\nann,1,train,1,nan\n", EQS_DATA_ERROR_NAN, "line 2");
  refuse_set ("who,label,split,p,q\nann,1,train,1,2\nbob,0,train,3,4\nann,1,train,5,6\n", EQS_DATA_ERROR_FORMAT, "line 4: rows of the sample “ann” stand in two places");
  refuse_set ("who,label,split,p,q\nann,1,train,1,2\nann,0,train,3,4\n", EQS_DATA_ERROR_FORMAT, "line 3: “label” is not what it is in the other rows");
  refuse_set ("who,label,split,p,q\nann,1,test,1,2\n", EQS_DATA_ERROR_EMPTY, "");
  refuse_set ("who,label,split,p,q\nann,2,train,1,2\nbob,0,train,1,2\n", EQS_DATA_ERROR_LABEL, "label");
}

static void
test_sets (void)
{
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) train = NULL, test = NULL;

  put_text (folder, "dataset.json", SETS);
  put_text (folder, "s.csv", good_sets);
  train = load (folder, "train", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (train), ==, 2);
  g_assert_cmpuint (eqs_split_get_n_nodes (train, 0), ==, 2);
  g_assert_cmpuint (eqs_split_get_n_nodes (train, 1), ==, 1);
  g_assert_cmpfloat (value (train, "elements", 3), ==, 4);
  g_assert_cmpfloat (value (train, "elements", 4), ==, 7);
  g_assert_cmpfloat (value (train, "label", 0), ==, 1);
  g_assert_cmpfloat (value (train, "label", 1), ==, 0);
  test = load (folder, "test", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (test), ==, 1);
  g_assert_cmpfloat (value (test, "elements", 0), ==, 5);
}

/* The same by the name of the file alone. */
static void
test_sets_by_name (void)
{
  g_autoptr (Folder)     folder = make_folder (), empty = make_folder ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   train = NULL, none = NULL;

  put_text (folder, "sets.csv", "set,label,split,f1,f2\nA,1,train,1,2\nA,1,train,3,4\nB,0,valid,5,6\n");
  dataset = eqs_dataset_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "set");
  g_assert_cmpstr (eqs_dataset_get_task (dataset), ==, "classification");
  train = eqs_dataset_load (dataset, "train", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n_nodes (train, 0), ==, 2);
  g_assert_cmpuint (eqs_split_find (train, "elements")->n_values, ==, 2);
  put_text (empty, "sets.csv", "set,label\nA,1\n");
  none = load (empty, "train", &error);
  g_assert_null (none);
  assert_refused (error, EQS_DATA_ERROR_MISSING, "no column of numbers");
}

/* Other names of the column of sets, and a table without one. */
static void
test_names_of_sets (void)
{
  static const char *const names[] = { "set", "sample", "bag", "heap" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (Folder)   folder = make_folder ();
      g_autoptr (GError)   error = NULL;
      g_autoptr (EqsSplit) train = NULL;
      g_autofree char     *text = g_strdup_printf ("%s,label,split,f1,f2\nA,1,train,1,2\nA,1,train,3,4\nB,0,valid,5,6\n", names[i]);

      put_text (folder, "sets.csv", text);
      train = load (folder, "train", &error);
      if (i + 1 == G_N_ELEMENTS (names))
        {
          assert_refused (error, EQS_DATA_ERROR_MISSING, "“set”, “sample” or “bag”");
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (eqs_split_get_n_nodes (train, 0), ==, 2);
      g_assert_cmpuint (eqs_split_find (train, "elements")->n_values, ==, 2);
    }
}

/* What is the same in all rows of each set would give the answer away as a number of its elements: it is what is to be told, or left out. */
static void
test_of_sets (void)
{
  g_autoptr (Folder)     folder = make_folder (), named = make_folder (), lone = make_folder ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   train = NULL, other = NULL, single = NULL;

  put_text (folder, "sets.csv", "sample,a,total,b\nA,1,4,2\nA,3,4,7\nB,5,5,6\n");
  dataset = eqs_dataset_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eqs_dataset_get_task (dataset), ==, "regression");
  train = eqs_dataset_load (dataset, "train", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_find (train, "elements")->n_values, ==, 2);
  g_assert_cmpint (eqs_split_find (train, "total")->role, ==, EQS_ROLE_TARGET);
  put_text (named, "sets.csv", "set,a,total,label\nA,1,4,0\nA,3,4,0\nB,5,5,1\nC,5,5,1\n");
  other = load (named, "train", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_find (other, "elements")->n_values, ==, 1);
  g_assert_cmpint (eqs_split_find (other, "label")->role, ==, EQS_ROLE_TARGET);
  /* One row each: nothing can be seen of sets. */
  put_text (lone, "sets.csv", "set,a,label\nA,1,0\nB,3,1\nC,5,1\n");
  single = load (lone, "train", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_find (single, "elements")->n_values, ==, 1);
}

/* A column “y” is what is to be told, or beside “x” a coordinate: where it differs within a set, or where another title names what is to be told of nodes. */
static void
test_y (void)
{
  static const struct { const char *file, *text, *target, *features; guint n; } cases[] = {
    { "sets.csv", "set,x,y,spread\nA,1,4,2\nA,3,5,2\nB,5,5,6\nB,5,1,6\n", "spread", "elements", 2 },
    { "sets.csv", "set,x,y\nA,1,4\nA,3,4\nB,5,5\nB,5,5\n", "y", "elements", 1 },
    { "nodes.csv", "x,y,label,split\n1,2,a,train\n3,4,b,valid\n5,6,a,test\n", "label", "nodes", 2 },
    { "nodes.csv", "x,y,split\n1,2,train\n3,4,valid\n5,6,test\n", "y", "nodes", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Folder)   folder = make_folder ();
      g_autoptr (GError)   error = NULL;
      g_autoptr (EqsSplit) train = NULL;

      put_text (folder, cases[i].file, cases[i].text);
      if (cases[i].file[0] == 'n')
        put_text (folder, "edges.csv", "from,to\n0,1\n1,2\n");
      train = load (folder, "train", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (eqs_split_find (train, cases[i].features)->n_values, ==, cases[i].n);
      g_assert_nonnull (eqs_split_find (train, cases[i].target));
      g_assert_cmpint (eqs_split_find (train, cases[i].target)->role, ==, EQS_ROLE_TARGET);
    }
}

/* A column that only numbers the nodes is no feature; without parts it is said how to make them. */
static void
test_nodes_by_name (void)
{
  g_autoptr (Folder)   folder = make_folder (), whole = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) train = NULL, none = NULL;

  put_text (folder, "edges.csv", "src,dst\n0,1\n1,2\n");
  put_text (folder, "nodes.csv", "id,x,index,label,split\n0,5,3,a,train\n1,6,1,b,valid\n2,7,2,a,test\n");
  train = load (folder, "train", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_find (train, "nodes")->n_values, ==, 2);      /* “index” is not the number of its row */
  put_text (whole, "edges.csv", "src,dst\n0,1\n1,2\n");
  put_text (whole, "nodes.csv", "id,x,label\n0,5,a\n1,6,b\n2,7,a\n");
  none = load (whole, "train", &error);
  g_assert_null (none);
  assert_refused (error, EQS_DATA_ERROR_EMPTY, "column “split”");
}

/* ---- points ---- */

#define POINTS "cloud,split,x,y,z,mass,charge,shape\n" \
  "a,train,0,0,0,5,1,rod\na,train,0,0,1,5,2,rod\nb,train,1,0,0,7,1,ball\nb,train,0,1,0,7,1,ball\nb,train,0,0,1,7,3,ball\nc,train,0,0,2,5,1,rod\nd,valid,0,0,2,5,1,rod\n"

static void
test_points (void)
{
  g_autoptr (Folder)     folder = make_folder (), parts = make_folder (), lone = make_folder ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   train = NULL, test = NULL, none = NULL;

  put_text (lone, "scan.csv", "x,y,z,energy\n0,0,1,5\n1,0,0,6\n");      /* “y” was taken for what is to be told */
  none = load (lone, "train", &error);
  g_assert_null (none);
  assert_refused (error, EQS_DATA_ERROR_MISSING, "no column says which rows belong together");
  g_clear_error (&error);
  put_text (folder, "points.csv", POINTS);
  dataset = eqs_dataset_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "points");
  g_assert_cmpstr (eqs_dataset_get_task (dataset), ==, "classification");
  train = eqs_dataset_load (dataset, "train", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (train), ==, 3);
  g_assert_cmpuint (eqs_split_get_n_nodes (train, 1), ==, 3);
  g_assert_cmpfloat (value (train, "positions", 5), ==, 1);
  g_assert_cmpint (eqs_split_find (train, "positions")->values, ==, EQS_VALUES_POSITION);
  g_assert_cmpstr (eqs_split_find (train, "shape")->class_names[0], ==, "ball");
  g_assert_cmpfloat (value (train, "shape", 0), ==, 1);
  g_assert_cmpfloat (value (train, "shape", 1), ==, 0);
  g_assert_cmpint (eqs_split_find (train, "shape")->role, ==, EQS_ROLE_TARGET);
  g_assert_cmpint (eqs_split_find (train, "mass")->role, ==, EQS_ROLE_EXTRA);
  g_assert_cmpint (eqs_split_find (train, "mass")->kind, ==, EQS_COLUMN_FIXED);
  g_assert_cmpint (eqs_split_find (train, "charge")->kind, ==, EQS_COLUMN_PER_NODE);
  /* Files for parts; a column with a target's name goes before words. */
  put_text (parts, "train.csv", "sample,X,Y,Z,colour,label\n1,0,0,0,red,0\n2,0,0,1,blue,1\n");
  put_text (parts, "valid.csv", "sample,X,Y,Z,colour,label\n1,0,0,0,red,0\n");
  put_text (parts, "test.csv", "sample,X,Y,Z,colour,label\n9,0,5,0,blue,1\n");
  test = load (parts, "test", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (test), ==, 1);
  g_assert_cmpfloat (value (test, "positions", 1), ==, 5);
  g_assert_cmpint (eqs_split_find (test, "label")->role, ==, EQS_ROLE_TARGET);
  g_assert_cmpint (eqs_split_find (test, "colour")->role, ==, EQS_ROLE_EXTRA);
  g_assert_cmpfloat (value (test, "colour", 0), ==, 0);
  put_text (parts, "test.csv", "sample,X,Y,Z,colour,label\n9,0,5,0,green,1\n");
  g_clear_pointer (&test, eqs_split_unref);
  test = load (parts, "test", &error);
  g_assert_null (test);
  assert_refused (error, EQS_DATA_ERROR_FORMAT, "green");
}

/* Classes in words, in any table. */
static void
test_words_as_classes (void)
{
  g_autoptr (Folder)   folder = make_folder (), sets = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) flat = NULL, ragged = NULL;

  put_text (folder, "train.csv", "a,b,class\n1,2,yes\n3,4,no\n");
  put_text (folder, "valid.csv", "a,b,class\n1,2,yes\n");
  flat = load (folder, "train", &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (value (flat, "class", 0), ==, 1);
  g_assert_cmpstr (eqs_split_find (flat, "class")->class_names[0], ==, "no");
  put_text (sets, "sets.csv", "set,split,label,f1\nA,train,yes,1\nA,train,yes,3\nB,valid,no,5\n");
  ragged = load (sets, "train", &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (value (ragged, "label", 0), ==, 1);
}

/* ---- graphs ---- */

static void
refuse_graph (const char *nodes, const char *edges, EqsDataError code, const char *part)
{
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = NULL;

  put_text (folder, "dataset.json", GRAPHS);
  put_text (folder, "n.csv", nodes);
  put_text (folder, "e.csv", edges);
  split = load (folder, "test", &error);
  g_assert_null (split);
  assert_refused (error, code, part);
}

static void
test_broken_graphs (void)
{
  refuse_graph (good_nodes, "g,a,b,w\n1,0,1,0.5\n9,1,0,1\n", EQS_DATA_ERROR_FORMAT, "line 3: there is no sample “9” with nodes");
  refuse_graph (good_nodes, "g,a,b,w\n3,0,1,0.5\n1,1,0,1\n", EQS_DATA_ERROR_FORMAT, "line 3: the sample “1” does not stand in the order");
  refuse_graph (good_nodes, "g,a,b,w\n1,0,1,0.5\n3,1,0,1\n1,1,2,1\n", EQS_DATA_ERROR_FORMAT, "line 4: rows of the sample “1” stand in two places");
  refuse_graph (good_nodes, "g,a,b,w\n1,0,3,0.5\n", EQS_DATA_ERROR_FORMAT, "3");
  refuse_graph (good_nodes, "g,a,b,w\n2,0,0,0.5\n", EQS_DATA_ERROR_FORMAT, "from a node to itself");
  refuse_graph (good_nodes, "g,a,b,w\n1,0,0.5,0.5\n", EQS_DATA_ERROR_FORMAT, "0.5");
  refuse_graph (good_nodes, "g,a,b,w\n1,0,-1,0.5\n", EQS_DATA_ERROR_FORMAT, "-1");
  refuse_graph (good_nodes, "g,a,b,w\n1,0,1\n", EQS_DATA_ERROR_FORMAT, "line 2");
}

/* Edges of each graph, then the same the other way; the second has none. */
static void
test_graphs (void)
{
  static const double  ends[] = { 0, 1, 2, 1, 1, 0, 1, 2, 1, 0, 0, 1 }, weights[] = { 0.5, 1.5, 0.5, 1.5, 2.5, 2.5 };
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = NULL;

  put_text (folder, "dataset.json", GRAPHS);
  put_text (folder, "n.csv", good_nodes);
  put_text (folder, "e.csv", good_edges);
  split = load (folder, "test", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (split), ==, 3);
  g_assert_cmpuint (eqs_split_get_n_nodes (split, 2), ==, 2);
  g_assert_cmpuint (eqs_split_get_n_edges (split, 0), ==, 4);
  g_assert_cmpuint (eqs_split_get_n_edges (split, 1), ==, 0);
  g_assert_cmpuint (eqs_split_get_n_edges (split, 2), ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    g_assert_cmpfloat (value (split, "edges", i), ==, ends[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
    g_assert_cmpfloat (value (split, "w", i), ==, weights[i]);
}

static void
refuse_named (const char *nodes, const char *edges, EqsDataError code, const char *part)
{
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = NULL;

  put_text (folder, "nodes.csv", nodes);
  put_text (folder, "edges.csv", edges);
  split = load (folder, "train", &error);
  g_assert_null (split);
  assert_refused (error, code, part);
}

/* nodes.csv and edges.csv without a description: lists of words, parts, direction by the titles. */
static void
test_graph_by_names (void)
{
  static const char      nodes[] = "node,label,split,words\n0,1,train,0 3\n1,0,val,2\n2,-1,heldout,\n";
  g_autoptr (Folder)     folder = make_folder (), directed = make_folder ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   train = NULL, valid = NULL, arrows = NULL;

  put_text (folder, "nodes.csv", nodes);
  put_text (folder, "edges.csv", "a,b\n0,1\n1,2\n");
  dataset = eqs_dataset_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "graph");
  g_assert_cmpstr (eqs_dataset_get_task (dataset), ==, "node");
  g_assert_false (eqs_dataset_has_split (dataset, "heldout"));
  train = eqs_dataset_load (dataset, "train", &error);
  g_assert_no_error (error);
  valid = eqs_dataset_load (dataset, "valid", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_find (train, "nodes")->n_values, ==, 4);
  for (gsize i = 0; i < 12; i++)
    g_assert_cmpfloat (value (train, "nodes", i), ==, i == 0 || i == 3 || i == 6);
  g_assert_cmpfloat (value (train, "label", 0), ==, 1);
  g_assert_cmpfloat (value (train, "label", 1), ==, -1);
  g_assert_cmpfloat (value (valid, "label", 1), ==, 0);
  g_assert_cmpuint (eqs_split_get_n_edges (train, 0), ==, 4);

  put_text (directed, "nodes.csv", "label,split,x\n0,test,1\n1,test,2\n");
  put_text (directed, "edges.csv", "source,target,w\n0,1,7\n");
  arrows = load (directed, "test", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n_edges (arrows, 0), ==, 1);
  g_assert_cmpfloat (value (arrows, "edge_features", 0), ==, 7);

  refuse_named ("node,label,words\n0,1,2\n2,0,1\n", "a,b\n0,1\n", EQS_DATA_ERROR_FORMAT, "line 3: node 1 stands here as 2");
  refuse_named ("node,label,words\n0,1,2 x\n", "a,b\n0,0\n", EQS_DATA_ERROR_FORMAT, "line 2: this is no list of numbers");
  refuse_named ("node,label,words\n0,1,1000000\n", "a,b\n0,0\n", EQS_DATA_ERROR_FORMAT, "999999");
  refuse_named ("node,label,x\n0,1,2\n", "a\n0\n", EQS_DATA_ERROR_SHAPE, "two columns");
  refuse_named ("node,label,x\n0,1,2\n", "a,b\n0,1\n", EQS_DATA_ERROR_FORMAT, "1");
}

/* ---- arrays of all samples ---- */

/* Five rows of two numbers, targets of three samples, and these offsets. */
static void
put_ragged (const char *folder, const double *begin, guint64 n)
{
  static const double rows[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, y[3] = { 1, 2, 3 };
  NpzMaker            npz = npz_begin ();

  npz_add (&npz, "elements", 2, (const guint64[]) { 5, 2 }, rows);
  npz_add (&npz, "y", 1, (const guint64[]) { 3 }, y);
  npz_add (&npz, "begin", 1, &n, begin);
  put_text (folder, "dataset.json", RAGGED);
  put_bytes (folder, "test.npz", npz_end (&npz));
}

static void
test_offsets (void)
{
  static const struct { double begin[4]; guint64 n; EqsDataError code; const char *part; } bad[] = {
    { { 0, 2, 1, 5 }, 4, EQS_DATA_ERROR_FORMAT, "“begin”[2] is 1" },
    { { 0, 2, 2.5, 5 }, 4, EQS_DATA_ERROR_FORMAT, "[2] is 2.5" },
    { { 1, 2, 3, 5 }, 4, EQS_DATA_ERROR_FORMAT, "[0] is 1" },
    { { 0, 2, 3, 4 }, 4, EQS_DATA_ERROR_FORMAT, "[3] is 4" },
    { { 0, 2, 3, 6 }, 4, EQS_DATA_ERROR_FORMAT, "[3] is 6" },
    { { 0, 2, 0.0 / 0.0, 5 }, 4, EQS_DATA_ERROR_FORMAT, "[2] is" },
    { { 0, 5 }, 2, EQS_DATA_ERROR_COUNT, "" },
    { { 5 }, 1, EQS_DATA_ERROR_FORMAT, "[0] is 5" },
  };
  static const double  good[4] = { 0, 2, 3, 5 };
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError)   cause = NULL;
      g_autoptr (EqsSplit) none = NULL;

      put_ragged (folder, bad[i].begin, bad[i].n);
      none = load (folder, "test", &cause);
      g_assert_null (none);
      assert_refused (cause, bad[i].code, bad[i].part);
    }
  put_ragged (folder, good, 4);
  split = load (folder, "test", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (split), ==, 3);
  g_assert_cmpuint (eqs_split_get_n_nodes (split, 0), ==, 2);
  g_assert_cmpuint (eqs_split_get_n_nodes (split, 1), ==, 1);
  g_assert_cmpfloat (value (split, "elements", 4), ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tables/sets/broken", test_broken_sets);
  g_test_add_func ("/tables/sets/good", test_sets);
  g_test_add_func ("/tables/y", test_y);
  g_test_add_func ("/tables/sets/by-name", test_sets_by_name);
  g_test_add_func ("/tables/sets/names", test_names_of_sets);
  g_test_add_func ("/tables/sets/of-sets", test_of_sets);
  g_test_add_func ("/tables/nodes/by-name", test_nodes_by_name);
  g_test_add_func ("/tables/points", test_points);
  g_test_add_func ("/tables/words-as-classes", test_words_as_classes);
  g_test_add_func ("/tables/graphs/broken", test_broken_graphs);
  g_test_add_func ("/tables/graphs/good", test_graphs);
  g_test_add_func ("/tables/graphs/by-names", test_graph_by_names);
  g_test_add_func ("/tables/offsets", test_offsets);
  return g_test_run ();
}

/* Cross-validation: every sample of every part is tested once, trains in all folds but two, and each piece has its share of each class. */

#include "data/folds.h"
#include "fixture.h"

/* Three graphs of class 0 and nine of class 1, in two parts; the one number of a node tells which graph it is of. */
static void
put_graphs (const char *folder)
{
  g_autoptr (GString) indicator = g_string_new (NULL), attributes = g_string_new (NULL), labels = g_string_new (NULL), parts = g_string_new (NULL), edges = g_string_new (NULL);
  guint node = 0;

  for (guint g = 0; g < 12; g++)
    {
      for (guint i = 0; i <= g % 3; i++, node++)
        {
          g_string_append_printf (indicator, "%u\n", g + 1);
          g_string_append_printf (attributes, "%u.5\n", g);
          g_string_append_printf (edges, "%u, %u\n", node + 1, node + 1);
        }
      g_string_append_printf (labels, "%d\n", g >= 3);
      g_string_append (parts, g % 4 == 0 ? "test\n" : g % 4 == 1 ? "valid\n" : "train\n");
    }
  put_text (folder, "G_A.txt", edges->str);
  put_text (folder, "G_graph_indicator.txt", indicator->str);
  put_text (folder, "G_node_attributes.txt", attributes->str);
  put_text (folder, "G_graph_labels.txt", labels->str);
  put_text (folder, "G_split.txt", parts->str);
}

/* Which graphs are in a piece, as bits; and how many are of class 0. */
static guint
graphs_of (EqsDataset *dataset, guint fold, guint folds, EqsFoldPart part, guint64 seed, guint *zeros)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = eqs_fold_load (dataset, fold, folds, part, seed, &error);
  const EqsColumn     *nodes, *label;
  guint                bits = 0;

  g_assert_no_error (error);
  nodes = eqs_split_find (split, "nodes");
  label = eqs_split_find (split, "label");
  *zeros = 0;
  for (guint s = 0; s < eqs_split_get_n (split); s++)
    {
      const gsize count = eqs_split_count (split, nodes, &s, 1);
      float       of[3], class;
      guint       g;

      g_assert_cmpuint (count, <=, 3);
      eqs_split_copy (split, nodes, &s, 1, of);
      eqs_split_copy (split, label, &s, 1, &class);
      g = (guint) of[0];
      for (gsize i = 0; i < count; i++)
        g_assert_cmpfloat (of[i], ==, (float) g + 0.5f);
      g_assert_cmpuint (count, ==, g % 3 + 1);      /* a graph keeps its nodes */
      g_assert_cmpuint (eqs_split_get_n_edges (split, s), ==, count);
      g_assert_cmpfloat (class, ==, g >= 3);
      g_assert_cmpuint (bits & 1u << g, ==, 0);
      bits |= 1u << g;
      *zeros += g < 3;
    }
  return bits;
}

static void
test_pieces (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  guint                  tested = 0, zeros, other = 0;

  put_graphs (folder);
  dataset = eqs_dataset_open (folder, &error);
  g_assert_no_error (error);
  for (guint fold = 0; fold < 3; fold++)
    {
      const guint test = graphs_of (dataset, fold, 3, EQS_FOLD_TEST, 0, &zeros);
      guint       valid, train;

      g_assert_cmpuint (zeros, ==, 1);      /* of three */
      valid = graphs_of (dataset, fold, 3, EQS_FOLD_VALID, 0, &zeros);
      train = graphs_of (dataset, fold, 3, EQS_FOLD_TRAIN, 0, &zeros);
      g_assert_cmpuint (tested & test, ==, 0);
      g_assert_cmpuint (test & valid, ==, 0);
      g_assert_cmpuint ((test | valid) & train, ==, 0);
      g_assert_cmpuint (test | valid | train, ==, 0xfff);
      g_assert_cmpuint (valid, ==, graphs_of (dataset, (fold + 1) % 3, 3, EQS_FOLD_TEST, 0, &zeros));
      tested |= test;
      other |= graphs_of (dataset, fold, 3, EQS_FOLD_TEST, 1, &zeros) != test;
    }
  g_assert_cmpuint (tested, ==, 0xfff);
  g_assert_cmpuint (other, ==, 1);      /* another seed cuts otherwise */
}

static void
test_too_many (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   none = NULL;

  put_graphs (folder);
  dataset = eqs_dataset_open (folder, &error);
  none = eqs_fold_load (dataset, 0, 13, EQS_FOLD_TEST, 0, &error);
  g_assert_null (none);
  assert_refused (error, EQS_DATA_ERROR_EMPTY, "12 samples");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/folds/pieces", test_pieces);
  g_test_add_func ("/folds/too-many", test_too_many);
  return g_test_run ();
}

/* The survey of a folder with known contents: sizes, classes, and the samples that were put into two parts. */

#include "studio/survey.h"

#include <glib/gstdio.h>
#include <string.h>

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_leaks (void)
{
  g_autofree char *folder = g_dir_make_tmp ("equi-survey-XXXXXX", NULL);
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSurvey)  survey = NULL;

  /* Row 1 of train stands in test as row 2; row 3 of train equals its row 0. */
  write_file (folder, "train.csv", "a,b,label\n1,2,0\n3,4,1\n5,6,1\n1,2,0\n");
  write_file (folder, "valid.csv", "a,b,label\n7,8,0\n");
  write_file (folder, "test.csv", "a,b,label\n9,9,1\n8,8,0\n3,4,1\n");
  dataset = eqs_dataset_open (folder, &error);
  g_assert_no_error (error);
  survey = eqs_survey_new (dataset, NULL);
  g_assert_cmpuint (survey->n_parts, ==, 3);
  g_assert_cmpuint (survey->parts[0].n, ==, 4);
  g_assert_cmpuint (survey->n_classes, ==, 2);
  g_assert_cmpuint (survey->parts[0].counts[1], ==, 2);
  g_assert_cmpuint (survey->n_leaks, ==, 1);
  g_assert_cmpstr (survey->parts[survey->leaks[0].part].name, ==, "train");
  g_assert_cmpuint (survey->leaks[0].row, ==, 1);
  g_assert_cmpuint (survey->leaks[0].other_row, ==, 2);
  g_assert_cmpuint (survey->n_twice, ==, 1);
}

static void
test_cancelled (void)
{
  g_autoptr (EqsDataset)   dataset = eqs_dataset_open ("digits8", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  g_assert_null (eqs_survey_new (dataset, cancellable));
}

static void
test_shipped (void)
{
  g_autoptr (EqsDataset) dataset = eqs_dataset_open ("mnist_rot", NULL);
  g_autoptr (EqsSurvey)  survey = eqs_survey_new (dataset, NULL);

  g_assert_cmpuint (survey->n_leaks, ==, 0);
  g_assert_cmpuint (survey->n_classes, ==, 10);
}

/* One graph in all parts: its training knows two nodes, which validation asks for again; the test asks for the others. */
static void
test_nodes (void)
{
  g_autoptr (EqsDataset) dataset = eqs_dataset_open ("karate", NULL);
  g_autoptr (EqsSurvey)  survey = eqs_survey_new (dataset, NULL);

  g_assert_cmpuint (survey->n_parts, ==, 3);
  g_assert_cmpuint (survey->n_leaks, ==, 1);
  g_assert_cmpstr (survey->parts[survey->leaks[0].part].name, ==, "train");
  g_assert_cmpstr (survey->parts[survey->leaks[0].other].name, ==, "valid");
  g_assert_cmpuint (survey->parts[0].n, ==, 1);
  g_assert_cmpuint (survey->parts[0].n_told, ==, 2);
  g_assert_cmpuint (survey->parts[2].n_told, ==, 32);
  g_assert_cmpint (survey->edges, ==, EQS_SURVEY_EDGES_BOTH_WAYS);
}

/* The titles of the two columns say whether a row is an edge for both directions. */
static void
test_one_way (void)
{
  static const struct { const char *titles; EqsSurveyEdges edges; } cases[] = {
    { "source,target", EQS_SURVEY_EDGES_ONE_WAY }, { "from,to", EQS_SURVEY_EDGES_ONE_WAY }, { "a,b", EQS_SURVEY_EDGES_BOTH_WAYS }
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folder = g_dir_make_tmp ("equi-survey-XXXXXX", NULL), *text = g_strdup_printf ("%s\n0,1\n1,2\n", cases[i].titles);
      g_autoptr (GError)     error = NULL;
      g_autoptr (EqsDataset) dataset = NULL;
      g_autoptr (EqsSurvey)  survey = NULL;

      write_file (folder, "nodes.csv", "label,x,split\na,1,train\nb,2,train\nb,2,valid\na,3,test\n");
      write_file (folder, "edges.csv", text);
      dataset = eqs_dataset_open (folder, &error);
      g_assert_no_error (error);
      survey = eqs_survey_new (dataset, NULL);
      g_assert_cmpint (survey->edges, ==, cases[i].edges);
      g_assert_cmpuint (survey->parts[0].n_told, ==, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey/leaks", test_leaks);
  g_test_add_func ("/survey/nodes", test_nodes);
  g_test_add_func ("/survey/one-way", test_one_way);
  g_test_add_func ("/survey/cancelled", test_cancelled);
  g_test_add_func ("/survey/shipped", test_shipped);
  return g_test_run ();
}

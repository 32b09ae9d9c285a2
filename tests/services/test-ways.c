/* One plan in three ways: what each trains, what its symmetry error says, and which designs have no such way. */

#include "model/compile.h"
#include "model/file.h"
#include "services/bind.h"
#include "services/checkpoint.h"
#include "services/template.h"
#include "services/trainer.h"
#include "services/ways.h"

#include <math.h>
#include <string.h>

static EqsDocument *
digits (EqsDataset **dataset)
{
  EqsDocument *document = eqs_template_new ("T01", NULL);
  g_autoptr (GPtrArray) changes = NULL;

  *dataset = eqs_dataset_open ("digits8", NULL);
  g_assert_true (eqs_bind (document, *dataset, NULL, &changes, NULL));
  return document;
}

static void
say (EqsDocument *document, const char *key, EqsValue *value)
{
  g_autoptr (EqsValue) owned = value;

  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_TRAINING, key, owned, NULL));
}

static double
accuracy (EqsModel *model, EqsDataset *dataset, EqsTransform transform)
{
  g_autoptr (EqsSplit) test = eqs_dataset_load (dataset, "test", NULL);
  g_autoptr (GArray) metrics = eqs_evaluate (model, test, transform, 1, 1, NULL);

  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    if (strcmp (g_array_index (metrics, EqsMetric, i).name, "accuracy") == 0)
      return g_array_index (metrics, EqsMetric, i).value;
  g_assert_not_reached ();
}

static gint64
parameters (EqsDocument *document)
{
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);

  return check->parameters;
}

/* Trains it; what the folder holds is opened. */
static EqsModel *
train (EqsDocument *document, EqsDataset *dataset, double *symmetry_error)
{
  EqsTrainOptions  options = EQS_TRAIN_OPTIONS_INIT;
  EqsTrainResult   result;
  g_autofree char *folder = g_dir_make_tmp ("equi-ways-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  EqsModel        *model;

  options.epochs = 1;
  options.limit = 400;
  options.threads = 1;
  options.folder = folder;
  options.force = TRUE;
  g_assert_true (eqs_train (document, dataset, &options, NULL, NULL, NULL, &result, &error));
  g_assert_no_error (error);
  *symmetry_error = result.symmetry_error;
  model = eqs_model_open (result.checkpoint, &error);
  g_assert_no_error (error);
  eqs_train_result_clear (&result);
  return model;
}

static void
test_three (void)
{
  g_autoptr (EqsDataset)  dataset = NULL;
  g_autoptr (EqsDocument) document = digits (&dataset);
  g_autofree char *hash = NULL, *after = NULL;
  double           error[3];
  gint64           own;

  say (document, "augment", eqs_value_new_string ("none"));
  own = parameters (document);
  for (int i = 0; eqs_ways[i] != NULL; i++)
    {
      g_autoptr (EqsModel) model = NULL;
      const char *group;
      double      upright, turned;

      say (document, "promise", eqs_value_new_string (eqs_ways[i]));
      g_free (hash);
      hash = eqs_document_dup_hash (document);
      model = train (document, dataset, &error[i]);
      group = eqs_document_get_group (model->document);
      upright = accuracy (model, dataset, EQS_TRANSFORM_NONE);
      turned = accuracy (model, dataset, EQS_TRANSFORM_GROUP);
      g_test_message ("%s: %" G_GINT64_FORMAT " parameters, group %s, symmetry error %.1e, test %.3f, turned %.3f", eqs_ways[i], parameters (model->document), group, error[i], upright, turned);
      g_assert_cmpstr (group, ==, i == 2 ? "triv" : eqs_document_get_group (document));
      if (i == 0)
        g_assert_cmpint (parameters (model->document), ==, own);
      if (i == 1)
        g_assert_cmpint (parameters (model->document), >, own);
      if (i == 2)
        g_assert_cmpfloat (fabs ((double) parameters (model->document) / (double) own - 1), <=, 0.05);
      g_assert_cmpstr (eqs_map_get_string (eqs_document_get_section (model->document, EQS_SECTION_TRAINING), "promise", "exact"), ==, "exact");      /* made once */
      after = (g_free (after), eqs_document_dup_hash (document));
      g_assert_cmpstr (after, ==, hash);      /* the design is as it was */
    }
  /* The promise that is kept, and two that are measured to be broken. */
  g_assert_cmpfloat (error[0], >=, 0);
  g_assert_cmpfloat (error[0], <, 1e-4);
  g_assert_cmpfloat (error[1], >, 100 * error[0]);
  g_assert_cmpfloat (error[1], >, 1e-3);
  g_assert_cmpfloat (error[2], >, 1e-3);
}

/* Before it is trained, a relaxed network is as exact as the design. */
static void
test_begins_exact (void)
{
  g_autoptr (EqsDataset)  dataset = NULL;
  g_autoptr (EqsDocument) document = digits (&dataset), relaxed = NULL;
  g_autoptr (EqsModel)    model = NULL;

  say (document, "promise", eqs_value_new_string ("relaxed"));
  say (document, "relax", eqs_value_new_number (0.5));
  relaxed = eqs_way_new (document, NULL);
  g_assert_cmpfloat (eqs_value_get_number (eqs_node_get_param (eqs_document_find_node (relaxed, "conv1"), "relax")), ==, 0.5);
  model = eqs_model_new (relaxed, NULL);
  g_assert_cmpfloat (accuracy (model, dataset, EQS_TRANSFORM_NONE), ==, accuracy (model, dataset, EQS_TRANSFORM_QUARTER));
}

static void
test_refused (void)
{
  static const struct { const char *template, *way, *word; } cases[] = {
    { "T09", "relaxed", "no layer of this design can be relaxed" }, { "T09", "augmented", "no steerable convolution" }, { "T18", "relaxed", "can be relaxed" },
    { "T24", "augmented", "arrows come in or out" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EqsDocument) document = eqs_template_new (cases[i].template, NULL), made = NULL;
      g_autoptr (GError)      error = NULL;

      say (document, "promise", eqs_value_new_string (cases[i].way));
      made = eqs_way_new (document, &error);
      g_assert_null (made);
      g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
      g_test_message ("%s, %s: %s", cases[i].template, cases[i].way, error->message);
      g_assert_nonnull (strstr (error->message, cases[i].word));
    }
}

/* What is offered is what can be made. */
static void
test_list (void)
{
  static const struct { const char *template, *ways, *word; } cases[] = {
    { "T01", "exact relaxed augmented", NULL }, { "T24", "exact relaxed", "arrows come in or out" }, { "T09", "exact", "can be relaxed" }, { "T18", "exact", "can be relaxed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EqsDocument) document = eqs_template_new (cases[i].template, NULL);
      g_autofree char *why_not = NULL, *text = NULL;
      g_auto (GStrv)   ways = eqs_ways_list (document, &why_not);

      text = g_strjoinv (" ", ways);
      g_assert_cmpstr (text, ==, cases[i].ways);
      g_assert_true (cases[i].word == NULL ? why_not == NULL : strstr (why_not, cases[i].word) != NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ways/three", test_three);
  g_test_add_func ("/ways/begins-exact", test_begins_exact);
  g_test_add_func ("/ways/refused", test_refused);
  g_test_add_func ("/ways/list", test_list);
  return g_test_run ();
}

/* Answers against truth: the errors are those that evaluation reports; a network of classes has none. */

#include "studio/parity.h"

#include "services/trainer.h"
#include "studio/session.h"

#include <math.h>
#include <string.h>

static double
metric (GArray *metrics, const char *name)
{
  for (guint i = 0; i < metrics->len; i++)
    if (strcmp (g_array_index (metrics, EqsMetric, i).name, name) == 0)
      return g_array_index (metrics, EqsMetric, i).value;
  g_error ("no metric %s", name);
}

static EqsModel *
open_model (const char *template, const char *data, EqsSplit **split)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (template, NULL, &error);
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (data, &error);
  EqsModel *model;

  g_assert_no_error (error);
  *split = eqs_dataset_load (dataset, "valid", &error);
  g_assert_no_error (error);
  model = eqs_model_new (document, &error);
  g_assert_no_error (error);
  return model;
}

static void
test_forces (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsSplit) split = NULL;
  g_autoptr (EqsModel) model = open_model ("T09", "ethanol_xtb", &split);
  g_autoptr (GArray) metrics = eqs_evaluate (model, split, EQS_TRANSFORM_NONE, 0, 1, &error);
  g_autoptr (GPtrArray) found = eqs_parity_measure (model, split, 100, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const EqsParity *parity = g_ptr_array_index (found, i);
      const double     told = metric (metrics, strcmp (parity->name, "forces") == 0 ? "force_mae" : "energy_mae");

      g_test_message ("%s: %u numbers, mean error %.6g %s, evaluation says %.6g", parity->name, (guint) parity->n_all, parity->mae, parity->unit, told);
      g_assert_cmpfloat (fabs (parity->mae - told), <=, 1e-5 * told);
      g_assert_cmpuint (parity->n_all, ==, strcmp (parity->name, "forces") == 0 ? 27 * eqs_split_get_n (split) : eqs_split_get_n (split));
      g_assert_cmpuint (parity->n, ==, MIN (parity->n_all, 100));
      g_assert_cmpfloat (parity->rmse, >=, parity->mae);
      g_assert_cmpfloat (parity->spread, >, 0);
    }
}

static void
test_classes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsSplit) split = NULL;
  g_autoptr (EqsModel) model = open_model ("T20", "molgraph", &split);
  g_autoptr (GPtrArray) found = eqs_parity_measure (model, split, 100, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parity/forces", test_forces);
  g_test_add_func ("/parity/classes", test_classes);
  return g_test_run ();
}

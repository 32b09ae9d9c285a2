/* The gradients of whole designs, node by node. That a wrong operation is found is asked of the checker itself (kernels/test-registry). */

#include "model/compile.h"
#include "services/bind.h"
#include "services/checkpoint.h"
#include "services/gradient-check.h"
#include "services/template.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

static EqsModel *
model_of (const char *template)
{
  g_autoptr (EqsDocument) document = eqs_template_new (template, NULL);
  g_autoptr (GError)      error = NULL;
  EqsModel *model;

  g_assert_nonnull (document);
  /* Pictures small enough; pooling after ReLU meets windows of zeros, where the largest has no derivative. */
  if (strcmp (template, "T01") == 0)
    {
      g_autoptr (EqsDataset) dataset = eqs_dataset_open ("digits8", NULL);
      g_autoptr (GPtrArray)  changes = NULL;

      g_assert_true (eqs_bind (document, dataset, NULL, &changes, NULL));
    }
  model = eqs_model_new (document, &error);
  g_assert_no_error (error);
  return model;
}

static void
check (const char *template)
{
  g_autoptr (EqsModel)  model = model_of (template);
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) nodes = eqs_gradient_check (model, NULL, NULL, NULL, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < nodes->len; i++)
    {
      const EqsGradientNode *node = nodes->pdata[i];

      if (node->n > 0 && !(node->error <= EQS_GRADIENT_LIMIT))
        g_test_message ("%s, %s: off by %.2e at %s", template, node->path, node->error, node->where);
      g_assert_true (node->n == 0 || node->error <= EQS_GRADIENT_LIMIT);
      g_assert_true (eqs_document_find_node (model->document, node->path) != NULL);
      n += node->n;
    }
  g_test_message ("%s: %u nodes, %u derivatives", template, nodes->len, n);
  g_assert_cmpuint (nodes->len, >=, 3);
  g_assert_cmpuint (n, >, 2 * nodes->len);
}

static void
test_right (gconstpointer data)
{
  check (data);
}

static void
test_stopped (void)
{
  g_autoptr (EqsModel)  model = model_of ("T18");
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) nodes = NULL;
  int cancel = 1;

  nodes = eqs_gradient_check (model, &cancel, NULL, NULL, &error);
  g_assert_null (nodes);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  static const char *const templates[] = { "T13", "T18", "T20", "T11", "T01", NULL };

  g_test_init (&argc, &argv, NULL);
  for (int i = 0; templates[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("/gradient-check/%s", templates[i]);

      g_test_add_data_func (path, templates[i], test_right);
    }
  g_test_add_func ("/gradient-check/stopped", test_stopped);
  return g_test_run ();
}

/* The preview shows what each plan feeds: as it is, turned by a group, moved a little; other elements at another step. */

#include "data/array.h"
#include "services/bind.h"
#include "services/template.h"
#include "studio/augment.h"

#include <string.h>

#define N 6

static gboolean
equal (EqsSplit *a, EqsSplit *b)
{
  const EqsColumn *x = eqs_split_get_column (a, 0), *y = eqs_split_get_column (b, 0);

  return memcmp (x->array->data, y->array->data, sizeof (float) * N * x->n_values) == 0;
}

static void
test_plans (void)
{
  static const struct { const char *key, *value; gboolean moves; } plans[] = {
    { "augment", "none", FALSE }, { "augment", "group", TRUE }, { "augment", "C4", TRUE }, { "augment", "SO2", TRUE }, { "augment", "jitter", TRUE }, { "promise", "augmented", TRUE },
  };
  g_autoptr (EqsDataset) dataset = eqs_dataset_open ("digits8", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (EqsDocument) document = eqs_template_new ("T01", NULL);
      g_autoptr (GPtrArray)   changes = NULL;
      g_autoptr (EqsValue)    none = eqs_value_new_string ("none"), value = eqs_value_new_string (plans[i].value);
      g_autoptr (EqsSplit)    plain = NULL, turned = NULL, other_plain = NULL, other = NULL;
      g_autoptr (GError)      error = NULL;
      gint64                  start;

      g_assert_true (eqs_bind (document, dataset, NULL, &changes, NULL));
      eqs_document_set_entry (document, EQS_SECTION_TRAINING, "augment", none, NULL);
      eqs_document_set_entry (document, EQS_SECTION_TRAINING, plans[i].key, value, NULL);
      start = g_get_monotonic_time ();
      g_assert_true (eqs_augment_preview (document, dataset, N, 0, &plain, &turned, &error));
      g_test_message ("%s %s: %.0f ms", plans[i].key, plans[i].value, (double) (g_get_monotonic_time () - start) / 1000);
      g_assert_no_error (error);
      g_assert_nonnull (plain);
      g_assert_true ((turned != NULL) == plans[i].moves);
      if (turned == NULL)
        continue;
      g_assert_false (equal (plain, turned));
      g_assert_true (eqs_augment_preview (document, dataset, N, 1, &other_plain, &other, NULL));
      g_assert_true (equal (plain, other_plain));
      g_assert_false (equal (turned, other));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/augment/plans", test_plans);
  return g_test_run ();
}

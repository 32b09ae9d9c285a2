/* Statistics of a wire whose values are known: runs of fields, values that are not finite, fields that are silent. */

#include "studio/peek.h"

#include "eqk/group.h"

#include <math.h>

static EqkPortType
type_of (const char *rep)
{
  EqkPortType type = { 0 };
  EqkDiag     diag = EQK_DIAG_INIT;

  g_assert_cmpint (eqk_rep_parse (eqk_group_get ("O3"), rep, &type.rep, &diag), ==, EQK_OK);
  return type;
}

static void
test_runs (void)
{
  static const float values[] = { 1, 2, 3, 4, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 0, 0 };      /* two rows of two numbers and two arrows */
  const EqsProbeWire wire = { .type = type_of ("2x0e + 2x1o"), .rows = 2, .width = 8, .plain = (float *) values };
  g_autoptr (GPtrArray) fields = eqs_peek_new (&wire);
  const EqsPeekField *all = fields->pdata[0], *scalars = fields->pdata[1], *arrows = fields->pdata[2];

  g_assert_cmpuint (fields->len, ==, 3);
  g_assert_cmpuint (all->n, ==, 16);
  g_assert_cmpfloat (scalars->mean, ==, 2);
  g_assert_cmpfloat (scalars->spread, ==, sqrt (0.5));
  g_assert_cmpuint (scalars->n_dead, ==, 0);
  g_assert_cmpint (arrows->first, ==, 2);
  g_assert_cmpint (arrows->dim, ==, 3);
  g_assert_cmpuint (arrows->n_dead, ==, 1);
  g_assert_cmpuint (arrows->n_zero, ==, 10);
  g_assert_cmpfloat (arrows->norm, ==, 5.0 / 4);      /* lengths 5, 0, 0, 0 */
  g_assert_cmpfloat (arrows->max, ==, 4);
  g_assert_cmpuint (arrows->counts[0], ==, 10);
  g_assert_cmpuint (arrows->counts[EQS_PEEK_BINS - 1], ==, 1);
}

static void
test_broken (void)
{
  const float values[] = { NAN, 1, INFINITY, 1 };
  const EqsProbeWire wire = { .type = type_of ("1x0e"), .rows = 4, .width = 1, .plain = (float *) values };
  const EqsProbeWire lost = { .type = type_of ("1x0e"), .rows = 1, .width = 1, .plain = (float *) values };
  g_autoptr (GPtrArray) fields = eqs_peek_new (&wire), none = eqs_peek_new (&lost);
  const EqsPeekField *field = fields->pdata[0];
  guint sum = 0;

  g_assert_cmpuint (fields->len, ==, 1);
  g_assert_cmpuint (field->n_bad, ==, 2);
  g_assert_cmpfloat (field->mean, ==, 1);
  g_assert_cmpfloat (field->low, <, 1);
  g_assert_cmpfloat (field->high, >, 1);
  for (guint i = 0; i < EQS_PEEK_BINS; i++)
    sum += field->counts[i];
  g_assert_cmpuint (sum, ==, 2);
  g_assert_true (isnan (((EqsPeekField *) none->pdata[0])->mean));
  g_assert_cmpuint (((EqsPeekField *) none->pdata[0])->n_dead, ==, 0);      /* broken is not silent */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/peek/runs", test_runs);
  g_test_add_func ("/peek/broken", test_broken);
  return g_test_run ();
}

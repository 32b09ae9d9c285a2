/* Laws of groups: axioms, actions, tables, subgroups, and ids that are none. */

#include "eqk/rep.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const char *const all_ids[] = {
  "triv", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11", "C12", "C13", "C14", "C15", "C16",
  "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13", "D14", "D15", "D16",
  "D4@axis=90", "D3@axis=30", "D6@axis=12.5", "SO2", "O2", "O2@axis=90", "D1@axis=45",
};

static void
multiply (const double *a, const double *b, double *out)
{
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      out[2 * i + j] = a[2 * i] * b[j] + a[2 * i + 1] * b[2 + j];
}

static void
assert_same_matrix (const double *a, const double *b)
{
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat (fabs (a[i] - b[i]), <, 1e-12);
}

static void
test_axioms (gconstpointer data)
{
  const EqkGroup *group = eqk_group_get (data);
  const EqkElement e = eqk_group_identity (group);

  for (guint64 t = 0; t < 100; t++)
    {
      const EqkElement a = eqk_group_sample (group, 1, t), b = eqk_group_sample (group, 2, t);
      const EqkElement c = eqk_group_sample (group, 3, t), inverse = eqk_group_inverse (group, &a);
      const EqkElement ab = eqk_group_compose (group, &a, &b), bc = eqk_group_compose (group, &b, &c);
      const EqkElement left = eqk_group_compose (group, &ab, &c), right = eqk_group_compose (group, &a, &bc);
      const EqkElement one = eqk_group_compose (group, &inverse, &a), same = eqk_group_compose (group, &a, &e);
      double ma[4], mb[4], mab[4], product[4];

      g_assert_true (eqk_group_equal (group, &left, &right));
      g_assert_true (eqk_group_equal (group, &one, &e));
      g_assert_true (eqk_group_equal (group, &same, &a));
      eqk_group_action (group, &a, ma);
      eqk_group_action (group, &b, mb);
      eqk_group_action (group, &ab, mab);
      multiply (ma, mb, product);
      assert_same_matrix (product, mab);
      if (eqk_group_is_abelian (group))
        {
          const EqkElement ba = eqk_group_compose (group, &b, &a);

          g_assert_true (eqk_group_equal (group, &ab, &ba));
        }
    }
}

static void
test_elements (gconstpointer data)
{
  const EqkGroup *group = eqk_group_get (data);
  const int order = eqk_group_get_order (group);
  const int *table = eqk_group_table (group);

  for (int i = 0; i < order; i++)
    {
      const EqkElement g = eqk_group_element (group, i);
      g_autofree gboolean *seen = g_new0 (gboolean, order);

      g_assert_cmpint (eqk_group_index_of (group, &g), ==, i);
      for (int j = 0; j < order; j++)
        seen[table[i * order + j]] = TRUE;
      for (int j = 0; j < order; j++)
        g_assert_true (seen[j]);
    }
}

/** The generators reach every element. */
static void
test_generators (gconstpointer data)
{
  const EqkGroup *group = eqk_group_get (data);
  const int order = eqk_group_get_order (group);
  EqkElement generators[4];
  const int n = eqk_group_generators (group, generators);
  g_autofree gboolean *seen = g_new0 (gboolean, order + 1);
  int found = 1;

  if (order == 0)
    return;
  seen[0] = TRUE;
  for (int pass = 0; pass < order; pass++)
    for (int i = 0; i < order; i++)
      for (int k = 0; seen[i] && k < n; k++)
        {
          const int next = eqk_group_table (group)[eqk_group_index_of (group, &generators[k]) * order + i];

          found += !seen[next];
          seen[next] = TRUE;
        }
  g_assert_cmpint (found, ==, order);
}

static void
test_same_pointer (void)
{
  g_assert_true (eqk_group_get ("flip") == eqk_group_get ("D1"));
  g_assert_true (eqk_group_get ("C1") == eqk_group_get ("triv"));
  g_assert_true (eqk_group_get ("D4@axis=90") == eqk_group_get ("D4@axis=270.000"));
  g_assert_true (eqk_group_get ("D4@axis=0") == eqk_group_get ("D4"));
  g_assert_true (eqk_group_get ("D4@axis=90") != eqk_group_get ("D4"));
  g_assert_cmpstr (eqk_group_get_id (eqk_group_get ("D4@axis=-22.50")), ==, "D4@axis=157.5");
}

static void
test_bad_ids (void)
{
  static const char *const ids[] = { "", "C", "C0", "C17", "C-1", "C4x", "c4", "D", "D99999999999999999999", "D4@",
                                     "D4@axis=", "D4@axis=x", "D4@axis=1e3", "D4@axis=99999999999999999", "D4@axe=90",
                                     "C4@axis=90", "SO2@axis=1", "SO4", "triv1", "flip@axis=90@axis=90",
                                     "DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD" };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_null (eqk_group_get (ids[i]));
  g_assert_null (eqk_group_get (NULL));
}

static void
test_catalogue (void)
{
  int n;
  const char *const *ids = eqk_group_catalogue (&n);

  for (int i = 0; i < n; i++)
    {
      const EqkGroup *group = eqk_group_get (ids[i]);

      g_assert_cmpstr (eqk_group_get_id (group), ==, ids[i]);
      g_assert_cmpuint (strlen (eqk_group_get_title (group)), >, 5);
      g_assert_true (g_utf8_validate (eqk_group_get_notation (group), -1, NULL));
    }
}

static void
check_common (const char *a, const char *b, const char *expected)
{
  const EqkGroup *common = eqk_group_common (eqk_group_get (a), eqk_group_get (b));

  g_assert_cmpstr (eqk_group_get_id (common), ==, expected);
  g_assert_true (eqk_group_contains (eqk_group_get (a), common));
  g_assert_true (eqk_group_contains (eqk_group_get (b), common));
}

static void
test_common (void)
{
  check_common ("C8", "C12", "C4");
  check_common ("C4", "D6", "C2");
  check_common ("D4", "O2", "D4");
  check_common ("SO2", "O2@axis=30", "SO2");
  check_common ("SO2", "D5", "C5");
  check_common ("D3", "D3@axis=90", "C3");
  check_common ("D3@axis=30", "D2", "D1@axis=90");
  check_common ("D8", "D4@axis=45", "D4@axis=45");
  check_common ("D4@axis=22.5", "D4", "C4");
  check_common ("D6", "D4@axis=15", "D2@axis=60");
  check_common ("C3", "C4", "triv");
}

/** For all pairs: the common group lies in both, and holds every element that both have. */
static void
test_common_is_largest (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_ids); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (all_ids); j++)
      {
        const EqkGroup *a = eqk_group_get (all_ids[i]), *b = eqk_group_get (all_ids[j]);
        const EqkGroup *common = eqk_group_common (a, b);
        int shared = 0;

        g_assert_true (eqk_group_contains (a, common) && eqk_group_contains (b, common));
        for (int k = 0; k < eqk_group_get_order (a); k++)
          {
            const EqkElement g = eqk_group_element (a, k);
            EqkElement found;

            shared += eqk_group_embed (b, a, &g, &found);
          }
        if (eqk_group_is_finite (a))
          g_assert_cmpint (shared, ==, eqk_group_get_order (common));
      }
}

static void
test_grid (void)
{
  const EqkGroup *d8 = eqk_group_get ("D8"), *turned = eqk_group_get ("D4@axis=22.5");
  int on_grid = 0, on_turned = 0;

  for (int i = 0; i < 16; i++)
    {
      const EqkElement g = eqk_group_element (d8, i);

      on_grid += eqk_group_on_grid (d8, &g);
    }
  for (int i = 0; i < 8; i++)
    {
      const EqkElement g = eqk_group_element (turned, i);

      on_turned += eqk_group_on_grid (turned, &g);
    }
  g_assert_cmpint (on_grid, ==, 8);
  g_assert_cmpint (on_turned, ==, 4);
}

/** Conventions: counter-clockwise, mirror first, the axis of the mirror (domain.md 0 and 16). */
static void
test_conventions (void)
{
  const EqkGroup *d4 = eqk_group_get ("D4"), *vertical = eqk_group_get ("D4@axis=90");
  const EqkElement r = { .index = 1 }, s = { .mirror = 1 }, rs = eqk_group_compose (d4, &r, &s);
  double m[4];
  char name[32];

  eqk_group_action (d4, &r, m);
  assert_same_matrix (m, (const double[]) { 0, -1, 1, 0 });
  eqk_group_action (d4, &s, m);
  assert_same_matrix (m, (const double[]) { 1, 0, 0, -1 });
  eqk_group_action (d4, &rs, m);
  assert_same_matrix (m, (const double[]) { 0, 1, 1, 0 });
  eqk_group_action (vertical, &s, m);
  assert_same_matrix (m, (const double[]) { -1, 0, 0, 1 });
  g_assert_cmpint (eqk_group_table (d4)[4 * 8 + 1], ==, 7);   /* (1,0)(0,1) = (1,3) */
  g_assert_cmpint (eqk_group_table (d4)[5 * 8 + 7], ==, 2);   /* (1,1)(1,3) = (0,2) */
  eqk_group_element_name (d4, &rs, name, sizeof name);
  g_assert_cmpstr (name, ==, "mirror, 90°");
}

/** Sampling is uniform: every element of D8 turns up about equally often, and one seed gives one sequence. */
static void
test_samples (void)
{
  const EqkGroup *d8 = eqk_group_get ("D8"), *o2 = eqk_group_get ("O2");
  int counts[16] = { 0 }, mirrors = 0;
  double c = 0, s = 0;

  for (guint64 t = 0; t < 16000; t++)
    {
      const EqkElement g = eqk_group_sample (d8, 7, t), again = eqk_group_sample (d8, 7, t);
      const EqkElement h = eqk_group_sample (o2, 7, t);

      g_assert_true (eqk_group_equal (d8, &g, &again));
      counts[eqk_group_index_of (d8, &g)]++;
      mirrors += h.mirror;
      c += cos (h.angle) / 16000;
      s += sin (h.angle) / 16000;
    }
  for (int i = 0; i < 16; i++)
    g_assert_cmpint (ABS (counts[i] - 1000), <, 150);
  g_assert_cmpint (ABS (mirrors - 8000), <, 350);
  g_assert_cmpfloat (hypot (c, s), <, 0.03);
}

static gpointer
ask_worker (gpointer data)
{
  static const char *const ids[] = { "C9", "D9", "D9@axis=33", "O2@axis=71" };
  GString *pointers = g_string_new (NULL);

  for (int pass = 0; pass < 50; pass++)
    for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
      {
        const EqkGroup *group = eqk_group_get (ids[i]);

        g_string_append_printf (pointers, "%p %p %p ", (const void *) group,
                                (const void *) eqk_field_band_limited (group, 3),
                                (const void *) eqk_group_irrep (group, 1));
      }
  return g_string_free (pointers, FALSE);
}

static void
test_threads (void)
{
  GThread *threads[8];
  char *first = NULL;

  for (int i = 0; i < 8; i++)
    threads[i] = g_thread_new ("ask", ask_worker, NULL);
  for (int i = 0; i < 8; i++)
    {
      g_autofree char *pointers = g_thread_join (threads[i]);

      if (first == NULL)
        first = g_strdup (pointers);
      g_assert_cmpstr (pointers, ==, first);
    }
  g_free (first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (all_ids); i++)
    {
      g_autofree char *axioms = g_strdup_printf ("/group/%s/axioms", all_ids[i]);
      g_autofree char *elements = g_strdup_printf ("/group/%s/elements", all_ids[i]);
      g_autofree char *generators = g_strdup_printf ("/group/%s/generators", all_ids[i]);

      g_test_add_data_func (axioms, all_ids[i], test_axioms);
      g_test_add_data_func (elements, all_ids[i], test_elements);
      g_test_add_data_func (generators, all_ids[i], test_generators);
    }
  g_test_add_func ("/group/threads", test_threads);
  g_test_add_func ("/group/same-pointer", test_same_pointer);
  g_test_add_func ("/group/bad-ids", test_bad_ids);
  g_test_add_func ("/group/catalogue", test_catalogue);
  g_test_add_func ("/group/common", test_common);
  g_test_add_func ("/group/common-is-largest", test_common_is_largest);
  g_test_add_func ("/group/grid", test_grid);
  g_test_add_func ("/group/conventions", test_conventions);
  g_test_add_func ("/group/samples", test_samples);
  return g_test_run ();
}

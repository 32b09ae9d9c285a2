/* Tensors tied by exchanges of indices: the change of basis is orthonormal, turns as it says, satisfies its formula and misses nothing. */

#include "eqk/reduced.h"
#include "eqk/random.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const EqkRep *
irreps (const char *text)
{
  const EqkRep *rep = NULL;

  g_assert_cmpint (eqk_rep_parse (eqk_group_get ("O3"), text, &rep, NULL), ==, EQK_OK);
  return rep;
}

static EqkReduced *
reduced (const char *index, const char *formula)
{
  const EqkRep *reps[EQK_MAX_INDICES];
  EqkReduced   *self = NULL;
  const int     n = (int) strcspn (formula, "=");

  for (int k = 0; k < n; k++)
    reps[k] = irreps (index);
  g_assert_cmpint (eqk_reduced_new (reps, n, formula, &self, NULL), ==, EQK_OK);
  return self;
}

/* T of rank n, every index turned by the matrix of rep. */
static void
turn (const double *matrix, int d, int n, const double *t, double *out)
{
  int size = 1;

  for (int k = 0; k < n; k++)
    size *= d;
  for (int to = 0; to < size; to++)
    {
      out[to] = 0;
      for (int from = 0; from < size; from++)
        {
          double product = t[from];

          for (int k = 0, a = to, b = from; k < n && product != 0; k++, a /= d, b /= d)
            product *= matrix[(a % d) * d + b % d];
          out[to] += product;
        }
    }
}

typedef struct { const char *index, *formula, *irreps; } Expected;

static const Expected expected[] = {
  { "1x1o", "ij=ji", "1x0e + 1x2e" },
  { "1x1o", "ij=-ji", "1x1e" },
  { "1x1o", "ij", "1x0e + 1x1e + 1x2e" },
  { "1x1o", "ijk=jik=ikj", "1x1o + 1x3o" },
  { "1x1o", "ijk=-jik=-ikj", "1x0o" },
  { "1x1o", "ijkl=jikl=klij", "2x0e + 2x2e + 1x4e" },
  { "1x0e + 1x1o", "ij=ji", "2x0e + 1x1o + 1x2e" },
  { "1x1o", "ij=ji=-ji", "" },
};

static void
test_basis (gconstpointer data)
{
  const Expected   *e = data;
  EqkReduced       *self = reduced (e->index, e->formula);
  const EqkRep     *rep = eqk_reduced_get_rep (self), *index = irreps (e->index);
  const int         rows = eqk_rep_get_dim (rep), size = eqk_reduced_get_size (self), d = eqk_rep_get_dim (index), n = (int) strcspn (e->formula, "=");
  const double     *q = eqk_reduced_get_basis (self);
  g_autofree double *matrix = g_new (double, d * d), *turned = g_new (double, size), *t = g_new (double, size), *x = g_new0 (double, rows + 1), *y = g_new0 (double, rows + 1);
  g_autofree double *unit = g_new0 (double, d), *column = g_new (double, d);
  EqkRandom         random = eqk_random (3, EQK_RANDOM_TEST, 1, 0, 0);

  g_assert_true (rep == irreps (e->irreps));
  for (int a = 0; a < rows; a++)
    for (int b = 0; b < rows; b++)
      {
        double dot = 0;

        for (int k = 0; k < size; k++)
          dot += q[a * size + k] * q[b * size + k];
        g_assert_cmpfloat (fabs (dot - (a == b)), <, 1e-12);
      }
  for (int trial = 0; trial < 4; trial++)
    {
      const EqkElement g = eqk_group_sample (eqk_group_get ("O3"), 1, (uint64_t) trial);

      for (int k = 0; k < d; k++)
        {
          unit[k] = 1;
          eqk_rep_apply_f64 (index, &g, unit, column, 1);
          for (int i = 0; i < d; i++)
            matrix[i * d + k] = column[i];
          unit[k] = 0;
        }
      for (int k = 0; k < rows; k++)
        x[k] = eqk_random_normal (&random);
      for (int k = 0; k < size; k++)
        {
          t[k] = 0;
          for (int r = 0; r < rows; r++)
            t[k] += q[r * size + k] * x[r];
        }
      turn (matrix, d, n, t, turned);
      eqk_rep_apply_f64 (rep, &g, x, y, 1);
      for (int r = 0; r < rows; r++)
        {
          double there = 0;

          for (int k = 0; k < size; k++)
            there += q[r * size + k] * turned[k];
          g_assert_cmpfloat (fabs (there - y[r]), <, 1e-11);
        }
    }
  eqk_reduced_free (self);
}

/* A symmetric matrix comes back whole: nothing that satisfies the formula is missing. */
static void
test_complete (void)
{
  EqkReduced   *self = reduced ("1x1o", "ij=ji");
  const double *q = eqk_reduced_get_basis (self), t[9] = { 1, 2, 3, 2, -4, 5, 3, 5, 7 };
  double        back[9] = { 0 };

  for (int r = 0; r < 6; r++)
    for (int a = 0; a < 9; a++)
      for (int b = 0; b < 9; b++)
        back[a] += q[r * 9 + a] * q[r * 9 + b] * t[b];
  for (int a = 0; a < 9; a++)
    g_assert_cmpfloat (fabs (back[a] - t[a]), <, 1e-12);
  eqk_reduced_free (self);
}

static void
test_refuses (void)
{
  const EqkRep *vector = irreps ("1x1o"), *other = irreps ("1x2e"), *large = irreps ("1x11o + 1x10o"), *same[2] = { vector, vector }, *mixed[2] = { vector, other };
  const EqkRep *sizes[3] = { large, large, large }, *planar = NULL;
  static const struct { const char *formula; int64_t at; } bad[] = { { "ii", 1 }, { "ij=", 3 }, { "ij=ik", 4 }, { "ij=jj", 4 }, { "ij-ji", 2 }, { "ij=--ji", 4 }, { "1j", 0 } };
  EqkReduced   *self = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      EqkDiag diag = EQK_DIAG_INIT;

      g_assert_cmpint (eqk_reduced_new (same, 2, bad[i].formula, &self, &diag), ==, EQK_ERR_PARSE);
      g_assert_cmpint (diag.index, ==, bad[i].at);
    }
  g_assert_cmpint (eqk_reduced_new (mixed, 2, "ij=ji", &self, NULL), ==, EQK_ERR_TYPE);
  g_assert_cmpint (eqk_reduced_new (same, 0, "", &self, NULL), ==, EQK_ERR_LIMIT);
  g_assert_cmpint (eqk_reduced_new (sizes, 3, "ijk", &self, NULL), ==, EQK_ERR_LIMIT);
  g_assert_cmpint (eqk_rep_parse (eqk_group_get ("C4"), "1x reg", &planar, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_reduced_new (&planar, 1, "i", &self, NULL), ==, EQK_ERR_TYPE);
  g_assert_null (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *path = g_strdup_printf ("/reduced/%s/%s", expected[i].index, expected[i].formula);

      g_test_add_data_func (path, &expected[i], test_basis);
    }
  g_test_add_func ("/reduced/complete", test_complete);
  g_test_add_func ("/reduced/refuses", test_refuses);
  return g_test_run ();
}

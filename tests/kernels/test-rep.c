/* Laws of representations: homomorphism, decomposition, flags, texts, and texts that are none. */

#include "eqk/rep.h"
#include "eqk/random.h"

#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const char *group, *text;
  int         dim, n_trivial;
  gboolean    is_permutation;
} Case;

static const Case cases[] = {
  { "triv", "3x triv + reg", 4, 4, TRUE },
  { "C4", "16x reg(C4)", 64, 16, TRUE },
  { "C4", "1x triv + 8xf1", 17, 1, FALSE },
  { "C8", "6x C8/C2 + C8/C4", 26, 7, TRUE },
  { "C16", "reg + prod(f1,f7) + f8", 21, 1, FALSE },
  { "C4", "res(O2,f3) + res(D4,reg) + res(SO2,f5) + res(SO2,f4) + res(C8,C8/C2)", 18, 6, FALSE },
  { "D1@axis=45", "res(D4,f1) + res(D4,reg)", 10, 5, TRUE },
  { "D3", "D3/D1 + D3/C3 + prod(f1,f1)", 9, 3, FALSE },
  { "D4", "2x sign + (0,2) + f2 + 3x (1,2)", 7, 0, FALSE },
  { "D4@axis=90", "reg + D4/D1 + D4/C4 + D4/D2@axis=45 + D4/D1@axis=0", 20, 5, TRUE },
  { "D6", "ind(C3,f1) + ind(D2,f1) + prod(reg,f1) + sum(f1,reg,triv)", 50, 4, FALSE },
  { "D16", "reg + prod(reg,f3)", 96, 3, FALSE },
  { "SO2", "bl3 + prod(f1,f2) + prod(f1,f1)", 15, 3, FALSE },
  { "O2", "bl2 + O2/SO2 + ind(SO2,f2) + prod(f1,f3)", 20, 2, FALSE },
  { "O2@axis=90", "f0 + f7 + sign", 4, 1, FALSE },
  { "D5", "reg + bl2 + res(O2,bl3)", 34, 3, FALSE },
  { "O3", "8x0e + 4x1o + 2x2e + 1x3y + 0x4e", 37, 8, FALSE },
  { "O3", "prod(1o,2e) + prod(1e,1o) + sum(0e,1o,0e) + prod(prod(1o,1o),1o) + triv + sign + (1,2)", 63, 3, FALSE },
  { "SO3", "4x0 + 3x1 + 11 + prod(1,1) + res(O3,prod(1o,1o)) + res(O3,2o)", 59, 6, FALSE },
};

static const EqkRep *
parse (const char *group, const char *text)
{
  const EqkRep *rep = NULL;
  EqkDiag diag = EQK_DIAG_INIT;
  const EqkStatus status = eqk_rep_parse (eqk_group_get (group), text, &rep, &diag);

  g_assert_cmpint (status, ==, EQK_OK);
  return rep;
}

static const EqkField *
field_of (const char *group, const char *text)
{
  return eqk_rep_field (parse (group, text), 0, NULL);
}

/** Largest deviation of a b from c, all [n, n]; transpose says to take a^T. */
static double
product_error (const double *a, const double *b, const double *c, int n, gboolean transpose)
{
  double worst = 0;

  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      {
        double sum = 0;

        for (int k = 0; k < n; k++)
          sum += (transpose ? a[k * n + i] : a[i * n + k]) * b[k * n + j];
        worst = MAX (worst, fabs (sum - c[i * n + j]));
      }
  return worst;
}

static void
check_homomorphism (const EqkField *field)
{
  const EqkGroup *group = eqk_field_get_group (field);
  const int n = eqk_field_get_dim (field);
  g_autofree double *a = g_new (double, n * n), *b = g_new (double, n * n), *ab = g_new (double, n * n);
  g_autofree double *one = g_new0 (double, n * n);

  for (int i = 0; i < n; i++)
    one[i * n + i] = 1;
  for (guint64 t = 0; t < 10; t++)
    {
      const EqkElement x = eqk_group_sample (group, 11, t), y = eqk_group_sample (group, 12, t);
      const EqkElement xy = eqk_group_compose (group, &x, &y);
      double trace = 0;

      eqk_field_matrix (field, &x, a);
      eqk_field_matrix (field, &y, b);
      eqk_field_matrix (field, &xy, ab);
      g_assert_cmpfloat (product_error (a, b, ab, n, FALSE), <, 1e-12);
      g_assert_cmpfloat (product_error (a, a, one, n, TRUE), <, 1e-12);
      for (int i = 0; i < n; i++)
        trace += a[i * n + i];
      g_assert_cmpfloat (fabs (trace - eqk_field_character (field, &x)), <, 1e-10);
    }
}

/** Blocks and characters tell the same multiplicities. */
static void
check_blocks (const EqkField *field)
{
  const EqkGroup *group = eqk_field_get_group (field);
  int dim = 0;

  for (int i = 0; i < eqk_field_n_irreps (field); i++)
    {
      const EqkField *irrep = eqk_field_irrep (field, i);
      int copies = 0;

      for (int j = 0; j < eqk_field_n_irreps (field); j++)
        copies += eqk_field_irrep (field, j) == irrep;
      g_assert_cmpint (eqk_field_multiplicity (field, irrep), ==, copies);
      dim += eqk_field_get_dim (irrep);
    }
  g_assert_cmpint (dim, ==, eqk_field_get_dim (field));
  g_assert_cmpint (eqk_field_multiplicity (field, eqk_group_trivial (group)), ==, eqk_field_n_trivial (field));
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  const EqkRep *rep = parse (c->group, c->text);

  g_assert_cmpint (eqk_rep_get_dim (rep), ==, c->dim);
  g_assert_cmpint (eqk_rep_n_trivial (rep), ==, c->n_trivial);
  g_assert_cmpint (eqk_rep_is_permutation (rep), ==, c->is_permutation);
  g_assert_true (parse (c->group, eqk_rep_get_text (rep)) == rep);
  for (int i = 0; i < eqk_rep_n_runs (rep); i++)
    {
      check_homomorphism (eqk_rep_run (rep, i).field);
      check_blocks (eqk_rep_run (rep, i).field);
    }
}

/** The action on features is rho(g), in both precisions, channel by channel of every field. */
static void
test_apply (gconstpointer data)
{
  const Case *c = data;
  const EqkRep *rep = parse (c->group, c->text);
  const int dim = eqk_rep_get_dim (rep);
  const EqkElement g = eqk_group_sample (eqk_rep_get_group (rep), 5, 1);
  g_autofree double *x = g_new (double, 3 * dim), *y = g_new (double, 3 * dim);
  g_autofree float *xf = g_new (float, 3 * dim), *yf = g_new (float, 3 * dim);
  EqkRandom random = eqk_random (3, EQK_RANDOM_TEST, 0, 0, 0);

  for (int i = 0; i < 3 * dim; i++)
    xf[i] = (float) (x[i] = (float) eqk_random_normal (&random));
  eqk_rep_apply_f64 (rep, &g, x, y, 3);
  eqk_rep_apply_f32 (rep, &g, xf, yf, 3);
  for (int f = 0; f < eqk_rep_n_fields (rep); f++)
    {
      int first;
      const EqkField *field = eqk_rep_field (rep, f, &first);
      const int d = eqk_field_get_dim (field);
      g_autofree double *m = g_new (double, d * d);

      eqk_field_matrix (field, &g, m);
      for (int row = 0; row < 3; row++)
        for (int i = 0; i < d; i++)
          {
            double sum = 0;

            for (int j = 0; j < d; j++)
              sum += m[i * d + j] * x[row * dim + first + j];
            g_assert_cmpfloat (fabs (sum - y[row * dim + first + i]), <, 1e-12);
            g_assert_cmpfloat (fabs (sum - (double) yf[row * dim + first + i]), <, 1e-5);
          }
    }
}

static void
test_all_irreps (void)
{
  int n;
  const char *const *ids = eqk_group_catalogue (&n);

  for (int i = 0; i < n; i++)
    {
      const EqkGroup *group = eqk_group_get (ids[i]);
      int squares = 0;

      for (int k = 0; k < eqk_group_n_irreps (group, 8); k++)
        {
          const EqkField *irrep = eqk_group_irrep (group, k);

          check_homomorphism (irrep);
          g_assert_true (eqk_group_irrep_by_id (group, eqk_field_irrep_j (irrep), eqk_field_irrep_frequency (irrep))
                         == irrep);
          for (int l = 0; l < eqk_group_n_irreps (group, 8); l++)
            g_assert_cmpint (eqk_field_multiplicity (irrep, eqk_group_irrep (group, l)), ==, k == l);
          squares += eqk_field_get_dim (irrep) * eqk_field_get_dim (irrep) / (int) eqk_field_irrep_type (irrep);
        }
      if (eqk_group_is_finite (group))
        {
          g_assert_cmpint (squares, ==, eqk_group_get_order (group));
          check_homomorphism (eqk_group_regular (group));
          check_blocks (eqk_group_regular (group));
          g_assert_true (eqk_field_is_permutation (eqk_group_regular (group)));
        }
      g_assert_null (eqk_group_irrep (group, -1));
      g_assert_null (eqk_group_irrep_by_id (group, 2, 0));
      g_assert_null (eqk_group_irrep_by_id (group, 0, -1));
      g_assert_null (eqk_group_irrep (group, 100000));
    }
}

/** rho_reg(g) e_h = e_gh: channel h of the regular field is element h. */
static void
test_regular_order (void)
{
  const EqkGroup *d4 = eqk_group_get ("D4");
  double m[64];

  for (int g = 0; g < 8; g++)
    {
      const EqkElement element = eqk_group_element (d4, g);

      eqk_field_matrix (eqk_group_regular (d4), &element, m);
      for (int h = 0; h < 8; h++)
        g_assert_cmpfloat (m[eqk_group_table (d4)[g * 8 + h] * 8 + h], ==, 1.0);
    }
}

static void
test_golden_basis (void)
{
  static const double r = 0.70710678118654752440;
  const double expected[16] = { 0.5, r, 0, 0.5, 0.5, 0, r, -0.5, 0.5, -r, 0, 0.5, 0.5, 0, -r, -0.5 };
  const double *q = eqk_field_basis (eqk_group_regular (eqk_group_get ("C4")));

  for (int i = 0; i < 16; i++)
    g_assert_cmpfloat (fabs (q[i] - expected[i]), <, 1e-15);
  g_assert_null (eqk_field_basis (eqk_group_irrep (eqk_group_get ("C4"), 1)));
}

static void
assert_blocks (const char *group, const char *text, const char *expected)
{
  const EqkField *field = field_of (group, text);
  g_autoptr (GString) blocks = g_string_new (NULL);

  for (int i = 0; i < eqk_field_n_irreps (field); i++)
    g_string_append_printf (blocks, "%s%s", i > 0 ? " " : "", eqk_field_get_name (eqk_field_irrep (field, i)));
  g_assert_cmpstr (blocks->str, ==, expected);
}

static void
test_golden_blocks (void)
{
  assert_blocks ("C8", "C8/C2", "triv f2 f4");
  assert_blocks ("C8", "C8/C4", "triv f4");
  assert_blocks ("D4", "reg", "triv sign f1 f1 f2 (0,2)");
  assert_blocks ("D4", "D4/C4", "triv sign");
  assert_blocks ("D4", "D4/D1", "triv f1 (0,2)");
  assert_blocks ("SO2", "prod(f1,f1)", "triv triv f2");
  assert_blocks ("O2", "prod(f1,f1)", "triv sign f2");
  assert_blocks ("O2", "O2/SO2", "triv sign");
  assert_blocks ("O2", "bl2", "triv sign f1 f1 f2 f2");
  assert_blocks ("SO2", "bl3", "triv f1 f2 f3");
}

/** Frobenius: Hom(ind H, V) and Hom(H, res V) have the same dimension. */
static void
test_reciprocity (void)
{
  static const struct { const char *group, *sub; } pairs[] = {
    { "D6", "D2" }, { "D6", "C3" }, { "D6", "D1@axis=30" }, { "C12", "C4" }, { "D8", "C8" }, { "O2", "SO2" },
    { "D4", "triv" },
  };

  for (gsize p = 0; p < G_N_ELEMENTS (pairs); p++)
    {
      const EqkGroup *group = eqk_group_get (pairs[p].group), *sub = eqk_group_get (pairs[p].sub);

      for (int i = 0; i < eqk_group_n_irreps (sub, 5); i++)
        for (int k = 0; k < eqk_group_n_irreps (group, 5); k++)
          {
            const EqkField *psi = eqk_group_irrep (sub, i), *phi = eqk_group_irrep (group, k);
            const EqkField *induced = eqk_field_induce (psi, group), *restricted = eqk_field_restrict (phi, sub);

            g_assert_cmpint (eqk_field_multiplicity (induced, phi) * (int) eqk_field_irrep_type (phi), ==,
                             eqk_field_multiplicity (restricted, psi) * (int) eqk_field_irrep_type (psi));
          }
    }
}

/** Restricting keeps the matrices, whatever basis the pieces have. */
static void
test_restriction (void)
{
  const EqkRep *rep = parse ("O2", "2x f3 + sign + bl2 + triv");
  const EqkGroup *sub = eqk_group_get ("D3@axis=20");
  const EqkRep *less = eqk_rep_restrict (rep, sub);
  const int dim = eqk_rep_get_dim (rep);
  g_autofree double *x = g_new (double, dim), *y = g_new (double, dim), *z = g_new (double, dim);

  g_assert_cmpint (eqk_rep_get_dim (less), ==, dim);
  for (int i = 0; i < dim; i++)
    x[i] = sin (i + 1);
  for (int i = 0; i < 6; i++)
    {
      const EqkElement h = eqk_group_element (sub, i);
      EqkElement g;

      g_assert_true (eqk_group_embed (eqk_rep_get_group (rep), sub, &h, &g));
      eqk_rep_apply_f64 (rep, &g, x, y, 1);
      eqk_rep_apply_f64 (less, &h, x, z, 1);
      for (int k = 0; k < dim; k++)
        g_assert_cmpfloat (fabs (y[k] - z[k]), <, 1e-12);
    }
  g_assert_null (eqk_rep_restrict (parse ("C4", "f1"), eqk_group_get ("C3")));
  g_assert_cmpstr (eqk_rep_get_text (eqk_rep_restrict (parse ("SO2", "4x f1"), eqk_group_get ("C4"))), ==, "4x f1");
}

static void
test_runs (void)
{
  const EqkGroup *c4 = eqk_group_get ("C4");
  const EqkRep *a = parse ("C4", "4xreg + 4xreg + 0xf1 + 2xtriv"), *b = parse ("C4", "2xtriv+8xreg");
  const EqkRep *const both[] = { a, b };
  int first;

  g_assert_cmpstr (eqk_rep_get_text (a), ==, "8x reg(C4) + 2x triv");
  g_assert_true (eqk_rep_is_equivalent (a, b));
  g_assert_false (eqk_rep_is_equivalent (a, parse ("C4", "8xreg+1xf1")));
  g_assert_cmpint (eqk_rep_n_fields (a), ==, 10);
  g_assert_true (eqk_rep_field (a, 8, &first) == eqk_group_trivial (c4));
  g_assert_cmpint (first, ==, 32);
  g_assert_true (eqk_rep_field (a, 7, &first) == eqk_group_regular (c4));
  g_assert_cmpint (first, ==, 28);
  g_assert_null (eqk_rep_field (a, 10, &first));
  g_assert_null (eqk_rep_field (a, -1, &first));
  g_assert_cmpstr (eqk_rep_get_text (eqk_rep_concat (both, 2)), ==, "8x reg(C4) + 4x triv + 8x reg(C4)");
  g_assert_true (eqk_rep_single (eqk_group_regular (c4), 8) == parse ("C4", "8x reg"));
  g_assert_null (eqk_rep_single (eqk_group_regular (c4), 16384));
  g_assert_null (eqk_rep_single (eqk_group_regular (c4), -1));
  g_assert_true (eqk_rep_is_trivial (parse ("C4", "3x triv")));
  g_assert_false (eqk_rep_is_trivial (a));
  g_assert_cmpint (eqk_rep_get_dim (parse ("C4", "  ")), ==, 0);
}

static void
test_hom_dim (void)
{
  g_assert_cmpint (eqk_rep_hom_dim (parse ("C4", "reg"), parse ("C4", "reg")), ==, 4);
  g_assert_cmpint (eqk_rep_hom_dim (parse ("D4", "2xreg"), parse ("D4", "3xreg")), ==, 48);
  g_assert_cmpint (eqk_rep_hom_dim (parse ("SO2", "2xf0+3xf1"), parse ("SO2", "f0+4xf1+f2")), ==, 26);
  g_assert_cmpint (eqk_rep_hom_dim (parse ("O2", "2xf0+3xf1"), parse ("O2", "f0+4xf1+f2")), ==, 14);
  g_assert_cmpint (eqk_rep_hom_dim (parse ("C4", "f1"), parse ("C8", "f1")), ==, 0);
  g_assert_cmpint (eqk_rep_hom_dim (parse ("C4", "65535xf0"), parse ("C4", "65535xf0")), ==, G_MAXINT);
}

static void
check_failure (const char *group, const char *text, EqkStatus expected, int index)
{
  const EqkRep *rep = NULL;
  EqkDiag diag = EQK_DIAG_INIT;

  g_test_message ("%s: %s", group, text);
  g_assert_cmpint (eqk_rep_parse (eqk_group_get (group), text, &rep, &diag), ==, expected);
  g_assert_cmpint ((int) diag.index, ==, index);
  g_assert_null (rep);
  g_assert_cmpint (eqk_rep_parse (eqk_group_get (group), text, &rep, NULL), ==, expected);
}

static void
test_failures (void)
{
  check_failure ("C4", "f3", EQK_ERR_PARSE, 0);
  check_failure ("C4", "triv + f3", EQK_ERR_PARSE, 7);
  check_failure ("C4", "f1+", EQK_ERR_PARSE, 3);
  check_failure ("C4", "+f1", EQK_ERR_PARSE, 0);
  check_failure ("C4", "3xx f1", EQK_ERR_PARSE, 2);
  check_failure ("C4", "3 f1", EQK_ERR_PARSE, 2);
  check_failure ("C4", "f1 f1", EQK_ERR_PARSE, 3);
  check_failure ("C4", "sign", EQK_ERR_PARSE, 0);
  check_failure ("C4", "reg(C8)", EQK_ERR_PARSE, 4);
  check_failure ("C4", "reg(C4", EQK_ERR_PARSE, 6);
  check_failure ("C4", "-1x f1", EQK_ERR_PARSE, 0);
  check_failure ("C4", "65536x f0", EQK_ERR_LIMIT, 0);
  check_failure ("C4", "99999999999999999999x f0", EQK_ERR_LIMIT, 0);
  check_failure ("C4", "20000x reg", EQK_ERR_LIMIT, 7);
  check_failure ("SO2", "40000x f1 + triv", EQK_ERR_LIMIT, 7);
  check_failure ("SO2", "reg", EQK_ERR_PARSE, 0);
  check_failure ("SO2", "f256", EQK_ERR_PARSE, 0);
  check_failure ("SO2", "f99999999999999999999", EQK_ERR_PARSE, 0);
  check_failure ("SO2", "bl300", EQK_ERR_PARSE, 0);
  check_failure ("C8", "C8/C3", EQK_ERR_PARSE, 0 + 5);
  check_failure ("C8", "C4/C2", EQK_ERR_PARSE, 0);
  check_failure ("D4", "(2,1)", EQK_ERR_PARSE, 0);
  check_failure ("D4", "(0,1)", EQK_ERR_PARSE, 0);
  check_failure ("D4", "res(C4,f1)", EQK_ERR_PARSE, 10);
  check_failure ("D4", "f1 \xff", EQK_ERR_PARSE, 3);
}

/** Random texts from the notation's own pieces: no crash, and what is read is written and read again. */
static void
test_fuzz (void)
{
  static const char *const pieces[] = {
    "f", "reg", "(", ")", ",", "x", "+", " ", "1", "2", "65535", "99999999999", "C4", "D4", "/", "triv", "sign", "bl",
    "sum(", "prod(", "res(", "ind(", "O2", "SO2", "@axis=", "45", ".", "-", "f1", "f1", "f2", "reg(D4)", "D4/C2", "\n",
    "\xc3\xa9", "@",
  };
  static const char *const groups[] = { "triv", "C4", "D4", "D4@axis=90", "O2", "SO2" };
  EqkRandom random = eqk_random (1, EQK_RANDOM_TEST, 0, 0, 0);
  int n_read = 0;

  for (int t = 0; t < 60000; t++)
    {
      const EqkGroup *group = eqk_group_get (groups[eqk_random_below (&random, G_N_ELEMENTS (groups))]);
      g_autoptr (GString) text = g_string_new (NULL);
      const guint n = 1 + eqk_random_below (&random, 9);
      const EqkRep *rep = NULL, *again = NULL;
      EqkDiag diag = EQK_DIAG_INIT;

      for (guint i = 0; i < n; i++)
        g_string_append (text, pieces[eqk_random_below (&random, G_N_ELEMENTS (pieces))]);
      if (eqk_rep_parse (group, text->str, &rep, &diag) != EQK_OK)
        {
          g_assert_cmpint ((int) diag.index, >=, 0);
          g_assert_cmpint ((int) diag.index, <=, (int) text->len);
          continue;
        }
      g_assert_cmpint (eqk_rep_parse (group, eqk_rep_get_text (rep), &again, NULL), ==, EQK_OK);
      g_assert_true (rep == again);
      n_read++;
    }
  g_assert_cmpint (n_read, >, 500);
}

static void
test_deep_nesting (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const EqkRep *rep = NULL;

  for (int i = 0; i < 100000; i++)
    g_string_append (text, "sum(");
  g_assert_cmpint (eqk_rep_parse (eqk_group_get ("C4"), text->str, &rep, NULL), ==, EQK_ERR_PARSE);
  g_string_assign (text, "f1");
  for (int i = 0; i < 20000; i++)
    g_string_append (text, "+ f1 + triv");
  g_assert_cmpint (eqk_rep_parse (eqk_group_get ("C4"), text->str, &rep, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_rep_n_fields (rep), ==, 40001);
  g_assert_null (eqk_field_product (eqk_field_product (field_of ("D16", "reg"), field_of ("D16", "f1")),
                                    field_of ("D16", "reg")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *laws = g_strdup_printf ("/rep/%s/%d/laws", cases[i].group, (int) i);
      g_autofree char *apply = g_strdup_printf ("/rep/%s/%d/apply", cases[i].group, (int) i);

      g_test_add_data_func (laws, &cases[i], test_case);
      g_test_add_data_func (apply, &cases[i], test_apply);
    }
  g_test_add_func ("/rep/irreps", test_all_irreps);
  g_test_add_func ("/rep/regular-order", test_regular_order);
  g_test_add_func ("/rep/golden-basis", test_golden_basis);
  g_test_add_func ("/rep/golden-blocks", test_golden_blocks);
  g_test_add_func ("/rep/reciprocity", test_reciprocity);
  g_test_add_func ("/rep/restriction", test_restriction);
  g_test_add_func ("/rep/runs", test_runs);
  g_test_add_func ("/rep/hom-dim", test_hom_dim);
  g_test_add_func ("/rep/failures", test_failures);
  g_test_add_func ("/rep/fuzz", test_fuzz);
  g_test_add_func ("/rep/deep-nesting", test_deep_nesting);
  return g_test_run ();
}

/* Steerable kernels: exactness on the grid, counts, norms, golden elements, initial widths. */

#include "eqk/rep.h"
#include "rep/rep-private.h"

#include <glib.h>
#include <math.h>

static const EqkRep *
parse (const EqkGroup *group, const char *text)
{
  const EqkRep *rep = NULL;

  g_assert_cmpint (eqk_rep_parse (group, text, &rep, NULL), ==, EQK_OK);
  return rep;
}

/** Pixel of the size x size grid at the point, which lies on it up to rounding. */
static int
pixel_at (double x, double y, int size)
{
  const int column = (int) floor (x + 0.5 * (size - 1) + 0.5), row = (int) floor (0.5 * (size - 1) - y + 0.5);

  return row * size + column;
}

/** Largest |K(gx) rho_in(g) - rho_out(g) K(x)| over elements and pixels. */
static double
constraint_error (const EqkKernelBasis *basis, const EqkField *in, const EqkField *out, const EqkElement *g)
{
  const EqkGroup *group = eqk_field_get_group (in);
  const int d_in = basis->d_in, d_out = basis->d_out, size = basis->size, pixels = size * size;
  g_autofree double *rho_in = g_new (double, d_in * d_in), *rho_out = g_new (double, d_out * d_out);
  double action[4], worst = 0;

  eqk_field_matrix (in, g, rho_in);
  eqk_field_matrix (out, g, rho_out);
  eqk_group_action (group, g, action);
  for (int e = 0; e < basis->n; e++)
    for (int p = 0; p < pixels; p++)
      {
        const double x = p % size - 0.5 * (size - 1), y = 0.5 * (size - 1) - p / size;
        const int q = pixel_at (action[0] * x + action[1] * y, action[2] * x + action[3] * y, size);
        const double *k = basis->table + (gsize) e * d_out * d_in * pixels;

        for (int i = 0; i < d_out; i++)
          for (int j = 0; j < d_in; j++)
            {
              double left = 0, right = 0;

              for (int l = 0; l < d_in; l++)
                left += k[(i * d_in + l) * pixels + q] * rho_in[l * d_in + j];
              for (int l = 0; l < d_out; l++)
                right += rho_out[i * d_out + l] * k[(l * d_in + j) * pixels + p];
              worst = MAX (worst, fabs (left - right));
            }
      }
  return worst;
}

static void
check_pair (const EqkField *in, const EqkField *out, const EqkKernelSpec *spec)
{
  const EqkGroup *group = eqk_field_get_group (in);
  const EqkKernelBasis *basis = eqk_kernel_basis (in, out, spec);

  g_assert_nonnull (basis);
  for (int i = 0; i < eqk_group_get_order (group); i++)
    {
      const EqkElement g = eqk_group_element (group, i);

      if (eqk_group_on_grid (group, &g))
        g_assert_cmpfloat (constraint_error (basis, in, out, &g), <, 1e-12);
    }
  eqk_kernel_basis_unref (basis);
}

/** Every irrep, the regular field (small orders) and a quotient of a group, against each other. */
static void
check_group (const EqkGroup *group)
{
  const EqkField *fields[32];
  const EqkKernelSpec specs[] = { { .size = 3, .dilation = 2 }, { .size = 5 } };
  int n = 0;

  for (int i = 0; i < eqk_group_n_irreps (group, 8); i++)
    fields[n++] = eqk_group_irrep (group, i);
  if (eqk_group_get_order (group) <= 8)
    fields[n++] = eqk_group_regular (group);
  for (int m = 2; m < eqk_group_get_n (group); m++)
    if (eqk_group_get_n (group) % m == 0)
      {
        g_autofree char *id = g_strdup_printf ("C%d", m);

        fields[n++] = eqk_field_quotient (group, eqk_group_get (id));
        break;
      }
  for (int s = 0; s < 2; s++)
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++)
        check_pair (fields[i], fields[j], &specs[s]);
}

static void
test_exact_on_grid (void)
{
  static const char *const axes[] = { "", "@axis=90", "@axis=45", "@axis=22.5" };

  for (int n = 1; n <= 16; n++)
    {
      g_autofree char *cyclic = g_strdup_printf ("C%d", n);

      check_group (eqk_group_get (cyclic));
      for (int a = 0; a < (n == 4 ? 4 : 2); a++)
        {
          g_autofree char *dihedral = g_strdup_printf ("D%d%s", n, axes[a]);

          check_group (eqk_group_get (dihedral));
        }
    }
}

/** Regular fields of the largest groups, once: their tables are big. */
static void
test_exact_large (void)
{
  const EqkKernelSpec spec = { .size = 3 };

  check_pair (eqk_group_regular (eqk_group_get ("D16")), eqk_group_irrep (eqk_group_get ("D16"), 3), &spec);
  check_pair (eqk_group_regular (eqk_group_get ("C16")), eqk_group_regular (eqk_group_get ("C16")), &spec);
}

/** SO(2) and O(2) at quarter turns and grid mirrors. */
static void
test_exact_continuous (void)
{
  const EqkGroup *o2 = eqk_group_get ("O2@axis=90"), *so2 = eqk_group_get ("SO2");
  const EqkKernelSpec spec = { .size = 7 };

  for (int t = 0; t < 8; t++)
    {
      const EqkElement g = { .mirror = t / 4, .angle = t % 4 * G_PI_2 };

      for (int i = 0; i < eqk_group_n_irreps (o2, 4); i++)
        for (int j = 0; j < eqk_group_n_irreps (o2, 4); j++)
          {
            const EqkField *in = eqk_group_irrep (o2, i), *out = eqk_group_irrep (o2, j);

            g_assert_cmpfloat (constraint_error (eqk_kernel_basis (in, out, &spec), in, out, &g), <, 1e-12);     /* of irreps: not to be given back */
          }
      for (int i = 0; t < 4 && i <= 4; i++)
        for (int j = 0; j <= 4; j++)
          {
            const EqkField *in = eqk_group_irrep (so2, i), *out = eqk_group_irrep (so2, j);

            g_assert_cmpfloat (constraint_error (eqk_kernel_basis (in, out, &spec), in, out, &g), <, 1e-12);
          }
    }
}

static const struct
{
  const char *group, *in, *out;
  EqkKernelSpec spec;
  int n;
} counts[] = {
  { "C4", "reg", "reg", { .size = 5 }, 44 },
  { "C4", "reg", "reg", { .size = 9 }, 124 },
  { "C8", "reg", "reg", { .size = 9 }, 248 },
  { "D8", "reg", "reg", { .size = 7 }, 288 },
  { "D4", "triv", "reg", { .size = 7 }, 18 },
  { "D4", "triv", "reg", { .size = 11 }, 46 },
  { "C8", "2xf0 + 3xf1", "2xf2 + reg", { .size = 5 }, 128 },
  { "SO2", "8xf0+8xf1+8xf2+8xf3", "16xf0+16xf1+16xf2+16xf3", { .size = 5 }, 8320 },
  { "O2", "4xtriv+4xf1+4xf2", "8xtriv+2xsign+8xf1+8xf3", { .size = 5 }, 672 },
  { "C8", "C8/C2", "C8/C4", { .size = 5 }, 14 },
  { "D4", "D4/D1", "reg", { .size = 5 }, 44 },
  { "C4", "reg", "reg", { .size = 5, .frequency_factor = 3 }, 84 },
  { "C4", "reg", "reg", { .size = 5, .policy = 2 }, 36 },
  { "C4", "reg", "reg", { .size = 5, .policy = 3 }, 36 },
  { "C4", "reg", "reg", { .size = 3, .dilation = 2 }, 32 },
  { "C4", "reg", "reg", { .size = 1 }, 4 },
  { "C4", "reg", "reg", { .size = 2 }, 0 },
  { "C4", "reg", "reg", { .size = 4 }, 20 },
  { "SO2", "f1", "f1", { .size = 1 }, 2 },
  { "O2", "triv", "sign", { .size = 7 }, 0 },
};

static void
test_counts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      const EqkGroup *group = eqk_group_get (counts[i].group);
      const EqkRep *in = parse (group, counts[i].in), *out = parse (group, counts[i].out);
      gint64 n = 0;

      for (int o = 0; o < eqk_rep_n_fields (out); o++)
        for (int k = 0; k < eqk_rep_n_fields (in); k++)
          {
            const EqkKernelBasis *basis = eqk_kernel_basis (eqk_rep_field (in, k, NULL), eqk_rep_field (out, o, NULL), &counts[i].spec);

            n += basis->n;
            eqk_kernel_basis_unref (basis);
          }
      g_assert_cmpint (n, ==, counts[i].n);
      g_assert_cmpint (eqk_kernel_count (in, out, &counts[i].spec), ==, counts[i].n);
    }
}

/** Norms, labels, independence: the Gram matrix of a ring's elements has full rank because its solutions do. */
static void
test_norms (void)
{
  const EqkField *in = eqk_group_regular (eqk_group_get ("D4")), *out = eqk_group_regular (eqk_group_get ("D4"));
  const EqkKernelSpec spec = { .size = 5 };
  const EqkKernelBasis *basis = eqk_kernel_basis (in, out, &spec);
  const gsize element = (gsize) basis->d_in * basis->d_out * 25;

  for (int e = 0; e < basis->n; e++)
    {
      const EqkField *to = eqk_field_irrep (out, basis->irrep_out[e]);
      double sum = 0;

      for (gsize i = 0; i < element; i++)
        sum += basis->table[e * element + i] * basis->table[e * element + i];
      g_assert_cmpfloat (fabs (sum - eqk_field_get_dim (to)), <, 1e-12);
      g_assert_cmpint (basis->ring[e], <, 3);
      g_assert_cmpint (basis->frequency[e], <=, basis->ring[e] == 0 ? 0 : 2);
    }
  eqk_kernel_basis_unref (basis);
}

/** Who asks for what is held gets the same; what was given back stays only while it is little, and what is held stays in any case. */
static void
test_shared (void)
{
  const EqkField *small = eqk_group_regular (eqk_group_get ("C4")), *large = eqk_group_regular (eqk_group_get ("D8"));
  const EqkKernelSpec spec = { .size = 7 };
  const EqkKernelBasis *held = eqk_kernel_basis (small, small, &spec), *again = eqk_kernel_basis (small, small, &spec), *irreps[2];
  const double first = held->table[0];
  const gsize before = eqk_kernel_basis_kept ();
  gsize taken = 0;

  g_assert_true (again == held);
  eqk_kernel_basis_unref (again);
  g_assert_cmpuint (eqk_kernel_basis_kept (), ==, before);
  for (int dilation = 1; dilation <= 5; dilation++)
    {
      const EqkKernelSpec other = { .size = 7, .dilation = dilation };
      const EqkKernelBasis *basis = eqk_kernel_basis (large, large, &other);

      g_assert_nonnull (basis);
      taken += sizeof (double) * (gsize) basis->n * (gsize) (basis->d_in * basis->d_out * 49);
      eqk_kernel_basis_unref (basis);
    }
  g_assert_cmpuint (taken, >, (gsize) 2 << 26);         /* else nothing had to go */
  g_assert_cmpuint (eqk_kernel_basis_kept (), <=, before + ((gsize) 1 << 26));
  again = eqk_kernel_basis (small, small, &spec);
  g_assert_true (again == held && held->table[0] == first);
  eqk_kernel_basis_unref (again);
  eqk_kernel_basis_unref (held);
  eqk_kernel_basis_unref (NULL);
  for (int i = 0; i < 2; i++)
    {
      irreps[i] = eqk_kernel_basis (eqk_field_irrep (small, 0), eqk_field_irrep (small, 1), &spec);
      eqk_kernel_basis_unref (irreps[i]);
    }
  g_assert_true (irreps[0] == irreps[1] && irreps[0]->n > 0);
}

static void
test_golden_element (void)
{
  static const double x[9] = { -0.252467892, 0, 0.252467892, -0.610344105, 0, 0.610344105, -0.252467892, 0, 0.252467892 };
  static const double y[9] = { 0.252467892, 0.610344105, 0.252467892, 0, 0, 0, -0.252467892, -0.610344105, -0.252467892 };
  const EqkGroup *o2 = eqk_group_get ("O2");
  const EqkKernelSpec spec = { .size = 3 };
  const EqkKernelBasis *basis = eqk_kernel_basis (eqk_group_trivial (o2), eqk_group_irrep_by_id (o2, 1, 1), &spec);

  g_assert_cmpint (basis->n, ==, 1);
  for (int i = 0; i < 9; i++)
    {
      g_assert_cmpfloat (fabs (basis->table[i] - x[i]), <, 1e-9);
      g_assert_cmpfloat (fabs (basis->table[9 + i] - y[i]), <, 1e-9);
    }
}

static void
test_candidates (void)
{
  const EqkGroup *so2 = eqk_group_get ("SO2");
  const EqkKernelSpec spec = { .size = 5 };
  const EqkKernelBasis *none = eqk_kernel_basis (eqk_group_irrep (so2, 0), eqk_group_irrep (so2, 3), &spec);
  const EqkKernelBasis *all = eqk_kernel_basis (eqk_group_irrep (so2, 0), eqk_group_irrep (so2, 2), &spec);

  g_assert_cmpint (none->n, ==, 0);
  g_assert_cmpint (none->n_candidates, ==, 4);
  g_assert_cmpint (all->n, ==, 4);
  g_assert_cmpint (all->n_candidates, ==, 4);
}

static void
test_bad_specs (void)
{
  const EqkField *f = eqk_group_trivial (eqk_group_get ("C4")), *other = eqk_group_trivial (eqk_group_get ("C8"));
  const EqkKernelSpec bad[] = { { .size = 0 }, { .size = 16 }, { .size = -3 }, { .size = 3, .dilation = -1 },
                                { .size = 3, .n_rings = 65 }, { .size = 3, .sigma = -1 }, { .size = 3, .sigma = NAN },
                                { .size = 3, .policy = 4 }, { .size = 3, .frequency_factor = INFINITY } };
  EqkKernelRing rings[EQK_MAX_RINGS];

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (eqk_kernel_basis (f, f, &bad[i]));
      g_assert_cmpint (eqk_kernel_rings (&bad[i], rings), ==, 0);
    }
  g_assert_null (eqk_kernel_basis (f, other, &counts[0].spec));
  /* 15 x 15 between regular fields of D16 would be gigabytes; counting it is still fine. */
  g_assert_null (eqk_kernel_basis (eqk_group_regular (eqk_group_get ("D16")), eqk_group_regular (eqk_group_get ("D16")),
                                   &(EqkKernelSpec) { .size = 15 }));
  g_assert_cmpint (eqk_kernel_count (parse (eqk_group_get ("D16"), "64xreg"), parse (eqk_group_get ("D16"), "64xreg"),
                                     &(EqkKernelSpec) { .size = 15 }), >, 1000000);
}

/** He's rule: with these widths every output channel has the variance of the input, exactly, by summing squares. */
static void
test_initial_width (void)
{
  const EqkGroup *group = eqk_group_get ("C8");
  const EqkRep *in = parse (group, "2xf0 + 3xf1"), *out = parse (group, "2xf2 + reg");
  const EqkKernelSpec spec = { .size = 5 };
  const gint64 n = eqk_kernel_count (in, out, &spec);
  g_autofree double *std = g_new (double, n);
  gint64 at = 0;

  g_assert_cmpint (eqk_kernel_init_std (in, out, &spec, std), ==, EQK_OK);
  for (int o = 0; o < eqk_rep_n_fields (out); o++)
    {
      const EqkField *to = eqk_rep_field (out, o, NULL);
      g_autofree double *variance = g_new0 (double, eqk_field_n_irreps (to));

      for (int i = 0; i < eqk_rep_n_fields (in); i++)
        {
          const EqkKernelBasis *basis = eqk_kernel_basis (eqk_rep_field (in, i, NULL), to, &spec);

          for (int e = 0; e < basis->n; e++)
            variance[basis->irrep_out[e]] += std[at + e] * std[at + e];
          at += basis->n;
          eqk_kernel_basis_unref (basis);
        }
      for (int b = 0; b < eqk_field_n_irreps (to); b++)   /* a copy that nothing reaches stays at zero */
        g_assert_true (fabs (variance[b] - 1) < 1e-12 || variance[b] == 0);
    }
  g_assert_cmpint (at, ==, n);
}

static void
test_angular (void)
{
  const EqkGroup *d4 = eqk_group_get ("D4"), *so2 = eqk_group_get ("SO2");
  int frequencies[8];

  g_assert_cmpint (eqk_kernel_n_angular (eqk_group_irrep_by_id (d4, 0, 2), eqk_group_irrep_by_id (d4, 0, 2), 6,
                                         frequencies, 8), ==, 2);
  g_assert_cmpint (frequencies[1], ==, 4);
  g_assert_cmpint (eqk_kernel_n_angular (eqk_group_irrep (so2, 2), eqk_group_irrep (so2, 4), 8, frequencies, 8), ==, 4);
  g_assert_cmpint (frequencies[3], ==, 6);
  g_assert_cmpint (eqk_kernel_n_angular (eqk_group_irrep (so2, 2), eqk_group_irrep (so2, 4), -1, NULL, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/basis/exact-on-grid", test_exact_on_grid);
  g_test_add_func ("/basis/exact-large", test_exact_large);
  g_test_add_func ("/basis/shared", test_shared);
  g_test_add_func ("/basis/exact-continuous", test_exact_continuous);
  g_test_add_func ("/basis/counts", test_counts);
  g_test_add_func ("/basis/norms", test_norms);
  g_test_add_func ("/basis/golden-element", test_golden_element);
  g_test_add_func ("/basis/candidates", test_candidates);
  g_test_add_func ("/basis/bad-specs", test_bad_specs);
  g_test_add_func ("/basis/initial-width", test_initial_width);
  g_test_add_func ("/basis/angular", test_angular);
  return g_test_run ();
}

/* Matrix products in every precision and variant against loops in double. */

#include "core/planar.h"
#include "eqk/random.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static double
get (const void *data, int bits, ptrdiff_t i)
{
  return bits == 32 ? (double) ((const float *) data)[i] : ((const double *) data)[i];
}

static void *
random_array (int bits, size_t n, EqkRandom *random)
{
  void *data = g_malloc ((n + 1) * (size_t) bits / 8);

  for (size_t i = 0; i < n; i++)
    if (bits == 32)
      ((float *) data)[i] = (float) eqk_random_normal (random);
    else
      ((double *) data)[i] = eqk_random_normal (random);
  return data;
}

static void
check (const EqkPlanarKernels *kernels, int m, int n, int k, bool ta, bool tb, bool add, int slack, EqkRandom *random)
{
  const int bits = kernels->bits;
  const ptrdiff_t lda = (ta ? m : k) + slack, ldb = (tb ? k : n) + slack, ldc = n + slack;
  g_autofree void *a = random_array (bits, (size_t) (lda * (ta ? k : m)), random);
  g_autofree void *b = random_array (bits, (size_t) (ldb * (tb ? n : k)), random);
  g_autofree void *c = random_array (bits, (size_t) (ldc * m), random);
  g_autofree void *before = g_memdup2 (c, (size_t) (ldc * m) * (size_t) bits / 8);
  const double tolerance = (bits == 64 ? 2.2e-16 : 1.2e-7) * 2 * (k + 10);

  if (!add)   /* what is overwritten may hold anything */
    for (int i = 0; i < m; i++)
      memset ((char *) c + i * ldc * bits / 8, 0xff, (size_t) (n * bits / 8));
  kernels->gemm (ta, tb, m, n, k, a, lda, b, ldb, c, ldc, add);
  for (int i = 0; i < m; i++)
    for (int j = 0; j < ldc; j++)
      {
        double sum = add || j >= n ? get (before, bits, i * ldc + j) : 0;

        for (int p = 0; p < k && j < n; p++)
          sum += get (a, bits, ta ? p * lda + i : i * lda + p) * get (b, bits, tb ? j * ldb + p : p * ldb + j);
        if (!(fabs (sum - get (c, bits, i * ldc + j)) < tolerance))
          g_error ("%d x %d x %d, ta %d, tb %d, add %d: [%d, %d] is %g, not %g", m, n, k, ta, tb, add, i, j,
                   get (c, bits, i * ldc + j), sum);
      }
}

static void
test_sizes (gconstpointer data)
{
  EqkRandom random = eqk_random (5, EQK_RANDOM_TEST, 0, 0, 0);
  const int sizes[] = { 1, 2, 5, 8, 13, 16, 31, 33, 64, 70 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      for (int mask = 0; mask < 8; mask++)
        check (data, sizes[i], sizes[j], 1 + (int) eqk_random_below (&random, 90), mask & 1, mask & 2, mask & 4,
               (int) eqk_random_below (&random, 3), &random);
  for (int mask = 0; mask < 8; mask++)
    {
      check (data, 7, 9, 0, mask & 1, mask & 2, mask & 4, 1, &random);         /* an empty sum */
      check (data, 3, 20, 700, mask & 1, mask & 2, mask & 4, 0, &random);      /* several blocks of k */
      check (data, 400, 24, 30, mask & 1, mask & 2, mask & 4, 0, &random);     /* several blocks of m */
      check (data, 390, 200, 210, mask & 1, mask & 2, mask & 4, 3, &random);   /* OpenBLAS, where it knows the processor */
    }
}

int
main (int argc, char **argv)
{
  EqkSimd variants[EQK_SIMD_N];
  int n;

  g_test_init (&argc, &argv, NULL);
  n = eqk_simd_variants (variants);
  for (int i = 0; i < n; i++)
    for (int bits = 32; bits <= 64; bits += 32)
      {
        g_autofree char *path = g_strdup_printf ("/gemm/%s/float%d", eqk_simd_variant_name (variants[i]), bits);

        g_test_add_data_func (path, eqk_planar_kernels (bits, variants[i]), test_sizes);
      }
  return g_test_run ();
}

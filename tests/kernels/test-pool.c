/* The pool: every chunk once, whatever the number of threads, and more threads than cores. */

#include "eqk/pool.h"
#include "core/simd.h"

#include <glib.h>
#include <stdatomic.h>

typedef struct
{
  atomic_int *hits;
  double     *values;
  atomic_int *lane_busy;
  int         n_lanes;
} Job;

static void
job_chunk (void *data, size_t chunk, int lane)
{
  Job *job = data;

  g_assert_cmpint (lane, >=, 0);
  g_assert_cmpint (lane, <, job->n_lanes);
  g_assert_cmpint (atomic_fetch_add (&job->lane_busy[lane], 1), ==, 0);   /* a lane's scratch has one user */
  atomic_fetch_add (&job->hits[chunk], 1);
  job->values[chunk] = (double) chunk * 0.5;                              /* plain: the return must order it */
  atomic_fetch_sub (&job->lane_busy[lane], 1);
}

static void
check_run (EqkPool *pool, size_t n)
{
  g_autofree atomic_int *hits = g_new0 (atomic_int, n + 1);
  g_autofree double *values = g_new0 (double, n + 1);
  atomic_int lane_busy[64] = { 0 };
  Job job = { hits, values, lane_busy, eqk_pool_n_threads (pool) };

  eqk_pool_run (pool, n, job_chunk, &job);
  for (size_t i = 0; i < n; i++)
    {
      g_assert_cmpint (hits[i], ==, 1);
      g_assert_cmpfloat (values[i], ==, (double) i * 0.5);
    }
}

static void
test_every_chunk_once (void)
{
  const int threads[] = { 1, 2, 3, 8, 17 };

  check_run (NULL, 5);
  for (guint t = 0; t < G_N_ELEMENTS (threads); t++)
    {
      EqkPool *pool = eqk_pool_new (threads[t]);

      g_assert_cmpint (eqk_pool_n_threads (pool), ==, threads[t]);
      for (size_t n = 0; n < 40; n++)
        check_run (pool, n);
      check_run (pool, 10000);
      for (int i = 0; i < 2000; i++)
        check_run (pool, 1 + i % 7);
      for (int i = 0; i < 20; i++)   /* workers have gone to sleep in between */
        {
          g_usleep (300);
          check_run (pool, 3);
        }
      eqk_pool_free (pool);
    }
}

static void
slow_chunk (void *data, size_t chunk, int lane)
{
  if (chunk == 1)
    g_usleep (3000);   /* the caller has to sleep for this one */
  atomic_fetch_add ((atomic_int *) data, 1);
}

static void
test_slow_worker (void)
{
  EqkPool *pool = eqk_pool_new (3);

  for (int i = 0; i < 20; i++)
    {
      atomic_int n = 0;

      eqk_pool_run (pool, 4, slow_chunk, &n);
      g_assert_cmpint (n, ==, 4);
    }
  eqk_pool_free (pool);
}

static void
test_limits (void)
{
  g_assert_null (eqk_pool_new (0));
  g_assert_null (eqk_pool_new (-1));
  g_assert_cmpint (eqk_pool_n_threads (NULL), ==, 1);
  eqk_pool_free (NULL);
  for (int i = 0; i < 50; i++)   /* workers that never had anything to do end, too */
    eqk_pool_free (eqk_pool_new (4));
}

static void
test_simd (void)
{
  EqkSimd list[EQK_SIMD_N];
  const int n = eqk_simd_variants (list);
  const EqkSimd before = eqk_simd ();

  g_assert_cmpint (n, >=, 1);
  g_assert_cmpint (list[0], ==, EQK_SIMD_BASE);
  for (int i = 0; i < n; i++)
    {
      g_assert_true (eqk_simd_force (eqk_simd_variant_name (list[i])));
      g_assert_cmpint (eqk_simd (), ==, list[i]);
    }
  g_assert_false (eqk_simd_force ("neon9"));
  g_assert_false (eqk_simd_force (NULL));
  g_assert_true (eqk_simd_force (eqk_simd_variant_name (before)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/every-chunk-once", test_every_chunk_once);
  g_test_add_func ("/pool/slow-worker", test_slow_worker);
  g_test_add_func ("/pool/limits", test_limits);
  g_test_add_func ("/simd/choice", test_simd);
  return g_test_run ();
}

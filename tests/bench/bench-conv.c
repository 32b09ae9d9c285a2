/*
 * Speed of convolutions against the FMA peak measured in the same run. "Effective" GF/s count the operations of the
 * direct algorithm whatever the algorithm is. Usage: bench-conv [threads [case]]; EQK_SIMD chooses the variant.
 */

#include "core/planar.h"
#include "eqk/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct
{
  const char  *name;
  EqkConvShape shape;
  bool         in_t01;      /* counts towards the training step of T01 */
  bool         no_dx;       /* of the first layer nobody asks for */
} Case;

#define SHAPE(hw, ci, co, kk, gg, ...)                                                                            \
  { .n = 64, .h = hw, .w = hw, .cin = ci, .cout = co, .k = kk, .stride = 1, .pad = kk / 2, .dilation = 1, .groups = gg, \
    .out_h = hw, .out_w = hw, __VA_ARGS__ }

static const Case cases[] = {
  { "first-1-64@28",         SHAPE (28, 1, 64, 5, 1), true, true },
  { "conv-dense-64",         SHAPE (28, 64, 64, 5, 1), false, false },
  { "64-128@14",             SHAPE (14, 64, 128, 5, 1), true, false },
  { "128-256@7",             SHAPE (7, 128, 256, 5, 1), true, false },
  { "k3-64-64@28",           SHAPE (28, 64, 64, 3, 1), false, false },
  { "k7-64-64@28",           SHAPE (28, 64, 64, 7, 1), false, false },
  { "conv-dense-64-exact",   SHAPE (28, 64, 64, 5, 1, .exact = true), false, false },
  { "64-128@14-exact",       SHAPE (14, 64, 128, 5, 1, .exact = true), false, false },
  { "128-256@7-exact",       SHAPE (7, 128, 256, 5, 1, .exact = true), false, false },
  { "pointwise-64-64@28",    SHAPE (28, 64, 64, 1, 1), false, false },
  { "first-3-32@32",         SHAPE (32, 3, 32, 7, 1), false, true },
  { "groups-8x16-16@14",     SHAPE (14, 128, 128, 5, 8), false, false },
  { "depthwise-64@28",       SHAPE (28, 64, 64, 5, 64), false, false },
};

static double
seconds (int threads)
{
  struct timespec t;

  clock_gettime (threads > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

static void *
memory (size_t bytes)
{
  return aligned_alloc (64, (bytes + 127) / 64 * 64);
}

static float *
random_floats (size_t n, EqkRandom *random)
{
  float *p = memory (n * sizeof *p);

  for (size_t i = 0; i < n; i++)
    p[i] = (float) eqk_random_uniform (random) - 0.5f;
  return p;
}

int
main (int argc, char **argv)
{
  const int threads = argc > 1 ? atoi (argv[1]) : 1;
  const EqkPlanarKernels *kernels = eqk_planar_kernels (32, eqk_simd ());
  EqkPool *pool = eqk_pool_new (threads);
  EqkRandom random = eqk_random (1, EQK_RANDOM_TEST, 0, 0, 0);
  const double peak = kernels->fma_peak () * 1e-9 * threads;
  double t01 = 0;

  printf ("%s, %d thread(s), FMA peak %.0f GF/s (one thread x %d)\n", eqk_simd_name (), threads, peak, threads);
  printf ("%-22s %8s %26s %26s %26s %8s\n", "", "GFLOP", "forward", "data gradient", "filter gradient", "scratch");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      const EqkConvShape *s = &cases[i].shape;
      const size_t nx = (size_t) s->n * (size_t) (s->h * s->w * s->cin), ny = (size_t) s->n * (size_t) (s->out_h * s->out_w * s->cout);
      const size_t nw = (size_t) (s->k * s->k * s->cin / s->groups * s->cout);
      const double flops = 2.0 * (double) nw * (double) (s->n * s->out_h * s->out_w) * 1e-9;
      double best[3] = { 1e9, 1e9, 1e9 };
      size_t most = 0;

      if (argc > 2 && strstr (cases[i].name, argv[2]) == NULL)
        continue;
      for (int pass = 0; pass < 3; pass++)
        {
          const size_t bytes = kernels->conv_scratch (s, threads, (EqkConvPass) pass);

          most = bytes > most ? bytes : most;
        }
      {
        float *x = random_floats (nx, &random), *y = random_floats (ny, &random), *w = random_floats (nw, &random);
        float *dw = memory (nw * sizeof *dw), *dx = memory (nx * sizeof *dx), *bias = random_floats ((size_t) s->cout, &random);
        void *scratch = memory (most);

        for (int run = 0; run < 12; run++)
          for (int pass = 0; pass < 3; pass++)
            {
              const double start = seconds (threads);
              double t;

              if (pass == 0)
                kernels->conv_forward (s, pool, x, w, bias, y, scratch);
              else if (pass == 1)
                kernels->conv_backward_data (s, pool, y, w, dx, scratch);
              else
                kernels->conv_backward_filter (s, pool, x, y, dw, bias, scratch);
              t = seconds (threads) - start;
              best[pass] = t < best[pass] ? t : best[pass];
            }
        free (x);
        free (y);
        free (w);
        free (dw);
        free (dx);
        free (bias);
        free (scratch);
      }
      printf ("%-22s %8.2f", cases[i].name, flops);
      for (int pass = 0; pass < 3; pass++)
        printf (" %7.2f ms %4.0f GF/s %4.2fx", best[pass] * 1e3, flops / best[pass], flops / best[pass] / peak);
      printf (" %5.1f MB\n", (double) most / 1048576);
      if (cases[i].in_t01)
        t01 += best[0] + best[2] + (cases[i].no_dx ? 0 : best[1]);
    }
  printf ("convolutions of a T01 step: %.1f ms\n", t01 * 1e3);
  eqk_pool_free (pool);
  return 0;
}

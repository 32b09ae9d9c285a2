/* The rate of independent chains of fused multiply-adds: what everything else is measured against. */

#include "ops/planar.h"

#include <time.h>

#define CHAINS 12

static double
seconds (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

static __attribute__ ((noinline)) eqk_real
chains (int n)
{
  eqk_vec acc[CHAINS];
  eqk_vec x = (eqk_real) 0.999 - (eqk_vec) { 0 }, y = (eqk_real) 1e-3 - (eqk_vec) { 0 };
  eqk_real sum = 0;

  EQK_UNROLL (12)
  for (int c = 0; c < CHAINS; c++)
    acc[c] = (eqk_real) c - (eqk_vec) { 0 };
  for (int i = 0; i < n; i++)
    {
      EQK_UNROLL (12)
      for (int c = 0; c < CHAINS; c++)
        acc[c] = acc[c] * x + y;
      __asm__ volatile ("" ::: );
    }
  EQK_UNROLL (12)
  for (int c = 0; c < CHAINS; c++)
    sum += acc[c][0];
  return sum;
}

double
EQK_SYM (fma_peak) (void)
{
  const int n = 200000;
  volatile eqk_real sink = 0;
  double best = 1e30;

  for (int run = 0; run < 20; run++)
    {
      const double start = seconds ();

      sink = sink + chains (n);
      best = seconds () - start < best ? seconds () - start : best;
    }
  return 2.0 * CHAINS * EQK_LANES * n / best;
}

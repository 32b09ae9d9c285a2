/*
 * Speed of the operations on irreps of space, one thread, in processor time, with the useful multiply-adds as the plans count
 * them against the peak measured in the same run. Usage: bench-space; EQK_SIMD chooses the variant.
 */

#include "check/specimen.h"
#include "core/planar.h"
#include "core/simd.h"
#include "eqk/random.h"
#include "graph/run-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct
{
  const char *name, *layer;
  EqkSpecimen specimen;
  size_t      nodes, edges;
} Case;

static const Case cases[] = {
  { "sh-l3", "sph_harm", { "O3", { "vector" }, "degree=3" }, 2, 100000 },
  { "fctp", "fctp", { "O3", { "nodes 64x0e + 64x1o + 64x2e", "nodes 1x0e + 1x1o + 1x2e" }, "out=64x0e + 64x1o + 64x2e" }, 2000, 2 },
  { "uvu", "tp_uvu", { "O3", { "nodes 32x0e + 32x1o + 32x2e", "edges 1x0e + 1x1o + 1x2e", "edges 352x0e" }, "keep=1x0e + 1x1o + 1x2e" }, 500, 10000 },
  { "uvu-mlp", "nequip_interaction", { "O3", { "nodes 32x0e + 32x1o + 32x2e", "edges 1x0e + 1x1o + 1x2e", "radial 8x triv" }, "out=32x0e + 32x1o + 32x2e gates=off hidden=[64]" }, 500, 10000 },
  { "contraction", "mace_product", { "O3", { "nodes 64x0e + 64x1o + 64x2e + 64x3o", "species" }, "out=64x0e + 64x1o" }, 500, 2 },
};

static double
seconds (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

static int32_t
drawn (EqkRandom *random, size_t n)
{
  return (int32_t) eqk_random_below (random, (uint32_t) n);
}

/* Edges of random sources, the same number into each node. */
static void
draw_structure (EqkRun *run, size_t edges)
{
  EqkStructure *s = &run->priv->structures[0];
  EqkRandom     random = eqk_random (1, EQK_RANDOM_TEST, 5, 0, 0);
  size_t        at = 0;

  s->n_edges = run->sizes.edges = edges;
  memset (s->by_src, 0, (s->n_nodes + 1) * sizeof *s->by_src);
  for (size_t e = 0; e < edges; e++)
    {
      s->dst[e] = (int32_t) (e * s->n_nodes / edges);
      s->src[e] = drawn (&random, s->n_nodes);
      s->by_src[s->src[e] + 1]++;
    }
  for (size_t i = 0; i <= s->n_nodes; i++)
    {
      while (at < edges && (size_t) s->dst[at] < i)
        at++;
      s->by_dst[i] = (int32_t) at;
      if (i > 0)
        s->by_src[i] += s->by_src[i - 1];
    }
  at = 0;
  for (size_t i = 0; i < s->n_nodes; i++)
    for (size_t e = 0; e < edges; e++)
      if ((size_t) s->src[e] == i)
        s->src_edge[at++] = (int32_t) e;
}

static EqkRun *
make_run (const Case *c, EqkProgram **program, EqkStore **store)
{
  EqkDiag             diag = EQK_DIAG_INIT;
  EqkRun             *run = NULL;
  const EqkRunOptions options = { .precision = EQK_F32, .train = true, .input_grads = true, .capacity = { 1, c->nodes, c->edges, 0 } };
  const int32_t       nodes = (int32_t) c->nodes;
  EqkRandom           random = eqk_random (1, EQK_RANDOM_TEST, 6, 0, 0);

  if (eqk_specimen_program (eqk_layer_find (c->layer), &c->specimen, NULL, program, &diag) != EQK_OK ||
      (*store = eqk_store_new (*program, EQK_F32, 1)) == NULL || eqk_run_new (*program, *store, &options, &run, &diag) != EQK_OK ||
      eqk_run_set_nodes (run, &nodes, 1, &diag) != EQK_OK)
    {
      fprintf (stderr, "%s: %s, expected %s, found %s\n", c->name, diag.what, diag.expected, diag.found);
      exit (1);
    }
  draw_structure (run, c->edges);
  for (int v = 0; v < eqk_program_n_values (*program); v++)
    {
      const bool   fed = eqk_program_value (*program, v)->kind == EQK_VALUE_FEED;
      const size_t n = fed ? eqk_run_rows (run, v) * (size_t) eqk_program_value (*program, v)->width : 0;

      for (size_t i = 0; i < n; i++)
        if (eqk_program_value (*program, v)->index)
          ((int32_t *) eqk_run_feed (run, v))[i] = drawn (&random, 3);
        else
          ((float *) eqk_run_feed (run, v))[i] = (float) eqk_random_normal (&random);
    }
  return run;
}

static void
seed (EqkRun *run)
{
  const int value = eqk_program_output (run->program, 0)->value;

  for (size_t i = 0; i < eqk_run_rows (run, value) * (size_t) eqk_program_value (run->program, value)->width; i++)
    ((float *) eqk_run_seed (run, 0))[i] = (float) (i % 7) - 3;
}

/* The best of several passes, in seconds: forward, or backward after it. */
static double
best (EqkRun *run, bool backward)
{
  double least = 1e9, spent = 0;

  for (int i = 0; i < 200 && spent < 1.5; i++)
    {
      double start = seconds (), took;

      eqk_run_forward (run, EQK_PASS_TRAIN, NULL);
      if (backward)
        {
          seed (run);
          start = seconds ();
          eqk_run_backward (run, NULL);
        }
      took = seconds () - start;
      spent += took;
      least = took < least ? took : least;
    }
  return least;
}

int
main (void)
{
  double peak = 0;

  for (int i = 0; i < 20; i++)
    {
      const double now = eqk_planar_kernels (32, eqk_simd ())->fma_peak () * 1e-9;

      peak = now > peak ? now : peak;
    }

  printf ("variant %s, peak %.1f GF/s\n", eqk_simd_variant_name (eqk_simd ()), peak);
  printf ("%-12s %10s %8s %7s %12s\n", "case", "forward ms", "GF/s", "%% peak", "gradients ms");
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    {
      EqkProgram *program = NULL;
      EqkStore   *store = NULL;
      EqkRun     *run = make_run (&cases[i], &program, &store);
      const double forward = best (run, false), backward = best (run, true), rate = 2e-9 * eqk_run_macs (run, -1) / forward;

      printf ("%-12s %10.3f %8.1f %7.0f %12.3f\n", cases[i].name, 1e3 * forward, rate, 100 * rate / peak, 1e3 * backward);
      eqk_run_free (run);
      eqk_store_unref (store);
      eqk_program_free (program);
    }
  return 0;
}

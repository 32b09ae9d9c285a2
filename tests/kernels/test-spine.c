/*
 * The hardest case through the spine before breadth: a ragged operation and a gradient head, trained through tangent and
 * reverse2. Forces are compared with differences of the energy, loss gradients through forces with differences of the loss.
 */

#include "eqk/graph.h"
#include "eqk/random.h"
#include "eqk/run.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static EqkGraph *
molecule_graph (void)
{
  const EqkSymmetry symmetry = { eqk_group_get ("O3"), true, EQK_PERMUTE_SET };
  const char *const nodes[][3] = { { "in", "input_points", "species=3" }, { "nb", "radius_graph", "cutoff=3" },
                                   { "rb", "radial_basis", "cutoff=3 n=6" }, { "emb", "species_embed", "channels=5 species=3" },
                                   { "int1", "schnet_cfconv", "filters=7" }, { "int2", "schnet_cfconv", "filters=4" },
                                   { "e", "energy_readout", "hidden=[6]" }, { "f", "forces_from_energy", "" } };
  const char *const links[][4] = { { "in", "positions", "nb", "positions" }, { "nb", "length", "rb", "length" }, { "in", "species", "emb", "species" },
                                   { "emb", "y", "int1", "x" }, { "rb", "y", "int1", "radial" }, { "int1", "y", "int2", "x" }, { "rb", "y", "int2", "radial" },
                                   { "int2", "y", "e", "x" }, { "e", "energy", "f", "energy" }, { "in", "positions", "f", "positions" } };
  EqkGraph *graph = eqk_graph_new (&symmetry);

  for (size_t i = 0; i < G_N_ELEMENTS (nodes); i++)
    {
      EqkSettings *settings = NULL;

      g_assert_cmpint (eqk_settings_parse (nodes[i][2], &settings, NULL), ==, EQK_OK);
      g_assert_cmpint (eqk_graph_add (graph, nodes[i][0], nodes[i][1], settings, NULL, NULL, NULL), ==, EQK_OK);
      eqk_settings_free (settings);
    }
  for (size_t i = 0; i < G_N_ELEMENTS (links); i++)
    g_assert_cmpint (eqk_graph_link (graph, links[i][0], links[i][1], links[i][2], links[i][3], NULL), ==, EQK_OK);
  return graph;
}

enum { N_NODES = 9, N_SAMPLES = 2 };

typedef struct
{
  EqkTyped   *typed;
  EqkProgram *program;
  EqkStore   *store;
  EqkRun     *run;
  EqkPool    *pool;
  double      x[3 * N_NODES];
  double      e_weight[N_SAMPLES], f_weight[3 * N_NODES];
  int         e_out, f_out;
} Fixture;

static void
set_up (Fixture *f, int threads)
{
  EqkGraph     *graph = molecule_graph ();
  EqkRandom     random = eqk_random (3, EQK_RANDOM_TEST, 0, 0, 0);
  EqkDiag       diag = EQK_DIAG_INIT;
  EqkRunOptions options = { .precision = EQK_F64, .train = true, .capacity = { N_SAMPLES, N_NODES, 64, 0 } };

  g_assert_cmpint (eqk_graph_infer (graph, &f->typed, &diag), ==, EQK_OK);
  eqk_graph_free (graph);
  for (int i = 0; i < eqk_typed_n_problems (f->typed); i++)
    g_test_message ("%s at %d: %s", eqk_typed_problem (f->typed, i)->rule->code, eqk_typed_problem (f->typed, i)->node, eqk_typed_problem (f->typed, i)->args);
  if (eqk_compile (f->typed, NULL, &f->program, &diag) != EQK_OK)
    g_error ("%s: %s", diag.node, diag.what);
  f->store = eqk_store_new (f->program, EQK_F64, 1);
  eqk_store_randomise (f->store, f->program, 5);
  options.pool = f->pool = threads > 1 ? eqk_pool_new (threads) : NULL;
  if (eqk_run_new (f->program, f->store, &options, &f->run, &diag) != EQK_OK)
    g_error ("%s", diag.what);
  for (int i = 0; i < 3 * N_NODES; i++)
    {
      f->x[i] = 1.6 * eqk_random_normal (&random);
      f->f_weight[i] = eqk_random_normal (&random);
    }
  f->e_weight[0] = 0.7;
  f->e_weight[1] = -1.3;
  for (int i = 0; i < eqk_program_n_outputs (f->program); i++)
    if (strcmp (eqk_program_output (f->program, i)->name, "energy") == 0)
      f->e_out = i;
    else
      f->f_out = i;
}

static void
tear_down (Fixture *f)
{
  eqk_run_free (f->run);
  eqk_store_unref (f->store);
  eqk_program_free (f->program);
  eqk_typed_unref (f->typed);
  eqk_pool_free (f->pool);
}

static void
forward (Fixture *f)
{
  const int32_t counts[N_SAMPLES] = { 5, 4 };
  int32_t      *species = eqk_run_feed (f->run, eqk_program_feed (f->program, "species"));

  memcpy (eqk_run_feed (f->run, eqk_program_feed (f->program, "positions")), f->x, sizeof f->x);
  for (int i = 0; i < N_NODES; i++)
    species[i] = i % 3;
  g_assert_cmpint (eqk_run_set_nodes (f->run, counts, N_SAMPLES, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_run_build_structures (f->run, NULL), ==, EQK_OK);
  eqk_store_touch (f->store);
  g_assert_cmpint (eqk_run_forward (f->run, EQK_PASS_TRAIN, NULL), ==, EQK_OK);
}

static const double *
output (Fixture *f, int i)
{
  return eqk_run_value (f->run, eqk_program_output (f->program, i)->value);
}

/* L = Σ w_E E²/2 + Σ w_F F²/2 */
static double
loss (Fixture *f)
{
  double sum = 0;

  forward (f);
  for (int i = 0; i < N_SAMPLES; i++)
    sum += f->e_weight[i] * output (f, f->e_out)[i] * output (f, f->e_out)[i] / 2;
  for (int i = 0; i < 3 * N_NODES; i++)
    sum += f->f_weight[i] * output (f, f->f_out)[i] * output (f, f->f_out)[i] / 2;
  return sum;
}

static void
test_forces (void)
{
  Fixture f = { 0 };
  double  forces[3 * N_NODES], net[3] = { 0 }, worst = 0;

  set_up (&f, 1);
  forward (&f);
  memcpy (forces, output (&f, f.f_out), sizeof forces);
  for (int i = 0; i < 3 * N_NODES; i++)
    {
      const double h = 1e-5, x = f.x[i];
      double       up, down;

      f.x[i] = x + h;
      forward (&f);
      up = output (&f, f.e_out)[0] + output (&f, f.e_out)[1];
      f.x[i] = x - h;
      forward (&f);
      down = output (&f, f.e_out)[0] + output (&f, f.e_out)[1];
      f.x[i] = x;
      worst = fmax (worst, fabs (forces[i] + (up - down) / (2 * h)));
      net[i % 3] += forces[i];
    }
  g_test_message ("forces against differences: %.1e; net force %.1e", worst, fabs (net[0]));
  g_assert_cmpfloat (worst, <, 1e-8);
  g_assert_cmpfloat (fabs (net[0]) + fabs (net[1]) + fabs (net[2]), <, 1e-12);
  g_assert_cmpfloat (fabs (forces[0]), >, 1e-6);
  tear_down (&f);
}

static void
backward (Fixture *f)
{
  double *se, *sf;

  loss (f);
  se = eqk_run_seed (f->run, f->e_out);
  sf = eqk_run_seed (f->run, f->f_out);
  for (int i = 0; i < N_SAMPLES; i++)
    se[i] = f->e_weight[i] * output (f, f->e_out)[i];
  for (int i = 0; i < 3 * N_NODES; i++)
    sf[i] = f->f_weight[i] * output (f, f->f_out)[i];
  g_assert_cmpint (eqk_run_backward (f->run, NULL), ==, EQK_OK);
}

static void
test_loss_gradient (void)
{
  Fixture  f = { 0 };
  double  *weights, *grads, scale = 0, worst = 0;
  size_t   n;

  set_up (&f, 1);
  backward (&f);
  n = eqk_store_n_weights (f.store);
  grads = g_memdup2 (eqk_run_weight_grads (f.run), n * sizeof (double));
  weights = eqk_store_weights (f.store);
  for (size_t i = 0; i < n; i++)
    scale = fmax (scale, fabs (grads[i]));
  for (size_t i = 0; i < n; i += 3)
    {
      const double h = 1e-5, w = weights[i];
      double       up, down;

      weights[i] = w + h;
      up = loss (&f);
      weights[i] = w - h;
      down = loss (&f);
      weights[i] = w;
      worst = fmax (worst, fabs (grads[i] - (up - down) / (2 * h)) / scale);
    }
  g_test_message ("loss gradient through forces against differences: %.1e over %zu weights", worst, n);
  g_assert_cmpfloat (worst, <, 1e-6);
  g_assert_cmpfloat (scale, >, 1e-3);
  g_free (grads);
  tear_down (&f);
}

static void
test_threads (void)
{
  double *reference = NULL;

  for (int threads = 1; threads <= 3; threads++)
    {
      Fixture f = { 0 };

      set_up (&f, threads);
      backward (&f);
      if (reference == NULL)
        reference = g_memdup2 (eqk_run_weight_grads (f.run), eqk_store_n_weights (f.store) * sizeof (double));
      g_assert_cmpmem (reference, eqk_store_n_weights (f.store) * sizeof (double), eqk_run_weight_grads (f.run),
                       eqk_store_n_weights (f.store) * sizeof (double));
      tear_down (&f);
    }
  g_free (reference);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spine/forces", test_forces);
  g_test_add_func ("/spine/loss-gradient", test_loss_gradient);
  g_test_add_func ("/spine/threads", test_threads);
  return g_test_run ();
}

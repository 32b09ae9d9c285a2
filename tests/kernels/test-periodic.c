/* Periodic samples: energies know images, stress is the slope of the energy by a strain, a larger cell is more of the same. */

#include "check/rig.h"
#include "check/specimen.h"
#include "eqk/random.h"
#include "eqk/run.h"
#include "eqk/graph.h"
#include "graph/run-private.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static EqkProgram *
new_program (const char *layer_id)
{
  const EqkLayerType *layer = eqk_layer_find (layer_id);
  EqkProgram         *program = NULL;
  EqkDiag             diag = EQK_DIAG_INIT;

  g_assert_nonnull (layer);
  if (eqk_specimen_program (layer, &layer->specimens[0], NULL, &program, &diag) != EQK_OK)
    g_error ("%s: %s", layer_id, diag.what);
  return program;
}

static EqkRig *
new_rig (const EqkProgram *program, uint64_t seed, EqkPrecision precision, bool train)
{
  const EqkRigOptions options = { .precision = precision, .batch = 2, .seed = seed, .train = train };
  EqkRig             *rig = NULL;
  EqkDiag             diag = EQK_DIAG_INIT;

  if (eqk_rig_new (program, NULL, &options, &rig, &diag) != EQK_OK)
    g_error ("%s", diag.what);
  return rig;
}

static EqkRigFeed *
feed_of (EqkRig *rig, EqkKind kind)
{
  for (int i = 0; i < rig->n_feeds; i++)
    if (rig->feeds[i].type.kind == kind)
      return &rig->feeds[i];
  return NULL;
}

static void
run (EqkRig *rig, EqkAction *action)
{
  EqkDiag diag = EQK_DIAG_INIT;

  if (eqk_rig_load (rig, action, &diag) != EQK_OK || eqk_run_forward (rig->run, EQK_PASS_INFER, &diag) != EQK_OK)
    g_error ("%s", diag.what);
}

static double
energy_of (EqkRig *rig, int sample)
{
  const EqkGradientRule *rule = eqk_program_gradient (rig->program);

  run (rig, NULL);
  return eqk_rig_number (rig, eqk_run_value (rig->run, rule->energy), (size_t) sample);
}

static void
strain_rows (double *x, size_t n, const double *strain, double by)
{
  for (size_t i = 0; i < n; i++)
    {
      double old[3];

      memcpy (old, x + 3 * i, sizeof old);
      for (size_t a = 0; a < 3; a++)
        for (size_t b = 0; b < 3; b++)
          x[3 * i + a] += by * strain[3 * a + b] * old[b];
    }
}

static double
volume_of (const double *h)
{
  return fabs (h[0] * (h[4] * h[8] - h[5] * h[7]) - h[1] * (h[3] * h[8] - h[5] * h[6]) + h[2] * (h[3] * h[7] - h[4] * h[6]));
}

/* Energy of a sample strained by `by`, everything as it was afterwards. */
static double
strained_energy (EqkRig *rig, int sample, const double *strain, double by)
{
  EqkRigFeed       *points = feed_of (rig, EQK_KIND_POSITION), *cell = feed_of (rig, EQK_KIND_CELL);
  g_autofree double *x = g_memdup2 (points->data, points->count * sizeof *points->data), *h = g_memdup2 (cell->data, cell->count * sizeof *cell->data);
  double             energy;

  strain_rows (points->data, points->count / 3, strain, by);
  strain_rows (cell->data, cell->count / 3, strain, by);
  energy = energy_of (rig, sample);
  memcpy (points->data, x, points->count * sizeof *x);
  memcpy (cell->data, h, cell->count * sizeof *h);
  return energy;
}

static void
stress_matrix (EqkRig *rig, int sample, double *matrix)
{
  const EqkGradientRule *rule = eqk_program_gradient (rig->program);
  double                 irreps[6];

  for (size_t k = 0; k < 6; k++)
    irreps[k] = eqk_rig_number (rig, eqk_run_value (rig->run, rule->stress), 6 * (size_t) sample + k);
  eqk_stress_from_irreps (irreps, matrix);
}

static void
test_strain (void)
{
  EqkProgram *program = new_program ("stress_from_energy");

  for (uint64_t seed = 1; seed <= 4; seed++)
    {
      EqkRig *rig = new_rig (program, seed, EQK_F64, false);

      for (int sample = 0; sample < 2; sample++)
        for (int a = 0; a < 3; a++)
          for (int b = a; b < 3; b++)
            {
              const double h = 1e-5;
              double       strain[9] = { 0 }, matrix[9], slope, largest = 0;

              strain[3 * a + b] += 0.5;
              strain[3 * b + a] += 0.5;
              slope = (strained_energy (rig, sample, strain, h) - strained_energy (rig, sample, strain, -h)) / (2 * h);
              run (rig, NULL);
              stress_matrix (rig, sample, matrix);
              g_test_message ("seed %u, sample %d, %d%d: %.9g by differences, %.9g", (unsigned) seed, sample, a, b, slope / volume_of (feed_of (rig, EQK_KIND_CELL)->data + 9 * sample), matrix[3 * a + b]);
              for (int k = 0; k < 9; k++)
                largest = fmax (largest, fabs (matrix[k]));
              g_assert_cmpfloat (fabs (slope), >, 1e-6);
              g_assert_cmpfloat_with_epsilon (slope / volume_of (feed_of (rig, EQK_KIND_CELL)->data + 9 * sample), matrix[3 * a + b], 1e-6 * largest);
            }
      eqk_rig_free (rig);
    }
  eqk_program_free (program);
}

/* Back and forth, and lengths stay. */
static void
test_irreps (void)
{
  const double m[9] = { 1, 2, 3, 2, -5, 0.5, 3, 0.5, 7 };
  double       s[6], back[9], square = 0, of_irreps = 0;

  eqk_stress_to_irreps (m, s);
  eqk_stress_from_irreps (s, back);
  for (int k = 0; k < 9; k++)
    {
      g_assert_cmpfloat_with_epsilon (back[k], m[k], 1e-14);
      square += m[k] * m[k];
    }
  for (int k = 0; k < 6; k++)
    of_irreps += s[k] * s[k];
  g_assert_cmpfloat_with_epsilon (square, of_irreps, 1e-12);
}

/* A point is the same as its images, a shift of all changes nothing; a point alone moved does. */
static void
test_images (void)
{
  EqkProgram *program = new_program ("stress_from_energy");
  EqkRig     *rig = new_rig (program, 3, EQK_F64, false);
  const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (eqk_program_typed (program)));
  const double shift[3] = { 0.3, -4, 2 };
  EqkAction    action = { .group = symmetry->group, .g = eqk_group_identity (symmetry->group), .shift = shift };
  double       before[2], matrix[2][9], after[9];
  bool         wrapped = false;

  for (int s = 0; s < 2; s++)
    {
      before[s] = energy_of (rig, s);
      stress_matrix (rig, s, matrix[s]);
    }
  g_assert_nonnull (rig->wraps);
  for (size_t i = 0; i < 3 * rig->sizes.nodes; i++)
    wrapped = wrapped || rig->wraps[i] != 0;
  g_assert_true (wrapped);
  run (rig, &action);
  for (int s = 0; s < 2; s++)
    {
      g_assert_cmpfloat_with_epsilon (eqk_rig_number (rig, eqk_run_value (rig->run, eqk_program_gradient (program)->energy), (size_t) s), before[s], 1e-10);
      stress_matrix (rig, s, after);
      for (int k = 0; k < 9; k++)
        g_assert_cmpfloat_with_epsilon (after[k], matrix[s][k], 1e-10);
    }
  feed_of (rig, EQK_KIND_POSITION)->data[0] += 0.2;
  g_assert_cmpfloat (fabs (energy_of (rig, 0) - before[0]), >, 1e-6);
  eqk_rig_free (rig);
  eqk_program_free (program);
}

/* What a loss on stress asks of the weights, against differences. */
static void
test_weights (void)
{
  EqkProgram            *program = new_program ("stress_from_energy");
  EqkRig                *rig = new_rig (program, 5, EQK_F64, true);
  const EqkGradientRule *rule = eqk_program_gradient (program);
  const size_t           n = eqk_store_n_weights (rig->store);
  double                *weights = eqk_store_weights (rig->store), seeds[12], along = 0, value[2];
  g_autofree double     *direction = g_new (double, n), *kept = g_memdup2 (weights, n * sizeof *weights);
  EqkRandom              random = eqk_random (8, EQK_RANDOM_TEST, 77, 0, 0);
  const double           h = 1e-5;

  for (int k = 0; k < 12; k++)
    seeds[k] = eqk_random_normal (&random);
  for (size_t i = 0; i < n; i++)
    direction[i] = eqk_random_normal (&random);
  run (rig, NULL);
  for (int i = 0; i < eqk_program_n_outputs (program); i++)
    {
      const int value_of = eqk_program_output (program, i)->value;

      memset (eqk_run_seed (rig->run, i), 0, eqk_rig_bytes (rig, value_of));
      if (value_of == rule->stress)
        memcpy (eqk_run_seed (rig->run, i), seeds, sizeof seeds);
    }
  g_assert_cmpint (eqk_run_backward (rig->run, NULL), ==, EQK_OK);
  for (size_t i = 0; i < n; i++)
    along += ((double *) eqk_run_weight_grads (rig->run))[i] * direction[i];
  for (int side = 0; side < 2; side++)
    {
      for (size_t i = 0; i < n; i++)
        weights[i] = kept[i] + (side == 0 ? h : -h) * direction[i];
      eqk_store_touch (rig->store);
      run (rig, NULL);
      value[side] = 0;
      for (size_t k = 0; k < 12; k++)
        value[side] += seeds[k] * eqk_rig_number (rig, eqk_run_value (rig->run, rule->stress), k);
    }
  g_test_message ("%.10g by the reverse pass, %.10g by differences", along, (value[0] - value[1]) / (2 * h));
  g_assert_cmpfloat (fabs (along), >, 1e-6);
  g_assert_cmpfloat_with_epsilon ((value[0] - value[1]) / (2 * h), along, 1e-7 * fabs (along));
  eqk_rig_free (rig);
  eqk_program_free (program);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/periodic/irreps", test_irreps);
  g_test_add_func ("/periodic/strain", test_strain);
  g_test_add_func ("/periodic/images", test_images);
  g_test_add_func ("/periodic/weights", test_weights);
  return g_test_run ();
}

/* The dipole of a charged molecule: with the same weights and inputs, a total charge Q adds Q times the middle of each sample and nothing else. */

#include "check/rig.h"
#include "check/specimen.h"

#include <glib.h>
#include <math.h>

typedef struct
{
  EqkProgram *program;
  EqkRig     *rig;
} Charged;

static void
set_up (Charged *self, const char *settings, const EqkStore *weights)
{
  const EqkSpecimen   specimen = { .group = "O3", .inputs = { "nodes 3x0e + 2x1o", "positions" }, .settings = settings };
  const EqkRigOptions options = { .precision = EQK_F64, .batch = 3, .seed = 5 };
  EqkDiag             diag = EQK_DIAG_INIT;

  if (eqk_specimen_program (eqk_layer_find ("dipole_head"), &specimen, NULL, &self->program, &diag) != EQK_OK)
    g_error ("%s: %s", diag.node, diag.what);
  g_assert_cmpint (eqk_rig_new (self->program, weights, &options, &self->rig, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_rig_load (self->rig, NULL, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_run_forward (self->rig->run, EQK_PASS_INFER, NULL), ==, EQK_OK);
}

static void
tear_down (Charged *self)
{
  eqk_rig_free (self->rig);
  eqk_program_free (self->program);
}

static double
answer (const Charged *self, int sample, int axis)
{
  const int value = eqk_program_output (self->program, 0)->value;

  return eqk_rig_number (self->rig, eqk_run_value (self->rig->run, value), (size_t) (3 * sample + axis));
}

/* Positions are the feed of three numbers a node. */
static double
middle (const EqkRig *rig, int sample, int axis)
{
  int    first = 0;
  double sum = 0;

  for (int s = 0; s < sample; s++)
    first += rig->nodes[s];
  for (int f = 0; f < rig->n_feeds; f++)
    for (int i = first; rig->feeds[f].type.kind == EQK_KIND_POSITION && i < first + rig->nodes[sample]; i++)
      sum += rig->feeds[f].data[3 * i + axis];
  return sum / rig->nodes[sample];
}

static void
test_charge (void)
{
  Charged neutral, charged;
  double  least = 1;

  set_up (&neutral, "", NULL);
  set_up (&charged, "charge=-1.5", neutral.rig->store);
  for (int s = 0; s < 3; s++)
    for (int axis = 0; axis < 3; axis++)
      {
        const double added = -1.5 * middle (neutral.rig, s, axis);

        least = fmin (least, fabs (added));
        g_assert_cmpfloat_with_epsilon (answer (&charged, s, axis) - answer (&neutral, s, axis), added, 1e-12);
      }
  g_assert_cmpfloat (least, >, 1e-6);      /* else a charge that does nothing would pass */
  tear_down (&neutral);
  tear_down (&charged);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dipole/charge", test_charge);
  return g_test_run ();
}

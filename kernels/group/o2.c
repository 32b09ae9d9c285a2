/* O(2): all rotations and mirrors of the plane; an element is R(angle) s^mirror. */

#include "group/group-private.h"

#include "eqk/random.h"

#include <math.h>
#include <string.h>

#define TWO_PI 6.283185307179586476925

static bool
recognise (EqkGroup *self, const char *base)
{
  if (strcmp (base, "O2") != 0)
    return false;

  self->space_dim = 2;
  self->mirror = true;
  self->title = EQK_N_("All rotations and mirrors");
  strcpy (self->base, "O2");
  strcpy (self->notation, "O(2)");
  return true;
}

static EqkElement
compose (const EqkGroup *self, const EqkElement *a, const EqkElement *b)
{
  const double angle = a->mirror ? a->angle - b->angle : a->angle + b->angle;

  return (EqkElement) { .mirror = a->mirror ^ b->mirror, .angle = eqk_plane_wrap (angle) };
}

static EqkElement
inverse (const EqkGroup *self, const EqkElement *g)
{
  return (EqkElement) { .mirror = g->mirror, .angle = g->mirror ? g->angle : eqk_plane_wrap (-g->angle) };
}

static int
generators (const EqkGroup *self, EqkElement out[4])
{
  out[0] = (EqkElement) { .angle = 1 };   /* dense in the rotations, as in so2.c */
  out[1] = (EqkElement) { .mirror = 1 };
  return 2;
}

static EqkElement
sample (const EqkGroup *self, uint64_t seed, uint64_t counter)
{
  EqkRandom random = eqk_random (seed, EQK_RANDOM_GROUP, (uint32_t) counter, (uint32_t) (counter >> 32), 0);
  const double angle = TWO_PI * eqk_random_uniform (&random);

  return (EqkElement) { .mirror = (int) eqk_random_below (&random, 2), .angle = angle };
}

static bool
from_action (const EqkGroup *self, const double *matrix, EqkElement *out)
{
  EqkElement g = { 0 };

  g.angle = eqk_plane_split_action (self, matrix, &g.mirror);
  *out = g;
  return true;
}

static void
turn (const EqkGroup *self, const EqkElement *g, int k, double *c, double *s)
{
  *c = cos (k * g->angle);
  *s = sin (k * g->angle);
}

static bool
irrep_id (const EqkGroup *self, int index, int *j, int *k)
{
  *j = index == 0 ? 0 : 1;
  *k = index == 0 ? 0 : index - 1;
  return index >= 0 && index <= EQK_MAX_FREQUENCY + 1;
}

static bool
irrep_info (const EqkGroup *self, int j, int k, EqkIrrepInfo *info)
{
  if (j < 0 || j > 1 || k < 0 || k > EQK_MAX_FREQUENCY || (j == 0 && k > 0))
    return false;
  *info = (EqkIrrepInfo) { k == 0 ? 1 : 2, k, EQK_IRREP_REAL };
  return true;
}

static int
n_components (const EqkGroup *self)
{
  return 2;
}

static EqkElement
component (const EqkGroup *self, int index)
{
  return (EqkElement) { .mirror = index };
}

static EqkElement
node (const EqkGroup *self, int i, int n)
{
  return (EqkElement) { .angle = TWO_PI * i / n };
}

const EqkGroupFamily eqk_family_o2 = {
  .recognise = recognise, .compose = compose, .inverse = inverse, .generators = generators, .sample = sample,
  .action = eqk_plane_action, .from_action = from_action, .turn = turn,
  .irrep_id = irrep_id, .irrep_info = irrep_info, .irrep_matrix = eqk_plane_irrep_matrix,
  .n_components = n_components, .component = component, .node = node,
};

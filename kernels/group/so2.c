/* SO(2): all rotations of the plane. */

#include "group/group-private.h"

#include "eqk/random.h"

#include <math.h>
#include <string.h>

#define TWO_PI 6.283185307179586476925

static bool
recognise (EqkGroup *self, const char *base)
{
  if (strcmp (base, "SO2") != 0)
    return false;

  self->space_dim = 2;
  self->abelian = self->connected = true;
  self->title = EQK_N_("All rotations");
  strcpy (self->base, "SO2");
  strcpy (self->notation, "SO(2)");
  return true;
}

static EqkElement
compose (const EqkGroup *self, const EqkElement *a, const EqkElement *b)
{
  return (EqkElement) { .angle = eqk_plane_wrap (a->angle + b->angle) };
}

static EqkElement
inverse (const EqkGroup *self, const EqkElement *g)
{
  return (EqkElement) { .angle = eqk_plane_wrap (-g->angle) };
}

static int
generators (const EqkGroup *self, EqkElement out[4])
{
  out[0] = (EqkElement) { .angle = 1 };   /* powers of it are dense, since 1 / (2 pi) is irrational */
  return 1;
}

static EqkElement
sample (const EqkGroup *self, uint64_t seed, uint64_t counter)
{
  EqkRandom random = eqk_random (seed, EQK_RANDOM_GROUP, (uint32_t) counter, (uint32_t) (counter >> 32), 0);

  return (EqkElement) { .angle = TWO_PI * eqk_random_uniform (&random) };
}

static bool
from_action (const EqkGroup *self, const double *matrix, EqkElement *out)
{
  int mirror;
  const double angle = eqk_plane_split_action (self, matrix, &mirror);

  if (mirror)
    return false;
  *out = (EqkElement) { .angle = angle };
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
  *j = 0;
  *k = index;
  return index >= 0 && index <= EQK_MAX_FREQUENCY;
}

static bool
irrep_info (const EqkGroup *self, int j, int k, EqkIrrepInfo *info)
{
  if (j != 0 || k < 0 || k > EQK_MAX_FREQUENCY)
    return false;
  *info = (EqkIrrepInfo) { k == 0 ? 1 : 2, k, k == 0 ? EQK_IRREP_REAL : EQK_IRREP_COMPLEX };
  return true;
}

static int
n_components (const EqkGroup *self)
{
  return 1;
}

static EqkElement
component (const EqkGroup *self, int index)
{
  return (EqkElement) { 0 };
}

static EqkElement
node (const EqkGroup *self, int i, int n)
{
  return (EqkElement) { .angle = TWO_PI * i / n };
}

const EqkGroupFamily eqk_family_so2 = {
  .recognise = recognise, .compose = compose, .inverse = inverse, .generators = generators, .sample = sample,
  .action = eqk_plane_action, .from_action = from_action, .turn = turn,
  .irrep_id = irrep_id, .irrep_info = irrep_info, .irrep_matrix = eqk_plane_irrep_matrix,
  .n_components = n_components, .component = component, .node = node,
};

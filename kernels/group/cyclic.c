/* C_n: the rotations by multiples of 2 pi / n. C_1 is the trivial group, "triv". */

#include "group/group-private.h"

#include "eqk/random.h"

#include <stdio.h>
#include <string.h>

static const char *const titles[EQK_MAX_STEPS] = {
  EQK_N_("No symmetry"),
  EQK_N_("Rotations by half turns"),
  EQK_N_("Rotations by third turns (120°)"),
  EQK_N_("Rotations by quarter turns (90°)"),
  EQK_N_("Rotations by fifth turns (72°)"),
  EQK_N_("Rotations by sixth turns (60°)"),
  EQK_N_("Rotations by seventh turns"),
  EQK_N_("Rotations by eighth turns (45°)"),
  EQK_N_("Rotations by ninth turns (40°)"),
  EQK_N_("Rotations by tenth turns (36°)"),
  EQK_N_("Rotations by eleventh turns"),
  EQK_N_("Rotations by twelfth turns (30°)"),
  EQK_N_("Rotations by thirteenth turns"),
  EQK_N_("Rotations by fourteenth turns"),
  EQK_N_("Rotations by fifteenth turns (24°)"),
  EQK_N_("Rotations by sixteenth turns (22.5°)"),
};

static bool
recognise (EqkGroup *self, const char *base)
{
  int n = 1;

  if (strcmp (base, "triv") != 0)
    {
      const char *end = base[0] == 'C' ? eqk_read_int (base + 1, EQK_MAX_STEPS, &n) : NULL;

      if (end == NULL || *end != 0 || n < 1)
        return false;
    }

  self->n = self->order = n;
  self->space_dim = 2;
  self->abelian = true;
  self->connected = n == 1;
  self->title = titles[n - 1];
  if (n == 1)
    {
      strcpy (self->base, "triv");
      strcpy (self->notation, "{e}");
      return true;
    }
  snprintf (self->base, sizeof self->base, "C%d", n);
  strcpy (self->notation, "C");
  eqk_subscript (n, self->notation + 1, sizeof self->notation - 1);
  return true;
}

static EqkElement
compose (const EqkGroup *self, const EqkElement *a, const EqkElement *b)
{
  return (EqkElement) { .index = (a->index + b->index) % self->n };
}

static EqkElement
inverse (const EqkGroup *self, const EqkElement *g)
{
  return (EqkElement) { .index = (self->n - g->index) % self->n };
}

static int
generators (const EqkGroup *self, EqkElement out[4])
{
  if (self->n == 1)
    return 0;
  out[0] = (EqkElement) { .index = 1 };
  return 1;
}

static EqkElement
sample (const EqkGroup *self, uint64_t seed, uint64_t counter)
{
  EqkRandom random = eqk_random (seed, EQK_RANDOM_GROUP, (uint32_t) counter, (uint32_t) (counter >> 32), 0);

  return (EqkElement) { .index = (int) eqk_random_below (&random, (uint32_t) self->n) };
}

static bool
from_action (const EqkGroup *self, const double *matrix, EqkElement *out)
{
  EqkElement g = { 0 };
  const double angle = eqk_plane_split_action (self, matrix, &g.mirror);

  if (g.mirror || !eqk_plane_step_of (angle, self->n, &g.index))
    return false;
  *out = g;
  return true;
}

static void
turn (const EqkGroup *self, const EqkElement *g, int k, double *c, double *s)
{
  eqk_plane_cos_sin ((int64_t) k * g->index, self->n, c, s);
}

static bool
irrep_id (const EqkGroup *self, int index, int *j, int *k)
{
  *j = 0;
  *k = index;
  return index >= 0 && index <= self->n / 2;
}

static bool
irrep_info (const EqkGroup *self, int j, int k, EqkIrrepInfo *info)
{
  const bool real = k == 0 || 2 * k == self->n;

  if (j != 0 || k < 0 || k > self->n / 2)
    return false;
  *info = (EqkIrrepInfo) { real ? 1 : 2, k, real ? EQK_IRREP_REAL : EQK_IRREP_COMPLEX };
  return true;
}

static int
n_components (const EqkGroup *self)
{
  return self->n;
}

static EqkElement
component (const EqkGroup *self, int index)
{
  return (EqkElement) { .index = index };
}

const EqkGroupFamily eqk_family_cyclic = {
  .recognise = recognise, .compose = compose, .inverse = inverse, .generators = generators, .sample = sample,
  .action = eqk_plane_action, .from_action = from_action, .turn = turn,
  .irrep_id = irrep_id, .irrep_info = irrep_info, .irrep_matrix = eqk_plane_irrep_matrix,
  .n_components = n_components, .component = component,
};

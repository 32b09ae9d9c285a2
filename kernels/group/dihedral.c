/* D_n: the rotations of C_n and n mirrors; an element is r^index s^mirror. D_1 is the mirror group "flip". */

#include "group/group-private.h"

#include "eqk/random.h"

#include <stdio.h>
#include <string.h>

static const char *const titles[EQK_MAX_STEPS] = {
  EQK_N_("One mirror"),
  EQK_N_("Rotations by half turns, and mirrors"),
  EQK_N_("Rotations by third turns (120°), and mirrors"),
  EQK_N_("Rotations by quarter turns (90°), and mirrors"),
  EQK_N_("Rotations by fifth turns (72°), and mirrors"),
  EQK_N_("Rotations by sixth turns (60°), and mirrors"),
  EQK_N_("Rotations by seventh turns, and mirrors"),
  EQK_N_("Rotations by eighth turns (45°), and mirrors"),
  EQK_N_("Rotations by ninth turns (40°), and mirrors"),
  EQK_N_("Rotations by tenth turns (36°), and mirrors"),
  EQK_N_("Rotations by eleventh turns, and mirrors"),
  EQK_N_("Rotations by twelfth turns (30°), and mirrors"),
  EQK_N_("Rotations by thirteenth turns, and mirrors"),
  EQK_N_("Rotations by fourteenth turns, and mirrors"),
  EQK_N_("Rotations by fifteenth turns (24°), and mirrors"),
  EQK_N_("Rotations by sixteenth turns (22.5°), and mirrors"),
};

static bool
recognise (EqkGroup *self, const char *base)
{
  int n = 1;

  if (strcmp (base, "flip") != 0)
    {
      const char *end = base[0] == 'D' ? eqk_read_int (base + 1, EQK_MAX_STEPS, &n) : NULL;

      if (end == NULL || *end != 0 || n < 1)
        return false;
    }

  self->n = n;
  self->order = 2 * n;
  self->space_dim = 2;
  self->abelian = n <= 2;
  self->connected = false;
  self->mirror = true;
  self->title = titles[n - 1];
  snprintf (self->base, sizeof self->base, "D%d", n);
  strcpy (self->notation, "D");
  eqk_subscript (n, self->notation + 1, sizeof self->notation - 1);
  return true;
}

static EqkElement
compose (const EqkGroup *self, const EqkElement *a, const EqkElement *b)
{
  const int step = a->mirror ? self->n - b->index : b->index;   /* s r = r^-1 s */

  return (EqkElement) { .mirror = a->mirror ^ b->mirror, .index = (a->index + step) % self->n };
}

static EqkElement
inverse (const EqkGroup *self, const EqkElement *g)
{
  return (EqkElement) { .mirror = g->mirror, .index = g->mirror ? g->index : (self->n - g->index) % self->n };
}

static int
generators (const EqkGroup *self, EqkElement out[4])
{
  int n = 0;

  if (self->n > 1)
    out[n++] = (EqkElement) { .index = 1 };
  out[n++] = (EqkElement) { .mirror = 1 };
  return n;
}

static EqkElement
sample (const EqkGroup *self, uint64_t seed, uint64_t counter)
{
  EqkRandom random = eqk_random (seed, EQK_RANDOM_GROUP, (uint32_t) counter, (uint32_t) (counter >> 32), 0);
  const int index = (int) eqk_random_below (&random, (uint32_t) self->order);

  return (EqkElement) { .mirror = index / self->n, .index = index % self->n };
}

static bool
from_action (const EqkGroup *self, const double *matrix, EqkElement *out)
{
  EqkElement g = { 0 };

  if (!eqk_plane_step_of (eqk_plane_split_action (self, matrix, &g.mirror), self->n, &g.index))
    return false;
  *out = g;
  return true;
}

static void
turn (const EqkGroup *self, const EqkElement *g, int k, double *c, double *s)
{
  eqk_plane_cos_sin ((int64_t) k * g->index, self->n, c, s);
}

/** (0,0), (1,0), (1,1), (1,2) ..., and for even n after (1,n/2) also (0,n/2). */
static bool
irrep_id (const EqkGroup *self, int index, int *j, int *k)
{
  const int last = self->n / 2;

  if (index < 0 || index > last + 1 + (self->n % 2 == 0))
    return false;
  *j = index == 0 || index == last + 2 ? 0 : 1;
  *k = index == 0 ? 0 : index == last + 2 ? last : index - 1;
  return true;
}

static bool
irrep_info (const EqkGroup *self, int j, int k, EqkIrrepInfo *info)
{
  const bool one_dim = k == 0 || 2 * k == self->n;

  if (j < 0 || j > 1 || k < 0 || k > self->n / 2 || (j == 0 && !one_dim))
    return false;
  *info = (EqkIrrepInfo) { one_dim ? 1 : 2, k, EQK_IRREP_REAL };
  return true;
}

static int
n_components (const EqkGroup *self)
{
  return self->order;
}

static EqkElement
component (const EqkGroup *self, int index)
{
  return (EqkElement) { .mirror = index / self->n, .index = index % self->n };
}

const EqkGroupFamily eqk_family_dihedral = {
  .recognise = recognise, .compose = compose, .inverse = inverse, .generators = generators, .sample = sample,
  .action = eqk_plane_action, .from_action = from_action, .turn = turn,
  .irrep_id = irrep_id, .irrep_info = irrep_info, .irrep_matrix = eqk_plane_irrep_matrix,
  .n_components = n_components, .component = component,
};

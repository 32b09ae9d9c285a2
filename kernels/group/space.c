/* SO(3) and O(3): rotations of space as unit quaternions, and the inversion. Irreps are degrees 0 to 11 and, of O(3), a parity: j = 1 is odd. */

#include "group/group-private.h"

#include "eqk/random.h"
#include "eqk/space.h"

#include <math.h>
#include <string.h>

static bool
recognise (EqkGroup *self, const char *base)
{
  const bool full = strcmp (base, "O3") == 0;

  if (!full && strcmp (base, "SO3") != 0)
    return false;

  self->space_dim = 3;
  self->connected = !full;
  self->title = full ? EQK_N_("All rotations of space and the inversion") : EQK_N_("All rotations of space");
  strcpy (self->base, base);
  strcpy (self->notation, full ? "O(3)" : "SO(3)");
  return true;
}

static bool
has_inversion (const EqkGroup *self)
{
  return self->base[0] == 'O';
}

static void
normalise (EqkElement *g)
{
  const double norm = sqrt (g->q[0] * g->q[0] + g->q[1] * g->q[1] + g->q[2] * g->q[2] + g->q[3] * g->q[3]);

  for (int i = 0; i < 4; i++)
    g->q[i] = norm > 0 ? g->q[i] / norm : i == 0;
}

static EqkElement
compose (const EqkGroup *self, const EqkElement *a, const EqkElement *b)
{
  const double *p = a->q, *q = b->q;
  EqkElement g = { .mirror = a->mirror ^ b->mirror,
                   .q = { p[0] * q[0] - p[1] * q[1] - p[2] * q[2] - p[3] * q[3], p[0] * q[1] + p[1] * q[0] + p[2] * q[3] - p[3] * q[2],
                          p[0] * q[2] - p[1] * q[3] + p[2] * q[0] + p[3] * q[1], p[0] * q[3] + p[1] * q[2] - p[2] * q[1] + p[3] * q[0] } };

  normalise (&g);
  return g;
}

static EqkElement
inverse (const EqkGroup *self, const EqkElement *g)
{
  return (EqkElement) { .mirror = g->mirror, .q = { g->q[0], -g->q[1], -g->q[2], -g->q[3] } };
}

static int
generators (const EqkGroup *self, EqkElement out[4])
{
  out[0] = (EqkElement) { .q = { cos (0.5), sin (0.5), 0, 0 } };   /* turns by one radian: powers are dense in the circle */
  out[1] = (EqkElement) { .q = { cos (0.5), 0, sin (0.5), 0 } };
  out[2] = (EqkElement) { .mirror = 1, .q = { 1, 0, 0, 0 } };
  return has_inversion (self) ? 3 : 2;
}

static EqkElement
sample (const EqkGroup *self, uint64_t seed, uint64_t counter)
{
  EqkRandom random = eqk_random (seed, EQK_RANDOM_GROUP, (uint32_t) counter, (uint32_t) (counter >> 32), 0);
  EqkElement g = { 0 };

  for (int i = 0; i < 4; i++)
    g.q[i] = eqk_random_normal (&random);
  normalise (&g);
  g.mirror = has_inversion (self) ? (int) eqk_random_below (&random, 2) : 0;
  return g;
}

static void
action (const EqkGroup *self, const EqkElement *g, double *m)
{
  const bool   unset = g->q[0] == 0 && g->q[1] == 0 && g->q[2] == 0 && g->q[3] == 0;
  const double w = unset ? 1 : g->q[0], x = g->q[1], y = g->q[2], z = g->q[3], sign = g->mirror ? -1 : 1;
  const double r[9] = { 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), 2 * (x * y + w * z), 1 - 2 * (x * x + z * z),
                        2 * (y * z - w * x), 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y) };

  for (int i = 0; i < 9; i++)
    m[i] = sign * r[i];
}

static bool
from_action (const EqkGroup *self, const double *m, EqkElement *out)
{
  const double det = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
  const double s = det < 0 ? -1 : 1, trace = s * (m[0] + m[4] + m[8]);
  double       best = trace;
  int          which = 0;
  EqkElement   g = { .mirror = det < 0 };

  if (det < 0 && !has_inversion (self))
    return false;
  for (int i = 0; i < 3; i++)
    if (s * m[4 * i] > best)
      {
        best = s * m[4 * i];
        which = i + 1;
      }
  if (which == 0)
    {
      g.q[0] = 1 + trace;
      for (int i = 0; i < 3; i++)
        g.q[i + 1] = s * (m[3 * ((i + 2) % 3) + (i + 1) % 3] - m[3 * ((i + 1) % 3) + (i + 2) % 3]);
    }
  else
    {
      const int i = which - 1, j = (i + 1) % 3, k = (i + 2) % 3;

      g.q[0] = s * (m[3 * k + j] - m[3 * j + k]);
      g.q[i + 1] = 1 + s * (m[4 * i] - m[4 * j] - m[4 * k]);
      g.q[j + 1] = s * (m[3 * j + i] + m[3 * i + j]);
      g.q[k + 1] = s * (m[3 * k + i] + m[3 * i + k]);
    }
  normalise (&g);
  *out = g;
  return true;
}

static void
turn (const EqkGroup *self, const EqkElement *g, int k, double *c, double *s)
{
  *c = 1;   /* no plane to turn in */
  *s = 0;
}

static bool
irrep_id (const EqkGroup *self, int index, int *j, int *k)
{
  *j = has_inversion (self) ? (index + index / 2) % 2 : 0;   /* 0e, 0o, 1o, 1e, 2e, 2o, … */
  *k = has_inversion (self) ? index / 2 : index;
  return index >= 0 && *k <= EQK_MAX_DEGREE;
}

static bool
irrep_info (const EqkGroup *self, int j, int k, EqkIrrepInfo *info)
{
  if (k < 0 || k > EQK_MAX_DEGREE || j < 0 || j > (has_inversion (self) ? 1 : 0))
    return false;
  *info = (EqkIrrepInfo) { 2 * k + 1, k, EQK_IRREP_REAL };
  return true;
}

static void
irrep_matrix (const EqkGroup *self, int j, int k, const EqkElement *g, double *matrix)
{
  const EqkElement proper = { .q = { g->q[0], g->q[1], g->q[2], g->q[3] } };
  double           r[9];

  action (self, &proper, r);
  eqk_wigner_d (k, r, matrix);
  for (int i = 0; j == 1 && g->mirror && i < (2 * k + 1) * (2 * k + 1); i++)
    matrix[i] = -matrix[i];
}

static int
n_components (const EqkGroup *self)
{
  return has_inversion (self) ? 2 : 1;
}

static EqkElement
component (const EqkGroup *self, int index)
{
  return (EqkElement) { .mirror = index, .q = { 1, 0, 0, 0 } };
}

static EqkElement
node (const EqkGroup *self, int i, int n)
{
  return sample (self, 7, (uint64_t) i);
}

const EqkGroupFamily eqk_family_space = {
  .recognise = recognise, .compose = compose, .inverse = inverse, .generators = generators, .sample = sample,
  .action = action, .from_action = from_action, .turn = turn,
  .irrep_id = irrep_id, .irrep_info = irrep_info, .irrep_matrix = irrep_matrix,
  .n_components = n_components, .component = component, .node = node,
};

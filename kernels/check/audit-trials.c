/* What an audit tries: all elements of a finite group, grid symmetries and angles between them, samples of space, permutations. */

#include "check/audit-private.h"

#include "eqk/op.h"
#include "eqk/random.h"
#include "graph/graph-private.h"
#include "group/group-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

/* "180° about 0.00 0.71 0.71": in space an angle alone does not tell elements apart. */
static void
add_axis (EqkAuditTrial *trial)
{
  const double *q = trial->g.q, length = sqrt (q[1] * q[1] + q[2] * q[2] + q[3] * q[3]), sign = q[0] < 0 ? -1 : 1;
  const size_t  used = strlen (trial->name);

  if (length > 1e-9)
    snprintf (trial->name + used, sizeof trial->name - used, " about %.2f %.2f %.2f", sign * q[1] / length, sign * q[2] / length, sign * q[3] / length);
}

/* What is done to positions beside. */
static void
add_shift_name (EqkAuditTrial *trial)
{
  const size_t used = strlen (trial->name);

  if (strcmp (trial->name, "e") == 0)
    snprintf (trial->name, sizeof trial->name, "shift");
  else
    snprintf (trial->name + used, sizeof trial->name - used, ", shift");
}

static EqkAuditTrial *
add_trial (EqkAuditTrials *trials, const EqkElement *g)
{
  EqkAuditTrial *trial = &trials->items[trials->n < EQK_AUDIT_MAX_ELEMENTS ? trials->n++ : EQK_AUDIT_MAX_ELEMENTS - 1];

  *trial = (EqkAuditTrial){ .g = *g, .on_grid = true, .times = 1 };
  eqk_group_element_name (trials->symmetry.group, g, trial->name, sizeof trial->name);
  if (eqk_group_get_space_dim (trials->symmetry.group) == 3)
    add_axis (trial);
  return trial;
}

/* Whether any wire is a grid, so that other angles need interpolation. */
static bool
has_grid (const EqkProgram *program)
{
  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->kind == EQK_VALUE_FEED && eqk_program_value (program, v)->space.kind == EQK_SPACE_GRID)
      return true;
  return false;
}

static void
add_plane (EqkAuditTrials *trials, const EqkGuarantee *holds, bool grid, uint64_t seed)
{
  const EqkGroup *group = trials->symmetry.group;
  const uint64_t  full = eqk_guarantee_full_mask (group);
  const bool      mirror = eqk_group_has_mirror (group);

  for (int bit = 0; bit < 64; bit++)
    if (full >> bit & 1)
      {
        const EqkElement g = eqk_guarantee_element (group, bit);
        EqkAuditTrial   *trial = add_trial (trials, &g);

        trial->promised = holds->exact >> bit & 1;
        trial->on_grid = !grid || eqk_group_on_grid (group, &g);
      }
  if (eqk_group_is_finite (group))
    return;
  for (int k = 0; k < 6; k++)
    {
      EqkElement     g = k < 2 ? (EqkElement){ .angle = (k + 1) * PI / 8, .mirror = 0 } : eqk_group_sample (group, seed, (uint64_t) k);
      EqkAuditTrial *trial;

      g.mirror = mirror && k >= 2 ? k % 2 : 0;
      trial = add_trial (trials, &g);
      trial->promised = holds->holds == EQK_HOLDS_EXACT;
      trial->on_grid = !grid;
    }
}

/* An element of space: promised, or, where the promise holds within a band alone, judged by that as angles between pixels are. */
static void
add_space_trial (EqkAuditTrials *trials, const EqkGuarantee *holds, const EqkElement *g)
{
  EqkAuditTrial *trial = add_trial (trials, g);

  trial->promised = holds->exact == EQK_ALL_ELEMENTS || (trials->n == 1 && holds->holds == EQK_HOLDS_PARTLY);
  trial->on_grid = trial->promised || holds->holds != EQK_HOLDS_PARTLY;
}

/* The identity, inversion, eight signed permutations of the axes and twelve samples. */
static void
add_space (EqkAuditTrials *trials, const EqkGuarantee *holds, uint64_t seed)
{
  static const int  axes[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  const EqkGroup   *group = trials->symmetry.group;
  EqkRandom         random = eqk_random (seed, EQK_RANDOM_AUDIT, 5, 0, 0);
  EqkElement        g = eqk_group_identity (group);

  add_space_trial (trials, holds, &g);
  for (int tries = 0; tries < 200 && trials->n < 10; tries++)
    {
      const int *p = axes[eqk_random_below (&random, 6)];
      double     m[9] = { 0 };

      for (int i = 0; i < 3; i++)
        m[3 * i + p[i]] = tries == 0 ? (i == p[i] ? -1 : 0) : eqk_random_below (&random, 2) ? 1 : -1;
      if (group->family->from_action (group, m, &g))
        add_space_trial (trials, holds, &g);
    }
  for (int k = 0; k < 12; k++)
    {
      g = eqk_group_sample (group, seed, (uint64_t) k);
      add_space_trial (trials, holds, &g);
    }
}

/* All n! orders of up to six nodes; larger samples get as many random ones. */
enum { EVERY_NODES = 6, EVERY_TIMES = 719 };

static void
add_moves (EqkAuditTrials *trials, const EqkGuarantee *holds)
{
  static const struct { const char *name; EqkAuditMove move; } moves[] = {
    { "3-cycle of nodes", EQK_MOVE_CYCLE }, { "exchange of two nodes", EQK_MOVE_SWAP }, { "permutation of nodes", EQK_MOVE_RANDOM },
    { "every permutation of up to 6 nodes", EQK_MOVE_EVERY } };
  const EqkElement e = eqk_group_identity (trials->symmetry.group);
  const bool       alone = trials->n == 1;      /* nothing but permutations is promised */

  for (int i = 0; i < (alone ? 4 : 3); i++)
    {
      EqkAuditTrial *trial = add_trial (trials, &e);

      trial->move = moves[i].move;
      trial->times = moves[i].move == EQK_MOVE_EVERY ? EVERY_TIMES : 1;
      trial->promised = holds->holds == EQK_HOLDS_EXACT || (holds->holds == EQK_HOLDS_PARTLY && eqk_group_get_space_dim (trials->symmetry.group) == 3);
      snprintf (trial->name, sizeof trial->name, "%s", moves[i].name);
    }
}

static EqkGuarantee
guarantee_of (const EqkProgram *program, const EqkGroup *group)
{
  EqkGuarantee all = { EQK_HOLDS_EXACT, eqk_guarantee_full_mask (group), -1, NULL };

  for (int o = 0; o < eqk_program_n_outputs (program); o++)
    all = eqk_guarantee_meet (all, eqk_program_output (program, o)->type.guarantee);
  return all;
}

/* Distance of a rotation from the nearest quarter turn. */
static double
off_grid_by (const EqkGroup *group, const EqkElement *g)
{
  double m[9], angle;

  eqk_group_action (group, g, m);
  angle = fmod (fabs (atan2 (m[2], m[0])), PI / 2);
  return fmin (angle, PI / 2 - angle);
}

void
eqk_audit_list_trials (const EqkProgram *program, uint64_t seed, EqkAuditTrials *trials)
{
  const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (eqk_program_typed (program)));
  const EqkGuarantee holds = guarantee_of (program, symmetry->group);
  double             best = 1e-9;

  *trials = (EqkAuditTrials){ .symmetry = *symmetry, .farthest = -1 };
  if (eqk_group_get_space_dim (symmetry->group) == 3)
    add_space (trials, &holds, seed);
  else
    add_plane (trials, &holds, has_grid (program), seed);
  for (int i = 0; i < trials->n; i++)
    {
      if (symmetry->permutations != EQK_PERMUTE_NONE && i > 0)
        trials->items[i].move = EQK_MOVE_RANDOM;
      trials->items[i].shifted = symmetry->translations && i > 0;
      if (trials->items[i].shifted && eqk_group_get_space_dim (symmetry->group) == 3)
        add_shift_name (&trials->items[i]);
      if (!trials->items[i].on_grid && off_grid_by (symmetry->group, &trials->items[i].g) > best)
        {
          best = off_grid_by (symmetry->group, &trials->items[i].g);
          trials->farthest = i;
        }
    }
  if (symmetry->permutations != EQK_PERMUTE_NONE)
    add_moves (trials, &holds);
}

/* Permutation number `index` of n nodes in lexicographic order; 0 is the identity. */
static void
nth_permutation (int32_t n, int index, int32_t first, int32_t *moves)
{
  bool used[EVERY_NODES] = { false };
  int  left = 1;

  for (int32_t i = 2; i < n; i++)
    left *= i;
  for (int32_t i = 0; i < n; i++)
    {
      int k = index / left % (int) (n - i);

      index %= left;
      for (int32_t c = 0; c < n; c++)
        if (!used[c] && k-- == 0)
          {
            used[c] = true;
            moves[i] = first + c;
            break;
          }
      left = n - 1 - i > 0 ? left / (int) (n - 1 - i) : 1;
    }
}

static int
factorial (int32_t n)
{
  return n < 2 ? 1 : n * factorial (n - 1);
}

/* rig has nodes, and the move moves them. NULL without memory. */
static int32_t *
make_moves (const EqkRig *rig, EqkAuditMove move, int time, uint64_t seed)
{
  int32_t *moves = malloc ((rig->sizes.nodes + 1) * sizeof *moves), first = 0;

  if (moves == NULL)
    return NULL;
  for (int s = 0; s < rig->options.batch; first += rig->nodes[s++])
    {
      const int32_t n = rig->nodes[s], k = move == EQK_MOVE_RANDOM || move == EQK_MOVE_EVERY ? n : move == EQK_MOVE_CYCLE ? (n < 3 ? n : 3) : n < 2 ? n : 2;
      EqkRandom     random = eqk_random (seed, EQK_RANDOM_AUDIT, 6, (uint32_t) s, 0);

      if (move == EQK_MOVE_EVERY && n <= EVERY_NODES)
        {
          nth_permutation (n, (time + 1) % factorial (n), first, moves + first);
          continue;
        }
      for (int32_t i = 0; i < n; i++)
        moves[first + i] = first + (i < k && move < EQK_MOVE_RANDOM ? (i + 1) % k : i);
      for (int32_t i = n - 1; move >= EQK_MOVE_RANDOM && i > 0; i--)
        {
          const int32_t j = (int32_t) eqk_random_below (&random, (uint32_t) i + 1), t = moves[first + i];

          moves[first + i] = moves[first + j];
          moves[first + j] = t;
        }
    }
  return moves;
}

/* Farthest that a point of the clouds stands from the origin, around which inputs.c draws them; 0 where there are no points. */
static double
cloud_radius (const EqkRig *rig)
{
  double largest = 0;

  for (int f = 0; f < rig->n_feeds; f++)
    for (size_t i = 0; rig->feeds[f].type.kind == EQK_KIND_POSITION && i + 2 < rig->feeds[f].count; i += 3)
      {
        const double *x = rig->feeds[f].data + i;

        largest = fmax (largest, sqrt (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]));
      }
  return largest;
}

double
eqk_audit_shift_rounding (const EqkRig *rig, const EqkAction *action)
{
  double square = 0;

  if (action->shift == NULL)
    return 1;
  for (int k = 0; k < 3; k++)
    square += action->shift[k] * action->shift[k];
  return 1 + sqrt (square) / cloud_radius (rig);
}

EqkStatus
eqk_audit_begin (const EqkAuditTrials *trials, int i, int time, const EqkRig *rig, uint64_t seed, double *shift, EqkAction *action)
{
  const EqkAuditTrial *trial = &trials->items[i];
  EqkRandom            random = eqk_random (seed, EQK_RANDOM_AUDIT, 7, (uint32_t) i, 0);
  const double         radius = cloud_radius (rig);

  for (int k = 0; k < 3; k++)   /* up to ten radii: further out the coordinates themselves lose the digits that are compared */
    shift[k] = 10 * radius * (2 * eqk_random_uniform (&random) - 1);
  *action = (EqkAction){ .group = trials->symmetry.group, .g = trial->g, .shift = trial->shifted && radius > 0 ? shift : NULL };
  if (rig->nodes == NULL || trial->move == EQK_MOVE_NONE)
    return EQK_OK;
  action->moves = make_moves (rig, trial->move, time, seed + (uint64_t) i + 1000 * (uint64_t) time);
  return action->moves == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
}

void
eqk_audit_end (EqkAction *action)
{
  free ((void *) action->moves);
  action->moves = NULL;
}

/* ---- the group itself ---- */

static bool
is_orthogonal (const EqkGroup *group, const EqkElement *g)
{
  const int dim = eqk_group_get_space_dim (group);
  double    m[9];

  if (dim == 0)
    return true;
  eqk_group_action (group, g, m);
  for (int i = 0; i < dim; i++)
    for (int j = 0; j < dim; j++)
      {
        double sum = 0;

        for (int k = 0; k < dim; k++)
          sum += m[i * dim + k] * m[j * dim + k];
        if (fabs (sum - (i == j)) > 1e-9)
          return false;
      }
  return true;
}

/* a b acts as the product of the matrices. */
static bool
acts_as_product (const EqkGroup *group, const EqkElement *a, const EqkElement *b, const EqkElement *ab)
{
  const int dim = eqk_group_get_space_dim (group);
  double    ma[9], mb[9], mab[9];

  if (dim == 0)
    return true;
  eqk_group_action (group, a, ma);
  eqk_group_action (group, b, mb);
  eqk_group_action (group, ab, mab);
  for (int i = 0; i < dim; i++)
    for (int j = 0; j < dim; j++)
      {
        double sum = 0;

        for (int k = 0; k < dim; k++)
          sum += ma[i * dim + k] * mb[k * dim + j];
        if (fabs (sum - mab[i * dim + j]) > 1e-9)
          return false;
      }
  return true;
}

bool
eqk_audit_axioms (const EqkGroup *group, uint64_t seed, int triples)
{
  const EqkElement e = eqk_group_identity (group);

  for (int t = 0; t < triples; t++)
    {
      const EqkElement a = eqk_group_sample (group, seed, 3 * (uint64_t) t), b = eqk_group_sample (group, seed, 3 * (uint64_t) t + 1),
                       c = eqk_group_sample (group, seed, 3 * (uint64_t) t + 2);
      const EqkElement ab = eqk_group_compose (group, &a, &b), bc = eqk_group_compose (group, &b, &c);
      const EqkElement ab_c = eqk_group_compose (group, &ab, &c), a_bc = eqk_group_compose (group, &a, &bc);
      const EqkElement back = eqk_group_inverse (group, &a), one = eqk_group_compose (group, &a, &back), ea = eqk_group_compose (group, &e, &a);

      if (!is_orthogonal (group, &ab) || !acts_as_product (group, &a, &b, &ab) || !eqk_group_equal (group, &ab_c, &a_bc) ||
          !eqk_group_equal (group, &one, &e) || !eqk_group_equal (group, &ea, &a))
        return false;
    }
  return true;
}

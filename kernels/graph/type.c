/* Spaces, kinds and the algebra of guarantees. */

#include "eqk/type.h"

#include <math.h>
#include <stdio.h>

static void
part_text (const EqkSpace *space, const char *what, char *text, size_t size)
{
  if (space->structure == 0)
    snprintf (text, size, "one per %s", what);
  else
    snprintf (text, size, "one per kept %s (part %d)", what, space->structure);
}

void
eqk_space_text (const EqkSpace *space, char *text, size_t size)
{
  switch (space->kind)
    {
    case EQK_SPACE_SAMPLE: snprintf (text, size, "one per sample"); break;
    case EQK_SPACE_GRID:   snprintf (text, size, "grid %d×%d", space->h, space->w); break;
    case EQK_SPACE_NODES:  part_text (space, "node", text, size); break;
    case EQK_SPACE_EDGES:  part_text (space, "edge", text, size); break;
    case EQK_SPACE_PAIRS:  part_text (space, "pair", text, size); break;
    case EQK_SPACE_FIXED:  snprintf (text, size, "fixed, %d", space->h); break;
    }
}

const char *
eqk_kind_name (EqkKind kind)
{
  static const char *const names[] = { "feature", "position", "species", "edges", "edge vector", "edge length", "radial",
                                       "logits", "energy", "force", "pose", "mask", "cell", "stress" };

  return names[kind];
}

bool
eqk_space_equal (const EqkSpace *a, const EqkSpace *b)
{
  if (a->kind != b->kind)
    return false;
  if (a->kind == EQK_SPACE_GRID || a->kind == EQK_SPACE_FIXED)
    return a->h == b->h && a->w == b->w;
  return a->kind == EQK_SPACE_SAMPLE || a->structure == b->structure;
}

static int
n_bits (const EqkGroup *group)
{
  return eqk_group_is_finite (group) ? eqk_group_get_order (group) : eqk_group_has_mirror (group) ? 8 : 4;
}

uint64_t
eqk_guarantee_full_mask (const EqkGroup *group)
{
  const int n = eqk_group_get_space_dim (group) == 3 ? 64 : n_bits (group);

  return n >= 64 ? EQK_ALL_ELEMENTS : ((uint64_t) 1 << n) - 1;
}

EqkElement
eqk_guarantee_element (const EqkGroup *group, int bit)
{
  EqkElement g = { 0 };

  if (eqk_group_is_finite (group))
    return eqk_group_element (group, bit);
  g.mirror = bit / 4;
  g.angle = (bit % 4) * 1.57079632679489661923;
  return g;
}

/* Which image axes (columns: x, rows: y) an element on the grid flips and whether it exchanges them. The action has
 * entries 0, 1, -1; rows run downwards, so its off-diagonal entries change sign in array coordinates. */
static bool
grid_action (const EqkGroup *group, int bit, bool *flips_x, bool *flips_y, bool *swaps)
{
  const EqkElement g = eqk_guarantee_element (group, bit);
  double           m[9];

  if (!eqk_group_on_grid (group, &g))
    return false;
  eqk_group_action (group, &g, m);
  *swaps = fabs (m[0]) < 0.5;
  *flips_x = *swaps ? m[1] > 0.5 : m[0] < -0.5;
  *flips_y = *swaps ? m[2] > 0.5 : m[3] < -0.5;
  return true;
}

uint64_t
eqk_guarantee_grid_mask (const EqkGroup *group, int h, int w)
{
  uint64_t mask = 0;
  bool     flips_x, flips_y, swaps;

  if (eqk_group_get_space_dim (group) != 2)
    return eqk_guarantee_full_mask (group);
  for (int i = 0; i < n_bits (group); i++)
    if (grid_action (group, i, &flips_x, &flips_y, &swaps) && (!swaps || h == w))
      mask |= (uint64_t) 1 << i;
  return mask;
}

uint64_t
eqk_guarantee_unflipped (const EqkGroup *group, bool off_x, bool off_y)
{
  uint64_t mask = 0;
  bool     flips_x, flips_y, swaps;

  if (eqk_group_get_space_dim (group) != 2)
    return eqk_guarantee_full_mask (group);
  for (int i = 0; i < n_bits (group); i++)
    if (grid_action (group, i, &flips_x, &flips_y, &swaps) && !(off_x && flips_x) && !(off_y && flips_y))
      mask |= (uint64_t) 1 << i;
  return mask;
}

EqkGuarantee
eqk_guarantee_meet (EqkGuarantee a, EqkGuarantee b)
{
  EqkGuarantee worse = b.holds > a.holds ? b : a;

  worse.exact = a.exact & b.exact;
  if (worse.node < 0 && worse.holds == EQK_HOLDS_EXACT)
    worse.node = -1;
  return worse;
}

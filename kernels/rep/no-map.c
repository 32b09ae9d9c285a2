/*
 * Between which representations there is no equivariant map at all, of whatever kind: a map sends a value to one that everything leaves
 * alone that leaves the value alone. So where the moves that fix a value in general position fix nothing of the other side but zero,
 * every map that is continuous is zero; where they fix something, polynomials reach it (Schwarz 1975, Topology 14, 63).
 */

#include "rep/no-map.h"

#include "rep/rep-private.h"

#include "eqk/random.h"
#include "core/memory.h"

#include <math.h>
#include <stdlib.h>

/* Whether g leaves this value of the representation alone. y: room for as many numbers. */
static bool
fixes (const EqkRep *rep, const EqkElement *g, const double *x, double *y)
{
  const int n = eqk_rep_get_dim (rep);

  if (eqk_rep_apply_f64 (rep, g, x, y, 1) != EQK_OK)
    return false;
  for (int i = 0; i < n; i++)
    if (fabs (y[i] - x[i]) > 1e-9)
      return false;
  return true;
}

static double
character (const EqkRep *rep, const EqkElement *g)
{
  double sum = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    sum += eqk_rep_run (rep, r).mul * eqk_field_character (eqk_rep_run (rep, r).field, g);
  return sum;
}

/* Of a finite group: the moves that fix a value drawn at random are found by trying all. */
static bool
none_finite (const EqkRep *from, const EqkRep *to)
{
  const EqkGroup *group = eqk_rep_get_group (from);
  const int       n = eqk_rep_get_dim (from);
  double         *x = eqk_malloc (((size_t) n + 1) * 2 * sizeof *x), fixed = 0;
  EqkRandom       random = eqk_random (1, EQK_RANDOM_TEST, 0, 0, 0);

  if (x == NULL)
    return false;
  for (int i = 0; i < n; i++)
    x[i] = eqk_random_normal (&random);
  for (int i = 0; i < eqk_group_get_order (group); i++)
    {
      const EqkElement g = eqk_group_element (group, i);

      fixed += fixes (from, &g, x, x + n) ? character (to, &g) : 0;
    }
  free (x);
  return fixed < 0.5;      /* the order of the stabiliser times the dimension of what it fixes */
}

/* What there is in an irrep sum of space. */
typedef struct { int pseudo, arrows[2], higher[2]; } Content;      /* by parity: even, odd */

static Content
content_of (const EqkRep *rep)
{
  Content c = { 0, { 0, 0 }, { 0, 0 } };

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);
      const int       odd = eqk_field_irrep_j (run.field), degree = eqk_field_irrep_frequency (run.field);

      if (degree == 0)
        c.pseudo += odd * run.mul;
      else if (degree == 1)
        c.arrows[odd] += run.mul;
      else
        c.higher[odd] += run.mul;
    }
  return c;
}

/*
 * The irrep (degree, odd) against what fixes the content. Scalars are fixed by all turns, and but for pseudoscalars by the inversion. One
 * arrow is fixed by the turns about it, and by mirrors that hold it (1o) or by the inversion (1e). Two 1o lie in the mirror that holds
 * both. Anything else is only held against the inversion, so that the answer may be "not known" (false), never wrong.
 */
static bool
none_in_space (const Content *c, int degree, int odd, bool mirrors)
{
  const int arrows = c->arrows[0] + c->arrows[1], higher = c->higher[0] + c->higher[1];

  if (mirrors && odd && c->pseudo + c->arrows[1] + c->higher[1] == 0)
    return true;
  if (arrows + higher == 0)
    return degree > 0;
  if (!mirrors || higher > 0 || c->pseudo > 0 || c->arrows[0] > 0)
    return false;
  return c->arrows[1] == 1 ? odd != degree % 2 : c->arrows[1] == 2 && degree == 0 && odd;
}

bool
eqk_rep_has_no_map (const EqkRep *from, const EqkRep *to)
{
  const EqkGroup *group = eqk_rep_get_group (from);
  const Content   content = eqk_group_get_space_dim (group) == 3 ? content_of (from) : (Content){ 0 };

  if (group != eqk_rep_get_group (to))
    return false;
  for (int r = 0; r < eqk_rep_n_runs (to); r++)
    {
      const EqkRepRun run = eqk_rep_run (to, r);

      if (eqk_group_get_space_dim (group) == 3 ? none_in_space (&content, eqk_field_irrep_frequency (run.field), eqk_field_irrep_j (run.field), !eqk_group_is_connected (group))
          : eqk_group_get_order (group) > 0 && none_finite (from, eqk_rep_single (run.field, 1)))
        return true;
    }
  return false;
}

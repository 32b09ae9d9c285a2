/* Terms of tensor products. A rule is a loop over pairs of copies; each pair goes to one copy of z or to all, and takes the next weights. */

#include "layers/products.h"
#include "core/memory.h"

#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool
eqk_product_allowed (const EqkProductBlock *x, const EqkProductBlock *y, const EqkProductBlock *z)
{
  return z->l >= abs (x->l - y->l) && z->l <= x->l + y->l && (x->parity ^ y->parity) == z->parity;
}

/* Pairs summed into one copy of z. */
static double
fan_of (const EqkProduct *self, const EqkProductRule *rule)
{
  const double m1 = self->x[rule->x].mul, m2 = self->y[rule->y].mul;

  switch (rule->copies)
    {
    case EQK_COPIES_UVW:     return m1 * m2;
    case EQK_COPIES_UVU:     return m2;
    case EQK_COPIES_UVV:
    case EQK_COPIES_UUW:     return m1;
    case EQK_COPIES_LESS_VW: return m1 * (m2 - 1) / 2;
    default:                 return 1;
    }
}

double
eqk_product_scale (const EqkProduct *self, int rule)
{
  const EqkProductRule *r = &self->rules[rule];
  const int             l1 = self->x[r->x].l, l2 = self->y[r->y].l, l3 = self->z[r->z].l;
  const double          a = self->irrep_scale == EQK_SCALE_COMPONENT ? 2 * l3 + 1 : self->irrep_scale == EQK_SCALE_NORM ? (2 * l1 + 1) * (2 * l2 + 1) : 1;
  double                sum = 0;
  int                   n = 0;

  for (int k = 0; k < self->n_rules; k++)
    if (self->rules[k].z == r->z)
      {
        sum += self->x[self->rules[k].x].variance * self->y[self->rules[k].y].variance * fan_of (self, &self->rules[k]);
        n++;
      }
  if (self->path_scale == EQK_SCALE_PATH)
    sum = self->x[r->x].variance * self->y[r->y].variance * fan_of (self, r) * n;
  else if (self->path_scale == EQK_SCALE_NO_PATH)
    sum = 1;
  return sum > 0 ? sqrt (a * r->weight * self->z[r->z].variance / sum) : 0;
}

int
eqk_product_copies (const EqkProduct *self, int rule)
{
  const EqkProductRule *r = &self->rules[rule];
  const int             m1 = self->x[r->x].mul, m2 = self->y[r->y].mul, m3 = self->z[r->z].mul;

  switch (r->copies)
    {
    case EQK_COPIES_UVU:
    case EQK_COPIES_UUU:      return m1;
    case EQK_COPIES_UVV:      return m2;
    case EQK_COPIES_UVUV:     return m1 * m2;
    case EQK_COPIES_UVU_LESS: return m1 * (m1 - 1) / 2;
    default:                  return m3;
    }
}

static int
place_of (const EqkProductBlock *blocks, int block)
{
  int at = 0;

  for (int k = 0; k < block; k++)
    at += blocks[k].mul * (2 * blocks[k].l + 1);
  return at;
}

static bool
fits (const EqkProduct *self, int rule)
{
  const EqkProductRule *r = &self->rules[rule];
  const bool            alike = r->copies != EQK_COPIES_UVW && r->copies != EQK_COPIES_UVU && r->copies != EQK_COPIES_UVV && r->copies != EQK_COPIES_UVUV;

  return r->x >= 0 && r->x < self->n_x && r->y >= 0 && r->y < self->n_y && r->z >= 0 && r->z < self->n_z &&
         eqk_product_allowed (&self->x[r->x], &self->y[r->y], &self->z[r->z]) && (!alike || self->x[r->x].mul == self->y[r->y].mul) &&
         eqk_product_copies (self, rule) == self->z[r->z].mul;
}

/* All terms of one pair of copies to copy w of z. */
static void
add_pair (EqkProductTerms *t, const EqkCouplingEntry *entries, int n, double scale, int at_x, int at_y, int at_z, int weight)
{
  for (int e = 0; e < n; e++)
    {
      t->terms[t->n_terms] = (EqkBilinearTerm){ at_x + entries[e].i, at_y + entries[e].j, at_z + entries[e].k, weight };
      t->c[t->n_terms++] = scale * entries[e].c;
    }
}

static bool
add_rule (EqkProductTerms *t, const EqkProduct *self, int rule)
{
  const EqkProductRule *r = &self->rules[rule];
  const int             m1 = self->x[r->x].mul, m2 = self->y[r->y].mul, m3 = self->z[r->z].mul;
  const int             d1 = 2 * self->x[r->x].l + 1, d2 = 2 * self->y[r->y].l + 1, d3 = 2 * self->z[r->z].l + 1;
  const bool            same = r->copies == EQK_COPIES_UUW || r->copies == EQK_COPIES_UUU, less = r->copies == EQK_COPIES_UVU_LESS || r->copies == EQK_COPIES_LESS_VW;
  const bool            to_all = r->copies == EQK_COPIES_UVW || r->copies == EQK_COPIES_UUW || r->copies == EQK_COPIES_LESS_VW;
  const double          scale = eqk_product_scale (self, rule);
  int                   n = 0, pair = 0, weight = t->n_weights;
  EqkCouplingEntry     *entries = eqk_coupling_entries (self->x[r->x].l, self->y[r->y].l, self->z[r->z].l, &n);

  if (entries == NULL)
    return false;
  for (int u = 0; u < m1; u++)
    for (int v = same ? u : less ? u + 1 : 0; v < (same ? u + 1 : m2); v++, pair++)
      for (int w = 0; w < (to_all ? m3 : 1); w++)
        {
          const int to = to_all ? w : r->copies == EQK_COPIES_UVV ? v : r->copies == EQK_COPIES_UVUV || r->copies == EQK_COPIES_UVU_LESS ? pair : u;

          add_pair (t, entries, n, scale, place_of (self->x, r->x) + u * d1, place_of (self->y, r->y) + v * d2, place_of (self->z, r->z) + to * d3, r->has_weight ? weight++ : -1);
        }
  t->n_weights = weight;
  free (entries);
  return true;
}

EqkStatus
eqk_product_terms (const EqkProduct *self, EqkProductTerms *out)
{
  size_t          room = 1;
  EqkProductTerms t = { 0 };

  for (int k = 0; k < self->n_rules; k++)
    {
      const EqkProductRule *r = &self->rules[k];
      const EqkProductBlock *x = &self->x[r->x], *y = &self->y[r->y], *z = &self->z[r->z];

      if (!fits (self, k))
        return EQK_ERR_SHAPE;
      room += (size_t) x->mul * (size_t) y->mul * (size_t) z->mul * (size_t) (2 * x->l + 1) * (size_t) (2 * y->l + 1) * (size_t) (2 * z->l + 1);
    }
  t.terms = eqk_malloc (room * sizeof *t.terms);
  t.c = eqk_malloc (room * sizeof *t.c);
  for (int k = 0; t.terms != NULL && t.c != NULL && k < self->n_rules; k++)
    if (self->x[self->rules[k].x].mul > 0 && self->y[self->rules[k].y].mul > 0 && !add_rule (&t, self, k))
      {
        free (t.terms);
        t.terms = NULL;
      }
  if (t.terms == NULL || t.c == NULL)
    {
      free (t.terms);
      free (t.c);
      return EQK_ERR_NO_MEMORY;
    }
  *out = t;
  return EQK_OK;
}

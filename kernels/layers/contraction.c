/*
 * Symmetric polynomials of irreps. All chains ((l1 l2) k, l3) ... of couplings are written as polynomials in the components: as
 * such they are symmetric by themselves, since the order of factors does not count. Many chains then coincide or vanish; pivoted
 * Gram-Schmidt in the norm of symmetric tensors keeps a basis. Source: Dusson et al. 2022; Batatia et al. 2022 (MACE).
 */

#include "layers/contraction.h"
#include "core/memory.h"

#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COMPONENTS = 36, MAX_ORDER = 3, MAX_RUNS = 16 };

/* A set of polynomials of one order that transform as one irrep: numbers [2l+1][monomials]. */
typedef struct
{
  int     l, odd;
  double *p;
} Poly;

typedef struct
{
  Poly *items;
  int   n, room;
} List;

struct EqkContraction
{
  const EqkRep *in, *out;
  int           order, n_components, n_paths, n_out;
  int           n_monomials[MAX_ORDER + 1];
  int          *index3;                                /* [n][n][n] of sorted triples */
  int           count[MAX_RUNS][MAX_ORDER + 1];
  List          basis[MAX_RUNS][MAX_ORDER + 1];
};

static int
index2 (int n, int a, int b)
{
  const int i = a < b ? a : b, j = a < b ? b : a;

  return i * n - i * (i - 1) / 2 + j - i;
}

static int
index_of (const EqkContraction *self, int a, int b, int c)
{
  int t;

  if (a > b) { t = a; a = b; b = t; }
  if (b > c) { t = b; b = c; c = t; }
  if (a > b) { t = a; a = b; b = t; }
  return self->index3[(a * self->n_components + b) * self->n_components + c];
}

static void
list_free (List *list)
{
  for (int i = 0; i < list->n; i++)
    free (list->items[i].p);
  free (list->items);
  *list = (List) { 0 };
}

/* Room for a polynomial of `size` numbers, zeroed. */
static Poly *
push (List *list, int l, int odd, size_t size)
{
  if (list->n == list->room)
    {
      Poly *grown = eqk_realloc (list->items, (size_t) (2 * list->room + 16) * sizeof *grown);

      if (grown == NULL)
        return NULL;
      list->items = grown;
      list->room = 2 * list->room + 16;
    }
  list->items[list->n] = (Poly) { l, odd, eqk_calloc (size + 1, sizeof (double)) };
  return list->items[list->n].p == NULL ? NULL : &list->items[list->n++];
}

/* Index of a monomial times one more component. */
static int
times (const EqkContraction *self, int order, const int *factors, int component)
{
  if (order == 1)
    return index2 (self->n_components, factors[0], component);
  return index_of (self, factors[0], factors[1], component);
}

/* Factors of every monomial of an order, [n_monomials][2]. */
static int *
factors_of (const EqkContraction *self, int order)
{
  int *factors = eqk_calloc (2 * ((size_t) self->n_monomials[order] + 1), sizeof *factors);

  for (int a = 0; factors != NULL && a < self->n_components; a++)
    for (int b = a; b < self->n_components; b++)
      if (order == 1)
        factors[2 * a] = a;
      else
        {
          factors[2 * index2 (self->n_components, a, b)] = a;
          factors[2 * index2 (self->n_components, a, b) + 1] = b;
        }
  return factors;
}

/* Couples polynomial p of an order with a run of the input to degree l. */
static bool
couple (const EqkContraction *self, const Poly *p, int order, const int *factors, int run, int run_at, int l, List *to)
{
  const EqkField   *field = eqk_rep_run (self->in, run).field;
  const int         n = self->n_monomials[order], n_next = self->n_monomials[order + 1];
  int               n_entries;
  EqkCouplingEntry *entries = eqk_coupling_entries (p->l, eqk_irreps_degree (field), l, &n_entries);
  Poly             *q = entries == NULL ? NULL : push (to, l, p->odd ^ eqk_field_irrep_j (field), (size_t) (2 * l + 1) * (size_t) n_next);

  for (int e = 0; q != NULL && e < n_entries; e++)
    for (int m = 0; m < n; m++)
      if (p->p[entries[e].i * n + m] != 0)
        q->p[entries[e].k * n_next + times (self, order, factors + 2 * m, run_at + entries[e].j)] += entries[e].c * p->p[entries[e].i * n + m];
  free (entries);
  return q != NULL;
}

static bool
wanted (const EqkContraction *self, int l, int odd)
{
  for (int r = 0; r < eqk_rep_n_runs (self->out); r++)
    if (eqk_irreps_degree (eqk_rep_run (self->out, r).field) == l && eqk_field_irrep_j (eqk_rep_run (self->out, r).field) == odd)
      return true;
  return false;
}

/* All chains of the next order; of the last order only those that end in an irrep of the output. */
static bool
next_order (const EqkContraction *self, const List *list, int order, List *to)
{
  int *factors = factors_of (self, order);
  bool good = factors != NULL;

  for (int i = 0; good && i < list->n; i++)
    for (int r = 0, at = 0; good && r < eqk_rep_n_runs (self->in); at += eqk_field_get_dim (eqk_rep_run (self->in, r).field), r++)
      {
        const EqkField *field = eqk_rep_run (self->in, r).field;
        const int       l2 = eqk_irreps_degree (field), odd = list->items[i].odd ^ eqk_field_irrep_j (field);

        for (int l = abs (list->items[i].l - l2); good && l <= list->items[i].l + l2 && l <= EQK_MAX_DEGREE; l++)
          if (order + 1 < self->order || wanted (self, l, odd))
            good = couple (self, &list->items[i], order, factors, r, at, l, to);
      }
  free (factors);
  return good;
}

/* How many ordered tuples a monomial stands for: the weight of its coefficient in the norm of symmetric tensors is one over it. */
static double *
permutations (const EqkContraction *self, int order)
{
  double *w = eqk_calloc ((size_t) self->n_monomials[order] + 1, sizeof *w);

  for (int a = 0; w != NULL && a < self->n_components; a++)
    for (int b = a; b < self->n_components; b++)
      {
        if (order == 1)
          w[a] = 1;
        else if (order == 2)
          w[index2 (self->n_components, a, b)] = a == b ? 1 : 2;
        for (int c = b; order == 3 && c < self->n_components; c++)
          w[index_of (self, a, b, c)] = a == c ? 1 : a == b || b == c ? 3 : 6;
      }
  return w;
}

static double
dot (const double *a, const double *b, const double *w, int rows, int n)
{
  double sum = 0;

  for (int r = 0; r < rows; r++)
    for (int m = 0; m < n; m++)
      sum += a[r * n + m] * b[r * n + m] / w[m];
  return sum;
}

/* Keeps a basis of the chains to one irrep: the longest rest first, the earliest among nearly equal ones. */
static bool
reduce (const EqkContraction *self, const List *chains, int l, int odd, int order, List *basis)
{
  const int    n = self->n_monomials[order], rows = 2 * l + 1;
  const size_t size = (size_t) rows * (size_t) n;
  double      *w = permutations (self, order);
  List         rest = { 0 };
  bool         good = w != NULL;

  for (int i = 0; good && i < chains->n; i++)
    if (chains->items[i].l == l && chains->items[i].odd == odd)
      {
        Poly *p = push (&rest, l, odd, size);

        good = p != NULL;
        if (good)
          memcpy (p->p, chains->items[i].p, size * sizeof *p->p);
      }
  for (int taken = 0; good; taken++)
    {
      int    best = -1;
      double length = 1e-9;
      Poly  *q;

      for (int i = 0; i < rest.n; i++)
        {
          const double own = sqrt (dot (rest.items[i].p, rest.items[i].p, w, rows, n));

          if (own > length * (1 + 1e-6))
            {
              best = i;
              length = own;
            }
        }
      if (best < 0)
        break;
      q = push (basis, l, odd, size);
      good = q != NULL;
      /* Of norm sqrt(2l + 1), one for each component, as couplings times that root are. */
      for (size_t i = 0; good && i < size; i++)
        q->p[i] = rest.items[best].p[i] / length * sqrt (rows);
      for (int pass = 0; good && pass < 2; pass++)
        for (int i = 0; i < rest.n; i++)
          {
            const double along = dot (rest.items[i].p, q->p, w, rows, n) / rows;

            for (size_t k = 0; k < size; k++)
              rest.items[i].p[k] -= along * q->p[k];
          }
    }
  list_free (&rest);
  free (w);
  return good;
}

static bool
make_indices (EqkContraction *self)
{
  const int n = self->n_components;

  self->n_monomials[1] = n;
  self->n_monomials[2] = n * (n + 1) / 2;
  self->index3 = eqk_calloc ((size_t) n * (size_t) n * (size_t) n, sizeof *self->index3);
  for (int a = 0; self->index3 != NULL && a < n; a++)
    for (int b = a; b < n; b++)
      for (int c = b; c < n; c++)
        self->index3[(a * n + b) * n + c] = self->n_monomials[3]++;
  return self->index3 != NULL;
}

static bool
first_order (const EqkContraction *self, List *list)
{
  const int n = self->n_components;

  for (int r = 0, at = 0; r < eqk_rep_n_runs (self->in); r++)
    {
      const EqkField *field = eqk_rep_run (self->in, r).field;
      const int       dim = eqk_field_get_dim (field);
      Poly           *p = push (list, eqk_irreps_degree (field), eqk_field_irrep_j (field), (size_t) dim * (size_t) n);

      if (p == NULL)
        return false;
      for (int m = 0; m < dim; m++)
        p->p[m * n + at + m] = 1;
      at += dim;
    }
  return true;
}

EqkContraction *
eqk_contraction_new (const EqkRep *in, const EqkRep *out, int order)
{
  EqkContraction *self = eqk_calloc (1, sizeof *self);
  List            lists[MAX_ORDER + 1] = { { 0 } };
  bool            good = self != NULL && eqk_rep_n_runs (out) <= MAX_RUNS && order >= 1 && order <= MAX_ORDER;

  if (good)
    {
      *self = (EqkContraction) { .in = in, .out = out, .order = order };
      for (int r = 0; r < eqk_rep_n_runs (in); r++)
        self->n_components += eqk_field_get_dim (eqk_rep_run (in, r).field);
      good = self->n_components <= MAX_COMPONENTS && make_indices (self) && first_order (self, &lists[1]);
    }
  for (int k = 1; good && k < order; k++)
    good = next_order (self, &lists[k], k, &lists[k + 1]);
  for (int r = 0; good && r < eqk_rep_n_runs (out); r++)
    {
      const EqkField *field = eqk_rep_run (out, r).field;

      for (int k = 1; good && k <= order; k++)
        {
          good = reduce (self, &lists[k], eqk_irreps_degree (field), eqk_field_irrep_j (field), k, &self->basis[r][k]);
          self->count[r][k] = self->basis[r][k].n;
          self->n_paths += self->basis[r][k].n;
        }
      self->n_out += eqk_field_get_dim (field);
    }
  for (int k = 1; k <= MAX_ORDER; k++)
    list_free (&lists[k]);
  if (good)
    return self;
  eqk_contraction_free (self);
  return NULL;
}

void
eqk_contraction_free (EqkContraction *self)
{
  if (self == NULL)
    return;
  for (int r = 0; r < MAX_RUNS; r++)
    for (int k = 0; k <= MAX_ORDER; k++)
      list_free (&self->basis[r][k]);
  free (self->index3);
  free (self);
}

int
eqk_contraction_n_paths (const EqkContraction *self)
{
  return self->n_paths;
}

int
eqk_contraction_count (const EqkContraction *self, int run, int order)
{
  return self->count[run][order];
}

/* ---- tables ---- */

typedef struct
{
  EqkMonomial           *monomials;
  EqkContractionFeature *features;
  int32_t               *entries;
  double                *u;
  int                    n_monomials, n_features, n_entries, room;
} Tables;

static bool
add_entry (Tables *t, int feature, double u)
{
  if (t->n_entries == t->room)
    {
      const int room = 2 * t->room + 256;
      int32_t  *entries = eqk_realloc (t->entries, (size_t) room * sizeof *entries);
      double   *values = eqk_realloc (t->u, (size_t) room * sizeof *values);

      t->entries = entries != NULL ? entries : t->entries;
      t->u = values != NULL ? values : t->u;
      if (entries == NULL || values == NULL)
        return false;
      t->room = room;
    }
  t->entries[t->n_entries] = feature;
  t->u[t->n_entries++] = u;
  return true;
}

/* Entries of one monomial in the features of its order. */
static bool
add_monomial (const EqkContraction *self, Tables *t, int order, int a, int b, int c, int index)
{
  const int n = self->n_monomials[order], first = t->n_entries;
  int       feature = 0;

  for (int r = 0; r < eqk_rep_n_runs (self->out); r++)
    for (int k = 1; k <= self->order; k++)
      for (int i = 0; i < self->basis[r][k].n; i++)
        for (int m = 0; m < eqk_field_get_dim (eqk_rep_run (self->out, r).field); m++, feature++)
          if (k == order && fabs (self->basis[r][k].items[i].p[m * n + index]) > 1e-12 && !add_entry (t, feature, self->basis[r][k].items[i].p[m * n + index]))
            return false;
  if (t->n_entries > first)
    t->monomials[t->n_monomials++] = (EqkMonomial) { (int16_t) order, (int16_t) a, (int16_t) b, (int16_t) c, first };
  return true;
}

static bool
make_tables (const EqkContraction *self, Tables *t)
{
  const int n = self->n_components;
  int       path = 0, at = 0, n_features = 0;
  bool      good;

  for (int r = 0; r < eqk_rep_n_runs (self->out); r++)
    for (int k = 1; k <= self->order; k++)
      n_features += self->basis[r][k].n * eqk_field_get_dim (eqk_rep_run (self->out, r).field);
  t->monomials = eqk_calloc ((size_t) (self->n_monomials[1] + self->n_monomials[2] + self->n_monomials[3]) + 1, sizeof *t->monomials);
  t->features = eqk_calloc ((size_t) n_features + 1, sizeof *t->features);
  good = t->monomials != NULL && t->features != NULL;
  for (int r = 0; good && r < eqk_rep_n_runs (self->out); at += eqk_field_get_dim (eqk_rep_run (self->out, r).field), r++)
    for (int k = 1; k <= self->order; k++)
      for (int i = 0; i < self->basis[r][k].n; i++, path++)
        for (int m = 0; m < eqk_field_get_dim (eqk_rep_run (self->out, r).field); m++)
          t->features[t->n_features++] = (EqkContractionFeature) { at + m, path };
  for (int a = 0; good && a < n; a++)
    {
      good = add_monomial (self, t, 1, a, 0, 0, a);
      for (int b = a; good && self->order > 1 && b < n; b++)
        {
          good = add_monomial (self, t, 2, a, b, 0, index2 (n, a, b));
          for (int c = b; good && self->order > 2 && c < n; c++)
            good = add_monomial (self, t, 3, a, b, c, index_of (self, a, b, c));
        }
    }
  if (good)
    t->monomials[t->n_monomials].first = t->n_entries;
  return good;
}

bool
eqk_contraction_build (const EqkContraction *self, EqkBuild *b, EqkContractionParams *out, int *constants)
{
  Tables t = { 0 };
  bool   good = make_tables (self, &t) && t.n_entries > 0;

  if (good)
    {
      *out = (EqkContractionParams) { .n_components = self->n_components, .n_out = self->n_out, .n_paths = self->n_paths, .n_features = t.n_features,
                                      .n_monomials = t.n_monomials, .n_entries = t.n_entries };
      out->monomials = eqk_build_keep (b, t.monomials, ((size_t) t.n_monomials + 1) * sizeof *t.monomials);
      out->features = eqk_build_keep (b, t.features, ((size_t) t.n_features + 1) * sizeof *t.features);
      out->entries = eqk_build_keep (b, t.entries, (size_t) t.n_entries * sizeof *t.entries);
      *constants = eqk_build_const (b, t.u, (size_t) t.n_entries);
      good = out->monomials != NULL && out->features != NULL && out->entries != NULL && *constants >= 0;
    }
  free (t.monomials);
  free (t.features);
  free (t.entries);
  free (t.u);
  return good;
}

/*
 * Tensors with exchange symmetries, as irreps. Chains of couplings (((l1 l2) k, l3) ...) are all equivariant maps from the whole tensor product to one irrep,
 * orthonormal as they come. The mean over the group that the exchanges generate projects onto tensors that satisfy the formula; it commutes with rotations, so a
 * projected chain is an equivariant map still, and pivoted Gram-Schmidt among those of one irrep keeps a basis.
 */

#include "eqk/reduced.h"
#include "core/memory.h"

#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EXCHANGES = 2 * 720, MAX_TERMS = 8, MAX_DEGREES = EQK_MAX_DEGREE + 1 };

/* An exchange of indices: T[a_0, a_1 ...] = sign T[a_of[0], a_of[1] ...]. */
typedef struct
{
  int of[EQK_MAX_INDICES], sign;
} Exchange;

/* An equivariant map to one irrep: numbers [2l+1][numbers of a tensor]. */
typedef struct
{
  int     l, odd;
  double *p;
} Chain;

typedef struct
{
  Chain *items;
  int    n, room;
} List;

struct EqkReduced
{
  const EqkRep *rep, *reps[EQK_MAX_INDICES];
  int           n, dims[EQK_MAX_INDICES], size;
  Exchange      exchanges[MAX_EXCHANGES];
  int           n_exchanges;
  double       *basis;
};

static void
list_free (List *list)
{
  for (int i = 0; i < list->n; i++)
    free (list->items[i].p);
  free (list->items);
  *list = (List) { 0 };
}

static double *
push (List *list, int l, int odd, int size)
{
  if (list->n == list->room)
    {
      Chain *grown = eqk_realloc (list->items, (size_t) (2 * list->room + 16) * sizeof *grown);

      if (grown == NULL)
        return NULL;
      list->items = grown;
      list->room = 2 * list->room + 16;
    }
  list->items[list->n] = (Chain) { l, odd, eqk_calloc ((size_t) (2 * l + 1) * (size_t) size, sizeof (double)) };
  return list->items[list->n].p == NULL ? NULL : list->items[list->n++].p;
}

/* ---- the formula ---- */

static bool
same (const EqkReduced *self, const Exchange *a, const Exchange *b)
{
  return a->sign == b->sign && memcmp (a->of, b->of, (size_t) self->n * sizeof *a->of) == 0;
}

/* Closes the list under composition. */
static void
generate (EqkReduced *self)
{
  for (int i = 0; i < self->n_exchanges; i++)
    for (int j = 0; j < self->n_exchanges; j++)
      {
        Exchange both = { .sign = self->exchanges[i].sign * self->exchanges[j].sign };
        bool     known = false;

        for (int k = 0; k < self->n; k++)
          both.of[k] = self->exchanges[i].of[self->exchanges[j].of[k]];
        for (int k = 0; k < self->n_exchanges && !known; k++)
          known = same (self, &both, &self->exchanges[k]);
        if (!known && self->n_exchanges < MAX_EXCHANGES)
          {
            self->exchanges[self->n_exchanges++] = both;
            i = 0;
            j = -1;
          }
      }
}

static EqkStatus
fail_formula (EqkDiag *diag, const char *formula, const char *at)
{
  eqk_fail (diag, EQK_ERR_PARSE, "indices such as “ij=-ji”");
  if (diag != NULL)
    diag->index = at - formula;
  return EQK_ERR_PARSE;
}

/* One term: its indices among those of the first one, each once. */
static bool
read_term (EqkReduced *self, const char *first, const char **at, Exchange *term)
{
  bool seen[EQK_MAX_INDICES] = { false };

  term->sign = **at == '-' ? -1 : 1;
  *at += **at == '-';
  for (int k = 0; k < self->n; k++, (*at)++)
    {
      const char *letter = **at == '\0' ? NULL : memchr (first, **at, (size_t) self->n);

      if (letter == NULL || seen[letter - first])
        return false;
      seen[letter - first] = true;
      term->of[k] = (int) (letter - first);
    }
  return true;
}

static EqkStatus
read_formula (EqkReduced *self, const char *formula, EqkDiag *diag)
{
  const char *at = formula;

  for (int k = 0; k < self->n; k++)
    if (formula[k] < 'a' || formula[k] > 'z' || memchr (formula, formula[k], (size_t) k) != NULL)
      return fail_formula (diag, formula, formula + k);
  while (self->n_exchanges < MAX_TERMS)
    {
      Exchange *term = &self->exchanges[self->n_exchanges];

      if (!read_term (self, formula, &at, term))
        return fail_formula (diag, formula, at);
      self->n_exchanges++;
      for (int k = 0; k < self->n; k++)
        if (self->reps[k] != self->reps[term->of[k]])
          return eqk_fail_expected (diag, EQK_ERR_TYPE, "exchanged indices", eqk_rep_get_text (self->reps[k]), eqk_rep_get_text (self->reps[term->of[k]]));
      if (*at == '\0')
        return EQK_OK;
      if (*at++ != '=')
        return fail_formula (diag, formula, at - 1);
    }
  return eqk_fail (diag, EQK_ERR_LIMIT, "more than %d terms", MAX_TERMS);
}

/* ---- chains ---- */

/* Chain i coupled with one copy of an irrep, which stands at `at` of the next index. */
static bool
couple (const Chain *chain, int before, int l2, int odd2, int at, int dim, List *to)
{
  const int n1 = 2 * chain->l + 1, n2 = 2 * l2 + 1;

  for (int l = abs (chain->l - l2); l <= chain->l + l2 && l <= EQK_MAX_DEGREE; l++)
    {
      int               n = 0;
      EqkCouplingEntry *entries = eqk_coupling_entries (chain->l, l2, l, &n);
      double           *p = entries == NULL ? NULL : push (to, l, chain->odd ^ odd2, before * dim);

      for (int e = 0; p != NULL && e < n; e++)
        if (entries[e].i < n1 && entries[e].j < n2)
          for (int a = 0; a < before; a++)
            p[(entries[e].k * before + a) * dim + at + entries[e].j] += sqrt (2 * l + 1) * entries[e].c * chain->p[entries[e].i * before + a];
      free (entries);
      if (p == NULL)
        return false;
    }
  return true;
}

static bool
make_chains (const EqkReduced *self, List *chains)
{
  List  list = { 0 };
  bool  good;
  int   before = 1;
  double *one = push (&list, 0, 0, 1);

  good = one != NULL;
  if (good)
    one[0] = 1;
  for (int k = 0; good && k < self->n; before *= self->dims[k++])
    {
      List next = { 0 };

      for (int i = 0; good && i < list.n; i++)
        for (int f = 0, at = 0; good && f < eqk_rep_n_fields (self->reps[k]); f++)
          {
            const EqkField *irrep = eqk_rep_field (self->reps[k], f, &at);

            good = couple (&list.items[i], before, eqk_field_irrep_frequency (irrep), eqk_field_irrep_j (irrep), at, self->dims[k], &next);
          }
      list_free (&list);
      list = next;
    }
  if (good)
    *chains = list;
  else
    list_free (&list);
  return good;
}

/* ---- the basis ---- */

/* Where the numbers of a tensor go when its indices are exchanged. */
static void
exchange_places (const EqkReduced *self, const Exchange *e, int *place)
{
  for (int t = 0; t < self->size; t++)
    {
      int index[EQK_MAX_INDICES], rest = t, to = 0;

      for (int k = self->n - 1; k >= 0; rest /= self->dims[k--])
        index[k] = rest % self->dims[k];
      for (int k = 0; k < self->n; k++)
        to = to * self->dims[k] + index[e->of[k]];
      place[t] = to;
    }
}

/* Each chain becomes its mean over the exchanges. */
static bool
project (const EqkReduced *self, List *chains)
{
  int  *place = eqk_malloc ((size_t) self->size * (size_t) self->n_exchanges * sizeof *place);
  List  mean = { 0 };
  bool  good = place != NULL;

  for (int e = 0; good && e < self->n_exchanges; e++)
    exchange_places (self, &self->exchanges[e], place + e * self->size);
  for (int i = 0; good && i < chains->n; i++)
    {
      const Chain *chain = &chains->items[i];
      double      *p = push (&mean, chain->l, chain->odd, self->size);

      good = p != NULL;
      for (int e = 0; good && e < self->n_exchanges; e++)
        for (int m = 0; m <= 2 * chain->l; m++)
          for (int t = 0; t < self->size; t++)
            p[m * self->size + t] += self->exchanges[e].sign * chain->p[m * self->size + place[e * self->size + t]] / self->n_exchanges;
    }
  free (place);
  list_free (chains);
  *chains = mean;
  return good;
}

/* Of the rows of two maps to one irrep, by Schur's lemma a multiple of the unit matrix: that number. */
static double
dot (const EqkReduced *self, const Chain *a, const Chain *b)
{
  double sum = 0;

  for (int i = 0; i < (2 * a->l + 1) * self->size; i++)
    sum += a->p[i] * b->p[i];
  return sum / (2 * a->l + 1);
}

/* Moves an orthonormal basis of the maps to one irrep to `basis`. @return how many there are, -1 without memory */
static int
reduce (const EqkReduced *self, List *chains, int l, int odd, List *basis)
{
  for (int taken = 0;; taken++)
    {
      Chain *best = NULL;
      double length = 1e-8;

      for (int i = 0; i < chains->n; i++)
        if (chains->items[i].l == l && chains->items[i].odd == odd)
          {
            const double own = sqrt (dot (self, &chains->items[i], &chains->items[i]));

            if (own > length * (1 + 1e-6))
              {
                best = &chains->items[i];
                length = own;
              }
          }
      if (best == NULL)
        return taken;
      if (push (basis, l, odd, self->size) == NULL)
        return -1;
      for (int i = 0; i < (2 * l + 1) * self->size; i++)
        basis->items[basis->n - 1].p[i] = best->p[i] / length;
      for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < chains->n; i++)
          if (chains->items[i].l == l && chains->items[i].odd == odd)
            {
              const double along = dot (self, &chains->items[i], &basis->items[basis->n - 1]);

              for (int k = 0; k < (2 * l + 1) * self->size; k++)
                chains->items[i].p[k] -= along * basis->items[basis->n - 1].p[k];
            }
    }
}

static bool
make_basis (EqkReduced *self, List *chains)
{
  const EqkGroup *group = eqk_rep_get_group (self->reps[0]);
  EqkRepRun       runs[2 * MAX_DEGREES];
  List            basis = { 0 };
  int             n_runs = 0, at = 0;
  bool            good = true;

  for (int l = 0; good && l < MAX_DEGREES; l++)
    for (int odd = eqk_group_is_connected (group) ? 0 : 1; good && odd >= 0; odd--)
      {
        const int n = reduce (self, chains, l, odd, &basis);

        good = n >= 0;
        if (n > 0)
          runs[n_runs++] = (EqkRepRun) { eqk_group_irrep_by_id (group, odd, l), n };
      }
  self->rep = good ? eqk_rep_from_runs (group, runs, n_runs) : NULL;
  self->basis = self->rep == NULL ? NULL : eqk_malloc (((size_t) eqk_rep_get_dim (self->rep) * (size_t) self->size + 1) * sizeof *self->basis);
  for (int i = 0; self->basis != NULL && i < basis.n; at += (2 * basis.items[i].l + 1) * self->size, i++)
    memcpy (self->basis + at, basis.items[i].p, (size_t) (2 * basis.items[i].l + 1) * (size_t) self->size * sizeof *self->basis);
  list_free (&basis);
  return self->basis != NULL;
}

static EqkStatus
check_reps (EqkReduced *self, EqkDiag *diag)
{
  self->size = 1;
  for (int k = 0; k < self->n; k++)
    {
      if (self->reps[k] == NULL)
        return eqk_fail (diag, EQK_ERR_NO_MEMORY, "index");
      for (int f = 0; f < eqk_rep_n_fields (self->reps[k]); f++)
        if (!eqk_field_is_irrep (eqk_rep_field (self->reps[k], f, NULL)) || eqk_group_get_space_dim (eqk_rep_get_group (self->reps[k])) != 3)
          return eqk_fail_expected (diag, EQK_ERR_TYPE, "index", "irreps of space", eqk_rep_get_text (self->reps[k]));
      if (eqk_rep_get_group (self->reps[k]) != eqk_rep_get_group (self->reps[0]))
        return eqk_fail_expected (diag, EQK_ERR_GROUP, "index", eqk_group_get_id (eqk_rep_get_group (self->reps[0])), eqk_group_get_id (eqk_rep_get_group (self->reps[k])));
      self->dims[k] = eqk_rep_get_dim (self->reps[k]);
      if (self->dims[k] < 1 || self->dims[k] > EQK_MAX_TENSOR_SIZE / self->size)
        return eqk_fail (diag, EQK_ERR_LIMIT, "a tensor of 1 to %d numbers", EQK_MAX_TENSOR_SIZE);
      self->size *= self->dims[k];
    }
  return EQK_OK;
}

EqkStatus
eqk_reduced_new (const EqkRep *const *reps, int n, const char *formula, EqkReduced **out, EqkDiag *diag)
{
  EqkReduced *self;
  List        chains = { 0 };
  EqkStatus   status;

  if (n < 1 || n > EQK_MAX_INDICES || strlen (formula) < (size_t) n)
    return eqk_fail (diag, EQK_ERR_LIMIT, "1 to %d indices", EQK_MAX_INDICES);
  self = eqk_calloc (1, sizeof *self);
  if (self == NULL)
    return EQK_ERR_NO_MEMORY;
  self->n = n;
  memcpy (self->reps, reps, (size_t) n * sizeof *reps);
  status = check_reps (self, diag);
  if (status == EQK_OK)
    status = read_formula (self, formula, diag);
  if (status == EQK_OK)
    {
      generate (self);
      if (!make_chains (self, &chains) || !project (self, &chains) || !make_basis (self, &chains))
        status = EQK_ERR_NO_MEMORY;
    }
  list_free (&chains);
  if (status == EQK_OK)
    *out = self;
  else
    eqk_reduced_free (self);
  return status;
}

void
eqk_reduced_free (EqkReduced *self)
{
  if (self == NULL)
    return;
  free (self->basis);
  free (self);
}

const EqkRep *
eqk_reduced_get_rep (const EqkReduced *self)
{
  return self->rep;
}

int
eqk_reduced_get_size (const EqkReduced *self)
{
  return self->size;
}

const double *
eqk_reduced_get_basis (const EqkReduced *self)
{
  return self->basis;
}

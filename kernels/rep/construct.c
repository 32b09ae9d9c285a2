/*
 * Fields made of others: regular and induced representations (a quotient is induced from the trivial one), band-limited
 * ones, sums, products and restrictions. Their names are texts that eqk_rep_parse reads back.
 */

#include "rep/rep-private.h"
#include "core/memory.h"

#include "eqk/space.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COMPONENTS (2 * EQK_MAX_STEPS)

/** Names grow by nesting; one that does not fit is refused rather than cut. */
static bool
fits (int length)
{
  return length >= 0 && length <= EQK_MAX_FIELD_NAME;
}

/* --- regular --- */

/** Columns sqrt(d/|G|) psi(h)_{ic}, i = 0..d-1, of irrep psi and its column c (domain.md 2.4). */
static void
regular_columns (const EqkGroup *group, const EqkField *irrep, int c, int first, double *basis)
{
  const int order = eqk_group_get_order (group), d = irrep->dim;
  const double scale = sqrt ((double) d / order);

  for (int h = 0; h < order; h++)
    {
      const EqkElement g = eqk_group_element (group, h);
      double psi[EQK_MAX_IRREP_SIZE];

      eqk_group_irrep_matrix (group, irrep->j, irrep->k, &g, psi);
      for (int i = 0; i < d; i++)
        basis[h * order + first + i] = scale * psi[i * d + c];
    }
}

const EqkField *
eqk_group_regular (const EqkGroup *group)
{
  const int order = eqk_group_get_order (group), n = eqk_group_n_irreps (group, EQK_MAX_FREQUENCY);
  char name[32];
  const EqkField *known, **irreps;
  double *basis;
  int n_blocks = 0, first = 0;

  if (order == 0)
    return NULL;
  if (order == 1)
    return eqk_group_trivial (group);
  snprintf (name, sizeof name, "reg(%s)", eqk_group_get_base (group));
  known = eqk_field_find (group, name);
  if (known != NULL)
    return known;

  irreps = eqk_malloc (sizeof *irreps * (size_t) order);
  basis = eqk_malloc (sizeof *basis * (size_t) order * (size_t) order);
  for (int i = 0; irreps != NULL && basis != NULL && i < n; i++)
    {
      const EqkField *irrep = eqk_group_irrep (group, i);
      /* A complex-type irrep occurs once: its other column is the same copy turned within the commutant. */
      const int copies = irrep == NULL ? 0 : irrep->dim / (int) irrep->type;

      for (int c = 0; c < copies; c++, first += irrep->dim)
        {
          regular_columns (group, irrep, c, first, basis);
          irreps[n_blocks++] = irrep;
        }
    }
  if (first != order)
    {
      free (irreps);
      free (basis);
      return NULL;
    }
  return eqk_field_make (group, name, n_blocks, irreps, basis);
}

/* --- induction --- */

typedef struct
{
  const EqkGroup *group;
  const EqkField *field;                    /**< of the subgroup */
  EqkElement      coset[MAX_COMPONENTS];    /**< one element of every coset */
  int             n_cosets;
  double         *block;                    /**< [field->dim, field->dim] */
} Induction;

/** h in the subgroup with g coset[i] = coset[j] h; false when g coset[i] lies in another coset. */
static bool
step (const Induction *self, const EqkElement *g, int i, int j, EqkElement *h)
{
  const EqkElement moved = eqk_group_compose (self->group, g, &self->coset[i]);
  const EqkElement back = eqk_group_inverse (self->group, &self->coset[j]);
  const EqkElement rest = eqk_group_compose (self->group, &back, &moved);

  return eqk_group_descend (self->group, self->field->group, &rest, h);
}

static bool
induced_matrix (const void *data, const EqkElement *g, double *matrix)
{
  const Induction *self = data;
  const int d = self->field->dim, n = d * self->n_cosets;

  memset (matrix, 0, sizeof (double) * (size_t) n * (size_t) n);
  for (int i = 0; i < self->n_cosets; i++)
    {
      EqkElement h = { 0 };
      int j = 0;

      while (j < self->n_cosets && !step (self, g, i, j, &h))
        j++;
      if (j == self->n_cosets)
        return false;
      eqk_field_matrix (self->field, &h, self->block);
      for (int a = 0; a < d; a++)
        memcpy (matrix + (size_t) (j * d + a) * (size_t) n + i * d, self->block + a * d, sizeof (double) * (size_t) d);
    }
  return true;
}

/** Finds one element a coset, in the order of the elements. False when there are infinitely many cosets. */
static bool
find_cosets (Induction *self)
{
  const int n = eqk_group_n_components (self->group);
  const EqkElement identity = eqk_group_identity (self->group);

  if (eqk_group_is_finite (self->field->group) && !eqk_group_is_finite (self->group))
    return false;
  for (int e = 0; e < n; e++)
    {
      EqkElement h;
      bool known = false;

      self->coset[self->n_cosets] = eqk_group_component (self->group, e);
      for (int j = 0; j < self->n_cosets && !known; j++)
        known = step (self, &identity, self->n_cosets, j, &h);
      if (!known)
        self->n_cosets++;
    }
  return true;
}

static const EqkField *
induce (const EqkField *field, const EqkGroup *group, const char *name)
{
  Induction self = { .group = group, .field = field };
  const int frequency = eqk_group_is_finite (group) ? eqk_group_get_n (group) : field->max_frequency;
  const EqkField *result = NULL;

  self.block = eqk_malloc (sizeof (double) * (size_t) field->dim * (size_t) field->dim);
  if (self.block != NULL && find_cosets (&self) && field->dim * self.n_cosets <= EQK_MAX_FIELD_DIM)
    result = eqk_field_decompose (group, name, field->dim * self.n_cosets, frequency, induced_matrix, &self);
  free (self.block);
  return result;
}

const EqkField *
eqk_field_induce (const EqkField *self, const EqkGroup *group)
{
  char name[EQK_MAX_FIELD_NAME + 64];
  const EqkField *known;

  if (self->group == group)
    return self;
  if (!eqk_group_contains (group, self->group))
    return NULL;
  if (!fits (snprintf (name, sizeof name, "ind(%s,%s)", eqk_group_get_id (self->group), self->name)))
    return NULL;
  known = eqk_field_find (group, name);
  return known != NULL ? known : induce (self, group, name);
}

const EqkField *
eqk_field_quotient (const EqkGroup *group, const EqkGroup *sub)
{
  const bool same_axis = eqk_group_get_axis_deg (group) == eqk_group_get_axis_deg (sub);
  const bool plain = !eqk_group_has_mirror (sub) || same_axis;
  const EqkField *known, *trivial;
  char name[EQK_MAX_FIELD_NAME];

  if (!eqk_group_contains (group, sub))
    return NULL;
  if (eqk_group_contains (sub, group))
    return eqk_group_trivial (group);
  if (eqk_group_get_order (sub) == 1)
    return eqk_group_regular (group);

  snprintf (name, sizeof name, "%s/%s%s", eqk_group_get_base (group), plain ? eqk_group_get_base (sub)
            : eqk_group_get_id (sub), !plain && eqk_group_get_axis_deg (sub) == 0 ? "@axis=0" : "");
  known = eqk_field_find (group, name);
  if (known != NULL)
    return known;
  trivial = eqk_group_trivial (sub);
  return trivial == NULL ? NULL : induce (trivial, group, name);
}

/* --- band-limited, sum, product, restriction --- */

const EqkField *
eqk_field_band_limited (const EqkGroup *group, int max_frequency)
{
  const int n = eqk_group_n_irreps (group, max_frequency);
  char name[32];
  const EqkField *known, **irreps;
  int n_blocks = 0;

  if (n < 1 || max_frequency > EQK_MAX_FREQUENCY)
    return NULL;
  if (n == 1)
    return eqk_group_trivial (group);
  /* Beyond the last frequency of a finite group all are the same field. */
  if (eqk_group_is_finite (group) && max_frequency > eqk_group_get_n (group) / 2)
    max_frequency = eqk_group_get_n (group) / 2;
  snprintf (name, sizeof name, "bl%d", max_frequency);
  known = eqk_field_find (group, name);
  if (known != NULL)
    return known;

  irreps = eqk_malloc (sizeof *irreps * (size_t) n * 2);
  if (irreps == NULL)
    return NULL;
  for (int i = 0; i < n; i++)
    {
      const EqkField *irrep = eqk_group_irrep (group, i);

      if (irrep == NULL)
        {
          free (irreps);
          return NULL;
        }
      for (int c = 0; c < (irrep->dim / (int) irrep->type); c++)
        irreps[n_blocks++] = irrep;
    }
  return eqk_field_make (group, name, n_blocks, irreps, NULL);
}

/** Copies the block (basis of field) to (row, row) of basis; NULL is the identity. */
static void
put_basis (const EqkField *field, int row, int dim, double *basis)
{
  for (int i = 0; i < field->dim; i++)
    for (int j = 0; j < field->dim; j++)
      basis[(row + i) * dim + row + j] = field->basis != NULL ? field->basis[i * field->dim + j] : i == j;
}

static const EqkField *
make_sum (const EqkField *const *fields, int n, const char *name)
{
  int dim = 0, n_blocks = 0;
  const EqkField **irreps;
  double *basis;

  for (int i = 0; i < n; i++)
    {
      dim += fields[i]->dim;
      n_blocks += fields[i]->n_irreps;
      if (dim > EQK_MAX_FIELD_DIM)
        return NULL;
    }
  irreps = eqk_malloc (sizeof *irreps * (size_t) n_blocks);
  basis = eqk_calloc ((size_t) dim * (size_t) dim, sizeof *basis);
  if (irreps == NULL || basis == NULL)
    {
      free (irreps);
      free (basis);
      return NULL;
    }
  for (int i = 0, row = 0, block = 0; i < n; row += fields[i]->dim, block += fields[i]->n_irreps, i++)
    {
      put_basis (fields[i], row, dim, basis);
      memcpy (irreps + block, fields[i]->irreps, sizeof *irreps * (size_t) fields[i]->n_irreps);
    }
  return eqk_field_make (fields[0]->group, name, n_blocks, irreps, basis);
}

const EqkField *
eqk_field_sum (const EqkField *const *fields, int n)
{
  char name[EQK_MAX_FIELD_NAME + 1] = "sum(";
  int used = 4;
  const EqkField *known;

  if (n < 1)
    return NULL;
  if (n == 1)
    return fields[0];
  for (int i = 0; i < n; i++)
    {
      if (fields[i]->group != fields[0]->group)
        return NULL;
      used += snprintf (name + used, sizeof name - (size_t) used, "%s%s", i > 0 ? "," : "", fields[i]->name);
      if (!fits (used + 1))
        return NULL;
    }
  strcpy (name + used, ")");
  known = eqk_field_find (fields[0]->group, name);
  return known != NULL ? known : make_sum (fields, n, name);
}

/** Entry (i, c) of a field's change of basis. */
static double
basis_entry (const EqkField *field, int i, int c)
{
  return field->basis == NULL ? i == c : field->basis[i * field->dim + c];
}

/** The columns of the degree-l part of two irreps of space that start at columns ca and cb of their fields. */
static bool
couple (const EqkField *a, int ca, int la, const EqkField *b, int cb, int lb, int l, int first, double *basis)
{
  const int         n = a->dim * b->dim;
  int               n_entries;
  EqkCouplingEntry *entries = eqk_coupling_entries (la, lb, l, &n_entries);

  for (int e = 0; e < n_entries; e++)
    for (int i = 0; i < a->dim; i++)
      for (int j = 0; j < b->dim; j++)
        basis[(i * b->dim + j) * n + first + entries[e].k] += sqrt (2 * l + 1) * entries[e].c * basis_entry (a, i, ca + entries[e].i) * basis_entry (b, j, cb + entries[e].j);
  free (entries);
  return entries != NULL;
}

/** Products of fields of space by Clebsch-Gordan: degree by degree, parities multiply. */
static const EqkField *
product_in_space (const EqkField *a, const EqkField *b, const char *name)
{
  const size_t     n = (size_t) a->dim * (size_t) b->dim;
  const EqkField **irreps = eqk_malloc (sizeof *irreps * n);
  double          *basis = eqk_calloc (n * n, sizeof *basis);
  bool             good = irreps != NULL && basis != NULL;
  int              n_irreps = 0, first = 0;

  for (int l = 0; l <= a->max_frequency + b->max_frequency; l++)
    for (int parity = 0; parity < 2; parity++)
      for (int p = 0, ca = 0; p < a->n_irreps; ca += a->irreps[p++]->dim)
        for (int q = 0, cb = 0; q < b->n_irreps; cb += b->irreps[q++]->dim)
          {
            const int la = a->irreps[p]->k, lb = b->irreps[q]->k;

            if (!good || l < abs (la - lb) || l > la + lb || (a->irreps[p]->j ^ b->irreps[q]->j) != parity)
              continue;
            irreps[n_irreps] = eqk_group_irrep_by_id (a->group, parity, l);
            good = irreps[n_irreps] != NULL && couple (a, ca, la, b, cb, lb, l, first, basis);
            n_irreps++;
            first += 2 * l + 1;
          }
  if (good && (size_t) first == n)
    return eqk_field_make (a->group, name, n_irreps, irreps, basis);
  free (irreps);
  free (basis);
  return NULL;
}

/** O(3) down to SO(3): parities are forgotten. */
static const EqkField *
restrict_in_space (const EqkField *self, const EqkGroup *sub, const char *name)
{
  const size_t     size = sizeof (double) * (size_t) self->dim * (size_t) self->dim;
  const EqkField **irreps = eqk_malloc (sizeof *irreps * (size_t) self->n_irreps);
  double          *basis = self->basis == NULL ? NULL : eqk_malloc (size);

  if (irreps == NULL || (self->basis != NULL && basis == NULL))
    {
      free (irreps);
      free (basis);
      return NULL;
    }
  if (basis != NULL)
    memcpy (basis, self->basis, size);
  for (int i = 0; i < self->n_irreps; i++)
    irreps[i] = eqk_group_irrep_by_id (sub, 0, self->irreps[i]->k);
  return eqk_field_make (sub, name, self->n_irreps, irreps, basis);
}

typedef struct
{
  const EqkField *a, *b;
  double         *ma, *mb;
} Product;

static bool
product_matrix (const void *data, const EqkElement *g, double *matrix)
{
  const Product *self = data;
  const int da = self->a->dim, db = self->b->dim, n = da * db;

  eqk_field_matrix (self->a, g, self->ma);
  eqk_field_matrix (self->b, g, self->mb);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      matrix[i * n + j] = self->ma[i / db * da + j / db] * self->mb[i % db * db + j % db];
  return true;
}

const EqkField *
eqk_field_product (const EqkField *a, const EqkField *b)
{
  char name[EQK_MAX_FIELD_NAME + 64];
  Product product = { .a = a, .b = b };
  int frequency = a->max_frequency + b->max_frequency;
  const EqkField *result;

  if (a->group != b->group || a->dim * b->dim > EQK_MAX_FIELD_DIM || frequency > EQK_MAX_FREQUENCY)
    return NULL;
  if (!fits (snprintf (name, sizeof name, "prod(%s,%s)", a->name, b->name)))
    return NULL;
  result = eqk_field_find (a->group, name);
  if (result != NULL)
    return result;

  if (eqk_group_get_space_dim (a->group) == 3)
    return product_in_space (a, b, name);
  if (eqk_group_is_finite (a->group))
    frequency = eqk_group_get_n (a->group);   /* frequencies wrap around: all irreps may occur */
  product.ma = eqk_malloc (sizeof (double) * (size_t) a->dim * (size_t) a->dim);
  product.mb = eqk_malloc (sizeof (double) * (size_t) b->dim * (size_t) b->dim);
  if (product.ma != NULL && product.mb != NULL)
    result = eqk_field_decompose (a->group, name, a->dim * b->dim, frequency, product_matrix, &product);
  free (product.ma);
  free (product.mb);
  return result;
}

typedef struct
{
  const EqkField *field;
  const EqkGroup *sub;
} Restriction;

static bool
restricted_matrix (const void *data, const EqkElement *h, double *matrix)
{
  const Restriction *self = data;
  EqkElement g;

  if (!eqk_group_embed (self->field->group, self->sub, h, &g))
    return false;
  eqk_field_matrix (self->field, &g, matrix);
  return true;
}

const EqkField *
eqk_field_restrict (const EqkField *self, const EqkGroup *sub)
{
  const Restriction restriction = { self, sub };
  char name[EQK_MAX_FIELD_NAME + 64];
  const int frequency = eqk_group_is_finite (sub) ? eqk_group_get_n (sub) : self->max_frequency;
  const EqkField *known;

  if (self->group == sub)
    return self;
  if (!eqk_group_contains (self->group, sub))
    return NULL;
  if (!fits (snprintf (name, sizeof name, "res(%s,%s)", eqk_group_get_id (self->group), self->name)))
    return NULL;
  known = eqk_field_find (sub, name);
  if (known == NULL && eqk_group_get_space_dim (sub) == 3)
    return restrict_in_space (self, sub, name);
  return known != NULL ? known
                       : eqk_field_decompose (sub, name, self->dim, frequency, restricted_matrix, &restriction);
}

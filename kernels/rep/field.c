/*
 * Fields: interned, immutable representations rho(g) = Q blockdiag(irreps(g)) Q^T. This file has the object, its getters
 * and the irreps; construct.c has the composite ones.
 */

#include "rep/rep-private.h"
#include "core/memory.h"
#include "group/intern.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static EqkIntern fields = EQK_INTERN_INIT;

static void
field_free (void *data)
{
  EqkField *self = data;

  free (self->name);
  free (self->irreps);
  free (self->basis);
  free (self);
}

static void
field_key (const EqkGroup *group, const char *name, char *key, size_t size)
{
  snprintf (key, size, "%s|%s", eqk_group_get_id (group), name);
}

const EqkField *
eqk_field_find (const EqkGroup *group, const char *name)
{
  char key[EQK_MAX_FIELD_NAME + 64];

  field_key (group, name, key, sizeof key);
  return eqk_intern_find (&fields, key);
}

/** True when the matrix has one 1 in every row and zeros else. */
static bool
is_permutation_matrix (const double *m, int n)
{
  for (int i = 0; i < n; i++)
    {
      int ones = 0;

      for (int j = 0; j < n; j++)
        {
          const double x = m[i * n + j];

          if (fabs (x) > 1e-9 && fabs (x - 1) > 1e-9)
            return false;
          ones += x > 0.5;
        }
      if (ones != 1)
        return false;
    }
  return true;
}

/** A homomorphism is into permutations when the generators are. @return false without memory */
static bool
find_permutation (EqkField *self)
{
  EqkElement g[4];
  const int n = eqk_group_generators (self->group, g);
  double *m = eqk_malloc (sizeof (double) * (size_t) self->dim * (size_t) self->dim);
  bool yes = true;

  if (m == NULL)
    return false;
  for (int i = 0; i < n && yes; i++)
    {
      eqk_field_matrix (self, &g[i], m);
      yes = is_permutation_matrix (m, self->dim);
    }
  free (m);
  self->is_permutation = yes;
  return true;
}

static const EqkField *
add (EqkField *self)
{
  char key[EQK_MAX_FIELD_NAME + 64];

  if (!find_permutation (self))
    {
      field_free (self);
      return NULL;
    }
  field_key (self->group, self->name, key, sizeof key);
  return eqk_intern_add (&fields, key, self, field_free);
}

static bool
is_identity (const double *m, int n)
{
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      if (m[i * n + j] != (i == j))
        return false;
  return true;
}

const EqkField *
eqk_field_make (const EqkGroup *group, const char *name, int n_irreps, const EqkField **irreps, double *basis)
{
  EqkField *self = eqk_calloc (1, sizeof *self);
  char *copy = eqk_strdup (name);

  if (self == NULL || copy == NULL || strlen (name) > EQK_MAX_FIELD_NAME)
    {
      free (self);
      free (copy);
      free (irreps);
      free (basis);
      return NULL;
    }
  *self = (EqkField) { .group = group, .name = copy, .n_irreps = n_irreps, .irreps = irreps, .basis = basis };
  for (int i = 0; i < n_irreps; i++)
    {
      self->dim += irreps[i]->dim;
      self->n_trivial += irreps[i]->n_trivial;
      if (irreps[i]->k > self->max_frequency)
        self->max_frequency = irreps[i]->k;
    }
  if (basis != NULL && is_identity (basis, self->dim))
    {
      free (basis);
      self->basis = NULL;
    }
  if (n_irreps == 1 && self->basis == NULL)
    {
      const EqkField *irrep = irreps[0];

      field_free (self);
      return irrep;
    }
  return add (self);
}

/** "triv", "sign", "f3"; what has no such name is "(j,k)". Of space: "1o", or "1" where there is no inversion. */
static void
irrep_name (const EqkGroup *group, int j, int k, char *name, size_t size)
{
  const bool mirror = eqk_group_has_mirror (group);

  if (eqk_group_get_space_dim (group) == 3)
    snprintf (name, size, "%d%s", k, eqk_group_is_connected (group) ? "" : j == 1 ? "o" : "e");
  else if (j == 0 && k == 0)
    snprintf (name, size, "triv");
  else if (j == 1 && k == 0)
    snprintf (name, size, "sign");
  else if (j == (mirror ? 1 : 0))
    snprintf (name, size, "f%d", k);
  else
    snprintf (name, size, "(%d,%d)", j, k);
}

const EqkField *
eqk_group_irrep_by_id (const EqkGroup *group, int j, int k)
{
  char name[32];
  EqkIrrepInfo info;
  const EqkField *known;
  EqkField *self;

  if (!eqk_group_irrep_info (group, j, k, &info))
    return NULL;
  irrep_name (group, j, k, name, sizeof name);
  known = eqk_field_find (group, name);
  if (known != NULL)
    return known;

  self = eqk_calloc (1, sizeof *self);
  if (self == NULL)
    return NULL;
  *self = (EqkField) { .group = group, .name = eqk_strdup (name), .dim = info.dim, .n_irreps = 1,
                       .irreps = eqk_malloc (sizeof *self->irreps), .n_trivial = j == 0 && k == 0,
                       .max_frequency = info.frequency, .is_irrep = true, .j = j, .k = k, .type = info.type };
  if (self->name == NULL || self->irreps == NULL)
    {
      field_free (self);
      return NULL;
    }
  self->irreps[0] = self;
  return add (self);
}

const EqkField *
eqk_group_irrep (const EqkGroup *group, int index)
{
  int j, k;

  return eqk_group_irrep_id (group, index, &j, &k) ? eqk_group_irrep_by_id (group, j, k) : NULL;
}

const EqkField *
eqk_group_trivial (const EqkGroup *group)
{
  return eqk_group_irrep_by_id (group, 0, 0);
}

const EqkGroup *eqk_field_get_group       (const EqkField *self) { return self->group; }
const char     *eqk_field_get_name        (const EqkField *self) { return self->name; }
int             eqk_field_get_dim         (const EqkField *self) { return self->dim; }
bool            eqk_field_is_trivial      (const EqkField *self) { return self->is_irrep && self->n_trivial == 1; }
bool            eqk_field_is_irrep        (const EqkField *self) { return self->is_irrep; }
bool            eqk_field_is_permutation  (const EqkField *self) { return self->is_permutation; }
int             eqk_field_n_trivial       (const EqkField *self) { return self->n_trivial; }
int             eqk_field_n_irreps        (const EqkField *self) { return self->n_irreps; }
const double   *eqk_field_basis           (const EqkField *self) { return self->basis; }
int             eqk_field_irrep_j         (const EqkField *self) { return self->j; }
int             eqk_field_irrep_frequency (const EqkField *self) { return self->k; }
EqkIrrepType    eqk_field_irrep_type      (const EqkField *self) { return self->type; }

const EqkField *
eqk_field_irrep (const EqkField *self, int block)
{
  return block >= 0 && block < self->n_irreps ? self->irreps[block] : NULL;
}

/** out += (Q block) psi(g) (Q block)^T for the d columns of Q from `first`. */
static void
add_block (const EqkField *self, const EqkField *irrep, int first, const EqkElement *g, double *out)
{
  double psi[EQK_MAX_IRREP_SIZE];
  const int n = self->dim, d = irrep->dim;

  eqk_group_irrep_matrix (self->group, irrep->j, irrep->k, g, psi);
  for (int i = 0; i < n; i++)
    for (int b = 0; b < d; b++)
      {
        double w = 0;

        for (int a = 0; a < d; a++)
          w += self->basis[i * n + first + a] * psi[a * d + b];
        if (w == 0)
          continue;
        for (int l = 0; l < n; l++)
          out[i * n + l] += w * self->basis[l * n + first + b];
      }
}

static void
put_block (const EqkField *self, const EqkField *irrep, int first, const EqkElement *g, double *out)
{
  double psi[EQK_MAX_IRREP_SIZE];
  const int n = self->dim, d = irrep->dim;

  eqk_group_irrep_matrix (self->group, irrep->j, irrep->k, g, psi);
  for (int a = 0; a < d; a++)
    for (int b = 0; b < d; b++)
      out[(first + a) * n + first + b] = psi[a * d + b];
}

void
eqk_field_matrix (const EqkField *self, const EqkElement *g, double *matrix)
{
  const size_t size = (size_t) self->dim * (size_t) self->dim;

  memset (matrix, 0, size * sizeof *matrix);
  for (int i = 0, first = 0; i < self->n_irreps; first += self->irreps[i]->dim, i++)
    if (self->basis == NULL)
      put_block (self, self->irreps[i], first, g, matrix);
    else
      add_block (self, self->irreps[i], first, g, matrix);

  if (self->is_permutation)   /* known to be 0 and 1: without the rounding of Q */
    for (size_t i = 0; i < size; i++)
      matrix[i] = matrix[i] > 0.5;
}

double
eqk_field_character (const EqkField *self, const EqkElement *g)
{
  double sum = 0, psi[EQK_MAX_IRREP_SIZE];

  for (int i = 0; i < self->n_irreps; i++)
    {
      const EqkField *irrep = self->irreps[i];

      eqk_group_irrep_matrix (self->group, irrep->j, irrep->k, g, psi);
      for (int d = 0; d < irrep->dim; d++)
        sum += psi[d * irrep->dim + d];
    }
  return sum;
}

static int
copies_of (const EqkField *self, const EqkField *irrep)
{
  int n = 0;

  for (int i = 0; i < self->n_irreps; i++)
    n += self->irreps[i] == irrep;
  return n;
}

int
eqk_field_multiplicity (const EqkField *self, const EqkField *irrep)
{
  const int frequency = self->max_frequency + irrep->k, n = eqk_group_n_nodes (self->group, frequency);
  double sum = 0, nearest;

  if (self->group != irrep->group || !irrep->is_irrep)
    return -1;
  if (eqk_group_get_space_dim (self->group) == 3)   /* no equally spaced nodes there; fields are made of irreps anyway */
    return copies_of (self, irrep);
  for (int i = 0; i < n; i++)
    {
      const EqkElement g = eqk_group_node (self->group, frequency, i);

      sum += eqk_field_character (self, &g) * eqk_field_character (irrep, &g);
    }
  sum /= (double) n * irrep->type;   /* the norm of a character is the dimension of its commutant */
  nearest = floor (sum + 0.5);
  return fabs (sum - nearest) <= 1e-6 ? (int) nearest : -1;
}

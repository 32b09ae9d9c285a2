/* Representations of ports: runs of fields, interned by their canonical text, and their action on features. */

#include "rep/rep-private.h"
#include "core/memory.h"
#include "group/intern.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct EqkRep
{
  const EqkGroup *group;
  char           *text;
  EqkRepRun      *runs;
  int            *first_field, *first_channel;   /**< [n_runs + 1]: of every run, and the totals */
  int             n_runs, n_trivial;
};

static EqkIntern reps = EQK_INTERN_INIT;

static void
rep_free (void *data)
{
  EqkRep *self = data;

  free (self->text);
  free (self->runs);
  free (self->first_field);
  free (self->first_channel);
  free (self);
}

/** Drops empty runs and joins neighbours of the same field: the channels stay what they are. */
static int
normalise_runs (const EqkRepRun *runs, int n_runs, EqkRepRun *out)
{
  int n = 0;

  for (int i = 0; i < n_runs; i++)
    {
      if (runs[i].mul == 0)
        continue;
      if (n > 0 && out[n - 1].field == runs[i].field)
        out[n - 1].mul += runs[i].mul;
      else
        out[n++] = runs[i];
    }
  return n;
}

static char *
write_text (const EqkGroup *group, const EqkRepRun *runs, int n_runs)
{
  size_t size = 1, used = 0;
  char *text;

  for (int i = 0; i < n_runs; i++)
    size += strlen (eqk_field_get_name (runs[i].field)) + 16;
  text = eqk_malloc (size);
  if (text == NULL)
    return NULL;
  text[0] = 0;
  for (int i = 0; i < n_runs; i++)
    used += (size_t) snprintf (text + used, size - used, "%s%dx%s%s", i > 0 ? " + " : "", runs[i].mul,
                               eqk_group_get_space_dim (group) == 3 ? "" : " ", eqk_field_get_name (runs[i].field));
  return text;
}

static bool
valid_runs (const EqkGroup *group, const EqkRepRun *runs, int n_runs)
{
  int64_t channels = 0;

  for (int i = 0; i < n_runs; i++)
    {
      if (runs[i].mul < 0 || runs[i].field == NULL || eqk_field_get_group (runs[i].field) != group)
        return false;
      channels += (int64_t) runs[i].mul * eqk_field_get_dim (runs[i].field);
      if (channels > EQK_MAX_CHANNELS)
        return false;
    }
  return n_runs >= 0;
}

static EqkRep *
rep_new (const EqkGroup *group, const EqkRepRun *runs, int n_runs)
{
  EqkRep *self = eqk_calloc (1, sizeof *self);
  const size_t n = (size_t) n_runs + 1;

  if (self == NULL)
    return NULL;
  self->group = group;
  self->runs = eqk_malloc (n * sizeof *self->runs);
  self->first_field = eqk_calloc (n, sizeof *self->first_field);
  self->first_channel = eqk_calloc (n, sizeof *self->first_channel);
  if (self->runs != NULL && self->first_field != NULL && self->first_channel != NULL)
    {
      self->n_runs = normalise_runs (runs, n_runs, self->runs);
      self->text = write_text (group, self->runs, self->n_runs);
    }
  if (self->text == NULL)
    {
      rep_free (self);
      return NULL;
    }
  for (int i = 0; i < self->n_runs; i++)
    {
      const EqkRepRun run = self->runs[i];

      self->first_field[i + 1] = self->first_field[i] + run.mul;
      self->first_channel[i + 1] = self->first_channel[i] + run.mul * eqk_field_get_dim (run.field);
      self->n_trivial += run.mul * eqk_field_n_trivial (run.field);
    }
  return self;
}

const EqkRep *
eqk_rep_from_runs (const EqkGroup *group, const EqkRepRun *runs, int n_runs)
{
  EqkRep *self;
  const EqkRep *result;
  char *key;
  size_t size;

  if (group == NULL || !valid_runs (group, runs, n_runs))
    return NULL;
  self = rep_new (group, runs, n_runs);
  if (self == NULL)
    return NULL;

  size = strlen (self->text) + strlen (eqk_group_get_id (group)) + 2;
  key = eqk_malloc (size);
  if (key == NULL)
    {
      rep_free (self);
      return NULL;
    }
  snprintf (key, size, "%s|%s", eqk_group_get_id (group), self->text);
  result = eqk_intern_add (&reps, key, self, rep_free);
  free (key);
  return result;
}

const EqkRep *
eqk_rep_single (const EqkField *field, int mul)
{
  const EqkRepRun run = { field, mul };

  return field == NULL ? NULL : eqk_rep_from_runs (eqk_field_get_group (field), &run, 1);
}

const EqkRep *
eqk_rep_concat (const EqkRep *const *parts, int n)
{
  const EqkRep *result;
  EqkRepRun *runs;
  int n_runs = 0;

  if (n < 1)
    return NULL;
  for (int i = 0; i < n; i++)
    {
      if (parts[i] == NULL)
        return NULL;
      n_runs += parts[i]->n_runs;
    }
  runs = eqk_malloc (sizeof *runs * (size_t) (n_runs + 1));
  if (runs == NULL)
    return NULL;
  n_runs = 0;
  for (int i = 0; i < n; i++)
    for (int r = 0; r < parts[i]->n_runs; r++)
      runs[n_runs++] = parts[i]->runs[r];
  result = eqk_rep_from_runs (parts[0]->group, runs, n_runs);
  free (runs);
  return result;
}

/* NULL, which is what constructors give without memory, is let pass by those that tell its size: whoever compiles finds out (eqk_memory_refusals). */
const EqkGroup *eqk_rep_get_group (const EqkRep *self) { return self == NULL ? NULL : self->group; }
const char     *eqk_rep_get_text  (const EqkRep *self) { return self == NULL ? "" : self->text; }
int             eqk_rep_get_dim   (const EqkRep *self) { return self == NULL ? 0 : self->first_channel[self->n_runs]; }
int             eqk_rep_n_runs    (const EqkRep *self) { return self == NULL ? 0 : self->n_runs; }
EqkRepRun       eqk_rep_run       (const EqkRep *self, int run) { return self == NULL ? (EqkRepRun) { NULL, 0 } : self->runs[run]; }
int             eqk_rep_n_fields  (const EqkRep *self) { return self == NULL ? 0 : self->first_field[self->n_runs]; }
int             eqk_rep_n_trivial (const EqkRep *self) { return self == NULL ? 0 : self->n_trivial; }

const EqkField *
eqk_rep_field (const EqkRep *self, int i, int *first_channel)
{
  int low = 0, high = self->n_runs;

  if (i < 0 || i >= eqk_rep_n_fields (self))
    return NULL;
  while (high - low > 1)   /* the run with first_field[low] <= i < first_field[high] */
    {
      const int middle = (low + high) / 2;

      if (self->first_field[middle] <= i)
        low = middle;
      else
        high = middle;
    }
  if (first_channel != NULL)
    *first_channel = self->first_channel[low]
                     + (i - self->first_field[low]) * eqk_field_get_dim (self->runs[low].field);
  return self->runs[low].field;
}

bool
eqk_rep_is_trivial (const EqkRep *self)
{
  for (int i = 0; i < eqk_rep_n_runs (self); i++)
    if (!eqk_field_is_trivial (self->runs[i].field))
      return false;
  return true;
}

bool
eqk_rep_is_permutation (const EqkRep *self)
{
  for (int i = 0; i < eqk_rep_n_runs (self); i++)
    if (!eqk_field_is_permutation (self->runs[i].field))
      return false;
  return true;
}

static int
copies_of (const EqkRep *self, const EqkField *field)
{
  int n = 0;

  for (int i = 0; i < self->n_runs; i++)
    if (self->runs[i].field == field)
      n += self->runs[i].mul;
  return n;
}

bool
eqk_rep_is_equivalent (const EqkRep *a, const EqkRep *b)
{
  if (a == b)
    return true;
  if (a->group != b->group || eqk_rep_n_fields (a) != eqk_rep_n_fields (b))
    return false;
  for (int i = 0; i < a->n_runs; i++)
    if (copies_of (a, a->runs[i].field) != copies_of (b, a->runs[i].field))
      return false;
  return true;
}

const EqkRep *
eqk_rep_restrict (const EqkRep *self, const EqkGroup *sub)
{
  EqkRepRun *runs = eqk_malloc (sizeof *runs * (size_t) (self->n_runs + 1));
  const EqkRep *result = NULL;

  if (runs == NULL)
    return NULL;
  for (int i = 0; i < self->n_runs; i++)
    {
      runs[i] = self->runs[i];
      runs[i].field = eqk_field_restrict (self->runs[i].field, sub);
      if (runs[i].field == NULL)
        goto done;
    }
  result = eqk_rep_from_runs (sub, runs, self->n_runs);

done:
  free (runs);
  return result;
}

/** Copies of every irrep that occurs in the fields, by walking both lists of blocks. */
static int64_t
field_hom_dim (const EqkField *a, const EqkField *b)
{
  int64_t n = 0;

  for (int i = 0; i < a->n_irreps; i++)
    for (int j = 0; j < b->n_irreps; j++)
      if (a->irreps[i] == b->irreps[j])
        n += a->irreps[i]->type;
  return n;
}

int
eqk_rep_hom_dim (const EqkRep *a, const EqkRep *b)
{
  int64_t n = 0;

  if (a == NULL || b == NULL || a->group != b->group)
    return 0;
  for (int i = 0; i < a->n_runs; i++)
    for (int j = 0; j < b->n_runs; j++)
      n += (int64_t) a->runs[i].mul * b->runs[j].mul * field_hom_dim (a->runs[i].field, b->runs[j].field);
  return n > INT_MAX ? INT_MAX : (int) n;
}

/* --- action --- */

/**
 * One body for both precisions. The matrix of a run is made once and skips its zeros: most fields are irreps or
 * permutations. When memory is short y is filled with NaN, so that nobody takes it for a result.
 */
#define DEFINE_APPLY(name, real)                                                                                       \
  static void                                                                                                          \
  name##_run (const double *m, int d, const real *x, real *y)                                                          \
  {                                                                                                                    \
    for (int i = 0; i < d; i++)                                                                                        \
      {                                                                                                                \
        double sum = 0;                                                                                                \
                                                                                                                       \
        for (int j = 0; j < d; j++)                                                                                    \
          if (m[i * d + j] != 0)                                                                                       \
            sum += m[i * d + j] * (double) x[j];                                                                       \
        y[i] = (real) sum;                                                                                             \
      }                                                                                                                \
  }                                                                                                                    \
                                                                                                                       \
  EqkStatus                                                                                                            \
  name (const EqkRep *self, const EqkElement *g, const real *x, real *y, size_t n)                                     \
  {                                                                                                                    \
    const size_t dim = (size_t) eqk_rep_get_dim (self);                                                                \
    EqkStatus status = EQK_OK;                                                                                         \
                                                                                                                       \
    for (int r = 0; r < self->n_runs; r++)                                                                             \
      {                                                                                                                \
        const EqkField *field = self->runs[r].field;                                                                   \
        const int d = field->dim;                                                                                      \
        double *m = eqk_malloc (sizeof (double) * (size_t) d * (size_t) d);                                                \
                                                                                                                       \
        if (m != NULL)                                                                                                 \
          eqk_field_matrix (field, g, m);                                                                              \
        else                                                                                                           \
          status = EQK_ERR_NO_MEMORY;                                                                                  \
        for (size_t row = 0; row < n; row++)                                                                           \
          for (int c = self->first_channel[r]; c < self->first_channel[r + 1]; c += d)                                 \
            if (m != NULL)                                                                                             \
              name##_run (m, d, x + row * dim + c, y + row * dim + c);                                                 \
            else                                                                                                       \
              for (int i = 0; i < d; i++)                                                                              \
                y[row * dim + (size_t) (c + i)] = (real) NAN;                                                          \
        free (m);                                                                                                      \
      }                                                                                                                \
    return status;                                                                                                     \
  }

DEFINE_APPLY (eqk_rep_apply_f32, float)
DEFINE_APPLY (eqk_rep_apply_f64, double)

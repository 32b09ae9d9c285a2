/*
 * Weights of whole steerable layers: how many there are and how wide their initial values are drawn. Both follow from the
 * bases between irreps alone, so layers of wide fields are counted without making their tables.
 */

#include "rep/rep-private.h"
#include "core/memory.h"

#include <math.h>
#include <stdlib.h>

/** The distinct irreps of a representation with the number of their copies. */
typedef struct
{
  const EqkField **irreps;
  int64_t         *copies;
  int              n;
} Census;

static void
census_clear (Census *self)
{
  free (self->irreps);
  free (self->copies);
}

static void
census_count (Census *self, const EqkField *irrep, int64_t copies)
{
  int i = 0;

  while (i < self->n && self->irreps[i] != irrep)
    i++;
  if (i == self->n)
    {
      self->irreps[i] = irrep;
      self->copies[i] = 0;
      self->n++;
    }
  self->copies[i] += copies;
}

static bool
census_take (Census *self, const EqkRep *rep)
{
  size_t blocks = 1;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    blocks += (size_t) eqk_field_n_irreps (eqk_rep_run (rep, r).field);
  *self = (Census) { eqk_malloc (sizeof *self->irreps * blocks), eqk_malloc (sizeof *self->copies * blocks), 0 };
  if (self->irreps == NULL || self->copies == NULL)
    return false;
  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);

      for (int b = 0; b < eqk_field_n_irreps (run.field); b++)
        census_count (self, eqk_field_irrep (run.field, b), run.mul);
    }
  return true;
}

int64_t
eqk_kernel_count (const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec)
{
  Census a = { 0 }, b = { 0 };
  int64_t n = 0;

  if (!census_take (&a, in) || !census_take (&b, out))
    n = -1;
  for (int i = 0; i < a.n && n >= 0; i++)
    for (int o = 0; o < b.n && n >= 0; o++)
      {
        const EqkKernelBasis *basis = eqk_kernel_basis (a.irreps[i], b.irreps[o], spec);

        n = basis == NULL ? -1 : n + basis->n * a.copies[i] * b.copies[o];
      }
  census_clear (&a);
  census_clear (&b);
  return n;
}

/** Input irreps that reach this output irrep. */
static int
count_sources (const Census *in, const EqkField *out, const EqkKernelSpec *spec)
{
  int n = 0;

  for (int i = 0; i < in->n; i++)
    {
      const EqkKernelBasis *basis = eqk_kernel_basis (in->irreps[i], out, spec);

      n += basis != NULL && basis->n > 0;
    }
  return n;
}

static int64_t
copies_in (const Census *census, const EqkField *irrep)
{
  for (int i = 0; i < census->n; i++)
    if (census->irreps[i] == irrep)
      return census->copies[i];
  return 0;
}

/** Repeats what stands in [first, end) until it is there n times. @return the end of it all */
static double *
repeat (const double *first, double *end, int n)
{
  for (int64_t more = (int64_t) (n - 1) * (end - first); more > 0; more--)
    *end++ = *first++;
  return end;
}

/** Fills the values of one field pair. @return where they end, or NULL */
static double *
fill_pair (const Census *census, const EqkField *in, const EqkField *out, const EqkKernelSpec *spec, double *std)
{
  for (int o = 0; o < eqk_field_n_irreps (out); o++)
    {
      const EqkField *to = eqk_field_irrep (out, o);
      const int sources = count_sources (census, to, spec);

      for (int i = 0; i < eqk_field_n_irreps (in); i++)
        {
          const EqkField *from = eqk_field_irrep (in, i);
          const EqkKernelBasis *basis = eqk_kernel_basis (from, to, spec);
          const double copies = (double) copies_in (census, from);

          if (basis == NULL)
            return NULL;
          for (int e = 0; e < basis->n; e++)
            *std++ = 1 / sqrt (sources * basis->n * copies);
        }
    }
  return std;
}

/** Fills the values of one output field: every input run, copies repeating the first. @return where they end, or NULL */
static double *
fill_field (const Census *census, const EqkRep *in, const EqkField *out, const EqkKernelSpec *spec, double *std)
{
  for (int r = 0; r < eqk_rep_n_runs (in); r++)
    {
      const EqkRepRun run = eqk_rep_run (in, r);
      double *end = fill_pair (census, run.field, out, spec, std);

      if (end == NULL)
        return NULL;
      std = repeat (std, end, run.mul);
    }
  return std;
}

EqkStatus
eqk_kernel_init_std (const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, double *std)
{
  Census census;
  EqkStatus status = EQK_ERR_NO_MEMORY;

  if (eqk_rep_get_group (in) != eqk_rep_get_group (out) || eqk_kernel_count (in, out, spec) < 0)
    return EQK_ERR_TYPE;
  if (!census_take (&census, in))
    goto done;
  for (int r = 0; r < eqk_rep_n_runs (out); r++)
    {
      const EqkRepRun run = eqk_rep_run (out, r);
      double *end = fill_field (&census, in, run.field, spec, std);

      if (end == NULL)
        goto done;
      std = repeat (std, end, run.mul);
    }
  status = EQK_OK;

done:
  census_clear (&census);
  return status;
}

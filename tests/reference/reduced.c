/*
 * reduced_tensor_products.json: tensors tied by exchanges of indices. Among copies of one irrep the basis is free: theirs has to be an orthogonal matrix times
 * ours, copy with copy, component with component, which says that both span the same and that the components mean the same.
 */

#include "blocks.h"
#include "one-op.h"

#include "eqk/reduced.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-11

/* irreps of each index of the formula, by its letter. */
static EqkReduced *
reduce (RefCase *c, const char *formula, const cJSON *irreps)
{
  const EqkRep *reps[EQK_MAX_INDICES];
  EqkReduced   *out = NULL;
  EqkDiag       diag = EQK_DIAG_INIT;
  int           n = formula == NULL ? 0 : (int) strcspn (formula, "=");

  if (!ref_check (c, n > 0 && n <= EQK_MAX_INDICES, "formula"))
    return NULL;
  for (int k = 0; k < n; k++)
    {
      const char  *text = NULL;
      const cJSON *item = irreps == NULL ? NULL : irreps->child;      /* of one letter that stands for all that are exchanged with it */

      for (const cJSON *own = item; own != NULL; own = own->next)
        item = own->string[0] == formula[k] ? own : item;
      text = irreps == NULL ? "1o" : cJSON_GetStringValue (item);
      if (!ref_check (c, text != NULL && eqk_rep_parse (eqk_group_get ("O3"), text, &reps[k], NULL) == EQK_OK, "irreps of %c", formula[k]))
        return NULL;
    }
  ref_check (c, eqk_reduced_new (reps, n, formula, &out, &diag) == EQK_OK, "%s", diag.what);
  return out;
}

/* [channels][numbers of a tensor] of the file's list [channel, indices …, value]. */
static double *
read_basis (RefCase *c, const cJSON *item, int rows, int size)
{
  const cJSON *shape = ref_get (c, item, "shape"), *list = ref_get (c, item, "change_of_basis"), *entry;
  const int    n = cJSON_GetArraySize (shape) - 1;
  double      *basis = calloc ((size_t) rows * (size_t) size + 1, sizeof *basis);
  int          product = 1;

  ref_equal (c, "shape", ref_at (c, shape, 0), rows);
  for (int k = 1; k <= n; k++)
    product *= ref_int (c, ref_at (c, shape, k));
  if (!ref_check (c, product == size, "a tensor of %d numbers, expected %d", product, size))
    return basis;
  cJSON_ArrayForEach (entry, list)
    {
      const int row = ref_int (c, ref_at (c, entry, 0));
      int       at = 0;

      for (int k = 1; k <= n; k++)
        {
          const int index = ref_int (c, ref_at (c, entry, k)), extent = ref_int (c, ref_at (c, shape, k));

          if (!ref_check (c, index >= 0 && index < extent, "index %d", index))
            return basis;
          at = at * extent + index;
        }
      if (ref_check (c, row >= 0 && row < rows, "channel %d", row))
        basis[row * size + at] = ref_number (c, ref_at (c, entry, n + 1));
    }
  return basis;
}

static double
dot (const double *a, const double *b, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* theirs = O ours among the copies of one run, the same O for every component, and O orthogonal. */
static void
check_run (RefCase *c, const double *theirs, const double *ours, int mul, int dim, int size)
{
  for (int a = 0; a < mul; a++)
    for (int m = 0; m < dim; m++)
      {
        const double *row = theirs + (a * dim + m) * size;

        for (int t = 0; t < size; t++)
          {
            double sum = 0;

            for (int b = 0; b < mul; b++)
              sum += dot (theirs + a * dim * size, ours + b * dim * size, size) * ours[(b * dim + m) * size + t];
            ref_near (c, "change_of_basis", row[t], sum, TOLERANCE);
          }
        for (int b = 0; b < mul; b++)
          for (int k = 0; k < dim; k++)
            ref_near (c, "orthonormal rows", dot (row, theirs + (b * dim + k) * size, size), a == b && m == k, TOLERANCE);
      }
}

static void
text_of (const EqkRep *rep, char *text, size_t size)
{
  EqkProductBlock blocks[REF_MAX_BLOCKS];
  int             n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep) && r < REF_MAX_BLOCKS; r++)
    blocks[n++] = (EqkProductBlock) { eqk_field_irrep_frequency (eqk_rep_run (rep, r).field), eqk_field_irrep_j (eqk_rep_run (rep, r).field), eqk_rep_run (rep, r).mul, 1 };
  ref_blocks_write (blocks, n, text, size);
}

static void
check_basis (RefCase *c, const cJSON *item)
{
  EqkReduced *reduced = reduce (c, cJSON_GetStringValue (ref_get (c, item, "formula")), ref_get (c, item, "irreps"));
  char        text[200];
  double     *theirs;

  if (reduced == NULL)
    return;
  text_of (eqk_reduced_get_rep (reduced), text, sizeof text);
  if (ref_equal_text (c, "irreps_out", ref_get (c, item, "irreps_out"), text))
    {
      const EqkRep *rep = eqk_reduced_get_rep (reduced);
      const int     size = eqk_reduced_get_size (reduced);

      theirs = read_basis (c, item, eqk_rep_get_dim (rep), size);
      for (int r = 0, at = 0; r < eqk_rep_n_runs (rep); r++)
        {
          const EqkRepRun run = eqk_rep_run (rep, r);
          const int       dim = eqk_field_get_dim (run.field);

          check_run (c, theirs + at * size, eqk_reduced_get_basis (reduced) + at * size, run.mul, dim, size);
          at += run.mul * dim;
        }
      free (theirs);
    }
  eqk_reduced_free (reduced);
}

/* A tensor through the layer to irreps, theirs up to a sign each, and back. */
static void
check_cartesian (RefCase *c, const cJSON *item)
{
  const char *formula = cJSON_GetStringValue (ref_get (c, item, "formula"));
  const char *parts = formula == NULL ? "" : strcmp (formula, "ij") == 0 ? "all" : strcmp (formula, "ij=ji") == 0 ? "symmetric" : "antisymmetric";
  EqkReduced *reduced = reduce (c, formula, NULL);
  const int   nine[2] = { 3, 3 };
  int         n = reduced == NULL ? 0 : eqk_rep_get_dim (eqk_reduced_get_rep (reduced));
  double     *x = ref_tensor (c, "cartesian", ref_get (c, item, "cartesian"), nine, 2), *y = ref_tensor (c, "spherical", ref_get (c, item, "spherical"), &n, 1);
  double     *back = ref_tensor (c, "back", ref_get (c, item, "back"), nine, 2), ours[9];
  char        text[200], settings[60];
  OneOp      *there, *again;

  if (reduced == NULL)
    return;
  text_of (eqk_reduced_get_rep (reduced), text, sizeof text);
  ref_equal_text (c, "irreps", ref_get (c, item, "irreps"), text);
  snprintf (settings, sizeof settings, "to=irreps parts=%s", parts);
  there = one_layer_new (c, "cartesian_irreps", settings, "1x prod((1,1),(1,1))", 1, 0);
  snprintf (settings, sizeof settings, "parts=%s", parts);
  again = one_layer_new (c, "cartesian_irreps", settings, text, 1, 0);
  if (there != NULL && again != NULL && x != NULL && y != NULL && back != NULL)
    {
      one_op_feed (there, "x", x);
      memcpy (ours, one_op_forward (there, false), (size_t) n * sizeof *ours);
      for (int r = 0, at = 0; r < eqk_rep_n_runs (eqk_reduced_get_rep (reduced)); r++)
        {
          const int    dim = eqk_field_get_dim (eqk_rep_run (eqk_reduced_get_rep (reduced), r).field);
          const double sign = dot (y + at, ours + at, dim) < 0 ? -1 : 1;

          for (int k = 0; k < dim; k++, at++)
            ref_near (c, "spherical", y[at], sign * ours[at], TOLERANCE);
        }
      one_op_feed (again, "x", ours);
      for (int k = 0; k < 9; k++)
        ref_near (c, "back", back[k], one_op_forward (again, false)[k], TOLERANCE);
    }
  one_op_free (there);
  one_op_free (again);
  eqk_reduced_free (reduced);
  free (x);
  free (y);
  free (back);
}

void
ref_run_reduced (RefFile *file)
{
  const cJSON *item;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "cases"))
    {
      RefCase c = ref_case_open (file, "%s", cJSON_GetStringValue (cJSON_GetObjectItem (item, "formula")));

      check_basis (&c, item);
      ref_case_close (&c);
    }
  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "cartesian_tensor"))
    {
      RefCase c = ref_case_open (file, "tensor %s", cJSON_GetStringValue (cJSON_GetObjectItem (item, "formula")));

      check_cartesian (&c, item);
      ref_case_close (&c);
    }
}

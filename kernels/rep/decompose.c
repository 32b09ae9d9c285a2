/*
 * Decomposition of an orthogonal representation rho into real irreps psi without an eigen-solver. The averages
 *
 *   P_i = dim(psi) < psi(g)_{i1} rho(g) >_g
 *
 * project: for real type P_1 onto the first components of all copies of psi, for complex type onto whole copies; P_i
 * maps the first vector of a copy to its i-th. So any vector of the image of P_1 starts a copy, and pivoted Gram-Schmidt
 * finds the copies one by one. The average runs over the elements, or over equally spaced angles, which is exact for
 * band-limited entries.
 */

#include "rep/rep-private.h"
#include "core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_STORED ((size_t) 1 << 25)   /* doubles kept for rho at all nodes: 256 MB */

typedef struct
{
  const EqkGroup  *group;
  int              dim, n_nodes, frequency;
  double          *rho;           /**< [n_nodes, dim, dim] */
  double          *projection;    /**< [2, dim, dim]: P_1, P_2 */
  double          *rest;          /**< [dim, dim] transposed: rows are the columns of P_1 less what has been taken */
  double          *columns;       /**< [dim, dim] transposed: row c is column c of Q */
  const EqkField **irreps;
  int              n_irreps, n_columns;
} Work;

static double
dot (const double *a, const double *b, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

static void
project (Work *w, const EqkField *irrep)
{
  const size_t size = (size_t) w->dim * (size_t) w->dim;
  const int d = irrep->dim;

  memset (w->projection, 0, 2 * size * sizeof (double));
  for (int node = 0; node < w->n_nodes; node++)
    {
      const EqkElement g = eqk_group_node (w->group, w->frequency, node);
      const double *rho = w->rho + (size_t) node * size;
      double psi[EQK_MAX_IRREP_SIZE];

      eqk_group_irrep_matrix (w->group, irrep->j, irrep->k, &g, psi);
      for (int i = 0; i < d; i++)
        {
          const double weight = psi[i * d] * d / w->n_nodes;
          double *p = w->projection + (size_t) i * size;

          if (weight != 0)
            for (size_t e = 0; e < size; e++)
              p[e] += weight * rho[e];
        }
    }
}

/** Takes away from x its parts along the columns from `first` on; twice, since once is not enough near cancellation. */
static void
reject (const Work *w, int first, double *x)
{
  for (int pass = 0; pass < 2; pass++)
    for (int c = first; c < w->n_columns; c++)
      {
        const double *q = w->columns + (size_t) c * (size_t) w->dim;
        const double along = dot (q, x, w->dim);

        for (int i = 0; i < w->dim; i++)
          x[i] -= along * q[i];
      }
}

/** The longest row of rest, the earliest among nearly equal ones, so that rounding does not choose. */
static int
longest (const Work *w, double *length)
{
  int best = 0;
  double best_length = 0;

  for (int r = 0; r < w->dim; r++)
    {
      const double *x = w->rest + (size_t) r * (size_t) w->dim;
      const double l = sqrt (dot (x, x, w->dim));

      if (l > best_length * (1 + 1e-6))
        {
          best = r;
          best_length = l;
        }
    }
  *length = best_length;
  return best;
}

/** Column i of the copy that starts with v: P_i v. */
static void
push_column (Work *w, const double *p, const double *v)
{
  double *q = w->columns + (size_t) w->n_columns * (size_t) w->dim;
  double norm;

  for (int i = 0; i < w->dim; i++)
    q[i] = dot (p + (size_t) i * (size_t) w->dim, v, w->dim);
  norm = sqrt (dot (q, q, w->dim));
  for (int i = 0; i < w->dim; i++)
    q[i] /= norm > 0 ? norm : 1;
  w->n_columns++;
}

static bool
take_copy (Work *w, const EqkField *irrep, int first)
{
  const size_t size = (size_t) w->dim * (size_t) w->dim;
  double length;
  const int row = longest (w, &length), known = w->n_columns;
  double *v = w->rest + (size_t) row * (size_t) w->dim;

  if (length < 1e-6 || w->n_columns + irrep->dim > w->dim)
    return false;
  for (int i = 0; i < w->dim; i++)
    v[i] /= length;
  reject (w, first, v);
  for (int i = 0; i < irrep->dim; i++)
    push_column (w, w->projection + (size_t) i * size, v);
  w->irreps[w->n_irreps++] = irrep;
  for (int r = 0; r < w->dim; r++)
    reject (w, known, w->rest + (size_t) r * (size_t) w->dim);
  return true;
}

static bool
take_irrep (Work *w, const EqkField *irrep)
{
  const int n = w->dim, first = w->n_columns;
  double trace = 0;
  int copies;

  project (w, irrep);
  for (int i = 0; i < n; i++)
    {
      trace += w->projection[i * n + i];
      for (int j = 0; j < n; j++)
        w->rest[j * n + i] = w->projection[i * n + j];
    }
  copies = (int) floor (trace / irrep->type + 0.5);
  for (int c = 0; c < copies; c++)
    if (!take_copy (w, irrep, first))
      return false;
  return true;
}

static bool
fill (Work *w, EqkMatrixFunc rho, const void *data)
{
  for (int node = 0; node < w->n_nodes; node++)
    {
      const EqkElement g = eqk_group_node (w->group, w->frequency, node);

      if (!rho (data, &g, w->rho + (size_t) node * (size_t) w->dim * (size_t) w->dim))
        return false;
    }
  return true;
}

/** Q from its columns, with rounding residues put to 0 and 1. */
static double *
make_basis (const Work *w)
{
  const int n = w->dim;
  double *q = eqk_malloc (sizeof (double) * (size_t) n * (size_t) n);

  for (int i = 0; q != NULL && i < n; i++)
    for (int c = 0; c < n; c++)
      {
        const double x = w->columns[c * n + i];

        q[i * n + c] = fabs (x) < 1e-14 ? 0 : fabs (fabs (x) - 1) < 1e-14 ? copysign (1, x) : x;
      }
  return q;
}

static void
work_clear (Work *w)
{
  free (w->rho);
  free (w->projection);
  free (w->rest);
  free (w->columns);
  free (w->irreps);
}

static bool
work_init (Work *w, const EqkGroup *group, int dim, int max_frequency)
{
  const size_t size = (size_t) dim * (size_t) dim;

  *w = (Work) { .group = group, .dim = dim, .frequency = 2 * max_frequency,
                .n_nodes = eqk_group_n_nodes (group, 2 * max_frequency) };
  if (size * (size_t) w->n_nodes > MAX_STORED)
    return false;
  w->rho = eqk_malloc (sizeof (double) * size * (size_t) w->n_nodes);
  w->projection = eqk_malloc (sizeof (double) * size * 2);
  w->rest = eqk_malloc (sizeof (double) * size);
  w->columns = eqk_malloc (sizeof (double) * size);
  w->irreps = eqk_malloc (sizeof *w->irreps * (size_t) dim);
  return w->rho != NULL && w->projection != NULL && w->rest != NULL && w->columns != NULL && w->irreps != NULL;
}

const EqkField *
eqk_field_decompose (const EqkGroup *group, const char *name, int dim, int max_frequency, EqkMatrixFunc rho,
                     const void *data)
{
  const int n_irreps = eqk_group_n_irreps (group, max_frequency);
  const EqkField *result = NULL;
  Work w = { 0 };

  if (dim < 1 || dim > EQK_MAX_FIELD_DIM || max_frequency > EQK_MAX_FREQUENCY || eqk_group_get_space_dim (group) == 3)
    return NULL;   /* of space: made of irreps directly, construct.c */
  if (!work_init (&w, group, dim, max_frequency) || !fill (&w, rho, data))
    goto done;
  for (int i = 0; i < n_irreps && w.n_columns < dim; i++)
    {
      const EqkField *irrep = eqk_group_irrep (group, i);

      if (irrep == NULL || !take_irrep (&w, irrep))
        goto done;
    }
  if (w.n_columns == dim)
    {
      const EqkField **irreps = w.irreps;
      double *basis = make_basis (&w);

      if (basis == NULL)
        goto done;
      w.irreps = NULL;
      result = eqk_field_make (group, name, w.n_irreps, irreps, basis);
    }

done:
  work_clear (&w);
  return result;
}

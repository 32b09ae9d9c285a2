/*
 * Lists of cells. Points are sorted into bins no thinner than the cut-off, so that neighbours are in the bins beside. With a
 * lattice the bins are slices of it: points are wrapped into it first, and a bin beyond its end is one of the first again, shifted
 * by a lattice vector; where the lattice is smaller than the cut-off the same bin comes several times, under several shifts.
 * Rows that are not periodic get unit vectors across the others, so that one arithmetic serves all.
 */

#include "graph/neighbours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BINS_LOOKED_AT = 1 << 20 };

static void
cross (const double *a, const double *b, double *c)
{
  c[0] = a[1] * b[2] - a[2] * b[1];
  c[1] = a[2] * b[0] - a[0] * b[2];
  c[2] = a[0] * b[1] - a[1] * b[0];
}

static double
length (const double *a)
{
  return sqrt (a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

/* A unit vector across a and (may be NULL) b; FALSE when they lie along each other. */
static bool
across (const double *a, const double *b, double *out)
{
  double axis[3] = { 0, 0, 0 }, size;

  if (b == NULL)
    {
      axis[fabs (a[0]) <= fabs (a[1]) && fabs (a[0]) <= fabs (a[2]) ? 0 : fabs (a[1]) <= fabs (a[2]) ? 1 : 2] = 1;
      b = axis;
    }
  cross (a, b, out);
  size = length (out);
  for (int k = 0; k < 3; k++)
    out[k] /= size > 0 ? size : 1;
  return size > 1e-9 * length (a) * length (b);
}

/* Rows of the lattice that are periodic, the others made up. */
static bool
complete_lattice (EqkCells *self, const double *cell)
{
  int n_periodic = 0, rows[3] = { 0, 0, 0 }, n_free = 0, spare[3] = { 0, 0, 0 };

  memset (self->h, 0, sizeof self->h);
  for (int k = 0; k < 3; k++)
    {
      self->periodic[k] = cell != NULL && length (cell + 3 * k) > 0;
      if (self->periodic[k])
        {
          memcpy (self->h + 3 * k, cell + 3 * k, 3 * sizeof *cell);
          rows[n_periodic++] = k;
        }
      else
        spare[n_free++] = k;
    }
  if (n_periodic == 0)
    for (int k = 0; k < 3; k++)
      self->h[4 * k] = 1;
  else if (n_periodic == 1)
    return across (self->h + 3 * rows[0], NULL, self->h + 3 * spare[0]) && across (self->h + 3 * rows[0], self->h + 3 * spare[0], self->h + 3 * spare[1]);
  else if (n_periodic == 2)
    return across (self->h + 3 * rows[0], self->h + 3 * rows[1], self->h + 3 * spare[0]);
  return true;
}

/* Inverse, and how far apart the planes of each row are. FALSE: no volume. */
static bool
invert (EqkCells *self, double heights[3])
{
  const double *h = self->h;
  double        c[3][3], volume, sizes = length (h) * length (h + 3) * length (h + 6);

  cross (h + 3, h + 6, c[0]);
  cross (h + 6, h, c[1]);
  cross (h, h + 3, c[2]);
  volume = h[0] * c[0][0] + h[1] * c[0][1] + h[2] * c[0][2];
  if (!(fabs (volume) > 1e-9 * sizes) || !isfinite (sizes))
    return false;
  for (int k = 0; k < 3; k++)
    {
      for (int a = 0; a < 3; a++)
        self->inverse[3 * a + k] = c[k][a] / volume;
      heights[k] = fabs (volume) / length (c[k]);
    }
  return true;
}

/* Fractions of the lattice; wrapped where it is periodic. */
static bool
wrap_points (EqkCells *self, double range[3])
{
  double hi[3] = { -INFINITY, -INFINITY, -INFINITY };

  for (int k = 0; k < 3; k++)
    self->lo[k] = self->periodic[k] ? 0 : INFINITY;
  for (size_t i = 0; i < self->n; i++)
    {
      const double *x = self->x + 3 * i;

      if (!isfinite (x[0] + x[1] + x[2]))
        return false;
      for (int k = 0; k < 3; k++)
        {
          const double f = x[0] * self->inverse[k] + x[1] * self->inverse[3 + k] + x[2] * self->inverse[6 + k], turns = floor (f);

          if (fabs (turns) > 1e8)
            return false;
          self->wrap[3 * i + (size_t) k] = self->periodic[k] ? (int32_t) turns : 0;
          self->lo[k] = !self->periodic[k] && f < self->lo[k] ? f : self->lo[k];
          hi[k] = f > hi[k] ? f : hi[k];
        }
      for (size_t a = 0; a < 3; a++)
        {
          self->y[3 * i + a] = x[a];
          for (size_t k = 0; k < 3; k++)
            self->y[3 * i + a] -= self->wrap[3 * i + k] == 0 ? 0 : self->wrap[3 * i + k] * self->h[3 * k + a];
        }
    }
  for (int k = 0; k < 3; k++)
    {
      range[k] = self->periodic[k] ? 1 : hi[k] - self->lo[k];
      self->lo[k] = self->periodic[k] ? 0 : self->lo[k];
    }
  return true;
}

/* As many bins as the cut-off allows, no more than there are points. */
static size_t
choose_bins (EqkCells *self, const double heights[3], const double range[3], double reach)
{
  size_t total = 1;

  for (int k = 0; k < 3; k++)
    {
      const double bins = floor (range[k] * heights[k] / (reach * (1 + 1e-6)));

      self->bins[k] = bins < 1 || !(reach > 0) ? 1 : bins > 4096 ? 4096 : (int) bins;
    }
  for (;;)
    {
      int widest = 0;

      total = (size_t) self->bins[0] * (size_t) self->bins[1] * (size_t) self->bins[2];
      if (total <= 4 * self->n + 8)
        break;
      for (int k = 1; k < 3; k++)
        widest = self->bins[k] > self->bins[widest] ? k : widest;
      self->bins[widest] = (self->bins[widest] + 1) / 2;
    }
  for (int k = 0; k < 3; k++)
    self->width[k] = range[k] > 0 ? range[k] * heights[k] / self->bins[k] : INFINITY;
  return total;
}

static size_t
bin_number (const EqkCells *self, const int bin[3])
{
  return ((size_t) bin[0] * (size_t) self->bins[1] + (size_t) bin[1]) * (size_t) self->bins[2] + (size_t) bin[2];
}

static void
fill_bins (EqkCells *self, const double range[3], size_t total)
{
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < self->n; i++)
      {
        int bin[3];

        for (int k = 0; k < 3; k++)
          {
            const double *y = self->y + 3 * i;
            const double  f = y[0] * self->inverse[k] + y[1] * self->inverse[3 + k] + y[2] * self->inverse[6 + k];
            const double  at = range[k] > 0 ? floor ((f - self->lo[k]) / range[k] * self->bins[k]) : 0;

            bin[k] = at < 0 ? 0 : at >= self->bins[k] ? self->bins[k] - 1 : (int) at;      /* rounding at the ends */
            self->bin[3 * i + (size_t) k] = bin[k];
          }
        if (pass == 0)
          self->first[bin_number (self, bin) + 1]++;
        else
          self->points[self->first[bin_number (self, bin)]++] = (int32_t) i;
        if (pass == 0 && i + 1 == self->n)
          for (size_t b = 0; b < total; b++)
            self->first[b + 1] += self->first[b];
      }
  for (size_t b = total; b > 0; b--)
    self->first[b] = self->first[b - 1];
  self->first[0] = 0;
}

EqkStatus
eqk_cells_init (EqkCells *self, size_t n, const double *x, const double *cell, double reach, EqkDiag *diag)
{
  double heights[3], range[3];
  size_t total;

  memset (self, 0, sizeof *self);
  self->n = n;
  self->x = x;
  if (!complete_lattice (self, cell) || !invert (self, heights))
    return eqk_fail (diag, EQK_ERR_SHAPE, "the cell has no volume");
  self->y = malloc ((3 * n + 1) * sizeof *self->y);
  self->wrap = malloc ((3 * n + 1) * sizeof *self->wrap);
  self->bin = malloc ((3 * n + 1) * sizeof *self->bin);
  self->points = malloc ((n + 1) * sizeof *self->points);
  if (self->y == NULL || self->wrap == NULL || self->bin == NULL || self->points == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "neighbours");
  if (!wrap_points (self, range))
    return eqk_fail (diag, EQK_ERR_SHAPE, "a position is not a finite number, or too many cells away");
  total = n == 0 ? 1 : choose_bins (self, heights, range, reach);
  self->first = calloc (total + 2, sizeof *self->first);
  if (self->first == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "neighbours");
  if (n > 0)
    fill_bins (self, range, total);
  return EQK_OK;
}

void
eqk_cells_clear (EqkCells *self)
{
  free (self->y);
  free (self->wrap);
  free (self->bin);
  free (self->first);
  free (self->points);
  free (self->found);
  memset (self, 0, sizeof *self);
}

/* ---- questions ---- */

static bool
add_found (EqkCells *self, const EqkNeighbour *one)
{
  if (self->n_found == self->room)
    {
      const size_t  room = self->room == 0 ? 64 : 2 * self->room;
      EqkNeighbour *grown = realloc (self->found, room * sizeof *grown);

      if (grown == NULL)
        return false;
      self->found = grown;
      self->room = room;
    }
  self->found[self->n_found++] = *one;
  return true;
}

static int
by_source (const void *a, const void *b)
{
  const EqkNeighbour *p = a, *q = b;

  if (p->src != q->src)
    return p->src < q->src ? -1 : 1;
  for (int k = 0; k < 3; k++)
    if (p->shift[k] != q->shift[k])
      return p->shift[k] < q->shift[k] ? -1 : 1;
  return 0;
}

static int
by_distance (const void *a, const void *b)
{
  const EqkNeighbour *p = a, *q = b;

  return p->r2 != q->r2 ? (p->r2 < q->r2 ? -1 : 1) : by_source (a, b);
}

/* Points of one bin, seen from point i shifted by `turns` lattice vectors. */
static bool
look_into (EqkCells *self, size_t i, const int bin[3], const int turns[3], double reach)
{
  const size_t  b = bin_number (self, bin);
  const double *y = self->y + 3 * i;
  double        offset[3] = { 0, 0, 0 };

  for (int k = 0; k < 3; k++)
    for (int a = 0; a < 3 && turns[k] != 0; a++)
      offset[a] += turns[k] * self->h[3 * k + a];
  for (int32_t p = self->first[b]; p < self->first[b + 1]; p++)
    {
      const size_t  j = (size_t) self->points[p];
      const double *z = self->y + 3 * j;
      EqkNeighbour  one = { .src = (int32_t) j };

      for (int a = 0; a < 3; a++)
        {
          const double d = y[a] - z[a] - offset[a];

          one.r2 += d * d;
        }
      if (!(one.r2 <= reach * reach) || (i == j && turns[0] == 0 && turns[1] == 0 && turns[2] == 0))
        continue;
      for (size_t k = 0; k < 3; k++)
        one.shift[k] = turns[k] + self->wrap[3 * i + k] - self->wrap[3 * j + k];
      if (!add_found (self, &one))
        return false;
    }
  return true;
}

/* How many bins to go each way. */
static EqkStatus
steps_of (const EqkCells *self, double reach, int steps[3], EqkDiag *diag)
{
  double all = 1;

  for (int k = 0; k < 3; k++)
    {
      const double wanted = ceil (reach * (1 + 1e-9) / self->width[k]), most = self->periodic[k] ? 1e6 : self->bins[k] - 1;

      steps[k] = (int) (wanted < most ? wanted : most);
      all *= 2.0 * steps[k] + 1;
    }
  if (all > MOST_BINS_LOOKED_AT)
    return eqk_fail (diag, EQK_ERR_LIMIT, "the cell is too small for a cut-off of %g: more than %d images", reach, (int) MOST_BINS_LOOKED_AT);
  return EQK_OK;
}

static bool
bin_beside (const EqkCells *self, int k, int at, int *bin, int *turns)
{
  const int n = self->bins[k];

  if (!self->periodic[k] && (at < 0 || at >= n))
    return false;
  *turns = at >= 0 ? at / n : -((-at + n - 1) / n);
  *bin = at - *turns * n;
  return true;
}

EqkStatus
eqk_cells_near (EqkCells *self, size_t i, double reach, EqkDiag *diag)
{
  int             steps[3], bin[3], turns[3];
  const int32_t  *own = self->bin + 3 * i;
  const EqkStatus status = steps_of (self, reach, steps, diag);

  self->n_found = 0;
  if (status != EQK_OK)
    return status;
  for (int a = -steps[0]; a <= steps[0]; a++)
    for (int b = -steps[1]; b <= steps[1]; b++)
      {
        if (!bin_beside (self, 0, own[0] + a, &bin[0], &turns[0]) || !bin_beside (self, 1, own[1] + b, &bin[1], &turns[1]))
          continue;
        for (int c = -steps[2]; c <= steps[2]; c++)
          if (bin_beside (self, 2, own[2] + c, &bin[2], &turns[2]) && !look_into (self, i, bin, turns, reach))
            return eqk_fail (diag, EQK_ERR_NO_MEMORY, "neighbours");
      }
  if (self->n_found > 1)
    qsort (self->found, self->n_found, sizeof *self->found, by_source);
  return EQK_OK;
}

void
eqk_cells_keep (EqkCells *self, size_t most)
{
  if (self->n_found <= most)
    return;
  qsort (self->found, self->n_found, sizeof *self->found, by_distance);
  self->n_found = most;
  if (most > 1)
    qsort (self->found, most, sizeof *self->found, by_source);
}

EqkStatus
eqk_cells_nearest (EqkCells *self, size_t i, int k, EqkDiag *diag)
{
  const bool   images = self->periodic[0] || self->periodic[1] || self->periodic[2];
  const size_t wanted = self->n == 0 ? 0 : images || (size_t) k < self->n - 1 ? (size_t) k : self->n - 1;
  double       reach = 0;

  for (int a = 0; a < 3; a++)
    reach = isfinite (self->width[a]) && self->width[a] > reach ? self->width[a] : reach;
  for (;; reach = reach > 0 ? 1.5 * reach : 1)
    {
      const EqkStatus status = eqk_cells_near (self, i, reach, diag);

      if (status != EQK_OK)
        return status;
      if (self->n_found >= wanted)
        break;
    }
  if (images && wanted > 0)
    {
      qsort (self->found, self->n_found, sizeof *self->found, by_distance);
      return eqk_cells_near (self, i, sqrt (self->found[wanted - 1].r2) * (1 + 5e-5), diag);
    }
  eqk_cells_keep (self, wanted);
  return EQK_OK;
}

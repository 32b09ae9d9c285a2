/* Sums and affine maps by channel. Rows of few channels are taken several at a time, as one long row with the tables
 * repeated, so that the inner loop is long enough for vectors whatever the width. */

#include "ops/field_sums.h"

#include <string.h>

enum { TILE = 64 };   /* numbers in a long row */

/* Rows that make one long row. */
static size_t
tile_rows (size_t n_channels)
{
  return n_channels >= TILE / 2 ? 1 : TILE / n_channels;
}

static void
add_rows (const eqk_real *restrict a, const eqk_real *restrict b, size_t n, size_t width,
          double *restrict sum, double *restrict product)
{
  size_t i = 0;

  for (; i + 4 <= n; i += 4)
    {
      const eqk_real *a0 = a + i * width, *a1 = a0 + width, *a2 = a1 + width, *a3 = a2 + width;
      const eqk_real *b0 = b + i * width, *b1 = b0 + width, *b2 = b1 + width, *b3 = b2 + width;

      for (size_t c = 0; c < width; c++)
        {
          const double x0 = a0[c], x1 = a1[c], x2 = a2[c], x3 = a3[c];

          sum[c] += (x0 + x1) + (x2 + x3);
          product[c] += (x0 * b0[c] + x1 * b1[c]) + (x2 * b2[c] + x3 * b3[c]);
        }
    }
  for (; i < n; i++)
    for (size_t c = 0; c < width; c++)
      {
        sum[c] += a[i * width + c];
        product[c] += (double) a[i * width + c] * b[i * width + c];
      }
}

void
eqk_channel_sums_here (const eqk_real *a, const eqk_real *b, size_t n, size_t n_channels, double *sum, double *product)
{
  const size_t rows = tile_rows (n_channels), width = rows * n_channels, n_long = n / rows;
  double       s[TILE], p[TILE];

  memset (sum, 0, n_channels * sizeof *sum);
  memset (product, 0, n_channels * sizeof *product);
  if (rows == 1)
    {
      add_rows (a, b, n, n_channels, sum, product);
      return;
    }
  memset (s, 0, sizeof s);
  memset (p, 0, sizeof p);
  add_rows (a, b, n_long, width, s, p);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < n_channels; c++)
      {
        sum[c] += s[r * n_channels + c];
        product[c] += p[r * n_channels + c];
      }
  add_rows (a + n_long * width, b + n_long * width, n - n_long * rows, n_channels, sum, product);
}

typedef struct
{
  const eqk_real *a, *b;
  size_t          n_channels;
  double         *partial;
} Sums;

static void
sum_chunk (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Sums  *job = data;
  const size_t n = job->n_channels;
  double      *partial = job->partial + chunk * 2 * n;

  (void) lane;
  eqk_channel_sums_here (job->a + begin * n, job->b + begin * n, end - begin, n, partial, partial + n);
}

void
eqk_channel_sums (EqkPool *pool, const eqk_real *a, const eqk_real *b, size_t n, size_t n_channels,
                  double *sum, double *product, void *scratch)
{
  const size_t least = n_channels < 8192 ? 8192 / n_channels : 1;
  const size_t share = (n + EQK_SUM_CHUNKS - 1) / EQK_SUM_CHUNKS;
  const size_t grain = share > least ? share : least;
  const size_t n_chunks = (n + grain - 1) / grain;
  Sums         job = { a, b, n_channels, scratch };

  eqk_run_range (pool, n, grain, sum_chunk, &job);
  memset (sum, 0, n_channels * sizeof *sum);
  memset (product, 0, n_channels * sizeof *product);
  for (size_t k = 0; k < n_chunks; k++)
    for (size_t c = 0; c < n_channels; c++)
      {
        sum[c] += job.partial[k * 2 * n_channels + c];
        product[c] += job.partial[k * 2 * n_channels + n_channels + c];
      }
}

typedef struct
{
  const eqk_real *dy, *x, *a, *b, *s;
  eqk_real       *y;
  size_t          width;      /* of a long row */
} Affine;

static void
affine_rows (const eqk_real *x, const eqk_real *restrict a, const eqk_real *restrict s, eqk_real *y, size_t n, size_t width)
{
  for (size_t i = 0; i < n; i++)
    {
      const eqk_real *row = x + i * width;
      eqk_real       *out = y + i * width;

      /* Element by element, so y may be x: no pair of iterations meets. */
#pragma GCC ivdep
      for (size_t c = 0; c < width; c++)
        out[c] = a[c] * row[c] + s[c];
    }
}

static void
affine2_rows (const eqk_real *dy, const eqk_real *x, const eqk_real *restrict a, const eqk_real *restrict b,
              const eqk_real *restrict s, eqk_real *dx, size_t n, size_t width)
{
  for (size_t i = 0; i < n; i++)
    {
      const eqk_real *g = dy + i * width, *row = x + i * width;
      eqk_real       *out = dx + i * width;

#pragma GCC ivdep
      for (size_t c = 0; c < width; c++)
        out[c] = a[c] * g[c] + (b[c] * row[c] + s[c]);
    }
}

static void
affine_chunk (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Affine *job = data;
  const size_t  at = begin * job->width;

  (void) chunk;
  (void) lane;
  if (job->dy == NULL)
    affine_rows (job->x + at, job->a, job->s, job->y + at, end - begin, job->width);
  else
    affine2_rows (job->dy + at, job->x + at, job->a, job->b, job->s, job->y + at, end - begin, job->width);
}

/* The tables of a long row. */
static void
repeat (const eqk_real *table, size_t n_channels, size_t rows, eqk_real *out)
{
  for (size_t r = 0; r < rows; r++)
    memcpy (out + r * n_channels, table, n_channels * sizeof *out);
}

static void
affine (EqkPool *pool, Affine *job, size_t n, size_t n_channels)
{
  const size_t rows = tile_rows (n_channels), n_long = n / rows, done = n_long * rows * n_channels;
  const Affine plain = *job;
  eqk_real     a[TILE], b[TILE], s[TILE];
  size_t       grain;

  job->width = rows * n_channels;
  grain = job->width < 16384 ? 16384 / job->width : 1;
  if (rows > 1)
    {
      repeat (job->a, n_channels, rows, a);
      repeat (job->s, n_channels, rows, s);
      job->a = a;
      job->s = s;
      if (job->dy != NULL)
        {
          repeat (job->b, n_channels, rows, b);
          job->b = b;
        }
    }
  eqk_run_range (pool, n_long, grain, affine_chunk, job);
  if (n % rows == 0)
    return;
  if (plain.dy == NULL)
    affine_rows (plain.x + done, plain.a, plain.s, plain.y + done, n % rows, n_channels);
  else
    affine2_rows (plain.dy + done, plain.x + done, plain.a, plain.b, plain.s, plain.y + done, n % rows, n_channels);
}

void
eqk_channel_affine (EqkPool *pool, const eqk_real *x, const eqk_real *a, const eqk_real *s, eqk_real *y, size_t n, size_t n_channels)
{
  Affine job = { .x = x, .a = a, .s = s, .y = y };

  affine (pool, &job, n, n_channels);
}

void
eqk_channel_affine2 (EqkPool *pool, const eqk_real *dy, const eqk_real *x, const eqk_real *a, const eqk_real *b,
                     const eqk_real *s, eqk_real *dx, size_t n, size_t n_channels)
{
  Affine job = { .dy = dy, .x = x, .a = a, .b = b, .s = s, .y = dx };

  affine (pool, &job, n, n_channels);
}

void
eqk_field_project (const EqkFieldLayout *layout, const double *values, double factor, double *out)
{
  for (int t = 0; t < layout->n_means; t++)
    {
      const int32_t f = layout->mean_field[t], first = layout->first[f], dim = layout->first[f + 1] - first;
      const double *column = layout->column + layout->mean_offset[t];
      double        dot = 0, square = 0;

      for (int32_t c = 0; c < dim; c++)
        {
          dot += column[c] * values[first + c];
          square += column[c] * column[c];
        }
      out[t] = factor * dot / square;
    }
}

void
eqk_field_add_columns (const EqkFieldLayout *layout, const double *coefficient, eqk_real *values)
{
  for (int t = 0; t < layout->n_means; t++)
    {
      const int32_t f = layout->mean_field[t], first = layout->first[f], dim = layout->first[f + 1] - first;
      const double *column = layout->column + layout->mean_offset[t];

      for (int32_t c = 0; c < dim; c++)
        values[first + c] += (eqk_real) (coefficient[t] * column[c]);
    }
}

double
eqk_field_square (const EqkFieldLayout *layout, const double *coefficient, int32_t f, int *t)
{
  const int32_t dim = layout->first[f + 1] - layout->first[f];
  double        total = 0;

  for (; *t < layout->n_means && layout->mean_field[*t] == f; (*t)++)
    for (int32_t c = 0; c < dim; c++)
      {
        const double column = layout->column[layout->mean_offset[*t] + c];

        total += coefficient[*t] * coefficient[*t] * column * column;
      }
  return total;
}

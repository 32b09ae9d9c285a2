#pragma once

/** Sums over rows for each channel, in double and in an order that depends on the sizes alone. */

#include "core/real.h"
#include "eqk/op.h"
#include "ops/fields.h"

/** At most this many partial sums, whatever the number of rows. */
enum { EQK_SUM_CHUNKS = 64 };

/** Scratch of eqk_channel_sums in bytes. */
static inline size_t
eqk_channel_sums_scratch (size_t n_channels)
{
  return EQK_SUM_CHUNKS * 2 * n_channels * sizeof (double);
}

#define eqk_channel_sums EQK_SYM (channel_sums)
/**
 * sum[c] = sum of a over n rows, product[c] = sum of a * b (b may be a). Adds rows by chunks and the chunks in order.
 * scratch: eqk_channel_sums_scratch bytes, aligned for double.
 */
void eqk_channel_sums (EqkPool *pool, const eqk_real *a, const eqk_real *b, size_t n, size_t n_channels,
                       double *sum, double *product, void *scratch);

#define eqk_channel_sums_here EQK_SYM (channel_sums_here)
/** The same of a few rows in this thread, without scratch: overwrites sum and product. */
void eqk_channel_sums_here (const eqk_real *a, const eqk_real *b, size_t n, size_t n_channels, double *sum, double *product);

#define eqk_field_project EQK_SYM (field_project)
/** out[t] = factor * (col_t . values) / |col_t|^2: coefficients of the invariant directions; values: [n_channels]. */
void eqk_field_project (const EqkFieldLayout *layout, const double *values, double factor, double *out);
#define eqk_field_add_columns EQK_SYM (field_add_columns)
/** values[c] += sum_t coefficient[t] col_t[c]. */
void eqk_field_add_columns (const EqkFieldLayout *layout, const double *coefficient, eqk_real *values);
#define eqk_field_square EQK_SYM (field_square)
/** |sum_t coefficient[t] col_t|^2 over the directions of field f, which start at *t; moves *t behind them. */
double eqk_field_square (const EqkFieldLayout *layout, const double *coefficient, int32_t f, int *t);

#define eqk_channel_affine EQK_SYM (channel_affine)
/** y = a x + s for n rows with channel tables a, s. y may be x. */
void eqk_channel_affine (EqkPool *pool, const eqk_real *x, const eqk_real *a, const eqk_real *s, eqk_real *y, size_t n, size_t n_channels);

#define eqk_channel_affine2 EQK_SYM (channel_affine2)
/** dx = a dy + b x + s for n rows; dx may be dy. */
void eqk_channel_affine2 (EqkPool *pool, const eqk_real *dy, const eqk_real *x, const eqk_real *a, const eqk_real *b,
                          const eqk_real *s, eqk_real *dx, size_t n, size_t n_channels);

/** Rows of one of at most EQK_SUM_CHUNKS pieces; depends on the number of rows alone. */
static inline size_t
eqk_sum_grain (size_t rows)
{
  const size_t share = (rows + EQK_SUM_CHUNKS - 1) / EQK_SUM_CHUNKS;

  return share > 64 ? share : 64;
}

/** out[i] = sum over chunks of partial[chunk][i], in order; for rows cut by eqk_sum_grain. */
static inline void
eqk_sum_fold (const double *partial, size_t rows, size_t stride, size_t n, eqk_real *out)
{
  const size_t grain = eqk_sum_grain (rows);

  for (size_t i = 0; i < n; i++)
    {
      double sum = 0;

      for (size_t k = 0; k * grain < rows; k++)
        sum += partial[k * stride + i];
      out[i] = (eqk_real) sum;
    }
}

/** The rows of one sample in a value: equal blocks on grids, ranges of the structure on nodes and edges. */
static inline void
eqk_sample_rows (const EqkRun *run, int value, size_t sample, size_t *begin, size_t *end)
{
  const EqkValue     *v = eqk_program_value (run->program, value);
  const EqkStructure *s = run->structures == NULL ? NULL : &run->structures[v->structure];

  if (v->space.kind == EQK_SPACE_NODES || v->space.kind == EQK_SPACE_EDGES)
    {
      *begin = (size_t) s->node_offset[sample];
      *end = (size_t) s->node_offset[sample + 1];
      if (v->space.kind == EQK_SPACE_EDGES)   /* sorted by target, so those of a sample are neighbours */
        {
          *begin = (size_t) s->by_dst[*begin];
          *end = (size_t) s->by_dst[*end];
        }
    }
  else
    {
      const size_t rows = eqk_run_rows (run, value) / (size_t) run->sizes.batch;

      *begin = sample * rows;
      *end = *begin + rows;
    }
}

/*
 * Layer normalisation: each row less its mean, over its standard deviation, with a scale and an offset for each channel. Rows are
 * cut into pieces whose number depends on the rows alone; the pieces of the weights' gradients are added in order.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "eqk/op.h"
#include "ops/ragged.h"

#include <math.h>
#include <string.h>

enum { X, WEIGHT, BIAS, MAX_PIECES = 16, MIN_ROWS = 64, LANES = 32 };

typedef struct
{
  size_t          c;
  double          eps;
  const eqk_real *x, *weight, *bias, *gy;
  eqk_real       *y, *gx;
  double         *partial;      /* [pieces][2][c]: of weight, of bias */
} Job;

static size_t
piece_rows (size_t rows)
{
  const size_t even = (rows + MAX_PIECES - 1) / MAX_PIECES;

  return even > MIN_ROWS ? even : MIN_ROWS;
}

/* Sums go side by side in lanes, so that loops are vector code with a fixed order. */
static double
total (const double lane[LANES])
{
  double sum = 0;

  for (size_t l = 0; l < LANES; l++)
    sum += lane[l];
  return sum;
}

static void
moments (const Job *j, const eqk_real *x, double *mean, double *rstd)
{
  const size_t whole = j->c - j->c % LANES;
  double       lane[LANES] = { 0 }, sum = 0, square = 0;

  for (size_t k = 0; k < whole; k += LANES)
    for (size_t l = 0; l < LANES; l++)
      lane[l] += (double) x[k + l];
  for (size_t k = whole; k < j->c; k++)
    sum += (double) x[k];
  *mean = (sum + total (lane)) / (double) j->c;
  memset (lane, 0, sizeof lane);
  for (size_t k = 0; k < whole; k += LANES)
    for (size_t l = 0; l < LANES; l++)
      lane[l] += ((double) x[k + l] - *mean) * ((double) x[k + l] - *mean);
  for (size_t k = whole; k < j->c; k++)
    square += ((double) x[k] - *mean) * ((double) x[k] - *mean);
  *rstd = 1 / sqrt ((square + total (lane)) / (double) j->c + j->eps);
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *x = j->x + r * j->c;
      eqk_real       *y = j->y + r * j->c;
      double          mean, rstd;

      moments (j, x, &mean, &rstd);
      for (size_t k = 0; k < j->c; k++)
        {
          const eqk_real z = (eqk_real) (((double) x[k] - mean) * rstd);

          y[k] = (j->weight == NULL ? z : j->weight[k] * z) + (j->bias == NULL ? 0 : j->bias[k]);
        }
    }
}

/* What a row gives to the weights' gradients, and its sums of h and z h, over channels [k, k + n): n is a constant where this is called, and so is w or no w. */
static inline __attribute__ ((always_inline)) void
row_sums (const eqk_real *restrict x, const eqk_real *restrict g, const eqk_real *restrict w, double mean, double rstd, size_t n, double *restrict dw, double *restrict db,
          double *restrict sum_h, double *restrict sum_zh)
{
  for (size_t l = 0; l < n; l++)
    {
      const double z = ((double) x[l] - mean) * rstd, dy = (double) g[l], h = w == NULL ? dy : (double) w[l] * dy;

      dw[l] += z * dy;
      db[l] += dy;
      sum_h[l] += h;
      sum_zh[l] += z * h;
    }
}

static inline __attribute__ ((always_inline)) void
reverse_row (const Job *j, const eqk_real *x, const eqk_real *g, const eqk_real *w, eqk_real *gx, double *dw, double *db)
{
  const size_t   whole = j->c - j->c % LANES;
  const eqk_real per_channel = 1 / (eqk_real) j->c;
  double         mean, rstd, lane_h[LANES] = { 0 }, lane_zh[LANES] = { 0 };
  eqk_real       middle, step, mean_h, mean_zh;

  moments (j, x, &mean, &rstd);
  for (size_t k = 0; k < whole; k += LANES)
    row_sums (x + k, g + k, w == NULL ? NULL : w + k, mean, rstd, LANES, dw + k, db + k, lane_h, lane_zh);
  for (size_t k = whole; k < j->c; k++)
    row_sums (x + k, g + k, w == NULL ? NULL : w + k, mean, rstd, 1, dw + k, db + k, lane_h, lane_zh);
  middle = (eqk_real) mean;
  step = (eqk_real) rstd;
  mean_h = (eqk_real) total (lane_h) * per_channel;
  mean_zh = (eqk_real) total (lane_zh) * per_channel;
  for (size_t k = 0; gx != NULL && k < j->c; k++)
    gx[k] = ((w == NULL ? g[k] : w[k] * g[k]) - mean_h - (x[k] - middle) * step * mean_zh) * step;
}

/* With z the normalised row and h = w g: gx = (h - mean (h) - z mean (z h)) / std. */
static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  double    *dw = j->partial + chunk * 2 * j->c, *db = dw + j->c;

  memset (dw, 0, 2 * j->c * sizeof *dw);
  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *x = j->x + r * j->c, *g = j->gy + r * j->c;
      eqk_real       *gx = j->gx == NULL ? NULL : j->gx + r * j->c;

      if (j->weight != NULL)
        reverse_row (j, x, g, j->weight, gx, dw, db);
      else
        reverse_row (j, x, g, NULL, gx, dw, db);
    }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  return (Job) { .c = (size_t) eqk_program_value (run->program, op->out[0])->width, .eps = ((const EqkRowNormParams *) op->params)->eps,
                 .x = EQK_X (run, op->in[X]), .weight = op->in[WEIGHT] < 0 ? NULL : EQK_X (run, op->in[WEIGHT]),
                 .bias = op->in[BIAS] < 0 ? NULL : EQK_X (run, op->in[BIAS]) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, rows, piece_rows (rows), forward_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]), pieces = rows == 0 ? 0 : (rows + piece_rows (rows) - 1) / piece_rows (rows);
  Job          job = job_of (run, op);

  job.gy = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, X);
  job.partial = run->scratch;
  eqk_run_range (run->pool, rows, piece_rows (rows), reverse_rows, &job);
  for (int which = WEIGHT; which <= BIAS; which++)
    for (size_t k = 0; op->in[which] >= 0 && EQK_GIN (run, op, which) != NULL && k < job.c; k++)
      {
        double sum = 0;

        for (size_t i = 0; i < pieces; i++)
          sum += job.partial[(2 * i + (size_t) (which - WEIGHT)) * job.c + k];
        EQK_GIN (run, op, which)[k] = (eqk_real) sum;
      }
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 3 * (double) eqk_value_count (program, op->out[0], sizes);
  plan->scratch_reverse = plan->train ? MAX_PIECES * 2 * (size_t) eqk_program_value (program, op->out[0])->width * sizeof (double) : 0;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "row_norm"))
    {
      eqk_emit (e, "static void\nrow_norm (const float *x, const float *w, const float *b, float *y, size_t rows, size_t c, float eps)\n{\n  for (size_t r = 0; r < rows; r++)\n    {\n"
                   "      float mean = 0.0f, square = 0.0f;\n\n      for (size_t k = 0; k < c; k++)\n        mean += x[r * c + k];\n      mean /= (float) c;\n"
                   "      for (size_t k = 0; k < c; k++)\n        square += (x[r * c + k] - mean) * (x[r * c + k] - mean);\n      square = 1.0f / sqrtf (square / (float) c + eps);\n"
                   "      for (size_t k = 0; k < c; k++)\n        y[r * c + k] = (w == NULL ? 1.0f : w[k]) * (x[r * c + k] - mean) * square + (b == NULL ? 0.0f : b[k]);\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  row_norm (%s, ", eqk_emit_value (e, op->in[X]));
  eqk_emit (e, "%s, ", op->in[WEIGHT] < 0 ? "NULL" : eqk_emit_value (e, op->in[WEIGHT]));
  eqk_emit (e, "%s, ", op->in[BIAS] < 0 ? "NULL" : eqk_emit_value (e, op->in[BIAS]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %#.9gf);\n", eqk_emit_rows (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width, ((const EqkRowNormParams *) op->params)->eps);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_row_norm) = {
  .id = "row_norm", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

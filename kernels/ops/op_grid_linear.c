/*
 * Separable linear maps of pictures, the same for every channel: blurs and averages with a stride, resampling, borders, cuts.
 * An output row is made in two steps: the input rows it reads are added up, then the columns of that sum.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  size_t         n_in, n_out;
  const int32_t *first, *from;
  const double  *weight;
} Axis;

typedef struct
{
  Axis            rows, columns;
  size_t          channels;
  const eqk_real *x;
  eqk_real       *y;
  char           *lanes;
  size_t          lane_bytes;
} Job;

static Axis
along (const EqkAxisMap *m)
{
  return (Axis){ (size_t) m->n_in, (size_t) m->n_out, m->first, m->from, m->weight };
}

static Axis
against (const EqkAxisMap *m)
{
  return (Axis){ (size_t) m->n_out, (size_t) m->n_in, m->t_first, m->t_from, m->t_weight };
}

static size_t
lane_bytes (const EqkGridLinearParams *p)
{
  const size_t w = (size_t) (p->columns.n_in > p->columns.n_out ? p->columns.n_in : p->columns.n_out);

  return (w * (size_t) p->channels * sizeof (eqk_real) + 63) / 64 * 64;
}

/* y = sum of weighted stretches of n numbers, `step` apart in x. */
static void
add_up (const Axis *axis, size_t i, const eqk_real *x, size_t step, size_t n, eqk_real *y)
{
  const int32_t begin = axis->first[i], end = axis->first[i + 1];

  if (begin == end)
    memset (y, 0, n * sizeof *y);
  for (int32_t k = begin; k < end; k++)
    {
      const eqk_real *from = x + (size_t) axis->from[k] * step, weight = (eqk_real) axis->weight[k];

      if (k == begin)
        for (size_t c = 0; c < n; c++)
          y[c] = weight * from[c];
      else
        for (size_t c = 0; c < n; c++)
          y[c] += weight * from[c];
    }
}

/* begin, end count output rows of all samples. */
static void
rows_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  eqk_real    *sum = (eqk_real *) (void *) (j->lanes + (size_t) lane * j->lane_bytes);
  const size_t width = j->columns.n_in * j->channels;

  for (size_t r = begin; r < end; r++)
    {
      add_up (&j->rows, r % j->rows.n_out, j->x + r / j->rows.n_out * j->rows.n_in * width, width, width, sum);
      for (size_t q = 0; q < j->columns.n_out; q++)
        add_up (&j->columns, q, sum, j->channels, j->channels, j->y + (r * j->columns.n_out + q) * j->channels);
    }
}

static void
run_map (EqkRun *run, const EqkOp *op, Axis rows, Axis columns, const eqk_real *x, eqk_real *y, size_t samples)
{
  const EqkGridLinearParams *p = op->params;
  Job                        job = { rows, columns, (size_t) p->channels, x, y, run->scratch, lane_bytes (p) };

  eqk_run_range (run->pool, samples * rows.n_out, 4, rows_range, &job);
}

static size_t
samples (const EqkRun *run, const EqkOp *op)
{
  const EqkGridLinearParams *p = op->params;

  return eqk_run_rows (run, op->out[0]) / ((size_t) p->rows.n_out * (size_t) p->columns.n_out);
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  const EqkGridLinearParams *p = op->params;

  run_map (run, op, along (&p->rows), along (&p->columns), x, y, samples (run, op));
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  const EqkGridLinearParams *p = op->params;

  run_map (run, op, against (&p->rows), against (&p->columns), gy, gx, samples (run, op));
}

#include "ops/linear_passes.h"

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkGridLinearParams *p = op->params;
  const double               rows = p->rows.first[p->rows.n_out], columns = p->columns.first[p->columns.n_out];

  plan->macs = (rows * p->columns.n_in + columns * p->rows.n_out) * p->channels * sizes->batch;
  plan->scratch = plan->scratch_reverse = lane_bytes (p) * (size_t) plan->n_threads;
  return EQK_OK;
}

static EqkStatus
emit_axis (EqkEmitter *e, const EqkOp *op, const char *tag, const EqkAxisMap *m)
{
  const size_t n = (size_t) m->first[m->n_out];
  float       *weights = malloc ((n + 1) * sizeof *weights);
  char         name[48];

  if (weights == NULL)
    return EQK_ERR_NO_MEMORY;
  for (size_t i = 0; i < n; i++)
    weights[i] = (float) m->weight[i];
  snprintf (name, sizeof name, "%s_first_%d", tag, op->index);
  eqk_emit (e, "%s, ", eqk_emit_table_i (e, name, m->first, (size_t) m->n_out + 1));
  snprintf (name, sizeof name, "%s_from_%d", tag, op->index);
  eqk_emit (e, "%s, ", eqk_emit_table_i (e, name, m->from, n));
  snprintf (name, sizeof name, "%s_weight_%d", tag, op->index);
  eqk_emit (e, "%s, ", eqk_emit_table (e, name, weights, n));
  free (weights);
  return EQK_OK;
}

static void
emit_loops (EqkEmitter *e)
{
  eqk_emit (e, "static void\ngrid_add_up (const float *x, const int32_t *first, const int32_t *from, const float *weight, size_t i, size_t step, size_t n, float *y)\n{\n"
               "  memset (y, 0, n * sizeof *y);\n  for (size_t k = (size_t) first[i]; k < (size_t) first[i + 1]; k++)\n    for (size_t c = 0; c < n; c++)\n"
               "      y[c] += weight[k] * x[(size_t) from[k] * step + c];\n}\n\n");
  eqk_emit (e, "static void\ngrid_linear (const float *x, const int32_t *row_first, const int32_t *row_from, const float *row_weight,\n"
               "             const int32_t *first, const int32_t *from, const float *weight, float *sum, float *y, size_t w, size_t out_h, size_t out_w, size_t c)\n{\n"
               "  for (size_t i = 0; i < out_h; i++)\n    {\n      grid_add_up (x, row_first, row_from, row_weight, i, w * c, w * c, sum);\n"
               "      for (size_t j = 0; j < out_w; j++)\n        grid_add_up (sum, first, from, weight, j, c, c, y + (i * out_w + j) * c);\n    }\n}\n\n");
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkGridLinearParams *p = op->params;
  EqkStatus                  status;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "grid_linear"))
    {
      emit_loops (e);
      eqk_emit_end (e);
    }
  eqk_emit (e, "  grid_linear (%s, ", eqk_emit_value (e, op->in[0]));
  status = emit_axis (e, op, "rows", &p->rows);
  if (status == EQK_OK)
    status = emit_axis (e, op, "columns", &p->columns);
  eqk_emit (e, "%s, ", eqk_emit_scratch (e, op));
  eqk_emit (e, "%s, %d, %d, %d, %d);\n", eqk_emit_value (e, op->out[0]), p->columns.n_in, p->rows.n_out, p->columns.n_out, p->channels);
  return status;
}

const EqkOpType EQK_SYM (op_grid_linear) = {
  .id = "grid_linear", .smooth = EQK_SMOOTH,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

/* A constant sparse matrix on every row: biases along trivial columns, changes of basis, means over fields. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct
{
  const int32_t  *first, *column;
  const double   *value;
  size_t          n_in, n_out;
  const eqk_real *x;
  eqk_real       *y;
} Job;

static void
rows_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    for (size_t o = 0; o < j->n_out; o++)
      {
        eqk_real sum = 0;

        for (int32_t k = j->first[o]; k < j->first[o + 1]; k++)
          sum += (eqk_real) j->value[k] * j->x[r * j->n_in + (size_t) j->column[k]];
        j->y[r * j->n_out + o] = sum;
      }
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  const EqkConstLinearParams *p = op->params;
  Job                         job = { p->first, p->column, p->value, (size_t) p->n_in, (size_t) p->n_out, x, y };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 1 + 16384 / (1 + (size_t) p->first[p->n_out]), rows_range, &job);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  const EqkConstLinearParams *p = op->params;
  Job                         job = { p->t_first, p->t_column, p->t_value, (size_t) p->n_out, (size_t) p->n_in, gy, gx };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 1 + 16384 / (1 + (size_t) p->first[p->n_out]), rows_range, &job);
}

#include "ops/linear_passes.h"

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkConstLinearParams *p = op->params;

  if (!eqk_program_value (program, op->out[0])->is_static)
    plan->macs = (double) eqk_value_rows (program, op->out[0], sizes) * p->first[p->n_out];
  return EQK_OK;
}

/* One table of values; the transpose is emitted where the reverse pass wants it. */
static EqkStatus
emit_matrix (EqkEmitter *e, const EqkOp *op, const char *tag, const int32_t *first, const int32_t *column, const double *value,
             int n_in, int n_out, const char *from)
{
  const size_t n = (size_t) first[n_out];
  float       *values = malloc ((n + 1) * sizeof *values);
  char         name[48];

  if (values == NULL)
    return EQK_ERR_NO_MEMORY;
  for (size_t i = 0; i < n; i++)
    values[i] = (float) value[i];
  eqk_emit (e, "  const_linear (%s, ", from);
  snprintf (name, sizeof name, "%s_first_%d", tag, op->index);
  eqk_emit (e, "%s, ", eqk_emit_table_i (e, name, first, (size_t) n_out + 1));
  snprintf (name, sizeof name, "%s_column_%d", tag, op->index);
  eqk_emit (e, "%s, ", eqk_emit_table_i (e, name, column, n));
  snprintf (name, sizeof name, "%s_value_%d", tag, op->index);
  eqk_emit (e, "%s, ", eqk_emit_table (e, name, values, n));
  eqk_emit (e, "%s, ", eqk_emit_reverse (e) ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_rows (e, op->out[0]), n_in, n_out);
  free (values);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkConstLinearParams *p = op->params;

  if (eqk_emit_begin (e, "const_linear"))
    {
      eqk_emit (e, "static void\nconst_linear (const float *x, const int32_t *first, const int32_t *column, const float *value, float *y, size_t rows, size_t n_in, size_t n_out)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    for (size_t o = 0; o < n_out; o++)\n      {\n        float sum = 0.0f;\n\n"
                   "        for (size_t k = (size_t) first[o]; k < (size_t) first[o + 1]; k++)\n          sum += value[k] * x[r * n_in + (size_t) column[k]];\n"
                   "        y[r * n_out + o] = sum;\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  if (eqk_emit_reverse (e))
    return emit_matrix (e, op, "matrix_t", p->t_first, p->t_column, p->t_value, p->n_out, p->n_in, eqk_emit_grad (e, op->out[0]));
  return emit_matrix (e, op, "matrix", p->first, p->column, p->value, p->n_in, p->n_out, eqk_emit_value (e, op->in[0]));
}

const EqkOpType EQK_SYM (op_const_linear) = {
  .id = "const_linear", .smooth = EQK_SMOOTH,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

/*
 * Length of each field, sqrt (|v|^2 + eps^2), or its square. The eps inside the root keeps the gradient v / length bounded,
 * so the length is smooth and may stand under forces.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <math.h>
#include <stdio.h>

#if EQK_REAL_BITS == 64
#define R_SQRT sqrt
#else
#define R_SQRT sqrtf
#endif

typedef struct
{
  const EqkFieldPoolParams *p;
  const eqk_real           *x, *y, *xd, *a, *b;
  eqk_real                 *out;
} Job;

static eqk_real
dot (const eqk_real *a, const eqk_real *b, int d)
{
  eqk_real sum = 0;

  for (int c = 0; c < d; c++)
    sum += a[c] * b[c];
  return sum;
}

static eqk_real
length (const EqkFieldPoolParams *p, const eqk_real *v, int d)
{
  const eqk_real eps = (eqk_real) p->eps, square = dot (v, v, d);

  return p->squared ? square : R_SQRT (square + eps * eps);
}

/* out[field] = length, or its derivative along xd. */
static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n_fields = (size_t) j->p->n_fields, channels = (size_t) j->p->n_channels;

  for (size_t r = begin; r < end; r++)
    for (size_t f = 0; f < n_fields; f++)
      {
        const size_t   at = r * channels + (size_t) j->p->first[f];
        const int      d = j->p->first[f + 1] - j->p->first[f];
        const eqk_real n = length (j->p, j->x + at, d);

        if (j->xd == NULL)
          j->out[r * n_fields + f] = n;
        else
          j->out[r * n_fields + f] = dot (j->x + at, j->xd + at, d) * (j->p->squared ? 2 : 1 / n);
      }
}

/* out = a v / n; with xd also b times the second derivative along xd. */
static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n_fields = (size_t) j->p->n_fields, channels = (size_t) j->p->n_channels;

  for (size_t r = begin; r < end; r++)
    for (size_t f = 0; f < n_fields; f++)
      {
        const size_t    at = r * channels + (size_t) j->p->first[f];
        const int       d = j->p->first[f + 1] - j->p->first[f];
        const eqk_real *v = j->x + at;
        const eqk_real  n = j->p->squared ? 0 : length (j->p, v, d), by = j->p->squared ? 2 : 1 / n;
        eqk_real        along = j->a[r * n_fields + f] * by, across = 0;

        if (j->xd != NULL)
          {
            across = j->b[r * n_fields + f] * by;
            if (!j->p->squared)
              along -= across * dot (v, j->xd + at, d) / (n * n);
          }
        for (int c = 0; c < d; c++)
          j->out[at + (size_t) c] = along * v[c] + (j->xd == NULL ? 0 : across * j->xd[at + (size_t) c]);
      }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .out = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, forward_rows, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .xd = EQK_XD (run, op->in[0]), .out = EQK_XD (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, forward_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .a = EQK_GOUT (run, op, 0), .out = EQK_GIN (run, op, 0) };

  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, reverse_rows, &job);
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .a = EQK_GOUT (run, op, 0), .b = EQK_G1OUT (run, op, 0), .xd = EQK_XD (run, op->in[0]),
              .out = EQK_GIN (run, op, 0) };

  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, reverse_rows, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->in[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkFieldPoolParams *p = op->params;
  const bool                reverse_pass = eqk_emit_reverse (e);
  char                      name[48];
  const char               *table;

  if (eqk_emit_begin (e, reverse_pass ? "field_length_reverse" : "field_length"))
    {
      if (reverse_pass)
        eqk_emit (e, "static void\nfield_length_reverse (const float *x, const float *gy, const int32_t *first, float *gx, size_t rows, size_t channels, size_t fields, float eps, int squared)\n{\n");
      else
        eqk_emit (e, "static void\nfield_length (const float *x, const int32_t *first, float *y, size_t rows, size_t channels, size_t fields, float eps, int squared)\n{\n");
      eqk_emit (e, "  for (size_t r = 0; r < rows; r++)\n    for (size_t f = 0; f < fields; f++)\n      {\n        float sum = 0.0f;\n\n"
                   "        for (size_t c = (size_t) first[f]; c < (size_t) first[f + 1]; c++)\n          sum += x[r * channels + c] * x[r * channels + c];\n");
      if (reverse_pass)
        eqk_emit (e, "        for (size_t c = (size_t) first[f]; c < (size_t) first[f + 1]; c++)\n"
                     "          gx[r * channels + c] = gy[r * fields + f] * x[r * channels + c] * (squared ? 2.0f : 1.0f / sqrtf (sum + eps * eps));\n      }\n}\n\n");
      else
        eqk_emit (e, "        y[r * fields + f] = squared ? sum : sqrtf (sum + eps * eps);\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  snprintf (name, sizeof name, "fields_%d", op->index);
  table = eqk_emit_table_i (e, name, p->first, (size_t) p->n_fields + 1);
  eqk_emit (e, "  %s (%s, ", reverse_pass ? "field_length_reverse" : "field_length", eqk_emit_value (e, op->in[0]));
  if (reverse_pass)
    eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
  eqk_emit (e, "%s, ", table);
  eqk_emit (e, "%s, ", reverse_pass ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d, %#.9gf, %d);\n", eqk_emit_rows (e, op->out[0]), p->n_channels, p->n_fields, p->eps, p->squared);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_field_length) = {
  .id = "field_length", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

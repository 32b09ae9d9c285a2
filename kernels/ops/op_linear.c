/*
 * Dense linear map of rows. Rows are cut into pieces whose number depends on the rows alone; each piece has its own partial
 * weight gradient, and the pieces are added in order, so that the sum is the same for any number of threads.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/gemm.h"
#include "ops/product-emit.h"
#include "ops/op_linear.h"

#include <string.h>

enum { MAX_PIECES = 16, MIN_ROWS = 256 };

static size_t
piece_rows (size_t rows)
{
  const size_t even = (rows + MAX_PIECES - 1) / MAX_PIECES;

  return even > MIN_ROWS ? even : MIN_ROWS;
}

static size_t
n_pieces (size_t rows)
{
  return rows == 0 ? 1 : (rows + piece_rows (rows) - 1) / piece_rows (rows);
}

typedef struct
{
  const EqkLinearParams *p;
  const eqk_real        *x, *w, *b, *gy, *xd, *g1;
  eqk_real              *y, *gx, *partial;
  bool                   bias;   /* its gradient is asked for */
} Job;

/* y = scale y + b for rows */
static void
finish (eqk_real *y, const eqk_real *b, eqk_real scale, size_t rows, size_t n)
{
  for (size_t r = 0; (b != NULL || scale != 1) && r < rows; r++)
    for (size_t o = 0; o < n; o++)
      y[r * n + o] = scale * y[r * n + o] + (b != NULL ? b[o] : 0);
}

static void
times_w (const EqkLinearParams *p, const eqk_real *x, const eqk_real *w, const eqk_real *b, eqk_real *y, size_t rows)
{
  EQK_SYM (gemm) (false, !p->transposed, (int) rows, p->n_out, p->n_in, x, p->n_in, w, p->transposed ? p->n_out : p->n_in, y, p->n_out, false);
  finish (y, b, (eqk_real) p->scale, rows, (size_t) p->n_out);
}

static void
times_wt (const EqkLinearParams *p, const eqk_real *gy, const eqk_real *w, eqk_real *gx, size_t rows)
{
  EQK_SYM (gemm) (false, p->transposed, (int) rows, p->n_in, p->n_out, gy, p->n_out, w, p->transposed ? p->n_out : p->n_in, gx, p->n_in, false);
  finish (gx, NULL, (eqk_real) p->scale, rows, (size_t) p->n_in);
}

/* Without the scale, which comes at the end, once. */
static void
outer (const EqkLinearParams *p, const eqk_real *gy, const eqk_real *x, eqk_real *dw, size_t rows, bool add)
{
  if (p->transposed)
    EQK_SYM (gemm) (true, false, p->n_in, p->n_out, (int) rows, x, p->n_in, gy, p->n_out, dw, p->n_out, add);
  else
    EQK_SYM (gemm) (true, false, p->n_out, p->n_in, (int) rows, gy, p->n_out, x, p->n_in, dw, p->n_in, add);
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n_out = (size_t) j->p->n_out;

  times_w (j->p, j->x + begin * (size_t) j->p->n_in, j->w, j->b, j->y + begin * n_out, end - begin);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = { .p = op->params, .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]),
                       .b = op->in[2] < 0 ? NULL : EQK_X (run, op->in[2]), .y = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, rows, piece_rows (rows), forward_rows, &job);
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n_in = (size_t) j->p->n_in, n_out = (size_t) j->p->n_out;

  if (j->gx != NULL)
    times_wt (j->p, j->gy + begin * n_out, j->w, j->gx + begin * n_in, end - begin);
  if (j->partial != NULL)
    {
      eqk_real *dw = j->partial + chunk * (n_in + 1) * n_out, *db = dw + n_in * n_out;

      outer (j->p, j->gy + begin * n_out, j->x + begin * n_in, dw, end - begin, false);
      if (j->g1 != NULL)
        outer (j->p, j->g1 + begin * n_out, j->xd + begin * n_in, dw, end - begin, true);
      memset (db, 0, n_out * sizeof *db);
      for (size_t r = begin; r < end && j->bias; r++)
        for (size_t o = 0; o < n_out; o++)
          db[o] += j->gy[r * n_out + o];
    }
}

static void
sum_pieces (const eqk_real *partial, size_t n, size_t stride, size_t offset, eqk_real *out, size_t count)
{
  memcpy (out, partial + offset, count * sizeof *out);
  for (size_t k = 1; k < n; k++)
    for (size_t i = 0; i < count; i++)
      out[i] += partial[k * stride + offset + i];
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  const EqkLinearParams *p = op->params;
  const size_t           rows = eqk_run_rows (run, op->out[0]), weights = (size_t) p->n_in * (size_t) p->n_out;
  const size_t           stride = weights + (size_t) p->n_out;
  eqk_real              *dw = EQK_GIN (run, op, 1), *db = op->in[2] < 0 ? NULL : EQK_GIN (run, op, 2);
  Job                    job = { .p = p, .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]), .gy = EQK_GOUT (run, op, 0),
                                 .gx = EQK_GIN (run, op, 0), .partial = dw != NULL || db != NULL ? run->scratch : NULL, .bias = db != NULL };

  if (second)
    {
      job.xd = EQK_XD (run, op->in[0]);
      job.g1 = job.xd == NULL ? NULL : EQK_G1OUT (run, op, 0);
    }
  eqk_run_range (run->pool, rows, piece_rows (rows), reverse_rows, &job);
  if (rows == 0 && job.partial != NULL)
    memset (job.partial, 0, stride * sizeof *job.partial);
  if (dw != NULL)
    {
      sum_pieces (job.partial, n_pieces (rows), stride, 0, dw, weights);
      finish (dw, NULL, (eqk_real) p->scale, 1, weights);
    }
  if (db != NULL)
    sum_pieces (job.partial, n_pieces (rows), stride, weights, db, (size_t) p->n_out);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, false);
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, true);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = { .p = op->params, .x = EQK_XD (run, op->in[0]), .w = EQK_X (run, op->in[1]), .y = EQK_XD (run, op->out[0]) };

  eqk_run_range (run->pool, rows, piece_rows (rows), forward_rows, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkLinearParams *p = op->params;
  const size_t           rows = eqk_value_rows (program, op->out[0], sizes);

  plan->macs = (double) rows * p->n_in * p->n_out;
  plan->scratch_reverse = MAX_PIECES * ((size_t) p->n_in + 1) * (size_t) p->n_out * sizeof (eqk_real);
  return EQK_OK;
}

/* Loops whose inner one runs along rows of w: over outputs where w is kept by inputs, else over inputs in eight partial sums. */
static void
emit_along (EqkEmitter *e, const char *name, const char *from, const char *to, const char *n_from, const char *n_to, bool bias)
{
  eqk_emit (e, "static void\n%s (const float *%s, const float *w, %sfloat *%s, size_t rows, size_t n_in, size_t n_out, float scale)\n{\n", name, from, bias ? "const float *b, " : "", to);
  eqk_emit (e, "  for (size_t r = 0; r < rows; r++)\n    {\n      float *y = %s + r * %s;\n\n      for (size_t o = 0; o < %s; o++)\n        y[o] = 0.0f;\n", to, n_to, n_to);
  eqk_emit (e, "      for (size_t i = 0; i < %s; i++)\n        {\n          const float a = scale * %s[r * %s + i], *row = w + i * %s;\n\n"
               "          for (size_t o = 0; o < %s; o++)\n            y[o] += a * row[o];\n        }\n", n_from, from, n_from, n_to, n_to);
  if (bias)
    eqk_emit (e, "      for (size_t o = 0; b != NULL && o < %s; o++)\n        y[o] += b[o];\n", n_to);
  eqk_emit (e, "    }\n}\n\n");
}

static void
emit_dots (EqkEmitter *e, const char *name, const char *from, const char *to, const char *n_from, const char *n_to, bool bias)
{
  eqk_emit (e, "static void\n%s (const float *%s, const float *w, %sfloat *%s, size_t rows, size_t n_in, size_t n_out, float scale)\n{\n", name, from, bias ? "const float *b, " : "", to);
  eqk_emit (e, "  for (size_t r = 0; r < rows; r++)\n    for (size_t o = 0; o < %s; o++)\n      {\n        const float *a = %s + r * %s, *row = w + o * %s;\n"
               "        float part[8] = { 0.0f }, sum = 0.0f;\n\n", n_to, from, n_from, n_from);
  eqk_emit (e, "        for (size_t i = 0; i < %s / 8 * 8; i += 8)\n          for (size_t k = 0; k < 8; k++)\n            part[k] += a[i + k] * row[i + k];\n"
               "        for (size_t i = %s / 8 * 8; i < %s; i++)\n          sum += a[i] * row[i];\n        for (size_t k = 0; k < 8; k++)\n          sum += part[k];\n", n_from, n_from, n_from);
  eqk_emit (e, bias ? "        %s[r * %s + o] = scale * sum + (b == NULL ? 0.0f : b[o]);\n      }\n}\n\n" : "        %s[r * %s + o] = scale * sum;\n      }\n}\n\n", to, n_to);
}

/* The same with products of matrices. */
static void
emit_fast (EqkEmitter *e, const char *name, bool dots, const char *from, const char *to, const char *n_from, const char *n_to, bool bias)
{
  eqk_emit (e, "static void\n%s (const float *%s, const float *w, %sfloat *%s, size_t rows, size_t n_in, size_t n_out, float scale)\n{\n", name, from, bias ? "const float *b, " : "", to);
  eqk_emit (e, "  for (size_t r = 0; r < rows; r++)\n    for (size_t o = 0; o < %s; o++)\n      %s[r * %s + o] = %s;\n", n_to, to, n_to, bias ? "b == NULL ? 0.0f : b[o]" : "0.0f");
  eqk_emit (e, "  %s (%s, %s, 1, w, scale, %s, %s, 1, rows, ", dots ? "add_dots" : "add_product", from, n_from, to, n_to);
  eqk_emit (e, "%s, %s);\n}\n\n", n_from, n_to);
}

static void
emit_loops (EqkEmitter *e, const char *name, const EqkLinearParams *p)
{
  if (!eqk_emit_plain (e))
    {
      emit_fast (e, name, !p->transposed, "x", "out", "n_in", "n_out", true);
      return;
    }
  (p->transposed ? emit_along : emit_dots) (e, name, "x", "out", "n_in", "n_out", true);
}

static void
emit_reverse_loops (EqkEmitter *e, const char *name, const EqkLinearParams *p)
{
  if (!eqk_emit_plain (e))
    {
      emit_fast (e, name, p->transposed, "gy", "gx", "n_out", "n_in", false);
      return;
    }
  (p->transposed ? emit_dots : emit_along) (e, name, "gy", "gx", "n_out", "n_in", false);
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkLinearParams *p = op->params;
  const bool             reverse_pass = eqk_emit_reverse (e);
  const char            *name = reverse_pass ? (p->transposed ? "linear_t_reverse" : "linear_reverse") : p->transposed ? "linear_t" : "linear";

  if (!eqk_emit_plain (e))
    (reverse_pass == p->transposed ? eqk_emit_dots : eqk_emit_product) (e);
  if (eqk_emit_begin (e, name))
    {
      if (reverse_pass)
        emit_reverse_loops (e, name, p);
      else
        emit_loops (e, name, p);
      eqk_emit_end (e);
    }
  eqk_emit (e, "  %s (%s, ", name, reverse_pass ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  if (!reverse_pass)
    eqk_emit (e, "%s, ", op->in[2] < 0 ? "NULL" : eqk_emit_value (e, op->in[2]));
  eqk_emit (e, "%s, ", reverse_pass ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d, %#.9gf);\n", eqk_emit_rows (e, op->out[0]), p->n_in, p->n_out, p->scale);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_linear) = {
  .id = "linear", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

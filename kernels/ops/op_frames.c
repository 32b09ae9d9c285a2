/*
 * Axes of symmetric tensors: the eigenvectors, that of the largest eigenvalue first, the third the product of the other two, so that they are a rotation.
 * Their signs are whatever they are: whoever reads them averages over the four choices. in: a [rows, 9] (its symmetric part counts); out: axes [rows, 9],
 * axis after axis.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/eigen3.h"

#include <math.h>

enum { GRAIN = 64 };

typedef struct
{
  const eqk_real *a, *g;
  eqk_real       *out;
} Job;

static void
axes_of (const eqk_real *x, double e[9], double values[3])
{
  double a[9], v[9];
  int    order[3];

  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 3; k++)
      a[3 * i + k] = 0.5 * ((double) x[3 * i + k] + (double) x[3 * k + i]);
  eigen3 (a, v);
  order3 (a, order);
  for (int i = 0; i < 3; i++)
    {
      values[i] = a[4 * order[i]];
      for (int k = 0; k < 3; k++)
        e[3 * i + k] = v[3 * order[i] + k];
    }
  cross3 (e, e + 3, e + 6);
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      double e[9], values[3];

      axes_of (j->a + 9 * r, e, values);
      for (size_t i = 0; i < 9; i++)
        j->out[9 * r + i] = (eqk_real) e[i];
    }
}

/* de_j = Σ_i e_i ⟨e_i, dA e_j⟩ / (λ_j - λ_i). Where two eigenvalues are equal their axes are not determined; the slope is kept bounded there. */
static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      double e[9], values[3], g[9] = { 0 };

      axes_of (j->a + 9 * r, e, values);
      for (int m = 0; m < 3; m++)
        for (int n = 0; n < 3; n++)
          {
            const double apart = values[n] - values[m], least = 1e-4 * fabs (values[0]) + 1e-12;
            const double *em = e + 3 * m, *en = e + 3 * n;
            const eqk_real *gn = j->g + 9 * r + 3 * (size_t) n;
            double        c;

            if (m == n)
              continue;
            c = (em[0] * (double) gn[0] + em[1] * (double) gn[1] + em[2] * (double) gn[2]) / (fabs (apart) > least ? apart : n < m ? least : -least);
            for (int i = 0; i < 3; i++)
              for (int k = 0; k < 3; k++)
                g[3 * i + k] += 0.5 * c * (em[i] * en[k] + em[k] * en[i]);
          }
      for (size_t i = 0; i < 9; i++)
        j->out[9 * r + i] = (eqk_real) g[i];
    }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .a = EQK_X (run, op->in[0]), .out = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, forward_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .a = EQK_X (run, op->in[0]), .g = EQK_GOUT (run, op, 0), .out = EQK_GIN (run, op, 0) };

  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, reverse_rows, &job);
}

/* Forces through axes are refused before (they jump), so there is no reverse pass to write. */
static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  eqk_emit_eigen3 (e);
  if (eqk_emit_begin (e, "frames"))
    {
      eqk_emit (e, "static void\nframes (const float *x, float *y, size_t rows)\n{\n  for (size_t r = 0; r < rows; r++, x += 9, y += 9)\n    {\n"
                   "      double a[9], v[9], axes[9];\n      int order[3];\n\n"
                   "      for (int i = 0; i < 3; i++)\n        for (int k = 0; k < 3; k++)\n          a[3 * i + k] = 0.5 * ((double) x[3 * i + k] + (double) x[3 * k + i]);\n"
                   "      eigen3 (a, v);\n      order3 (a, order);\n"
                   "      for (int i = 0; i < 2; i++)\n        for (int k = 0; k < 3; k++)\n          axes[3 * i + k] = v[3 * order[i] + k];\n"
                   "      cross3 (axes, axes + 3, axes + 6);\n      for (int i = 0; i < 9; i++)\n        y[i] = (float) axes[i];\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  frames (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s);\n", eqk_emit_rows (e, op->out[0]));
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_frames) = {
  .id = "frames", .smooth = EQK_SMOOTH_JUMPS, .flags = EQK_KEEP_IN0, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

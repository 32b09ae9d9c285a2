/*
 * Arrows into a rotation, whose columns are the three arrows of the output. "rot6d" makes two arrows orthonormal one after the other, beside it
 * "rot_svd" takes the rotation nearest to three. Both turn along: R (g x) = g R (x).
 *
 * in: x [rows, 6] or [rows, 9], arrow after arrow; out: R [rows, 9]. Lengths have 1e-8 in the root, so that nothing is divided by zero.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/eigen3.h"

#include <math.h>

enum { GRAIN = 64 };

typedef struct
{
  const eqk_real *x, *g;
  eqk_real       *out;
} Job;

/* ---- Gram-Schmidt ---- */

typedef struct
{
  double a[3], b[3], e1[3], e2[3], e3[3], na, nu, along;    /* along: of b on e1 */
} Frame;

static void
frame_of (const eqk_real *x, Frame *f)
{
  double u[3];

  for (int i = 0; i < 3; i++)
    {
      f->a[i] = (double) x[i];
      f->b[i] = (double) x[3 + i];
    }
  f->na = sqrt (dot3 (f->a, f->a) + 1e-16);
  for (int i = 0; i < 3; i++)
    f->e1[i] = f->a[i] / f->na;
  f->along = dot3 (f->e1, f->b);
  for (int i = 0; i < 3; i++)
    u[i] = f->b[i] - f->along * f->e1[i];
  f->nu = sqrt (dot3 (u, u) + 1e-16);
  for (int i = 0; i < 3; i++)
    f->e2[i] = u[i] / f->nu;
  cross3 (f->e1, f->e2, f->e3);
}

static void
rot6d_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      Frame f;

      frame_of (j->x + 6 * r, &f);
      for (int i = 0; i < 3; i++)
        {
          j->out[9 * r + (size_t) i] = (eqk_real) f.e1[i];
          j->out[9 * r + 3 + (size_t) i] = (eqk_real) f.e2[i];
          j->out[9 * r + 6 + (size_t) i] = (eqk_real) f.e3[i];
        }
    }
}

static void
rot6d_reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      double g1[3], g2[3], g3[3], more1[3], more2[3], gu[3], c;
      Frame  f;

      frame_of (j->x + 6 * r, &f);
      for (int i = 0; i < 3; i++)
        {
          g1[i] = (double) j->g[9 * r + (size_t) i];
          g2[i] = (double) j->g[9 * r + 3 + (size_t) i];
          g3[i] = (double) j->g[9 * r + 6 + (size_t) i];
        }
      cross3 (f.e2, g3, more1);
      cross3 (g3, f.e1, more2);
      for (int i = 0; i < 3; i++)
        g2[i] += more2[i];
      c = dot3 (g2, f.e2);
      for (int i = 0; i < 3; i++)
        gu[i] = (g2[i] - c * f.e2[i]) / f.nu;
      c = dot3 (f.e1, gu);
      for (int i = 0; i < 3; i++)
        {
          j->out[6 * r + 3 + (size_t) i] = (eqk_real) (gu[i] - c * f.e1[i]);
          g1[i] += more1[i] - c * f.b[i] - f.along * gu[i];
        }
      c = dot3 (f.e1, g1);
      for (int i = 0; i < 3; i++)
        j->out[6 * r + (size_t) i] = (eqk_real) ((g1[i] - c * f.e1[i]) / f.na);
    }
}

/* ---- the nearest rotation ---- */

/* M = U diag (s) V^T with U and V proper, so that R = U V^T; the last s carries the sign of the determinant. All column by column. */
typedef struct { double m[9], u[9], v[9], s[3]; } Svd;

static void
unit (double *x)
{
  const double n = sqrt (dot3 (x, x) + 1e-16);

  for (int i = 0; i < 3; i++)
    x[i] /= n;
}

static void
times (const double *m, const double *x, double *out)
{
  for (int i = 0; i < 3; i++)
    out[i] = m[i] * x[0] + m[3 + i] * x[1] + m[6 + i] * x[2];
}

static void
svd_of (const eqk_real *x, Svd *d)
{
  double a[9], v[9], c;
  int    order[3];

  for (int i = 0; i < 9; i++)
    d->m[i] = (double) x[i];
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 3; k++)
      a[3 * k + i] = dot3 (d->m + 3 * i, d->m + 3 * k);
  eigen3 (a, v);
  order3 (a, order);
  for (int i = 0; i < 2; i++)
    for (int k = 0; k < 3; k++)
      d->v[3 * i + k] = v[3 * order[i] + k];
  cross3 (d->v, d->v + 3, d->v + 6);
  times (d->m, d->v, d->u);
  times (d->m, d->v + 3, d->u + 3);
  d->s[0] = sqrt (dot3 (d->u, d->u));
  unit (d->u);
  c = dot3 (d->u, d->u + 3);
  for (int i = 0; i < 3; i++)
    d->u[3 + i] -= c * d->u[i];
  d->s[1] = sqrt (dot3 (d->u + 3, d->u + 3));
  unit (d->u + 3);
  cross3 (d->u, d->u + 3, d->u + 6);
  times (d->m, d->v + 6, a);
  d->s[2] = dot3 (d->u + 6, a);
}

static void
svd_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      Svd d;

      svd_of (j->x + 9 * r, &d);
      for (int c = 0; c < 3; c++)
        for (int i = 0; i < 3; i++)
          j->out[9 * r + (size_t) (3 * c + i)] = (eqk_real) (d.u[i] * d.v[c] + d.u[3 + i] * d.v[3 + c] + d.u[6 + i] * d.v[6 + c]);
    }
}

/* Where two singular values nearly cancel the rotation is not determined; the slope is kept bounded there. */
static inline double
gap (double s)
{
  return s > 1e-3 ? s : 1e-3;
}

/* With P = U^T dM V the rotation moves by U X V^T, X_ij = (P_ij - P_ji) / (s_i + s_j); this is the adjoint of that. */
static void
svd_reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      double q[9], x[9], column[3];
      Svd    d;

      svd_of (j->x + 9 * r, &d);
      for (int k = 0; k < 3; k++)   /* q = U^T G V */
        {
          for (int i = 0; i < 3; i++)
            column[i] = (double) j->g[9 * r + (size_t) i] * d.v[3 * k] + (double) j->g[9 * r + 3 + (size_t) i] * d.v[3 * k + 1] + (double) j->g[9 * r + 6 + (size_t) i] * d.v[3 * k + 2];
          for (int i = 0; i < 3; i++)
            q[3 * k + i] = dot3 (d.u + 3 * i, column);
        }
      for (int k = 0; k < 3; k++)
        for (int i = 0; i < 3; i++)
          x[3 * k + i] = (q[3 * k + i] - q[3 * i + k]) / gap (d.s[i] + d.s[k]);
      for (int c = 0; c < 3; c++)
        for (int i = 0; i < 3; i++)
          {
            double sum = 0;

            for (int k = 0; k < 3; k++)
              sum += (d.u[i] * x[3 * k] + d.u[3 + i] * x[3 * k + 1] + d.u[6 + i] * x[3 * k + 2]) * d.v[3 * k + c];
            j->out[9 * r + (size_t) (3 * c + i)] = (eqk_real) sum;
          }
    }
}

/* ---- passes ---- */

static void
run_forward (EqkRun *run, const EqkOp *op, EqkRangeFunc rows)
{
  Job job = { .x = EQK_X (run, op->in[0]), .out = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, rows, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, EqkRangeFunc rows)
{
  Job job = { .x = EQK_X (run, op->in[0]), .g = EQK_GOUT (run, op, 0), .out = EQK_GIN (run, op, 0) };

  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), GRAIN, rows, &job);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  run_forward (run, op, rot6d_rows);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, rot6d_reverse_rows);
}

static void
svd_forward (EqkRun *run, const EqkOp *op)
{
  run_forward (run, op, svd_rows);
}

static void
svd_reverse (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, svd_reverse_rows);
}

/* ---- C ---- */

static EqkStatus
emit_call (EqkEmitter *e, const EqkOp *op, const char *name)
{
  eqk_emit (e, "  %s (%s, ", name, eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s);\n", eqk_emit_rows (e, op->out[0]));
  return EQK_OK;
}

/* Forces through a rotation are refused before (no tangent), so there is no reverse pass to write. */
static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  if (eqk_emit_begin (e, "rot6d"))
    {
      eqk_emit (e, "static void\nrot6d (const float *x, float *y, size_t rows)\n{\n  for (size_t r = 0; r < rows; r++, x += 6, y += 9)\n    {\n"
                   "      double na = 1e-16, nu = 1e-16, along = 0, u[3];\n\n"
                   "      for (int i = 0; i < 3; i++)\n        na += (double) x[i] * (double) x[i];\n      na = sqrt (na);\n"
                   "      for (int i = 0; i < 3; i++)\n        along += (double) x[i] / na * (double) x[3 + i];\n"
                   "      for (int i = 0; i < 3; i++)\n        {\n          u[i] = (double) x[3 + i] - along * (double) x[i] / na;\n          nu += u[i] * u[i];\n        }\n      nu = sqrt (nu);\n"
                   "      for (int i = 0; i < 3; i++)\n        {\n          y[i] = (float) ((double) x[i] / na);\n          y[3 + i] = (float) (u[i] / nu);\n        }\n"
                   "      for (int i = 0; i < 3; i++)\n        y[6 + i] = y[(i + 1) %% 3] * y[3 + (i + 2) %% 3] - y[(i + 2) %% 3] * y[3 + (i + 1) %% 3];\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  return emit_call (e, op, "rot6d");
}

static EqkStatus
emit_svd (EqkEmitter *e, const EqkOp *op)
{
  eqk_emit_eigen3 (e);
  if (eqk_emit_begin (e, "rot_svd"))
    {
      eqk_emit (e, "static void\nrot_svd (const float *x, float *y, size_t rows)\n{\n  for (size_t r = 0; r < rows; r++, x += 9, y += 9)\n    {\n"
                   "      double a[9], e[9], u[9], v[9], c = 0;\n      int order[3];\n\n"
                   "      for (int i = 0; i < 3; i++)\n        for (int k = 0; k < 3; k++)\n          a[3 * k + i] = (double) x[3 * i] * (double) x[3 * k] + (double) x[3 * i + 1] * (double) x[3 * k + 1] + (double) x[3 * i + 2] * (double) x[3 * k + 2];\n"
                   "      eigen3 (a, e);\n      order3 (a, order);\n"
                   "      for (int i = 0; i < 2; i++)\n        for (int k = 0; k < 3; k++)\n          v[3 * i + k] = e[3 * order[i] + k];\n      cross3 (v, v + 3, v + 6);\n"
                   "      for (int k = 0; k < 2; k++)\n        {\n          double n = 1e-16;\n\n          for (int i = 0; i < 3; i++)\n            u[3 * k + i] = (double) x[i] * v[3 * k] + (double) x[3 + i] * v[3 * k + 1] + (double) x[6 + i] * v[3 * k + 2];\n"
                   "          c = k == 0 ? 0 : u[0] * u[3] + u[1] * u[4] + u[2] * u[5];\n          for (int i = 0; i < 3; i++)\n            {\n              u[3 * k + i] -= k == 0 ? 0 : c * u[i];\n              n += u[3 * k + i] * u[3 * k + i];\n            }\n"
                   "          n = sqrt (n);\n          for (int i = 0; i < 3; i++)\n            u[3 * k + i] /= n;\n        }\n      cross3 (u, u + 3, u + 6);\n"
                   "      for (int k = 0; k < 3; k++)\n        for (int i = 0; i < 3; i++)\n          y[3 * k + i] = (float) (u[i] * v[k] + u[3 + i] * v[3 + k] + u[6 + i] * v[6 + k]);\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  return emit_call (e, op, "rot_svd");
}

/* Both jump where the arrows do not fix a rotation; in between they are smooth, but forces have no business behind a pose. */
const EqkOpType EQK_SYM (op_rot6d) = {
  .id = "rot6d", .smooth = EQK_SMOOTH_JUMPS, .flags = EQK_KEEP_IN0, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

const EqkOpType EQK_SYM (op_rot_svd) = {
  .id = "rot_svd", .smooth = EQK_SMOOTH_JUMPS, .flags = EQK_KEEP_IN0, .forward = svd_forward, .reverse = svd_reverse, .emit_c = emit_svd,
};

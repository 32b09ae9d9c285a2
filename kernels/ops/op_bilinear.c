/*
 * Products of two rows term by term. Everything is multilinear in x, y and the weights, so one loop does it all: the tangent is the sum of the
 * loops with one factor replaced by its tangent, and a gradient is the loop with one factor replaced by that of the result. Rows go through as many
 * at a time as a vector unit holds, turned so that the same number of all of them lies side by side.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/irreps.h"
#include "ops/pieces.h"
#include "ops/transpose.h"

#include <stdio.h>

enum { X, Y, W, C, LEAST_ROWS = 32 };

typedef struct
{
  const EqkBilinearParams *p;
  const eqk_real          *x, *y, *w, *c, *xd, *yd, *wd, *g, *g1;
  eqk_real                *z, *gx, *gy, *gw, *partial, *pack;
  size_t                   n_pack;
} Job;

/* ---- rows side by side ---- */

/* n numbers of up to EQK_LANES rows, number by number; rows that are not there are zero. `last`: no rows follow. out has room for SQUARE_ROUND (n). */
static void
turn_in (const eqk_real *rows, size_t n, size_t count, bool last, eqk_vec *out)
{
  if (count == (size_t) EQK_LANES && !(last && n % EQK_LANES != 0))
    {
      square_load (rows, (int) n, count, last, out);
      return;
    }
  for (size_t k = 0; k < n; k++)
    {
      eqk_vec v = { 0 };

      for (size_t r = 0; r < count; r++)
        v[r] = rows[r * n + k];
      out[k] = v;
    }
}

/* The way back; `in` is not the same afterwards. */
static void
turn_out (eqk_vec *in, size_t n, size_t count, bool last, eqk_real *rows)
{
  square_store (in, (int) n, rows, count, last);
}

/* Vectors that a thread keeps: the numbers of x, y, z and the weights, and in the reverse pass the gradients too. */
static size_t
pack_vectors (const EqkBilinearParams *p, bool back)
{
  const size_t n = SQUARE_ROUND ((size_t) p->n_x) + SQUARE_ROUND ((size_t) p->n_y) + SQUARE_ROUND ((size_t) (p->n_w > 0 ? p->n_w : 0));

  return (back ? 2 : 1) * n + SQUARE_ROUND ((size_t) p->n_z);
}

typedef struct { eqk_vec *x, *y, *w, *z, *gx, *gy, *gw; } Pack;

static Pack
pack_of (const Job *j, int lane, bool back)
{
  const EqkBilinearParams *p = j->p;
  Pack                     k = { .x = (eqk_vec *) (j->pack + (size_t) lane * j->n_pack) };

  k.y = k.x + SQUARE_ROUND (p->n_x);
  k.w = k.y + SQUARE_ROUND (p->n_y);
  k.z = k.w + SQUARE_ROUND (p->n_w > 0 ? p->n_w : 0);
  if (back)
    {
      k.gx = k.z + SQUARE_ROUND (p->n_z);
      k.gy = k.gx + SQUARE_ROUND (p->n_x);
      k.gw = k.gy + SQUARE_ROUND (p->n_y);
    }
  return k;
}

static void
load_pack (const Job *j, const Pack *k, size_t row, size_t count, bool last)
{
  const EqkBilinearParams *p = j->p;

  turn_in (j->x + row * (size_t) p->n_x, (size_t) p->n_x, count, last, k->x);
  turn_in (j->y + row * (size_t) p->n_y, (size_t) p->n_y, count, last, k->y);
  if (j->w != NULL && p->of_rows)
    turn_in (j->w + row * (size_t) p->n_w, (size_t) p->n_w, count, last, k->w);
  for (int i = 0; j->w != NULL && !p->of_rows && i < p->n_w; i++)
    k->w[i] = j->w[i] - (eqk_vec) { 0 };
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job               *j = data;
  const EqkBilinearParams *p = j->p;
  const Pack               k = pack_of (j, lane, false);

  for (size_t row = begin; row < end; row += EQK_LANES)
    {
      const size_t count = end - row < EQK_LANES ? end - row : EQK_LANES;
      const bool   last = row + EQK_LANES >= end;

      load_pack (j, &k, row, count, last);
      memset (k.z, 0, (size_t) p->n_z * sizeof *k.z);
      for (int e = 0; e < p->n_terms; e++)
        {
          const EqkBilinearTerm t = p->terms[e];
          const eqk_vec         xy = j->c[e] * k.x[t.x] * k.y[t.y];

          k.z[t.z] += j->w == NULL || t.w < 0 ? xy : k.w[t.w] * xy;
        }
      turn_out (k.z, (size_t) p->n_z, count, last, j->z + row * (size_t) p->n_z);
    }
}

static void
reverse_fast (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job               *j = data;
  const EqkBilinearParams *p = j->p;
  const Pack               k = pack_of (j, lane, true);
  eqk_real                *part = j->partial == NULL ? NULL : j->partial + chunk * (size_t) p->n_w;

  if (part != NULL)
    memset (part, 0, (size_t) p->n_w * sizeof *part);
  for (size_t row = begin; row < end; row += EQK_LANES)
    {
      const size_t count = end - row < EQK_LANES ? end - row : EQK_LANES;
      const bool   last = row + EQK_LANES >= end;

      load_pack (j, &k, row, count, last);
      turn_in (j->g + row * (size_t) p->n_z, (size_t) p->n_z, count, last, k.z);
      memset (k.gx, 0, (pack_vectors (p, true) - (size_t) (k.gx - k.x)) * sizeof *k.gx);
      for (int e = 0; e < p->n_terms; e++)
        {
          const EqkBilinearTerm t = p->terms[e];
          const eqk_vec         cg = j->c[e] * k.z[t.z];

          if (j->w == NULL || t.w < 0)
            {
              k.gx[t.x] += cg * k.y[t.y];
              k.gy[t.y] += cg * k.x[t.x];
              continue;
            }
          k.gx[t.x] += cg * k.w[t.w] * k.y[t.y];
          k.gy[t.y] += cg * k.w[t.w] * k.x[t.x];
          k.gw[t.w] += cg * k.x[t.x] * k.y[t.y];
        }
      if (j->gx != NULL)
        turn_out (k.gx, (size_t) p->n_x, count, last, j->gx + row * (size_t) p->n_x);
      if (j->gy != NULL)
        turn_out (k.gy, (size_t) p->n_y, count, last, j->gy + row * (size_t) p->n_y);
      for (int i = 0; part != NULL && i < p->n_w; i++)
        for (size_t r = 0; r < count; r++)
          part[i] += k.gw[i][r];
      if (j->gw != NULL && part == NULL)
        turn_out (k.gw, (size_t) p->n_w, count, last, j->gw + row * (size_t) p->n_w);
    }
}

/* ---- row by row: tangents and what comes of them ---- */

static inline const eqk_real *
weights_of (const Job *j, const eqk_real *w, size_t r)
{
  return w == NULL || !j->p->of_rows ? w : w + r * (size_t) j->p->n_w;
}

static void
add_terms (const EqkBilinearParams *p, const eqk_real *c, const eqk_real *x, const eqk_real *y, const eqk_real *w, bool has_w, eqk_real *z)
{
  if (x == NULL || y == NULL || (has_w && w == NULL))
    return;
  for (int e = 0; e < p->n_terms; e++)
    {
      const EqkBilinearTerm t = p->terms[e];

      z[t.z] += c[e] * (has_w && t.w >= 0 ? w[t.w] : 1) * x[t.x] * y[t.y];
    }
}

/* The tangent by weights leaves out the terms that have none. */
static void
add_weight_terms (const EqkBilinearParams *p, const eqk_real *c, const eqk_real *x, const eqk_real *y, const eqk_real *wd, eqk_real *z)
{
  for (int e = 0; wd != NULL && e < p->n_terms; e++)
    if (p->terms[e].w >= 0)
      z[p->terms[e].z] += c[e] * wd[p->terms[e].w] * x[p->terms[e].x] * y[p->terms[e].y];
}

static void
tangent_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job               *j = data;
  const EqkBilinearParams *p = j->p;

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *x = j->x + r * (size_t) p->n_x, *y = j->y + r * (size_t) p->n_y, *w = weights_of (j, j->w, r);
      eqk_real       *z = j->z + r * (size_t) p->n_z;

      memset (z, 0, (size_t) p->n_z * sizeof *z);
      add_terms (p, j->c, j->xd == NULL ? NULL : j->xd + r * (size_t) p->n_x, y, w, j->w != NULL, z);
      add_terms (p, j->c, x, j->yd == NULL ? NULL : j->yd + r * (size_t) p->n_y, w, j->w != NULL, z);
      add_weight_terms (p, j->c, x, y, j->wd == NULL ? NULL : j->wd + r * (size_t) p->n_w, z);
    }
}

/* What a term gives to the gradients of its factors, for these values of them; each may be wanted or not. */
static void
pull_back (const Job *j, const eqk_real *x, const eqk_real *y, const eqk_real *w, const eqk_real *g, bool with_w, eqk_real *gx, eqk_real *gy, eqk_real *gw)
{
  const EqkBilinearParams *p = j->p;

  for (int e = 0; e < p->n_terms; e++)
    {
      const EqkBilinearTerm t = p->terms[e];
      const eqk_real        cg = j->c[e] * g[t.z], wt = j->w == NULL || t.w < 0 ? (with_w ? 0 : 1) : w[t.w];

      if (gx != NULL)
        gx[t.x] += cg * wt * y[t.y];
      if (gy != NULL)
        gy[t.y] += cg * wt * x[t.x];
      if (gw != NULL && t.w >= 0)
        gw[t.w] += cg * x[t.x] * y[t.y];
    }
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job               *j = data;
  const EqkBilinearParams *p = j->p;
  eqk_real                *part = j->partial == NULL ? NULL : j->partial + chunk * (size_t) p->n_w;

  if (part != NULL)
    memset (part, 0, (size_t) p->n_w * sizeof *part);
  for (size_t r = begin; r < end; r++)
    {
      const size_t    at_x = r * (size_t) p->n_x, at_y = r * (size_t) p->n_y, at_z = r * (size_t) p->n_z;
      const eqk_real *w = weights_of (j, j->w, r), *g1 = j->g1 == NULL ? NULL : j->g1 + at_z;
      const eqk_real *xd = j->xd == NULL ? NULL : j->xd + at_x, *yd = j->yd == NULL ? NULL : j->yd + at_y;
      eqk_real       *gx = j->gx == NULL ? NULL : j->gx + at_x, *gy = j->gy == NULL ? NULL : j->gy + at_y;
      eqk_real       *gw = part != NULL ? part : j->gw == NULL ? NULL : j->gw + r * (size_t) p->n_w;

      if (gx != NULL)
        memset (gx, 0, (size_t) p->n_x * sizeof *gx);
      if (gy != NULL)
        memset (gy, 0, (size_t) p->n_y * sizeof *gy);
      if (gw != NULL && part == NULL)
        memset (gw, 0, (size_t) p->n_w * sizeof *gw);
      pull_back (j, j->x + at_x, j->y + at_y, w, j->g + at_z, false, gx, gy, gw);
      if (g1 != NULL && xd != NULL)
        pull_back (j, xd, j->y + at_y, w, g1, false, NULL, gy, gw);
      if (g1 != NULL && yd != NULL)
        pull_back (j, j->x + at_x, yd, w, g1, false, gx, NULL, gw);
      if (g1 != NULL && j->wd != NULL)
        pull_back (j, j->x + at_x, j->y + at_y, j->wd + r * (size_t) p->n_w, g1, true, gx, gy, NULL);
    }
}

/* Numbers of a thread's vectors, so that the next one's are aligned too. */
static size_t
pack_numbers (const EqkBilinearParams *p, bool back)
{
  return (pack_vectors (p, back) * EQK_LANES + 63) / 64 * 64;
}

static Job
job_of (EqkRun *run, const EqkOp *op, bool back)
{
  return (Job) { .pack = run->scratch, .n_pack = pack_numbers (op->params, back), .p = op->params, .x = EQK_X (run, op->in[X]), .y = EQK_X (run, op->in[Y]), .w = op->in[W] < 0 ? NULL : EQK_X (run, op->in[W]), .c = EQK_X (run, op->in[C]) };
}

static void
add_tangents (EqkRun *run, const EqkOp *op, Job *job)
{
  job->xd = EQK_XD (run, op->in[X]);
  job->yd = EQK_XD (run, op->in[Y]);
  job->wd = op->in[W] >= 0 && job->p->of_rows ? EQK_XD (run, op->in[W]) : NULL;
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op, false);

  job.z = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, LEAST_ROWS), forward_rows, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op, false);

  add_tangents (run, op, &job);
  job.z = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, LEAST_ROWS), tangent_rows, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  const EqkBilinearParams *p = op->params;
  const size_t             rows = eqk_run_rows (run, op->out[0]);
  Job                      job = job_of (run, op, true);

  job.g = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, X);
  job.gy = EQK_GIN (run, op, Y);
  job.gw = op->in[W] < 0 ? NULL : EQK_GIN (run, op, W);
  job.partial = job.gw != NULL && !p->of_rows ? job.pack + job.n_pack * (size_t) eqk_pool_n_threads (run->pool) : NULL;
  if (second)
    {
      add_tangents (run, op, &job);
      job.g1 = job.xd == NULL && job.yd == NULL && job.wd == NULL ? NULL : EQK_G1OUT (run, op, 0);
    }
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, LEAST_ROWS), job.g1 == NULL ? reverse_fast : reverse_rows, &job);
  if (job.partial != NULL)
    EQK_SUM_PIECES (job.partial, rows, LEAST_ROWS, (size_t) p->n_w, job.gw, (size_t) p->n_w);
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

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkBilinearParams *p = op->params;

  plan->macs = 2.0 * (double) eqk_value_rows (program, op->out[0], sizes) * p->n_terms;
  if (plan->export_plan)
    return EQK_OK;
  plan->scratch = (size_t) plan->n_threads * pack_numbers (p, false) * sizeof (eqk_real);
  plan->scratch_reverse = ((size_t) plan->n_threads * pack_numbers (p, true) + (p->of_rows ? 0 : EQK_MAX_PIECES * (size_t) p->n_w)) * sizeof (eqk_real);
  return EQK_OK;
}

/* ---- C ---- */

#define HEAD "  for (size_t r = 0; r < rows; r++, x += n_x, y += n_y, w = w == NULL ? NULL : w + n_w, %s += n_z)\n    for (int e = 0; e < n_terms; e++)\n      {\n" \
             "        const int32_t *t = terms + 4 * e;\n        const float m = c[e] * (w == NULL || t[3] < 0 ? 1.0f : w[t[3]]);\n\n"

static void
emit_functions (EqkEmitter *e, bool back)
{
  if (!back && eqk_emit_begin (e, "bilinear"))
    {
      eqk_emit (e, "/* A term is (number of x, of y, of z, of the weight or -1). n_w is 0 where all rows share the weights. */\nstatic void\n"
                   "bilinear (const float *x, const float *y, const float *w, const float *c, float *z, size_t rows, size_t n_x, size_t n_y, size_t n_z, size_t n_w,\n"
                   "          const int32_t *terms, int n_terms)\n{\n  for (size_t i = 0; i < rows * n_z; i++)\n    z[i] = 0.0f;\n" HEAD
                   "        z[t[2]] += m * x[t[0]] * y[t[1]];\n      }\n}\n\n", "z");
      eqk_emit_end (e);
    }
  if (back && eqk_emit_begin (e, "bilinear_reverse"))
    {
      eqk_emit (e, "static void\nbilinear_reverse (const float *x, const float *y, const float *w, const float *c, const float *g, float *gx, float *gy, float *gw, size_t rows, size_t n_x, size_t n_y,\n"
                   "                  size_t n_z, size_t n_w, const int32_t *terms, int n_terms)\n{\n  size_t row = 0;\n\n"
                   "  for (size_t i = 0; gx != NULL && i < rows * n_x; i++)\n    gx[i] = 0.0f;\n  for (size_t i = 0; gy != NULL && i < rows * n_y; i++)\n    gy[i] = 0.0f;\n"
                   "  for (size_t i = 0; gw != NULL && i < rows * n_w; i++)\n    gw[i] = 0.0f;\n"
                   "  for (; row < rows; row++, x += n_x, y += n_y, w = w == NULL ? NULL : w + n_w, g += n_z)\n    for (int e = 0; e < n_terms; e++)\n      {\n"
                   "        const int32_t *t = terms + 4 * e;\n        const float m = c[e] * (w == NULL || t[3] < 0 ? 1.0f : w[t[3]]) * g[t[2]];\n\n"
                   "        if (gx != NULL)\n          gx[row * n_x + (size_t) t[0]] += m * y[t[1]];\n        if (gy != NULL)\n          gy[row * n_y + (size_t) t[1]] += m * x[t[0]];\n"
                   "        if (gw != NULL && t[3] >= 0)\n          gw[row * n_w + (size_t) t[3]] += c[e] * g[t[2]] * x[t[0]] * y[t[1]];\n      }\n}\n\n");
      eqk_emit_end (e);
    }
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkBilinearParams *p = op->params;
  const bool               back = eqk_emit_reverse (e);
  const char              *terms;

  emit_functions (e, back);
  terms = eqk_emit_table_i (e, "bilinear_terms", (const int32_t *) p->terms, 4 * (size_t) p->n_terms);
  eqk_emit (e, "  bilinear%s (%s, ", back ? "_reverse" : "", eqk_emit_value (e, op->in[X]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[Y]));
  eqk_emit (e, "%s, ", op->in[W] < 0 ? "NULL" : eqk_emit_value (e, op->in[W]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[C]));
  if (back)
    {
      eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
      for (int k = X; k <= Y; k++)
        eqk_emit (e, "%s, ", eqk_emit_gin (e, op, k) == NULL ? "NULL" : eqk_emit_gin (e, op, k));
      eqk_emit (e, "%s, ", op->in[W] < 0 || !p->of_rows || eqk_emit_gin (e, op, W) == NULL ? "NULL" : eqk_emit_gin (e, op, W));
    }
  else
    eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d, %d, %d, ", eqk_emit_rows (e, op->out[0]), p->n_x, p->n_y, p->n_z, p->of_rows ? p->n_w : 0);
  eqk_emit (e, "%s, %d);\n", terms, p->n_terms);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_bilinear) = {
  .id = "bilinear", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_KEEP_IN2,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

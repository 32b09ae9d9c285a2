/*
 * Real spherical harmonics of vectors, one vector register of rows at a time. One sparse table does everything: derivatives
 * of solid harmonics are solid harmonics of one degree less, and by Euler's theorem the same table builds a degree from the
 * one below it, l Y_l = sum over k of r_k dY_l/dr_k. Second derivatives along a tangent are first ones of the tangent.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "eqk/space.h"
#include "ops/irreps.h"

#include <math.h>
#include <string.h>

enum { MAX_HARMONICS = (EQK_MAX_DEGREE + 1) * (EQK_MAX_DEGREE + 1) };

static const double tiny = 1e-9;

typedef struct
{
  const EqkHarmonicsParams *p;
  size_t                    n;       /* numbers a row of y */
  const eqk_real           *c, *r, *rd, *g, *g1;
  eqk_real                 *out;
} Job;

/* A register of rows: direction, its tangent, one over the length (0 at the origin). */
typedef struct { eqk_vec u[3], ud[3], inv, along; } Rows;

static inline size_t
row_of (size_t begin, size_t lane, size_t end)
{
  return begin + lane < end ? begin + lane : end - 1;
}

static void
load_rows (const Job *j, size_t begin, size_t end, Rows *rows)
{
  for (size_t lane = 0; lane < (size_t) EQK_LANES; lane++)
    {
      const size_t    row = 3 * row_of (begin, lane, end);
      const eqk_real *r = j->r + row;
      const double    length = sqrt ((double) r[0] * r[0] + (double) r[1] * r[1] + (double) r[2] * r[2]);
      const eqk_real  inv = !j->p->normalise ? 1 : length < tiny ? 0 : (eqk_real) (1 / length);
      eqk_real        along = 0;

      for (int k = 0; k < 3; k++)
        rows->u[k][lane] = inv * r[k];
      for (int k = 0; k < 3 && j->rd != NULL; k++)
        along += rows->u[k][lane] * j->rd[row + (size_t) k];
      for (int k = 0; k < 3; k++)
        rows->ud[k][lane] = j->rd == NULL ? 0 : !j->p->normalise ? j->rd[row + (size_t) k] : inv * (j->rd[row + (size_t) k] - along * rows->u[k][lane]);
      rows->inv[lane] = inv;
      rows->along[lane] = along;
    }
}

/* Y and, with yd, its tangent along ud. */
static void
climb (const Job *j, const Rows *rows, eqk_vec *y, eqk_vec *yd)
{
  const EqkHarmonicsParams *p = j->p;

  memset (y, 0, j->n * sizeof *y);
  y[0] += (eqk_real) 1;
  if (yd != NULL)
    memset (yd, 0, j->n * sizeof *yd);
  for (int l = 1; l <= p->lmax; l++)
    {
      const eqk_vec *lower = y + (l - 1) * (l - 1);
      eqk_vec       *own = y + l * l, *own_d = yd == NULL ? NULL : yd + l * l;

      for (int32_t e = p->first[l]; e < p->first[l + 1]; e++)
        {
          const EqkLadderEntry t = p->entries[e];
          const eqk_real       c = j->c[e] / (eqk_real) l;

          own[t.upper] += c * rows->u[t.axis] * lower[t.lower];
          if (yd != NULL)   /* the derivative itself: no Euler factor */
            own_d[t.upper] += j->c[e] * rows->ud[t.axis] * lower[t.lower];
        }
    }
}

static void
store (const Job *j, const eqk_vec *y, size_t begin, size_t end)
{
  for (size_t lane = 0; lane < (size_t) EQK_LANES && begin + lane < end; lane++)
    for (size_t i = 0; i < j->n; i++)
      j->out[(begin + lane) * j->n + i] = y[i][lane];
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  eqk_vec    y[MAX_HARMONICS];
  Rows       rows;

  for (size_t at = begin; at < end; at += (size_t) EQK_LANES)
    {
      load_rows (j, at, end, &rows);
      climb (j, &rows, y, NULL);
      store (j, y, at, end);
    }
}

static void
tangent_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  eqk_vec    y[MAX_HARMONICS], yd[MAX_HARMONICS];
  Rows       rows;

  for (size_t at = begin; at < end; at += (size_t) EQK_LANES)
    {
      load_rows (j, at, end, &rows);
      climb (j, &rows, y, yd);
      store (j, yd, at, end);
    }
}

/* out_k += sum over entries of c g_lm y_(l-1)m' */
static void
descend (const Job *j, const eqk_real *g, size_t begin, size_t end, const eqk_vec *y, eqk_vec out[3])
{
  const EqkHarmonicsParams *p = j->p;

  for (int l = 1; l <= p->lmax; l++)
    for (int m = 0; m < 2 * l + 1; m++)
      {
        eqk_vec adjoint;

        for (size_t lane = 0; lane < (size_t) EQK_LANES; lane++)
          adjoint[lane] = g[row_of (begin, lane, end) * j->n + (size_t) (l * l + m)];
        for (int32_t e = p->first[l]; e < p->first[l + 1]; e++)
          if (p->entries[e].upper == m)
            out[p->entries[e].axis] += j->c[e] * adjoint * y[(l - 1) * (l - 1) + p->entries[e].lower];
      }
}

/*
 * Gradient P q / |r| with q = J^T g at the direction u and P = 1 - u u^T; of the second kind also its derivative along the
 * tangent with g1 in the place of g.
 */
static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane_number)
{
  const Job *j = data;
  eqk_vec    y[MAX_HARMONICS], yd[MAX_HARMONICS];
  Rows       rows;

  for (size_t at = begin; at < end; at += (size_t) EQK_LANES)
    {
      eqk_vec q[3] = { { 0 }, { 0 }, { 0 } }, first[3] = { { 0 }, { 0 }, { 0 } }, along = { 0 }, along1 = { 0 }, along1d = { 0 };

      load_rows (j, at, end, &rows);
      climb (j, &rows, y, j->g1 != NULL ? yd : NULL);
      descend (j, j->g, at, end, y, q);
      if (j->g1 != NULL)
        {
          descend (j, j->g1, at, end, yd, q);
          descend (j, j->g1, at, end, y, first);
        }
      if (j->p->normalise)
        {
          for (int k = 0; k < 3; k++)
            {
              along += rows.u[k] * q[k];
              along1 += rows.u[k] * first[k];
              along1d += rows.ud[k] * first[k];
            }
          for (int k = 0; k < 3; k++)
            {
              q[k] = rows.inv * (q[k] - along * rows.u[k]);
              if (j->g1 != NULL)
                q[k] -= rows.inv * (along1d * rows.u[k] + along1 * rows.ud[k] + rows.inv * rows.along * (first[k] - along1 * rows.u[k]));
            }
        }
      for (size_t lane = 0; lane < (size_t) EQK_LANES && at + lane < end; lane++)
        for (size_t k = 0; k < 3; k++)
          j->out[3 * (at + lane) + k] = q[k][lane];
    }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkHarmonicsParams *p = op->params;

  return (Job) { .p = p, .n = (size_t) (p->lmax + 1) * (size_t) (p->lmax + 1), .r = EQK_X (run, op->in[0]), .c = EQK_X (run, op->in[1]) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.out = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, forward_rows, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.rd = EQK_XD (run, op->in[0]);
  job.out = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, tangent_rows, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.out = EQK_GIN (run, op, 0);
  if (second)
    {
      job.rd = EQK_XD (run, op->in[0]);
      job.g1 = job.rd == NULL ? NULL : EQK_G1OUT (run, op, 0);
    }
  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, reverse_rows, &job);
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
  const EqkHarmonicsParams *p = op->params;

  plan->macs = 2.0 * (double) eqk_value_rows (program, op->out[0], sizes) * p->first[p->lmax + 1];
  return EQK_OK;
}

/* ---- C ---- */

static void
emit_functions (EqkEmitter *e)
{
  if (eqk_emit_begin (e, "harmonics_row"))
    {
      eqk_emit (e, "/* Harmonics of the direction of r, degree by degree; t holds (component below, axis, component) for each c. */\n"
                   "static float\nharmonics_row (const float *r, const float *c, const int32_t *first, const int32_t *t, int lmax, int normalise, float u[3], float *y)\n{\n"
                   "  const float length = sqrtf (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);\n"
                   "  const float inv = !normalise ? 1.0f : length < 1e-9f ? 0.0f : 1.0f / length;\n\n"
                   "  for (int k = 0; k < 3; k++)\n    u[k] = inv * r[k];\n  y[0] = 1.0f;\n"
                   "  for (int l = 1; l <= lmax; l++)\n    {\n"
                   "      for (int m = 0; m < 2 * l + 1; m++)\n        y[l * l + m] = 0.0f;\n"
                   "      for (int32_t i = first[l]; i < first[l + 1]; i++)\n"
                   "        y[l * l + t[3 * i + 2]] += c[i] / (float) l * u[t[3 * i + 1]] * y[(l - 1) * (l - 1) + t[3 * i]];\n    }\n  return inv;\n}\n\n");
      eqk_emit_end (e);
    }
  if (!eqk_emit_reverse (e) && eqk_emit_begin (e, "harmonics"))
    {
      eqk_emit (e, "static void\nharmonics (const float *r, const float *c, const int32_t *first, const int32_t *t, float *y, size_t rows, int lmax, int normalise)\n{\n"
                   "  const size_t n = (size_t) (lmax + 1) * (size_t) (lmax + 1);\n\n"
                   "  for (size_t row = 0; row < rows; row++)\n    {\n      float u[3];\n\n"
                   "      harmonics_row (r + 3 * row, c, first, t, lmax, normalise, u, y + row * n);\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  if (eqk_emit_reverse (e) && eqk_emit_begin (e, "harmonics_reverse"))
    {
      eqk_emit (e, "static void\nharmonics_reverse (const float *r, const float *c, const int32_t *first, const int32_t *t, const float *gy, float *gr, size_t rows, int lmax, int normalise)\n{\n"
                   "  const size_t n = (size_t) (lmax + 1) * (size_t) (lmax + 1);\n\n"
                   "  for (size_t row = 0; row < rows; row++)\n    {\n      float u[3], q[3] = { 0.0f, 0.0f, 0.0f }, y[%d], along;\n"
                   "      const float inv = harmonics_row (r + 3 * row, c, first, t, lmax, normalise, u, y);\n\n"
                   "      for (int l = 1; l <= lmax; l++)\n        for (int32_t i = first[l]; i < first[l + 1]; i++)\n"
                   "          q[t[3 * i + 1]] += c[i] * gy[row * n + (size_t) (l * l + t[3 * i + 2])] * y[(l - 1) * (l - 1) + t[3 * i]];\n"
                   "      along = normalise ? u[0] * q[0] + u[1] * q[1] + u[2] * q[2] : 0.0f;\n"
                   "      for (size_t k = 0; k < 3; k++)\n        gr[3 * row + k] = inv * (q[k] - along * u[k]);\n    }\n}\n\n", MAX_HARMONICS);
      eqk_emit_end (e);
    }
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkHarmonicsParams *p = op->params;
  const bool                back = eqk_emit_reverse (e);
  const size_t              n = (size_t) p->first[p->lmax + 1];
  int32_t                   triples[3 * 4096];

  if (3 * n > sizeof triples / sizeof triples[0])
    return EQK_ERR_LIMIT;
  for (size_t i = 0; i < n; i++)
    {
      triples[3 * i] = p->entries[i].lower;
      triples[3 * i + 1] = p->entries[i].axis;
      triples[3 * i + 2] = p->entries[i].upper;
    }
  emit_functions (e);
  eqk_emit (e, "  %s (%s, ", back ? "harmonics_reverse" : "harmonics", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", eqk_emit_table_i (e, "harmonics_first", p->first, (size_t) p->lmax + 2));
  eqk_emit (e, "%s, ", eqk_emit_table_i (e, "harmonics_ladder", triples, 3 * n));
  if (back)
    eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
  eqk_emit (e, "%s, ", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->lmax, p->normalise);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_harmonics) = {
  .id = "harmonics", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

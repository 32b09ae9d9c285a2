/*
 * Real spherical harmonics of vectors, one vector register of rows at a time. One sparse table does everything: derivatives
 * of solid harmonics are solid harmonics of one degree less, and by Euler's theorem the same table builds a degree from the
 * one below it, l Y_l = sum over k of r_k dY_l/dr_k. Second derivatives along a tangent are first ones of the tangent.
 * Degrees to 3, which nearly every network stops at, are polynomials written out instead of the table (low-harmonics.h).
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "eqk/space.h"
#include "ops/irreps.h"
#include "ops/low-harmonics.h"
#include "ops/transpose.h"
#include "ops/turn.h"

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

/* One over the length of a register of rows; the origin has no direction. */
static inline eqk_vec
inverse_length (const eqk_vec r[3])
{
  const eqk_vec square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2], least = { 0 };
  eqk_real      lanes[EQK_LANES];
  eqk_vec       length, none;

  memcpy (lanes, &square, sizeof lanes);
  for (int lane = 0; lane < EQK_LANES; lane++)
    lanes[lane] = (eqk_real) (sizeof (eqk_real) == sizeof (float) ? sqrtf ((float) lanes[lane]) : sqrt (lanes[lane]));
  length = *(const eqk_vecu *) lanes;
  none = -__builtin_convertvector (length < least + (eqk_real) tiny, eqk_vec);   /* 1 where there is no length, else 0 */
  return (1 - none) / (length + none);
}

static inline size_t
rows_from (size_t at, size_t end)
{
  return end - at < (size_t) EQK_LANES ? end - at : (size_t) EQK_LANES;
}

/* Rows beyond the end are like the last. */
static inline void
load_arrows (const eqk_real *r, size_t at, size_t end, eqk_vec out[3])
{
  eqk_real     lanes[3 * EQK_LANES];
  const size_t rows = rows_from (at, end);

  if (rows == (size_t) EQK_LANES)
    turn_to_components (r + 3 * at, lanes, EQK_LANES, 3);
  else
    for (size_t i = 0; i < 3 * (size_t) EQK_LANES; i++)
      lanes[i] = r[3 * (at + (i % EQK_LANES < rows ? i % EQK_LANES : rows - 1)) + i / EQK_LANES];
  for (int k = 0; k < 3; k++)
    out[k] = *(const eqk_vecu *) (lanes + k * EQK_LANES);
}

static inline void
store_arrows (const Job *j, const eqk_vec q[3], size_t at, size_t end)
{
  eqk_real     lanes[3 * EQK_LANES];
  const size_t rows = rows_from (at, end);

  for (int k = 0; k < 3; k++)
    *(eqk_vecu *) (lanes + k * EQK_LANES) = q[k];
  if (rows == (size_t) EQK_LANES)
    turn_to_copies (lanes, j->out + 3 * at, EQK_LANES, 3);
  else
    for (size_t i = 0; i < 3 * rows; i++)
      j->out[3 * at + i] = lanes[i % 3 * (size_t) EQK_LANES + i / 3];
}

static inline void
load_rows (const Job *j, size_t begin, size_t end, Rows *rows)
{
  const eqk_vec none = { 0 };

  load_arrows (j->r, begin, end, rows->u);
  rows->inv = j->p->normalise ? inverse_length (rows->u) : none + 1;
  rows->along = none;
  for (int k = 0; k < 3; k++)
    {
      rows->u[k] *= rows->inv;
      rows->ud[k] = none;
    }
  if (j->rd == NULL)
    return;
  load_arrows (j->rd, begin, end, rows->ud);
  for (int k = 0; k < 3; k++)
    rows->along += rows->u[k] * rows->ud[k];
  for (int k = 0; k < 3 && j->p->normalise; k++)
    rows->ud[k] = rows->inv * (rows->ud[k] - rows->along * rows->u[k]);
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

/* The group of rows at `at` of out; numbers beyond n are whatever they are. */
static void
store (const Job *j, eqk_vec *y, size_t at, size_t end)
{
  square_store (y, (int) j->n, j->out + at * j->n, rows_from (at, end), at + (size_t) EQK_LANES >= end);
}

/* Degrees to LMAX, known to the compiler. */
LOW_INLINE void
forward_low (const Job *j, size_t begin, size_t end, const int LMAX)
{
  for (size_t at = begin; at < end; at += (size_t) EQK_LANES)
    {
      eqk_vec y[SQUARE_ROUND ((LOW_DEGREE + 1) * (LOW_DEGREE + 1))] = { { 0 } };
      Rows    rows;

      load_rows (j, at, end, &rows);
      low_harmonics (LMAX, rows.u, y);
      square_store (y, (LMAX + 1) * (LMAX + 1), j->out + at * j->n, rows_from (at, end), at + (size_t) EQK_LANES >= end);
    }
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  eqk_vec    y[SQUARE_ROUND (MAX_HARMONICS)] = { { 0 } };
  Rows       rows;

  if (j->p->lmax == 1)
    forward_low (j, begin, end, 1);
  else if (j->p->lmax == 2)
    forward_low (j, begin, end, 2);
  else if (j->p->lmax == 3)
    forward_low (j, begin, end, 3);
  else
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
  eqk_vec    y[MAX_HARMONICS], yd[SQUARE_ROUND (MAX_HARMONICS)] = { { 0 } };
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
descend (const Job *j, const eqk_real *g, size_t at, size_t end, const eqk_vec *y, eqk_vec out[3])
{
  const EqkHarmonicsParams *p = j->p;
  eqk_vec                   adjoint[SQUARE_ROUND (MAX_HARMONICS)];

  square_load (g + at * j->n, (int) j->n, rows_from (at, end), at + (size_t) EQK_LANES >= end, adjoint);
  for (int l = 1; l <= p->lmax; l++)
    for (int32_t e = p->first[l]; e < p->first[l + 1]; e++)
      out[p->entries[e].axis] += j->c[e] * adjoint[l * l + p->entries[e].upper] * y[(l - 1) * (l - 1) + p->entries[e].lower];
}

/* Across the direction, over the length: how the direction follows the arrow. */
static inline void
store_gradient (const Job *j, const Rows *rows, eqk_vec q[3], size_t at, size_t end)
{
  const eqk_vec along = rows->u[0] * q[0] + rows->u[1] * q[1] + rows->u[2] * q[2];

  for (int k = 0; k < 3 && j->p->normalise; k++)
    q[k] = rows->inv * (q[k] - along * rows->u[k]);
  store_arrows (j, q, at, end);
}

LOW_INLINE void
reverse_low (const Job *j, size_t begin, size_t end, const int LMAX)
{
  for (size_t at = begin; at < end; at += (size_t) EQK_LANES)
    {
      eqk_vec g[SQUARE_ROUND ((LOW_DEGREE + 1) * (LOW_DEGREE + 1))], q[3];
      Rows    rows;

      load_rows (j, at, end, &rows);
      square_load (j->g + at * j->n, (LMAX + 1) * (LMAX + 1), rows_from (at, end), at + (size_t) EQK_LANES >= end, g);
      low_harmonics_reverse (LMAX, rows.u, g, q);
      store_gradient (j, &rows, q, at, end);
    }
}

/*
 * Gradient P q / |r| with q = J^T g at the direction u and P = 1 - u u^T; of the second kind also its derivative along the
 * tangent with g1 in the place of g.
 */
static void
reverse_second (const Job *j, size_t begin, size_t end)
{
  eqk_vec y[MAX_HARMONICS], yd[MAX_HARMONICS];
  Rows    rows;

  for (size_t at = begin; at < end; at += (size_t) EQK_LANES)
    {
      eqk_vec q[3] = { { 0 }, { 0 }, { 0 } }, first[3] = { { 0 }, { 0 }, { 0 } }, along1 = { 0 }, along1d = { 0 }, along;

      load_rows (j, at, end, &rows);
      climb (j, &rows, y, yd);
      descend (j, j->g, at, end, y, q);
      descend (j, j->g1, at, end, yd, q);
      descend (j, j->g1, at, end, y, first);
      for (int k = 0; k < 3; k++)
        {
          along1 += rows.u[k] * first[k];
          along1d += rows.ud[k] * first[k];
        }
      along = rows.u[0] * q[0] + rows.u[1] * q[1] + rows.u[2] * q[2];
      for (int k = 0; k < 3 && j->p->normalise; k++)
        {
          q[k] = rows.inv * (q[k] - along * rows.u[k]);
          q[k] -= rows.inv * (along1d * rows.u[k] + along1 * rows.ud[k] + rows.inv * rows.along * (first[k] - along1 * rows.u[k]));
        }
      store_arrows (j, q, at, end);
    }
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane_number)
{
  const Job *j = data;
  eqk_vec    y[MAX_HARMONICS];
  Rows       rows;

  if (j->g1 != NULL)
    reverse_second (j, begin, end);
  else if (j->p->lmax == 1)
    reverse_low (j, begin, end, 1);
  else if (j->p->lmax == 2)
    reverse_low (j, begin, end, 2);
  else if (j->p->lmax == 3)
    reverse_low (j, begin, end, 3);
  else
    for (size_t at = begin; at < end; at += (size_t) EQK_LANES)
      {
        eqk_vec q[3] = { { 0 }, { 0 }, { 0 } };

        load_rows (j, at, end, &rows);
        climb (j, &rows, y, NULL);
        descend (j, j->g, at, end, y, q);
        store_gradient (j, &rows, q, at, end);
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

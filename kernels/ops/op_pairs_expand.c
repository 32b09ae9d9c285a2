/*
 * The maps between orders 1 and 2 that permutations of nodes pass through (Maron et al. 2019), side by side as channels; a linear map of the
 * channels then gives every such layer. With r_i = Σ_j A_ij / n, c_j = Σ_i A_ij / n, d_i = A_ii, s = ΣA / n², t = Σd / n.
 */

#include "core/real.h"

#include "ops/segments.h"

#include <stdlib.h>
#include <string.h>

enum { R, C, D, VECTORS, S = 0, T, NUMBERS };

typedef struct
{
  const int32_t  *offset;
  const size_t   *pairs;
  EqkPairsKind    kind;
  size_t          c, room;
  const eqk_real *x;
  eqk_real       *y, *scratch;    /* a thread: r, c, d of all nodes of a sample, then s, t */
} Job;

static eqk_real *
vector (const Job *j, eqk_real *memory, int which, size_t i)
{
  return memory + ((size_t) which * j->room + i) * j->c;
}

static eqk_real *
number (const Job *j, eqk_real *memory, int which)
{
  return memory + ((size_t) VECTORS * j->room + (size_t) which) * j->c;
}

static void
clear (const Job *j, size_t n, eqk_real *memory)
{
  for (int which = R; which < VECTORS; which++)
    memset (vector (j, memory, which, 0), 0, n * j->c * sizeof *memory);
  memset (number (j, memory, S), 0, NUMBERS * j->c * sizeof *memory);
}

/* r, c, d, s, t of one sample of pairs. */
static void
sums_of (const Job *j, const eqk_real *a, size_t n, eqk_real *memory)
{
  const eqk_real over = n > 0 ? (eqk_real) 1 / (eqk_real) n : 0;

  clear (j, n, memory);
  for (size_t i = 0; i < n; i++)
    for (size_t q = 0; q < n; q++)
      for (size_t k = 0; k < j->c; k++)
        {
          const eqk_real value = over * a[(i * n + q) * j->c + k];

          vector (j, memory, R, i)[k] += value;
          vector (j, memory, C, q)[k] += value;
        }
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < j->c; k++)
      {
        vector (j, memory, D, i)[k] = a[(i * n + i) * j->c + k];
        number (j, memory, S)[k] += over * vector (j, memory, R, i)[k];
        number (j, memory, T)[k] += over * a[(i * n + i) * j->c + k];
      }
}

/* The fifteen numbers of pair (i, q) for channel k. */
static void
pairs_row (const Job *j, const eqk_real *a, size_t n, eqk_real *m, size_t i, size_t q, eqk_real *y)
{
  const size_t   c = j->c;
  const eqk_real same = i == q;

  for (size_t k = 0; k < c; k++)
    {
      const eqk_real ri = vector (j, m, R, i)[k], ci = vector (j, m, C, i)[k], di = vector (j, m, D, i)[k], s = number (j, m, S)[k], t = number (j, m, T)[k];
      const eqk_real of[15] = { a[(i * n + q) * c + k], a[(q * n + i) * c + k], same * di, ri, vector (j, m, R, q)[k], same * ri, ci, vector (j, m, C, q)[k],
                                same * ci, s, same * s, t, same * t, di, vector (j, m, D, q)[k] };

      for (size_t b = 0; b < 15; b++)
        y[b * c + k] = of[b];
    }
  y[15 * c] = same;
}

static void
expand_pairs (const Job *j, size_t s, eqk_real *m)
{
  const size_t    n = (size_t) (j->offset[s + 1] - j->offset[s]), c = j->c;
  const eqk_real *a = j->x + j->pairs[s] * c;

  sums_of (j, a, n, m);
  if (j->kind == EQK_PAIRS_TO_PAIRS)
    for (size_t p = 0; p < n * n; p++)
      pairs_row (j, a, n, m, p / n, p % n, j->y + (j->pairs[s] + p) * (15 * c + 1));
  else if (j->kind == EQK_PAIRS_TO_NODES)
    for (size_t i = 0; i < n; i++)
      {
        eqk_real *y = j->y + ((size_t) j->offset[s] + i) * 5 * c;

        memcpy (y, vector (j, m, R, i), c * sizeof *y);
        memcpy (y + c, vector (j, m, C, i), c * sizeof *y);
        memcpy (y + 2 * c, vector (j, m, D, i), c * sizeof *y);
        memcpy (y + 3 * c, number (j, m, S), 2 * c * sizeof *y);
      }
  else
    memcpy (j->y + s * 2 * c, number (j, m, S), 2 * c * sizeof *j->y);
}

/* x_i, x_j, δ x_i, Σx / n, δ Σx / n, δ */
static void
expand_nodes (const Job *j, size_t s, eqk_real *m)
{
  const size_t    n = (size_t) (j->offset[s + 1] - j->offset[s]), c = j->c;
  const eqk_real *x = j->x + (size_t) j->offset[s] * c;

  memset (m, 0, c * sizeof *m);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < c; k++)
      m[k] += x[i * c + k] / (eqk_real) n;
  for (size_t p = 0; p < n * n; p++)
    {
      const size_t   i = p / n, q = p % n;
      const eqk_real same = i == q;
      eqk_real      *y = j->y + (j->pairs[s] + p) * (5 * c + 1);

      for (size_t k = 0; k < c; k++)
        {
          y[k] = x[i * c + k];
          y[c + k] = x[q * c + k];
          y[2 * c + k] = same * x[i * c + k];
          y[3 * c + k] = m[k];
          y[4 * c + k] = same * m[k];
        }
      y[5 * c] = same;
    }
}

static void
apply_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  eqk_real  *memory = j->scratch + (size_t) lane * ((size_t) VECTORS * j->room + NUMBERS) * j->c;

  for (size_t s = begin; s < end; s++)
    if (j->kind == EQK_NODES_TO_PAIRS)
      expand_nodes (j, s, memory);
    else
      expand_pairs (j, s, memory);
}

/* ---- back ---- */

/* Gradients of r, c, d, s, t become those of the pairs: x is the gradient of the outputs, y that of the input. */
static void
spread_sums (const Job *j, size_t n, eqk_real *m, eqk_real *ga)
{
  const eqk_real over = n > 0 ? (eqk_real) 1 / (eqk_real) n : 0;

  for (size_t i = 0; i < n; i++)
    for (size_t q = 0; q < n; q++)
      for (size_t k = 0; k < j->c; k++)
        ga[(i * n + q) * j->c + k] += over * (vector (j, m, R, i)[k] + vector (j, m, C, q)[k] + over * number (j, m, S)[k]);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < j->c; k++)
      ga[(i * n + i) * j->c + k] += vector (j, m, D, i)[k] + over * number (j, m, T)[k];
}

static void
collect_pair (const Job *j, const eqk_real *g, size_t n, size_t i, size_t q, eqk_real *m, eqk_real *ga)
{
  const size_t   c = j->c;
  const eqk_real same = i == q;

  for (size_t k = 0; k < c; k++)
    {
      ga[(i * n + q) * c + k] += g[k];
      ga[(q * n + i) * c + k] += g[c + k];
      vector (j, m, D, i)[k] += same * g[2 * c + k] + g[13 * c + k];
      vector (j, m, R, i)[k] += g[3 * c + k] + same * g[5 * c + k];
      vector (j, m, R, q)[k] += g[4 * c + k];
      vector (j, m, C, i)[k] += g[6 * c + k] + same * g[8 * c + k];
      vector (j, m, C, q)[k] += g[7 * c + k];
      number (j, m, S)[k] += g[9 * c + k] + same * g[10 * c + k];
      number (j, m, T)[k] += g[11 * c + k] + same * g[12 * c + k];
      vector (j, m, D, q)[k] += g[14 * c + k];
    }
}

static void
collect_pairs (const Job *j, size_t s, eqk_real *m)
{
  const size_t n = (size_t) (j->offset[s + 1] - j->offset[s]), c = j->c;
  eqk_real    *ga = j->y + j->pairs[s] * c;

  memset (ga, 0, n * n * c * sizeof *ga);
  clear (j, n, m);
  for (size_t p = 0; j->kind == EQK_PAIRS_TO_PAIRS && p < n * n; p++)
    collect_pair (j, j->x + (j->pairs[s] + p) * (15 * c + 1), n, p / n, p % n, m, ga);
  for (size_t i = 0; j->kind == EQK_PAIRS_TO_NODES && i < n; i++)
    {
      const eqk_real *g = j->x + ((size_t) j->offset[s] + i) * 5 * c;

      memcpy (vector (j, m, R, i), g, c * sizeof *g);
      memcpy (vector (j, m, C, i), g + c, c * sizeof *g);
      memcpy (vector (j, m, D, i), g + 2 * c, c * sizeof *g);
      for (size_t k = 0; k < 2 * c; k++)
        number (j, m, S)[k] += g[3 * c + k];
    }
  if (j->kind == EQK_PAIRS_TO_SAMPLES)
    memcpy (number (j, m, S), j->x + s * 2 * c, 2 * c * sizeof *m);
  spread_sums (j, n, m, ga);
}

static void
collect_nodes (const Job *j, size_t s, eqk_real *m)
{
  const size_t n = (size_t) (j->offset[s + 1] - j->offset[s]), c = j->c;
  eqk_real    *gx = j->y + (size_t) j->offset[s] * c;

  memset (gx, 0, n * c * sizeof *gx);
  memset (m, 0, c * sizeof *m);
  for (size_t p = 0; p < n * n; p++)
    {
      const size_t    i = p / n, q = p % n;
      const eqk_real  same = i == q;
      const eqk_real *g = j->x + (j->pairs[s] + p) * (5 * c + 1);

      for (size_t k = 0; k < c; k++)
        {
          gx[i * c + k] += g[k] + same * g[2 * c + k];
          gx[q * c + k] += g[c + k];
          m[k] += g[3 * c + k] + same * g[4 * c + k];
        }
    }
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < c; k++)
      gx[i * c + k] += m[k] / (eqk_real) n;
}

static void
adjoint_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  eqk_real  *memory = j->scratch + (size_t) lane * ((size_t) VECTORS * j->room + NUMBERS) * j->c;

  for (size_t s = begin; s < end; s++)
    if (j->kind == EQK_NODES_TO_PAIRS)
      collect_nodes (j, s, memory);
    else
      collect_pairs (j, s, memory);
}

/* ---- passes ---- */

static size_t
room_for (const EqkSizes *sizes)
{
  return sizes->nodes;
}

static void
run_job (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y, EqkRangeFunc func)
{
  const EqkPairsParams *p = op->params;
  Job job = { eqk_run_structure (run, op)->node_offset, eqk_run_structure (run, op)->pair_offset, p->kind, (size_t) p->c, room_for (&run->sizes), x, y, run->scratch };

  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, func, &job);
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  run_job (run, op, x, y, apply_samples);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  run_job (run, op, gy, gx, adjoint_samples);
}

/* The one more is a constant: its tangent is zero. */
static void
forward (EqkRun *run, const EqkOp *op)
{
  apply (run, op, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]));
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  if (EQK_GIN (run, op, 0) != NULL)
    adjoint (run, op, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0));
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkPairsParams *p = op->params;
  const size_t          lanes = plan->n_threads > 0 && !plan->export_plan ? (size_t) plan->n_threads : 1;
  const size_t          bytes = lanes * ((size_t) VECTORS * room_for (sizes) + NUMBERS) * (size_t) p->c * sizeof (eqk_real);

  plan->scratch = bytes;
  plan->scratch_reverse = plan->train ? bytes : 0;
  plan->macs = (double) eqk_value_count (program, op->in[0], sizes) * 3;
  return EQK_OK;
}

static void
emit_pairs (EqkEmitter *e)
{
  if (!eqk_emit_begin (e, "pairs_expand"))
    return;
  eqk_emit (e, "/* to: 0 pairs, 1 nodes, 2 the sample. m: room for r, c, d of all nodes, s and t. */\n"
               "static void\npairs_expand (const float *a, float *y, float *m, size_t n, size_t c, int to)\n{\n  float *r = m, *q = r + n * c, *s = q + n * c, *t = s + c;\n  const float over = n > 0 ? 1.0f / (float) n : 0.0f;\n\n"
               "  for (size_t k = 0; k < (2 * n + 2) * c; k++)\n    m[k] = 0.0f;\n"
               "  for (size_t i = 0; i < n; i++)\n    for (size_t j = 0; j < n; j++)\n      for (size_t k = 0; k < c; k++)\n        {\n          r[i * c + k] += over * a[(i * n + j) * c + k];\n          q[j * c + k] += over * a[(i * n + j) * c + k];\n        }\n"
               "  for (size_t i = 0; i < n; i++)\n    for (size_t k = 0; k < c; k++)\n      {\n        s[k] += over * r[i * c + k];\n        t[k] += over * a[(i * n + i) * c + k];\n      }\n"
               "  for (size_t k = 0; to == 2 && k < 2 * c; k++)\n    y[k] = s[k];\n"
               "  for (size_t i = 0; to == 1 && i < n; i++)\n    for (size_t k = 0; k < c; k++)\n      {\n        float *row = y + i * 5 * c;\n\n        row[k] = r[i * c + k];\n        row[c + k] = q[i * c + k];\n        row[2 * c + k] = a[(i * n + i) * c + k];\n        row[3 * c + k] = s[k];\n        row[4 * c + k] = t[k];\n      }\n"
               "  for (size_t p = 0; to == 0 && p < n * n; p++)\n    {\n      const size_t i = p / n, j = p %% n;\n      const float  same = i == j ? 1.0f : 0.0f;\n      float       *row = y + p * (15 * c + 1);\n\n"
               "      for (size_t k = 0; k < c; k++)\n        {\n          const float of[15] = { a[p * c + k], a[(j * n + i) * c + k], same * a[(i * n + i) * c + k], r[i * c + k], r[j * c + k], same * r[i * c + k], q[i * c + k], q[j * c + k], same * q[i * c + k],\n"
               "                                 s[k], same * s[k], t[k], same * t[k], a[(i * n + i) * c + k], a[(j * n + j) * c + k] };\n\n          for (size_t b = 0; b < 15; b++)\n            row[b * c + k] = of[b];\n        }\n      row[15 * c] = same;\n    }\n}\n\n");
  eqk_emit_end (e);
}

static void
emit_nodes (EqkEmitter *e)
{
  if (!eqk_emit_begin (e, "nodes_to_pairs"))
    return;
  eqk_emit (e, "static void\nnodes_to_pairs (const float *x, float *y, float *m, size_t n, size_t c)\n{\n  for (size_t k = 0; k < c; k++)\n    {\n      m[k] = 0.0f;\n      for (size_t i = 0; i < n; i++)\n        m[k] += x[i * c + k] / (float) n;\n    }\n"
               "  for (size_t p = 0; p < n * n; p++)\n    {\n      const size_t i = p / n, j = p %% n;\n      const float  same = i == j ? 1.0f : 0.0f;\n      float       *row = y + p * (5 * c + 1);\n\n"
               "      for (size_t k = 0; k < c; k++)\n        {\n          row[k] = x[i * c + k];\n          row[c + k] = x[j * c + k];\n          row[2 * c + k] = same * x[i * c + k];\n          row[3 * c + k] = m[k];\n          row[4 * c + k] = same * m[k];\n        }\n      row[5 * c] = same;\n    }\n}\n\n");
  eqk_emit_end (e);
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkPairsParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (p->kind == EQK_NODES_TO_PAIRS)
    emit_nodes (e);
  else
    emit_pairs (e);
  eqk_emit (e, "  %s (%s, ", p->kind == EQK_NODES_TO_PAIRS ? "nodes_to_pairs" : "pairs_expand", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, (size_t) n_nodes, %d", eqk_emit_scratch (e, op), p->c);
  if (p->kind == EQK_NODES_TO_PAIRS)
    eqk_emit (e, ");\n");
  else
    eqk_emit (e, ", %d);\n", (int) p->kind);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_pairs_expand) = {
  .id = "pairs_expand", .smooth = EQK_SMOOTH, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

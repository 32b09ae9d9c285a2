/*
 * Attention within each sample: rows of q look at all rows of k and v of their own sample. Nothing is padded; a sample belongs to one
 * thread, which also adds up the gradients of its keys and values, so that the order of sums is fixed. The weights of a row are made
 * again on the way back instead of being kept: memory is linear in the rows. Of up to 512 keys a copy with channels first lies in scratch memory;
 * on the way back the weights of sixteen rows at a time lie there, so that gradients of keys and values are written once for all of them.
 */

#include "core/real.h"

#include "ops/segments.h"
#include "ops/vexp.h"

#include <string.h>

enum { Q, K, V, LANES = 16, WIDE = 64, BLOCK = 512, QUERIES = 16 };

typedef struct
{
  const int32_t  *offset;       /* of the nodes of samples */
  size_t          q_rows, k_rows;   /* a sample; 0: its nodes */
  size_t          c, heads, room;
  eqk_real        scale;
  const eqk_real *q, *k, *v, *gy;
  eqk_real       *y, *gq, *gk, *gv, *scratch;
} Job;

static void
rows_of (const Job *j, size_t fixed, size_t s, size_t *first, size_t *n)
{
  *first = fixed > 0 ? s * fixed : (size_t) j->offset[s];
  *n = fixed > 0 ? fixed : (size_t) j->offset[s + 1] - *first;
}

/* Sums and the largest go side by side in lanes, so that loops are vector code with a fixed order. */
static eqk_real
dot (const eqk_real *a, const eqk_real *b, size_t n)
{
  eqk_real lane[LANES] = { 0 }, sum = 0;
  size_t   i = 0;

  for (; i + LANES <= n; i += LANES)
    for (size_t l = 0; l < LANES; l++)
      lane[l] += a[i + l] * b[i + l];
  for (; i < n; i++)
    sum += a[i] * b[i];
  for (size_t l = 0; l < LANES; l++)
    sum += lane[l];
  return sum;
}

static eqk_real
largest (const eqk_real *x, size_t n)
{
  eqk_real lane[LANES], top = x[0];
  size_t   i = 0;

  for (size_t l = 0; l < LANES; l++)
    lane[l] = x[0];
  for (; i + LANES <= n; i += LANES)
    for (size_t l = 0; l < LANES; l++)
      lane[l] = x[i + l] > lane[l] ? x[i + l] : lane[l];
  for (; i < n; i++)
    top = x[i] > top ? x[i] : top;
  for (size_t l = 0; l < LANES; l++)
    top = lane[l] > top ? lane[l] : top;
  return top;
}

static eqk_real
sum_of (const eqk_real *x, size_t n)
{
  eqk_real lane[LANES] = { 0 }, sum = 0;
  size_t   i = 0;

  for (; i + LANES <= n; i += LANES)
    for (size_t l = 0; l < LANES; l++)
      lane[l] += x[i + l];
  for (; i < n; i++)
    sum += x[i];
  for (size_t l = 0; l < LANES; l++)
    sum += lane[l];
  return sum;
}

/* Keys are padded with zeros to whole vectors. */
static size_t
padded (size_t n)
{
  return (n + LANES - 1) / LANES * LANES;
}

/* Channels [u, u + lanes) of Σ_t p_t x_t, in registers. lanes is a constant where this is called. */
static inline __attribute__ ((always_inline)) void
mix_lanes (eqk_real *restrict y, const eqk_real *p, size_t p_step, const eqk_real *x, size_t x_step, size_t n, size_t lanes, bool add)
{
  eqk_real sum[2 * LANES] = { 0 };

  for (size_t t = 0; t < n; t++)
    for (size_t l = 0; l < lanes; l++)
      sum[l] += p[t * p_step] * x[t * x_step + l];
  for (size_t l = 0; l < lanes; l++)
    y[l] = add ? y[l] + sum[l] : sum[l];
}

/* y = Σ_t p_t x_t over n rows of d channels, or that much more. */
static void
mix (eqk_real *y, const eqk_real *p, size_t p_step, const eqk_real *x, size_t x_step, size_t n, size_t d, bool add)
{
  size_t u = 0;

  for (; u + 2 * LANES <= d; u += 2 * LANES)
    mix_lanes (y + u, p, p_step, x + u, x_step, n, 2 * LANES, add);
  for (; u + LANES <= d; u += LANES)
    mix_lanes (y + u, p, p_step, x + u, x_step, n, LANES, add);
  for (; u < d; u++)
    mix_lanes (y + u, p, p_step, x + u, x_step, n, 1, add);
}

/* Rows of one head with channels first, where they are few: products with all of them then go along them. NULL where they are many. */
static const eqk_real *
transpose (const Job *j, const eqk_real *rows, size_t n, size_t d, eqk_real *to)
{
  const size_t step = padded (n);

  if (n > BLOCK)
    return NULL;
  for (size_t u = 0; u < d; u++)
    memset (to + u * step + n, 0, (step - n) * sizeof *to);
  for (size_t t = 0; t < n; t++)
    for (size_t u = 0; u < d; u++)
      to[u * step + t] = rows[t * j->c + u];
  return to;
}

static inline __attribute__ ((always_inline)) void
product_lanes (const eqk_real *x, const eqk_real *turned, size_t step, size_t d, size_t lanes, eqk_real *restrict out)
{
  eqk_real sum[WIDE] = { 0 };

  for (size_t u = 0; u < d; u++)
    for (size_t l = 0; l < lanes; l++)
      sum[l] += x[u] * turned[u * step + l];
  for (size_t l = 0; l < lanes; l++)
    out[l] = sum[l];
}

/* x . rows_t for every row t of a head; turned: the same rows with channels first, or NULL. out has room for whole vectors. */
static void
products (const Job *j, const eqk_real *x, const eqk_real *rows, const eqk_real *turned, size_t n, size_t d, eqk_real *out)
{
  const size_t step = padded (n);
  size_t       t = 0;

  for (; turned == NULL && t < n; t++)
    out[t] = dot (x, rows + t * j->c, d);
  for (; t + WIDE <= step; t += WIDE)
    product_lanes (x, turned + t, step, d, WIDE, out + t);
  for (; t < n; t += LANES)
    product_lanes (x, turned + t, step, d, LANES, out + t);
}

/* Softmax of the row's scores with the n keys at k. */
static void
weights_of (const Job *j, const eqk_real *q, const eqk_real *k, const eqk_real *turned, size_t n, size_t d, eqk_real *restrict p)
{
  eqk_real top, share;

  products (j, q, k, turned, n, d, p);
  top = largest (p, n);      /* the scale is positive */
  for (size_t i = 0; i < n; i++)
    p[i] = eqk_vexp (j->scale * (p[i] - top));
  share = 1 / sum_of (p, n);
  for (size_t i = 0; i < n; i++)
    p[i] *= share;
}

/* Memory of a thread: weights of a row, keys of a head with channels first; on the way back also their gradients, of some rows, and values. */
static size_t
lane_room (size_t room, size_t d, bool reverse)
{
  return (reverse ? 2 * QUERIES : 1) * padded (room) + (reverse ? 2 : 1) * padded (room < BLOCK ? room : BLOCK) * d;
}

static void
forward_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t d = j->c / j->heads;
  eqk_real    *p = j->scratch + (size_t) lane * lane_room (j->room, d, false);

  for (size_t s = begin; s < end; s++)
    {
      size_t q0, nq, k0, nk;

      rows_of (j, j->q_rows, s, &q0, &nq);
      rows_of (j, j->k_rows, s, &k0, &nk);
      if (nk == 0)
        memset (j->y + q0 * j->c, 0, nq * j->c * sizeof *j->y);
      for (size_t h = 0; nk > 0 && h < j->heads; h++)
        {
          const eqk_real *k = j->k + k0 * j->c + h * d, *keys = transpose (j, k, nk, d, p + padded (j->room));

          for (size_t i = 0; i < nq; i++)
            {
              weights_of (j, j->q + (q0 + i) * j->c + h * d, k, keys, nk, d, p);
              mix (j->y + (q0 + i) * j->c + h * d, p, 1, j->v + k0 * j->c + h * d, j->c, nk, d, false);
            }
        }
    }
}

/* One head of one sample, its rows, and its keys and values with channels first (NULL where they are many). */
typedef struct
{
  size_t          q0, k0, nk, at;
  const eqk_real *keys, *values;
  eqk_real       *p, *gp;        /* [QUERIES][padded (nk)] */
} Head;

/* With p the weights and g the gradient of a row, the score t gets p_t (g.v_t - Σ p g.v): gradients of the row, of its scores into gp. */
static void
reverse_row (const Job *j, const Head *head, size_t row, eqk_real *restrict p, eqk_real *restrict gp)
{
  const size_t    d = j->c / j->heads, of_keys = head->k0 * j->c + head->at;
  const eqk_real *q = j->q + row * j->c + head->at, *g = j->gy + row * j->c + head->at;
  eqk_real        mean;

  weights_of (j, q, j->k + of_keys, head->keys, head->nk, d, p);
  products (j, g, j->v + of_keys, head->values, head->nk, d, gp);
  mean = dot (p, gp, head->nk);
  for (size_t t = 0; t < head->nk; t++)
    gp[t] = j->scale * p[t] * (gp[t] - mean);
  if (j->gq != NULL)
    mix (j->gq + row * j->c + head->at, gp, 1, j->k + of_keys, j->c, head->nk, d, false);
}

/* n rows from the one at `first`: gv_t += Σ_i p_it g_i, gk_t += Σ_i gp_it q_i. */
static void
reverse_rows (const Job *j, const Head *head, size_t first, size_t n)
{
  const size_t d = j->c / j->heads, step = padded (head->nk), from = first * j->c + head->at;

  for (size_t i = 0; i < n; i++)
    reverse_row (j, head, first + i, head->p + i * step, head->gp + i * step);
  for (size_t t = 0; t < head->nk; t++)
    {
      const size_t to = (head->k0 + t) * j->c + head->at;

      if (j->gv != NULL)
        mix (j->gv + to, head->p + t, step, j->gy + from, j->c, n, d, first > head->q0);
      if (j->gk != NULL)
        mix (j->gk + to, head->gp + t, step, j->q + from, j->c, n, d, first > head->q0);
    }
}

static void
clear_rows (const Job *j, eqk_real *rows, size_t first, size_t n)
{
  if (rows != NULL)
    memset (rows + first * j->c, 0, n * j->c * sizeof *rows);
}

static void
reverse_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t d = j->c / j->heads, block = QUERIES * padded (j->room);
  eqk_real    *p = j->scratch + (size_t) lane * lane_room (j->room, d, true), *turned = p + 2 * block;

  for (size_t s = begin; s < end; s++)
    {
      size_t q0, nq, k0, nk;

      rows_of (j, j->q_rows, s, &q0, &nq);
      rows_of (j, j->k_rows, s, &k0, &nk);
      if (nq == 0 || nk == 0)      /* nothing looks, or there is nothing to see */
        {
          clear_rows (j, j->gq, q0, nq);
          clear_rows (j, j->gk, k0, nk);
          clear_rows (j, j->gv, k0, nk);
        }
      for (size_t h = 0; nk > 0 && h < j->heads; h++)
        {
          const Head head = { q0, k0, nk, h * d, transpose (j, j->k + k0 * j->c + h * d, nk, d, turned),
                              transpose (j, j->v + k0 * j->c + h * d, nk, d, turned + padded (nk) * d), p, p + block };

          for (size_t i = 0; i < nq; i += QUERIES)
            reverse_rows (j, &head, q0 + i, nq - i < QUERIES ? nq - i : QUERIES);
        }
    }
}

/* Rows a sample of a value; 0 for nodes. */
static size_t
fixed_rows (const EqkProgram *program, int value)
{
  const EqkSpace *space = &eqk_program_value (program, value)->space;

  return space->kind == EQK_SPACE_GRID ? (size_t) space->h * (size_t) space->w : space->kind == EQK_SPACE_SAMPLE ? 1 : 0;
}

/* Most keys that a sample can have: numbers for each thread. */
static size_t
room_for (const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const size_t fixed = fixed_rows (program, op->in[K]);

  return fixed > 0 ? fixed : sizes->nodes;
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkAttentionParams *p = op->params;

  return (Job) { .offset = eqk_run_structure (run, op)->node_offset, .q_rows = fixed_rows (run->program, op->in[Q]), .k_rows = fixed_rows (run->program, op->in[K]),
                 .c = (size_t) eqk_program_value (run->program, op->out[0])->width, .heads = (size_t) p->heads, .room = room_for (run->program, op, &run->sizes),
                 .scale = (eqk_real) p->scale, .q = EQK_X (run, op->in[Q]), .k = EQK_X (run, op->in[K]), .v = EQK_X (run, op->in[V]), .scratch = run->scratch };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, forward_samples, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.gy = EQK_GOUT (run, op, 0);
  job.gq = EQK_GIN (run, op, Q);
  job.gk = EQK_GIN (run, op, K);
  job.gv = EQK_GIN (run, op, V);
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, reverse_samples, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const size_t lanes = plan->n_threads > 0 && !plan->export_plan ? (size_t) plan->n_threads : 1, batch = sizes->batch > 0 ? (size_t) sizes->batch : 1;
  const size_t d = (size_t) eqk_program_value (program, op->out[0])->width / (size_t) ((const EqkAttentionParams *) op->params)->heads;
  const size_t room = room_for (program, op, sizes);

  plan->scratch = lanes * lane_room (room, d, false) * sizeof (eqk_real);
  plan->scratch_reverse = plan->train ? lanes * lane_room (room, d, true) * sizeof (eqk_real) : 0;
  plan->macs = 2 * (double) eqk_value_count (program, op->out[0], sizes) * (double) eqk_value_rows (program, op->in[K], sizes) / (double) batch;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkAttentionParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "attention"))
    {
      eqk_emit (e, "static void\nattention (const float *q, const float *k, const float *v, float *y, float *p, size_t n_q, size_t n_k, size_t c, size_t heads, float scale)\n{\n"
                   "  const size_t d = c / heads;\n\n  for (size_t i = 0; i < n_q; i++)\n    for (size_t h = 0; h < c; h += d)\n      {\n        float top = 0.0f, sum = 0.0f;\n\n"
                   "        for (size_t t = 0; t < n_k; t++)\n          {\n            float score = 0.0f;\n\n            for (size_t u = h; u < h + d; u++)\n              score += q[i * c + u] * k[t * c + u];\n"
                   "            p[t] = scale * score;\n            top = t == 0 || p[t] > top ? p[t] : top;\n          }\n"
                   "        for (size_t t = 0; t < n_k; t++)\n          {\n            p[t] = expf (p[t] - top);\n            sum += p[t];\n          }\n"
                   "        for (size_t u = h; u < h + d; u++)\n          {\n            float mix = 0.0f;\n\n            for (size_t t = 0; t < n_k; t++)\n              mix += p[t] * v[t * c + u];\n"
                   "            y[i * c + u] = n_k > 0 ? mix / sum : 0.0f;\n          }\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  attention (%s, ", eqk_emit_value (e, op->in[Q]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[K]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[V]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, ", eqk_emit_scratch (e, op));
  eqk_emit (e, "%s, ", eqk_emit_rows (e, op->in[Q]));
  eqk_emit (e, "%s, %d, %d, %#.9gf);\n", eqk_emit_rows (e, op->in[K]), eqk_program_value (eqk_emit_program (e), op->out[0])->width, p->heads, p->scale);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_attention) = {
  .id = "attention", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_KEEP_IN2, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

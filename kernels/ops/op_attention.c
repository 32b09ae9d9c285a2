/*
 * Attention within each sample: rows of q look at all rows of k and v of their own sample. Nothing is padded; a sample belongs to one
 * thread, which also adds up the gradients of its keys and values, so that the order of sums is fixed. The weights of a row are made
 * again on the way back instead of being kept: memory is linear in the rows. The weights of some rows at a time lie in scratch memory, so that
 * all sums are products of small matrices; of up to 512 keys a copy with channels first lies there, too.
 */

#include "core/real.h"

#include "ops/gemm.h"
#include "ops/segments.h"
#include "ops/vexp.h"

#include <string.h>

enum { Q, K, V, LANES = 16, BLOCK = 512, QUERIES = 24 };

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

/* out = x rows^T for m rows x and the n rows of a head; turned: the latter with channels first, or NULL. Rows of out have room for whole vectors. */
static void
products (const Job *j, const eqk_real *x, const eqk_real *rows, const eqk_real *turned, size_t m, size_t n, size_t d, eqk_real *out)
{
  const size_t step = padded (n);

  if (turned != NULL)
    EQK_SYM (gemm) (false, false, (int) m, (int) step, (int) d, x, (ptrdiff_t) j->c, turned, (ptrdiff_t) step, out, (ptrdiff_t) step, false);
  else
    EQK_SYM (gemm) (false, true, (int) m, (int) n, (int) d, x, (ptrdiff_t) j->c, rows, (ptrdiff_t) j->c, out, (ptrdiff_t) step, false);
}

/* y = p x for m rows y of a head, n rows x. */
static void
mix (const Job *j, const eqk_real *p, const eqk_real *x, size_t m, size_t n, size_t d, eqk_real *y)
{
  EQK_SYM (gemm) (false, false, (int) m, (int) d, (int) n, p, (ptrdiff_t) padded (n), x, (ptrdiff_t) j->c, y, (ptrdiff_t) j->c, false);
}

/* y = p^T x for n rows y of a head, m rows x; or that much more. */
static void
mix_back (const Job *j, const eqk_real *p, const eqk_real *x, size_t m, size_t n, size_t d, eqk_real *y, bool add)
{
  if (y != NULL)
    EQK_SYM (gemm) (true, false, (int) n, (int) d, (int) m, p, (ptrdiff_t) padded (n), x, (ptrdiff_t) j->c, y, (ptrdiff_t) j->c, add);
}

/* Softmax of the scores of m rows with the n keys at k. */
static void
weights_of (const Job *j, const eqk_real *q, const eqk_real *k, const eqk_real *turned, size_t m, size_t n, size_t d, eqk_real *p)
{
  products (j, q, k, turned, m, n, d, p);
  for (size_t r = 0; r < m; r++, p += padded (n))
    {
      const eqk_real top = largest (p, n);      /* the scale is positive */
      eqk_real       share;

      for (size_t i = 0; i < n; i++)
        p[i] = eqk_vexp (j->scale * (p[i] - top));
      share = 1 / sum_of (p, n);
      for (size_t i = 0; i < n; i++)
        p[i] *= share;
    }
}

/* Memory of a thread: weights of some rows, keys of a head with channels first; on the way back also the weights' gradients, and values. */
static size_t
lane_room (size_t room, size_t d, bool reverse)
{
  return (reverse ? 2 : 1) * (QUERIES * padded (room) + padded (room < BLOCK ? room : BLOCK) * d);
}

static size_t
at_most (size_t n, size_t most)
{
  return n < most ? n : most;
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
          const eqk_real *k = j->k + k0 * j->c + h * d, *keys = transpose (j, k, nk, d, p + QUERIES * padded (j->room));

          for (size_t i = 0; i < nq; i += QUERIES)
            {
              const size_t at = (q0 + i) * j->c + h * d, m = at_most (nq - i, QUERIES);

              weights_of (j, j->q + at, k, keys, m, nk, d, p);
              mix (j, p, j->v + k0 * j->c + h * d, m, nk, d, j->y + at);
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

/*
 * n rows from the one at `first`. With p the weights and g the gradient of a row, its score t gets s_t = scale p_t (g.v_t - Σ p g.v); the row gets
 * Σ_t s_t k_t, the key t Σ s_t q over rows and the value t Σ p_t g.
 */
static void
reverse_rows (const Job *j, const Head *head, size_t first, size_t n)
{
  const size_t d = j->c / j->heads, nk = head->nk, step = padded (nk), of_keys = head->k0 * j->c + head->at, at = first * j->c + head->at;
  const bool   more = first > head->q0;

  weights_of (j, j->q + at, j->k + of_keys, head->keys, n, nk, d, head->p);
  products (j, j->gy + at, j->v + of_keys, head->values, n, nk, d, head->gp);
  mix_back (j, head->p, j->gy + at, n, nk, d, j->gv == NULL ? NULL : j->gv + of_keys, more);
  for (size_t i = 0; i < n; i++)
    {
      const eqk_real *p = head->p + i * step;
      eqk_real       *gp = head->gp + i * step, mean = dot (p, gp, nk);

      for (size_t t = 0; t < nk; t++)
        gp[t] = j->scale * p[t] * (gp[t] - mean);
    }
  if (j->gq != NULL)
    mix (j, head->gp, j->k + of_keys, n, nk, d, j->gq + at);
  mix_back (j, head->gp, j->q + at, n, nk, d, j->gk == NULL ? NULL : j->gk + of_keys, more);
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
            reverse_rows (j, &head, q0 + i, at_most (nq - i, QUERIES));
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

  plan->scratch = (plan->export_plan ? room : lanes * lane_room (room, d, false)) * sizeof (eqk_real);      /* exported code weighs one row at a time */
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

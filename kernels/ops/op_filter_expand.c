/*
 * Steerable coefficients to a dense filter and back: for every output field a matrix product of its coefficients with the
 * table of the basis, written into place. An output field owns its columns of the filter and its weights, so neither pass
 * adds up between threads. Input fields are taken a few at a time, so that a piece stays in the cache.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/gemm.h"
#include "ops/plane.h"

#include <string.h>

enum { PIECE = 32768 };     /* numbers of the filter made at a time */

typedef struct
{
  const EqkFilterExpandParams *p;
  const eqk_real              *w, *table, *filter;
  eqk_real                    *to_w, *to_filter;
  char                        *lanes;
  size_t                       lane_bytes;
} Job;

static size_t
piece_numbers (const EqkFilterExpandParams *p)
{
  size_t most = 0;

  for (int o = 0; o < p->n_out_runs; o++)
    for (int i = 0; i < p->n_in_runs; i++)
      {
        const size_t one = (size_t) p->k * (size_t) p->k * (size_t) p->out_runs[o].dim * (size_t) p->in_runs[i].dim;

        if (one > most)
          most = one;
      }
  return most > PIECE ? most : PIECE;
}

static size_t
lane_bytes (const EqkFilterExpandParams *p)
{
  return (piece_numbers (p) * sizeof (eqk_real) + 63) / 64 * 64;
}

/* Copies a piece [fields, k * k, d_in, d_out] into the filter, or out of it. */
static void
place (const EqkFilterExpandParams *p, eqk_real *piece, eqk_real *to, const eqk_real *from, size_t channel_in, size_t channel_out,
       size_t fields, size_t d_in, size_t d_out)
{
  const size_t pixels = (size_t) p->k * (size_t) p->k, image = (size_t) p->c_in * (size_t) p->c_out;
  const size_t step_in = p->transposed ? 1 : (size_t) p->c_out, step_out = p->transposed ? (size_t) p->c_in : 1;

  for (size_t f = 0; f < fields; f++)
    for (size_t px = 0; px < pixels; px++)
      for (size_t a = 0; a < d_in; a++)
        {
          const size_t at = px * image + (channel_in + f * d_in + a) * step_in + channel_out * step_out;

          if (to != NULL)
            for (size_t c = 0; c < d_out; c++)
              to[at + c * step_out] = *piece++;
          else
            for (size_t c = 0; c < d_out; c++)
              *piece++ = from[at + c * step_out];
        }
}

/* One output field (copy `copy` of run `o`) with all input fields of run `i`. */
static void
expand_pair (const Job *j, int o, int i, size_t copy, eqk_real *piece)
{
  const EqkFilterExpandParams *p = j->p;
  const EqkFilterRun          *out = &p->out_runs[o], *in = &p->in_runs[i];
  const EqkFilterPair         *pair = &p->pairs[o * p->n_in_runs + i];
  const size_t                 d_in = (size_t) in->dim, d_out = (size_t) out->dim, n = (size_t) pair->n;
  const size_t                 numbers = (size_t) p->k * (size_t) p->k * d_in * d_out;
  const size_t                 weight = p->out_weight[o] + copy * p->out_stride[o] + pair->weight;
  const size_t                 tile = numbers > PIECE ? 1 : PIECE / numbers, mul = (size_t) in->mul;

  for (size_t f = 0; f < mul; f += tile)
    {
      const size_t fields = f + tile < mul ? tile : mul - f;
      const size_t channel_in = (size_t) in->channel + f * d_in, channel_out = (size_t) out->channel + copy * d_out;

      if (j->to_filter != NULL)
        {
          if (n == 0)
            memset (piece, 0, fields * numbers * sizeof *piece);
          else
            EQK_SYM (gemm) (false, false, (int) fields, (int) numbers, (int) n, j->w + weight + f * n, (ptrdiff_t) n,
                            j->table + pair->table, (ptrdiff_t) numbers, piece, (ptrdiff_t) numbers, false);
          place (p, piece, j->to_filter, NULL, channel_in, channel_out, fields, d_in, d_out);
        }
      else if (n > 0)
        {
          place (p, piece, NULL, j->filter, channel_in, channel_out, fields, d_in, d_out);
          EQK_SYM (gemm) (false, true, (int) fields, (int) n, (int) numbers, piece, (ptrdiff_t) numbers, j->table + pair->table,
                          (ptrdiff_t) numbers, j->to_w + weight + f * n, (ptrdiff_t) n, false);
        }
    }
}

static void
fields_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  eqk_real  *piece = (eqk_real *) (void *) (j->lanes + (size_t) lane * j->lane_bytes);
  size_t     first = 0;

  for (int o = 0; o < j->p->n_out_runs; o++)
    {
      const size_t mul = (size_t) j->p->out_runs[o].mul;

      for (size_t copy = 0; copy < mul; copy++)
        if (first + copy >= begin && first + copy < end)
          for (int i = 0; i < j->p->n_in_runs; i++)
            expand_pair (j, o, i, copy, piece);
      first += mul;
    }
}

static void
run_fields (EqkRun *run, Job *job)
{
  const size_t n = (size_t) job->p->n_out_fields;
  size_t       grain = 16 * n / ((size_t) job->p->c_out + 1);      /* neighbours share cache lines of the filter */

  job->lanes = run->scratch;
  job->lane_bytes = lane_bytes (job->p);
  eqk_run_range (run->pool, n, grain < 1 ? 1 : grain, fields_range, job);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .w = EQK_X (run, op->in[0]), .table = EQK_X (run, op->in[1]), .to_filter = EQK_X (run, op->out[0]) };

  run_fields (run, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .w = EQK_XD (run, op->in[0]), .table = EQK_X (run, op->in[1]), .to_filter = EQK_XD (run, op->out[0]) };

  run_fields (run, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .table = EQK_X (run, op->in[1]), .filter = EQK_GOUT (run, op, 0), .to_w = EQK_GIN (run, op, 0) };

  if (job.to_w != NULL)
    run_fields (run, &job);
}

/* The expansion is done once a step in training and not at all in deployment: it counts only there. */
static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkFilterExpandParams *p = op->params;
  double                       macs = 0;

  for (int o = 0; o < p->n_out_runs; o++)
    for (int i = 0; i < p->n_in_runs; i++)
      macs += (double) p->out_runs[o].mul * p->in_runs[i].mul * p->pairs[o * p->n_in_runs + i].n * p->k * p->k * p->out_runs[o].dim * p->in_runs[i].dim;
  plan->macs = plan->train ? macs : 0;
  plan->scratch = plan->scratch_reverse = lane_bytes (p) * (size_t) plan->n_threads;
  return EQK_OK;
}

static void
emit_loops (EqkEmitter *e)
{
  eqk_emit (e, "static void\nfilter_expand (const float *w, const float *table, float *filter, size_t fields_out, size_t fields_in, size_t n, size_t stride,\n"
               "               size_t pixels, size_t d_in, size_t d_out, size_t image, size_t step_in, size_t step_out)\n{\n");
  eqk_emit (e, "  for (size_t o = 0; o < fields_out; o++)\n    for (size_t i = 0; i < fields_in; i++)\n      for (size_t p = 0; p < pixels; p++)\n"
               "        for (size_t a = 0; a < d_in; a++)\n          for (size_t c = 0; c < d_out; c++)\n            {\n              float sum = 0.0f;\n\n"
               "              for (size_t b = 0; b < n; b++)\n                sum += w[o * stride + i * n + b] * table[((b * pixels + p) * d_in + a) * d_out + c];\n"
               "              filter[p * image + (i * d_in + a) * step_in + (o * d_out + c) * step_out] = sum;\n            }\n}\n\n");
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkFilterExpandParams *p = op->params;
  const size_t                 step_in = p->transposed ? 1 : (size_t) p->c_out, step_out = p->transposed ? (size_t) p->c_in : 1;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "filter_expand"))
    {
      emit_loops (e);
      eqk_emit_end (e);
    }
  for (int o = 0; o < p->n_out_runs; o++)
    for (int i = 0; i < p->n_in_runs; i++)
      {
        const EqkFilterRun  *out = &p->out_runs[o], *in = &p->in_runs[i];
        const EqkFilterPair *pair = &p->pairs[o * p->n_in_runs + i];

        eqk_emit (e, "  filter_expand (%s + %zu, ", eqk_emit_value (e, op->in[0]), p->out_weight[o] + pair->weight);
        eqk_emit (e, "%s + %zu, ", eqk_emit_value (e, op->in[1]), pair->table);
        eqk_emit (e, "%s + %zu, %d, %d, %d, %zu, %d, %d, %d, %d, %zu, %zu);\n", eqk_emit_value (e, op->out[0]),
                  (size_t) in->channel * step_in + (size_t) out->channel * step_out, out->mul, in->mul, pair->n, p->out_stride[o],
                  p->k * p->k, in->dim, out->dim, p->c_in * p->c_out, step_in, step_out);
      }
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_filter_expand) = {
  .id = "filter_expand", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN1,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

/* Dropout of whole fields, of whole rows, or of single numbers (which is no symmetry of fields of more than one channel). The mask of a
 * sample is a function of seed, step, sample and node, so it does not depend on threads or on what ran before, and a
 * resumed training draws the same. A field is dropped over the whole sample: the same at every pixel or node. In
 * inference the operation copies, or does nothing when it may run in place. */

#include "core/real.h"

#include "core/philox.h"
#include "eqk/emit.h"
#include "eqk/random.h"
#include "ops/field_sums.h"

#include <string.h>

typedef struct
{
  EqkRun                 *run;
  const EqkOp            *op;
  const EqkDropoutParams *p;
  const eqk_real         *from;
  eqk_real               *to;
  eqk_real               *masks;      /* fields: [sample][channel]; numbers and rows: [row][channel] */
  bool                    draw;
} Job;

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkDropoutParams *p = op->params;

  if (plan->train)
    plan->saved = (p->unit != EQK_DROP_FIELDS ? eqk_value_count (program, op->in[0], sizes) : (size_t) sizes->batch * (size_t) p->n_channels) * sizeof (eqk_real);
  plan->macs = 0;
  return EQK_OK;
}

/* One draw a field (or a number); 32 bits decide. */
static eqk_real
draw (EqkRandom *random, double p)
{
  return eqk_random_u32 (random) < (uint32_t) (p * 4294967296.0) ? 0 : (eqk_real) (1 / (1 - p));
}

/* The next numbers of a stream from which whole blocks were taken, many blocks at a time so that the rounds are vector code. */
enum { BLOCKS = 16, DRAWN = 4 * BLOCKS };

static void
draw_many (EqkRandom *random, uint32_t out[DRAWN])
{
  uint32_t c0[BLOCKS], c1[BLOCKS], c2[BLOCKS], c3[BLOCKS], k0 = random->key[0], k1 = random->key[1];

  for (uint32_t b = 0; b < BLOCKS; b++)
    {
      c0[b] = random->counter[0] + b;
      c1[b] = random->counter[1];
      c2[b] = random->counter[2];
      c3[b] = random->counter[3];
    }
  for (int r = 0; r < EQK_PHILOX_ROUNDS; r++, k0 += EQK_PHILOX_KEY0, k1 += EQK_PHILOX_KEY1)
    for (int b = 0; b < BLOCKS; b++)
      eqk_philox_round (&c0[b], &c1[b], &c2[b], &c3[b], k0, k1);
  for (int b = 0; b < BLOCKS; b++)      /* a block is used from its end */
    {
      out[4 * b] = c3[b];
      out[4 * b + 1] = c2[b];
      out[4 * b + 2] = c1[b];
      out[4 * b + 3] = c0[b];
    }
  random->counter[0] += BLOCKS;
}

/* Every number for itself; the same draws as one after the other. */
static void
draw_numbers (EqkRandom *random, double p, eqk_real *mask, size_t n)
{
  const uint32_t limit = (uint32_t) (p * 4294967296.0);
  const eqk_real factor = (eqk_real) (1 / (1 - p));
  uint32_t       drawn[DRAWN];

  for (size_t first = 0; first < n; first += DRAWN)
    {
      const size_t here = n - first < DRAWN ? n - first : DRAWN;

      draw_many (random, drawn);
      for (size_t i = 0; i < here; i++)
        mask[first + i] = drawn[i] < limit ? 0 : factor;
    }
}

static void
draw_mask (const Job *job, size_t sample, eqk_real *mask, size_t rows)
{
  const EqkDropoutParams *p = job->p;
  EqkRandom random = eqk_random (job->run->seed, EQK_RANDOM_DROPOUT, job->run->step, (uint32_t) sample, (uint32_t) job->op->node);

  if (p->unit == EQK_DROP_ROWS)
    for (size_t r = 0; r < rows; r++)
      {
        const eqk_real factor = draw (&random, p->p);

        for (size_t c = 0; c < (size_t) p->n_channels; c++)
          mask[r * (size_t) p->n_channels + c] = factor;
      }
  else if (p->unit == EQK_DROP_NUMBERS)
    draw_numbers (&random, p->p, mask, rows * (size_t) p->n_channels);
  else
    for (int32_t f = 0; f < p->n_fields; f++)
      {
        const eqk_real factor = draw (&random, p->p);

        for (int32_t c = p->first[f]; c < p->first[f + 1]; c++)
          mask[c] = factor;
      }
}

static void
multiply (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *job = data;
  const size_t width = (size_t) job->p->n_channels;

  for (size_t sample = begin; sample < end; sample++)
    {
      size_t    first, last;
      eqk_real *mask;

      eqk_sample_rows (job->run, job->op->in[0], sample, &first, &last);
      mask = job->masks + (job->p->unit != EQK_DROP_FIELDS ? first : sample) * width;
      if (job->draw)
        draw_mask (job, sample, mask, last - first);
      for (size_t r = first; r < last; r++)
        {
          const eqk_real *row = job->from + r * width, *m = job->p->unit != EQK_DROP_FIELDS ? job->masks + r * width : mask;
          eqk_real       *out = job->to + r * width;

#pragma GCC ivdep
          for (size_t c = 0; c < width; c++)
            out[c] = m[c] * row[c];
        }
    }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .run = run, .op = op, .p = op->params, .from = EQK_X (run, op->in[0]), .to = EQK_X (run, op->out[0]), .draw = true };

  job.masks = run->saved[op->index];
  if (run->mode == EQK_PASS_TRAIN)
    eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, multiply, &job);
  else if (job.to != job.from)
    memcpy (job.to, job.from, eqk_value_count (run->program, op->out[0], &run->sizes) * sizeof *job.to);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .run = run, .op = op, .p = op->params, .from = EQK_GOUT (run, op, 0), .to = EQK_GIN (run, op, 0) };

  job.masks = run->saved[op->index];
  if (job.to != NULL && run->mode == EQK_PASS_TRAIN)
    eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, multiply, &job);
  else if (job.to != NULL && job.to != job.from)
    memcpy (job.to, job.from, eqk_value_count (run->program, op->in[0], &run->sizes) * sizeof *job.to);
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "copy_values"))
    {
      eqk_emit (e, "static void\ncopy_values (const float *x, float *y, size_t n)\n{\n  if (x == y)\n    return;\n"
                   "  for (size_t i = 0; i < n; i++)\n    y[i] = x[i];\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  copy_values (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %s * %d);\n", eqk_emit_value (e, op->out[0]), eqk_emit_rows (e, op->out[0]), ((const EqkDropoutParams *) op->params)->n_channels);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_dropout) = {
  .id = "dropout", .smooth = EQK_SMOOTH, .flags = EQK_INPLACE | EQK_INPLACE_REVERSE | EQK_RANDOMISED,
  .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

/* Largest value of every channel over the places of a sample; the first place on ties is saved for the reverse pass. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <string.h>

typedef struct
{
  const EqkGlobalPoolParams *p;
  const eqk_real            *x;
  eqk_real                  *y;
  int32_t                   *saved;
} Job;

static void
max_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t places = (size_t) j->p->places, channels = (size_t) j->p->channels;

  for (size_t s = begin; s < end; s++)
    {
      eqk_real *best = j->y + s * channels;
      int32_t  *which = j->saved == NULL ? NULL : j->saved + s * channels;

      memcpy (best, j->x + s * places * channels, channels * sizeof *best);
      if (which != NULL)
        memset (which, 0, channels * sizeof *which);
      for (size_t i = 1; i < places; i++)
        for (size_t c = 0; c < channels; c++)
          if (j->x[(s * places + i) * channels + c] > best[c])
            {
              best[c] = j->x[(s * places + i) * channels + c];
              if (which != NULL)
                which[c] = (int32_t) i;
            }
    }
}

static void
reverse_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t places = (size_t) j->p->places, channels = (size_t) j->p->channels;

  memset (j->y + begin * places * channels, 0, (end - begin) * places * channels * sizeof *j->y);
  for (size_t s = begin; s < end; s++)
    for (size_t c = 0; c < channels; c++)
      j->y[(s * places + (size_t) j->saved[s * channels + c]) * channels + c] = j->x[s * channels + c];
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { op->params, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]), run->saved[op->index] };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 1, max_samples, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { op->params, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0), run->saved[op->index] };

  if (job.y != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 1, reverse_samples, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->in[0], sizes);
  plan->saved = plan->train ? eqk_value_count (program, op->out[0], sizes) * sizeof (int32_t) : 0;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkGlobalPoolParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "global_max"))
    {
      eqk_emit (e, "static void\nglobal_max (const float *x, float *y, size_t places, size_t channels)\n{\n  for (size_t c = 0; c < channels; c++)\n    {\n"
                   "      y[c] = x[c];\n      for (size_t i = 1; i < places; i++)\n        y[c] = x[i * channels + c] > y[c] ? x[i * channels + c] : y[c];\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  global_max (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_value (e, op->out[0]), p->places, p->channels);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_global_max) = {
  .id = "global_max", .smooth = EQK_SMOOTH_C0, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

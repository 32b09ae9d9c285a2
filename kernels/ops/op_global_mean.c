/* Mean of every channel over the places of a sample, added up in double. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <string.h>

enum { BLOCK = 64 };

typedef struct
{
  const EqkGlobalPoolParams *p;
  const eqk_real            *x;
  eqk_real                  *y;
} Job;

static void
mean_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t places = (size_t) j->p->places, channels = (size_t) j->p->channels;

  for (size_t s = begin; s < end; s++)
    for (size_t c0 = 0; c0 < channels; c0 += BLOCK)
      {
        const size_t n = c0 + BLOCK <= channels ? BLOCK : channels - c0;
        double       sum[BLOCK] = { 0 };

        for (size_t i = 0; i < places; i++)
          for (size_t c = 0; c < n; c++)
            sum[c] += (double) j->x[(s * places + i) * channels + c0 + c];
        for (size_t c = 0; c < n; c++)
          j->y[s * channels + c0 + c] = (eqk_real) (sum[c] / (double) places);
      }
}

static void
spread_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job     *j = data;
  const size_t   places = (size_t) j->p->places, channels = (size_t) j->p->channels;
  const eqk_real part = 1 / (eqk_real) j->p->places;

  for (size_t s = begin; s < end; s++)
    for (size_t i = 0; i < places; i++)
      for (size_t c = 0; c < channels; c++)
        j->y[(s * places + i) * channels + c] = part * j->x[s * channels + c];
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  Job job = { op->params, x, y };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 1, mean_samples, &job);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  Job job = { op->params, gy, gx };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 1, spread_samples, &job);
}

#include "ops/linear_passes.h"

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->in[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkGlobalPoolParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "global_mean"))
    {
      eqk_emit (e, "static void\nglobal_mean (const float *x, float *y, size_t places, size_t channels)\n{\n  for (size_t c = 0; c < channels; c++)\n    {\n"
                   "      double sum = 0.0;\n\n      for (size_t i = 0; i < places; i++)\n        sum += (double) x[i * channels + c];\n"
                   "      y[c] = (float) (sum / (double) places);\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  global_mean (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_value (e, op->out[0]), p->places, p->channels);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_global_mean) = {
  .id = "global_mean", .smooth = EQK_SMOOTH,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

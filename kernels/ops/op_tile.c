/* The same rows again and again: a constant picture for every sample, a learned row for every node. in: numbers [places, channels]; out: y [n, places, channels]. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <string.h>

typedef struct
{
  const EqkGlobalPoolParams *p;
  const eqk_real            *x;
  eqk_real                  *y;
} Job;

static void
copy_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n = (size_t) j->p->places * (size_t) j->p->channels;

  for (size_t s = begin; s < end; s++)
    memcpy (j->y + s * n, j->x, n * sizeof *j->y);
}

static size_t
samples (const EqkRun *run, const EqkOp *op)
{
  const EqkGlobalPoolParams *p = op->params;

  return eqk_run_rows (run, op->out[0]) / (size_t) p->places;
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  Job job = { op->params, x, y };

  if (x == NULL)
    memset (y, 0, eqk_value_count (run->program, op->out[0], &run->sizes) * sizeof *y);
  else
    eqk_run_range (run->pool, samples (run, op), 1, copy_samples, &job);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  const EqkGlobalPoolParams *p = op->params;
  const size_t               n = (size_t) p->places * (size_t) p->channels;

  memset (gx, 0, n * sizeof *gx);
  for (size_t s = 0; s < samples (run, op); s++)
    for (size_t i = 0; i < n; i++)
      gx[i] += gy[s * n + i];
}

#include "ops/linear_passes.h"

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkGlobalPoolParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "tile"))
    {
      eqk_emit (e, "static void\ntile (const float *x, float *y, size_t times, size_t n)\n{\n  for (size_t i = 0; i < times; i++)\n    memcpy (y + i * n, x, n * sizeof *y);\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  tile (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s / %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->places, p->places * p->channels);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_tile) = {
  .id = "tile", .smooth = EQK_SMOOTH,
  .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

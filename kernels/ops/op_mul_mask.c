/* One constant number a place times all channels there. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct
{
  const EqkMaskParams *p;
  const eqk_real      *x;
  eqk_real            *y;
} Job;

static void
mask_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t channels = (size_t) j->p->channels;

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real m = (eqk_real) j->p->mask[r % (size_t) j->p->places];

      for (size_t c = 0; c < channels; c++)
        j->y[r * channels + c] = m * j->x[r * channels + c];
    }
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  Job job = { op->params, x, y };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, mask_rows, &job);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  apply (run, op, gy, gx);
}

#include "ops/linear_passes.h"

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkMaskParams *p = op->params;
  float               *mask = malloc ((size_t) p->places * sizeof *mask);
  char                 name[48];
  const char          *table;

  if (mask == NULL)
    return EQK_ERR_NO_MEMORY;
  if (eqk_emit_begin (e, "mul_mask"))
    {
      eqk_emit (e, "static void\nmul_mask (const float *x, const float *mask, float *y, size_t places, size_t channels)\n{\n"
                   "  for (size_t i = 0; i < places; i++)\n    for (size_t c = 0; c < channels; c++)\n      y[i * channels + c] = mask[i] * x[i * channels + c];\n}\n\n");
      eqk_emit_end (e);
    }
  for (int i = 0; i < p->places; i++)
    mask[i] = (float) p->mask[i];
  snprintf (name, sizeof name, "mask_%d", op->index);
  table = eqk_emit_table (e, name, mask, (size_t) p->places);
  eqk_emit (e, "  mul_mask (%s, %s, ", eqk_emit_reverse (e) ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]), table);
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_reverse (e) ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]), p->places, p->channels);
  free (mask);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_mul_mask) = {
  .id = "mul_mask", .smooth = EQK_SMOOTH, .flags = EQK_INPLACE | EQK_INPLACE_REVERSE,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};
